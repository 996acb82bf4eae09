"""The codec, compiled once from the messages: validated tree → message, message → text.

Spyne's own serialiser writes 1E+3, offsets and missing elements as they come; this one checks every facet and
raises CodecError rather than send a document that the contract does not allow.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, NamedTuple

from lxml import etree

from pmc_soap.domain.calendario import to_utc
from pmc_soap.soap.words import NAMESPACE

_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
# fixed: before 2009 the offset of Argentina was not always this one, nor always of whole minutes
_ON_THE_WIRE = timezone(timedelta(hours=-3))
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_YEARS = range(1970, 2200)


class CodecError(ValueError):
    """A value does not fit its element; campo is the element's name."""

    def __init__(self, campo: str) -> None:
        super().__init__(campo)
        self.campo = campo


class _Field(NamedTuple):
    name: str
    message: Any | None
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    lowest: int
    highest: int | Decimal  # spyne says no limit as Decimal("inf")

    @property
    def is_list(self) -> bool:
        return self.highest != 1


def decode(message: Any, element: etree._Element) -> Any:
    """Build the message from an element that the schema has already accepted."""
    fields = _fields(message)
    said: dict[str, Any] = {name: [] if field.is_list else None for name, field in fields.items()}
    for child in element:
        field = fields[etree.QName(child).localname]
        value = decode(field.message, child) if field.message else _decode_leaf(field, child)
        if field.is_list:
            said[field.name].append(value)
        elif value != "" or field.lowest:  # an optional element that is empty counts as absent
            said[field.name] = value
    return message(**said)


def encode(message: Any, name: str, value: Any) -> str:
    """Write the message as one element in the contract's namespace; raises CodecError if it is not the contract's."""
    return "".join([f'<{name} xmlns="{NAMESPACE}">', *_encode_fields(message, value), f"</{name}>"])


def _decode_leaf(field: _Field, element: etree._Element) -> Any:
    try:
        return field.read(element.text or "")
    except (ValueError, OverflowError, InvalidOperation) as error:
        raise CodecError(field.name) from error


def _encode_fields(message: Any, value: Any) -> list[str]:
    parts: list[str] = []
    for name, field in _fields(message).items():
        said = getattr(value, name)
        if said is None and not field.lowest:
            continue
        items = said if field.is_list else (said,)
        if not field.lowest <= len(items) <= field.highest:
            raise CodecError(field.name)
        parts.extend(_encode_element(field, item) for item in items)
    return parts


def _encode_element(field: _Field, value: Any) -> str:
    if value is None:
        raise CodecError(field.name)
    if field.message is not None:
        return f"<{field.name}>{''.join(_encode_fields(field.message, value))}</{field.name}>"
    try:
        return f"<{field.name}>{field.write(value)}</{field.name}>"
    except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise CodecError(field.name) from error


@cache
def _fields(message: Any) -> dict[str, _Field]:
    return {name: _compile(name, word) for name, word in message._type_info.items()}  # noqa: SLF001 — spyne's own table


def _compile(name: str, word: Any) -> _Field:
    is_message = hasattr(word, "_type_info")
    read, write = (str, str) if is_message else _leaf(word)
    return _Field(
        name=name,
        message=word.__orig__ or word if is_message else None,
        read=read,
        write=write,
        lowest=int(word.Attributes.min_occurs),
        highest=word.Attributes.max_occurs,
    )


def _leaf(word: Any) -> tuple[Callable[[str], Any], Callable[[Any], str]]:
    match builtin_of(word):
        case "string":
            return str, _string_writer(word)
        case "decimal":
            return lambda text: Decimal(text.strip()), _decimal_writer(word)
        case "int" | "long" as builtin:
            return lambda text: int(text.strip()), _whole_writer(word, 32 if builtin == "int" else 64)
        case "boolean":
            return lambda text: text.strip() in {"true", "1"}, _write_boolean
        case "date":
            return _read_date, date.isoformat
        case "dateTime":
            return _read_datetime, _write_datetime
        case other:
            raise TypeError(f"the contract has no words on {other}")


def builtin_of(word: Any) -> str:
    """Name the XSD built-in under a word, through all its restrictions."""
    while word.__namespace__ != "http://www.w3.org/2001/XMLSchema" and word.__extends__ is not None:
        word = word.__extends__
    return str(word.get_type_name())


def _read_date(text: str) -> date:
    """Cut an offset, never convert it: a due date is a day, not an instant."""
    return date.fromisoformat(text.strip()[:10])


def _read_datetime(text: str) -> datetime:
    moment = to_utc(datetime.fromisoformat(text.strip()))
    if not _YEARS[0] <= moment.year <= _YEARS[-1]:  # an unset field of some stacks: no payment is of the year 1
        raise ValueError
    return moment


def _write_datetime(value: datetime) -> str:
    return to_utc(value).astimezone(_ON_THE_WIRE).isoformat(timespec="seconds")


def _write_boolean(value: Any) -> str:
    if not isinstance(value, bool):
        raise TypeError
    return "true" if value else "false"


def _string_writer(word: Any) -> Callable[[Any], str]:
    attributes = word.Attributes
    lowest, highest = attributes.min_len, attributes.max_len
    pattern = re.compile(attributes.pattern) if attributes.pattern else None
    closed = frozenset(attributes.values)

    def write(value: Any) -> str:
        text = _NOT_XML.sub(" ", value)
        if not lowest <= len(text) <= highest or (pattern and not pattern.fullmatch(text)):
            raise ValueError
        if closed and text not in closed:
            raise ValueError
        return text.translate(_ESCAPES)

    return write


def _decimal_writer(word: Any) -> Callable[[Any], str]:
    limit = Decimal(10) ** (word.Attributes.total_digits - word.Attributes.fraction_digits)
    quantum = Decimal(1).scaleb(-word.Attributes.fraction_digits)

    def write(value: Any) -> str:
        exact = value.quantize(quantum)
        if exact != value or not 0 <= value < limit:
            raise ValueError
        return f"{abs(exact):f}"  # there is a Decimal("-0")

    return write


def _whole_writer(word: Any, bits: int) -> Callable[[Any], str]:
    lowest = max(word.Attributes.ge, -(2 ** (bits - 1)))
    highest = min(word.Attributes.le, 2 ** (bits - 1) - 1)

    def write(value: Any) -> str:
        if not lowest <= value <= highest:
            raise ValueError
        return f"{value:d}"

    return write
