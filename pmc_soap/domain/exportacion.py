"""A FAC that was made for PMC: what is remembered of it, and the limits of what PMC takes in a day."""

from datetime import date, datetime
from enum import StrEnum

from pmc_soap.domain.valor import value

FACTURAS_MAX = 15_000  # in one file (files.md §2.5, S5)
ARCHIVOS_MAX = 9  # of one day (files.md §2.5, PMC's own FAQ)


class EstadoExportacion(StrEnum):
    """EN_CURSO: it is being made, or was cut. RECHAZADA: PMC refused the file, which it does as a whole."""

    EN_CURSO = "EN_CURSO"
    GENERADA = "GENERADA"
    RECHAZADA = "RECHAZADA"


@value
class Exportacion:
    """One file. codigo_archivo is the code it was made under; numero counts the files of a day."""

    id: int
    codigo_empresa: str
    codigo_archivo: str
    fecha: date
    numero: int
    nombre: str
    sha256: str
    novedades: bool
    estado: EstadoExportacion
    cantidad: int
    total_centavos: int
    generada_utc: datetime
    rechazada_utc: datetime | None = None
    rechazo: str | None = None
