"""No page of another site can send our forms: each carries a word that belongs to who reads it.

For who entered it follows from the session, which nobody else knows; for others their browser holds it in a cookie. A
browser that says where a request comes from is believed as well.
"""

import secrets
from hashlib import sha256
from hmac import compare_digest

from flask import Flask, Response, abort, g, request
from markupsafe import Markup

COOKIE, FIELD, SESION = "pmc_csrf", "csrf", "pmc_sesion"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BYTES = 24


def add(app: Flask) -> None:
    """Refuse what is no form of ours (403), and let templates write the word: {{ csrf() }}."""
    app.jinja_env.globals["csrf"] = _field

    @app.before_request
    def refuse() -> None:
        if request.method in _SAFE or request.routing_exception is not None:
            return  # there is no such page, or it takes no form: said as ever
        site, origin = request.headers.get("Sec-Fetch-Site", "same-origin"), request.headers.get("Origin")
        held, told = _held(), request.form.get(FIELD, "")
        ours = origin is None or origin.partition("://")[2] == request.host
        if site != "same-origin" or not ours or not held or not compare_digest(held.encode(), told.encode()):
            abort(403)

    @app.after_request
    def remember(response: Response) -> Response:
        made = g.get("csrf")
        if made and SESION not in request.cookies and request.cookies.get(COOKIE) != made:
            response.set_cookie(COOKIE, made, httponly=True, samesite="Strict", secure=request.is_secure)
        return response


def _held() -> str:
    """Give the word of who asks; empty if there is none yet."""
    token = request.cookies.get(SESION)
    return sha256(f"csrf {token}".encode()).hexdigest() if token else request.cookies.get(COOKIE, "")


def _field() -> Markup:
    if not g.get("csrf"):
        g.csrf = _held() or secrets.token_urlsafe(_BYTES)
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, g.csrf)
