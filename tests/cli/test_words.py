"""The command line speaks Spanish, also where Click speaks for itself."""

import fcntl
import gettext
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import pmc_soap.cli

PMC_SOAP = Path(sys.executable).parent / "pmc-soap"
LOCALE = Path(pmc_soap.cli.__file__).with_name("locale")


def said(*args):
    """Run the real process: Click's own words come from gettext, once a process."""
    done = subprocess.run([PMC_SOAP, *args], capture_output=True, text=True, check=False)  # noqa: S603 — our own command
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("args", "code", "expected"),
    [
        (["--help"], 0, "Uso: pmc-soap"),
        (["serve", "--help"], 0, "Muestra esta ayuda."),
        (["serv"], 2, "No existe el comando 'serv'."),
        (["serve", "--workers", "100"], 2, "100 no está en el rango"),
        (["simulate", "pago"], 2, "Falta el argumento 'ID_CLIENTE'."),
        (["simulate", "pago", "1", "F", "1500,5"], 2, "se escribe con punto"),
        (["wsdl"], 2, "elegí --write, --check o --save"),
        (["--config", "no-esta.toml", "config", "check"], 3, "el archivo no existe"),
        (["serve", "--bind", "0.0.0.0:8080", "--db", "sqlite:////nunca/pmc.db"], 3, "solo atiende en 127.0.0.1"),
        (["db", "status", "--db", "mysql://host/b"], 4, "no se admite la base de datos"),
        (["simulate", "consulta", "1", "--url", "http://127.0.0.1:1"], 4, "pmc-soap demo"),
    ],
)
def test_each_ending_has_its_exit_code_and_a_sentence_in_spanish(args, code, expected):
    ended, text = said(*args)
    assert (ended, expected in text) == (code, True), text


def test_without_a_file_production_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("PMC_MODE", "produccion")
    code, text = said("serve", "--db", f"sqlite:///{tmp_path}/pmc.db")
    assert (code, "hace falta un archivo de configuración" in text) == (3, True), text


@pytest.mark.parametrize("command", [["demo", "--port", "{}"], ["serve", "--bind", "127.0.0.1:{}"]])
def test_a_busy_port_is_told_before_any_address(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as busy:
        code, text = said(*(word.format(busy.getsockname()[1]) for word in command))
    assert (code, "otro programa ya atiende ahí" in text, "/soap/v1" in text) == (4, True, False), text


def test_the_compiled_words_are_those_of_their_source():
    source = (LOCALE / "es" / "LC_MESSAGES" / "pmc-soap.po").read_text(encoding="utf-8")
    spanish = gettext.translation("pmc-soap", LOCALE, ["es"])
    for english, translated in re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', source, re.MULTILINE):
        assert spanish.gettext(english.replace("\\n", "\n").replace("\\t", "\t")) == translated.replace(
            "\\n", "\n"
        ).replace("\\t", "\t")


def test_an_example_configuration_is_a_valid_one(tmp_path):
    code, example = said("config", "example")
    (tmp_path / "pmc-soap.toml").write_text(example, encoding="utf-8")
    checked, text = said("--config", str(tmp_path / "pmc-soap.toml"), "config", "check")
    assert (code, checked) == (0, 0)
    assert text.startswith("La configuración es correcta: modo homologacion, 1 empresa.\n"), text


def test_an_issued_secret_opens_the_door_that_its_hash_is_put_on():
    from pmc_soap.soap.credenciales import Credencial, Credenciales, Presented

    issued = subprocess.run(  # noqa: S603 — our own command
        [PMC_SOAP, "credencial", "issue", "--usuario", "DEMO"], capture_output=True, text=True, check=True
    )
    secreto, line = issued.stdout.splitlines()
    (hash_,) = re.findall(r'hash = "(.+)"', line)
    live = Credenciales([], {"DEMO": [Credencial(usuario="DEMO", hash=hash_)]})
    assert live.admits_empresa("DEMO", Presented(secreto=secreto))
    assert not live.admits_empresa("DEMO", Presented(secreto=secreto + "x"))


def test_two_demonstrations_do_not_share_a_folder(tmp_path):
    lock = os.open(tmp_path / "demo.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    code, text = said("demo", "--port", "18999", "--dir", str(tmp_path), "--reset")
    os.close(lock)
    assert (code, "ya hay una demostración usando la carpeta" in text) == (2, True), text


def test_a_folder_that_cannot_be_is_told_without_a_traceback(tmp_path):
    (tmp_path / "archivo").touch()
    for args in (["demo", "--port", "18999", "--dir"], ["db", "migrate", "--db"]):
        where = f"sqlite:///{tmp_path}/archivo/x/pmc.db" if "db" in args else str(tmp_path / "archivo")
        code, text = said(*args, where)
        assert (code in {2, 4}, "no se puede usar la carpeta" in text) == (True, True), text


def test_a_database_in_a_new_folder_is_made_with_its_folder(tmp_path):
    code, text = said("db", "migrate", "--db", f"sqlite:///{tmp_path}/nueva/pmc.db")
    assert (code, (tmp_path / "nueva" / "pmc.db").exists()) == (0, True), text


def test_a_database_that_does_not_answer_is_told_in_spanish():
    code, text = said("db", "status", "--db", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert (code, "no responde" in text, "sqlalche" in text) == (4, True, False), text
