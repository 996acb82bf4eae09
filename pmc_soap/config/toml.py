"""TOML for people: why a text is none, in Spanish; and values as TOML writes them."""

import json
import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

# what tomllib (3.11 to 3.13) begins its errors with; the first that fits, so the longer go first
_WHY = (
    ("Expected '=' after a key", "falta el signo = después de la clave"),
    ("Expected newline or end of document", "sobra algo al final de la línea"),
    ("Expected ']]'", "falta cerrar los corchetes ]] de la tabla"),
    ("Expected ']'", "falta cerrar el corchete ] de la tabla"),
    ("Cannot declare", "la tabla ya estaba escrita más arriba"),
    ("Cannot redefine", "la tabla ya estaba escrita más arriba"),
    ("Cannot mutate", "la tabla ya estaba escrita más arriba"),
    ("Cannot overwrite", "la clave ya estaba escrita más arriba"),
    ("Duplicate inline table key", "la clave está repetida entre llaves"),
    ("Unclosed array", "falta cerrar el corchete ] de la lista"),
    ("Unclosed inline table", "falta cerrar la llave }"),
    ("Unterminated string", "falta cerrar las comillas"),
    ("Illegal character", "falta cerrar las comillas, o hay un carácter que no puede ir en un texto"),
    ("Unescaped", "una barra \\ se escribe doble, \\\\, o con comillas simples"),
    ("Invalid hex value", "el código después de \\u o \\U no es hexadecimal"),
    ("Escaped character", "el código después de \\u o \\U no es un carácter"),
    ("Invalid date", "esa fecha no existe"),
    ("Invalid value", "el valor no se entiende: los textos van entre comillas"),
    ("Invalid initial character", "ahí no puede empezar una clave"),
    ("Invalid statement", "eso no es una clave ni una [tabla]"),
    ("Found invalid character", "hay un carácter que no puede ir ahí"),
    ("Expected", "falta cerrar las comillas"),
)


def explain(told: str, text: str) -> str:
    """Say in Spanish what tomllib told of a text, with line and column."""
    why = next((spanish for english, spanish in _WHY if told.startswith(english)), "está mal escrito")
    if at := re.search(r"\(at line (\d+), column (\d+)\)$", told):
        return f"línea {at[1]}, columna {at[2]}: {why}."
    if told.endswith("(at end of document)"):
        return f"línea {max(1, len(text.rstrip().splitlines()))}, al final: {why}."
    return f"{why}."


def write(value: Any) -> str:
    """Write a value as it stands in a file."""
    match value:
        case None:
            told = "(ninguno)"
        case bool():
            told = "true" if value else "false"
        case int() | date() | time():
            told = str(value)
        case Mapping():
            pairs = ", ".join(f"{_key(key)} = {write(item)}" for key, item in value.items())
            told = f"{{ {pairs} }}" if pairs else "{}"
        case list() | tuple():
            told = f"[{', '.join(write(item) for item in value)}]"
        case _:
            told = json.dumps(str(value), ensure_ascii=False)
    return told


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z_-][A-Za-z0-9_-]*", key) else json.dumps(key, ensure_ascii=False)
