"""The settings in force, key by key, each with its source; no secret among them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, SecretStr

from pmc_soap.config.instalacion import Settings
from pmc_soap.config.lectura import Leida
from pmc_soap.config.sistemas import SistemaJson
from pmc_soap.config.tabla import PLANTILLA

OCULTO = "•••"
POR_DEFECTO = "por defecto"
_URL_PASSWORD = re.compile(
    r"(?<=://)([^:@/\s]*):(.*)@([^&\s]*)", re.DOTALL
)  # to the last @: rather too much than a secret
_QUERY_VALUE = re.compile(r"(?<=[?&#])([^=&#\s]*=)?([^&#\s]*)")
_GAP = re.compile(r"(\{(?:" + "|".join(PLANTILLA) + r")\})")


@dataclass(frozen=True, slots=True)
class Vigente:
    """One key in force."""

    clave: str
    valor: Any
    fuente: str


@dataclass(frozen=True, slots=True)
class Ajuste:
    """One key in force, with what it is; dicho: some source tells it, be it the value that it has by default."""

    path: tuple[str, ...]
    valor: Any
    que_es: str
    dicho: bool


def show(leida: Leida) -> Iterator[Vigente]:
    """Give every key in force, in the order of the tables."""
    for ajuste in ajustes(leida.settings):
        yield Vigente(".".join(ajuste.path), ajuste.valor, leida.source_of(ajuste.path) or POR_DEFECTO)


def ajustes(settings: Settings) -> Iterator[Ajuste]:
    """Give every key in force, in the order of the tables, where the sources are not at hand."""
    yield from _leaves(settings, (), "", dicho=True)


def _leaves(value: Any, path: tuple[str, ...], que_es: str, *, dicho: bool) -> Iterator[Ajuste]:
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            inside = getattr(value, name)
            if name == "cuerpo" and isinstance(value, SistemaJson) and inside is not None:
                inside = _only_gaps(inside)
            secret = isinstance(field.json_schema_extra, Mapping) and field.json_schema_extra.get("secreto")
            inside = SecretStr("") if secret and inside else inside
            is_said = dicho and name in value.model_fields_set
            yield from _leaves(inside, (*path, name), field.description or "", dicho=is_said)
    elif isinstance(value, Mapping) and value:
        for key, inside in value.items():
            yield from _leaves(inside, (*path, str(key)), que_es, dicho=dicho)
    elif isinstance(value, list) and any(isinstance(inside, (BaseModel, Mapping, list)) for inside in value):
        for n, inside in enumerate(value):
            yield from _leaves(inside, (*path, str(n)), que_es, dicho=dicho)
    else:
        yield Ajuste(path, _shown(value), que_es, dicho)


def _shown(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return OCULTO
    if isinstance(value, str):
        return _without_secrets(value) if "://" in value else str(value)
    if isinstance(value, (list, tuple)):
        return [_shown(inside) for inside in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    return {} if value == {} else str(value)


def _without_secrets(url: str) -> str:
    """Hide the password of an address, and what it says of its own in its query."""
    return _QUERY_VALUE.sub(lambda said: (said[1] or "") + _only_gaps(said[2]), _URL_PASSWORD.sub(_user, url))


def _user(said: re.Match[str]) -> str:
    # an @ after a ? may be of the password, or of the query: then what follows it may be half of a value
    return f"{said[1]}:{OCULTO}" if "?" in said[2] else f"{said[1]}:{OCULTO}@{said[3]}"


def _only_gaps(said: Any) -> Any:
    """Hide all but the gaps that a consulta fills, in whatever depth."""
    if isinstance(said, Mapping):
        return {key: _only_gaps(inside) for key, inside in said.items()}
    if isinstance(said, list):
        return [_only_gaps(inside) for inside in said]
    if not isinstance(said, str):
        return OCULTO
    return "".join(piece if _GAP.fullmatch(piece) else OCULTO for piece in _GAP.split(said) if piece)
