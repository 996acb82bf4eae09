"""The codec, compiled once from the messages: validated tree → message, message → text.

Spyne's own serialiser writes 1E+3, offsets and missing elements as they come; this one checks every facet and
raises CodecError rather than send a document that the contract does not allow.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from lxml import etree

from pmc_soap.soap.leaf import WRONG, Leaf, Write, compile_leaf
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
    leaf: Leaf | None
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
    try:
        return f'<{name} xmlns="{NAMESPACE}">{_writer(message)(value)}</{name}>'
    except WRONG as error:
        raise CodecError(_name_at_fault(message, value)) from error


def _field(name: str, word: Any) -> Field:
    is_message = hasattr(word, "_type_info")
    return Field(
        name=name,
        word=word,
        message=original(word) if is_message else None,
        leaf=None if is_message else compile_leaf(word),
        lowest=int(word.Attributes.min_occurs),
        highest=word.Attributes.max_occurs,
    )


@cache
def _reader(message: Any) -> Callable[[etree._Element], Any]:
    by_tag: dict[Any, tuple[Field, bool, Callable[[etree._Element], Any]]] = {
        tag: (field, field.is_list, _leaf_reader(field.name, field.leaf) if field.leaf else _reader(field.message))
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


def _leaf_reader(name: str, leaf: Leaf) -> Callable[[etree._Element], Any]:
    def read(element: etree._Element) -> Any:
        try:
            return leaf.read(element.text or "")
        except WRONG as error:
            raise CodecError(name) from error

    return read


@cache
def _writer(message: Any) -> Write:
    """Compile a message to one expression: its tags as they are, and what gives the text of each element."""
    names: dict[str, Any] = {}
    for field in fields(message).values():
        names[f"write_{field.name}"] = _writer_of(field)
        names[f"is_plain_{field.name}"] = field.leaf and field.leaf.is_plain
    document = "".join(map(_expression, fields(message).values()))
    compiled: Write = eval(f"lambda message: (said := message.__dict__) and f{document!r}", names)  # noqa: S307 — the messages' own names
    return compiled


def _expression(field: Field) -> str:
    name, value = field.name, f'said["{field.name}"]'
    text = f"write_{name}({value})"
    if field.leaf and field.leaf.is_plain and not field.is_list:  # nearly all texts go as they are, without a call
        text = f"value if is_plain_{name}(value := {value}) else {text}"
    if field.is_list:
        return f"{{{text}}}"
    if field.lowest:
        return f"<{name}>{{{text}}}</{name}>"
    return f'{{"" if {value} is None else "<{name}>" + ({text}) + "</{name}>"}}'


def _writer_of(field: Field) -> Write:
    write: Write = field.leaf.write if field.leaf else _writer(field.message)
    return _list_writer(field, write) if field.is_list else write


def _list_writer(field: Field, write: Write) -> Write:
    lowest, highest = field.lowest, field.highest
    opening, closing = f"<{field.name}>", f"</{field.name}>"
    between = closing + opening

    def write_all(items: Any) -> str:
        if not lowest <= len(items) <= highest:
            raise ValueError
        return f"{opening}{between.join(map(write, items))}{closing}" if items else ""

    return write_all


def _name_at_fault(message: Any, value: Any) -> str:
    """Find the innermost element that cannot be written."""
    for field in fields(message).values():
        said = value.__dict__[field.name]
        if said is None and not field.lowest:
            continue
        try:
            _writer_of(field)(said)
        except WRONG:
            inner = field.message
            for each in said if isinstance(said, list) else [said]:
                if inner is not None and isinstance(each, inner) and _cannot_be_written(inner, each):
                    return _name_at_fault(inner, each)
            return field.name
    raise AssertionError  # one of them has just failed


def _cannot_be_written(message: Any, value: Any) -> bool:
    try:
        _writer(message)(value)
    except WRONG:
        return True
    return False
