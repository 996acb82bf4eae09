"""An old caller with a bare socket: it says over HTTP exactly what a test wants said, and reads one answer."""

import re
import socket
from http.client import HTTPResponse
from typing import NamedTuple
from urllib.parse import urlsplit

import gateway as g
import stacks

TIMEOUT_S = 10
FECHA_HORA = "2026-03-10T12:00:00-03:00"
XML = "Content-Type: text/xml; charset=utf-8"
DUE = ("00", "18540.75")  # what the cliente of the conftest owes


class Answer(NamedTuple):
    """What came back, and of it what a caller looks at."""

    status: int
    headers: dict[str, str]
    body: bytes

    def said(self, name: str) -> str | None:
        """Give the text of the first element of that name."""
        return g.Answer(self.status, self.headers, self.body).said(name)

    @property
    def outcome(self) -> str | None:
        """Give the code of the Resultado, or that of the fault."""
        return (self.said("faultstring") or "").partition(":")[0] or self.said("Codigo")


def sobre(body: str) -> str:
    """Write an envelope as one would by hand."""
    return f'<soap:Envelope xmlns:soap="{g.ENVELOPE}"><soap:Body>{body}</soap:Body></soap:Envelope>'


def cabecera(token: str, fecha_hora: str = FECHA_HORA) -> str:
    """Write a Cabecera of the empresa DEMO."""
    return (
        "<Cabecera><CodigoEmpresa>DEMO</CodigoEmpresa><IdMensaje>M-1</IdMensaje>"
        f"<FechaHora>{fecha_hora}</FechaHora><Token>{token}</Token></Cabecera>"
    )


def consulta(id_cliente: str, head: str | None = None) -> str:
    """Write a ConsultaDeuda."""
    head = cabecera(stacks.TOKEN_RED) if head is None else head
    return f'<ConsultaDeuda xmlns="{g.NS}">{head}<IdCliente>{id_cliente}</IdCliente></ConsultaDeuda>'


def alta(id_cliente: str, *, importe: str = "18540.75", fecha: str = "2030-12-31", more: str = "") -> str:
    """Write an AltaFactura of the cliente's one factura."""
    vencimiento = f"<Vencimiento><Numero>1</Numero><Fecha>{fecha}</Fecha><Importe>{importe}</Importe></Vencimiento>"
    return (
        f'<AltaFactura xmlns="{g.NS}">{cabecera(stacks.TOKEN_EMPRESA)}<IdCliente>{id_cliente}</IdCliente>'
        f"<IdFactura>F-1</IdFactura><Moneda>ARS</Moneda><Vencimientos>{vencimiento}</Vencimientos>"
        f"<MensajePantalla>CUOTA</MensajePantalla><MensajeTicket>CUOTA</MensajeTicket>{more}</AltaFactura>"
    )


def due(answer: Answer) -> tuple[str | None, str | None]:
    """Give what a ConsultaDeuda told of the first factura."""
    return answer.outcome, answer.said("ImporteExigible")


def post(path: str, *headers: str, version: str = "1.1") -> bytes:
    """Write the head of a POST; Host goes without saying from HTTP/1.1 on."""
    host = ["Host: 127.0.0.1"] if version == "1.1" else []
    return "\r\n".join([f"POST {path} HTTP/{version}", *host, *headers, "", ""]).encode("latin-1")


class Caller:
    """One connection to the gateway."""

    def __init__(self, url: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=TIMEOUT_S)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def send(self, *parts: bytes) -> None:
        """Send bytes as they are."""
        for part in parts:
            self._socket.sendall(part)

    def call(self, path: str, document: str | bytes, *headers: str, version: str = "1.1") -> Answer:
        """Send a document with its length, and read the answer."""
        body = document if isinstance(document, bytes) else document.encode()
        self.send(post(path, *headers, f"Content-Length: {len(body)}", version=version), body)
        return self.read()

    def read(self, method: str = "POST") -> Answer:
        """Read one answer."""
        response = HTTPResponse(self._socket, method=method)
        response.begin()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())

    def read_interim(self) -> bytes:
        """Read the head of an answer that announces another: 100 Continue."""
        seen = b""
        while not re.search(rb"\r\n\r\n$", seen):
            seen += self._socket.recv(1)
        return seen
