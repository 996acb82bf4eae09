"""From bytes to the one operation in a SOAP 1.1 Body: parsed once, with nothing fetched and nothing expanded."""

import re
from typing import NamedTuple

from lxml import etree

from pmc_soap.soap.credenciales import Presented
from pmc_soap.soap.fallas import ENVELOPE, Causa, FallaSoap

CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "us-ascii",
    "ascii": "us-ascii",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "windows-1252": "windows-1252",
    "cp1252": "windows-1252",
    "utf-16": "utf-16",
}
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_UNDERSTOOD = frozenset({f"{{{_WSSE}}}Security"})
_PROLOG = re.compile(rb"\s*+(?:<\?xml\s[^>]*+>)?(?:\s++|<!--.*?-->)*+(<!DOCTYPE|<\?)?", re.DOTALL)
_DECLARED = re.compile(rb"\s*+<\?xml\s[^>]*?\sencoding\s*=\s*[\"']([^\"'>]*)")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NULL = b"\x00"


class Envelope(NamedTuple):
    """What an envelope holds: the element of the operation, its name, and the credential in its Header."""

    operation: etree._Element
    presented: Presented | None

    @property
    def name(self) -> etree.QName:
        """Name the operation, with its namespace."""
        return etree.QName(self.operation)


def open_envelope(body: bytes, charset: str | None) -> Envelope:
    """Find the operation, or raise FallaSoap with the first thing that is wrong."""
    root = _parse(body, charset)
    if not isinstance(root.tag, str) or etree.QName(root).localname != "Envelope":
        raise FallaSoap(Causa.NO_ES_SOAP)
    if etree.QName(root).namespace != ENVELOPE:
        raise FallaSoap(Causa.OTRA_VERSION)
    alone = root.getprevious() is None and root.getnext() is None  # comments are gone: a sibling could only be a PI
    if not alone or next(root.iter(etree.PI), None) is not None:
        raise FallaSoap(Causa.DOCTYPE)
    headers, bodies = _children(root, "Header"), _children(root, "Body")
    well_placed = [*headers, *bodies] == list(root)  # at most one Header, then the Body, then nothing
    if len(headers) > 1 or len(bodies) != 1 or not well_placed or len(bodies[0]) != 1:
        raise FallaSoap(Causa.NO_ES_SOAP)
    presented = _read_header(headers[0]) if headers else None
    return Envelope(operation=bodies[0][0], presented=presented)


def charset_of(said: str) -> str | None:
    """Give the declared charset if it is one of ours; others can cost seconds to decode."""
    declared = said.strip("\"' ").lower()
    if declared and declared not in CHARSETS:
        raise FallaSoap(Causa.TIPO_DE_CONTENIDO)
    return CHARSETS.get(declared)


def _parse(body: bytes, charset: str | None) -> etree._Element:
    """Parse with limits: a BOM wins over the charset, the charset over the declaration."""
    encoding = next((named for bom, named in _BOMS if body.startswith(bom)), charset) or _declared(body)
    try:
        if encoding == "utf-16" or _NULL in body[:4]:
            body, encoding = _without_declaration(body.decode("utf-16")), "utf-8"
        body = body.removeprefix(b"\xef\xbb\xbf").lstrip()
        prolog = _PROLOG.match(body)
        if prolog and prolog.group(1):
            raise FallaSoap(Causa.DOCTYPE)
        return etree.fromstring(body, _parser(encoding))
    except (etree.XMLSyntaxError, UnicodeDecodeError, ValueError, LookupError):
        raise FallaSoap(Causa.NO_ES_XML) from None


def _declared(body: bytes) -> str:
    """Give the charset of the XML declaration if it is one of ours; in UTF-7 a DOCTYPE has none of its usual bytes."""
    declared = _DECLARED.match(body)
    charset = charset_of(declared.group(1).decode("latin-1")) if declared else None
    return charset if charset and charset != "utf-16" else "utf-8"  # said in single bytes, it is not utf-16


def _without_declaration(text: str) -> bytes:
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text.removeprefix("\ufeff")).encode()


def _parser(encoding: str) -> etree.XMLParser:
    """Make a parser for one document: parsers keep the last error, and threads must not share one."""
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
    )


def _children(root: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in root if child.tag == f"{{{ENVELOPE}}}{name}"]


def _read_header(header: etree._Element) -> Presented | None:
    for entry in header:
        must_understand = entry.get(f"{{{ENVELOPE}}}mustUnderstand", "0").strip() in {"1", "true"}
        if must_understand and entry.tag not in _UNDERSTOOD:
            raise FallaSoap(Causa.ENCABEZADO)
    token = header.find(f"{{{_WSSE}}}Security/{{{_WSSE}}}UsernameToken")
    if token is None:
        return None
    password = token.find(f"{{{_WSSE}}}Password")
    kind = password.get("Type", "#PasswordText") if password is not None else ""
    if password is None or not kind.endswith("#PasswordText"):
        return None
    return Presented(usuario=token.findtext(f"{{{_WSSE}}}Username") or "", secreto=password.text or "")
