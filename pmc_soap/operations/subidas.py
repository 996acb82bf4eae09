"""Files that a person sends by the consola: looked at first, then loaded, and meanwhile how far they are.

A subida lives on the disk of this machine, so that any of its processes can go on with it or show it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, BinaryIO, Protocol

from pmc_soap.domain.carga import Modo
from pmc_soap.domain.valor import value

BYTES_MAX = 200 * 1024 * 1024  # a FAC of 700,000 facturas
COB_BYTES_MAX = 64 * 1024 * 1024
DIAS = 7  # how long one is kept


class Clase(StrEnum):
    """What kind of file it is."""

    FACTURAS = "FACTURAS"
    COB = "COB"


class Etapa(StrEnum):
    """How far a subida is. CORTADA: the process that was at it is gone; it can be gone on with."""

    REVISANDO = "REVISANDO"
    REVISADA = "REVISADA"
    CARGANDO = "CARGANDO"
    LISTA = "LISTA"
    FALLIDA = "FALLIDA"
    CORTADA = "CORTADA"


class NoSePuede(Exception):
    """A subida cannot be taken or gone on with; the text says why, in Spanish."""


@value
class Subida:
    """One file. parcial: its good lines, whatever the others are. reemplaza: it corrects the file of its day."""

    id: str
    clase: Clase
    nombre: str
    bytes: int
    operador: str
    subida_utc: datetime
    codigo_empresa: str | None = None
    modo: Modo = Modo.NOVEDADES
    parcial: bool = False
    reemplaza: bool = False


@value
class EstadoSubida:
    """How far it is: of total rows so many, in so many seconds; and, once read, what it came to (informe).

    error says in Spanish why it failed. informe holds plain values: those of a Carga or of a Corrida.
    """

    etapa: Etapa
    filas: int = 0
    total: int = 0
    segundos: float = 0.0
    informe: Mapping[str, Any] | None = None
    error: str = ""


class Subidas(Protocol):
    """The files that were sent. files/ implements it."""

    def add(self, subida: Subida, file: BinaryIO) -> Subida:
        """Keep a file, and begin to look at it; gives it with its id. Raises NoSePuede."""

    def get(self, id_: str) -> tuple[Subida, EstadoSubida] | None:
        """Give one, and how far it is."""

    def list(self, clase: Clase) -> Sequence[tuple[Subida, EstadoSubida]]:
        """Give those that are kept, the newest first."""

    def load(self, id_: str, *, parcial: bool = False, may_retire: bool = False) -> None:
        """Begin to load one that was looked at, or go on with one that was cut. Raises NoSePuede."""

    def problemas(self, id_: str) -> BinaryIO | None:
        """Open the list of all that is wrong with it, a CSV."""

    def a_corregir(self, id_: str) -> tuple[str, BinaryIO] | None:
        """Open its bad lines as a file to be mended and sent again, with its name."""

    def discard(self, id_: str) -> None:
        """Forget one that is not being worked at. Raises NoSePuede."""
