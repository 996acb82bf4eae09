"""The figures of what was exchanged: counts, times, codes, and the SLA as the network computes it.

Percentiles are the nearest rank, in milliseconds; shares are hundredths of a percent, never rounded up to all.
Whose figures these are is an assumption: docs/divergencias.md, «El SLA».
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TypeVar

from pmc_soap.domain.calendario import to_utc
from pmc_soap.domain.factura import Origen
from pmc_soap.domain.valor import value
from pmc_soap.operations.intercambios import TECNICA, Grupo, Intercambios
from pmc_soap.operations.tiempos import META_MS, OPERACIONES, Medidas, Registradas

K = TypeVar("K")

_CENTESIMOS = 10_000
_MS_US = 1_000
META_CENTESIMOS = 9_800  # pagoPA asks 98 % within 2 s; PMC's own figure is not public


@value
class Cifra:
    """What some exchanges came to. bien: those that are no technical failure; the rest are fallas.

    hasta_2_s and disponible are shares: answered within 2 s, and answered without a technical failure.
    """

    cantidad: int
    bien: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    hasta_2_s: int | None

    @property
    def fallas(self) -> int:
        """Count the technical failures."""
        return self.cantidad - self.bien

    @property
    def disponible(self) -> int | None:
        """Give the share that is no technical failure."""
        return self.bien * _CENTESIMOS // self.cantidad if self.cantidad else None


@value
class Sla:
    """The service level of the network's operations. minutos_caidos: it asked, and every answer was a failure."""

    cifra: Cifra
    minutos_caidos: int

    @property
    def cumple(self) -> bool | None:
        """Tell whether the share within 2 s reaches the goal; None where nobody asked."""
        said = self.cifra.hasta_2_s
        return None if said is None else said >= META_CENTESIMOS


class Cifras:
    """The figures of one span, worked out of its groups as they are asked for."""

    def __init__(
        self, grupos: Sequence[Grupo], minutos_caidos: int = 0, origenes: Mapping[Origen, int] | None = None
    ) -> None:
        self._grupos, self._minutos_caidos = grupos, minutos_caidos
        self.origenes: Mapping[Origen, int] = origenes or {}

    @cached_property
    def por_hora(self) -> Mapping[tuple[datetime, str | None], Cifra]:
        """Give each hour and operation that had any."""
        return self._by(lambda grupo: (grupo.hora_utc, grupo.operacion))

    @cached_property
    def por_operacion(self) -> Mapping[str | None, Cifra]:
        """Give each operation that was asked; None: nobody could tell which."""
        return self._by(lambda grupo: grupo.operacion)

    @cached_property
    def horas(self) -> Mapping[datetime, Cifra]:
        """Give each hour that had any, all operations together."""
        return self._by(lambda grupo: grupo.hora_utc)

    @cached_property
    def codigos(self) -> Mapping[str, int]:
        """Count each result code and each falla, the most frequent first."""
        counted: Counter[str] = Counter()
        for grupo in self._grupos:
            counted[grupo.codigo] += len(grupo.medidas_us)
        return dict(counted.most_common())

    @cached_property
    def total(self) -> Cifra:
        """Give all together."""
        return _cifra(self._grupos)

    @cached_property
    def sla(self) -> Sla:
        """Give the service level: what the network asked of us, but for what it asked wrongly.

        A request that broke the contract or showed no right credential is no measure of this service; a technical
        failure of ours is, whatever was asked.
        """
        counted = [
            grupo
            for grupo in self._grupos
            if grupo.operacion in OPERACIONES and (grupo.severidad == TECNICA or not grupo.codigo.startswith("PMC-"))
        ]
        return Sla(cifra=_cifra(counted), minutos_caidos=self._minutos_caidos)

    def _by(self, key: Callable[[Grupo], K]) -> Mapping[K, Cifra]:
        parts: dict[K, list[Grupo]] = {}
        for grupo in self._grupos:
            parts.setdefault(key(grupo), []).append(grupo)
        return {part: _cifra(grupos) for part, grupos in parts.items()}


def figures(
    intercambios: Intercambios,
    desde_utc: datetime,
    hasta_utc: datetime,
    codigos_empresa: frozenset[str] | None = None,
) -> Cifras:
    """Work out the figures from one whole hour until another, of some empresas or of all."""
    of = (desde_utc, hasta_utc, codigos_empresa)
    return Cifras(intercambios.groups(*of), intercambios.minutes_down(*of), intercambios.origins(*of))


def _cifra(grupos: Iterable[Grupo]) -> Cifra:
    medidas, bien = Medidas(), 0
    for grupo in grupos:
        medidas.extend(grupo.medidas_us)
        bien += len(grupo.medidas_us) if grupo.severidad < TECNICA else 0
    p50, p95, p99 = (_in_ms(medidas.percentile(percent)) for percent in (50, 95, 99))
    within = medidas.within(META_MS * _MS_US)
    return Cifra(cantidad=len(medidas), bien=bien, p50_ms=p50, p95_ms=p95, p99_ms=p99, hasta_2_s=within)


def _in_ms(time_us: int | None) -> float | None:
    return None if time_us is None else time_us / _MS_US


def answered(intercambios: Intercambios, codigos_empresa: Iterable[str], days: Sequence[date]) -> Registradas:
    """Give how long the answers to the network took on these days, in whole milliseconds, as far as they are kept."""
    told: dict[tuple[str, date, str], Medidas] = {}
    for codigo in codigos_empresa:
        for dia in days:
            since, until = (to_utc(datetime.combine(each, time.min)) for each in (dia, dia + timedelta(days=1)))
            for grupo in intercambios.groups(since, until, frozenset({codigo})):
                if grupo.operacion in OPERACIONES:
                    told.setdefault((codigo, dia, grupo.operacion), Medidas()).extend(grupo.medidas_us.over(_MS_US))
    return told
