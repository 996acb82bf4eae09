"""The book of the FACs that were made for PMC, and what PMC was told of each factura by them.

A file is entered before it is written and counts once it is there: what one that was cut had told is told again by the
next, and nothing is taken for told that no file holds.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Protocol

from pmc_soap.domain.exportacion import Exportacion
from pmc_soap.domain.factura import ClaveFactura, Factura


class SinNumero(Exception):
    """The day has as many files as PMC takes."""


class LibroDeExportaciones(Protocol):
    """What is remembered of the files made for PMC."""

    def payable(self, codigo_empresa: str, day: date, *, novedades: bool) -> Iterator[tuple[Factura, str]]:
        """Give what was reported and can still be paid that day, with its contenido, some at a time.

        novedades: only what PMC was not told of, or told otherwise, by files that it did not refuse.
        """

    def begin(self, nueva: Exportacion, occupied: Collection[int]) -> Exportacion:
        """Enter a file under the day's next number, past those that are occupied; raises SinNumero."""

    def mark(self, id_exportacion: int, told: Sequence[tuple[ClaveFactura, str]]) -> None:
        """Note what the file tells of facturas."""

    def finish(self, exportaciones: Sequence[Exportacion]) -> None:
        """Note that the files are there, as they are."""

    def discard(self, ids: Sequence[int]) -> None:
        """Forget files that were begun and are not there."""

    def cut(self, codigo_archivo: str, day: date, before_utc: datetime) -> Sequence[Exportacion]:
        """Give those of the day that were begun before then and never finished."""

    def find(self, nombre: str) -> Exportacion | None:
        """Give the file of that name, whatever its case."""

    def reject(self, id_exportacion: int, texto: str, at_utc: datetime) -> bool:
        """Note that PMC refused the file, with what it said; False if it was noted before."""

    def exportaciones(self, codigo_empresa: str | None, limit: int) -> Sequence[Exportacion]:
        """Give files, the newest first."""
