"""Every limit of the edge, stated here only; docs/errores.md shows this table.

Units are in each row. A document is measured twice: its bytes are counted before it is parsed, which is enough for
every document of a real client, and its tree is walked only where counting bytes proves nothing.
"""

import re
from typing import Any, NamedTuple

from lxml import etree

from pmc_soap.soap.fallas import Causa, FallaSoap


class Limite(NamedTuple):
    """One limit: what is measured, in es-AR; the most that is admitted, with its unit; the fault beyond it."""

    que: str
    maximo: int
    unidad: str
    causa: Causa


BODY_MAX = {"PagoMisCuentas": 64 * 1024, "Empresa": 512 * 1024}  # the empresa confirms up to 500 avisos in one body
ELEMENTS_MAX = {"PagoMisCuentas": 400, "Empresa": 8_000}
DEPTH_MAX = 24
ATTRIBUTES_MAX = 32
NAMESPACES_MAX = 32
NAME_MAX = 128
TEXT_MAX = 16 * 1024
READ_MAX_S = 3
MARKUP_FACTOR = 2  # an element has two tags; comments and CDATA have to share what empty elements leave

LIMITES = (
    Limite("Cuerpo del pedido a PagoMisCuentas", BODY_MAX["PagoMisCuentas"], "bytes", Causa.DEMASIADO_GRANDE),
    Limite("Cuerpo del pedido a Empresa", BODY_MAX["Empresa"], "bytes", Causa.DEMASIADO_GRANDE),
    Limite("Cuerpo de un Eco, que no pide credencial", BODY_MAX["PagoMisCuentas"], "bytes", Causa.DEMASIADO_GRANDE),
    Limite("Elementos de un pedido a PagoMisCuentas", ELEMENTS_MAX["PagoMisCuentas"], "elementos", Causa.LIMITE),
    Limite("Elementos de un pedido a Empresa", ELEMENTS_MAX["Empresa"], "elementos", Causa.LIMITE),
    Limite("Signos «<» del documento, por cada elemento que se admite", MARKUP_FACTOR, "signos", Causa.LIMITE),
    Limite("Profundidad del documento", DEPTH_MAX, "niveles", Causa.LIMITE),
    Limite("Atributos de un elemento, con sus espacios de nombres", ATTRIBUTES_MAX, "atributos", Causa.LIMITE),
    Limite("Espacios de nombres vigentes en un elemento", NAMESPACES_MAX, "espacios", Causa.LIMITE),
    Limite("Largo del nombre de un elemento o atributo", NAME_MAX, "caracteres", Causa.LIMITE),
    Limite("Largo de un texto o del valor de un atributo", TEXT_MAX, "caracteres", Causa.LIMITE),
    Limite("Tiempo para recibir el cuerpo", READ_MAX_S, "segundos", Causa.LENTO),
)

_LONG_NAME = re.compile(rb"(?:</?|\s)[^\s<>=\"'/]{%d}" % (NAME_MAX + 1))


def check_bytes(body: bytes, elements_max: int) -> bool:
    """Refuse what is too much to be parsed; tell whether counting already proves that the document keeps the limits."""
    markup = body.count(b"<")
    if markup > MARKUP_FACTOR * elements_max:
        raise FallaSoap(Causa.LIMITE)
    return (
        markup <= elements_max
        and body.count(b"</") < DEPTH_MAX
        and body.count(b"=") <= ATTRIBUTES_MAX
        and len(body) <= TEXT_MAX
        and _LONG_NAME.search(body) is None
    )


def check_tree(root: etree._Element, elements_max: int) -> None:
    """Walk the tree, and raise FallaSoap at the first limit that it passes."""
    count = 0
    level: list[etree._Element] = [root]
    for _ in range(DEPTH_MAX):
        count += len(level)
        if count > elements_max or not all(map(_keeps_limits, level)):
            break
        level = [child for element in level for child in element]
        if not level:
            return
    raise FallaSoap(Causa.LIMITE)


def _keeps_limits(element: Any) -> bool:
    if not isinstance(element.tag, str):  # an instruction or an entity is refused elsewhere, by its own name
        return True
    attributes, namespaces = element.attrib, element.nsmap
    return (
        len(attributes) <= ATTRIBUTES_MAX
        and len(namespaces) <= NAMESPACES_MAX
        and all(len(prefix or "") <= NAME_MAX and len(uri) <= TEXT_MAX for prefix, uri in namespaces.items())
        and _is_short(element.tag)
        and all(_is_short(name) and len(value) <= TEXT_MAX for name, value in attributes.items())
        and len(element.text or "") <= TEXT_MAX
        and len(element.tail or "") <= TEXT_MAX
    )


def _is_short(tag: str) -> bool:
    return len(tag.rpartition("}")[2]) <= NAME_MAX
