"""Fifty people pay one factura in the same instant."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from fakes import bases

PAYERS = 50
WIRE = Path(__file__).with_name("wire.py")


def test_fifty_processes_pay_one_factura_and_one_is_applied(gateway, base_url):
    paid = subprocess.run(  # noqa: S603 — our own script
        [sys.executable, WIRE, gateway.url, str(PAYERS), "1000001", "F-1000001-1", "18540.75"],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    answers = json.loads(paid.stdout)
    assert [answer["Codigo"] for answer in answers] == ["00"] * PAYERS
    assert Counter(answer["Estado"] for answer in answers) == {"APLICADO": 1, "YA_PAGADA": PAYERS - 1}
    assert len({answer["IdAviso"] for answer in answers}) == PAYERS
    of_factura = [pago for pago in bases.rows(base_url, "pago") if pago["id_factura"] == "F-1000001-1"]
    assert Counter(pago["estado"] for pago in of_factura) == {"APLICADO": 1, "EN_PUENTE": PAYERS - 1}
