"""The sandbox: a person plays PagoMisCuentas, and the empresa, against this gateway over real HTTP and SOAP.

The state of a game is in the addresses and forms: nothing is kept here, so any process can answer.
"""

from flask import Blueprint, abort, current_app, url_for

from pmc_soap.web import entrada
from pmc_soap.web.consola import acceso
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.sandbox import cobranza, empresa, erp, juego, movimiento
from pmc_soap.web.sandbox.puertas import Sandbox


def build(sandbox: Sandbox, casa: Casa | None) -> Blueprint:
    """Build the pages; where they are not open to all, who comes in by the consola may play if his role may."""
    pages = Blueprint("sandbox", __name__, url_prefix="/sandbox")
    if not sandbox.abierto and casa is not None:
        acceso.add(pages, casa)

    @pages.before_request
    def allow() -> None:
        if not sandbox.abierto and not acceso.puede("SIMULAR"):
            abort(403)

    juego.add(pages, sandbox)
    erp.add(pages, sandbox)
    movimiento.add(pages, sandbox)
    cobranza.add(pages, sandbox)
    if sandbox.con_empresa:
        empresa.add(pages, sandbox)

    @pages.context_processor
    def frame() -> dict[str, object]:
        return {"sandbox": sandbox, "con_seguir": _seguir if "consola.seguir" in current_app.view_functions else None}

    pages.add_app_template_filter(entrada.a_mano)
    return pages


def _seguir(id_aviso: str) -> str:
    """Give where the consola tells its story."""
    return url_for("consola.seguir", id=id_aviso)
