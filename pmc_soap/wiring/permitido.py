"""What may be told in the log: an allow-list of keys, each with the shape of its values; nothing else ever is.

docs/produccion.md tells what each key means. ms are milliseconds, bytes are bytes.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

MASKED = "***"
OPERACIONES = frozenset(
    {
        "ConsultaDeuda",
        "AvisoPago",
        "ReversaPago",
        "Eco",
        "AltaFactura",
        "ModificacionFactura",
        "BajaFactura",
        "ConsultaFactura",
        "ConsultaPago",
        "ObtenerAvisos",
        "ConfirmarAvisos",
    }
)
_LIST_MAX = 16


def _word(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern, re.ASCII).fullmatch


is_id = _word(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_is_upper = _word(r"[A-Z][A-Z_]{1,39}")
_is_name = _word(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_is_name_of_ours = _word(r"[a-z][a-z0-9_-]{0,31}")

# each key that may be told as text, and what it must look like
_SHAPES: dict[str, Callable[[str], object]] = {
    "evento": _word(r"[a-z][a-z_]{0,31}"),
    "id_pedido": is_id,
    "puerto": _is_name,
    "operacion": OPERACIONES.__contains__,
    "empresa": _word(r"[A-Z0-9]{4}"),
    "http": _word(r"[1-5][0-9]{2}"),
    "codigo": _word(r"[0-9]{2}"),
    "falla": _word(r"PMC-[0-9]{4}"),
    "campo": _is_name,
    "motivo": _is_upper,
    "resultado": _is_upper,
    "aviso": is_id,
    "destino": _is_name_of_ours,
    "comando": _is_name_of_ours,
    "error": _word(r"[A-Za-z_][A-Za-z0-9_.]{0,79}"),
    "codigo_base": _word(r"[0-9A-Z]{5}|SQLITE_[A-Z_]{2,30}"),
}
_UNIQUE = frozenset({"id_pedido", "aviso"})
_FLAGS = frozenset({"duplicado"})
_LISTS = frozenset({"tolerado"})
_NUMBERS = frozenset(
    {"http", "bytes_in", "bytes_out", "entrega", "intentos", "problemas", "rechazados", "ms"}
    | {f"ms_{phase}" for phase in ("lectura", "apertura", "credencial", "contrato", "operacion", "escritura")}
)
# of each key, the values that were found good and how they are written: a request's are nearly always the same
_KEPT: dict[str, dict[str | bool, str]] = {key: {} for key in (_SHAPES.keys() | _FLAGS) - _UNIQUE}
_KEPT_MAX = 256
_KINDS_KEPT = frozenset({str, bool})
_encode = json.JSONEncoder(ensure_ascii=True, check_circular=False, separators=(",", ":")).encode
KEYS = _SHAPES.keys() | _FLAGS | _LISTS | _NUMBERS


def allowed(said: Mapping[str, object]) -> dict[str, Any]:
    """Give what may be told of it: known keys, each in its shape; a known key with anything else in it is masked."""
    told: dict[str, Any] = {}
    for key, value in said.items():
        if value is None or key not in KEYS:
            continue
        kind = type(value)
        if kind is float or kind is int:
            told[key] = round(value, 2) if key in _NUMBERS else MASKED  # type: ignore[call-overload] # a number
        elif kind is bool:
            told[key] = value if key in _FLAGS else MASKED
        elif key in _LISTS:
            told[key] = _words(value)
        else:
            told[key] = value if isinstance(value, str) and _fits(key, value) else MASKED
    return told


def as_members(said: Mapping[str, object]) -> str:
    """Write what may be told as the members of a JSON object: what allowed() gives, at a third of the time."""
    told: list[str] = []
    for key, value in said.items():
        if value is None:
            continue
        kind = type(value)
        if key in _NUMBERS and (kind is float or kind is int):
            told.append(f'"{key}":{value:.2f}' if kind is float else f'"{key}":{value}')
        elif (kept := _KEPT.get(key)) is not None and kind in _KINDS_KEPT and (member := kept.get(value)) is not None:  # type: ignore[call-overload] # a text
            told.append(member)
        elif key in _UNIQUE and kind is str and is_id(value):  # type: ignore[arg-type] # a text
            told.append(f'"{key}":"{value}"')
        elif member := _member(key, value):
            told.append(member)
    return ",".join(told)


def _member(key: str, value: object) -> str:
    """Write one member, and keep it if it is a text that will come again."""
    told = allowed({key: value})
    if not told:
        return ""
    member = _encode(told)[1:-1]
    kept = _KEPT.get(key)
    if kept is not None and type(value) in _KINDS_KEPT and told[key] == value and len(kept) < _KEPT_MAX:
        kept[value] = member  # type: ignore[index] # a text
    return member


def _fits(key: str, value: str) -> bool:
    fits = _SHAPES.get(key)
    return fits is not None and bool(fits(value))


def _words(value: object) -> list[object]:
    several = value if isinstance(value, list | tuple | set | frozenset) else (value,)
    return [each if isinstance(each, str) and _is_name(each) else MASKED for each in list(several)[:_LIST_MAX]]
