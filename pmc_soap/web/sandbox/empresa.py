"""The company's own web, in small: somebody generates a factura there, and is told by which ID to pay it in PMC."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pmc_soap.domain import importe
from pmc_soap.domain.calendario import local_day
from pmc_soap.web import entrada
from pmc_soap.web.sandbox.envio import send
from pmc_soap.web.sandbox.puertas import Intercambio, Sandbox

# what the shop sells: what is seen in PMC (15 characters), and its price
CONCEPTOS = (
    ("CUOTA SOCIAL", "Cuota social", 18_500_00),
    ("INSCRIPCION", "Inscripción", 25_000_00),
    ("TURNO CANCHA", "Turno de cancha", 12_000_00),
    ("COLONIA", "Colonia de verano", 96_750_00),
)
SOCIO, DIAS = "2000001", 10
_NADA: Mapping[str, str] = MappingProxyType({})


def add(pages: Blueprint, sandbox: Sandbox) -> None:
    """Add its pages."""

    def show(
        form: Mapping[str, str], intercambio: Intercambio | None = None, errores: Mapping[str, str] = _NADA
    ) -> str:
        today = local_day(sandbox.clock.now())
        return render_template(
            "sandbox/empresa.html",
            form={**_nueva(today), **form},
            conceptos=CONCEPTOS,
            hoy=today,
            centavos=_centavos(form),
            errores=errores,
            intercambios=[intercambio] if intercambio else [],
            dicho=intercambio.resultado if intercambio else None,
        )

    @pages.get("/empresa", strict_slashes=False)
    def empresa() -> str:
        return show(_NADA)

    @pages.post("/empresa/factura")
    def empresa_factura() -> ResponseReturnValue:
        form = request.form.to_dict()
        said, errores = _factura(form)
        return show(form, None, errores) if errores else show(form, send(sandbox, "AltaFactura", said)[0])

    @pages.post("/empresa/cambio")
    def empresa_cambio() -> ResponseReturnValue:
        form = request.form.to_dict()
        said, errores = _factura(form)
        if errores:
            return show(form, None, errores)
        changed = {name: said[name] for name in ("IdCliente", "IdFactura", "Vencimientos")}
        return show(form, send(sandbox, "ModificacionFactura", changed)[0])

    @pages.post("/empresa/baja")
    def empresa_baja() -> ResponseReturnValue:
        form = request.form.to_dict()
        said = {name: form.get(key, "") for name, key in (("IdCliente", "id_cliente"), ("IdFactura", "id_factura"))}
        return show(form, send(sandbox, "BajaFactura", {**said, "Motivo": "ANULADA"})[0])


def _nueva(today: date) -> dict[str, str]:
    concepto, _, centavos = CONCEPTOS[0]
    return {
        "id_cliente": SOCIO,
        "id_factura": f"WEB-{secrets.token_hex(3).upper()}",
        "concepto": concepto,
        "importe": entrada.a_mano(centavos),
        "vence": (today + timedelta(days=DIAS)).isoformat(),
    }


def _centavos(form: Mapping[str, str]) -> int | None:
    try:
        return entrada.pesos(form.get("importe", ""))
    except importe.ImporteInvalido:
        return None


def _factura(form: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    """Give what AltaFactura says, and by field what cannot be said."""
    errores = {}
    concepto = {codigo: texto for codigo, texto, _ in CONCEPTOS}.get(form.get("concepto", ""), "Factura")
    centavos = _centavos(form)
    if centavos is None:
        errores["importe"] = "Escribilo como 18500,00."
    try:
        vence = date.fromisoformat(form.get("vence", "")).isoformat()
    except ValueError:
        errores["vence"] = "Elegí un día."
    if errores or centavos is None:
        return {}, errores
    return {
        "IdCliente": form.get("id_cliente", ""),
        "IdFactura": form.get("id_factura", ""),
        "Moneda": importe.PESOS,
        "Vencimientos": {"Vencimiento": [{"Numero": 1, "Fecha": vence, "Importe": importe.format(centavos)}]},
        "MensajePantalla": form.get("concepto", "")[:15] or "FACTURA",
        "MensajeTicket": concepto[:40],
    }, {}
