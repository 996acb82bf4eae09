"""Write a table as an es-AR Excel opens it by double click: semicolons, decimal comma, UTF-8 with its mark, CRLF.

Excel guesses at every cell of a CSV. A text that it would make a number or a date of (an id with zeros before it, or
with more than fifteen digits) is written as ="text", which it keeps as it is; one that it would run as a formula gets
an apostrophe before it. A program reads the same table as JSON.
"""

import csv
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TextIO

from pmc_soap.domain import importe
from pmc_soap.domain.calendario import to_local
from pmc_soap.files.tabla.columna import Tabla, Tipo

_BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMERO = re.compile(r" *[-+($]*[0-9][-0-9.,:/+%$ eE()]*")
_MES = r"(?:ene|feb|mar|abr|may|jun|jul|ago|se[pt]|oct|nov|dic|jan|apr|aug|dec)[a-z]*\.?"
_FECHA = re.compile(
    rf" *(?:[0-9]{{1,4}}[-/. ]*{_MES}(?:[-/. ]*[0-9]{{1,4}})?|{_MES}[-/. ]*[0-9]{{1,4}}) *", re.IGNORECASE
)
_LOGICO = re.compile(r" *(?:verdadero|falso|true|false) *", re.IGNORECASE)


def write(tabla: Tabla, out: TextIO) -> int:
    """Write the table, and give how many rows it had; out must not translate the ends of lines."""
    out.write(_BOM)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([columna.nombre for columna in tabla.columnas])
    cells = [_CELDAS[columna.tipo] for columna in tabla.columnas]
    count = 0
    for count, fila in enumerate(tabla.filas, start=1):  # noqa: B007 — counted as they go by
        writer.writerow(
            ["" if valor is None else write_cell(valor) for write_cell, valor in zip(cells, fila, strict=True)]
        )
    return count


def keep_text(text: str) -> str:
    """Write a text so that a spreadsheet takes it for that text."""
    if any(kind.fullmatch(text) for kind in (_NUMERO, _FECHA, _LOGICO)):
        return f'="{text}"'
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _importe(centavos: int) -> str:
    return importe.format(centavos).replace(".", ",")


def _fecha(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _instante(instant_utc: datetime) -> str:
    return f"{to_local(instant_utc):%d/%m/%Y %H:%M:%S}"


_CELDAS: Mapping[Tipo, Callable[[Any], str]] = {
    Tipo.TEXTO: keep_text,
    Tipo.IMPORTE: _importe,
    Tipo.FECHA: _fecha,
    Tipo.INSTANTE: _instante,
    Tipo.ENTERO: str,
    Tipo.PORCIENTO: _importe,  # two decimals as well
}
