"""The two doors of a port: ours, which goes straight through the compiled codec, and stock Spyne's.

Both read and write with the same Protocol and ask the same services, and their answers are the same byte for byte (the
tests play every fixture, and mutations of them, through both). Spyne's is for who wants Spyne's own events and habits.
"""

from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pmc_soap.soap.spyne_compat  # noqa: F401 — before any spyne

# isort: split
from spyne import Application
from spyne.protocol.soap import Soap11
from spyne.server.wsgi import WsgiApplication

from pmc_soap.soap.fallas import FallaSoap, cause_of
from pmc_soap.soap.pedido import Pedido, Respuesta
from pmc_soap.soap.protocol import Protocol
from pmc_soap.soap.service import Operations
from pmc_soap.soap.words import NAMESPACE
from pmc_soap.soap.wsdl import Port

Door = Callable[[Pedido], Respuesta]

_PEDIDO, _ASKED = "pmc.pedido", "pmc.asked"


def compiled_door(port: Port, protocol: Protocol, operations: Operations) -> Door:
    """Give our own door."""
    ctx = SimpleNamespace(app=_application(port, protocol, operations))  # all that a service asks of its context

    def answer(pedido: Pedido) -> Respuesta:
        asked = protocol.read(pedido)
        operation = asked.operation
        value = protocol.answering(pedido, asked, lambda: operation.descriptor.function(ctx, asked.message))
        return Respuesta(protocol.write(pedido, operation, value))

    return answer


def spyne_door(port: Port, protocol: Protocol, operations: Operations) -> Door:
    """Give the door of Spyne's own WSGI application."""
    wsgi = WsgiApplication(_application(port, protocol, operations))

    def answer(pedido: Pedido) -> Respuesta:
        told: list[tuple[str, list[tuple[str, str]]]] = []
        charset = f"; charset={pedido.charset}" if pedido.charset else ""
        environ = pedido.environ | {
            "wsgi.input": BytesIO(pedido.body),
            "CONTENT_LENGTH": str(len(pedido.body)),
            "CONTENT_TYPE": f"text/xml{charset}",
            _PEDIDO: pedido,
        }
        body = b"".join(wsgi(environ, lambda status, headers, *_: told.append((status, headers))))
        [(status, headers)] = told
        ours = {name: value for name, value in headers if name not in {"Content-Type", "Content-Length"}}
        return Respuesta(body, status, ours)

    return answer


def _application(port: Port, protocol: Protocol, operations: Operations) -> Application:
    return _Gateway(
        [port.service],
        tns=NAMESPACE,
        name=port.name,
        in_protocol=_PmcSoap11(protocol),
        out_protocol=_PmcSoap11(protocol),
        config=operations,
    )


class _Gateway(Application):
    """Spyne's application, with one bridge from what may break below to what a caller is told."""

    def call_wrapper(self, ctx: Any) -> Any:
        environ = ctx.transport.req_env
        ask = super().call_wrapper
        return self.in_protocol.protocol.answering(environ[_PEDIDO], environ[_ASKED], lambda: ask(ctx))


class _PmcSoap11(Soap11):
    """Spyne's Soap11 with what it does badly replaced behind its own extension points."""

    def __init__(self, protocol: Protocol) -> None:
        super().__init__()
        self.protocol = protocol

    def create_in_document(self, ctx: Any, charset: str | None = None) -> None:
        """Take the bytes to the message, at once."""
        environ = ctx.transport.req_env
        environ[_ASKED] = self.protocol.read(environ[_PEDIDO])

    def decompose_incoming_envelope(self, ctx: Any, message: Any = Soap11.REQUEST) -> None:
        """Tell Spyne which operation it is."""
        asked = ctx.transport.req_env[_ASKED]
        ctx.in_object = asked.message
        ctx.method_request_string = f"{{{NAMESPACE}}}{asked.operation.name}"

    def deserialize(self, ctx: Any, message: Any) -> None:
        """Hand over the message that is read already."""

    def serialize(self, ctx: Any, message: Any) -> None:
        """Write the whole answer before anything is sent; what cannot be written becomes a fault."""
        environ = ctx.transport.req_env
        pedido = environ[_PEDIDO]
        if ctx.out_error is None:
            try:
                ctx.out_document = self.protocol.write(pedido, environ[_ASKED].operation, ctx.out_object[0])
            except FallaSoap as falla:
                ctx.out_error = falla
        if ctx.out_error is not None:
            respuesta = pedido.refuse(ctx.out_error)
            ctx.out_document = respuesta.body
            ctx.transport.resp_code = respuesta.status  # where writing failed, spyne has put 200 there already
            ctx.transport.resp_headers.update(respuesta.headers)

    def create_out_string(self, ctx: Any, charset: str | None = None) -> None:
        """Hand the bytes on."""
        ctx.out_string = [ctx.out_document]

    def fault_to_http_response_code(self, fault: Any) -> str:
        """Give every fault HTTP 500, but 401 where a Basic challenge is due."""
        return cause_of(fault)[0].value.status
