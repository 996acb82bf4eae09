"""pmc-soap doctor and alertas, as a person runs them, on both databases."""

import json
import shutil
import socket

import gateway as g
import pytest
from click.testing import CliRunner
from fakes import bases

from pmc_soap.cli import cli


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request, tmp_path):
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "ledger.db")
        return bases.sqlite_url(path)
    url = request.getfixturevalue("postgres_url")
    bases.empty(url)
    return url


@pytest.fixture
def run(url, tmp_path):
    def run(*args, more=""):
        config = tmp_path / "pmc-soap.toml"
        config.write_text(
            f'mode = "homologacion"\ndb = "{url}"\npublic_url = "http://pmc.example"\n'
            f'[empresas.DEMO]\nnombre = "Demo"\nservicios = ["AVISO"]\n{more}',
            encoding="utf-8",
        )
        return CliRunner().invoke(cli, ["--config", str(config), *args])

    return run


def found(run, *args, more=""):
    told = run("doctor", "--json", *args, more=more)
    return told.exit_code, {each["que"]: each for each in json.loads(told.stdout)["hallazgos"]}


def test_doctor_looks_at_the_database_and_says_what_is_missing_with_its_remedy(run):
    code, told = found(run, "--sin-red")
    assert code == 0
    assert (told["Base de datos"]["como"], told["Contrato"]["como"], told["Reloj"]["como"]) == ("BIEN", "BIEN", "BIEN")
    assert told["Configuración"]["como"] == "OJO"
    assert told["Personas"]["remedio"].startswith("pmc-soap usuario add")
    assert "autovacuum" not in f"{told}"


def test_a_system_that_does_not_answer_is_wrong_and_ends_with_1(run):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    destino = '[empresas.DEMO.destinos.erp]\ntipo = "soap"\nurl = "http://127.0.0.1:%d/"\n'
    more = destino % port
    code, told = found(run, more=more)
    assert code == 1, told
    assert told["Conexiones"]["como"] == "MAL"
    assert f"127.0.0.1:{port}" in told["Conexiones"]["dicho"]
    with g.serving(lambda _, start: start("200 OK", []) and [b""]) as (_, port):
        code, told = found(run, more=destino % port)
    assert (code, told["Conexiones"]["como"]) == (0, "BIEN")


def test_alertas_are_listed_and_dismissed_with_who_and_why(run, url):
    with bases.connected(url) as connection:
        connection.exec_driver_sql(
            "INSERT INTO alerta (codigo_empresa, motivo, fecha_hora_utc)"
            " VALUES ('DEMO', 'FAC_RECHAZADO:FACDEMO.100326', '2026-03-10 12:00:00')"
        )
    [alerta] = json.loads(run("alertas", "list", "--json").stdout)["alertas"]
    assert "FACDEMO.100326" in run("alertas", "list").stdout
    done = run("alertas", "dismiss", str(alerta["id"]), "--motivo", "se rehizo", "--operador", "ana")
    assert (done.exit_code, done.stdout) == (0, "Listo: 1 atendida.\n")
    assert run("alertas", "dismiss", str(alerta["id"]), "--motivo", "otra vez", "--operador", "ana").exit_code == 1
    assert "No hay alertas sin atender" in run("alertas", "list").stdout
    assert json.loads(run("alertas", "list", "--todas", "--json").stdout)["alertas"][0]["atendida_por"] == "ana"


def test_a_folder_that_cannot_be_written_to_is_wrong_and_named(run, tmp_path, monkeypatch):
    (tmp_path / "fac").write_bytes(b"no es una carpeta")
    monkeypatch.setenv("PMC_FAC_DIR", str(tmp_path / "fac"))
    told = run("doctor", "--json", "--sin-red")
    disk = [each for each in json.loads(told.stdout)["hallazgos"] if each["que"] == "Disco"]
    assert told.exit_code == 1
    assert [each["dicho"] for each in disk if each["como"] == "MAL"] == [
        f"Donde va el FAC para PagoMisCuentas no se puede escribir: «{tmp_path / 'fac'}»."
    ]
