"""What a key is, for people: by its path, or all of them as the page docs/configuracion.md."""

from collections.abc import Iterator, Sequence
from datetime import date, time
from enum import Enum
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from pmc_soap.config import toml
from pmc_soap.config.catalogo import COMODINES, Clave, alternatives, claves, item, tables
from pmc_soap.config.errores import did_you_mean
from pmc_soap.config.fuentes import LEVEL, PREFIX
from pmc_soap.config.instalacion import Settings

_KINDS: dict[Any, str] = {
    str: "texto",
    int: "número entero",
    bool: "true o false",
    date: "fecha (AAAA-MM-DD, sin comillas)",
    time: "hora (HH:MM:SS, sin comillas)",
    Path: "ruta de un archivo",
    SecretStr: 'secreto: texto, { archivo = "/ruta" } o { entorno = "VARIABLE" }',
}


class ClaveDesconocida(Exception):
    """There is no such key; its text may name the near one."""


def names() -> list[str]:
    """Name every key, each once."""
    return list(dict.fromkeys(_name(clave) for clave in claves(Settings)))


def explain(asked: str) -> str:
    """Explain the keys that a path names, whole or its last steps; raises ClaveDesconocida."""
    steps = asked.strip().split(".")
    found = [clave for clave in claves(Settings) if _is_named(clave, steps)]
    if not found:
        near = did_you_mean(asked, [*names(), *dict.fromkeys(clave.name for clave in claves(Settings))])
        raise ClaveDesconocida(f"«{asked}» no es una clave.{near}")
    texts = [(_name(clave), _explain(clave)) for clave in found]
    alike = groupby(texts, key=lambda text: text[1])  # most kinds of destino share some keys, word by word
    return "\n".join("\n".join([*(name for name, _ in group), text]) for text, group in alike)


def markdown() -> Iterator[str]:
    """Give the lines of the page that describes every key."""
    yield "## Todas las claves"
    for (above, tipo), group in groupby(claves(Settings), key=lambda clave: (clave.above, clave.tipo)):
        yield from ("", f"### {_heading(above, tipo)}", "")
        yield from ("| clave | qué es | valor | por defecto | ejemplo |", "|---|---|---|---|---|")
        for clave in group:
            field = clave.field
            default = "obligatoria" if field.is_required() else f"`{_default(field)}`" if _default(field) else ""
            example = f"`{field.examples[0]}`" if field.examples else ""
            cells = (f"`{clave.name}`", field.description or "", _kind(field), default, example)
            yield f"| {' | '.join(cells)} |"


def _heading(above: Sequence[str], tipo: str | None) -> str:
    if not above:
        return "El comienzo del archivo"
    *most, last = above
    table = f"`[[{'.'.join(most)}]]`" if last == "N" else f"`[{'.'.join(above)}]`"
    return f'{table}, `tipo = "{tipo}"`' if tipo else table


def _explain(clave: Clave) -> str:
    field = clave.field
    lines = [f"  {field.description}", f"  Valor: {_kind(field)}"]
    if field.is_required():
        lines.append("  Por defecto: no tiene, es obligatoria")
    elif default := _default(field):
        lines.append(f"  Por defecto: {default}")
    if field.examples:
        lines.append(f"  Ejemplo: {clave.name} = {field.examples[0]}")
    if "N" not in clave.path and not tables(field.annotation) and not tables(item(field.annotation)):
        lines.append(f"  En el entorno: {PREFIX}{LEVEL.join(step.upper() for step in clave.path)}")
    return "\n".join(lines) + "\n"


def _name(clave: Clave) -> str:
    """Name a key as it can be asked for: the kind of its table stands where the file has none."""
    if clave.tipo is None:
        return ".".join(clave.path)
    depth = clave.above.index("destinos") + 2 if "destinos" in clave.above else clave.above.index("sistema") + 1
    return ".".join((*clave.path[:depth], clave.tipo, *clave.path[depth:]))


def _is_named(clave: Clave, asked: Sequence[str]) -> bool:
    """Tell whether the steps are a key's last: with or without the kind of its table, and what stands for any."""
    whole = _name(clave).split(".")
    forms = [whole, list(clave.path)]
    forms += [[step for step in form if step not in COMODINES] for form in forms]
    return any(_fits(form[-len(asked) :], asked) for form in forms if len(form) >= len(asked))


def _fits(form: Sequence[str], asked: Sequence[str]) -> bool:
    pairs = zip(form, asked, strict=True)
    return form[0] not in COMODINES and all(step == word or step in COMODINES for step, word in pairs)


def _default(field: FieldInfo) -> str:
    value = field.default
    nothing = field.is_required() or value is None or isinstance(value, BaseModel)
    return "" if nothing or value in ({}, [], "") else toml.write(value)


def _kind(field: FieldInfo) -> str:
    return _word(field.annotation) + _limits(field)


def _word(annotation: Any) -> str:
    found = alternatives(annotation)
    if len(found) > 1 or tables(annotation):
        return "tabla"
    [one] = found
    if get_origin(one) is Literal:
        return " o ".join(toml.write(value) for value in get_args(one))
    if get_origin(one) in {list, tuple}:
        within = item(one)
        return "lista de tablas" if tables(within) else f"lista: cada uno, {_word(within)}"
    if get_origin(one) is dict:
        within = item(one)
        plain = within is Any or tables(within) or get_args(one)[1] is Any
        return "tabla" if plain else f"tabla: cada valor, {_word(within)}"
    if isinstance(one, type) and issubclass(one, Enum):
        return ", ".join(toml.write(value) for value in one)
    return _KINDS[one]


def _limits(field: FieldInfo) -> str:
    def told(name: str) -> Any:
        return next((value for note in field.metadata if (value := getattr(note, name, None)) is not None), None)

    least, most = told("ge"), told("le")
    if least is not None and most is not None:
        return f", de {least} a {most}"
    longest = told("max_length")
    return f", hasta {longest} caracteres" if longest and alternatives(field.annotation) == [str] else ""
