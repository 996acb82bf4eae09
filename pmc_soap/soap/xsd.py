"""The contract's one schema, written from the messages; lines come out in the messages' own order."""

from collections.abc import Iterable, Iterator, Sequence
from inspect import cleandoc
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pmc_soap.soap.leaf import builtin_of
from pmc_soap.soap.messages.parts import Falla
from pmc_soap.soap.words import NAMESPACE, is_named

XSD = "http://www.w3.org/2001/XMLSchema"
FALLA_TYPE = "DetalleFalla"
_NO_MAXIMUM = "unbounded"


def write_schema(operations: Sequence[Any]) -> Iterator[str]:
    """Write the schema that those operations need, line by line."""
    messages = (message for operation in operations for message in (operation.in_message, operation.out_message))
    wrappers = list({message.get_type_name(): message for message in messages}.values())  # Eco is on both ports
    yield (
        f'<xsd:schema xmlns:xsd="{XSD}" xmlns:tns="{NAMESPACE}" targetNamespace="{NAMESPACE}"'
        ' elementFormDefault="qualified">'
    )
    simple, data = types_of(wrappers)
    for word in simple:
        yield from indent(_simple_type(word), 2)
    for message in data:
        yield from indent(_complex_type(message, f' name="{message.get_type_name()}"'), 2)
    # named, unlike the wrappers' types: Axis 1.4 writes code that does not compile of an anonymous one in a fault
    yield from indent(_complex_type(Falla, f' name="{FALLA_TYPE}"'), 2)
    for message in wrappers:
        yield f'  <xsd:element name="{message.get_type_name()}">'
        yield from indent(_complex_type(message, ""), 4)
        yield "  </xsd:element>"
    yield f'  <xsd:element name="{Falla.get_type_name()}" type="tns:{FALLA_TYPE}"/>'
    yield "</xsd:schema>"


def types_of(wrappers: Iterable[Any]) -> tuple[list[Any], list[Any]]:
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
    yield from indent(_documentation(cleandoc(message.__doc__ or "")), 2)
    yield "  <xsd:sequence>"
    for element, word in message._type_info.items():  # noqa: SLF001 — spyne's own table
        yield from indent(_element(element, word), 4)
    yield "  </xsd:sequence>"
    yield "</xsd:complexType>"


def _element(name: str, word: Any) -> Iterator[str]:
    own = is_named(word)
    type_name = f"tns:{word.get_type_name()}" if own else f"xsd:{builtin_of(word)}"
    lowest, highest = word.Attributes.min_occurs, word.Attributes.max_occurs
    minimum = "" if lowest == 1 else f' minOccurs="{lowest}"'
    maximum = "" if highest == 1 else f' maxOccurs="{_NO_MAXIMUM if highest == float("inf") else highest}"'
    yield f'<xsd:element name="{name}" type="{type_name}"{minimum}{maximum}>'
    yield from indent(_documentation(word.Annotations.doc), 2)
    yield "</xsd:element>"


def _documentation(text: str) -> Iterator[str]:
    if text:
        yield f"<xsd:annotation><xsd:documentation>{escape(text)}</xsd:documentation></xsd:annotation>"


def indent(lines: Iterable[str], spaces: int) -> Iterator[str]:
    """Move lines to the right."""
    return (" " * spaces + line for line in lines)
