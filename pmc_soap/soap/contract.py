"""The published contract: two WSDLs and one XSD, written from the messages, committed, and served as committed.

Spyne's own WSDL is not served: it inlines copies of types, names parts and prefixes as no legacy stack expects, and
takes its address from whoever calls first (interop.md, edge.md §2). Lines come out in the messages' own order, so the
text is the same for every Python and hash seed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from inspect import cleandoc
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pmc_soap.soap.codec import builtin_of
from pmc_soap.soap.messages.parts import Falla
from pmc_soap.soap.service import Empresa, PagoMisCuentas
from pmc_soap.soap.words import NAMESPACE, is_named

XSD = "http://www.w3.org/2001/XMLSchema"
WSDL_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
COMMITTED_ADDRESS = "http://127.0.0.1:8080"
XSD_FILE = "pmc.xsd"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_FOLDER = "contrato"
_NO_MAXIMUM = "unbounded"


@dataclass(frozen=True, slots=True)
class Port:
    """One WSDL: its Spyne service, the file it is committed in, and the path it is served at."""

    service: Any
    file: str

    @property
    def name(self) -> str:
        """Give the service's name on the wire."""
        return str(self.service.__name__)

    @property
    def path(self) -> str:
        """Give the path below the public address."""
        return f"/soap/v1/{self.file.removesuffix('.wsdl')}"

    @property
    def operations(self) -> list[Any]:
        """Give Spyne's descriptors in the order they were declared."""
        return list(self.service.public_methods.values())

    @property
    def documentation(self) -> str:
        """Say in Spanish what the service is for."""
        return cleandoc(self.service.__doc__)


PORTS = (Port(PagoMisCuentas, "pagomiscuentas.wsdl"), Port(Empresa, "empresa.wsdl"))


def committed(file: str) -> bytes:
    """Read a file of the contract as it was committed (or packed with the installation)."""
    return (files("pmc_soap.soap") / _FOLDER / file).read_bytes()


def served(port: Port, public_url: str) -> bytes:
    """Give the committed WSDL with the address of this installation; a caller's Host never enters it."""
    address = escape((public_url or COMMITTED_ADDRESS).rstrip("/"), {'"': "&quot;"})
    return committed(port.file).replace(COMMITTED_ADDRESS.encode(), address.encode())


@cache
def written() -> dict[str, bytes]:
    """Write the whole contract from the messages: file name → bytes."""
    descriptors = [operation for port in PORTS for operation in port.operations]
    contract = {XSD_FILE: _HEAD + "\n".join(_schema(descriptors)) + "\n"}
    for port in PORTS:
        contract[port.file] = _HEAD + "\n".join(_wsdl(port)) + "\n"
    return {file: text.encode() for file, text in contract.items()}


def differences() -> list[str]:
    """Name the committed files that are not what the messages say; none at a healthy boot."""
    return [file for file, text in written().items() if committed(file) != text]


def write() -> list[Path]:
    """Write the contract where it is committed; only a source checkout can."""
    folder = Path(str(files("pmc_soap.soap") / _FOLDER)).resolve()
    paths = [folder / file for file in written()]
    for path in paths:
        path.write_bytes(written()[path.name])
    return paths


def _wsdl(port: Port) -> Iterator[str]:
    """Write types, messages, portType, binding, service, in the order that every stack reads."""
    yield (
        f'<wsdl:definitions name="{port.name}" targetNamespace="{NAMESPACE}" xmlns:tns="{NAMESPACE}"'
        f' xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="{WSDL_SOAP}" xmlns:xsd="{XSD}"'
        f' xmlns:wsse="{WSSE}">'
    )
    yield f"  <wsdl:documentation>{escape(port.documentation)}</wsdl:documentation>"
    yield "  <wsdl:types>"
    yield from _indent(_schema(port.operations), 4)
    yield from _indent(_SECURITY_SCHEMA.splitlines(), 4)
    yield "  </wsdl:types>"
    for operation in port.operations:
        for message in (operation.in_message, operation.out_message):
            name = message.get_type_name()
            yield from _indent(_message(name, "parameters", f"tns:{name}"), 2)
    yield from _indent(_message("Falla", "Falla", "tns:Falla"), 2)
    yield from _indent(_message("Seguridad", "Seguridad", "wsse:Security"), 2)
    yield from _indent(_port_type(port), 2)
    yield from _indent(_binding(port), 2)
    yield f'  <wsdl:service name="{port.name}">'
    yield f'    <wsdl:port name="{port.name}Port" binding="tns:{port.name}Binding">'
    yield f'      <soap:address location="{COMMITTED_ADDRESS}{port.path}"/>'
    yield "    </wsdl:port>"
    yield "  </wsdl:service>"
    yield "</wsdl:definitions>"


def _message(name: str, part: str, element: str) -> Iterator[str]:
    yield f'<wsdl:message name="{name}">'
    yield f'  <wsdl:part name="{part}" element="{element}"/>'
    yield "</wsdl:message>"


def _port_type(port: Port) -> Iterator[str]:
    yield f'<wsdl:portType name="{port.name}PortType">'
    for operation in port.operations:
        request, response = operation.in_message.get_type_name(), operation.out_message.get_type_name()
        yield f'  <wsdl:operation name="{request}">'
        yield f"    <wsdl:documentation>{escape(cleandoc(operation.function.__doc__))}</wsdl:documentation>"
        yield f'    <wsdl:input message="tns:{request}"/>'
        yield f'    <wsdl:output message="tns:{response}"/>'
        yield '    <wsdl:fault name="Falla" message="tns:Falla"/>'
        yield "  </wsdl:operation>"
    yield "</wsdl:portType>"


def _binding(port: Port) -> Iterator[str]:
    yield f'<wsdl:binding name="{port.name}Binding" type="tns:{port.name}PortType">'
    yield '  <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>'
    for operation in port.operations:
        name = operation.in_message.get_type_name()
        yield f'  <wsdl:operation name="{name}">'
        yield f'    <soap:operation soapAction="{soap_action(name)}" style="document"/>'
        yield "    <wsdl:input>"
        yield '      <soap:header message="tns:Seguridad" part="Seguridad" use="literal"/>'
        yield '      <soap:body use="literal"/>'
        yield "    </wsdl:input>"
        yield '    <wsdl:output><soap:body use="literal"/></wsdl:output>'
        yield '    <wsdl:fault name="Falla"><soap:fault name="Falla" use="literal"/></wsdl:fault>'
        yield "  </wsdl:operation>"
    yield "</wsdl:binding>"


def soap_action(operation: str) -> str:
    """Give the SOAPAction published for an operation."""
    return f"{NAMESPACE}#{operation}"


def _schema(operations: Sequence[Any]) -> Iterator[str]:
    messages = (message for operation in operations for message in (operation.in_message, operation.out_message))
    wrappers = list({message.get_type_name(): message for message in messages}.values())  # Eco is on both ports
    yield (
        f'<xsd:schema xmlns:xsd="{XSD}" xmlns:tns="{NAMESPACE}" targetNamespace="{NAMESPACE}"'
        ' elementFormDefault="qualified">'
    )
    simple, data = _types_of(wrappers)
    for word in simple:
        yield from _indent(_simple_type(word), 2)
    for message in data:
        yield from _indent(_complex_type(message, f' name="{message.get_type_name()}"'), 2)
    for message in [*wrappers, Falla]:
        yield f'  <xsd:element name="{message.get_type_name()}">'
        yield from _indent(_complex_type(message, ""), 4)
        yield "  </xsd:element>"
    yield "</xsd:schema>"


def _types_of(wrappers: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """Collect the named simple types and the data types that the wrappers need, each once, in first-use order."""
    simple: dict[str, Any] = {}
    data: dict[str, Any] = {}

    def visit(message: Any) -> None:
        for word in message._type_info.values():  # noqa: SLF001 — spyne's own table
            if hasattr(word, "_type_info"):
                visit(word)
                data.setdefault(word.get_type_name(), word.__orig__ or word)
            elif is_named(word):
                simple.setdefault(word.get_type_name(), word)

    for wrapper in wrappers:
        visit(wrapper)
    return list(simple.values()), list(data.values())


@cache
def operation_names() -> frozenset[str]:
    """Name every operation of both ports."""
    return frozenset(op.in_message.get_type_name() for port in PORTS for op in port.operations)


@cache
def element_names() -> frozenset[str]:
    """Name every element of the contract."""
    wrappers = [op.in_message for port in PORTS for op in port.operations] + [Falla]
    _, data = _types_of(wrappers)
    return frozenset(name for message in [*wrappers, *data] for name in [message.get_type_name(), *message._type_info])  # noqa: SLF001


def _simple_type(word: Any) -> Iterator[str]:
    yield f'<xsd:simpleType name="{word.get_type_name()}">'
    yield f'  <xsd:restriction base="xsd:{builtin_of(word)}">'
    for facet, value in facets_of(word):
        yield f"    <xsd:{facet} value={quoteattr(value)}/>"
    yield "  </xsd:restriction>"
    yield "</xsd:simpleType>"


def facets_of(word: Any) -> list[tuple[str, str]]:
    """List the facets of a named simple type as they are written."""
    said = word.Attributes
    match builtin_of(word):
        case "decimal":
            return [
                ("totalDigits", str(said.total_digits)),
                ("fractionDigits", str(said.fraction_digits)),
                ("minInclusive", str(said.ge)),
                ("maxInclusive", str(said.le)),
            ]
        case "int":
            return [("minInclusive", str(said.ge)), ("maxInclusive", str(said.le))]
        case _ if said.values:
            return [("enumeration", value) for value in said.values]
        case _:
            lengths = [("minLength", str(said.min_len))] if said.min_len else []
            if said.max_len != float("inf"):  # spyne's word for no limit
                lengths.append(("maxLength", str(said.max_len)))
            return [*lengths, ("pattern", said.pattern)]


def _complex_type(message: Any, name: str) -> Iterator[str]:
    yield f"<xsd:complexType{name}>"
    yield from _indent(_documentation(cleandoc(message.__doc__ or "")), 2)
    yield "  <xsd:sequence>"
    for element, word in message._type_info.items():  # noqa: SLF001 — spyne's own table
        yield from _indent(_element(element, word), 4)
    yield "  </xsd:sequence>"
    yield "</xsd:complexType>"


def _element(name: str, word: Any) -> Iterator[str]:
    own = is_named(word)
    type_name = f"tns:{word.get_type_name()}" if own else f"xsd:{builtin_of(word)}"
    lowest, highest = word.Attributes.min_occurs, word.Attributes.max_occurs
    minimum = "" if lowest == 1 else f' minOccurs="{lowest}"'
    maximum = "" if highest == 1 else f' maxOccurs="{_NO_MAXIMUM if highest == float("inf") else highest}"'
    yield f'<xsd:element name="{name}" type="{type_name}"{minimum}{maximum}>'
    yield from _indent(_documentation(word.Annotations.doc), 2)
    yield "</xsd:element>"


def _documentation(text: str) -> Iterator[str]:
    if text:
        yield f"<xsd:annotation><xsd:documentation>{escape(text)}</xsd:documentation></xsd:annotation>"


def _indent(lines: Iterable[str], spaces: int) -> Iterator[str]:
    return (" " * spaces + line for line in lines)


# wsdl.exe and SOAP::WSDL can only send headers that are declared (interop.md).
_SECURITY_SCHEMA = f"""\
<xsd:schema xmlns:xsd="{XSD}" xmlns:wsse="{WSSE}" targetNamespace="{WSSE}" elementFormDefault="qualified">
  <xsd:complexType name="UsernameToken">
    <xsd:sequence>
      <xsd:element name="Username" type="xsd:string"/>
      <xsd:element name="Password" type="xsd:string"/>
    </xsd:sequence>
  </xsd:complexType>
  <xsd:element name="Security">
    <xsd:complexType>
      <xsd:sequence>
        <xsd:element name="UsernameToken" type="wsse:UsernameToken" minOccurs="0"/>
      </xsd:sequence>
    </xsd:complexType>
  </xsd:element>
</xsd:schema>"""
