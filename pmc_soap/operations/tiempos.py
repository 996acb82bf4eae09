"""How long things took, day by day: answers to the network as they are kept or the log tells them, and entregas.

Milliseconds. A percentile is the nearest rank: a time that was really measured, never one in between.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Self

from pmc_soap.domain.aviso import TipoAviso
from pmc_soap.domain.valor import value
from pmc_soap.operations.informes import Informes

META_MS = 2_000  # pagoPA asks 98 % of answers within 2 s; PMC's own figure is not public
_MS = timedelta(milliseconds=1)
_CENTESIMOS = 10_000  # of a percent, in a whole
OPERACIONES = ("ConsultaDeuda", "AvisoPago", "ReversaPago")
_TIPOS = {"AvisoPago": TipoAviso.PAGO, "ReversaPago": TipoAviso.REVERSA}


class Medidas:
    """Times that were measured, eight bytes each."""

    def __init__(self) -> None:
        self._times_ms = array("Q")
        self._sorted = True

    def add(self, time_ms: int) -> None:
        """Note one."""
        self._times_ms.append(max(time_ms, 0))
        self._sorted = False

    def extend(self, others: "Medidas") -> None:
        """Note all of others."""
        self._times_ms.extend(others._times_ms)  # noqa: SLF001 — its own kind
        self._sorted = False

    def over(self, unit: int) -> "Medidas":
        """Give them in a unit that is so many times as long, rounded up."""
        return Medidas.of(-(-each // unit) for each in self._times_ms)

    @classmethod
    def of(cls, times: Iterable[int]) -> Self:
        """Make them of times."""
        made = cls()
        made._times_ms, made._sorted = array("Q", times), False
        return made

    def __len__(self) -> int:
        return len(self._times_ms)

    def percentile(self, percent: int) -> int | None:
        """Give the time that so many percent did not exceed; None where nothing was measured."""
        times = self._in_order()
        return times[-(-percent * len(times) // 100) - 1] if times else None

    def within(self, limit_ms: int) -> int | None:
        """Give which part took no longer, in hundredths of a percent; never rounded up to all of them."""
        times = self._in_order()
        return bisect_right(times, limit_ms) * _CENTESIMOS // len(times) if times else None

    def _in_order(self) -> "array[int]":
        if not self._sorted:
            self._times_ms, self._sorted = array("Q", sorted(self._times_ms)), True
        return self._times_ms


@value
class Tiempos:
    """What one kind of thing of one day took. cantidad: what the ledger counts; medidas: what was timed of it."""

    codigo_empresa: str
    dia: date
    que: str
    cantidad: int
    medidas: Medidas


Registradas = Mapping[tuple[str, date, str], Medidas]
"""The answers that were timed, by empresa, day and operation."""


def measure(informes: Informes, codigo_empresa: str, days: Iterable[date], log: Registradas) -> Iterator[Tiempos]:
    """Give what each day's answers and entregas took; a day without any has no rows."""
    for dia in days:
        counts = {"ConsultaDeuda": informes.consultas(codigo_empresa, dia)}
        counts |= {que: informes.avisos(codigo_empresa, dia, tipo) for que, tipo in _TIPOS.items()}
        for que, cantidad in counts.items():
            medidas = log.get((codigo_empresa, dia, que), Medidas())
            if cantidad or medidas:
                yield Tiempos(codigo_empresa=codigo_empresa, dia=dia, que=que, cantidad=cantidad, medidas=medidas)
        yield from _entregas(informes, codigo_empresa, dia)


def _entregas(informes: Informes, codigo_empresa: str, dia: date) -> Iterator[Tiempos]:
    owed: dict[str, int] = {}
    taken: dict[str, Medidas] = {}
    for entrega in informes.entregas(codigo_empresa, dia):
        owed[entrega.destino] = owed.get(entrega.destino, 0) + 1
        medidas = taken.setdefault(entrega.destino, Medidas())
        if entrega.entregado_utc is not None:
            medidas.add(between_ms(entrega.recibido_utc, entrega.entregado_utc))
    for destino, cantidad in sorted(owed.items()):
        que = f"Entrega a {destino}"
        yield Tiempos(codigo_empresa=codigo_empresa, dia=dia, que=que, cantidad=cantidad, medidas=taken[destino])


def between_ms(since_utc: datetime, until_utc: datetime) -> int:
    """Give the time between two instants."""
    return (until_utc - since_utc) // _MS
