"""pmc-soap facturas load of whatever an empresa has its debt in, over both databases."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from fakes import bases

from pmc_soap.cli import cli

FIXTURES = Path(__file__).parents[2] / "fixtures"
FAC = "archivos/FAC1234.100325"
CUOTA = ("20055361682", "FC-0001-00000042", "2025-03-15", 12_345_50)
INTERNET = ("0000000000000000123", "000000000000000777", "2025-03-20", 500_00)
CLUB = '[empresas.1234]\nnombre = "Club Ejemplo"\n'
SOCIOS = """
[empresas.1234.planilla]
columnas = { id_cliente = "Nro. de socio", id_factura = "Comprobante", vencimiento = "Vence", importe = "Total" }
decimal = "PUNTO"
formatos_fecha = ["%d/%m/%y"]
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request, tmp_path):
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        return bases.sqlite_url(Path(shutil.copy(template, tmp_path / "ledger.db")))
    found = request.getfixturevalue("postgres_url")
    bases.empty(found)
    return found


@pytest.fixture
def load(url, tmp_path):
    def load(*args, said=CLUB):
        config = tmp_path / "pmc-soap.toml"
        config.write_text(f'mode = "homologacion"\ndb = "{url}"\n{said}', encoding="utf-8")
        result = CliRunner().invoke(cli, ["--config", str(config), "facturas", "load", *map(str, args), "--json"])
        return json.loads(result.stdout), result.exit_code

    return load


def kept(url):
    """Give what the database holds of each factura."""
    rows = bases.rows(url, "factura")
    return {
        (row["id_cliente"], row["id_factura"], str(row["vto1_fecha"]), row["vto1_importe_centavos"]) for row in rows
    }


@pytest.mark.parametrize(
    "path",
    [
        "planillas/deuda.csv",
        "planillas/bien_windows_1252/deuda.csv",
        "planillas/bien_comas/deuda.csv",
        "planillas/bien_excel/deuda.xlsx",
        "archivos/FAC1234.100325",
        "archivos/bien_ancha/FAC1234.100325",
    ],
)
def test_the_same_debt_becomes_the_same_base_whatever_it_is_kept_in(load, url, path):
    document, code = load(FIXTURES / path)
    assert (code, document["nuevas"], document["importe_total"]) == (0, 2, "12845.50"), document
    assert kept(url) == {CUOTA, INTERNET}


def test_who_owes_is_kept_with_the_debt(load, url):
    load(FIXTURES / "planillas" / "bien_windows_1252" / "deuda.csv")
    assert {(row["id_cliente"], row["nombre"]) for row in bases.rows(url, "cliente")} >= {(CUOTA[0], "PEÑA ANA")}


def test_a_file_that_is_called_what_it_is_not_is_loaded_for_what_it_is(load, url, tmp_path):
    calls = [("planillas/deuda.csv", "deuda"), ("planillas/bien_excel/deuda.xlsx", "deuda.csv"), (FAC, "deuda.txt")]
    for number, (path, name) in enumerate(calls):
        copy = shutil.copy(FIXTURES / path, tmp_path / name)
        document, code = load(copy, "--any-name")
        assert (code, document["nuevas"]) == (0, 0 if number else 2), document
    assert kept(url) == {CUOTA, INTERNET}


def test_an_empresa_loads_the_planilla_that_its_own_system_makes(load, url, tmp_path):
    path = tmp_path / "socios.csv"
    path.write_text('Sucursal,Nro. de socio,Comprobante,Vence,Total\nCentro,007,A-1,15/03/30,"1,500.50"\n', "utf-8")
    document, code = load(path, said=CLUB + SOCIOS)
    assert (code, document["problemas"]) == (0, [])
    assert kept(url) == {("007", "A-1", "2030-03-15", 1_500_50)}


def test_where_there_are_several_empresas_a_planilla_has_to_be_said_whose_it_is(load, url):
    several = CLUB + '[empresas.5678]\nnombre = "Otro Club"\n'
    document, code = load(FIXTURES / "planillas" / "deuda.csv", said=several)
    assert (code, [p["codigo"] for p in document["problemas"]], kept(url)) == (1, ["PLA-131"], set())
    document, code = load(FIXTURES / "planillas" / "deuda.csv", "--empresa", "5678", said=several)
    assert (code, document["codigo_empresa"], len(kept(url))) == (0, "5678", 2)


def test_the_empresas_own_columns_are_those_of_the_empresa_that_was_named(load, url, tmp_path):
    path = tmp_path / "socios.csv"
    path.write_text("Nro. de socio;Comprobante;Vence;Total\n007;A-1;15/03/30;1500.50\n", "utf-8")
    several = CLUB + SOCIOS + '[empresas.5678]\nnombre = "Otro Club"\n'
    assert load(path, "--empresa", "5678", said=several)[0]["problemas"][0]["codigo"] == "PLA-103"
    assert load(path, "--empresa", "1234", said=several)[1] == 0
    assert len(kept(url)) == 1


def test_an_empresa_that_is_not_configured_is_told(load, url):
    document, code = load(FIXTURES / "planillas" / "deuda.csv", "--empresa", "9999")
    assert (code, [p["codigo"] for p in document["problemas"]], kept(url)) == (1, ["PLA-108"], set())


def test_the_good_rows_are_loaded_with_partial_and_the_bad_are_told(load, url):
    document, code = load(FIXTURES / "planillas" / "importe_dudoso" / "deuda.csv", "--partial")
    told = [(p["linea"], p["columna"], p["campo"], p["valor"], p["codigo"]) for p in document["problemas"]]
    assert (code, told) == (1, [(2, 6, "importe_2", "13.000", "PLA-231")])
    assert kept(url) == {INTERNET}


@pytest.mark.parametrize("case", ["columna_parecida", "comillas", "falta_columna", "excel_ilegible", "excel_grande"])
def test_a_file_that_is_wrong_as_a_whole_is_never_written_in_part(load, url, case):
    (path,) = (FIXTURES / "planillas" / case).iterdir()
    document, code = load(path, "--partial")
    assert (code, document["guardado"], kept(url)) == (1, False, set())


def test_a_repeated_row_and_a_rule_of_facturas_are_told_by_their_column(load, url):
    document, _ = load(FIXTURES / "planillas" / "factura_repetida" / "deuda.csv", "--dry-run")
    (told,) = document["problemas"]
    assert (told["codigo"], told["linea"], "fila 2" in told["que_pasa"]) == ("PLA-223", 4, True)
    document, _ = load(FIXTURES / "planillas" / "rango_invalido" / "deuda.csv", "--dry-run")
    assert [p["codigo"] for p in document["problemas"]] == ["PLA-237", "PLA-237"]
    assert kept(url) == set()
