"""pmc-soap facturas load, over a real SQLite ledger."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmc_soap.cli import cli
from pmc_soap.operations.ports import Unavailable
from pmc_soap.storage import schema
from pmc_soap.storage.libro_cargas import SqlLibroDeCargas

ARCHIVOS = Path(__file__).parents[2] / "fixtures" / "archivos"
REFERENCE = ARCHIVOS / "FAC1234.100325"
BROKEN = ARCHIVOS / "moneda_dolares" / "FAC1234.100325"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    url = f"sqlite:///{tmp_path}/ledger.db"
    schema.migrate(url)
    config = tmp_path / "pmc-soap.toml"
    config.write_text(
        f'mode = "homologacion"\ndb = "{url}"\n[empresas.1234]\nnombre = "Club Ejemplo"\n', encoding="utf-8"
    )

    def run(*args):
        return CliRunner().invoke(cli, ["--config", str(config), "facturas", "load", *map(str, args)])

    return run


def as_json(result):
    return json.loads(result.stdout)


def test_a_good_file_is_loaded_and_told_in_spanish(run):
    result = run(REFERENCE)
    assert result.exit_code == 0
    assert "$ 12.845,50" in result.stdout
    assert "Listo" in result.stderr


def test_the_same_file_again_is_nothing_and_says_which_carga_it_was(run):
    run(REFERENCE)
    again = run(REFERENCE)
    assert (again.exit_code, "la carga 1, «FAC1234.100325»" in again.stderr) == (0, True), again.stderr
    document = as_json(run(REFERENCE, "--json"))
    assert (document["guardado"], document["previa"]["id"], document["previa"]["nuevas"]) == (False, 1, 2)


def test_the_same_file_again_with_again_is_all_equal(run):
    run(REFERENCE)
    document = as_json(run(REFERENCE, "--again", "--json"))
    assert (document["nuevas"], document["iguales"], document["guardado"]) == (0, 2, True)


def test_a_dry_run_saves_nothing(run):
    assert as_json(run(REFERENCE, "--dry-run", "--json"))["guardado"] is False
    assert as_json(run(REFERENCE, "--json"))["nuevas"] == 2


def test_a_bad_line_is_told_with_its_place_and_its_cure_and_nothing_is_saved(run):
    result = run(BROKEN)
    assert result.exit_code == 1
    for told in ("FAC-213", "Código Moneda", "41", "Pasá la factura a pesos."):
        assert told in result.stdout
    assert "No se guardó nada" in result.stderr
    assert as_json(run(REFERENCE, "--json"))["nuevas"] == 2


def test_the_good_lines_are_loaded_with_partial_and_the_exit_still_says_problems(run):
    result = run(BROKEN, "--partial", "--json")
    document = as_json(result)
    assert (result.exit_code, document["nuevas"], document["rechazadas"]) == (1, 1, 1)
    assert [(p["linea"], p["columna"], p["codigo"]) for p in document["problemas"]] == [(3, 41, "FAC-213")]


def test_rejects_opens_in_a_spreadsheet_and_runs_no_formula(run, tmp_path):
    content = REFERENCE.read_bytes().replace(b"00001300000", b"=SUMA(A1:9)")
    (tmp_path / "FAC1234.100325").write_bytes(content)
    rejects = tmp_path / "rechazos.csv"
    assert run(tmp_path / "FAC1234.100325", "--rejects", rejects).exit_code == 1
    assert rejects.read_bytes().startswith(b"\xef\xbb\xbf")
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file, delimiter=";")
    assert (row["linea"], row["columna"], row["codigo"], row["valor"]) == ("2", "69", "FAC-215", "'=SUMA(A1:9)")


def test_more_problems_than_fit_a_screen_are_counted(run, tmp_path):
    header, line, _, trailer = REFERENCE.read_text().splitlines()
    path = tmp_path / "FAC1234.100325"
    path.write_text("\n".join([header, *[line[:200]] * 60, trailer]))
    result = run(path)
    assert result.stdout.count("FAC-201") == 50
    assert "y 12 problemas más" in result.stderr


@pytest.mark.parametrize(
    ("case", "options", "codigo"),
    [
        ("nombre_invalido/deuda_marzo.txt", ["--any-name"], None),
        ("nombre_invalido/deuda_marzo.txt", [], "FAC-101"),
        ("FAC1234.100325", ["--empresa", "9999"], "FAC-107"),
        ("variantes_mezcladas/FAC1234.100325", ["--partial"], "FAC-119"),
    ],
)
def test_the_name_the_empresa_and_the_variant_are_checked(run, case, options, codigo):
    document = as_json(run(ARCHIVOS / case, "--json", *options))
    assert [p["codigo"] for p in document["problemas"]] == ([codigo] if codigo else [])
    assert document["guardado"] is (codigo is None)


def test_a_file_that_is_not_there_is_a_wrong_usage(run, tmp_path):
    result = run(tmp_path / "FAC1234.100325")
    assert result.exit_code == 2
    assert "No existe el archivo" in result.stderr


def test_rejects_in_a_folder_that_is_not_there_is_a_wrong_usage(run, tmp_path):
    result = run(REFERENCE, "--rejects", tmp_path / "nada" / "r.csv")
    assert result.exit_code == 2
    assert "No se puede escribir" in result.stderr


def test_a_database_that_stops_answering_ends_the_load_with_advice(run, monkeypatch):
    def write(*_):
        raise Unavailable("la base de datos no responde")

    monkeypatch.setattr(SqlLibroDeCargas, "write", write)
    result = run(REFERENCE)
    assert result.exit_code == 4
    assert "Cargá el archivo otra vez" in result.stderr
