"""PagoMisCuentas, played by a person: search, pay, repeat, two at once, reverse; and the lamps of what became of it.

A consulta is in the address, so it can be linked to and done again. What was sent is answered by a page of its own, not
by a redirect: sending it again is the very repeat that the game is about, and has no second effect.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pmc_soap.domain import importe
from pmc_soap.domain.aviso import AvisoGuardado, AvisoPago
from pmc_soap.web import entrada, mensajes
from pmc_soap.web.sandbox import lamparas, oferta
from pmc_soap.web.sandbox.envio import ask, kept, send
from pmc_soap.web.sandbox.escenarios import ESCENARIOS
from pmc_soap.web.sandbox.jugadas import Jugada, options, told_of
from pmc_soap.web.sandbox.lamparas import Lampara
from pmc_soap.web.sandbox.puertas import Intercambio, Sandbox

CANALES = (("PC", "Web"), ("HB", "Home banking"), ("S1", "Cajero"))
CAMPOS = {"id_cliente": "IdCliente", "id_factura": "IdFactura", "codigo_barras": "CodigoBarras"}
PRIMERO = "1000001"


@dataclass(frozen=True)
class _Lamps:
    """What the lamps show. asentado: nothing more will happen by itself; pago: what further plays are about."""

    id_aviso: str
    guardado: AvisoGuardado
    lamparas: Sequence[Lampara]
    asentado: bool
    pago: AvisoPago | None


def add(pages: Blueprint, sandbox: Sandbox) -> None:
    """Add the pages."""

    @pages.get("/")
    def inicio() -> str:
        busqueda = {name: request.args.get(name, "").strip() for name in CAMPOS}
        asked = {CAMPOS[name]: value for name, value in busqueda.items() if value}
        consulta = ask(sandbox, asked) if asked else None
        return _inicio(sandbox, busqueda, consulta)

    @pages.get("/aviso/<id_aviso>")
    def aviso(id_aviso: str) -> str:
        return _aviso(sandbox, id_aviso)

    @pages.get("/aviso/<id_aviso>/lamparas")
    def aviso_lamparas(id_aviso: str) -> str:
        return render_template("sandbox/lamparas.html", **vars(_lamps(sandbox, id_aviso)))

    _add_plays(pages, sandbox)


def _add_plays(pages: Blueprint, sandbox: Sandbox) -> None:
    @pages.post("/escenario")
    def escenario() -> ResponseReturnValue:
        chosen = next((e for e in ESCENARIOS if e.apaga), None)
        if chosen is None or sandbox.erp is None:
            abort(404)
        sandbox.erp.switch("off")
        return mensajes.go(
            url_for(".inicio", id_cliente=chosen.busqueda["id_cliente"]),
            "El ERP está apagado. Pagá igual y mirá qué pasa.",
            "ojo",
        )

    @pages.post("/pago")
    def pago() -> ResponseReturnValue:
        form = request.form
        jugada = _jugada(form)
        centavos = _centavos(form)
        if centavos is None:
            back = url_for(".inicio", id_cliente=form.get("id_cliente", ""))
            return mensajes.go(back, "Ese importe no se entiende. Escribilo como 1500,50.", "mal")
        said = _pago(form, jugada.importe(centavos), new=jugada is Jugada.OTRA)
        return _play(sandbox, "AvisoPago", said, jugada)

    @pages.post("/reversa")
    def reversa() -> ResponseReturnValue:
        form = request.form
        centavos = _centavos(form)
        if centavos is None:
            abort(400)
        said = {
            "IdCliente": form.get("id_cliente", ""),
            "Importe": importe.format(centavos),
            "IdTransaccion": form.get("id_transaccion") or _id("REV"),
            "IdTransaccionOriginal": form.get("original"),
            "IdFactura": form.get("id_factura") or None,
            "Motivo": "ANULACION",
        }
        return _play(sandbox, "ReversaPago", said, _jugada(form))


def _inicio(sandbox: Sandbox, busqueda: Mapping[str, str], consulta: Intercambio | None) -> str:
    asked = any(busqueda.values())
    return render_template(
        "sandbox/inicio.html",
        busqueda=busqueda if asked or not sandbox.abierto else {**busqueda, "id_cliente": PRIMERO},
        consulta=consulta,
        ofrecidas=oferta.read(consulta.dicho) if consulta else [],
        intercambios=[consulta] if consulta else [],
        canales=CANALES,
        nueva=lambda: _id("PMC"),
        escenarios=[e for e in ESCENARIOS if sandbox.erp or not e.apaga] if sandbox.abierto else [],
    )


def _play(sandbox: Sandbox, operacion: str, said: dict[str, str | None], jugada: Jugada) -> str:
    told = {name: value for name, value in said.items() if value is not None}
    intercambios = send(sandbox, operacion, told, twice=jugada is Jugada.DOS)
    id_aviso = next((i.dicho["IdAviso"] for i in intercambios if i.dicho.get("IdAviso")), None)
    if id_aviso is None:
        return render_template("sandbox/fallo.html", intercambios=intercambios, said=said)
    return _aviso(sandbox, str(id_aviso), intercambios)


def _aviso(sandbox: Sandbox, id_aviso: str, intercambios: Sequence[Intercambio] = ()) -> str:
    lit = _lamps(sandbox, id_aviso)
    return render_template(
        "sandbox/aviso.html",
        **vars(lit),
        intercambios=intercambios,
        guardados=[] if intercambios else kept(sandbox, id_aviso),
        explicacion=told_of(lit.guardado, intercambios) if intercambios else "",
        opciones=options(lit.guardado),
    )


def _lamps(sandbox: Sandbox, id_aviso: str) -> _Lamps:
    historia = sandbox.historia(id_aviso)
    suceso = lamparas.suceso_of(historia, id_aviso) if historia else None
    if historia is None or suceso is None:
        abort(404)
    lit = lamparas.light(suceso)
    first = historia.expediente.suceso
    pago = first.guardado.aviso if first else None
    return _Lamps(
        id_aviso=id_aviso,
        guardado=suceso.guardado,
        lamparas=lit,
        asentado=lamparas.settled(lit),
        pago=pago if isinstance(pago, AvisoPago) else None,
    )


def _pago(form: Mapping[str, str], centavos: int, *, new: bool) -> dict[str, str | None]:
    return {
        "IdCliente": form.get("id_cliente", ""),
        "Moneda": importe.PESOS,
        "Importe": importe.format(centavos),
        "IdTransaccion": _id("PMC") if new else form.get("id_transaccion") or _id("PMC"),
        "IdConsulta": form.get("id_consulta") or None,
        "IdFactura": form.get("id_factura") or None,
        "Canal": form.get("canal") or None,
    }


def _centavos(form: Mapping[str, str]) -> int | None:
    try:
        return entrada.pesos(form.get("importe", ""))
    except importe.ImporteInvalido:
        return None


def _jugada(form: Mapping[str, str]) -> Jugada:
    try:
        return Jugada(form.get("jugada", ""))
    except ValueError:
        abort(400)


def _id(kind: str) -> str:
    return f"{kind}-{secrets.token_hex(5).upper()}"
