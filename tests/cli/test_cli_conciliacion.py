"""What finance types about the COBs, and what it reads."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmc_soap import wiring
from pmc_soap.cli import cli
from pmc_soap.config import load
from pmc_soap.domain.aviso import AvisoPago
from pmc_soap.domain.cobro import Cobro
from pmc_soap.files.cob.escritura import nombre, write
from pmc_soap.storage import schema

COB = Path(__file__).parents[2] / "fixtures" / "cob"
REFERENCE = COB / "COB1234.180325"
DIA = date(2025, 3, 18)
BY_ANA = ("--motivo", "lo aclaró PMC", "--operador", "ana")


@pytest.fixture
def config(tmp_path):
    url = f"sqlite:///{tmp_path}/ledger.db"
    schema.migrate(url)
    path = tmp_path / "pmc-soap.toml"
    club = '[empresas.1234]\nnombre = "Club Ejemplo"\ncon_base = false\n'
    path.write_text(f'mode = "homologacion"\ndb = "{url}"\n{club}', encoding="utf-8")
    return path


@pytest.fixture
def run(config):
    def run(*args, expected=0, typed=None):
        done = CliRunner().invoke(cli, ["--config", str(config), "conciliacion", *map(str, args)], input=typed)
        assert done.exit_code == expected, done.output
        return done

    return run


@pytest.fixture
def doubled(tmp_path):
    """A file with a line that repeats another, word for word."""
    cobro = Cobro(
        id_cliente="77",
        fecha_aplicacion=date(2025, 3, 14),
        fecha_acreditacion=DIA,
        importe_centavos=1_500_50,
        codigo_movimiento=1,
        canal="PC",
    )
    path = tmp_path / nombre("1234", DIA)
    path.write_bytes(b"".join(write("1234", DIA, [cobro, cobro])))
    return path


def document(done):
    return json.loads(done.stdout)


def avisar(config):
    """Let the network tell of the first payment of the reference."""
    with wiring.build(load(config, {})) as house:
        house.avisos.accept(
            AvisoPago(
                codigo_empresa="1234",
                id_mensaje="M1",
                id_transaccion="T1",
                fecha_hora_mensaje_utc=datetime(2025, 3, 14, 13, 0, tzinfo=UTC),
                id_cliente="20055361682",
                id_factura="FC-0001-00000042",
                moneda="ARS",
                importe_centavos=12_345_50,
                canal="PC",
                nro_control="A1B2",
            )
        )


def test_a_file_is_conciliated_and_told_in_spanish(run, config):
    avisar(config)
    done = run("run", REFERENCE)
    assert "Listo: el archivo quedó conciliado." in done.stderr
    assert "motivo=" not in done.output
    assert "el COB y el aviso dicen lo mismo" in done.stdout
    assert "nadie lo avisó: el pago se tomó del COB" in done.stdout
    assert "$ 12.855,50" in done.stdout
    assert "ya estaba conciliado: no cambió nada" in run("run", REFERENCE).stderr


def test_the_document_of_a_run_adds_up(run, config):
    avisar(config)
    [told] = document(run("run", REFERENCE, "--json"))
    assert told == {
        "archivo": "COB1234.180325",
        "codigo_empresa": "1234",
        "fecha": "2025-03-18",
        "resultado": "HECHA",
        "motivo": None,
        "lineas": 3,
        "total": "12855.50",
        "cuadro": {
            "CONCILIADO": {"cantidad": 1, "importe": "12345.50"},
            "SOLO_EN_COB": {"cantidad": 2, "importe": "510.00"},
        },
        "total_problemas": 0,
        "problemas": [],
    }


def test_a_dry_run_saves_nothing(run):
    assert document(run("run", REFERENCE, "--dry-run", "--json"))[0]["resultado"] == "PRUEBA"
    assert "Fue un ensayo" in run("run", REFERENCE, "--dry-run").stderr
    assert document(run("run", REFERENCE, "--json"))[0]["resultado"] == "HECHA"


def test_a_file_with_a_fault_of_the_whole_is_told_with_its_cure_and_not_used(run):
    done = run("run", COB / "total_no_coincide" / "COB1234.180325", expected=1)
    assert "COB-114" in done.stdout
    assert "No se hizo nada" in done.stderr
    assert document(run("report", "--mes", "2025-03", "--json")) == {"dias": []}


def test_a_corrected_file_needs_replace(run, tmp_path):
    run("run", REFERENCE)
    other = tmp_path / "COB1234.180325"
    other.write_bytes(b"".join(write("1234", DIA, [])))
    assert "--replace" in run("run", other, expected=1).stderr
    assert document(run("run", other, "--replace", "--json"))[0]["cuadro"] == {}


def test_a_name_that_says_nothing_is_accepted_only_when_it_is_said(run, tmp_path):
    other = shutil.copy(REFERENCE, tmp_path / "cobros.txt")
    run("run", other, expected=1)
    run("run", other, "--any-name")


def test_a_file_of_another_empresa_than_was_asked_for_is_refused(run):
    assert "COB-107" in run("run", REFERENCE, "--empresa", "9999", expected=1).stdout


def test_a_file_that_is_not_there_is_a_mistake_of_the_command(run, tmp_path):
    assert "No existe el archivo" in run("run", tmp_path / "COB1234.010125", expected=2).output
    assert "es una carpeta" in run("run", tmp_path, expected=2).output


def test_what_waits_for_a_person_is_listed_with_what_to_do_and_resolved(run, doubled):
    assert "esperan a una persona" in run("run", doubled, expected=1).stderr
    told = run("report", "--pendientes", "--dia", "2025-03-18")
    assert "DUPLICADO_EN_COB" in told.stdout
    assert "si son dos pagos, resolvela con --pago" in told.stdout
    [day] = document(run("report", "--dia", "2025-03-18", "--pendientes", "--json"))["dias"]
    [linea] = day["lineas"]
    assert (linea["desenlace"], linea["importe"], linea["resuelta"]) == ("DUPLICADO_EN_COB", "1500.50", False)
    assert "elegí" in run("resolve", linea["id"], *BY_ANA, expected=2).output.lower()
    assert "APLICADO" in run("resolve", linea["id"], "--pago", *BY_ANA).stdout
    assert "no espera a una persona" in run("resolve", linea["id"], "--descartar", *BY_ANA, expected=1).output
    assert "No hay nada que espere" in run("report", "--dia", "2025-03-18", "--pendientes").stdout


def test_a_day_with_something_left_is_closed_only_if_it_is_meant(run, doubled):
    run("run", doubled, expected=1)
    assert "esperan a una persona" in run("close", "2025-03-18", *BY_ANA, typed="n\n", expected=1).output
    assert "quedó cerrado" in run("close", "2025-03-18", *BY_ANA, "--yes").stdout
    assert document(run("report", "--dia", "2025-03-18", "--json"))["dias"][0]["cerrado"] is True
    assert "está cerrado" in run("run", REFERENCE, "--replace", expected=1).output
    assert "está abierto otra vez" in run("close", "2025-03-18", "--reopen", *BY_ANA).stdout
    assert document(run("report", "--dia", "2025-03-18", "--json"))["dias"][0]["cerrado"] is False


def test_a_day_without_a_file_cannot_be_closed(run):
    assert "no hay ningún COB" in run("close", "2025-03-18", *BY_ANA, expected=1).output


def test_the_report_of_a_month_has_its_five_heaps(run, config):
    avisar(config)
    run("run", REFERENCE)
    told = run("report", "--mes", "2025-03")
    for heap in ("Conciliado", "Solo en el COB", "Solo en avisos", "Diferencias", "Líneas inválidas"):
        assert heap in told.stdout
    assert "1: $ 12.345,50" in told.stdout
    [day] = [day for day in document(run("report", "--mes", "2025-03", "--json"))["dias"] if day["archivos"]]
    assert day["baldes"]["SOLO_EN_COB"] == {"cantidad": 2, "importe": "510.00"}
    assert day["total"] == {"cantidad": 3, "importe": "12855.50"}


@pytest.mark.parametrize(
    "args", [("--dia", "18/03/2025"), ("--mes", "marzo"), ("--dia", "2025-03-18", "--mes", "2025-03")]
)
def test_a_day_or_a_month_that_is_none_is_a_mistake_of_the_command(run, args):
    run("report", *args, expected=2)


def test_an_empresa_that_is_not_configured_is_told(run):
    assert "no existe la empresa" in run("report", "--empresa", "9999", expected=1).output


def test_a_file_that_is_no_cob_is_told(run, tmp_path):
    secret = tmp_path / "COB1234.180325"
    secret.write_bytes(b"x" * 10)
    assert "COB-103" in run("run", secret, expected=1).stdout
