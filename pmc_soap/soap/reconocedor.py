"""The recogniser: reads the plainest form of a request straight from its bytes, in one regular expression a message.

It is derived from the messages and knows less than the full reading: one prefix or none, printable ASCII, no attributes
but namespaces, no Header with anything in it, values in their most usual form. Whatever it reads, the parser and the
schema would have read the same (the tests hold it against them); whatever it does not know, it leaves to them. So it
may be taken away and nothing changes but the time a request takes: only protocol.py imports it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from pmc_soap.soap.codec import Field, fields
from pmc_soap.soap.fallas import ENVELOPE
from pmc_soap.soap.leaf import WRONG, builtin_of
from pmc_soap.soap.limites import NAMESPACES_MAX, TEXT_MAX
from pmc_soap.soap.words import NAMESPACE

# quantifiers are possessive: no text of a caller's may be tried in more than one way
_PREFIX = r"(?:[A-Za-z_][A-Za-z0-9_-]{0,30}:)?"
_DECLARATIONS = r"""((?:\s++xmlns(?::[A-Za-z_][A-Za-z0-9_-]{0,30})?="[!#-%'-;=-~]{0,200}")*+)\s*+"""
_DECLARATION = re.compile(r'xmlns(?::([A-Za-z0-9_-]+))?="([^"]*)')
_HEAD = (
    r"\s*+(?:<\?xml\s++version=['\"]1\.0['\"](?:\s++encoding=['\"](?:utf|UTF)-8['\"])?\s*+\?>)?+\s*+"
    rf"<(?P<soap>{_PREFIX})Envelope{_DECLARATIONS}>\s*+"
    r"(?:<(?P=soap)Header\s*+/>\s*+|<(?P=soap)Header\s*+>\s*+</(?P=soap)Header\s*+>\s*+)?+<(?P=soap)Body\s*+>\s*+"
)
_TAIL = r"\s*+</(?P=soap)Body\s*+>\s*+</(?P=soap)Envelope\s*+>\s*+"
_FIXED_GROUPS = 4  # soap, its declarations, ours, its declarations
_NAME = re.compile(rf"<{_PREFIX}Body\s*+>\s*+<{_PREFIX}([A-Za-z]++)".encode())
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


class _Shape(NamedTuple):
    match: Callable[[bytes], re.Match[bytes] | None]
    build: Callable[[Sequence[Any]], Any]


def compile_recogniser(messages: Mapping[str, Any]) -> Recognise:
    """Compile the requests by their names; a request that holds a list is not for here."""
    shapes = {name.encode(): (name, _shape(name, message)) for name, message in messages.items() if _is_flat(message)}

    def recognise(body: bytes) -> tuple[str, Any] | None:
        named = _NAME.search(body) if len(body) <= TEXT_MAX else None
        found = shapes.get(named.group(1)) if named else None
        match = found[1].match(body) if found else None
        if found is None or match is None:
            return None
        soap, of_soap, ours, of_ours, *said = match.groups()
        if not _are_declared(soap, of_soap, ours, of_ours):
            return None
        try:
            return found[0], found[1].build(said)
        except WRONG:  # a day that no month has, a number out of its bounds
            return None

    return recognise


def _is_flat(message: Any) -> bool:
    return all(not each.is_list and (not each.message or _is_flat(each.message)) for each in fields(message).values())


def _shape(name: str, message: Any) -> _Shape:
    pattern, count, build = _of_message(message, 0)
    ours = rf"<(?P<ours>{_PREFIX}){name}{_DECLARATIONS}>\s*+{pattern}</(?P=ours){name}\s*+>"
    compiled = re.compile(f"{_HEAD}{ours}{_TAIL}".encode())
    if compiled.groups != _FIXED_GROUPS + count:
        raise AssertionError("a group of its own in a pattern would shift all others")
    return _Shape(compiled.fullmatch, build)


def _of_message(message: Any, first: int) -> tuple[str, int, Callable[[Sequence[Any]], Any]]:
    """Give the pattern of a message's children, how many groups it has, and what builds the message from them."""
    patterns, builders, at = [], [], first
    for field in fields(message).values():
        if field.message:
            inner, count, build = _of_message(field.message, at)
        else:
            inner, count, build = f"({_of_leaf(field)})", 1, _leaf_builder(field, at)
        blank = r"\s*+" if field.message else ""
        element = rf"<(?P=ours){field.name}\s*+>{blank}{inner}</(?P=ours){field.name}\s*+>\s*+"
        patterns.append(element if field.lowest else f"(?:{element})?+")
        builders.append((field.name, build))
        at += count

    def build_message(said: Sequence[Any]) -> Any:
        return message(**{name: build(said) for name, build in builders})

    return "".join(patterns), at - first, build_message


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


def _leaf_builder(field: Field, at: int) -> Callable[[Sequence[Any]], Any]:
    read, facets = field.read, field.word.Attributes
    is_number = builtin_of(field.word) in {"int", "long", "decimal"}

    def build(said: Sequence[Any]) -> Any:
        if said[at] is None:
            return None
        value = read(said[at].decode("ascii"))
        if is_number and not facets.ge <= value <= facets.le:
            raise ValueError
        return value

    return build


@lru_cache(maxsize=256)
def _are_declared(soap: bytes, of_soap: bytes, ours: bytes, of_ours: bytes) -> bool:
    """Tell whether both prefixes mean what they must; a client says the same each time."""
    if soap == ours:  # the operation takes the envelope's prefix for itself, and gives it back: too subtle for here
        return False
    of_envelope, of_operation = _read_declarations(of_soap), _read_declarations(of_ours)
    if of_envelope is None or of_operation is None or soap in of_operation:
        return False
    in_scope = of_envelope | of_operation
    return in_scope.get(soap) == ENVELOPE and in_scope.get(ours) == NAMESPACE and len(in_scope) <= NAMESPACES_MAX


def _read_declarations(said: bytes) -> dict[bytes, str] | None:
    """Give what each prefix, with its colon, stands for; None if one is told twice, or may not be told so."""
    told = _DECLARATION.findall(said.decode("ascii"))
    declared = {f"{prefix}:".encode() if prefix else b"": uri for prefix, uri in told}
    good = all(uri and not prefix.startswith(b"xml") for prefix, uri in declared.items())
    return declared if good and len(declared) == len(told) else None
