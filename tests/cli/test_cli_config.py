"""pmc-soap config: check, show, example, explain."""

import json
import os
import re
import tomllib

import pytest
from click.testing import CliRunner

from pmc_soap.cli import cli
from pmc_soap.config import ConfigError, check
from pmc_soap.config.ejemplo import EJEMPLO
from pmc_soap.soap.credenciales import hash_secret

COMMENTED = re.compile(r"^# (?=\[|[a-z_]+ = )", re.MULTILINE)
BLOCK = re.compile(r"^# \[empresas\.1234\.[a-z.]+\]\n(?:# .+\n)+", re.MULTILINE)


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("PMC_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(tmp_path):
    """Run pmc-soap config on a file."""

    def run(text, *args):
        path = tmp_path / "pmc-soap.toml"
        path.write_text(text, encoding="utf-8")
        return CliRunner().invoke(cli, ["--config", str(path), "config", *args])

    return run


def test_check_tells_every_problem_and_ends_with_3(run):
    result = run('mode = "x"\npubic_url = "y"\n[empresas.1234]\ngracia_dias = 400\n', "check")
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 1 + 4
    assert "¿Quisiste decir «public_url»?" in result.stderr


def test_show_tells_each_value_with_its_source_and_no_secret(run, monkeypatch):
    monkeypatch.setenv("PMC_EMPRESAS__1234__SISTEMA__TOKEN", "mi-secreto")
    text = EJEMPLO + '\n[empresas.1234.sistema]\ntipo = "soap"\nurl = "https://u:mi-secreto@erp.example/"\n'
    plain, as_json = run(text, "show"), run(text, "show", "--json")
    assert (plain.exit_code, as_json.exit_code) == (0, 0)
    assert 'empresas.1234.sistema.token = "•••"  # variable PMC_EMPRESAS__1234__SISTEMA__TOKEN\n' in plain.stdout
    assert json.loads(as_json.stdout)["empresas.1234.gracia_dias"]["valor"] == 0
    assert json.loads(as_json.stdout)["acepta_sqlite"] == {"valor": False, "fuente": "por defecto"}
    assert "mi-secreto" not in plain.output + as_json.output


def test_show_without_a_file_is_the_demonstration():
    result = CliRunner().invoke(cli, ["config", "show", "--json"])
    assert json.loads(result.stdout)["mode"] == {"valor": "demostracion", "fuente": "demostración"}


def test_show_of_a_broken_file_tells_why_and_ends_with_3(run):
    result = run("mode = homologacion", "show")
    assert (result.exit_code, "los textos van entre comillas" in result.stderr) == (3, True)


def test_doors_that_nobody_can_come_through_are_told_and_are_no_error(run):
    result = run(CliRunner().invoke(cli, ["config", "example"]).stdout, "check")
    told = result.stderr.splitlines()
    assert result.exit_code == 0
    assert ["Ojo: falta «pagomiscuentas.credenciales»" in line for line in told] == [True, False]
    assert ["Ojo: falta «empresas.1234.credenciales»" in line for line in told] == [False, True]


def test_the_example_is_good_as_it_is_and_with_its_hashes(run):
    result = run(CliRunner().invoke(cli, ["config", "example"]).stdout, "check")
    assert (result.exit_code, result.stdout) == (0, "La configuración es correcta: modo homologacion, 1 empresa.\n")
    line = f'[{{ usuario = "u", hash = "{hash_secret("x", "aa")}" }}]'
    filled = re.sub(r"^credenciales = \[\]", f"credenciales = {line}", EJEMPLO, flags=re.MULTILINE)
    settings = check(tomllib.loads(filled))
    assert len(settings.pagomiscuentas.credenciales) == len(settings.empresas["1234"].credenciales) == 1
    with pytest.raises(ConfigError) as in_production:
        check(tomllib.loads(filled), {"mode": "produccion"})
    assert len(in_production.value.problems) == 1  # its SQLite


def test_each_block_of_the_example_is_good_once_uncommented(tmp_path, monkeypatch):
    for name in ("ERP_TOKEN", "ERP_API_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AMQP_URL", "amqp://u:p@cola.example/")
    held = {"erp_clave": "x", "erp_url": "mysql+pymysql://u:p@x/y", "webhook": "whsec_" + "QUJD" * 8}
    for name, content in held.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    (base, *_), blocks = BLOCK.sub("", EJEMPLO).split("\n# Lo demás"), BLOCK.findall(EJEMPLO)
    kinds = set()
    for block in blocks:
        text = base + COMMENTED.sub("", block).replace("/run/secrets", str(tmp_path))
        empresa = check(tomllib.loads(text)).empresas["1234"]
        kinds |= {("sistema", empresa.sistema.tipo)} if empresa.sistema else set()
        kinds |= {("destino", destino.tipo) for destino in empresa.destinos.values()}
    assert kinds == {
        *(("sistema", tipo) for tipo in ("soap", "json", "sql", "python")),
        *(("destino", tipo) for tipo in ("soap", "json", "amqp", "sql", "python", "pull")),
    }


def test_the_single_keys_that_the_example_comments_are_good_too(tmp_path):
    whole = BLOCK.sub("", EJEMPLO).replace("/run/secrets", str(tmp_path))
    for secret in ("sandbox_pmc", "sandbox_empresa"):
        (tmp_path / secret).write_text("demo", encoding="ascii")
    settings = check(tomllib.loads(COMMENTED.sub("", whole)))
    assert settings.acepta_sqlite
    assert [said.codigo for said in settings.empresas["1234"].codigos] == ["1234", "0987"]


def test_explain_tells_one_key_or_names_them_all():
    one, every = (CliRunner().invoke(cli, ["config", "explain", *args]) for args in (["timeout_s"], []))
    assert (one.exit_code, every.exit_code) == (0, 0)
    assert "Valor: número entero, de 1 a 15" in one.stdout
    assert "empresas.CODIGO.destinos.NOMBRE.json.secreto" in every.stdout.splitlines()


def test_explain_of_no_key_names_the_near_one_and_ends_with_2():
    result = CliRunner().invoke(cli, ["config", "explain", "gracia_dia"])
    assert (result.exit_code, "¿Quisiste decir «gracia_dias»?" in result.stderr) == (2, True)
    assert CliRunner().invoke(cli, ["config", "explain", "mode", "--markdown"]).exit_code == 2
