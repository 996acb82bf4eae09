"""Who is at the other end of a page of the consola, and what that person may do."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Blueprint, Flask, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from pmc_soap.domain.usuario import Permiso, Usuario
from pmc_soap.operations.ports import Unavailable
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.csrf import SESION
from pmc_soap.web.formato import enmascarar

ENTRAR = "consola.entrar"
_ABIERTAS = frozenset({ENTRAR, "consola.entrar_ya"})
_SIN_CAMBIAR = frozenset({"consola.cuenta", "consola.cuenta_clave", "consola.salir"})
_HEADERS = {"Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin"}
P = ParamSpec("P")


def usuario() -> Usuario:
    """Give who it is; every page of the consola has somebody."""
    who: Usuario = g.usuario
    return who


def puede(permiso: str) -> bool:
    """Tell whether who it is may do it; templates ask it too."""
    who: Usuario | None = g.get("usuario")
    return who is not None and who.puede(Permiso(permiso))


def personal(text: str | None) -> str:
    """Show a personal datum (a name, a CUIT) to who may see it, and its ends to others: a filter of the templates."""
    return (text or "—") if puede(Permiso.VER_PERSONALES) else enmascarar(text)


def requires(
    permiso: Permiso,
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Refuse a page (403) to who may not do that."""

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
            if not puede(permiso):
                abort(403)
            return view(*args, **kwargs)

        guarded.permiso = permiso  # type: ignore[attr-defined] # check_all reads it
        return guarded

    return guard


def add(pages: Blueprint, casa: Casa) -> None:
    """Let in only who has a session; who has none is asked who it is, and comes back."""

    @pages.before_request
    def enter() -> ResponseReturnValue | None:
        found = casa.quien(request.cookies.get(SESION))
        if found is not None:
            g.usuario, g.debe_cambiar = found
        if request.endpoint in _ABIERTAS:
            return None
        if found is None:
            back = request.full_path if request.method == "GET" else None
            return redirect(url_for(ENTRAR, volver=back), 303)
        if g.debe_cambiar and request.endpoint not in _SIN_CAMBIAR:
            return redirect(url_for("consola.cuenta"), 303)
        return None

    @pages.context_processor
    def told() -> dict[str, object]:
        return {"usuario": g.get("usuario")}

    _add_refusals(pages)

    @pages.after_request
    def close(response: Any) -> Any:
        response.headers.update(_HEADERS)
        return response


def _add_refusals(pages: Blueprint) -> None:
    """Say in words what cannot be shown."""

    @pages.errorhandler(403)
    def refuse(_: HTTPException) -> ResponseReturnValue:
        return render_template("consola/no.html", titulo="No podés entrar acá", codigo=403), 403

    @pages.errorhandler(404)
    def miss(_: HTTPException) -> ResponseReturnValue:
        return render_template("consola/no.html", titulo="No está", codigo=404), 404

    @pages.errorhandler(Unavailable)
    def wait(_: Unavailable) -> ResponseReturnValue:
        return render_template("consola/no.html", titulo="La base de datos no respondió a tiempo", codigo=503), 503


def check_all(app: Flask) -> None:
    """Hold every page of the consola to saying what it takes; raises LookupError for one that does not."""
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith("consola.") and endpoint not in _ABIERTAS and not hasattr(view, "permiso"):
            raise LookupError(f"{endpoint} does not say what it takes: @requires(Permiso...)")
