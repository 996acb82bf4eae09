"""The book of the cargas: which files became the base, which is becoming it now, and how far it is.

One file at a time becomes the base of an empresa. Who loads it holds a lease, by the database's clock, that each lote
renews; a process that was killed leaves a lease that ends by itself, and the same file then goes on after its last
lote.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from pmc_soap.domain.carga import CargaGuardada, Modo
from pmc_soap.domain.factura import ClaveFactura, Factura
from pmc_soap.domain.valor import value
from pmc_soap.operations.ports import Loaded

LEASE = timedelta(seconds=15)  # a lote takes less than one


class OtraEnCurso(Exception):
    """Somebody is loading a file of the empresa, or was killed at it less than a lease ago."""

    def __init__(self, carga: CargaGuardada, wait_s: float) -> None:
        super().__init__(carga.nombre)
        self.carga = carga
        self.wait_s = wait_s


class YaCargada(Exception):
    """The same file became the base before, or while it was waited for."""

    def __init__(self, carga: CargaGuardada) -> None:
        super().__init__(carga.nombre)
        self.carga = carga


class TurnoPerdido(Exception):
    """Another process took the carga over; nothing was written."""


@value
class Turno:
    """The right to load. sigue: the file goes on where it was cut; cortada: another one that was left in the middle."""

    carga: CargaGuardada
    llave: str
    sigue: bool = False
    cortada: CargaGuardada | None = None


@value
class Lote:
    """Facturas of a file, and the last line that they come from."""

    facturas: Sequence[tuple[Factura, str]]
    hasta_linea: int


class LibroDeCargas(Protocol):
    """What is remembered of files."""

    def find_completa(self, codigo_empresa: str, sha256: str, modo: Modo) -> CargaGuardada | None:
        """Give the newest whole carga of the same bytes in the same way."""

    def begin(self, nueva: CargaGuardada, *, again: bool = False) -> Turno:
        """Take the turn, to go on with the same file or to begin a new one.

        Raises OtraEnCurso; and, unless again, YaCargada.
        """

    def write(self, turno: Turno, lote: Lote, at_utc: datetime) -> Loaded:
        """Write a lote and how far the carga is, in one transaction; raises TurnoPerdido."""

    def retire(self, turno: Turno, claves: Sequence[ClaveFactura]) -> int:
        """Take out of PMC those that are still PENDIENTE, and tell how many; raises TurnoPerdido."""

    def end(self, turno: Turno, at_utc: datetime) -> CargaGuardada:
        """Note that the file is whole; raises TurnoPerdido."""

    def leave(self, turno: Turno) -> None:
        """Let go of the turn in the middle, so that nobody need wait for the lease to end."""

    def reject(self, rechazada: CargaGuardada) -> CargaGuardada:
        """Remember a file that was refused whole."""

    def informadas(self, codigo_empresa: str) -> Iterator[ClaveFactura]:
        """Give what is PENDIENTE and a file told of, some at a time."""

    def cargas(self, codigo_empresa: str | None, limit: int) -> Sequence[CargaGuardada]:
        """Give cargas, the newest first."""

    def carga(self, id_carga: int) -> CargaGuardada | None:
        """Give one."""
