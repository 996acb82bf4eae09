"""The contract's pages: each operation with its fields, and a sample; read by people, without a session."""

import io
import zipfile
from typing import NamedTuple

from flask import Blueprint, Response, abort, render_template


class Campo(NamedTuple):
    """One element: its place below the message (names joined by /), and what it may hold."""

    nombre: str
    tipo: str
    limite: str
    obligatorio: bool
    doc: str


class Operacion(NamedTuple):
    """One operation: what it is for, what goes and comes back, how it can end (code, text), and a sample of both."""

    nombre: str
    respuesta: str
    doc: str
    pide: list[Campo]
    contesta: list[Campo]
    codigos: list[tuple[str, str]]
    pedido: str
    contestado: str


class Servicio(NamedTuple):
    """One WSDL. puerto: its name in addresses; path: where it is served."""

    puerto: str
    nombre: str
    path: str
    doc: str
    operaciones: list[Operacion]


class Contrato(NamedTuple):
    """All there is to show. codigos: (code, text); archivos: what the zip holds, name → bytes."""

    servicios: list[Servicio]
    falla: list[Campo]
    codigos: list[tuple[str, str]]
    archivos: dict[str, bytes]


def build(contrato: Contrato) -> Blueprint:
    """Build the pages of that contract."""
    pages = Blueprint("contrato", __name__, url_prefix="/contrato")

    @pages.get("/")
    def inicio() -> str:
        return render_template("contrato/inicio.html", contrato=contrato)

    @pages.get("/<puerto>")
    def servicio(puerto: str) -> str:
        found = next((one for one in contrato.servicios if one.puerto == puerto), None)
        if found is None:
            abort(404)
        return render_template("contrato/servicio.html", servicio=found)

    @pages.get("/descargar")
    def descargar() -> Response:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, data in contrato.archivos.items():
                bundle.writestr(name, data)
        headers = {"Content-Disposition": "attachment; filename=contrato-pmc-soap.zip"}
        return Response(packed.getvalue(), mimetype="application/zip", headers=headers)

    return pages
