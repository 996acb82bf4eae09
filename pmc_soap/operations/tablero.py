"""How things stand now, and what came on a day: counts for who looks in. It changes nothing.

Importes are centavos of pesos; what was paid in another moneda is counted, and not added up.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pmc_soap.domain.calendario import Calendario, local_day
from pmc_soap.domain.carga import CargaGuardada
from pmc_soap.domain.cob import Cob
from pmc_soap.domain.valor import value
from pmc_soap.operations.ports import Clock

Codigos = Collection[str]
_ONE_DAY = timedelta(days=1)
_FAILED = timedelta(days=7)  # how long a carga that failed is worth a look


class Archivo(StrEnum):
    """What a file that we remember was."""

    CARGA = "CARGA"
    COB = "COB"


@value
class Montones:
    """Some of one kind: how many, their centavos, and since when the oldest waits."""

    cantidad: int = 0
    centavos: int = 0
    desde_utc: datetime | None = None


@value
class Hora:
    """What came in one hour. centavos are those of its pagos."""

    consultas: int = 0
    pagos: int = 0
    reversas: int = 0
    centavos: int = 0


@value
class Situacion:
    """How things stand. por_entregar holds what is on its way; detenidas wait for a person.

    puente_viejo: those that wait there for more than a day. alertas: of the last day, by motivo. sin_cob: the empresas
    that get COBs, and the last bank day of which they have none. cargas: those of the last week that failed.
    """

    por_entregar: Montones
    detenidas: Montones
    puente: Montones
    puente_viejo: Montones
    alertas: Mapping[str, int]
    ultimo_cob: Cob | None
    sin_cob: Mapping[str, date]
    cargas: Sequence[CargaGuardada]


class Recuento(Protocol):
    """What is counted in the ledger; storage/ implements it. No codigo: nothing."""

    def horas(self, codigos: Codigos, desde_utc: datetime, hasta_utc: datetime) -> Mapping[datetime, Hora]:
        """Give what came in each whole hour that had any; pagos that only a COB told of are not of them."""

    def por_entregar(self, codigos: Codigos) -> tuple[Montones, Montones]:
        """Count what was not delivered: what goes by itself, and what is detenida."""

    def puente(self, codigos: Codigos, before_utc: datetime | None = None) -> Montones:
        """Count the pagos that wait in the puente, all or those that came before."""

    def alertas(self, codigos: Codigos, since_utc: datetime) -> Mapping[str, int]:
        """Count the notices that were left, by motivo, the most frequent first."""

    def ultimos_cob(self, codigos: Codigos) -> Sequence[Cob]:
        """Give the COB of the newest day of each empresa that has any, the one that came last first."""

    def cargas_fallidas(self, codigos: Codigos, since_utc: datetime) -> Sequence[CargaGuardada]:
        """Give the cargas that did not become the base, the newest first."""

    def archivos(self, codigos: Codigos, nombre: str) -> Sequence[tuple[Archivo, str]]:
        """Name the files that are called exactly so, whatever their case, each kind once."""


class Tablero:
    """What is shown first."""

    def __init__(self, recuento: Recuento, clock: Clock, calendario: Calendario) -> None:
        self._recuento = recuento
        self._clock = clock
        self._calendario = calendario

    def horas(self, codigos: Codigos, desde_utc: datetime, hasta_utc: datetime) -> Mapping[datetime, Hora]:
        """Give what came in each whole hour that had any."""
        return self._recuento.horas(codigos, desde_utc, hasta_utc)

    def situacion(self, codigos: Codigos) -> Situacion:
        """Tell how things stand now."""
        now = self._clock.now()
        por_entregar, detenidas = self._recuento.por_entregar(codigos)
        cobs = self._recuento.ultimos_cob(codigos)
        return Situacion(
            por_entregar=por_entregar,
            detenidas=detenidas,
            puente=self._recuento.puente(codigos),
            puente_viejo=self._recuento.puente(codigos, now - _ONE_DAY),
            alertas=self._recuento.alertas(codigos, now - _ONE_DAY),
            ultimo_cob=cobs[0] if cobs else None,
            sin_cob=self._without_cob(cobs, local_day(now)),
            cargas=self._recuento.cargas_fallidas(codigos, now - _FAILED),
        )

    def archivos(self, codigos: Codigos, nombre: str) -> Sequence[tuple[Archivo, str]]:
        """Name the files that are called exactly so, whatever their case, each kind once."""
        return self._recuento.archivos(codigos, nombre)

    def _without_cob(self, cobs: Sequence[Cob], today: date) -> Mapping[str, date]:
        """Name the empresas whose newest COB is older than the last bank day before today."""
        expected = today - _ONE_DAY
        while not self._calendario.is_habil(expected):
            expected -= _ONE_DAY
        return {cob.codigo_empresa: expected for cob in cobs if cob.fecha < expected}
