"""What is handed to a client, the contract and a credential, is right or refused in Spanish."""

import subprocess
import sys
from pathlib import Path

import pytest

PMC_SOAP = Path(sys.executable).parent / "pmc-soap"


def said(*args):
    return subprocess.run([PMC_SOAP, *args], capture_output=True, text=True, check=False)  # noqa: S603 — our own command


def test_a_folder_that_cannot_be_for_the_contract_is_told_why_in_spanish(tmp_path):
    (tmp_path / "archivo").write_text("")
    for folder, why in (("archivo", "ya existe otra cosa"), ("archivo/wsdl", "no es una carpeta")):
        told = said("wsdl", "--save", str(tmp_path / folder))
        assert (told.returncode, why in told.stderr) == (1, True), told.stderr


@pytest.mark.parametrize("usuario", ["", " ", "DEMO:1", "a\nb"])
def test_a_user_that_http_basic_cannot_carry_gets_no_secret(usuario):
    told = said("credencial", "issue", "--usuario", usuario)
    assert (told.returncode, told.stdout) == (2, "")
    assert "sin dos puntos" in told.stderr


def test_a_user_with_a_quote_gets_a_line_that_toml_reads():
    import tomllib

    told = said("credencial", "issue", "--usuario", 'O"Higgins')
    assert tomllib.loads(f"c = {told.stdout.splitlines()[1]}")["c"]["usuario"] == 'O"Higgins'
