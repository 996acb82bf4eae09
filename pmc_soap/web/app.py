"""The pages and probes: where things are, what each error means, and whether this process is alive and ready."""

from collections.abc import Callable, Sequence
from wsgiref.types import WSGIApplication

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from pmc_soap.domain.direcciones import Redes
from pmc_soap.web import consola, csrf, formato, frente, mensajes
from pmc_soap.web import sandbox as juego
from pmc_soap.web.ayuda import Ayuda
from pmc_soap.web.consola import acceso
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.contrato import Contrato
from pmc_soap.web.contrato import build as build_contrato
from pmc_soap.web.sandbox.puertas import Sandbox

FORM_MAX = 256 * 1024  # bytes of a form without files

# only what we serve ourselves: nothing in line, no frame, nothing from anywhere else
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_NO_PROXY = Redes(())
_ONLY_TLS = "max-age=31536000"  # a year: who came by TLS once is not to be led elsewhere


def build(
    *,
    ready: Callable[[], bool],
    mode: str,
    soap_paths: Sequence[str],
    ayuda: Ayuda,
    casa: Casa | None = None,
    sandbox: Sandbox | None = None,
    contrato: Contrato | None = None,
    proxies: Redes = _NO_PROXY,
) -> WSGIApplication:
    """Build the Flask application; ready tells whether the ledger answers and has the schema we need.

    casa: what the consola asks; without it there is no consola. sandbox: likewise. proxies: ours, which are believed.
    """
    app = Flask(__name__)
    app.wsgi_app = frente.behind(app.wsgi_app, proxies)  # type: ignore[assignment,method-assign] # as Flask tells to
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    _limit_bodies(app)
    for piece in (formato, csrf, mensajes):
        piece.add(app)
    app.jinja_env.filters["personal"] = acceso.personal
    app.jinja_env.globals.update(
        mode=mode, puede=acceso.puede, con_consola=casa is not None, con_sandbox=sandbox is not None
    )
    if casa is not None:
        app.register_blueprint(consola.build(casa))
        acceso.check_all(app)
    app.jinja_env.globals["con_contrato"] = contrato is not None
    if contrato is not None:
        app.register_blueprint(build_contrato(contrato))
    if sandbox is not None:
        app.register_blueprint(juego.build(sandbox, casa))

    @app.get("/")
    def home() -> str:
        return render_template("inicio.html", soap_paths=soap_paths)

    @app.get("/salud/vivo")
    def alive() -> Response:
        return _text("vivo")

    @app.get("/salud/listo")
    def is_ready() -> Response:
        return _text("listo") if ready() else _text("la base de datos no está lista", 503)

    _add_help(app, ayuda)

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Response:
        """One line of text: a SOAP client that took a wrong path must never be shown HTML."""
        return _text(f"{error.code}: acá no hay nada; el contrato está en {soap_paths[0]}?wsdl", error.code)

    _harden(app)
    return app


def _harden(app: Flask) -> None:
    """Tell the browser what no page of ours ever does."""

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.update(_HEADERS)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = _ONLY_TLS
        return response


def _limit_bodies(app: Flask) -> None:
    """Read no more of a form than its page needs: a view that takes files says how much (body_max, in bytes)."""

    @app.before_request
    def limit() -> None:
        view = app.view_functions.get(request.endpoint or "")
        request.max_content_length = getattr(view, "body_max", FORM_MAX)


def _add_help(app: Flask, ayuda: Ayuda) -> None:
    @app.get("/ayuda/errores/", strict_slashes=False)
    def errores() -> str:
        return render_template("errores.html", ayuda=ayuda)

    @app.get("/ayuda/errores/<codigo>", strict_slashes=False)
    def error(codigo: str) -> str | Response:
        found = ayuda.find(codigo)
        if found is None:
            return _text("404: no hay un error con ese código; están todos en /ayuda/errores/", 404)
        return render_template("error.html", error=found, ayuda=ayuda)

    @app.get("/ayuda/codigos", strict_slashes=False)
    def codigos() -> str:
        return render_template("codigos.html", ayuda=ayuda)


def _text(line: str, status: int | None = 200) -> Response:
    return Response(f"{line}\n", status, content_type="text/plain; charset=utf-8")
