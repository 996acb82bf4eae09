"""The codec, compiled once from the messages: validated tree → message, message → text.

Spyne's own serialiser writes 1E+3, offsets and missing elements as they come; this one checks every facet and
raises CodecError rather than send a document that the contract does not allow.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from lxml import etree

from pmc_soap.soap.leaf import WRONG, Read, Write, compile_leaf
from pmc_soap.soap.words import NAMESPACE

Put = Callable[[str], None]


class CodecError(ValueError):
    """A value does not fit its element; campo is the element's name."""

    def __init__(self, campo: str) -> None:
        super().__init__(campo)
        self.campo = campo


class Field(NamedTuple):
    """One element of a message: a message in its turn, or a leaf."""

    name: str
    word: Any
    message: Any | None
    read: Read
    write: Write
    lowest: int
    highest: Any  # spyne says no limit as Decimal("inf")

    @property
    def is_list(self) -> bool:
        """Tell whether the element is the repeated one of a list container."""
        return bool(self.highest != 1)


@cache
def fields(message: Any) -> Mapping[str, Field]:
    """Give the elements of a message by their tags, in their order."""
    return {f"{{{NAMESPACE}}}{name}": _field(name, word) for name, word in message._type_info.items()}  # noqa: SLF001 — spyne's own table


def original(message: Any) -> Any:
    """Give the message itself, where spyne hands over a copy with other occurrences."""
    return message.__orig__ or message


def decode(message: Any, element: etree._Element) -> Any:
    """Build the message from an element that the schema has already accepted."""
    return _reader(message)(element)


def encode(message: Any, name: str, value: Any) -> str:
    """Write the message as one element in the contract's namespace; raises CodecError if it is not the contract's."""
    parts = [f'<{name} xmlns="{NAMESPACE}">']
    _writer(message)(value, parts.append)
    parts.append(f"</{name}>")
    return "".join(parts)


def _field(name: str, word: Any) -> Field:
    is_message = hasattr(word, "_type_info")
    read, write = (str, str) if is_message else compile_leaf(word)
    return Field(
        name=name,
        word=word,
        message=original(word) if is_message else None,
        read=read,
        write=write,
        lowest=int(word.Attributes.min_occurs),
        highest=word.Attributes.max_occurs,
    )


@cache
def _reader(message: Any) -> Callable[[etree._Element], Any]:
    by_tag: dict[Any, tuple[Field, bool, Callable[[etree._Element], Any]]] = {
        tag: (field, field.is_list, _reader(field.message) if field.message else _leaf_reader(field))
        for tag, field in fields(message).items()
    }
    lists = [field.name for field in fields(message).values() if field.is_list]

    def read(element: etree._Element) -> Any:
        said: dict[str, Any] = {name: [] for name in lists}
        for child in element:
            field, is_list, read_one = by_tag[child.tag]
            value = read_one(child)
            if is_list:
                said[field.name].append(value)
            elif value != "" or field.lowest:  # an optional element that is empty counts as absent
                said[field.name] = value
        return message(**said)

    return read


def _leaf_reader(field: Field) -> Callable[[etree._Element], Any]:
    def read(element: etree._Element) -> Any:
        try:
            return field.read(element.text or "")
        except WRONG as error:
            raise CodecError(field.name) from error

    return read


@cache
def _writer(message: Any) -> Callable[[Any, Put], None]:
    steps = [_list_step(field) if field.is_list else _step(field) for field in fields(message).values()]

    def write(value: Any, put: Put) -> None:
        said = value.__dict__
        for step in steps:
            step(said, put)

    return write


def _step(field: Field) -> Callable[[Mapping[str, Any], Put], None]:
    name, write_one, optional = field.name, _element_writer(field), not field.lowest

    def step(said: Mapping[str, Any], put: Put) -> None:
        value = said.get(name)
        if value is None and optional:
            return
        write_one(value, put)

    return step


def _list_step(field: Field) -> Callable[[Mapping[str, Any], Put], None]:
    name, write_one = field.name, _element_writer(field)

    def step(said: Mapping[str, Any], put: Put) -> None:
        items = said.get(name)
        if items is None and not field.lowest:
            return
        if items is None or not field.lowest <= len(items) <= field.highest:
            raise CodecError(name)
        for item in items:
            write_one(item, put)

    return step


def _element_writer(field: Field) -> Callable[[Any, Put], None]:
    name, opening, closing = field.name, f"<{field.name}>", f"</{field.name}>"
    if field.message:
        write_message = _writer(field.message)

        def write(value: Any, put: Put) -> None:
            if value is None:
                raise CodecError(name)
            put(opening)
            write_message(value, put)
            put(closing)

        return write
    write_leaf = field.write

    def write_text(value: Any, put: Put) -> None:
        try:
            put(f"{opening}{write_leaf(value)}{closing}")
        except WRONG as error:
            raise CodecError(name) from error

    return write_text
