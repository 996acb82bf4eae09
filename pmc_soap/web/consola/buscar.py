"""The search box: an exact id goes straight to its page; what is none is told what to do."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pmc_soap.domain.consulta import Busqueda
from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.tablero import Archivo
from pmc_soap.web.consola import enlaces, pedido
from pmc_soap.web.consola.acceso import requires
from pmc_soap.web.consola.casa import Casa

_LONGEST = 120  # a file's name may be


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the page."""

    @pages.get("/buscar")
    @requires(Permiso.VER)
    def buscar() -> ResponseReturnValue:
        asked = pedido.text("q", _LONGEST)
        if asked is None:
            return render_template("consola/buscar.html", asked="")
        where = _find(casa, asked)
        return redirect(where, 303) if where else render_template("consola/buscar.html", asked=asked)


def _find(casa: Casa, asked: str) -> str:
    """Give the address of what that is exactly; empty where it is nothing."""
    if ids := casa.intercambios.ids(asked):
        return url_for("consola.intercambios_uno", id_pedido=ids[0])
    codigos = pedido.codigos(casa)
    if casa.seguimiento.find(codigos, asked).coincidencias:
        return url_for("consola.seguir", id=asked)
    for archivo, nombre in casa.tablero.archivos(codigos, asked):
        endpoint = "consola.cargas" if archivo is Archivo.CARGA else "consola.conciliacion"
        return enlaces.to(endpoint, archivo=nombre)
    for codigo in codigos:
        if casa.facturas_a_mano.search(Busqueda(codigo_empresa=codigo, id_cliente=asked), 1):
            return enlaces.to("consola.facturas", cliente=asked, empresa=codigo)
    return ""
