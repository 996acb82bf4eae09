"""The configuration that this process serves with, key by key, and what each key is."""

from itertools import groupby

from flask import Blueprint, render_template, request

from pmc_soap.domain.usuario import Permiso
from pmc_soap.web.consola import pedido
from pmc_soap.web.consola.acceso import requires
from pmc_soap.web.consola.casa import Ajuste, Casa

TITULOS = {
    "": "La instalación",
    "pagomiscuentas": "PagoMisCuentas",
    "calendario": "El calendario de los bancos",
    "sandbox": "El sandbox",
    "intercambios": "Qué se guarda de los intercambios",
}


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the page."""

    @pages.get("/configuracion")
    @requires(Permiso.VER_CONFIGURACION)
    def configuracion() -> str:
        todas, said = request.args.get("todas") == "1", pedido.text("clave")
        every = [each for each in casa.instalacion.ajustes() if each.dicho or todas or said]
        found = [each for each in every if not said or said.lower() in each.clave.lower()]
        tablas = [(_titulo(casa, tabla), tabla, list(group)) for tabla, group in groupby(found, _tabla)]
        return render_template("consola/configuracion.html", tablas=tablas, todas=todas, clave=said or "")


def _tabla(ajuste: Ajuste) -> str:
    """Give the table that a key is shown in: one for each empresa, one for each other table at the top."""
    top, *rest = ajuste.clave.split(".")
    return f"empresas.{rest[0]}" if top == "empresas" and rest else top if rest else ""


def _titulo(casa: Casa, tabla: str) -> str:
    empresa = casa.empresas.get(tabla.removeprefix("empresas."))
    return empresa.nombre if empresa is not None else TITULOS.get(tabla, tabla)
