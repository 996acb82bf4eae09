"""The rows of a workbook of Excel. The sheet is held in memory, so there is a limit to it; a CSV has none."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO

from pmc_soap.files.planilla.celda import Celda, CeldaConError
from pmc_soap.files.planilla.codigos import Codigo
from pmc_soap.files.planilla.columnas import Planilla
from pmc_soap.files.planilla.filas import Fila, Ilegible
from pmc_soap.files.planilla.hojas import Hoja, LibroEnorme, NoEsUnLibro, look_over

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

CELDAS_MAX = 10_000_000  # some 700 MB


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
        try:
            hojas = look_over(file)
            file.seek(0)
            with CalamineWorkbook.from_filelike(file) as workbook:
                name = _choose(workbook, planilla.hoja)
                hoja = hojas[name]
                if hoja.celdas > CELDAS_MAX:
                    raise Ilegible(Codigo.EXCEL_GRANDE, celdas=_count(hoja.celdas), maximo=_count(CELDAS_MAX))
                yield _filas(workbook.get_sheet_by_name(name), hoja)
        except LibroEnorme:
            raise Ilegible(Codigo.EXCEL_GRANDE, celdas="muchas más", maximo=_count(CELDAS_MAX)) from None
        except (NoEsUnLibro, CalamineError, KeyError):
            raise Ilegible(Codigo.EXCEL_ILEGIBLE) from None


def _count(celdas: int) -> str:
    return f"{celdas:,}".replace(",", ".")


def _choose(workbook: "CalamineWorkbook", hoja: str | None) -> str:
    """Name the sheet to be read: the one asked for, or the first, of those that can be seen."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 — likewise

    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
    ]
    if not names or (hoja is not None and hoja not in names):
        raise Ilegible(Codigo.HOJA_INEXISTENTE, valor=hoja or "", hoja=hoja or "", hojas=", ".join(names) or "ninguna")
    return hoja or names[0]


def _filas(sheet: "CalamineSheet", hoja: Hoja) -> Iterator[Fila]:
    blank = sheet.start[1] if sheet.start else 0  # the columns before the first that says something
    with_errors = {fila for fila, _ in hoja.errores}
    for numero, row in enumerate(sheet.iter_rows(), start=1):
        celdas: list[Celda] = [*[""] * blank, *map(_exact, row)]
        if numero in with_errors:
            celdas += [""] * (hoja.columna - len(celdas))
            for columna in (columna for fila, columna in hoja.errores if fila == numero):
                celdas[columna - 1] = CeldaConError()
        if any(cell != "" for cell in celdas):
            yield Fila(numero, numero, celdas)


def _exact(cell: Celda) -> Celda:
    """Give a number with the very digits that tell it from the next one, which are those of the file."""
    return Decimal(repr(cell)) if isinstance(cell, float | int) and not isinstance(cell, bool) else cell
