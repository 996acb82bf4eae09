"""The switch of the company's own system, and its book: where a person sees money arrive, once."""

from collections.abc import Sequence
from functools import cached_property

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pmc_soap.web import mensajes
from pmc_soap.web.sandbox.puertas import Erp, Imputado, Sandbox

LAST = 8  # lines of its book
MODOS = (("on", "Encendido"), ("off", "Apagado"), ("slow", "Lento"), ("errors", "Errores"))
_TOLD = {
    "on": ("El ERP está encendido: lo que esperaba se entrega solo.", "bien"),
    "off": ("El ERP está apagado: los avisos se guardan, se confirman a PagoMisCuentas y esperan.", "ojo"),
    "slow": ("El ERP tarda 6 segundos: más de lo que espera una consulta, menos que una entrega.", "ojo"),
    "errors": ("El ERP contesta errores: las entregas se reintentan solas.", "ojo"),
}


def add(pages: Blueprint, sandbox: Sandbox) -> None:
    """Add what is only there with an ERP of ours."""
    company = sandbox.erp

    @pages.context_processor
    def state() -> dict[str, object]:
        return {"erp": _Estado(company) if company else None}

    if company is None:
        return

    @pages.get("/erp")
    def erp() -> str:
        return render_template("sandbox/erp.html", id_aviso=request.args.get("aviso", ""))

    @pages.post("/erp")
    def erp_modo() -> ResponseReturnValue:
        try:
            company.switch(request.form.get("modo", ""))
        except ValueError:
            abort(400)
        if request.headers.get("HX-Request"):
            return render_template("sandbox/erp.html", id_aviso=request.form.get("aviso", ""))
        return mensajes.go(_back(request.form.get("volver", "")), *_TOLD[company.modo()])


class _Estado:
    """What a template may ask of it, when it does: most answers ask nothing."""

    modos = MODOS

    def __init__(self, company: Erp) -> None:
        self._company = company
        self.volver = _here()

    @cached_property
    def modo(self) -> str:
        return self._company.modo()

    @property
    def dice(self) -> tuple[str, str]:
        return _TOLD[self.modo]

    @property
    def imputaciones(self) -> Sequence[Imputado]:
        return self._company.last(LAST)


def _here() -> str:
    """Give the page to come back to: the one shown, or the one that its fragment is of."""
    told = request.values.get("volver")
    return _back(told) if told else request.full_path if request.method == "GET" else url_for("sandbox.inicio")


def _back(volver: str) -> str:
    """Give where the person was, if it is one of our pages."""
    home = url_for("sandbox.inicio")
    return volver if volver.startswith(home) and "\\" not in volver and ":" not in volver.partition("?")[0] else home
