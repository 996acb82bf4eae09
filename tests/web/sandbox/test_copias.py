"""What is there to be copied says the same again, as it stands."""

import subprocess
import sys

import pytest


def copied(mesa, what):
    text = mesa.persona.doc.get_element_by_id(f"{what}-1").text
    command = [sys.executable, "-c", text] if what == "zeep" else ["bash", "-c", text]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout  # noqa: S603


@pytest.mark.parametrize("what", ["curl", "zeep"])
def test_what_is_copied_runs_as_it_stands_and_repeats_the_very_aviso(mesa, what):
    mesa.pay()
    told = copied(mesa, what)
    assert "APLICADO" in told
    assert ("<Duplicado>true</Duplicado>" if what == "curl" else "'Duplicado': True") in told


def test_the_script_has_ten_lines_at_most(mesa):
    mesa.persona.get("/sandbox/empresa")
    mesa.persona.submit("Generar factura", id_cliente=mesa.cliente)
    assert len(mesa.persona.doc.get_element_by_id("zeep-1").text.splitlines()) <= 10
    assert "PENDIENTE" in copied(mesa, "zeep")
