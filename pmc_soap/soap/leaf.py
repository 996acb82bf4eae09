"""The text of one element and its value: compiled from the word's facets, both ways.

A writer checks every facet, and raises rather than write what the contract does not allow; a reader is given text that
the schema has accepted. Either may raise one of WRONG.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, NamedTuple

from pmc_soap.domain import importe
from pmc_soap.domain.calendario import to_utc

Read = Callable[[str], Any]
Write = Callable[[Any], str]

WRONG = (ValueError, TypeError, AttributeError, ArithmeticError)

_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_CHARS = "\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"  # those that XML has
_PLAIN_CHARS = "\t\n\x20-%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"  # and of them those that go as they are
_CHAR, _NOT_XML = f"[{_CHARS}]", re.compile(f"[^{_CHARS}]")
# fixed: before 2009 the offset of Argentina was not always this one, nor always of whole minutes
_ON_THE_WIRE = timezone(timedelta(hours=-3))
_IMPORTE = re.compile(r"[0-9]{1,12}\.[0-9]{2}", re.ASCII).fullmatch
_YEARS = range(1970, 2200)


class Leaf(NamedTuple):
    """How a word is read and written. is_plain, for texts: whether a value is one that may be written as it is."""

    read: Read
    write: Write
    is_plain: Callable[[str], object] | None = None


def compile_leaf(word: Any) -> Leaf:
    """Compile the leaf of a word."""
    match builtin_of(word):
        case "string":
            return _text(word)
        case "decimal":
            return Leaf(_read_importe, _importe_writer(word))
        case "int" | "long" as builtin:
            return Leaf(int, _whole_writer(word, 32 if builtin == "int" else 64))
        case "boolean":
            return Leaf(_read_boolean, _write_boolean)
        case "date":
            return Leaf(_read_date, date.isoformat)
        case "dateTime":
            return Leaf(_read_datetime, _write_datetime)
        case other:
            raise TypeError(f"the contract has no words on {other}")


def builtin_of(word: Any) -> str:
    """Name the XSD built-in under a word, through all its restrictions."""
    while word.__namespace__ != "http://www.w3.org/2001/XMLSchema" and word.__extends__ is not None:
        word = word.__extends__
    return str(word.get_type_name())


def _read_importe(text: str) -> int:
    """Give centavos."""
    if _IMPORTE(text):
        return int(text.replace(".", ""))
    return importe.from_decimal(Decimal(text.strip()))  # XSD has more ways to write it


def _read_boolean(text: str) -> bool:
    return text.strip() in {"true", "1"}


def _read_date(text: str) -> date:
    """Cut an offset, never convert it: a due date is a day, not an instant."""
    return date.fromisoformat(text.strip()[:10])


def _read_datetime(text: str) -> datetime:
    moment = to_utc(datetime.fromisoformat(text.strip()))
    if not _YEARS[0] <= moment.year <= _YEARS[-1]:  # an unset field of some stacks: no payment is of the year 1
        raise ValueError
    return moment


def _write_datetime(value: datetime) -> str:
    aware = value if value.tzinfo else to_utc(value)
    return aware.astimezone(_ON_THE_WIRE).isoformat(timespec="seconds")


def _write_boolean(value: Any) -> str:
    if not isinstance(value, bool):
        raise TypeError
    return "true" if value else "false"


def _text(word: Any) -> Leaf:
    attributes = word.Attributes
    lowest, highest, closed = attributes.min_len, attributes.max_len, frozenset(attributes.values)
    pattern = "|".join(map(re.escape, closed)) if closed else attributes.pattern or f"{_CHAR}*"
    length = f"{{{lowest},{'' if highest == Decimal('inf') else highest}}}"
    fits = re.compile(rf"(?={_CHAR}{length}\Z)(?:{pattern})").fullmatch

    def write(value: Any) -> str:
        text = _NOT_XML.sub(" ", value)
        if not fits(text):
            raise ValueError
        return text.translate(_ESCAPES)

    if closed and not any(set(value) & set("&<>") for value in closed):
        return Leaf(str, write, closed.__contains__)
    plain = rf"(?=[^&<>\r]{length}\Z)(?:{pattern})" if attributes.pattern else f"[{_PLAIN_CHARS}]{length}"
    return Leaf(str, write, re.compile(plain).fullmatch)


def _importe_writer(word: Any) -> Write:
    """Write centavos: of the decimals of the contract, all are pesos."""
    if word.Attributes.fraction_digits != 2:  # noqa: PLR2004 — centavos
        raise TypeError(f"{word.get_type_name()} is no importe")
    highest = importe.from_decimal(word.Attributes.le)

    def write(value: Any) -> str:
        if type(value) is not int or not 0 <= value <= highest:
            raise ValueError
        return f"{value // 100}.{value % 100:02d}"

    return write


def _whole_writer(word: Any, bits: int) -> Write:
    lowest = max(word.Attributes.ge, -(2 ** (bits - 1)))
    highest = min(word.Attributes.le, 2 ** (bits - 1) - 1)
    lowest, highest = int(lowest), int(highest)

    def write(value: Any) -> str:
        if not lowest <= value <= highest:
            raise ValueError
        return f"{value:d}"

    return write
