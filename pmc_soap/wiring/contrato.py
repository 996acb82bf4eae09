"""The contract's rows, put together from the messages: what is shown is what is served."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from inspect import cleandoc
from typing import Any

from pmc_soap.web.contrato import Campo, Contrato, Operacion, Servicio
from pmc_soap.wiring.errores import indent

_MUESTRAS = "muestras"  # links to fixtures/, one copy, also in the wheel
_FACETS = {
    "minLength": "largo desde",
    "maxLength": "largo hasta",
    "pattern": "patrón",
    "enumeration": "",
    "totalDigits": "dígitos",
    "fractionDigits": "decimales",
    "minInclusive": "desde",
    "maxInclusive": "hasta",
}


@cache
def read_contrato() -> Contrato:
    """Give both services, the detail of a fault, the result codes and the files to download."""
    # spyne costs half a second to import; the commands that do not ask for this never pay it
    from pmc_soap.soap.codigos import CODIGOS  # noqa: PLC0415
    from pmc_soap.soap.contract import PORTS, XSD_FILE, committed  # noqa: PLC0415
    from pmc_soap.soap.messages.parts import Falla  # noqa: PLC0415

    servicios = [
        Servicio(
            port.path.rsplit("/", 1)[-1],
            port.name,
            port.path,
            port.documentation,
            [_operacion(operation) for operation in port.operations],
        )
        for port in PORTS
    ]
    archivos = {f"wsdl/{file}": committed(file) for file in (XSD_FILE, *(port.file for port in PORTS))}
    for name in sorted({one.nombre for servicio in servicios for one in servicio.operaciones}):
        for kind in ("pedido", "respuesta"):
            archivos[f"ejemplos/{name}.{kind}.xml"] = _sample(name, kind)
    codigos = [(row.codigo, row.descripcion) for row in CODIGOS.values()]
    return Contrato(servicios, list(_campos(Falla)), codigos, archivos)


def _operacion(operation: Any) -> Operacion:
    from pmc_soap.soap.codigos import finales  # noqa: PLC0415 — as above

    name = operation.in_message.get_type_name()
    return Operacion(
        name,
        operation.out_message.get_type_name(),
        cleandoc(operation.doc or ""),
        list(_campos(operation.in_message)),
        list(_campos(operation.out_message)),
        [(row.codigo, row.descripcion) for row in finales(name)],
        indent(_sample(name, "pedido")),
        indent(_sample(name, "respuesta")),
    )


def _sample(name: str, kind: str) -> bytes:
    return (files("pmc_soap.soap") / _MUESTRAS / f"{name}.{kind}.xml").read_bytes()


def _campos(message: Any, above: str = "") -> Iterator[Campo]:
    """List the elements below a message, each after the one that holds it."""
    from pmc_soap.soap.leaf import builtin_of  # noqa: PLC0415
    from pmc_soap.soap.words import is_named  # noqa: PLC0415

    for name, word in message._type_info.items():  # noqa: SLF001 — spyne's own table
        holds = hasattr(word, "_type_info")
        own = holds or is_named(word)
        tipo = word.get_type_name() if own else builtin_of(word)
        said = word.Attributes
        yield Campo(above + name, tipo, _limite(word, own, holds), said.min_occurs > 0, word.Annotations.doc or "")
        if holds:
            yield from _campos(word, f"{above}{name}/")


def _limite(word: Any, own: bool, holds: bool) -> str:
    from pmc_soap.soap.xsd import facets_of  # noqa: PLC0415

    highest = word.Attributes.max_occurs
    times = "" if highest == 1 else "sin máximo" if highest in {float("inf"), "unbounded"} else f"hasta {highest} veces"
    facets = [] if holds or not own else [f"{_FACETS[facet]} {value}".strip() for facet, value in facets_of(word)]
    return "; ".join(part for part in (times, *facets) if part)
