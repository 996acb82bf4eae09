"""What stands between HTTP and the protocol: method, type, size; and a SOAP answer for every POST, whatever happens.

WSGI in, WSGI out. Limits are in bytes and stated here only. Each request leaves one line in the log,
with no value of it.
"""

import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from email.message import Message
from io import BytesIO
from time import monotonic
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from pmc_soap.soap.contract import XSD_FILE, committed, served
from pmc_soap.soap.envelope import charset_of
from pmc_soap.soap.fallas import Causa, FallaSoap, write_fault
from pmc_soap.soap.wsdl import Port

log = logging.getLogger(__name__)
pedidos = logging.getLogger("pmc_soap.pedido")

XML = "text/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
BODY_MAX = {"PagoMisCuentas": 64 * 1024, "Empresa": 512 * 1024}  # the empresa confirms up to 500 avisos in one body
_DRAIN_MAX = 16  # times the limit: beyond that the connection is lost anyway
_DIGITS_MAX = 18
_MEDIA = frozenset({"text/xml", "application/xml", "application/soap+xml"})


class Guard:
    """Serves one port: its contract to GET ?wsdl, its operations to POST."""

    def __init__(self, port: Port, protocol: WSGIApplication, public_url: str) -> None:
        self._port = port
        self._protocol = protocol
        self._wsdl = served(port, public_url)
        self._xsd = committed(XSD_FILE)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        began, id_pedido, told = monotonic(), uuid.uuid4().hex, []

        def start(status: str, *more: Any) -> Callable[[bytes], object]:
            told.append(status.partition(" ")[0])
            return start_response(status, *more)

        environ["pmc.id_pedido"] = id_pedido
        answer = self._answer(environ, start)
        pedidos.info(
            "pedido=%s puerto=%s operacion=%s http=%s ms=%d",
            id_pedido,
            self._port.name,
            environ.get("pmc.operacion", "-"),
            told[-1] if told else "-",
            (monotonic() - began) * 1000,
        )
        return answer

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            return self._answer_other(environ, start_response)
        try:
            return self._answer_post(environ, start_response)
        except FallaSoap as falla:
            return _send_fault(falla, environ, start_response)
        except Exception as error:
            log.exception("request %s was not answered by the protocol", environ["pmc.id_pedido"])
            return _send_fault(error, environ, start_response)

    def _answer_other(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = environ.get("QUERY_STRING", "").partition("=")[0].lower()
        contract = {"wsdl": self._wsdl, "xsd": self._xsd}.get(asked)
        if contract is None or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            text = "405: este servicio SOAP se llama con POST; su contrato está en ?wsdl\n".encode()
            return _send("405 Method Not Allowed", text, {"Content-Type": TEXT, "Allow": "POST"}, start_response)
        body = _send("200 OK", contract, {"Content-Type": XML}, start_response)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else body

    def _answer_post(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = _read_body(environ, BODY_MAX[self._port.name])
        charset = _charset(environ)
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        environ["CONTENT_TYPE"] = f"text/xml; charset={charset}" if charset else "text/xml"
        return self._protocol(environ, start_response)


def is_for_soap(environ: WSGIEnvironment) -> bool:
    """Tell whether a request that took a wrong path was meant for a port."""
    path, media = environ.get("PATH_INFO", ""), environ.get("CONTENT_TYPE", "").partition(";")[0].lower()
    looks_so = path in {"", "/"} or path.startswith("/soap") or "xml" in media
    return environ["REQUEST_METHOD"] == "POST" and looks_so


def answer_wrong_path(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a SOAP client that took a wrong path."""
    environ["pmc.id_pedido"] = uuid.uuid4().hex
    return _send_fault(FallaSoap(Causa.OPERACION), environ, start_response)


def _read_body(environ: WSGIEnvironment, limit: int) -> bytes:
    """Read the whole body, or all that the limit admits: an unread body makes some clients lose the answer.

    Never asks for more than was announced: a server may give the bare socket, and that would wait for ever.
    """
    length = environ.get("CONTENT_LENGTH") or ""
    if length and not (length.isascii() and length.isdecimal()):
        raise FallaSoap(Causa.HTTP)
    readable = limit * _DRAIN_MAX
    if length:
        readable = min(int(length[:_DIGITS_MAX]), readable)
    elif not environ.get("wsgi.input_terminated"):  # set where the server itself ends the input, as in chunks
        readable = 0
    stream: Any = environ["wsgi.input"]
    try:
        body: bytes = stream.read(min(readable, limit + 1))
        if len(body) > limit:
            _drain(stream, limit, readable - len(body))
    except Exception:  # noqa: BLE001 — each server has its own, for a chunk that is none and for a caller that is gone
        raise FallaSoap(Causa.NO_ES_XML) from None
    if len(body) > limit:
        raise FallaSoap(Causa.DEMASIADO_GRANDE)
    return body


def _drain(stream: Any, limit: int, left: int) -> None:
    while left > 0:
        read = len(stream.read(min(left, limit)))
        left = left - read if read else 0


def _charset(environ: WSGIEnvironment) -> str | None:
    if environ.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise FallaSoap(Causa.TIPO_DE_CONTENIDO)
    header = Message()
    header["content-type"] = environ.get("CONTENT_TYPE") or "text/xml"
    if header.get_content_type() not in _MEDIA:
        raise FallaSoap(Causa.TIPO_DE_CONTENIDO)
    charset = header.get_param("charset", "")
    if not isinstance(charset, str):  # RFC 2231 (charset*=…): no SOAP client sends that
        raise FallaSoap(Causa.TIPO_DE_CONTENIDO)
    return charset_of(charset)


def _send_fault(fault: BaseException, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = write_fault(fault, environ["pmc.id_pedido"])
    return _send("500 Internal Server Error", body, {"Content-Type": XML}, start_response)


def _send(status: str, body: bytes, headers: Mapping[str, str], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response(status, [*headers.items(), ("Content-Length", str(len(body)))])
    return [body]
