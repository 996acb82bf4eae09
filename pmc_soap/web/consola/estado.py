"""How the installation stands: doctor as a page. What was seen is kept a few seconds: looking again hurts nobody."""

from collections.abc import Sequence
from threading import Lock
from time import monotonic

from flask import Blueprint, render_template, request

from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.diagnostico import Como, Hallazgo
from pmc_soap.web.consola.acceso import requires
from pmc_soap.web.consola.casa import Casa

FRESH_S = 10


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the page."""
    lock, kept = Lock(), dict[bool, tuple[float, Sequence[Hallazgo]]]()

    def look(*, con_red: bool) -> Sequence[Hallazgo]:
        with lock:
            made, found = kept.get(con_red, (-FRESH_S, ()))
            if monotonic() - made >= FRESH_S:
                found = casa.diagnosticar(con_red)
                kept[con_red] = monotonic(), found
            return found

    @pages.get("/estado")
    @requires(Permiso.VER)
    def estado() -> str:
        con_red = request.args.get("red") == "1"
        found = look(con_red=con_red)
        return render_template(
            "consola/estado.html",
            hallazgos=found,
            con_red=con_red,
            cuantos={como: sum(each.como is como for each in found) for como in Como},
            now=casa.clock.now(),
        )
