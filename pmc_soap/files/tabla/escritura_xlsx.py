"""Write tables as a workbook of Excel, in flat memory: real numbers and dates, a header that stays, a filter, totals.

Excel has 1,048,576 rows a sheet: a longer table goes on in a further sheet, and the last one adds up all of them. A
cell has 32,767 characters: a longer text is cut. Nothing is a formula but the totals, which come with their value.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pmc_soap.domain import importe
from pmc_soap.domain.calendario import to_local
from pmc_soap.files.tabla.columna import ANCHOS, Columna, Fila, Tabla, Tipo

FILAS_MAX = 1_048_576  # of a sheet, its header and its totals among them
TEXTO_MAX = 32_767
_OWN = 3  # the header, the totals of a sheet, and those of all
_VISIBLES = 109  # SUBTOTAL's number for the sum of the rows that the filter leaves
_FORMATOS = {
    Tipo.TEXTO: {},
    Tipo.IMPORTE: {"num_format": '"$" #,##0.00'},
    Tipo.FECHA: {"num_format": "dd/mm/yyyy"},
    Tipo.INSTANTE: {"num_format": "dd/mm/yyyy hh:mm:ss"},
    Tipo.ENTERO: {"num_format": "#,##0"},
    Tipo.PORCIENTO: {"num_format": "0.00%"},
}
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}

WriteCell = Callable[[Worksheet, int, int, Any, Format], object]


def write(tablas: Sequence[Tabla], out: BinaryIO, *, filas_max: int = FILAS_MAX) -> None:
    """Write the workbook; a table is read when its turn comes, so that a later one may sum up an earlier."""
    with Workbook(out, _OPTIONS) as book:
        estilos = _Estilos(book)
        for tabla in tablas:
            _write_tabla(book, estilos, tabla, filas_max - _OWN)


class _Estilos:
    """How cells look."""

    def __init__(self, book: Workbook) -> None:
        self.titulo = book.add_format({"bold": True, "bg_color": "#D9E2EC", "text_wrap": True, "valign": "top"})
        self.dato = {tipo: book.add_format(dict(said)) for tipo, said in _FORMATOS.items()}
        self.total = {tipo: book.add_format({**said, "bold": True, "top": 1}) for tipo, said in _FORMATOS.items()}


@dataclass(frozen=True)
class _Hoja:
    """A sheet that was filled: how many rows it has, and what those of the summed columns come to."""

    sheet: Worksheet
    rows: int
    sumas: Mapping[int, int]


def _write_tabla(book: Workbook, estilos: _Estilos, tabla: Tabla, rows_max: int) -> None:
    hojas: list[_Hoja] = []
    for n, filas in enumerate(_pieces(tabla.filas, rows_max), start=1):
        sheet = _add_sheet(book, estilos, tabla.titulo if n == 1 else f"{tabla.titulo} ({n})", tabla.columnas)
        hoja = _fill(sheet, estilos, tabla.columnas, filas)
        sheet.autofilter(0, 0, hoja.rows, len(tabla.columnas) - 1)
        hojas.append(hoja)
        _write_totals(hoja, estilos, tabla.columnas, hoja.rows + 1, "Total", [hoja])
    if len(hojas) > 1:
        last = hojas[-1]
        _write_totals(last, estilos, tabla.columnas, last.rows + 2, "Total de todas las hojas", hojas)


def _pieces(filas: Iterable[Fila], rows_max: int) -> Iterator[Iterator[Fila]]:
    """Cut the rows; each piece must be read to its end before the next is asked for. There is one, if an empty one."""
    rest = iter(filas)
    first = next(rest, None)
    if first is None:
        yield iter(())
    while first is not None:
        yield chain([first], islice(rest, rows_max - 1))
        first = next(rest, None)


def _add_sheet(book: Workbook, estilos: _Estilos, nombre: str, columnas: Sequence[Columna]) -> Worksheet:
    sheet = book.add_worksheet(nombre)
    for n, columna in enumerate(columnas):
        sheet.set_column(n, n, columna.ancho or ANCHOS[columna.tipo])
    for n, columna in enumerate(columnas):
        sheet.write_string(0, n, columna.titulo, estilos.titulo)
    sheet.freeze_panes(1, 0)
    return sheet


def _fill(sheet: Worksheet, estilos: _Estilos, columnas: Sequence[Columna], filas: Iterator[Fila]) -> _Hoja:
    cells = [(_CELDAS[columna.tipo], estilos.dato[columna.tipo]) for columna in columnas]
    sumas = {n: 0 for n, columna in enumerate(columnas) if columna.suma}
    row = 0
    for row, fila in enumerate(filas, start=1):
        for n, ((write_cell, estilo), valor) in enumerate(zip(cells, fila, strict=True)):
            if valor is None:
                continue
            write_cell(sheet, row, n, valor, estilo)
            if n in sumas and isinstance(valor, int):
                sumas[n] += valor
    return _Hoja(sheet, row, sumas)


def _write_totals(
    hoja: _Hoja, estilos: _Estilos, columnas: Sequence[Columna], row: int, label: str, hojas: Sequence[_Hoja]
) -> None:
    """Write a row that adds up: that of one sheet its rows, that of all the totals of each."""
    if not hoja.sumas:
        return
    for n, columna in enumerate(columnas):
        estilo = estilos.total[columna.tipo]
        if n in hoja.sumas:
            suma = sum(each.sumas[n] for each in hojas)
            shown = importe.to_decimal(suma) if columna.tipo is Tipo.IMPORTE else suma
            hoja.sheet.write_formula(row, n, _formula(n, hojas), estilo, shown)
        else:
            hoja.sheet.write_string(row, n, label if n == 0 else "", estilo)


def _formula(n: int, hojas: Sequence[_Hoja]) -> str:
    if len(hojas) > 1:
        cells = (f"'{each.sheet.get_name()}'!{xl_rowcol_to_cell(each.rows + 1, n)}" for each in hojas)
        return f"={'+'.join(cells)}"
    return f"=SUBTOTAL({_VISIBLES},{xl_rowcol_to_cell(1, n)}:{xl_rowcol_to_cell(max(hojas[0].rows, 1), n)})"


def _write_texto(sheet: Worksheet, row: int, n: int, text: str, estilo: Format) -> object:
    text = text[:TEXTO_MAX]
    if text.startswith("<r>") and text.endswith("</r>"):
        # xlsxwriter takes it for its own markup when memory is flat, and would leave a workbook that nobody can open
        return sheet.write_rich_string(row, n, text[0], text[1:-1], text[-1], estilo)
    return sheet.write_string(row, n, text, estilo)


_CELDAS: Mapping[Tipo, WriteCell] = {
    Tipo.TEXTO: _write_texto,
    Tipo.IMPORTE: lambda sheet, row, n, valor, e: sheet.write_number(row, n, importe.to_decimal(valor), e),
    Tipo.FECHA: lambda sheet, row, n, valor, e: sheet.write_datetime(row, n, valor, e),
    Tipo.INSTANTE: lambda sheet, row, n, valor, e: sheet.write_datetime(
        row, n, to_local(valor).replace(tzinfo=None, microsecond=0), e
    ),
    Tipo.ENTERO: lambda sheet, row, n, valor, e: sheet.write_number(row, n, valor, e),
    Tipo.PORCIENTO: lambda sheet, row, n, valor, e: sheet.write_number(row, n, Decimal(valor).scaleb(-4), e),
}
