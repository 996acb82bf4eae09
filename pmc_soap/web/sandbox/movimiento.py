"""A while of movement: clientes who never were buy, ask and pay, so that the demonstration's consola is not empty.

Each step is a request of its own over SOAP, like those of a person, and ends well or not as it would for anybody.
"""

import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from pmc_soap.domain import importe
from pmc_soap.domain.calendario import local_day
from pmc_soap.web import mensajes
from pmc_soap.web.sandbox.puertas import Sandbox

PERSONAS = 8
_FIRST_ID, _IDS = 4_000_000, 1_000_000
_PRECIO, _SALTO = 7_350_00, 1_925_50
Paso = tuple[str, dict[str, Any]]


def add(pages: Blueprint, sandbox: Sandbox) -> None:
    """Add the button."""

    @pages.post("/movimiento")
    def movimiento() -> ResponseReturnValue:
        if not (sandbox.abierto and sandbox.con_empresa):
            abort(404)
        today, sent = local_day(sandbox.clock.now()), 0
        for n in range(PERSONAS):
            for operacion, said in _of_person(n, today):
                intercambio = sandbox.send(operacion, said)
                if intercambio.mudo:
                    return mensajes.go(url_for(".inicio"), intercambio.mudo, "mal")
                sent += 1
        told = (
            f"Listo: {sent} pedidos de {PERSONAS} clientes inventados. Están en la consola, y los pagos llegan al ERP."
        )
        return mensajes.go(url_for(".inicio"), told)


def _of_person(n: int, today: date) -> Iterator[Paso]:
    """Give what the n-th does: most pay once; one pays twice, one too little, one is told of twice, one goes back."""
    id_cliente, id_factura = str(_FIRST_ID + secrets.randbelow(_IDS)), f"MOV-{secrets.token_hex(4).upper()}"
    centavos = _PRECIO + n * _SALTO
    quien = {"IdCliente": id_cliente, "IdFactura": id_factura, "Moneda": importe.PESOS}
    due = {"Numero": 1, "Fecha": (today + timedelta(days=5 + n)).isoformat(), "Importe": importe.format(centavos)}
    textos = {"MensajePantalla": "CUOTA", "MensajeTicket": "Cuota social"}
    yield "AltaFactura", {**quien, "Vencimientos": {"Vencimiento": [due]}, **textos}
    yield "ConsultaDeuda", {"IdCliente": id_cliente}
    paid = importe.format(centavos - 100_00 if n == 1 else centavos)
    pago = {**quien, "Importe": paid, "IdTransaccion": _id(), "Canal": ("PC", "HB", "S1")[n % 3]}
    match n:
        case 0:
            yield "ConsultaDeuda", {"IdCliente": id_cliente[::-1]}  # typed wrong
        case 2:
            yield from (("AvisoPago", pago), ("AvisoPago", pago))
        case 3:
            yield from (("AvisoPago", pago), ("AvisoPago", {**pago, "IdTransaccion": _id()}))
        case 4:
            original = {"Importe": paid, "IdTransaccion": _id(), "IdTransaccionOriginal": pago["IdTransaccion"]}
            yield "AvisoPago", pago
            yield "ReversaPago", {"IdCliente": id_cliente, "IdFactura": id_factura, **original, "Motivo": "ANULACION"}
        case _:
            yield "AvisoPago", pago


def _id() -> str:
    return f"MOV-{secrets.token_hex(5).upper()}"
