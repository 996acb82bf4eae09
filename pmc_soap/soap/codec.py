"""The codec, compiled once from the messages: validated tree → message, message → text.

Spyne's own serialiser writes 1E+3, offsets and missing elements as they come; this one checks every facet and
raises CodecError rather than send a document that the contract does not allow.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from lxml import etree

from pmc_soap.soap.leaf import WRONG, Read, Write, compile_leaf
from pmc_soap.soap.words import NAMESPACE


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
    return f'<{name} xmlns="{NAMESPACE}">{_writer(message)(value)}</{name}>'


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
def _writer(message: Any) -> Write:
    """Compile a message to one expression: its tags as they are, and a call for the text of each element."""
    declared = list(fields(message).values())
    writers = {f"write_{each.name}": _list_writer(each) if each.is_list else _one_writer(each) for each in declared}
    source = f"lambda said: f{''.join(map(_expression, declared))!r}"
    told: Callable[[Mapping[str, Any]], str] = eval(source, writers)  # noqa: S307 — the messages' own names, once each

    def write(value: Any) -> str:
        try:
            return told(value.__dict__)
        except CodecError:
            raise
        except WRONG as error:
            raise CodecError(_name_at_fault(declared, writers, value.__dict__)) from error

    return write


def _expression(field: Field) -> str:
    name, text = field.name, f'{{write_{field.name}(said["{field.name}"])}}'
    if field.is_list:
        return text
    if field.lowest:
        return f"<{name}>{text}</{name}>"
    return f'{{"" if said["{name}"] is None else "<{name}>" + write_{name}(said["{name}"]) + "</{name}>"}}'


def _one_writer(field: Field) -> Write:
    return _writer(field.message) if field.message else field.write


def _list_writer(field: Field) -> Write:
    write, lowest, highest = _one_writer(field), field.lowest, field.highest
    opening, closing = f"<{field.name}>", f"</{field.name}>"
    between = closing + opening

    def write_all(items: Any) -> str:
        if not lowest <= len(items) <= highest:
            raise ValueError
        return f"{opening}{between.join(map(write, items))}{closing}" if items else ""

    return write_all


def _name_at_fault(declared: Sequence[Field], writers: Mapping[str, Write], said: Mapping[str, Any]) -> str:
    for field in declared:
        value = said[field.name]
        try:
            if value is not None or field.lowest:
                writers[f"write_{field.name}"](value)
        except WRONG:
            return field.name
    raise AssertionError  # one of them has just failed
