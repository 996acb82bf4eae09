"""docs/formatos.md says what the tables say, and the command shows it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmc_soap.cli import cli
from pmc_soap.cli.formatos import markdown
from pmc_soap.files.catalogo import DISENOS, relleno

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "formatos.md"
CAMPOS = [
    pytest.param(campo, id=f"{diseno.nombre}-{nombre}-{campo.name}")
    for diseno in DISENOS.values()
    for nombre, registro in diseno.registros.items()
    for campo in registro.campos.values()
]


def run(*args):
    return CliRunner().invoke(cli, ["formatos", *args], env={"COLUMNS": "200"})


def test_the_page_says_what_the_tables_say():
    page = PAGE.read_text(encoding="utf-8")
    head, _, tail = page.partition("## FAC\n")
    assert page == head + "\n".join(markdown()) + "\n", "corré: pmc-soap formatos list --markdown"
    assert tail


@pytest.mark.parametrize("campo", CAMPOS)
def test_every_field_says_what_it_is_in_spanish_and_where_that_was_read(campo):
    assert campo.meaning
    assert campo.about[0].isupper() or campo.about[0].isdigit()
    assert not campo.about.endswith(".")
    assert "S" in campo.source
    assert relleno(campo)


@pytest.mark.parametrize("diseno", DISENOS.values(), ids=list(DISENOS))
def test_every_format_has_an_example_that_is_there(diseno):
    assert (ROOT / diseno.ejemplo).is_file()


def test_the_formats_are_listed():
    listed = run("list").stdout
    assert [line.split()[0] for line in listed.splitlines()] == list(DISENOS)


@pytest.mark.parametrize("asked", ["FAC", "fac-ancha", "cob", "Planilla"])
def test_a_format_is_shown_field_by_field(asked):
    shown = run("show", asked, "--errores")
    document = json.loads(run("show", asked, "--json").stdout)
    assert (shown.exit_code, document["formato"].casefold()) == (0, asked.casefold())
    names = [campo["meaning"] for campos in document["registros"].values() for campo in campos]
    names += list(document["columnas"])
    assert names
    for said in [*names, *(problema["codigo"] for problema in document["problemas"])]:
        assert said in shown.stdout


def test_the_wide_importe_is_shown_in_its_own_columns():
    document = json.loads(run("show", "FAC-ancha", "--json").stdout)
    (importe,) = (campo for campo in document["registros"]["Factura"] if campo["name"] == "importe_2")
    assert (importe["start"], importe["end"], importe["length"]) == (72, 85, 14)
    assert (
        "| 72–85 | 14 | N | ceros a la izquierda | Importe 2do Vto |" in run("show", "FAC-ancha", "--markdown").stdout
    )


def test_what_is_no_format_is_a_wrong_usage():
    result = run("show", "CBU")
    assert result.exit_code == 2
    assert "Hay: FAC, FAC-ancha, COB, planilla." in result.stderr
