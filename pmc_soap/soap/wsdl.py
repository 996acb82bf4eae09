"""One WSDL, written from its Spyne service in the form that every legacy stack reads (interop.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any
from xml.sax.saxutils import escape

from pmc_soap.soap.words import NAMESPACE
from pmc_soap.soap.xsd import XSD, indent, write_schema

WSDL_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
COMMITTED_ADDRESS = "http://127.0.0.1:8080"


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


def write_wsdl(port: Port) -> Iterator[str]:
    """Write types, messages, portType, binding, service, in the order that every stack reads."""
    yield (
        f'<wsdl:definitions name="{port.name}" targetNamespace="{NAMESPACE}" xmlns:tns="{NAMESPACE}"'
        f' xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="{WSDL_SOAP}" xmlns:xsd="{XSD}"'
        f' xmlns:wsse="{WSSE}">'
    )
    yield f"  <wsdl:documentation>{escape(port.documentation)}</wsdl:documentation>"
    yield "  <wsdl:types>"
    yield from indent(write_schema(port.operations), 4)
    yield from indent(_SECURITY_SCHEMA.splitlines(), 4)
    yield "  </wsdl:types>"
    for operation in port.operations:
        for message in (operation.in_message, operation.out_message):
            name = message.get_type_name()
            yield from indent(_message(name, "parameters", f"tns:{name}"), 2)
    yield from indent(_message("Falla", "Falla", "tns:Falla"), 2)
    yield from indent(_message("Seguridad", "Seguridad", "wsse:Security"), 2)
    yield from indent(_port_type(port), 2)
    yield from indent(_binding(port), 2)
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
