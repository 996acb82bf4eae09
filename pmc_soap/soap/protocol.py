"""What both doors share: from an envelope to the message that was asked, and from the answer to bytes.

Bytes are parsed once, the caller is known before the document is validated, the schema that validates is the one
that is published, and no text of a library leaves in a fault (edge.md §2).
"""

import logging
import re
from collections.abc import Callable, Container
from copy import deepcopy
from typing import Any, NamedTuple

from lxml import etree

from pmc_soap.operations.ports import Unavailable
from pmc_soap.soap import codec
from pmc_soap.soap.acceso import Acceso
from pmc_soap.soap.contract import operation_names
from pmc_soap.soap.credenciales import Presented, read_basic
from pmc_soap.soap.envelope import Envelope, open_envelope
from pmc_soap.soap.fallas import ENVELOPE, Causa, FallaSoap
from pmc_soap.soap.limites import ELEMENTS_MAX
from pmc_soap.soap.pedido import Pedido
from pmc_soap.soap.tolerante import forgive
from pmc_soap.soap.usernametoken import read_username_token
from pmc_soap.soap.validation import validate
from pmc_soap.soap.words import NAMESPACE
from pmc_soap.soap.wsdl import Port

log = logging.getLogger(__name__)

WITHOUT_CREDENTIAL = frozenset({"Eco"})
MONEY = frozenset({"AvisoPago", "ReversaPago"})
_MASK = "***"
_HEAD = f'<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="{ENVELOPE}"><soap:Body>'
_TAIL = "</soap:Body></soap:Envelope>"
_CABECERA = f"{{{NAMESPACE}}}Cabecera", "Cabecera"  # also as the tolerant reader will find it

KeepUnreadable = Callable[[str, str, bytes], None]


class Operation(NamedTuple):
    """One operation of a port, as Spyne declared it."""

    name: str
    request: Any
    response: Any
    descriptor: Any

    @property
    def moves_money(self) -> bool:
        """Tell whether a request tells of money that has already moved."""
        return self.name in MONEY


class Asked(NamedTuple):
    """What an envelope asks: the operation, its message, and the element that it was read from."""

    operation: Operation
    message: Any
    element: etree._Element


class Protocol:
    """One port's protocol: the network's or the empresa's. empresas: the codes that the log may name."""

    def __init__(
        self, port: Port, acceso: Acceso, keep_unreadable: KeepUnreadable, empresas: Container[str] = ()
    ) -> None:
        self._port_name = port.name
        self._elements_max = ELEMENTS_MAX[port.name]
        self._acceso = acceso
        self._keep_unreadable = keep_unreadable
        self._empresas = empresas
        self._operations: dict[Any, Operation] = {
            f"{{{NAMESPACE}}}{each.name}": each for each in map(_operation, port.operations)
        }

    def read(self, pedido: Pedido) -> Asked:
        """Find out who asks for what, and hold it against the contract; raises FallaSoap only."""
        try:
            return self._read(pedido)
        except FallaSoap:
            raise
        except Exception as error:
            log.exception("a request broke the edge")
            raise FallaSoap(Causa.INTERNO) from error

    def write(self, pedido: Pedido, operation: Operation, value: Any) -> bytes:
        """Write the whole answer before anything is sent; raises FallaSoap where it cannot be written."""
        try:
            text = codec.encode(operation.response, f"{operation.name}Response", value)
            resultado = getattr(getattr(value, f"{operation.name}Result"), "Resultado", None)
        except Exception as error:
            log.exception("an answer could not be written")
            raise FallaSoap(Causa.INTERNO) from error
        if resultado is not None:
            pedido.codigo, pedido.duplicado = resultado.Codigo, resultado.Duplicado
        answer = f"{_HEAD}{text}{_TAIL}".encode("ascii", "xmlcharrefreplace")
        pedido.mark("escritura")
        return answer

    def answering(self, pedido: Pedido, asked: Asked, work: Callable[[], Any]) -> Any:
        """Ask the service: an exception is for what is broken, and no caller sees its text."""
        try:
            value = work()
        except Unavailable as error:
            log.exception("the ledger did not answer")
            raise FallaSoap(Causa.BASE_NO_DISPONIBLE) from error
        except Exception as error:
            log.exception("an operation broke")
            self._keep(pedido, asked.operation, asked.element)
            raise FallaSoap(Causa.INTERNO) from error
        pedido.mark("operacion")
        return value

    def _read(self, pedido: Pedido) -> Asked:
        envelope = open_envelope(pedido.body, pedido.charset, self._elements_max)
        operation = self._operations.get(envelope.operation.tag)
        if operation is None:
            raise FallaSoap(Causa.OPERACION)
        pedido.operacion = operation.name
        _check_soap_action(pedido.environ.get("HTTP_SOAPACTION", ""), operation.name)
        pedido.mark("apertura")
        self._authenticate(pedido, envelope, operation)
        pedido.mark("credencial")
        message = self._hold_to_contract(pedido, operation, envelope.operation)
        pedido.mark("contrato")
        return Asked(operation, message, envelope.operation)

    def _authenticate(self, pedido: Pedido, envelope: Envelope, operation: Operation) -> None:
        codigo_empresa = _of_cabecera(envelope.operation, "CodigoEmpresa")
        if codigo_empresa in self._empresas:
            pedido.empresa = codigo_empresa
        if operation.name in WITHOUT_CREDENTIAL:
            return
        token = _of_cabecera(envelope.operation, "Token")
        if token:
            presented: Presented | None = Presented(secreto=token)
        elif envelope.security is not None:
            presented = read_username_token(envelope.security)
        else:
            presented = None
        if presented is None:
            presented = read_basic(pedido.environ.get("HTTP_AUTHORIZATION"))
        self._acceso.authenticate(self._port_name, codigo_empresa, presented, pedido.llamador)

    def _hold_to_contract(self, pedido: Pedido, operation: Operation, element: etree._Element) -> Any:
        """Give the message, read as strictly as it is published, and only then with the habits of old stacks undone."""
        try:
            validate(element)
            return codec.decode(operation.request, element)
        except (FallaSoap, codec.CodecError):
            forgiven = deepcopy(element)
        try:
            pedido.tolerado = forgive(operation.request, forgiven)
            validate(forgiven)
            return codec.decode(operation.request, forgiven)
        except (FallaSoap, codec.CodecError) as error:
            self._keep(pedido, operation, element)
            raise FallaSoap(Causa.CONTRATO, error.campo) from None

    def _keep(self, pedido: Pedido, operation: Operation, element: etree._Element) -> None:
        """Keep the bytes of an aviso that could not be taken in: it may be money."""
        if operation.moves_money:
            self._keep_unreadable(_of_cabecera(element, "CodigoEmpresa"), pedido.id_pedido, _masked(element))


def _operation(descriptor: Any) -> Operation:
    return Operation(
        name=descriptor.in_message.get_type_name(),
        request=codec.original(descriptor.in_message),
        response=codec.original(descriptor.out_message),
        descriptor=descriptor,
    )


def _check_soap_action(header: str, operation: str) -> None:
    """Refuse a SOAPAction that names another operation of ours; old clients send nothing or words of their own."""
    if header:
        named = re.split("[#/:]", header.strip().strip('"'))[-1]
        if named in operation_names() and named != operation:
            raise FallaSoap(Causa.SOAP_ACTION)


def _of_cabecera(operation: etree._Element, name: str) -> str:
    for cabecera in operation[:1]:
        if cabecera.tag in _CABECERA:
            for child in cabecera:
                if child.tag in (f"{{{NAMESPACE}}}{name}", name):
                    return (child.text or "").strip()
    return ""


def _masked(operation: etree._Element) -> bytes:
    for token in operation.iter("{*}Token"):  # in any namespace: the wrong one may be why it broke the contract
        token.text = _MASK
        del token[:]
    return etree.tostring(operation)
