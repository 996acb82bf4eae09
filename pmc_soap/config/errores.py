"""What is wrong with the configuration, said in Spanish: source, key, what is wrong, what would be right.

pydantic's own words never get out, and no problem ever shows a value: it might be a secret.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from pmc_soap.config import catalogo

Path = tuple[str, ...]


class ConfigError(Exception):
    """What is wrong with the configuration, all of it, one Spanish line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def wrong(what: str, key: str = "") -> PydanticCustomError:
    """Make an error of ours for a validator to raise; key: the key of a table that it blames."""
    return PydanticCustomError("pmc", "{what}", {"what": what, "key": key})


def key_path(model: type[BaseModel], error: Mapping[str, Any]) -> Path:
    """Give the path of the key that pydantic's error blames, as it stands in the file."""
    steps = catalogo.as_written(model, error["loc"])
    blamed = error.get("ctx", {}).get("key") if error["type"] == "pmc" else ""
    discriminated = error["type"] in {"union_tag_invalid", "union_tag_not_found"}
    return (*steps, "tipo") if discriminated else (*steps, blamed) if blamed else steps


def explain(model: type[BaseModel], error: Mapping[str, Any]) -> str:
    """Say one error of pydantic's in Spanish, without its source."""
    path, loc, ctx = key_path(model, error), error["loc"], error.get("ctx", {})
    key, example = ".".join(path), _example(model, loc)
    match error["type"]:
        case "extra_forbidden":
            told = f"«{key}» no existe." + did_you_mean(path[-1], catalogo.keys_beside(model, loc))
        case "missing":
            told = f"falta «{key}»." + example
        case "union_tag_not_found":
            told = f"falta «{key}»: admite {_tags(model, loc)}."
        case "union_tag_invalid":
            told = f"«{key}» admite {_tags(model, loc)}."
        case "enum" | "literal_error":
            told = f"«{key}» admite {ctx['expected'].replace(' or ', ' o ')}."
        case "string_pattern_mismatch":
            told = f"«{key}» no tiene la forma esperada ({ctx['pattern']})." + example
        case "pmc":
            told = f"«{key}» {ctx['what']}." + example
        case kind:
            why = f": {_WHY[kind].format(**ctx)}" if kind in _WHY else ""
            told = f"«{key}» no es válido{why}." + example
    return told


def did_you_mean(said: str, known: Sequence[str], cutoff: float = 0.6) -> str:
    """Name the known word that is nearest, if one is near."""
    near = get_close_matches(said, known, n=1, cutoff=cutoff)
    return f" ¿Quisiste decir «{near[0]}»?" if near else ""


def _tags(model: type[BaseModel], loc: Sequence[str | int]) -> str:
    *most, last = (f"'{tag}'" for tag in catalogo.tags(model, loc))
    return f"{', '.join(most)} o {last}"


def _example(model: type[BaseModel], loc: Sequence[str | int]) -> str:
    example = catalogo.example(model, loc)
    return f" Por ejemplo: {example}" if example else ""


_WHOLE = "tiene que ser un número entero"
_TRUTH = "tiene que ser true o false"
_DATE = "tiene que ser una fecha, AAAA-MM-DD, sin comillas"
_TIME = "tiene que ser una hora de Argentina, HH:MM:SS, sin comillas"
_TABLE = "tiene que ser una tabla"
_WHY: Mapping[str, str] = {
    "string_type": "tiene que ser un texto entre comillas",
    "string_too_short": "no puede estar vacío",
    "string_too_long": "tiene que tener como mucho {max_length} caracteres",
    "too_short": "no puede estar vacía",
    "too_long": "tiene que tener como mucho {max_length} elementos",
    "greater_than_equal": "tiene que ser {ge} o más",
    "less_than_equal": "tiene que ser {le} o menos",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "time_type": _TIME,
    "time_parsing": _TIME,
    "list_type": "tiene que ser una lista, entre corchetes",
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "path_type": "tiene que ser la ruta de un archivo, entre comillas",
    "path_not_file": "ese archivo no existe",
}
