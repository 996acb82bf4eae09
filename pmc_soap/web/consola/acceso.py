"""Who is at the other end of a page of the consola, and what that person may do."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

from pmc_soap.domain.usuario import Permiso, Usuario
from pmc_soap.web.consola.casa import Casa

COOKIE = "pmc_sesion"
P = ParamSpec("P")


def usuario() -> Usuario:
    """Give who it is; every page of the consola has somebody."""
    who: Usuario = g.usuario
    return who


def puede(permiso: str) -> bool:
    """Tell whether who it is may do it; templates ask it too."""
    who: Usuario | None = g.get("usuario")
    return who is not None and who.puede(Permiso(permiso))


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

        return guarded

    return guard


def add(pages: Blueprint, casa: Casa) -> None:
    """Let in only who has a session."""

    @pages.before_request
    def enter() -> None:
        who = casa.quien(request.cookies.get(COOKIE))
        if who is None:
            abort(401)
        g.usuario = who

    @pages.context_processor
    def told() -> dict[str, object]:
        return {"usuario": g.get("usuario")}
