"""The settings in force, key by key, each with its source; no secret among them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, SecretStr

from pmc_soap.config.lectura import Leida

OCULTO = "•••"
POR_DEFECTO = "por defecto"
_URL_PASSWORD = re.compile(r"(?<=://)([^:@/\s]*):\S*@")  # to the last @: rather too much than a secret
_QUERY_PASSWORD = re.compile(r"([?&](?:password|passwd|pwd|token|clave|secret|key|api_?key)=)[^&\s]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Vigente:
    """One key in force."""

    clave: str
    valor: Any
    fuente: str


def show(leida: Leida) -> Iterator[Vigente]:
    """Give every key in force, in the order of the tables."""
    for path, value in _leaves(leida.settings, ()):
        source = leida.source_of(path)
        yield Vigente(".".join(path), value, source or POR_DEFECTO)


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            inside = getattr(value, name)
            secret = isinstance(field.json_schema_extra, Mapping) and field.json_schema_extra.get("secreto")
            yield from _leaves(SecretStr("") if secret and inside else inside, (*path, name))
    elif isinstance(value, Mapping) and value:
        for key, inside in value.items():
            yield from _leaves(inside, (*path, str(key)))
    elif isinstance(value, list) and any(isinstance(inside, BaseModel) for inside in value):
        for n, inside in enumerate(value):
            yield from _leaves(inside, (*path, str(n)))
    else:
        yield path, _shown(value)


def _shown(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return OCULTO
    if isinstance(value, str):
        return _QUERY_PASSWORD.sub(rf"\1{OCULTO}", _URL_PASSWORD.sub(rf"\1:{OCULTO}@", str(value)))
    if isinstance(value, (list, tuple)):
        return [_shown(inside) for inside in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    return {} if value == {} else str(value)
