"""From bytes to the one operation in a SOAP 1.1 Body: parsed once, with nothing fetched and nothing expanded.

libxml2 keeps every name that a thread reads until the thread ends. So a document with names that no good request has
brought yet is read in a thread of its own: whoever invents names fills nobody's memory.
"""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import NamedTuple, TypeVar

from lxml import etree

from pmc_soap.soap.fallas import ENVELOPE, Causa, FallaSoap
from pmc_soap.soap.limites import ATTRIBUTES_MAX, check_bytes, check_tree

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
_ROOT, _HEADER, _BODY = (f"{{{ENVELOPE}}}{name}" for name in ("Envelope", "Header", "Body"))
_MUST_UNDERSTAND = f"{{{ENVELOPE}}}mustUnderstand"
_SECURITY = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}Security"
_DECLARATION = re.compile(rb"\s*+<\?xml\s[^>]*+>")
# a possessive group would go on in the middle of what failed (Python before 3.11.5, cpython 106052)
_PROLOG = re.compile(rb"(?:\s++|<!--.*?-->)*(<!DOCTYPE|<\?)?", re.DOTALL)
_DECLARED = re.compile(rb"\sencoding\s*=\s*[\"']([^\"'>]*)")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NULL = b"\x00"
# all that libxml2 keeps: tags with their names and namespaces, long blanks after them, references to entities
_MARKUP = re.compile(
    rb"<[^<>\"']*+(?:\"[^\"<]*+\"[^<>\"']*+|'[^'<]*+'[^<>\"']*+){0,%d}>(?:\s{16,}+(?=<))?"
    rb"|&(?!#|(?:amp|lt|gt|quot|apos);)|<" % ATTRIBUTES_MAX
)
_KNOWN_MAX, _KNOWN_BYTES_MAX = 2_000, 1_000
_known: set[bytes] = set()  # only ever grows, so that threads may share it
_T = TypeVar("_T")
_of_thread = threading.local()


class Envelope(NamedTuple):
    """What an envelope holds: the element of the operation, the WS-Security header if there is one, and its tags."""

    operation: etree._Element
    security: etree._Element | None
    markup: frozenset[bytes]


def open_envelope(body: bytes, charset: str | None, elements_max: int) -> Envelope:
    """Find the operation, or raise FallaSoap with the first thing that is wrong."""
    body, encoding = _as_single_bytes(body, charset)
    is_within = check_bytes(body, elements_max)
    markup = frozenset(_MARKUP.findall(body))
    root = _parse(body, encoding) if markup <= _known else _apart(lambda: _parse(body, encoding))
    if not is_within:
        check_tree(root, elements_max)
    if root.tag != _ROOT:
        other = isinstance(root.tag, str) and etree.QName(root).localname == "Envelope"
        raise FallaSoap(Causa.OTRA_VERSION if other else Causa.NO_ES_SOAP)
    match [child.tag for child in root]:
        case [tag] if tag == _BODY:
            return Envelope(_only_child(root[0]), None, markup)
        case [first, second] if (first, second) == (_HEADER, _BODY):
            operation = _only_child(root[1])
            return Envelope(operation, _read_header(root[0]), markup)
    raise FallaSoap(Causa.NO_ES_SOAP)


def remember(envelope: Envelope) -> None:
    """Take the names of a good request for known, so that the next one like it is read at once."""
    # WS-Security writes an id of its own into the tags of each request
    if envelope.security is None and len(_known) < _KNOWN_MAX and not envelope.markup <= _known:
        _known.update(each for each in envelope.markup if 1 < len(each) <= _KNOWN_BYTES_MAX)


def copy_apart(element: etree._Element) -> etree._Element:
    """Copy an element, and keep none of its names."""
    return _apart(lambda: deepcopy(element))


def charset_of(said: str) -> str | None:
    """Give the declared charset if it is one of ours; others can cost seconds to decode."""
    declared = said.strip("\"' ").lower()
    if declared and declared not in CHARSETS:
        raise FallaSoap(Causa.TIPO_DE_CONTENIDO)
    return CHARSETS.get(declared)


def _apart(work: Callable[[], _T]) -> _T:
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="pmc-aparte") as thread:
        return thread.submit(work).result()


def _as_single_bytes(body: bytes, charset: str | None) -> tuple[bytes, str]:
    """Leave out BOM, blanks and declaration; a BOM wins over the charset, the charset over the declaration."""
    encoding = next((named for bom, named in _BOMS if body.startswith(bom)), charset)
    if encoding == "utf-16" or _NULL in body[:4]:
        try:
            body, encoding = body.decode("utf-16").removeprefix("\ufeff").encode(), "utf-8"
        except ValueError:  # also a lone surrogate, which UTF-8 does not have
            raise FallaSoap(Causa.NO_ES_XML) from None
    body = body.removeprefix(b"\xef\xbb\xbf")
    declaration = _DECLARATION.match(body)
    if declaration is None:
        return body.lstrip(), encoding or "utf-8"
    return body[declaration.end() :].lstrip(), encoding or _declared(declaration.group())


def _declared(declaration: bytes) -> str:
    """Give the charset of the XML declaration if it is one of ours; in UTF-7 a DOCTYPE has none of its usual bytes."""
    declared = _DECLARED.search(declaration)
    charset = charset_of(declared.group(1).decode("latin-1")) if declared else None
    return charset if charset and charset != "utf-16" else "utf-8"  # said in single bytes, it is not utf-16


def _parse(body: bytes, encoding: str) -> etree._Element:
    may_instruct = b"<?" in body
    if may_instruct or b"<!" in body:
        prolog = _PROLOG.match(body)
        if prolog and prolog.group(1):
            raise FallaSoap(Causa.DOCTYPE)
    try:
        root = etree.fromstring(body, _parser(encoding))
    except (etree.XMLSyntaxError, ValueError, LookupError):
        raise FallaSoap(Causa.NO_ES_XML) from None
    # comments are gone, so that a sibling of the root could only be an instruction
    alone = not may_instruct or (root.getprevious() is None and root.getnext() is None)
    if not alone or (may_instruct and next(root.iter(etree.PI), None) is not None):
        raise FallaSoap(Causa.DOCTYPE)
    return root


def _parser(encoding: str) -> etree.XMLParser:
    """Give this thread's parser: parsers keep the last error, and threads must not share one."""
    parsers: dict[str, etree.XMLParser] = _of_thread.__dict__
    if encoding not in parsers:
        parsers[encoding] = etree.XMLParser(
            encoding=encoding,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            recover=False,
            remove_comments=True,
        )
    return parsers[encoding]


def _only_child(body: etree._Element) -> etree._Element:
    if len(body) != 1:
        raise FallaSoap(Causa.NO_ES_SOAP)
    return body[0]


def _read_header(header: etree._Element) -> etree._Element | None:
    for entry in header:
        must_understand = entry.get(_MUST_UNDERSTAND, "0").strip() in {"1", "true"}
        if must_understand and entry.tag != _SECURITY:
            raise FallaSoap(Causa.ENCABEZADO)
    return header.find(_SECURITY)
