"""The pages and probes: a front page that says where things are, and whether this process is alive and ready."""

from collections.abc import Callable, Sequence
from wsgiref.types import WSGIApplication

from flask import Flask, Response, render_template
from werkzeug.exceptions import HTTPException


def build(*, ready: Callable[[], bool], mode: str, soap_paths: Sequence[str]) -> WSGIApplication:
    """Build the Flask application; ready tells whether the ledger answers and has the schema we need."""
    app = Flask(__name__)

    @app.get("/")
    def home() -> str:
        return render_template("inicio.html", mode=mode, soap_paths=soap_paths)

    @app.get("/salud/vivo")
    def alive() -> Response:
        return _text("vivo")

    @app.get("/salud/listo")
    def is_ready() -> Response:
        return _text("listo") if ready() else _text("la base de datos no está lista", 503)

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Response:
        """One line of text: a SOAP client that took a wrong path must never be shown HTML."""
        return _text(f"{error.code}: acá no hay nada; el contrato está en {soap_paths[0]}?wsdl", error.code)

    return app


def _text(line: str, status: int | None = 200) -> Response:
    return Response(f"{line}\n", status, content_type="text/plain; charset=utf-8")
