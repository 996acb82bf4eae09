"""pmc-soap facturas search, add and withdraw, as a person runs them."""

import json
import shutil

import pytest
from click.testing import CliRunner
from fakes import bases

from pmc_soap.cli import cli

WHY = ["--motivo", "lo pidió el cliente", "--operador", "ana"]
DUE = ["--vence", "2030-03-31:1500.50"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request, tmp_path):
    if request.param == "sqlite":
        return bases.sqlite_url(shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "ledger.db"))
    url = request.getfixturevalue("postgres_url")
    bases.empty(url)
    return url


@pytest.fixture
def run(tmp_path, url):
    config = tmp_path / "pmc-soap.toml"
    config.write_text(
        f'mode = "homologacion"\ndb = "{url}"\n[empresas.1234]\nnombre = "Club"\nservicios = ["AVISO"]\n'
        'codigos = [{ codigo = "4321" }]\n',
        encoding="utf-8",
    )

    def run(*args):
        return CliRunner().invoke(cli, ["--config", str(config), "facturas", *args])

    run.config = config
    return run


def found(run, *args):
    return json.loads(run("search", *args, "--json").stdout)["facturas"]


def test_a_factura_is_added_by_hand_and_found_and_who_did_it_stays_written(run, url):
    due = [*DUE, "--vence", "2030-04-10:1600"]
    result = run("add", "00042", "F-1", *due, "--pantalla", "CUOTA", "--nombre", "Ana Peña", *WHY)
    assert (result.exit_code, "ya se puede pagar" in result.stderr) == (0, True), result.stderr
    [factura] = found(run, "--cliente", "00042")
    assert (factura["codigo_empresa"], factura["estado"], factura["nombre_cliente"]) == (
        "1234",
        "PENDIENTE",
        "Ana Peña",
    )
    assert factura["vencimientos"] == [
        {"fecha": "2030-03-31", "importe": "1500.50"},
        {"fecha": "2030-04-10", "importe": "1600.00"},
    ]
    [acta] = bases.rows(url, "auditoria")
    assert (acta["operador"], acta["accion"], acta["motivo"]) == ("ana", "ALTA_FACTURA", "lo pidió el cliente")
    assert acta["codigo_empresa"] == "1234"
    assert json.loads(acta["despues"])["vencimientos"] == [["2030-03-31", 150050], ["2030-04-10", 160000]]


def test_the_same_again_changes_nothing_and_another_content_is_refused(run, url):
    run("add", "1", "F-1", *DUE, *WHY)
    again, other = run("add", "1", "F-1", *DUE, *WHY), run("add", "1", "F-1", "--vence", "2030-03-31:1", *WHY)
    assert (again.exit_code, "Ya estaba así" in again.stderr) == (0, True)
    assert (other.exit_code, "ya existe con otros datos" in other.stderr) == (1, True)
    assert len(bases.rows(url, "auditoria")) == 1


def test_a_factura_is_withdrawn_if_somebody_means_it(run, url):
    run("add", "1", "F-1", *DUE, *WHY)
    asked = run("withdraw", "1", "F-1", *WHY)
    assert (asked.exit_code, "agregá --yes" in asked.stderr) == (1, True)
    done = run("withdraw", "1", "F-1", "--baja", "ANULADA", "--yes", *WHY)
    assert (done.exit_code, "ya no se puede pagar" in done.stderr) == (0, True)
    assert "Ya estaba así" in run("withdraw", "1", "F-1", "--yes", *WHY).stderr
    assert [factura["estado"] for factura in found(run, "--factura", "F-1")] == ["BAJA"]
    assert [acta["accion"] for acta in bases.rows(url, "auditoria")] == ["ALTA_FACTURA", "BAJA_FACTURA"]
    assert json.loads(bases.rows(url, "auditoria")[1]["despues"])["baja"] == "ANULADA"


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["add", "1", "F-1", "--vence", "mañana", *WHY], 2, "se escribe AAAA-MM-DD:IMPORTE"),
        (["add", "1", "F-1", "--vence", "2030-03-31:0", *WHY], 1, "el importe mayor que cero"),
        (["add", "1", "F-1", *DUE, *DUE, *DUE, *DUE, *WHY], 1, "de 1 a 3"),
        (["add", "1" * 20, "F-1", *DUE, *WHY], 2, "hasta 19 caracteres"),
        (["add", "1", "F-1", *DUE, "--pantalla", "x" * 16, *WHY], 1, "el dato «MensajePantalla» no vale"),
        (["add", "1", "F-1", *DUE], 2, "--motivo"),
        (["withdraw", "1", "F-1", "--yes", *WHY], 1, "no hay ninguna factura con ese cliente"),
        (["search"], 2, "Decí qué buscar"),
        (["search", "--cliente", "1", "--empresa", "9999"], 2, "no está en la configuración"),
    ],
)
def test_what_cannot_be_done_is_told_why_and_changes_nothing(run, url, args, code, told):
    result = run(*args)
    assert (result.exit_code, told in result.stderr) == (code, True), result.stderr
    assert bases.rows(url, "factura") == bases.rows(url, "auditoria") == []


def test_what_is_found_is_shown_the_newest_first_and_no_more_than_asked(run):
    for n in range(3):
        run("add", "1", f"F-{n}", *DUE, "--pantalla", f"CUOTA {n}", *WHY)
    result = run("search", "--cliente", "1", "--limit", "2")
    assert (result.exit_code, "Hay más" in result.stderr) == (0, True)
    assert result.stdout.index("CUOTA 2") < result.stdout.index("CUOTA 1")
    assert "$ 1.500,50" in result.stdout
    assert "No hay ninguna factura así" in run("search", "--factura", "no").stdout


def test_an_id_alone_finds_a_factura_whichever_of_its_ids_it_is(run):
    run("add", "77", "F-1", *DUE, "--barras", "12345", *WHY)
    run("add", "78", "77", *DUE, *WHY)
    assert [row["id_factura"] for row in found(run, "77")] == ["F-1", "77"]
    assert [row["id_factura"] for row in found(run, "12345")] == ["F-1"]
    assert run("search", "77", "--cliente", "77").exit_code == 2
