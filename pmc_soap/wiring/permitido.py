"""What may be told in the log: an allow-list of keys, each with the shape of its values; nothing else ever is.

docs/produccion.md tells what each key means. ms are milliseconds, bytes are bytes.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
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
_FLAGS = frozenset({"duplicado"})
_LISTS = frozenset({"tolerado"})
_NUMBERS = frozenset(
    {"http", "bytes_in", "bytes_out", "entrega", "intentos", "problemas", "rechazados", "ms"}
    | {f"ms_{phase}" for phase in ("lectura", "apertura", "credencial", "contrato", "operacion", "escritura")}
)
_NOTHING: Mapping[str, float] = MappingProxyType({})
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


def as_members(hechos: Mapping[str, object], id_pedido: str = "", cifras: Mapping[str, float] = _NOTHING) -> str:
    """Write what may be told as the members of a JSON object: of allowed(hechos), and of the figures beside them.

    The hechos of a request are nearly always those of another: they are worked out once.
    """
    try:
        told = _as_members(tuple(hechos), *hechos.values())
    except TypeError:  # a value that cannot be remembered
        told = _encode(allowed(hechos))[1:-1]
    members = [told] if told else []
    if id_pedido:
        members.append(f'"id_pedido":"{id_pedido if is_id(id_pedido) else MASKED}"')
    figures = _form_of(*cifras) % tuple(cifras.values()) if cifras else ""
    return f"{','.join(members)}{figures}".removeprefix(",")


@lru_cache(maxsize=256)
def _form_of(*keys: str) -> str:
    """Give the form that figures of those keys take; that of a key that may not be told takes no room."""
    return "".join(
        (f',"{key}":%.2f' if key.startswith("ms") else f',"{key}":%d') if key in _NUMBERS else "%.0s" for key in keys
    )


@lru_cache(maxsize=1024, typed=True)
def _as_members(keys: tuple[str, ...], *values: object) -> str:
    return _encode(allowed(dict(zip(keys, values, strict=True))))[1:-1]


def _fits(key: str, value: str) -> bool:
    fits = _SHAPES.get(key)
    return fits is not None and bool(fits(value))


def _words(value: object) -> list[object]:
    several = value if isinstance(value, list | tuple | set | frozenset) else (value,)
    return [each if isinstance(each, str) and _is_name(each) else MASKED for each in list(several)[:_LIST_MAX]]
