"""Coming in and going out, and one's own account."""

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.libro_usuarios import Negado, Reparo
from pmc_soap.operations.usuarios import DURA
from pmc_soap.web.consola.acceso import requires, usuario
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.consola.reparos import REPAROS
from pmc_soap.web.csrf import COOKIE, SESION
from pmc_soap.web.mensajes import go


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the pages."""

    @pages.get("/entrar")
    def entrar() -> ResponseReturnValue:
        back = _own(request.args.get("volver"))
        return redirect(back, 303) if g.get("usuario") else _door(casa, back)

    @pages.post("/entrar")
    def entrar_ya() -> ResponseReturnValue:
        back = _own(request.form.get("volver"))
        said = request.form.get("usuario", ""), request.form.get("clave", "")
        try:
            token, found = casa.usuarios.enter(*said, request.remote_addr or "")
        except Negado as negado:
            return _door(casa, back, REPAROS[negado.reparo]), 422
        return _entered(url_for("consola.cuenta") if found.debe_cambiar else back, token)

    @pages.post("/salir")
    @requires(Permiso.VER)
    def salir() -> ResponseReturnValue:
        casa.usuarios.leave(request.cookies.get(SESION, ""))
        return _left(go(url_for("consola.entrar"), "Saliste. Hasta luego."))

    @pages.get("/cuenta")
    @requires(Permiso.VER)
    def cuenta() -> ResponseReturnValue:
        return _account(casa)

    @pages.post("/cuenta/clave")
    @requires(Permiso.VER)
    def cuenta_clave() -> ResponseReturnValue:
        nueva = request.form.get("nueva", "")
        if nueva != request.form.get("otra_vez", ""):
            return _account(casa, "La clave nueva y su repetición no son iguales."), 422
        try:
            casa.usuarios.change_own_clave(usuario().usuario, request.form.get("clave", ""), nueva)
        except Negado as negado:
            said = "La clave de ahora no es esa." if negado.reparo is Reparo.NO_COINCIDE else REPAROS[negado.reparo]
            return _account(casa, said), 422
        return _left(go(url_for("consola.entrar"), "Listo, la clave cambió. Entrá con la nueva."))

    @pages.post("/cuenta/sesiones")
    @requires(Permiso.VER)
    def cuenta_sesiones() -> ResponseReturnValue:
        casa.usuarios.end_sessions(usuario().usuario, request.cookies.get(SESION))
        return go(url_for("consola.cuenta"), "Listo: las otras sesiones terminaron.")


def _account(casa: Casa, error: str = "") -> str:
    who = usuario()
    return render_template(
        "consola/cuenta.html", sesiones=casa.usuarios.sessions(who.usuario), error=error, debe_cambiar=g.debe_cambiar
    )


def _nobody(casa: Casa) -> bool:
    """Tell whether nobody can enter yet, so that the page says how the first one is made."""
    return not casa.de_demostracion and not casa.usuarios.list()


def _own(address: str | None) -> str:
    """Give an address of the consola, or of the sandbox, to go on at; another's is none."""
    ours = url_for("consola.inicio")
    path = (address or "").rstrip("?")
    return path if path.startswith((ours, "/sandbox/")) and "\\" not in path and path.isprintable() else ours


def _door(casa: Casa, back: str, error: str = "") -> str:
    de_demostracion = casa.de_demostracion
    return render_template(
        "consola/entrar.html", error=error, volver=back, de_demostracion=de_demostracion, nadie=_nobody(casa)
    )


def _entered(address: str, token: str) -> Response:
    response = make_response(redirect(address, 303))
    response.set_cookie(
        SESION,
        token,
        max_age=int(DURA.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def _left(response: Response) -> Response:
    for name in (SESION, COOKIE):
        response.delete_cookie(name, httponly=True, samesite="Lax", secure=request.is_secure)
    return response
