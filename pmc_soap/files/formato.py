"""What tells one kind of PMC's files from another: its tables. All are a header, details and a trailer."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from pmc_soap.files.lineas import Linea
from pmc_soap.files.problemas import CodigoProblema
from pmc_soap.files.registro import Campo, Registro
from pmc_soap.operations.carga import Problema

R_co = TypeVar("R_co", covariant=True)


class Falla(StrEnum):
    """What any of the files can have wrong, by the number of its code: the same in every kind of file."""

    NOMBRE_INVALIDO = "101"
    NOMBRE_NO_COINCIDE = "102"
    SIN_ENCABEZADO = "103"
    ENTE_INVALIDO = "104"
    EMPRESA_INVALIDA = "105"
    FECHA_DE_ARCHIVO_INVALIDA = "106"
    EMPRESA_DISTINTA = "107"
    EMPRESA_INEXISTENTE = "108"
    SIN_CIERRE = "110"
    CIERRE_NO_COINCIDE = "111"
    CIERRE_ILEGIBLE = "112"
    CANTIDAD_NO_COINCIDE = "113"
    TOTAL_NO_COINCIDE = "114"
    TOTAL_SIN_COMPROBAR = "115"
    DATOS_TRAS_EL_CIERRE = "116"
    ENCABEZADO_REPETIDO = "117"
    NO_ES_TEXTO = "118"
    LINEA_CORTA = "201"
    LINEA_LARGA = "202"
    LINEA_VACIA = "203"
    REGISTRO_DESCONOCIDO = "204"


@dataclass(frozen=True, slots=True)
class Formato:
    """One kind of file.

    nombre: what it is called, with the empresa and the day (ddmmaa) as groups. problema makes the report of a codigo.
    """

    prefijo: str
    ancho: int
    nombre: re.Pattern[str]
    header: Registro
    codigos: type[CodigoProblema]
    problema: Callable[..., Problema]

    def tell(self, falla: Falla, linea: int, campo: Campo | None = None, valor: str = "", **named: object) -> Problema:
        """Make the report of one problem, in this kind's own code and words."""
        return self.problema(self.codigos(f"{self.prefijo}-{falla}"), linea, campo, valor, **named)

    def is_header(self, texto: str) -> bool:
        """Tell whether a line has the length of a header; only its filler may be missing."""
        return self.header.campos["fecha"].end <= len(texto.rstrip()) <= self.ancho


@dataclass(slots=True)
class Sumas:
    """What the details come to, good or bad: the trailer counts all.

    in_doubt: a line's importe could not be read, or may not stand where it should.
    """

    cantidad: int = 0
    total_centavos: int = 0
    in_doubt: bool = False


class Detalles(Protocol[R_co]):
    """The details of one file, as it is read. importe is the field that the trailer adds up."""

    importe: Campo

    def read(self, linea: Linea) -> "R_co | list[Problema]":
        """Read what the line says, or tell every problem of it."""

    def find_end(self, linea: Linea) -> Problema | None:
        """Tell why nothing can be read from this detail on; None if it can."""

    def check_cierre(self, linea: Linea, sumas: Sumas) -> Iterator[Problema]:
        """Hold what the trailer declares to what the details came to."""
