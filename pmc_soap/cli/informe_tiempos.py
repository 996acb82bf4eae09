"""The report of times: how many of each kind a day had, and how long they took, where it was measured."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from json import JSONDecodeError, loads
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmc_soap.domain.calendario import local_day
from pmc_soap.files.tabla.columna import Columna, Fila, Tabla, Tipo
from pmc_soap.operations.tiempos import META_MS, OPERACIONES, Medidas, Tiempos

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNAS = (
    Columna(nombre="codigo_empresa", titulo="Empresa", ancho=9),
    Columna(nombre="dia", titulo="Día", tipo=Tipo.FECHA),
    Columna(nombre="que", titulo="Qué", ancho=24),
    Columna(nombre="cantidad", titulo="Cantidad", tipo=Tipo.ENTERO, suma=True),
    Columna(nombre="medidas", titulo="Medidas", tipo=Tipo.ENTERO, suma=True),
    Columna(nombre="p50_ms", titulo="p50 (ms)", tipo=Tipo.ENTERO),
    Columna(nombre="p95_ms", titulo="p95 (ms)", tipo=Tipo.ENTERO),
    Columna(nombre="p99_ms", titulo="p99 (ms)", tipo=Tipo.ENTERO),
    Columna(nombre="hasta_2_s", titulo="En 2 s o menos", tipo=Tipo.PORCIENTO),
)


def tabla(tiempos: Iterable[Tiempos]) -> Tabla:
    """Put times into a table."""
    return Tabla(nombre="tiempos", titulo="Tiempos", columnas=COLUMNAS, filas=map(_fila, tiempos))


def _fila(said: Tiempos) -> Fila:
    medidas = said.medidas
    percentiles = (medidas.percentile(percent) for percent in (50, 95, 99))
    return (said.codigo_empresa, said.dia, said.que, said.cantidad, len(medidas), *percentiles, medidas.within(META_MS))


def read_log(
    paths: Iterable[Path], desde: date, hasta: date, owner: "Callable[[str], str]"
) -> dict[tuple[str, date, str], Medidas]:
    """Read how long each answer took from logs in JSON, line by line; what is no such line is passed over.

    owner: the code that the data of an empresa is kept under, whatever it is called by.
    """
    found: dict[tuple[str, date, str], Medidas] = {}
    for path in paths:
        for said in _requests(path):
            dia, que = local_day(datetime.fromisoformat(str(said["timestamp"]))), str(said["operacion"])
            if desde <= dia <= hasta and que in OPERACIONES:
                key = (owner(str(said["empresa"])), dia, que)
                found.setdefault(key, Medidas()).add(ceil(said["ms"]))
    return found


def _requests(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            begin = line.find("{")  # journald and others put their own words before it
            try:
                said = loads(line[begin:]) if begin >= 0 else None
            except JSONDecodeError:
                continue
            if isinstance(said, dict) and said.get("evento") == "pedido" and said.keys() >= _NEEDED:
                yield said


_NEEDED = {"timestamp", "operacion", "empresa", "ms"}
