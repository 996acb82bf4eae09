"""pmc-soap usuario: who enters the consola."""

import json

import pytest
from click.testing import CliRunner
from fakes import bases

from pmc_soap import wiring
from pmc_soap.cli import cli
from pmc_soap.config import check

CLAVE = "caballo grapa pila correcta"


@pytest.fixture
def run(sqlite_template, tmp_path):
    import shutil

    url = bases.sqlite_url(shutil.copy(sqlite_template, tmp_path / "ledger.db"))
    config = tmp_path / "pmc-soap.toml"
    config.write_text(f'mode = "homologacion"\ndb = "{url}"\npublic_url = "https://pmc.example"\n', encoding="utf-8")

    def run(*args, stdin=None):
        return CliRunner().invoke(cli, ["--config", str(config), "usuario", *args], input=stdin)

    run.url = url
    return run


def enters(run, usuario, clave):
    from pmc_soap.operations.libro_usuarios import Negado

    with wiring.build(check({"mode": "homologacion", "db": run.url, "public_url": "https://pmc.example"})) as house:
        try:
            return house.usuarios.enter(usuario, clave, "")[1].debe_cambiar
        except Negado:
            return None


def test_a_person_is_added_with_a_clave_for_once_which_alone_goes_to_stdout(run):
    added = run("add", "ana", "--rol", "administrador", "--operador", "root")
    assert added.exit_code == 0
    assert enters(run, "ana", added.stdout.strip()) is True
    assert json.loads(run("list", "--json").stdout)["usuarios"][0]["rol"] == "administrador"


def test_a_clave_is_read_of_stdin_or_asked_twice(run):
    run("add", "ana", "--stdin", "--operador", "root", stdin=f"{CLAVE}\n")
    assert enters(run, "ana", CLAVE) is False
    asked = run("password", "ana", "--operador", "root", stdin=f"{CLAVE[::-1]}\n{CLAVE[::-1]}\n")
    assert asked.exit_code == 0
    assert CLAVE[::-1] not in asked.output
    assert enters(run, "ana", CLAVE) is None
    assert enters(run, "ana", CLAVE[::-1]) is False


def test_who_is_disabled_enters_no_more_until_enabled(run):
    run("add", "ana", "--rol", "administrador", "--stdin", "--operador", "root", stdin=f"{CLAVE}\n")
    run("add", "beto", "--stdin", "--operador", "root", stdin=f"{CLAVE}\n")
    run("disable", "beto", "--operador", "root")
    assert enters(run, "beto", CLAVE) is None
    run("enable", "beto", "--operador", "root")
    run("role", "beto", "finanzas", "--operador", "root")
    assert enters(run, "beto", CLAVE) is False
    assert [row["accion"] for row in bases.rows(run.url, "auditoria")].count("USUARIO_CAMBIO") == 3


@pytest.mark.parametrize(
    ("args", "stdin", "told"),
    [
        (["add", "A B"], None, "en minúsculas"),
        (["add", "ana", "--stdin"], "corta\n", "12 caracteres"),
        (["add", "ana", "--stdin"], "demostracion\n", "de las primeras"),
        (["add", "ana", "--stdin"], "aaaaaaaaaaaaaaaa\n", "de las primeras"),
        (["add", "anamaria", "--stdin"], "soy anamaria 77\n", "de las primeras"),
        (["disable", "nadie"], None, "No hay nadie"),
    ],
)
def test_what_cannot_be_is_told_why(run, args, stdin, told):
    refused = run(*args, "--operador", "root", stdin=stdin)
    assert (refused.exit_code, told in refused.stderr) == (1, True), refused.stderr
    assert bases.rows(run.url, "usuario") == []
