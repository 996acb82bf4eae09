"""The rules of an answer: what is on HTTP, and the envelope in it. Every SOAP answer of the suite is held to them."""

import re
from functools import cache
from pathlib import Path

from lxml import etree
from wsi import apart
from wsi.rules import ENCODING, ENVELOPE, WSDL, Rules
from wsi.subjects import Message

RULES = Rules()
ROOT = Path(__file__).parents[2]
E = f"{{{ENVELOPE}}}"
_ENCODING_STYLE = f"{E}encodingStyle"
_FAULT_PARTS = ["faultcode", "faultstring", "faultactor", "detail"]
_FAULT_CODES = {"VersionMismatch", "MustUnderstand", "Client", "Server"}


@cache
def answered():
    """Give the elements that our WSDLs declare for an output: {namespace}name."""
    found = set()
    for file in ("pagomiscuentas.wsdl", "empresa.wsdl"):
        root = etree.parse(ROOT / "wsdl" / file).getroot()
        messages = {message.get("name"): message for message in root.iter(f"{WSDL}message")}
        for output in root.iterfind(f"{WSDL}portType/{WSDL}operation/{WSDL}output"):
            part = messages[output.get("message").partition(":")[2]].find(f"{WSDL}part")
            prefix, _, name = part.get("element").partition(":")
            found.add(f"{{{part.nsmap[prefix]}}}{name}")
    return frozenset(found)


def violations(answer):
    """Give what is wrong with an answer, but for what we differ in on purpose."""
    message = Message(answer)
    return [(numero, where) for numero, where in RULES.violations(message) if not apart.is_stated(numero, message)]


# The envelope -------------------------------------------------------------------------------------------------------


@RULES("R9980")
def envelope(m):
    """It is an Envelope of SOAP 1.1: a Header or none, then one Body."""
    inside = [child.tag for child in m.root.iterchildren("*")]
    if m.root.tag != f"{E}Envelope" or inside not in ([f"{E}Body"], [f"{E}Header", f"{E}Body"]):
        yield [m.root.tag, *inside]


@RULES("R9981")
def one_child(m):
    """The Body has one child at the most."""
    if len(m.inside) > 1:
        yield len(m.inside)


@RULES("R1011")
def nothing_after_the_body(m):
    """Nothing follows the Body."""
    yield from [] if m.soap_body is None else (after.tag for after in m.soap_body.itersiblings("*"))


@RULES("R1014")
def qualified(m):
    """The child of the Body has a namespace."""
    yield from (child.tag for child in m.inside if not child.tag.startswith("{"))


@RULES("R1008")
def no_doctype(m):
    """There is no DTD."""
    if m.root.getroottree().docinfo.doctype:
        yield m.root.getroottree().docinfo.doctype


@RULES("R1009")
def no_instructions(m):
    """There are no processing instructions."""
    yield from (found.target for found in m.root.xpath("//processing-instruction()"))


@RULES("R1033")
def no_xml_prefix(m):
    """Nobody declares the prefix xml."""
    if b"xmlns:xml=" in m.body:
        yield "xmlns:xml"


@RULES("R1032")
def plain_soap_elements(m):
    """Envelope, Header and Body have no attributes of the envelope's namespace."""
    for element in (m.root, *m.root.iterchildren(f"{E}*")):
        yield from (name for name in element.attrib if name.startswith(E))


@RULES("R1005")
def no_encoding_style(m):
    """No element of the envelope's namespace has an encodingStyle."""
    yield from (element.tag for element in m.root.iter(f"{E}*") if element.get(_ENCODING_STYLE) is not None)


@RULES("R1006")
def no_encoding_style_in_the_body(m):
    """The child of the Body has no encodingStyle."""
    yield from (child.tag for child in m.inside if child.get(_ENCODING_STYLE) is not None)


@RULES("R1013")
def must_understand(m):
    """A mustUnderstand is 0 or 1, in figures."""
    yield from (said for said in m.root.xpath("//@*[local-name()='mustUnderstand']") if said not in {"0", "1"})


@RULES("R2113")
def no_encoded_arrays(m):
    """No element has the arrayType of SOAP encoding."""
    if ENCODING.encode() in m.body:
        yield from (element.tag for element in m.root.iter() if element.get(f"{{{ENCODING}}}arrayType") is not None)


@RULES("R2712")
def declared(m):
    """What the Body holds is the element that the WSDL declares for an output, or a fault."""
    yield from (child.tag for child in m.inside if child.tag not in answered() and child is not m.fault)


# Faults -------------------------------------------------------------------------------------------------------------


@RULES("R1000")
def fault_parts(m):
    """A fault holds faultcode, faultstring, faultactor and detail, and nothing else."""
    names = [] if m.fault is None else [etree.QName(part).localname for part in m.fault.iterchildren("*")]
    yield from (name for name in names if name not in _FAULT_PARTS)


@RULES("R1001")
def unqualified_fault_parts(m):
    """What a fault holds has no namespace."""
    yield from [] if m.fault is None else (part.tag for part in m.fault.iterchildren("*") if part.tag.startswith("{"))


@RULES("R1004")
def known_faultcode(m):
    """A faultcode is one of SOAP 1.1, or a name in a namespace of its own."""
    for code in [] if m.fault is None else m.fault.findall("faultcode"):
        prefix, _, name = (code.text or "").strip().rpartition(":")
        namespace = code.nsmap.get(prefix or None)
        if namespace is None or (namespace == ENVELOPE and name.partition(".")[0] not in _FAULT_CODES):
            yield code.text


@RULES("R1031")
def undotted_faultcode(m):
    """A faultcode has no dots."""
    yield from [] if m.fault is None else (c.text for c in m.fault.findall("faultcode") if "." in (c.text or ""))


# HTTP ---------------------------------------------------------------------------------------------------------------


@RULES("R1012")
def encoding(m):
    """It is in UTF-8 or UTF-16."""
    if (used := m.root.getroottree().docinfo.encoding.upper()) not in {"UTF-8", "UTF-16"}:
        yield used


@RULES("R1018")
def charset(m):
    """The charset of its Content-Type is the one that it is in."""
    told = re.search(r'charset="?([^";]+)', m.headers.get("Content-Type", ""))
    used = m.root.getroottree().docinfo.encoding
    if told is None or told.group(1).lower() != used.lower():
        yield m.headers.get("Content-Type")


@RULES("R1108")
def no_extension_framework(m):
    """HTTP's extension framework is not used."""
    yield from sorted({"man", "c-man", "opt", "c-opt", "ext", "c-ext"} & {name.lower() for name in m.headers})


@RULES("R1111")
def success_is_200(m):
    """An answer that is not a fault has the status 200."""
    if m.fault is None and m.status != 200:
        yield m.status


@RULES("R1124")
def success_is_2xx(m):
    """An answer of success has a status of 2xx."""
    if m.fault is None and not 200 <= m.status < 300:
        yield m.status


@RULES("R1126")
def fault_is_500(m):
    """A fault has the status 500."""
    if m.fault is not None and m.status != 500:
        yield m.status
