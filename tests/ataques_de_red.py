"""Hostile requests that are not of XML's making: WS-Security's oddities, charsets, what HTTP headers may say."""

import codecs
from collections.abc import Iterator

import gateway as g
from ataques import ENCODINGS, HARMLESS, REFUSED, SHAPE, Ataque, asked, encoded, put

from pmc_soap.soap.usernametoken import WSSE, WSU

_OPEN, _SHUT = f'<w:Security xmlns:w="{WSSE}" xmlns:u="{WSU}">', "</w:Security>"
_TOKEN = "<w:UsernameToken><w:Username>DEMO</w:Username>{}</w:UsernameToken>"
_DIGEST = _TOKEN.format(
    '<w:Password Type="x#PasswordDigest">{}</w:Password><w:Nonce>{}</w:Nonce><u:Created>{}</u:Created>'
)
_SIGNED = '<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#">{}</d:Signature>'
_WSSE = {
    "a nonce of 16,000 characters": _DIGEST.format("AAAA", "A" * 16_000, "2025-07-15T15:00:00Z"),
    "a nonce of 60,000 characters": _DIGEST.format("AAAA", "A" * 60_000, "2025-07-15T15:00:00Z"),
    "a nonce in 4,000 lines": _DIGEST.format("AAAA", "A\n" * 4_000, "2025-07-15T15:00:00Z"),
    "a digest of 16,000 characters": _DIGEST.format("A" * 16_000, "AAAA", "2025-07-15T15:00:00Z"),
    "a Created of 16,000 characters": _DIGEST.format("AAAA", "AAAA", "2" * 16_000),
    "a Created that is no instant": _DIGEST.format("AAAA", "AAAA", "9999-99-99T99:99:99Z"),
    "a Created before time": _DIGEST.format("AAAA", "AAAA", "0001-01-01T00:00:00+14:00"),
    "no Created": _TOKEN.format('<w:Password Type="x#PasswordDigest">A</w:Password><w:Nonce>A</w:Nonce>'),
    "a password of 16,000 characters": _TOKEN.format(f"<w:Password>{'a' * 16_000}</w:Password>"),
    "a password of elements": _TOKEN.format("<w:Password><a>demo-empresa</a></w:Password>"),
    "a password of another kind": _TOKEN.format('<w:Password Type="x#Kerberos">a</w:Password>'),
    "a type of 16,000 characters": _TOKEN.format(f'<w:Password Type="{"#" * 16_000}">a</w:Password>'),
    "no password": _TOKEN.format(""),
    "no user name": "<w:UsernameToken><w:Password>demo-empresa</w:Password></w:UsernameToken>",
    "two tokens": _TOKEN.format("<w:Password>a</w:Password>") + _TOKEN.format("<w:Password>demo-orde</w:Password>"),
    "120 tokens": _TOKEN.format("<w:Password>a</w:Password>") * 120,
    "a token in a token": _TOKEN.format(_TOKEN.format("<w:Password>demo-orde</w:Password>")),
    "a user name of another empresa": _TOKEN.format("<w:Password>demo-orde</w:Password>"),
    "a user name with accents": _TOKEN.replace("DEMO", " Ñ\n").format("<w:Password>a</w:Password>"),
    "a binary token": f"<w:BinarySecurityToken>{'A' * 15_000}</w:BinarySecurityToken>",
    "a key that refers to itself": (
        '<e:EncryptedKey xmlns:e="http://www.w3.org/2001/04/xmlenc#" Id="a"><e:CarriedKeyName>a</e:CarriedKeyName>'
        "</e:EncryptedKey>"
    ),
    "a signature of another body": _SIGNED.format('<d:Reference URI="#a"/>'),
    "a transform by XSLT": _SIGNED.format('<d:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>'),
}
_CHARSETS = (
    *("idna", "punycode", "utf-7", "utf-32", "utf-8-sig", "utf-16le", "ebcdic-cp-us", "hz", "iso-2022-jp", "gb18030"),
    *("zlib", "hex", "unicode_escape", "raw_unicode_escape", "undefined"),
    *("'utf-8", "utf-8;utf-7", "utf-8%00", "../utf-8", "*"),
)


def ataques_de_red() -> Iterator[Ataque]:
    """Give them all."""
    yield from _wsse()
    yield from _charsets()
    yield from _bytes()
    yield from _http()


def _wsse() -> Iterator[Ataque]:
    # without the Token, so that the header is what counts
    anonymous = put(g.EMPRESA, f"<Token>{g.TOKEN_DEMO}</Token>", "")

    def document(inside: str) -> str:
        return anonymous.replace("<soap:Body>", f"<soap:Header>{inside}</soap:Header><soap:Body>")

    refused = REFUSED | {"PMC-2001", "PMC-2002", "PMC-2005"}
    for name, inside in _WSSE.items():
        for encoding in ENCODINGS:
            text = document(f"{_OPEN}{inside}{_SHUT}")
            yield from encoded(f"wsse: {name}", text, refused, g.EMPRESA, encoding)
    for how_many, port in ((390, g.PMC), (7_900, g.EMPRESA)):
        text = document(f'<Security xmlns="{WSSE}"/>' * how_many)
        yield from encoded(f"wsse: {how_many} Security headers", text, refused | SHAPE, port, "utf-8")


def _charsets() -> Iterator[Ataque]:
    body = put(g.PMC, "1000001", "a-" + "á" * 9_000).encode()
    for charset in (*_CHARSETS, "x" * 5_000):
        told, untold = {"Content-Type": f"text/xml; charset={charset}"}, {"Content-Type": "text/xml"}
        yield Ataque(f"charset in the header: {charset[:30]}", body, HARMLESS, headers=told)
        declared = f'<?xml version="1.0" encoding="{charset}"?>'.encode() + body
        yield Ataque(f"charset in the declaration: {charset[:30]}", declared, HARMLESS, headers=untold)


def _bytes() -> Iterator[Ataque]:
    good = asked(g.PMC)
    plain, utf_16 = good.encode(), good.encode("utf-16-le")

    def saying(said: bytes) -> bytes:
        return plain.replace(b"1000001", said)

    utf_7 = "+ADwAIQ-DOCTYPE a +AFsAPAAh-ENTITY b +ACI-x+ACIAPgBdAD4-"
    for name, body in {
        "utf-7 with a DOCTYPE": f'<?xml version="1.0" encoding="utf-7"?>{utf_7}{good}'.encode(),
        "an overlong slash": saying(b"\xc0\xaf"),
        "an overlong angle": saying(b"\xc0\xbca\xc0\xbe"),
        "an overlong NUL": saying(b"\xc0\x80"),
        "a surrogate in utf-8": saying(b"\xed\xa0\x80\xed\xb0\x80"),
        "six bytes of utf-8": saying(b"\xfc\x80\x80\x80\x80\xaf"),
        "beyond the last character": saying(b"\xf4\x90\x80\x80"),
        "half a character at the end": plain + b"\xc3",
        "utf-16 in the middle": saying("1000001".encode("utf-16")),
        "latin-1 said to be utf-8": saying("Ñandú".encode("iso-8859-1")),
        "utf-16 without BOM": utf_16,
        "utf-16 without BOM, the other way": good.encode("utf-16-be"),
        "utf-16 with two BOMs": codecs.BOM_UTF16_LE * 2 + utf_16,
        "utf-16 that changes its mind": good[:200].encode("utf-16") + good[200:].encode("utf-16-be"),
        "utf-16 of an odd length": good.encode("utf-16") + b"<",
        "a lone surrogate in utf-16": codecs.BOM_UTF16_LE + utf_16.replace(b"1\0", b"\0\xd8", 1),
        "utf-16 with a DOCTYPE": f"<!DOCTYPE a>{good}".encode("utf-16"),
        "utf-16 that declares utf-7": f'<?xml version="1.0" encoding="utf-7"?>{good}'.encode("utf-16"),
        "utf-32 with a BOM": good.encode("utf-32"),
        "utf-8 with three BOMs": codecs.BOM_UTF8 * 3 + plain,
        "a BOM in the middle": plain.replace(b"<soap:Body>", codecs.BOM_UTF8 + b"<soap:Body>"),
        "EBCDIC": good.encode("cp037"),
        "only NULs": b"\0" * 60_000,
        "only 0xFF": b"\xff" * 60_000,
        "only BOMs": codecs.BOM_UTF8 * 20_000,
        "only blanks": b" " * 60_000,
        "gzip": b"\x1f\x8b\x08\0" + b"\0" * 1_000,
        "a binary XML": b"\x03\x01\x6a\x00" + b"\x45\x03" * 5_000,
    }.items():
        yield Ataque(f"bytes: {name}", body, HARMLESS, headers={"Content-Type": "text/xml"})


def _http() -> Iterator[Ataque]:
    good, eco = asked(g.PMC).encode(), g.pedido("Eco", Mensaje="a")
    spoofed = frozenset({"PMC-1007"})
    for operation in ("AvisoPago", '"AvisoPago"', f'"{g.NS}/AvisoPago"', "urn:x#AvisoPago", "ReversaPago", '"Eco"'):
        yield Ataque(f"SOAPAction spoofed: {operation}", good, spoofed, headers={"SOAPAction": operation})
    for name, headers in {
        "a SOAPAction of 8,000 characters": {"SOAPAction": "/#:" * 2_600},
        "a SOAPAction with an address": {"SOAPAction": '"http://127.0.0.1:9/AltaFactura/x"'},
        "a media type of 8,000 characters": {"Content-Type": "text/xml;" + "a=b;" * 2_000},
        "a media type of MTOM": {"Content-Type": 'multipart/related; type="application/xop+xml"; boundary=a'},
        "a media type that continues": {"Content-Type": "text/xml; charset*0=utf; charset*1=-7"},
        "a media type with a language": {"Content-Type": "text/xml; charset*=utf-7'es'utf-8"},
        "a media type of a form": {"Content-Type": "application/x-www-form-urlencoded"},
        "a media type that is none": {"Content-Type": "\u00ff/\u00ff;=;="},
        "a coding within a coding": {"Content-Encoding": "gzip, identity"},
        "a Basic credential that is no base64": {"Authorization": "Basic " + "!" * 5_000},
        "a Basic credential without a colon": {"Authorization": "Basic " + "QQ" * 2_000},
        "a Basic credential of bytes": {"Authorization": "Basic /////w=="},
        "a bearer": {"Authorization": "Bearer " + "a" * 5_000},
        "another method on top": {"X-HTTP-Method-Override": "DELETE"},
        "addresses of 500 proxies": {"X-Forwarded-For": ", ".join(["10.0.0.1"] * 500)},
        "an address that is none": {"X-Forwarded-For": "'; --\u00ff[::1%"},
        "a certificate that was never shown": {"X-Cliente-Certificado": "CN=PMC", "X-Cliente-Verificado": "SUCCESS"},
        "a length of many digits": {"Content-Length": "9" * 4_000},
        "a length in other digits": {"Content-Length": "١٠"},
        "a length below nothing": {"Content-Length": "-1"},
        "a length in hex": {"Content-Length": "0x10"},
        "a length twice": {"Content-Length": "10, 20"},
        "a length beyond the body": {"Content-Length": str(len(eco) + 1_000)},
        "a length short of the body": {"Content-Length": "100"},
        "Shellshock and Log4Shell": {"User-Agent": "() { :;}; /bin/true", "Referer": "${jndi:ldap://127.0.0.1:9/a}"},
    }.items():
        yield Ataque(f"HTTP: {name}", eco, HARMLESS, headers={**g.XML, **headers})
