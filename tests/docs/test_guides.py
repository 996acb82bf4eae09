"""Every page of the guides: its configurations are right, and its commands are there."""

import re
import shlex

import click
import guias
import pytest

from pmc_soap import config
from pmc_soap.cli import cli

ALONE = """
[empresas.1234]
nombre = "Club Ejemplo"

[empresas.1234.sistema]
tipo = "soap"
url = "https://erp.ejemplo.com.ar/pmc"
usuario = "pmc"
"""
PAGES = sorted(str(path.relative_to(guias.DOCS)) for path in guias.DOCS.rglob("*.md"))


def _tomls():
    return [
        pytest.param(found, id=f"{page}-{n}") for page in PAGES for n, found in enumerate(guias.blocks(page, "toml"))
    ]


@pytest.mark.parametrize("toml", _tomls())
def test_every_configuration_that_is_shown_is_right(toml, tmp_path, monkeypatch):
    monkeypatch.setenv("ERP_TOKEN", "un-token")
    if "[empresas." not in toml:  # what may be said of a system, alone, or another table
        toml = (ALONE.partition("[empresas.1234.sistema]")[0] if toml.startswith("[") else ALONE) + toml
    file = tmp_path / "pmc-soap.toml"
    file.write_text('mode = "homologacion"\n' + guias.put_in_place(toml, tmp_path, {}, {}), encoding="utf-8")
    assert config.load(file, {}).empresas


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_points_at_is_there(page):
    here = (guias.DOCS / page).parent
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (guias.DOCS / page).read_text("utf-8"))
    assert [] == [link for link in links if not (here / link).exists()]


def _shown(pattern):
    """Find in every page, each once."""
    return sorted({found for page in PAGES for found in re.findall(pattern, (guias.DOCS / page).read_text("utf-8"))})


@pytest.mark.parametrize("words", _shown(r"pmc-soap ([a-z]+(?: [a-z]+)?)"))
def test_every_command_that_is_named_exists(words):
    first, _, second = words.partition(" ")
    command = cli.get_command(click.Context(cli), first)
    assert command is not None
    if isinstance(command, click.Group):
        assert second in command.list_commands(click.Context(command))


@pytest.mark.parametrize("page", PAGES)
def test_what_is_paid_was_reported_or_asked_for_before(page):
    for shown in guias.blocks(page, "sh"):
        known = set()
        for words in (shlex.split(line, comments=True) for line in shown.splitlines()):
            match words:
                case ["pmc-soap", "simulate", "alta" | "consulta", id_cliente, *_]:
                    known.add(id_cliente)
                case ["pmc-soap", "simulate", "pago", id_cliente, *_]:
                    assert id_cliente in known


def _lines():
    lines = {line for page in PAGES for shown in guias.blocks(page, "sh") for line in shown.splitlines()}
    return sorted(line.removeprefix("pmc-soap ") for line in lines if line.startswith("pmc-soap "))


@pytest.mark.parametrize("line", _lines())
def test_every_command_that_is_shown_is_understood(line):
    command, words = cli, shlex.split(line.partition(">")[0], comments=True)
    while isinstance(command, click.Group):
        name, *words = words
        command = command.get_command(click.Context(command), name)
    command.make_context(name, words)
