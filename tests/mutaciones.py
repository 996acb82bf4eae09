"""Documents that went wrong on their way: seeded mutations of the fixtures, for the differential test and the fuzzer.

The same seed gives the same documents on every machine and Python.
"""

import random
import re
from collections.abc import Iterator, Sequence
from functools import cache

import gateway as g

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# what a caller may put where something else was expected
NASTY = tuple(
    text.encode()
    for text in (
        "",
        " ",
        "\t\n",
        "\x0b",
        "\x0c",
        "0",
        "-1",
        "1E+3",
        "NaN",
        "1500,50",
        "999999999999999999999",
        "24:00:00",
        "2025-02-30",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "١٢٣",
        "Ñ",
        "😀",
        "&#0;",
        "&#xD800;",
        "&amp;",
        "&lt;",
        "&nada;",
        "]]>",
        "<![CDATA[a]]>",
        "<!-- a -->",
        "<?a b?>",
        "<!DOCTYPE a>",
        '<!DOCTYPE a [<!ENTITY b "c">]>',
        "<a/>",
        "</a>",
        "<soap:Body/>",
        f'<a xmlns="{g.NS}"/>',
        f' xmlns:i="{_XSI}" i:nil="true"',
        f' xmlns:i="{_XSI}" i:nil="false"',
        f' xmlns:i="{_XSI}" xmlns:x="http://www.w3.org/2001/XMLSchema" i:type="x:string"',
        f' xmlns:i="{_XSI}" xmlns:x="http://www.w3.org/2001/XMLSchema" i:type="x:base64Binary"',
        f' xmlns:i="{_XSI}" i:type="Cabecera"',
        ' href="#1"',
        ' id="1"',
        ' soap:mustUnderstand="1"',
        ' xmlns=""',
        ' xmlns:soap="urn:x"',
        "\0",
        "\x01",
        "A" * 200,
        "A" * 20_000,
        "<b>" * 30,
        "<b/>" * 500,
    )
)
_TOKEN = re.compile(rb"<[^>]*>|[^<]+")
_LEAF = re.compile(rb">([^<]+)<")


@cache
def seeds() -> Sequence[tuple[str, bytes]]:
    """Give the port and the bytes of every fixture, good or refused."""
    found = []
    for path in sorted(g.FIXTURES.glob("*/*.pedido.xml")):
        body = path.read_bytes()
        named = re.search(rb"Body>\s*<(?:\w+:)?(\w+)", body)
        found.append((g.path_of(named.group(1).decode()) if named else g.PMC, body))
    return found


def documents(seed: int, how_many: int) -> Iterator[tuple[str, bytes]]:
    """Give so many documents, each with its port: a fixture with one to four things done to it."""
    rng = random.Random(seed)  # noqa: S311 — chance to be had again, not secrecy
    pool = seeds()
    for _ in range(how_many):
        port, body = rng.choice(pool)
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
            body = rng.choice(_MUTATORS)(rng, body)
        yield port, body


def _flip(rng: random.Random, body: bytes) -> bytes:
    at = rng.randrange(len(body) + 1)
    return body[:at] + bytes([rng.randrange(256)]) + body[at + 1 :]


def _cut(rng: random.Random, body: bytes) -> bytes:
    first, last = sorted(rng.randrange(len(body) + 1) for _ in range(2))
    return body[:first] + body[last:]


def _insert(rng: random.Random, body: bytes) -> bytes:
    at = rng.randrange(len(body) + 1)
    return body[:at] + rng.choice(NASTY) + body[at:]


def _truncate(rng: random.Random, body: bytes) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def _say(rng: random.Random, body: bytes) -> bytes:
    """Put a nasty value in a leaf."""
    leaves = list(_LEAF.finditer(body))
    if not leaves:
        return _insert(rng, body)
    leaf = rng.choice(leaves)
    return body[: leaf.start(1)] + rng.choice(NASTY) + body[leaf.end(1) :]


def _decorate(rng: random.Random, body: bytes) -> bytes:
    """Put a nasty thing in a start tag."""
    tags = [tag for tag in _TOKEN.finditer(body) if re.match(rb"<\w", tag.group())]
    if not tags:
        return _insert(rng, body)
    at = rng.choice(tags).end() - 1
    return body[:at] + rng.choice(NASTY) + body[at:]


def _rearrange(rng: random.Random, body: bytes) -> bytes:
    """Leave out, repeat or move one tag or text."""
    tokens = _TOKEN.findall(body)
    if not tokens:
        return _insert(rng, body)
    token = tokens.pop(rng.randrange(len(tokens)))
    for _ in range(rng.choice((0, 1, 2))):
        tokens.insert(rng.randrange(len(tokens) + 1), token)
    return b"".join(tokens)


def _drop_element(rng: random.Random, body: bytes) -> bytes:
    """Leave out or repeat one whole leaf."""
    leaves = list(re.finditer(rb"<([\w:]+)[^>]*>[^<]*</\1>", body))
    if not leaves:
        return _cut(rng, body)
    leaf = rng.choice(leaves)
    return body[: leaf.start()] + leaf.group() * rng.choice((0, 2)) + body[leaf.end() :]


def _splice(rng: random.Random, body: bytes) -> bytes:
    """Go on in the middle with another fixture."""
    _, other = rng.choice(seeds())
    return body[: rng.randrange(len(body) + 1)] + other[rng.randrange(len(other) + 1) :]


def _invent(rng: random.Random, body: bytes) -> bytes:
    """Put in names that nobody has ever used, nor will again."""
    names = [f"n{rng.getrandbits(64):x}" for _ in range(rng.choice((1, 5, 30)))]
    elements = "".join(f'<{name} {name}="" xmlns:p{name}="urn:{name}"/>' for name in names).encode()
    at = rng.choice([0, *(tag.end() for tag in _TOKEN.finditer(body))])
    return body[:at] + elements + body[at:]


def _recode(rng: random.Random, body: bytes) -> bytes:
    """Say it in another encoding, or only say that it is."""
    encoding = rng.choice(("utf-16", "utf-16-le", "utf-8-sig", "iso-8859-1", "cp1252", "utf-7", "utf-32"))
    if rng.random() < _ONLY_SAID:
        return f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + body
    return body.decode("utf-8", "replace").encode(encoding, "replace")


_ONLY_SAID = 0.5
_MUTATORS = (
    *(_flip, _cut, _insert, _truncate, _say, _say, _decorate, _decorate, _rearrange, _drop_element, _splice),
    *(_invent, _recode),
)


def inventions(seed: int, how_many: int) -> Iterator[tuple[str, bytes]]:
    """Give so many documents, each with its port, as full of new names as the limits of the edge admit."""
    for number in range(how_many):
        port, elements = ((g.PMC, 390), (g.EMPRESA, 7_900))[number % 2]
        names = "".join(f"<n{seed:x}.{number:x}.{each:x}.{'x' * 40}/>" for each in range(elements))
        # an Eco is read to the end for whoever asks, and held against the contract
        yield port, g.pedido("Eco", Mensaje="a", raw=names) if port == g.PMC else g.sobre(f"<x>{names}</x>")
