"""What both doors share: from an envelope to the message that was asked, and from the answer to bytes.

Bytes are parsed once, the caller is known before the document is validated, the schema that validates is the one
that is published, and no text of a library leaves in a fault (edge.md §2).
"""

import logging
import re
from collections.abc import Callable, Container
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from pmc_soap.operations.ports import Unavailable
from pmc_soap.soap import codec
from pmc_soap.soap.acceso import NETWORK, Acceso
from pmc_soap.soap.contract import operation_names
from pmc_soap.soap.credenciales import Presented, read_basic
from pmc_soap.soap.dinero import MONEY
from pmc_soap.soap.envelope import Envelope, copy_apart, open_envelope, remember
from pmc_soap.soap.fallas import ENVELOPE, Causa, FallaSoap
from pmc_soap.soap.limites import BODY_MAX, ELEMENTS_MAX
from pmc_soap.soap.pedido import Pedido
from pmc_soap.soap.reconocedor import compile_recogniser
from pmc_soap.soap.tolerante import forgive
from pmc_soap.soap.usernametoken import read_username_token
from pmc_soap.soap.validation import validate
from pmc_soap.soap.words import NAMESPACE
from pmc_soap.soap.wsdl import Port

log = logging.getLogger(__name__)

WITHOUT_CREDENTIAL = frozenset({"Eco"})
_MASK = "***"
_NAMED_MAX = 200  # characters of a SOAPAction that are looked at, and remembered: its end names the operation
_HEAD = f'<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="{ENVELOPE}"><soap:Body>'
_TAIL = "</soap:Body></soap:Envelope>"
# also in no namespace: the tolerant reader will put it in ours
_CABECERA, _CODIGO, _TOKEN = ((f"{{{NAMESPACE}}}{name}", name) for name in ("Cabecera", "CodigoEmpresa", "Token"))

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
    """What an envelope asks: the operation and its message."""

    operation: Operation
    message: Any


class Protocol:
    """One port's protocol: the network's or the empresa's.

    empresas: the codes that the log may name. recognises: whether the plainest requests are read without a parser.
    """

    def __init__(
        self,
        port: Port,
        acceso: Acceso,
        keep_unreadable: KeepUnreadable,
        empresas: Container[str] = (),
        *,
        recognises: bool = True,
    ) -> None:
        self._port_name = port.name
        self._elements_max = ELEMENTS_MAX[port.name]
        self._acceso = acceso
        self._keep_unreadable = keep_unreadable
        self._empresas = empresas
        operations = [_operation(each) for each in port.operations]
        self._operations: dict[Any, Operation] = {f"{{{NAMESPACE}}}{each.name}": each for each in operations}
        self._by_name = {each.name: each for each in operations}
        self._recognise = compile_recogniser({each.name: each.request for each in operations} if recognises else {})

    def read(self, pedido: Pedido) -> Asked:
        """Find out who asks for what, and hold it against the contract; raises FallaSoap only."""
        try:
            asked = self._read(pedido)
        except FallaSoap:
            raise
        except Exception as error:
            log.exception("a request broke the edge")
            raise FallaSoap(Causa.INTERNO) from error
        pedido.mensaje = asked.message
        return asked

    def write(self, pedido: Pedido, operation: Operation, value: Any) -> bytes:
        """Write the whole answer before anything is sent; raises FallaSoap where it cannot be written."""
        try:
            text = codec.encode(operation.response, f"{operation.name}Response", value)
            resultado = getattr(getattr(value, f"{operation.name}Result"), "Resultado", None)
        except Exception as error:
            log.exception("an answer could not be written")
            raise FallaSoap(Causa.INTERNO) from error
        if resultado is not None:
            pedido.codigo, pedido.severidad, pedido.duplicado = (
                resultado.Codigo,
                resultado.Severidad,
                resultado.Duplicado,
            )
        pedido.valor = value
        answer = f"{_HEAD}{text}{_TAIL}".encode("ascii", "xmlcharrefreplace")
        pedido.mark("ms_escritura")
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
            if asked.operation.moves_money:
                envelope = open_envelope(pedido.body, pedido.charset, self._elements_max)
                self._keep(pedido, asked.operation, envelope.operation)
            raise FallaSoap(Causa.INTERNO) from error
        pedido.mark("ms_operacion")
        return value

    def _read(self, pedido: Pedido) -> Asked:
        recognised = self._recognise(pedido.body) if pedido.charset != "utf-16" else None
        if recognised is None:
            return self._read_envelope(pedido, open_envelope(pedido.body, pedido.charset, self._elements_max))
        name, message = recognised
        operation = self._by_name[name]
        self._open(pedido, operation)
        cabecera = getattr(message, "Cabecera", None)
        if cabecera is None:
            self._authenticate(pedido, operation, "", None)
        else:
            self._authenticate(pedido, operation, cabecera.CodigoEmpresa, cabecera.Token)
        pedido.mark("ms_contrato")
        return Asked(operation, message)

    def _read_envelope(self, pedido: Pedido, envelope: Envelope) -> Asked:
        operation = self._operations.get(envelope.operation.tag)
        if operation is None:
            raise FallaSoap(Causa.OPERACION)
        self._open(pedido, operation)
        if operation.name in WITHOUT_CREDENTIAL and len(pedido.body) > BODY_MAX[NETWORK]:
            raise FallaSoap(Causa.DEMASIADO_GRANDE)  # who shows nothing is not owed the work of a large one
        codigo_empresa, token = _read_cabecera(envelope.operation)
        self._authenticate(pedido, operation, codigo_empresa, token, envelope.security)
        message = self._hold_to_contract(pedido, operation, envelope.operation)
        if operation.name not in WITHOUT_CREDENTIAL:  # nobody fills what we remember without showing who he is
            self._check_empresa(pedido, operation, envelope, codigo_empresa, message)
            remember(envelope)
        pedido.mark("ms_contrato")
        return Asked(operation, message)

    @staticmethod
    def _open(pedido: Pedido, operation: Operation) -> None:
        pedido.operacion = operation.name
        _check_soap_action(pedido.environ.get("HTTP_SOAPACTION", ""), operation.name)
        pedido.mark("ms_apertura")

    def _authenticate(
        self,
        pedido: Pedido,
        operation: Operation,
        codigo_empresa: str,
        token: str | None,
        security: etree._Element | None = None,
    ) -> None:
        if codigo_empresa in self._empresas:
            pedido.empresa = codigo_empresa
        if operation.name not in WITHOUT_CREDENTIAL:
            if token:
                presented: Presented | None = Presented(secreto=token)
            else:
                in_header = None if security is None else read_username_token(security)
                presented = in_header or read_basic(pedido.environ.get("HTTP_AUTHORIZATION"))
            self._acceso.authenticate(self._port_name, codigo_empresa, presented, pedido.llamador)
            pedido.conocido = True
        pedido.mark("ms_credencial")

    def _check_empresa(
        self, pedido: Pedido, operation: Operation, envelope: Envelope, codigo_empresa: str, message: Any
    ) -> None:
        """Refuse a request that was let in for one empresa and is read as another's, however that was spelt."""
        if message.Cabecera.CodigoEmpresa != codigo_empresa:
            self._keep(pedido, operation, envelope.operation)
            raise FallaSoap(Causa.CONTRATO, "CodigoEmpresa")

    def _hold_to_contract(self, pedido: Pedido, operation: Operation, element: etree._Element) -> Any:
        """Give the message, read as strictly as it is published, and only then with the habits of old stacks undone."""
        try:
            validate(element)
            return codec.decode(operation.request, element)
        except (FallaSoap, codec.CodecError):
            root = copy_apart(element.getroottree().getroot())  # whole: a prefix in a value may be declared at the root
        forgiven = root[-1][0]
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
            codigo_empresa, _ = _read_cabecera(element)
            self._keep_unreadable(codigo_empresa, pedido.id_pedido, _masked(element))


def _operation(descriptor: Any) -> Operation:
    return Operation(
        name=descriptor.in_message.get_type_name(),
        request=codec.original(descriptor.in_message),
        response=codec.original(descriptor.out_message),
        descriptor=descriptor,
    )


def _check_soap_action(header: str, operation: str) -> None:
    """Refuse a SOAPAction that names another operation of ours; old clients send nothing or words of their own."""
    if header and _named_by(header[-_NAMED_MAX:]) not in {None, operation}:
        raise FallaSoap(Causa.SOAP_ACTION)


@lru_cache(maxsize=256)
def _named_by(soap_action: str) -> str | None:
    """Give the operation of ours that a SOAPAction names; a client says the same each time."""
    named = re.split("[#/:]", soap_action.strip().strip('"'))[-1]
    return named if named in operation_names() else None


def _read_cabecera(operation: etree._Element) -> tuple[str, str]:
    """Give the CodigoEmpresa and the Token that an operation shows, before it is held against the contract."""
    said: dict[Any, str] = {}
    for cabecera in operation[:1]:
        if cabecera.tag in _CABECERA:
            said = {child.tag: (child.text or "").strip() for child in cabecera}
    codigo_empresa, token = (next((said[tag] for tag in tags if tag in said), "") for tags in (_CODIGO, _TOKEN))
    return codigo_empresa, token


def _masked(operation: etree._Element) -> bytes:
    for token in operation.iter("{*}Token"):  # in any namespace: the wrong one may be why it broke the contract
        token.text = _MASK
        del token[:]
    return etree.tostring(operation)
