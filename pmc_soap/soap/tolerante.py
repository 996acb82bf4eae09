"""The tolerant reader: the habits of old SOAP stacks that change no meaning, undone before the contract is asked again.

Only a document that broke the contract comes here, so that a correct one pays nothing. What may be forgiven is derived
from the messages (which leaf is a date, which element is optional), never from a list of names; each forgiveness is
listed in HABITOS and nowhere else. The rest of the document is left as it is, and the schema refuses it again.
"""

import base64
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from pmc_soap.soap.codec import Field, fields
from pmc_soap.soap.fallas import ENVELOPE
from pmc_soap.soap.leaf import builtin_of
from pmc_soap.soap.words import NAMESPACE

HABITOS = {
    "atributo": "xsi:schemaLocation, soap:encodingStyle, xsi:nil falso: se quitan",
    "tipo": "xsi:type que nombra un tipo propio de XSD: se quita",
    "base64": "un texto enviado como xsd:base64Binary: se decodifica",
    "calificacion": "un elemento sin espacio de nombres: toma el del contrato",
    "ausente": "un elemento opcional vacío o nil: se lee como ausente",
    "recorte": "blancos alrededor de un identificador o de una fecha: se quitan",
    "fecha": "una fecha con hora cero: se corta, sin convertirla",
    "decimal": "ceros de más a la derecha de un importe: se quitan",
}
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NIL, _TYPE = f"{_XSI}nil", f"{_XSI}type"
_IDLE = (f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation", f"{{{ENVELOPE}}}encodingStyle")
# the drafts of 1999 and 2000 are what the oldest stacks still say
_XSD = re.compile(r"http://www\.w3\.org/(?:1999|2000/10|2001)/XMLSchema")
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T00:00:00(?:\.0+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_TRIMMED = frozenset({"date", "dateTime"})  # libxml2 does not let blanks stand around these
_PADDED = re.compile(r"(\+?[0-9]*\.[0-9]{2})0+")


def forgive(message: Any, operation: etree._Element) -> frozenset[str]:
    """Undo in place the habits that change no meaning; tell which there were."""
    return frozenset([*_forgive_attributes(operation), *_forgive_children(message, operation)])


def _forgive_children(message: Any, parent: etree._Element) -> Iterator[str]:
    known = fields(message)
    for child in list(parent):
        if not isinstance(child.tag, str):
            continue
        if f"{{{NAMESPACE}}}{child.tag}" in known:
            child.tag = f"{{{NAMESPACE}}}{child.tag}"
            yield "calificacion"
        field = known.get(child.tag)
        if field is None:
            continue
        yield from _forgive_attributes(child)
        if field.message:
            yield from _forgive_children(field.message, child)
        else:
            yield from _forgive_leaf(field, child)
        if _is_absent(field, child):
            parent.remove(child)
            yield "ausente"


def _forgive_attributes(element: etree._Element) -> Iterator[str]:
    for name in _IDLE:
        if element.attrib.pop(name, None) is not None:
            yield "atributo"
    if element.get(_NIL, "").strip() in {"false", "0"}:
        del element.attrib[_NIL]
        yield "atributo"
    prefix, _, local = element.get(_TYPE, "").strip().rpartition(":")
    if not _XSD.fullmatch(element.nsmap.get(prefix or None) or ""):
        return
    if local == "base64Binary" and len(element) == 0:
        yield from _decode_base64(element)
    else:
        del element.attrib[_TYPE]
        yield "tipo"


def _decode_base64(element: etree._Element) -> Iterator[str]:
    """Decode a text that its sender took for binary; what is not one stays, and is refused with its type."""
    try:
        element.text = base64.b64decode("".join((element.text or "").split()), validate=True).decode()
    except ValueError:  # not base64, not UTF-8, or not of XML's characters
        return
    del element.attrib[_TYPE]
    yield "base64"


def _forgive_leaf(field: Field, element: etree._Element) -> Iterator[str]:
    said = element.text or ""
    if len(element):
        return
    builtin, text = builtin_of(field.word), said.strip(" \t\r\n")
    if builtin == "date" and (midnight := _MIDNIGHT.fullmatch(text)):
        element.text = midnight.group(1)
        yield "fecha"
    elif builtin == "decimal" and (padded := _PADDED.fullmatch(text)):
        element.text = padded.group(1)
        yield "decimal"
    elif text != said and (builtin in _TRIMMED or field.word.Attributes.pattern or field.word.Attributes.values):
        element.text = text  # free text keeps its blanks: they are the caller's
        yield "recorte"


def _is_absent(field: Field, element: etree._Element) -> bool:
    is_nil = element.get(_NIL, "").strip() in {"true", "1"}
    is_empty = len(element) == 0 and not (element.text or "").strip()
    is_plain = not element.attrib or (is_nil and len(element.attrib) == 1)
    return not field.lowest and not field.is_list and is_empty and is_plain
