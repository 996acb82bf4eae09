"""What stands between HTTP and the protocol: method, who may come in, type, size, room.

WSGI in, WSGI out; whatever happens, a POST gets a SOAP answer. Each leaves one line in the log, with no value of it.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from pmc_soap.soap.acceso import Acceso, Llamador
from pmc_soap.soap.aforo import Aforo
from pmc_soap.soap.anotado import Keep, annotate
from pmc_soap.soap.contract import XSD_FILE, committed, served
from pmc_soap.soap.dinero import tells_of_money
from pmc_soap.soap.fallas import Causa, FallaSoap
from pmc_soap.soap.lectura import Vigia, read_body, read_charset
from pmc_soap.soap.limites import BODY_MAX
from pmc_soap.soap.pedido import Pedido, Respuesta
from pmc_soap.soap.puertas import Door
from pmc_soap.soap.wsdl import Port

log = logging.getLogger(__name__)

XML = "text/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

_SOBRECARGA = Causa.SOBRECARGA.value.codigo  # counted in the log: whoever is refused for want of time costs none

Tell = Callable[[Mapping[str, object], str, Mapping[str, float]], None]


class Guard:
    """Serves one port: its contract to GET ?wsdl, its operations to POST."""

    def __init__(
        self,
        port: Port,
        door: Door,
        acceso: Acceso,
        aforo: Aforo | None,
        tell: Tell,
        public_url: str,
        keep: Keep | None = None,
    ) -> None:
        self._name = port.name
        self._door = door
        self._acceso = acceso
        self._aforo = aforo
        self._tell = tell
        self._keep = keep
        self._vigia = Vigia()
        self._wsdl = served(port, public_url)
        self._xsd = committed(XSD_FILE)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ["REQUEST_METHOD"] != "POST":
            return self._answer_other(environ, start_response)
        pedido = Pedido(environ, self._acceso.who(environ))
        try:
            respuesta = self._answer(pedido)
        except FallaSoap as falla:
            respuesta = pedido.refuse(falla)
        except Exception as error:
            log.exception("request %s was not answered by the protocol", pedido.id_pedido)
            respuesta = pedido.refuse(error)
        _tell(self._tell, self._name, pedido, respuesta)
        if pedido.falla != _SOBRECARGA:
            _note(self._keep, self._name, pedido, respuesta)
        return _send(respuesta.status, respuesta.body, XML, respuesta.headers, start_response)

    def _answer(self, pedido: Pedido) -> Respuesta:
        self._acceso.enter(self._name, pedido.llamador)
        pedido.body = read_body(pedido.environ, BODY_MAX[self._name], self._vigia)
        pedido.charset = read_charset(pedido.environ)
        pedido.mark("ms_lectura")
        if self._aforo is None:
            return self._door(pedido)
        if not self._aforo.admit(is_money=tells_of_money(pedido.body)):
            raise FallaSoap(Causa.SOBRECARGA)
        try:
            return self._door(pedido)
        finally:
            self._aforo.leave()

    def _answer_other(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "").partition("=")[0].lower()
        contract = {"wsdl": self._wsdl, "xsd": self._xsd}.get(query)
        if contract is None or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            text = "405: este servicio SOAP se llama con POST; su contrato está en ?wsdl\n".encode()
            return _send("405 Method Not Allowed", text, TEXT, {"Allow": "POST"}, start_response)
        body = _send("200 OK", contract, XML, {}, start_response)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else body


def is_for_soap(environ: WSGIEnvironment) -> bool:
    """Tell whether a request that took a wrong path was meant for a port."""
    path, media = environ.get("PATH_INFO", ""), environ.get("CONTENT_TYPE", "").partition(";")[0].lower()
    looks_so = path in {"", "/"} or path.startswith("/soap") or "xml" in media
    return environ["REQUEST_METHOD"] == "POST" and looks_so


def answer_wrong_path(
    environ: WSGIEnvironment, start_response: StartResponse, tell: Tell, keep: Keep | None = None
) -> Iterable[bytes]:
    """Answer a SOAP client that took a wrong path."""
    pedido = Pedido(environ, Llamador(None, None))
    respuesta = pedido.refuse(FallaSoap(Causa.OPERACION))
    _tell(tell, None, pedido, respuesta)
    _note(keep, None, pedido, respuesta)
    return _send(respuesta.status, respuesta.body, XML, respuesta.headers, start_response)


def _tell(tell: Tell, puerto: str | None, pedido: Pedido, respuesta: Respuesta) -> None:
    """Tell the log of a request: codes, counts and times, never a value of it."""
    hechos = {
        "evento": "pedido",
        "puerto": puerto,
        "operacion": pedido.operacion,
        "empresa": pedido.empresa,
        "http": int(respuesta.status[:3]),
        "codigo": pedido.codigo,
        "duplicado": pedido.duplicado,
        "falla": pedido.falla,
        "campo": pedido.campo,
        "tolerado": tuple(sorted(pedido.tolerado)) or None,
    }
    cifras = {
        "bytes_in": len(pedido.body),
        "bytes_out": len(respuesta.body),
        "ms": pedido.ms_until_now(),
        **pedido.ms,
    }
    tell(hechos, pedido.id_pedido, cifras)


def _note(keep: Keep | None, puerto: str | None, pedido: Pedido, respuesta: Respuesta) -> None:
    """Have an exchange kept; whatever is wrong with that, the answer goes out."""
    if keep is None:
        return
    try:
        keep(annotate(puerto, pedido, respuesta))
    except Exception:
        log.exception("request %s was not noted", pedido.id_pedido)


def _send(
    status: str, body: bytes, media: str, headers: Mapping[str, str], start_response: Callable[..., Any]
) -> Iterable[bytes]:
    start_response(status, [("Content-Type", media), *headers.items(), ("Content-Length", str(len(body)))])
    return [body]
