"""Spyne's Soap11 with what it does badly replaced behind its own extension points (edge.md §2).

Bytes are parsed once, the caller is known before the document is validated, the schema that validates is the one
that is published, and no text of a library leaves in a fault.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

import pmc_soap.soap.spyne_compat  # noqa: F401 — before any spyne

# isort: split
from lxml import etree
from spyne.protocol.soap import Soap11

from pmc_soap.soap import codec
from pmc_soap.soap.contract import operation_names
from pmc_soap.soap.credenciales import Credenciales, Presented, read_basic
from pmc_soap.soap.envelope import Envelope, open_envelope
from pmc_soap.soap.fallas import ENVELOPE, Causa, FallaSoap, cause_of, write_fault
from pmc_soap.soap.validation import validate
from pmc_soap.soap.words import NAMESPACE
from pmc_soap.soap.wsdl import Port

log = logging.getLogger(__name__)

WITHOUT_CREDENTIAL = frozenset({"Eco"})
MONEY = frozenset({"AvisoPago", "ReversaPago"})
_MASK = "***"
_HEAD = f'<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="{ENVELOPE}"><soap:Body>'
_TAIL = "</soap:Body></soap:Envelope>"

KeepUnreadable = Callable[[str, str, bytes], None]


class PmcSoap11(Soap11):
    """One port's protocol: the network's or the empresa's."""

    def __init__(self, port: Port, credenciales: Credenciales, keep_unreadable: KeepUnreadable) -> None:
        super().__init__()
        self._port = port
        self._operations = {operation.in_message.get_type_name(): operation for operation in port.operations}
        self._credenciales = credenciales
        self._keep_unreadable = keep_unreadable

    def create_in_document(self, ctx: Any, charset: str | None = None) -> None:
        """Take the bytes to the envelope's one operation."""
        ctx.in_document = _guarded(lambda: open_envelope(b"".join(ctx.in_string), charset))

    def decompose_incoming_envelope(self, ctx: Any, message: Any = Soap11.REQUEST) -> None:
        """Find out who asks for what, and hold it against the contract."""
        _guarded(lambda: self._decompose(ctx, ctx.in_document))

    def deserialize(self, ctx: Any, message: Any) -> None:
        """Hand over the message that decompose_incoming_envelope has already read."""

    def serialize(self, ctx: Any, message: Any) -> None:
        """Write the whole answer before anything is sent; what cannot be written becomes a fault."""
        if ctx.out_error is None:
            try:
                ctx.out_document = _encode(ctx.descriptor.out_message, ctx.out_object[0])
            except Exception:
                log.exception("an answer could not be written")
                ctx.out_error = FallaSoap(Causa.INTERNO)
                ctx.transport.resp_code = Causa.INTERNO.value.status  # spyne has put 200 there already
        if ctx.out_error is not None:
            causa, _ = cause_of(ctx.out_error)
            if causa is Causa.SIN_CREDENCIAL:
                ctx.transport.resp_headers["WWW-Authenticate"] = 'Basic realm="pmc-soap"'
            ctx.out_document = write_fault(ctx.out_error, ctx.transport.req_env["pmc.id_pedido"])

    def create_out_string(self, ctx: Any, charset: str | None = None) -> None:
        """Hand the bytes on."""
        ctx.out_string = [ctx.out_document]

    def fault_to_http_response_code(self, fault: Any) -> str:
        """Give every fault HTTP 500, but 401 where a Basic challenge is due."""
        return cause_of(fault)[0].value.status

    def keep_unreadable(self, ctx: Any) -> None:
        """Keep the bytes of an aviso that the service could not take in: it may be money."""
        name = etree.QName(ctx.in_body_doc).localname
        if name in MONEY:
            codigo_empresa = _of_cabecera(ctx.in_body_doc, "CodigoEmpresa")
            self._keep_unreadable(codigo_empresa, ctx.transport.req_env["pmc.id_pedido"], _masked(ctx.in_body_doc))

    def _decompose(self, ctx: Any, envelope: Envelope) -> None:
        name = envelope.name
        if name.namespace != NAMESPACE or name.localname not in self._operations:
            raise FallaSoap(Causa.OPERACION)
        environ = ctx.transport.req_env
        environ["pmc.operacion"] = name.localname
        _check_soap_action(environ.get("HTTP_SOAPACTION", ""), name.localname)
        codigo_empresa = self._authenticate(envelope, environ.get("HTTP_AUTHORIZATION"))
        try:
            validate(envelope.operation)
            request = self._operations[name.localname].in_message
            ctx.in_object = codec.decode(request.__orig__ or request, envelope.operation)
        except (FallaSoap, codec.CodecError) as error:
            if name.localname in MONEY:
                self._keep_unreadable(codigo_empresa, environ["pmc.id_pedido"], _masked(envelope.operation))
            raise FallaSoap(Causa.CONTRATO, error.campo) from None
        ctx.in_body_doc = envelope.operation
        ctx.method_request_string = str(name)

    def _authenticate(self, envelope: Envelope, authorization: str | None) -> str:
        """Give the CodigoEmpresa asked for, once the caller may ask for it."""
        codigo_empresa = _of_cabecera(envelope.operation, "CodigoEmpresa")
        if envelope.name.localname in WITHOUT_CREDENTIAL:
            return codigo_empresa
        token = _of_cabecera(envelope.operation, "Token")
        presented = Presented(secreto=token) if token else envelope.presented or read_basic(authorization)
        if presented is None:
            raise FallaSoap(Causa.SIN_CREDENCIAL)
        is_network = self._port.name == "PagoMisCuentas"
        admitted = (
            self._credenciales.admits_network(presented)
            if is_network
            else self._credenciales.admits_empresa(codigo_empresa, presented)
        )
        if not admitted:
            raise FallaSoap(Causa.CREDENCIAL)
        return codigo_empresa


def _encode(message: Any, value: Any) -> bytes:
    text = codec.encode(message.__orig__ or message, message.get_type_name(), value)
    return f"{_HEAD}{text}{_TAIL}".encode("ascii", "xmlcharrefreplace")


def _guarded(work: Callable[[], Any]) -> Any:
    """Let only our own faults out; Spyne would turn anything else into HTML or a dropped socket."""
    try:
        return work()
    except FallaSoap:
        raise
    except Exception as error:
        log.exception("a request broke the edge")
        raise FallaSoap(Causa.INTERNO) from error


def _check_soap_action(header: str, operation: str) -> None:
    """Refuse a SOAPAction that names another operation of ours; old clients send nothing or words of their own."""
    named = re.split("[#/:]", header.strip().strip('"'))[-1]
    if named in operation_names() and named != operation:
        raise FallaSoap(Causa.SOAP_ACTION)


def _of_cabecera(operation: etree._Element, name: str) -> str:
    return (operation.findtext(f"{{{NAMESPACE}}}Cabecera/{{{NAMESPACE}}}{name}") or "").strip()


def _masked(operation: etree._Element) -> bytes:
    for token in operation.iter("{*}Token"):  # in any namespace: the wrong one may be why it broke the contract
        token.text = _MASK
        del token[:]
    return etree.tostring(operation)
