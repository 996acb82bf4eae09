"""The recogniser: reads the plainest form of a request straight from its bytes, in one regular expression a message.

It is derived from the messages and knows less than the full reading: one prefix or none, printable ASCII, no attributes
but namespaces, no Header with anything in it, values in their most usual form. Whatever it reads, the parser and the
schema would have read the same (the tests hold it against them); whatever it does not know, it leaves to them. So it
may be taken away and nothing changes but the time a request takes: only protocol.py imports it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from pmc_soap.soap.codec import Field, fields
from pmc_soap.soap.fallas import ENVELOPE
from pmc_soap.soap.leaf import WRONG, Read, builtin_of
from pmc_soap.soap.limites import NAMESPACES_MAX, TEXT_MAX
from pmc_soap.soap.words import NAMESPACE

# no text of a caller's may be tried in many ways: characters are taken possessively, and of several ways to go on only
# one begins right. No group is possessive: Python before 3.11.5 goes on in the middle of one that failed (gh-106052)
_BLANK = r"[ \t\r\n]"  # XML's; \s knows two more
_PREFIX = r"(?:[A-Za-z_][A-Za-z0-9_-]{0,30}:)?"
_URI = (
    r"(?!http://www\.w3\.org/(?:XML|2000/xmlns))"  # which only xml and xmlns may stand for
    r"(?:urn(?::[A-Za-z0-9._-]{1,60}){1,4}|https?://[A-Za-z0-9.-]{1,100}(?:/[A-Za-z0-9._/-]{0,100})?(?:\#[A-Za-z0-9._-]{0,60})?)"
)
_DECLARATIONS = rf'((?:{_BLANK}++xmlns(?::[A-Za-z_][A-Za-z0-9_-]{{0,30}})?="{_URI}"){{0,{NAMESPACES_MAX}}}){_BLANK}*+'
_DECLARATION = re.compile(r'xmlns(?::([A-Za-z0-9_-]+))?="([^"]*)')
_HEAD = (
    rf"{_BLANK}*+(?:<\?xml{_BLANK}++version=['\"]1\.0['\"](?:{_BLANK}++encoding=['\"](?:utf|UTF)-8['\"])?{_BLANK}*+\?>)?"
    rf"{_BLANK}*+<(?P<soap>{_PREFIX})Envelope{_DECLARATIONS}>{_BLANK}*+"
    rf"(?:<(?P=soap)Header{_BLANK}*+/>{_BLANK}*+"
    rf"|<(?P=soap)Header{_BLANK}*+>{_BLANK}*+</(?P=soap)Header{_BLANK}*+>{_BLANK}*+)?"
    rf"<(?P=soap)Body{_BLANK}*+>{_BLANK}*+"
)
_TAIL = rf"{_BLANK}*+</(?P=soap)Body{_BLANK}*+>{_BLANK}*+</(?P=soap)Envelope{_BLANK}*+>{_BLANK}*+"
_FIXED_GROUPS = 4  # soap, its declarations, ours, its declarations
_NAME = re.compile(rf"<{_PREFIX}Body{_BLANK}*+>{_BLANK}*+<{_PREFIX}([A-Za-z]++)")
# whatever the facets allow beyond this is left to the schema
_TEXT = "[ -%'-;=?-~]*+"
_VALUES = {
    "decimal": r"[0-9]{1,12}\.[0-9]{2}",
    "int": "[0-9]{1,9}",
    "long": "[0-9]{1,18}",
    "boolean": "true|false",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "dateTime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])?",
}

Recognise = Callable[[bytes], tuple[str, Any] | None]
Build = Callable[[Sequence[Any]], Any]


def compile_recogniser(messages: Mapping[str, Any]) -> Recognise:
    """Compile the requests by their names; a request that holds a list is not for here."""
    shapes = {name: (name, *_shape(name, message)) for name, message in messages.items() if _is_flat(message)}

    def recognise(body: bytes) -> tuple[str, Any] | None:
        if len(body) > TEXT_MAX or not body.isascii():
            return None
        text = body.decode("ascii")
        named = _NAME.search(text)
        shape = shapes.get(named.group(1)) if named else None
        match = shape[1](text) if shape else None
        if shape is None or match is None:
            return None
        said = match.groups()
        if not _are_declared(*said[:_FIXED_GROUPS]):
            return None
        try:
            return shape[0], shape[2](said)
        except WRONG:  # a day that no month has, a number out of its bounds
            return None

    return recognise


def _is_flat(message: Any) -> bool:
    return all(
        not each.is_list and (not each.message or (each.lowest and _is_flat(each.message)))
        for each in fields(message).values()
    )


def _shape(name: str, message: Any) -> tuple[Callable[[str], re.Match[str] | None], Build]:
    names: dict[str, Any] = {}
    pattern, count, call = _of_message(message, _FIXED_GROUPS, names)
    ours = rf"<(?P<ours>{_PREFIX}){name}{_DECLARATIONS}>{_BLANK}*+{pattern}</(?P=ours){name}{_BLANK}*+>"
    compiled = re.compile(f"{_HEAD}{ours}{_TAIL}", re.ASCII)
    if compiled.groups != _FIXED_GROUPS + count:
        raise AssertionError("a group of its own in a pattern would shift all others")
    return compiled.fullmatch, eval(f"lambda said: {call}", names)  # noqa: S307 — the messages' own names


def _of_message(message: Any, first: int, names: dict[str, Any]) -> tuple[str, int, str]:
    """Give the pattern of a message's children, how many groups it has, and the call that builds it of all groups."""
    patterns, told, at = [], [], first
    for field in fields(message).values():
        if field.leaf is None:
            children, count, value = _of_message(field.message, at, names)
            inner = f"{_BLANK}*+{children}"
        else:
            inner, count, value = f"({_of_leaf(field)})", 1, f"said[{at}]"
            if builtin_of(field.word) != "string":
                names[f"read_{at}"] = _reader(field.word, field.leaf.read)
                value = f"None if {value} is None else read_{at}({value})"
        element = f"<(?P=ours){field.name}{_BLANK}*+>{inner}</(?P=ours){field.name}{_BLANK}*+>{_BLANK}*+"
        patterns.append(element if field.lowest else f"(?:{element})?")
        told.append(f"{field.name}={value}")
        at += count
    names[message.__name__] = message
    return "".join(patterns), at - first, f"{message.__name__}({', '.join(told)})"


def _of_leaf(field: Field) -> str:
    """Give a pattern of values that the word certainly allows, without groups."""
    builtin, facets = builtin_of(field.word), field.word.Attributes
    if builtin != "string":
        return _VALUES[builtin]
    if facets.values:
        return "|".join(map(re.escape, sorted(facets.values)))
    lowest, highest = max(1, int(facets.min_len)), int(min(facets.max_len, TEXT_MAX))
    pattern = (facets.pattern or _TEXT).replace("(", "(?:")  # words have no groups but those
    return f"(?=[^&<>]{{{lowest},{highest}}}<)(?:{pattern})"


def _reader(word: Any, read: Read) -> Read:
    if builtin_of(word) not in {"int", "long"}:
        return read
    lowest, highest = word.Attributes.ge, word.Attributes.le

    def read_number(text: str) -> Any:
        value = read(text)
        if not lowest <= value <= highest:
            raise ValueError
        return value

    return read_number


@lru_cache(maxsize=256)
def _are_declared(soap: str, of_soap: str, ours: str, of_ours: str) -> bool:
    """Tell whether both prefixes mean what they must; a client says the same each time."""
    if soap == ours:  # the operation takes the envelope's prefix for itself, and gives it back: too subtle for here
        return False
    of_envelope, of_operation = _read_declarations(of_soap), _read_declarations(of_ours)
    if of_envelope is None or of_operation is None or soap in of_operation:
        return False
    in_scope = of_envelope | of_operation
    return in_scope.get(soap) == ENVELOPE and in_scope.get(ours) == NAMESPACE and len(in_scope) <= NAMESPACES_MAX


def _read_declarations(said: str) -> dict[str, str] | None:
    """Give what each prefix, with its colon, stands for; None if one is told twice, or may not be told so."""
    told = _DECLARATION.findall(said)
    declared = {f"{prefix}:" if prefix else "": uri for prefix, uri in told}
    good = all(uri and not prefix.startswith("xml") for prefix, uri in declared.items())
    return declared if good and len(declared) == len(told) else None
