"""Who may call and with what, and a new secret: shown once, for a person to write where the configuration is.

The process that serves must not be able to write its own configuration (docs/adr/20).
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pmc_soap.domain.acta import Accion, Acta
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.usuario import Permiso
from pmc_soap.web.consola.acceso import requires, usuario
from pmc_soap.web.consola.casa import Casa, Secreto

USUARIO_MAX = 64


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the pages."""

    @pages.get("/credenciales")
    @requires(Permiso.VER_CONFIGURACION)
    def credenciales() -> str:
        return _page(casa)

    @pages.post("/credenciales")
    @requires(Permiso.ADMINISTRAR)
    def credenciales_crear() -> ResponseReturnValue:
        de, name = request.form.get("de", ""), request.form.get("usuario", "").strip()
        if de not in {each.codigo for each in casa.instalacion.llamadores()} or len(name) > USUARIO_MAX:
            return _page(casa, error="Elegí de quién es.", said=(de, name)), 422
        try:
            nuevo = casa.instalacion.issue(name or de)
        except ValueError:
            error = "El usuario va sin dos puntos: HTTP Basic no lo podría llevar."
            return _page(casa, error=error, said=(de, name)), 422
        casa.note(
            Acta(
                fecha_hora_utc=casa.clock.now(),
                operador=usuario().usuario,
                accion=Accion.CREDENCIAL_CREADA,
                codigo_empresa=de if de in casa.empresas else "",
                motivo="",
                antes={},
                despues={"de": de, "usuario": name or de},
            )
        )
        return _page(casa, said=(de, name), nuevo=nuevo)


def _page(casa: Casa, error: str = "", said: tuple[str, str] = ("", ""), nuevo: Secreto | None = None) -> str:
    found = casa.instalacion.llamadores()
    return render_template(
        "consola/credenciales.html",
        llamadores=found,
        opciones=[(each.codigo, f"{each.nombre} ({each.codigo})") for each in found],
        hoy=local_day(casa.clock.now()),
        error=error,
        said=said,
        nuevo=nuevo,
    )
