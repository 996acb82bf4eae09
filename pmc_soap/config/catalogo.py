"""Every key that there is, read off the tables themselves: the one truth that errors, help and documentation share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

COMODINES = frozenset({"CODIGO", "NOMBRE", "N"})  # what stands for any empresa, any destino, any place of a list


@dataclass(frozen=True, slots=True)
class Clave:
    """One key. above: the table that it is of, with COMODINES; tipo: which kind of that table, where there are some."""

    above: tuple[str, ...]
    tipo: str | None
    name: str
    field: FieldInfo

    @property
    def path(self) -> tuple[str, ...]:
        """Give the whole path."""
        return (*self.above, self.name)


@dataclass(frozen=True, slots=True)
class _Lugar:
    """Where a loc of pydantic's leads: the path as written, what is there, and the keys that could be there."""

    path: tuple[str, ...]
    annotation: Any
    beside: tuple[str, ...] = ()
    named: tuple[str, FieldInfo] | None = None


def alternatives(annotation: Any) -> list[Any]:
    """Give what a value may be, without None and without notes."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return alternatives(get_args(annotation)[0])
    if origin in {Union, UnionType}:
        return [one for said in get_args(annotation) if said is not NoneType for one in alternatives(said)]
    return [annotation]


def tables(annotation: Any) -> list[type[BaseModel]]:
    """Give the tables that a value may be."""
    return [one for one in alternatives(annotation) if isinstance(one, type) and issubclass(one, BaseModel)]


def item(annotation: Any) -> Any:
    """Give what the items of a list or of a table of equals are; None where it holds none."""
    arguments = [get_args(one) for one in alternatives(annotation) if get_origin(one) in {list, tuple, dict}]
    return next((args[1] if len(args) > 1 and args[1] is not ... else args[0] for args in arguments), None)


def claves(model: type[BaseModel], above: tuple[str, ...] = (), tipo: str | None = None) -> Iterator[Clave]:
    """Give every key, those of a table before those of the tables in it."""
    for name, field in sorted(model.model_fields.items(), key=lambda pair: pair[0] != "tipo"):
        yield Clave(above, tipo, name, field)
    for name, field in model.model_fields.items():
        inside, within = (*above, name), field.annotation
        if not tables(within) and tables(item(within)):
            several = any(get_origin(one) is list for one in alternatives(within))
            inside, within = (*inside, "N" if several else "CODIGO" if name == "empresas" else "NOMBRE"), item(within)
        found = tables(within)
        for table in found:
            yield from claves(table, inside, _tag(table) if len(found) > 1 else tipo)


def as_written(model: type[BaseModel], loc: Sequence[str | int]) -> tuple[str, ...]:
    """Give the path of a key as it stands in the file, where pydantic also names the kind of a table."""
    return _follow(model, loc).path


def keys_beside(model: type[BaseModel], loc: Sequence[str | int]) -> tuple[str, ...]:
    """Give the keys that the table knows in which the last of the loc stands."""
    return _follow(model, loc).beside


def tags(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """Give the kinds of table that may stand there."""
    return [_tag(table) for table in tables(_follow(model, loc).annotation)]


def example(model: type[BaseModel], loc: Sequence[str | int]) -> str:
    """Give an example of the key, as TOML; empty if it has none."""
    named = _follow(model, loc).named
    return f"{named[0]} = {named[1].examples[0]}" if named and named[1].examples else ""


def _follow(model: type[BaseModel], loc: Sequence[str | int]) -> _Lugar:
    lugar = _Lugar((), model)
    for step in loc:
        found = tables(lugar.annotation)
        if step == "[key]":
            continue
        if len(found) > 1:
            kind = next((table for table in found if _tag(table) == step), None)
            lugar = _Lugar(lugar.path, kind, lugar.beside, lugar.named)
            continue
        path = (*lugar.path, str(step))
        if not found:
            lugar = _Lugar(path, item(lugar.annotation), named=lugar.named)
            continue
        fields = found[0].model_fields
        field = fields.get(str(step))
        named = (str(step), field) if field else None
        lugar = _Lugar(path, field.annotation if field else None, tuple(fields), named)
    return lugar


def _tag(table: type[BaseModel]) -> str:
    return str(get_args(table.model_fields["tipo"].annotation)[0])
