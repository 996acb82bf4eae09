"""Writes deploy/nginx/pmc-soap-fallas.conf: what nginx answers by itself, in the gateway's own words.

Run as a script it prints the file; tests/deploy/test_nginx.py holds the committed one to it.
"""

import sys

from pmc_soap.soap.fallas import Causa, FallaSoap, write_fault

HEAD = """\
# Lo que nginx contesta por sí mismo: fallas SOAP iguales a las de la pasarela, nunca HTML. El IdPedido es $request_id,
# que está en el registro de nginx. Este archivo se escribe con: python tests/deploy/fallas.py

"""
# a 502 may also mean that there is no room (pmc-soap.conf)
_WITHOUT_GATEWAY = "error_page 502 = $pmc_soap_sin_pasarela;\n\n"
# the statuses of nginx, and what they mean to a caller
ANSWERS = (
    ("400 414 494 497 501", "pedido", Causa.HTTP),
    ("408", "lento", Causa.LENTO),
    ("413", "grande", Causa.DEMASIADO_GRANDE),
    ("495", "certificado", Causa.CREDENCIAL),
    ("496", "sin-certificado", Causa.SIN_CREDENCIAL),
    ("503", "lleno", Causa.SOBRECARGA),
    ("500 504", "caida", Causa.INTERNO),
)


def write() -> str:
    """Write the file."""
    return HEAD + _WITHOUT_GATEWAY + "\n".join(_answer(*row) for row in ANSWERS)


def _answer(statuses: str, name: str, causa: Causa) -> str:
    path = f"/pmc-falla/{name}"  # a named location is none for what is no HTTP: nginx has no address to leave
    fault = write_fault(FallaSoap(causa), "$request_id").decode()
    assert "'" not in fault
    retry = "    add_header Retry-After 1 always;\n" if causa is Causa.SOBRECARGA else ""
    return (
        f"error_page {statuses} = {path};\n"
        f"location = {path} {{\n"
        f"    internal;\n"
        f'    default_type "text/xml; charset=utf-8";\n{retry}'
        f"    return 500 '{fault}';\n"
        "}\n"
    )


if __name__ == "__main__":
    sys.stdout.write(write())
