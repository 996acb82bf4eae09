"""¿Dónde está mi pago? Any id, and the whole story of a pago with what comes next."""

import re

from flask import Blueprint, render_template, request

from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.seguimiento import Clase, Hallado
from pmc_soap.web.consola import pedido
from pmc_soap.web.consola.acceso import requires
from pmc_soap.web.consola.casa import Casa

_COMMAND = re.compile(r":? ?pmc-soap [^.;]+")

QUE_ES = {
    Clase.ID_AVISO: "un aviso",
    Clase.ID_TRANSACCION: "una transacción de PagoMisCuentas",
    Clase.ID_CONSULTA: "una consulta",
    Clase.ID_FACTURA: "una factura",
    Clase.ID_CLIENTE: "un cliente",
}


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the page."""

    @pages.get("/seguir")
    @requires(Permiso.VER)
    def seguir() -> str:
        asked, id_factura = pedido.text("id"), pedido.text("factura")
        hallado = casa.seguimiento.find(pedido.codigos(casa), asked, id_factura) if asked else None
        return render_template(
            "consola/seguir.html",
            asked=asked,
            id_factura=id_factura,
            hallado=hallado,
            que_es=QUE_ES,
            proximos=_next(hallado),
            only_fragment=bool(request.headers.get("HX-Request")),
        )


def _next(hallado: Hallado | None) -> list[str]:
    """Give what comes next, without the commands of a terminal: here there are buttons."""
    if hallado is None or hallado.historia is None:
        return []
    return [_COMMAND.sub("", step) for step in hallado.historia.proximos]
