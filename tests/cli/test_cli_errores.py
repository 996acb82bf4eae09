"""pmc-soap errores, and the page that it writes."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from pmc_soap.cli import cli
from pmc_soap.files.catalogo import DISENOS
from pmc_soap.soap.codigos import CODIGOS
from pmc_soap.soap.fallas import Causa
from pmc_soap.soap.limites import LIMITES

PAGE = Path(__file__).parents[2] / "docs" / "errores.md"


def run(*args):
    return CliRunner().invoke(cli, ["errores", *args])


@pytest.mark.parametrize("args", [["list"], ["list", "--markdown"]])
def test_the_list_tells_every_error_every_code_and_every_limit(args):
    told = run(*args)
    assert told.exit_code == 0
    for falla in (causa.value for causa in Causa):
        assert falla.codigo in told.stdout
        assert falla.texto in told.stdout
    assert [row for row in CODIGOS.values() if row.descripcion not in told.stdout] == []
    assert [
        limite for limite in LIMITES if limite.que.replace("<", "&lt;" if args[1:] else "<") not in told.stdout
    ] == []


@pytest.mark.parametrize("falla", [causa.value for causa in Causa], ids=lambda falla: falla.codigo)
def test_an_error_is_explained_with_what_to_do_and_an_example(falla):
    told = run("show", falla.codigo.lower())
    assert told.exit_code == 0
    assert told.stdout.startswith(f"{falla.codigo}: {falla.texto}\n\nQué hacer: {falla.que_hacer}\n")
    assert told.stdout.endswith("</soap:Envelope>\n")


def test_a_result_code_is_explained_too():
    told = run("show", "24")
    assert (told.exit_code, told.stdout.splitlines()[0]) == (0, "24: Misma transacción con datos distintos")
    assert "Qué hacer: No repetirlo" in told.stdout


@pytest.mark.parametrize("codigo", [codigo for diseno in DISENOS.values() for codigo, _, _ in diseno.problemas()])
def test_what_a_file_has_wrong_is_explained_too(codigo):
    told = run("show", codigo.lower())
    assert told.exit_code == 0
    assert told.stdout.startswith(f"{codigo}: ")
    assert "Qué hacer: " in told.stdout


def test_an_unknown_code_is_told_and_ends_with_2():
    told = run("show", "PMC-1999")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "«PMC-1999» no es un error" in told.stderr


def test_the_page_says_what_the_command_says():
    head, _, _ = (page := PAGE.read_text(encoding="utf-8")).partition("## Los errores\n")
    assert page == head + run("list", "--markdown").stdout, "corré: pmc-soap errores list --markdown"
