"""A file of facturas: what its lines are, and how it tells what is wrong with them. files/ has its kinds."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

from pmc_soap.domain.factura import Factura
from pmc_soap.domain.resultado import Ending
from pmc_soap.domain.valor import value


class Gravedad(StrEnum):
    """Whether a problem spoils the whole archivo, or only its línea."""

    ARCHIVO = "ARCHIVO"
    LINEA = "LINEA"


@value
class Problema:
    """What is wrong, where, and how to mend it, in Spanish. línea and columna count from 1; 0 is the file itself."""

    linea: int
    columna: int
    campo: str
    valor: str
    codigo: str
    que_pasa: str
    que_hacer: str
    gravedad: Gravedad


@value
class Renglon:
    """A factura and the line it came from.

    numeros: which of the file's vencimientos (1..3) each of the factura's was. repite: the earlier line of that clave.
    """

    linea: int
    factura: Factura
    numeros: tuple[int, ...] = (1, 2, 3)
    repite: int = 0


class Archivo(Protocol):
    """A file of facturas of one empresa, that can be read more than once."""

    @property
    def nombre(self) -> str:
        """Name it as people do."""

    @property
    def codigo_empresa(self) -> str | None:
        """Give the empresa it speaks for, or None if it cannot be told."""

    @property
    def formato(self) -> str:
        """Name what kind of file it is, as FAC."""

    @property
    def filas_estimadas(self) -> int:
        """Guess how many lines it has, for the progress."""

    def read(self) -> Iterator[Renglon | Problema]:
        """Read it from the start; a line comes as its Renglon or as its problems."""

    def sha256(self) -> str:
        """Give the hash of its bytes as they are now."""

    def explain(self, ending: Ending, renglon: Renglon | None) -> Problema:
        """Put an ending into the words and places of this file."""
