"""The rows of a workbook of Excel. The sheet is held in memory, so there is a limit to it; a CSV has none.

What reads it (the extra «excel») ends the process when it finds no memory: two cells far apart are enough, because it
makes room for all that could be between them. So the cells are looked at before, in passing.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from pmc_soap.files.planilla.celda import Celda
from pmc_soap.files.planilla.codigos import Codigo
from pmc_soap.files.planilla.columnas import Planilla
from pmc_soap.files.planilla.filas import Fila, Ilegible

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

CELDAS_MAX = 10_000_000  # some 700 MB
BYTES_MAX = 1 << 29  # of all that is in it, unpacked
_CHUNK = 1 << 16
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_LONGEST = 32  # of what _CELL finds


class LectorXlsx:
    """Reads XLSX."""

    formato = "XLSX"

    @contextmanager
    def open(self, file: BinaryIO, planilla: Planilla) -> Iterator[Iterator[Fila]]:
        """Give the rows that say something, one by one."""
        try:
            from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 — an extra
        except ImportError:
            raise Ilegible(Codigo.SIN_LECTOR_DE_EXCEL) from None
        _check_size(file)
        file.seek(0)
        try:
            with CalamineWorkbook.from_filelike(file) as workbook:
                yield _filas(_sheet(workbook, planilla.hoja))
        except CalamineError:
            raise Ilegible(Codigo.EXCEL_ILEGIBLE) from None


def _check_size(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as parts:
            if "xl/workbook.xml" not in parts.namelist():
                raise Ilegible(Codigo.EXCEL_ILEGIBLE)
            total = sum(part.file_size for part in parts.infolist())
            sheets = [part for part in parts.infolist() if part.filename.startswith("xl/worksheets/")]
            celdas = CELDAS_MAX + 1 if total > BYTES_MAX else max((_area(parts, part) for part in sheets), default=0)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise Ilegible(Codigo.EXCEL_ILEGIBLE) from error
    if celdas > CELDAS_MAX:
        raise Ilegible(Codigo.EXCEL_GRANDE, celdas=_thousands(celdas), maximo=_thousands(CELDAS_MAX))


def _area(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Count the cells of the smallest sheet that holds all of those that say something."""
    rows = columns = 0
    rest = b""
    with parts.open(part) as sheet:
        while chunk := sheet.read(_CHUNK):
            text = rest + chunk
            for letters, digits in _CELL.findall(text):
                rows, columns = max(rows, int(digits)), max(columns, _column(letters))
            rest = text[-_LONGEST:]
    return rows * columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _thousands(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _sheet(workbook: "CalamineWorkbook", hoja: str | None) -> "CalamineSheet":
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 — likewise

    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
    ]
    if not names or (hoja is not None and hoja not in names):
        raise Ilegible(Codigo.HOJA_INEXISTENTE, valor=hoja or "", hoja=hoja or "", hojas=", ".join(names) or "ninguna")
    return workbook.get_sheet_by_name(hoja or names[0])


def _filas(sheet: "CalamineSheet") -> Iterator[Fila]:
    blank = sheet.start[1] if sheet.start else 0  # the columns before the first that says something
    for numero, row in enumerate(sheet.iter_rows(), start=1):
        celdas: list[Celda] = [float(cell) if type(cell) is int else cell for cell in row]
        if any(cell != "" for cell in celdas):
            yield Fila(numero, numero, [*[""] * blank, *celdas])
