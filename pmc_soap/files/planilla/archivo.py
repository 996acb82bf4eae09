"""Read a planilla of facturas. It is an operations.archivo.Archivo; nothing in it says whose it is, so that is told."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Self

from pmc_soap.domain import identificador
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.files.planilla.celda import rewrite, show
from pmc_soap.files.planilla.codigos import Codigo, problema
from pmc_soap.files.planilla.columnas import Encabezado, Planilla, read_encabezado
from pmc_soap.files.planilla.explicacion import explain
from pmc_soap.files.planilla.fila import LectorDeFilas
from pmc_soap.files.planilla.filas import Fila, Ilegible, Lector
from pmc_soap.files.planilla.lector_csv import SEPARADORES
from pmc_soap.operations.carga import Problema, Renglon

_BYTES_A_ROW = 120  # a guess, for the progress only


class ArchivoPlanilla:
    """A planilla that can be opened again and again."""

    def __init__(
        self,
        nombre: str,
        opener: Callable[[], AbstractContextManager[BinaryIO]],
        lector: Lector,
        *,
        codigo_empresa: str | None,
        planilla: Planilla,
        size_bytes: int = 0,
    ) -> None:
        self.nombre = nombre
        self.formato = lector.formato
        self.filas_estimadas = size_bytes // _BYTES_A_ROW
        self._open = opener
        self._lector = lector
        self._told = codigo_empresa
        self._planilla = planilla
        self._encabezado = Encabezado((), {}, (), (), ())  # of the last reading

    @classmethod
    def at(cls, path: Path, lector: Lector, *, codigo_empresa: str | None, planilla: Planilla) -> Self:
        """Take the file of that path."""
        return cls(
            path.name,
            lambda: path.open("rb"),
            lector,
            codigo_empresa=codigo_empresa,
            planilla=planilla,
            size_bytes=path.stat().st_size,
        )

    @property
    def codigo_empresa(self) -> str | None:
        """Give the empresa that it was said to be of, or None."""
        try:
            return identificador.validate_codigo_empresa(self._told or "")
        except identificador.IdentificadorInvalido:
            return None

    def read(self) -> Iterator[Renglon | Problema]:
        """Read it from the start; a row comes as its factura or as its problems. Nothing follows a wrong header."""
        if self.codigo_empresa is None:
            yield problema(Codigo.EMPRESA_INVALIDA if self._told else Codigo.SIN_EMPRESA, 0, valor=self._told or "")
            return
        try:
            with self._open() as file, self._lector.open(file, self._planilla) as filas:
                wrong = list(self._read_encabezado(next(filas, None)))
                yield from wrong
                if not wrong:
                    yield from _read_rows(filas, LectorDeFilas(self._planilla, self._encabezado, self.codigo_empresa))
        except Ilegible as ilegible:
            yield problema(ilegible.codigo, ilegible.fila, valor=ilegible.valor, **ilegible.named)

    @property
    def separador(self) -> str:
        """Give what stands between the cells of a CSV of this empresa."""
        return self._planilla.separador or SEPARADORES[0]

    def filas(self) -> Iterator[tuple[int, list[str]]]:
        """Give its rows as a CSV of this empresa has them, each with its number, the header first; raises Ilegible."""
        fecha, decimal = self._planilla.fechas[0], self._planilla.decimal
        with self._open() as file, self._lector.open(file, self._planilla) as filas:
            for fila in filas:
                yield fila.numero, [rewrite(celda, fecha, decimal) for celda in fila.celdas]

    def sha256(self) -> str:
        """Give the hash of its bytes."""
        with self._open() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]

    def explain(self, ending: Ending, renglon: Renglon | None) -> Problema:
        """Put an ending into the words and columns of the file."""
        if ending.resultado is Resultado.EMPRESA_INEXISTENTE or renglon is None:
            return problema(Codigo.EMPRESA_INEXISTENTE, 0, valor=self.codigo_empresa or "")
        return explain(ending, renglon, self._encabezado)

    def _read_encabezado(self, fila: Fila | None) -> Iterator[Problema]:
        """Tell what is wrong with the header."""
        cells = [show(celda) for celda in fila.celdas] if fila else []
        while cells and not cells[-1].strip():
            cells.pop()
        numero = fila.numero if fila else 1
        self._encabezado = found = read_encabezado(self._planilla, cells)
        if fila and fila.hasta > fila.numero:
            yield problema(Codigo.COMILLAS, numero)
        elif not found.places:
            yield problema(Codigo.SIN_ENCABEZADO, numero, valor="; ".join(cells))
        else:
            for place, columna in found.alike:
                yield problema(Codigo.COLUMNA_PARECIDA, numero, place + 1, cells[place], cells[place], pedida=columna)
            likely = {columna for _, columna in found.alike}
            for campo in found.repeated:
                place, columna = found.places[campo], self._planilla.name_of(campo)
                yield problema(Codigo.COLUMNA_REPETIDA, numero, place + 1, columna, cells[place], pedida=columna)
            for columna in map(self._planilla.name_of, found.missing):
                if columna not in likely:
                    yield problema(Codigo.FALTA_COLUMNA, numero, nombre=columna, pedida=columna)


def _read_rows(filas: Iterator[Fila], lector: LectorDeFilas) -> Iterator[Renglon | Problema]:
    for fila in filas:
        read = lector.read(fila)
        if isinstance(read, list):
            yield from read
        else:
            yield read
