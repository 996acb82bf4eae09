"""The tablero: what stands out today, and the way to everything else."""

from flask import Blueprint, render_template

from pmc_soap.domain.usuario import Permiso
from pmc_soap.web.consola.acceso import requires
from pmc_soap.web.consola.casa import Casa


def add(pages: Blueprint, casa: Casa) -> None:  # noqa: ARG001 — it will ask
    """Add the page."""

    @pages.get("/")
    @requires(Permiso.VER)
    def inicio() -> str:
        return render_template("consola/inicio.html")
