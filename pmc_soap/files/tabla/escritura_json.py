"""Write tables as one JSON document, a member each, row by row: importes as on the wire, days and instants ISO."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TextIO

from pmc_soap.domain import importe
from pmc_soap.domain.calendario import to_local
from pmc_soap.files.tabla.columna import Columna, Fila, Tabla, Tipo


def write(tablas: Sequence[Tabla], out: TextIO) -> None:
    """Write the document; a table is read when its turn comes, so that a later one may sum up an earlier."""
    before = "{"
    for tabla in tablas:
        out.write(f"{before}\n  {json.dumps(tabla.nombre)}: ")
        before = "["
        for fila in tabla.filas:
            said = json.dumps(row(tabla.columnas, fila), ensure_ascii=False)
            out.write(f"{before}\n    {said}")
            before = ","
        out.write("[]" if before == "[" else "\n  ]")
        before = ","
    out.write("\n}\n")


def row(columnas: Sequence[Columna], fila: Fila) -> dict[str, object]:
    """Give one row as a member of the document."""
    return {
        columna.nombre: None if valor is None else _CELDAS[columna.tipo](valor)
        for columna, valor in zip(columnas, fila, strict=True)
    }


def _fecha(day: date) -> str:
    return day.isoformat()


def _instante(instant_utc: datetime) -> str:
    return to_local(instant_utc).isoformat()


_CELDAS: Mapping[Tipo, Callable[[Any], object]] = {
    Tipo.TEXTO: str,
    Tipo.IMPORTE: importe.format,
    Tipo.FECHA: _fecha,
    Tipo.INSTANTE: _instante,
    Tipo.ENTERO: int,
    Tipo.PORCIENTO: importe.format,  # two decimals as well
}
