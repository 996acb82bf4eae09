"""The pages and probes: where things are, what each error means, and whether this process is alive and ready."""

from collections.abc import Callable, Sequence
from wsgiref.types import WSGIApplication

from flask import Flask, Response, render_template
from werkzeug.exceptions import HTTPException

from pmc_soap.web.ayuda import Ayuda

# no script, no frame, nothing from anywhere else: there is nothing here that needs it
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def build(*, ready: Callable[[], bool], mode: str, soap_paths: Sequence[str], ayuda: Ayuda) -> WSGIApplication:
    """Build the Flask application; ready tells whether the ledger answers and has the schema we need."""
    app = Flask(__name__)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}

    @app.get("/")
    def home() -> str:
        return render_template("inicio.html", mode=mode, soap_paths=soap_paths)

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

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response

    return app


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
