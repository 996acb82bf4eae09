"""A file of facturas that becomes, or became, the base of an empresa: what is remembered of it."""

from datetime import datetime
from enum import StrEnum

from pmc_soap.domain.valor import value


class Modo(StrEnum):
    """What a file says of the facturas that it does not name: nothing, or that they are not owed any more."""

    NOVEDADES = "NOVEDADES"
    REEMPLAZO = "REEMPLAZO"


class EstadoCarga(StrEnum):
    """CORTADA: it was left in the middle, and another file came before it was gone on with."""

    EN_CURSO = "EN_CURSO"
    COMPLETA = "COMPLETA"
    CORTADA = "CORTADA"
    RECHAZADA = "RECHAZADA"


@value
class CargaGuardada:
    """One carga. hasta_linea: the last line of the file that is written, where one that was cut goes on.

    aceptadas and rechazadas count lines; the others count facturas. parcial: its good lines, whatever the others are.
    """

    id: int
    codigo_empresa: str
    nombre: str
    sha256: str
    formato: str
    modo: Modo
    parcial: bool
    estado: EstadoCarga
    aceptadas: int
    rechazadas: int
    importe_total_centavos: int
    empezada_utc: datetime
    terminada_utc: datetime | None = None
    hasta_linea: int = 0
    nuevas: int = 0
    cambiadas: int = 0
    iguales: int = 0
    intocables: int = 0
    retiradas: int = 0

    @property
    def escritas(self) -> int:
        """Count the facturas of the file that were looked at and, where need be, written."""
        return self.nuevas + self.cambiadas + self.iguales + self.intocables
