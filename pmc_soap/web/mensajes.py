"""What a page says once of what was just done: it goes with the redirect in a cookie, is shown, and is gone."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress

from flask import Flask, Response, redirect, request

COOKIE = "pmc_mensaje"
TONOS = frozenset({"bien", "ojo", "mal"})
_MAX, _AGE_S = 600, 60


def go(address: str, texto: str, tono: str = "bien") -> Response:
    """Send the browser to that address of ours (303), where the text is shown once. tono: bien, ojo or mal."""
    response = Response(status=303, headers=redirect(address).headers)
    value = urlsafe_b64encode(f"{tono} {texto[:_MAX]}".encode()).decode()
    response.set_cookie(COOKIE, value, max_age=_AGE_S, httponly=True, samesite="Strict", secure=request.is_secure)
    return response


def add(app: Flask) -> None:
    """Let templates show it."""

    @app.context_processor
    def told() -> dict[str, object]:
        return {"mensaje": _read()}

    @app.after_request
    def forget(response: Response) -> Response:
        shown = response.status_code < 300 and response.mimetype == "text/html"  # noqa: PLR2004 — a page
        if shown and COOKIE in request.cookies and not request.headers.get("HX-Request"):
            response.delete_cookie(COOKIE, httponly=True, samesite="Strict", secure=request.is_secure)
        return response


def _read() -> tuple[str, str] | None:
    with suppress(ValueError):
        tono, _, texto = urlsafe_b64decode(request.cookies.get(COOKIE, "")).decode().partition(" ")
        if tono in TONOS and texto:
            return tono, texto
    return None
