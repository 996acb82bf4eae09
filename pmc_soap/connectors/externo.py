"""A connector of the empresa's own: any Python object with find_deuda (a Sistema) or deliver (a Destino).

It is named as "paquete.modulo:Clase", or by an entry point of the group pmc_soap.conectores of an installed package,
and is built with its options from the configuration. What is wrong raises ValueError, with no option's value.
"""

import inspect
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from pmc_soap.operations.ports import Destino, Sistema

GROUP = "pmc_soap.conectores"


def load_sistema(objeto: str, opciones: Mapping[str, object]) -> Sistema:
    """Build a connector that is asked for a debt."""
    return cast("Sistema", _with_verb(objeto, load(objeto, opciones), "find_deuda"))


def load_destino(objeto: str, opciones: Mapping[str, object]) -> Destino:
    """Build a connector that is brought avisos."""
    return cast("Destino", _with_verb(objeto, load(objeto, opciones), "deliver"))


def load(objeto: str, opciones: Mapping[str, object]) -> object:
    """Find what is named, and call it with its options."""
    build = _import(objeto)
    if not callable(build):
        raise ValueError(f"«{objeto}» no es una clase ni una función que arme un conector")  # noqa: TRY004
    _check_opciones(objeto, build, opciones)
    try:
        return build(**opciones)
    except Exception as error:
        raise ValueError(f"el conector «{objeto}» no se pudo armar ({type(error).__name__})") from error


def _import(objeto: str) -> object:
    entry = EntryPoint(name=objeto, value=objeto, group=GROUP) if ":" in objeto else _installed(objeto)
    if not (match := entry.pattern.match(entry.value)) or not match["attr"]:
        raise ValueError(f"«{objeto}» no nombra un conector: se escribe paquete.modulo:Clase")
    try:
        return entry.load()
    except ModuleNotFoundError as error:
        raise ValueError(f"no se encuentra el módulo «{error.name}» del conector «{objeto}»") from error
    except AttributeError as error:
        raise ValueError(f"el módulo «{entry.module}» no tiene «{entry.attr}», o falló al importarse") from error
    except Exception as error:
        raise ValueError(f"el módulo «{entry.module}» no se pudo importar ({type(error).__name__})") from error


def _installed(name: str) -> EntryPoint:
    found = entry_points(group=GROUP, name=name)
    if not found:
        raise ValueError(
            f"no hay ningún conector instalado que se llame «{name}»: se nombra uno del grupo {GROUP},"
            " o paquete.modulo:Clase"
        )
    return next(iter(found))


def _check_opciones(objeto: str, build: Callable[..., object], opciones: Mapping[str, object]) -> None:
    try:
        parameters = inspect.signature(build).parameters.values()
    except (TypeError, ValueError):  # some classes written in C do not tell
        return
    named = {p.name for p in parameters if p.kind in {p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY}}
    required = {p.name for p in parameters if p.name in named and p.default is p.empty}
    unknown = [] if any(p.kind is p.VAR_KEYWORD for p in parameters) else sorted(opciones.keys() - named)
    missing = sorted(required - opciones.keys())
    for what, names in (("no conoce estas opciones", unknown), ("necesita estas opciones", missing)):
        if names:
            raise ValueError(f"el conector «{objeto}» {what}: {', '.join(names)}")


def _with_verb(objeto: str, connector: object, verb: str) -> object:
    if not callable(getattr(connector, verb, None)):
        raise ValueError(f"el conector «{objeto}» no tiene el método «{verb}»")  # noqa: TRY004
    return connector
