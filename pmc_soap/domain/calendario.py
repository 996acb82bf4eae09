"""Instants are UTC; days are those of Argentina (UTC-3, no daylight saving since 2009).

A día hábil is one of the banks: neither weekend nor feriado. PMC takes what is sent until 14:30 of one as of that day.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ARGENTINA = ZoneInfo("America/Argentina/Buenos_Aires")
CORTE = time(14, 30)  # of the banks' clock, on the wall in Argentina (files.md, business calendar)
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def local_day(instant_utc: datetime) -> date:
    """Give the calendar day it is in Argentina at that instant."""
    return instant_utc.astimezone(ARGENTINA).date()


def to_utc(moment: datetime) -> datetime:
    """Take a moment with an offset, or without one as Argentine time, to UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ARGENTINA)
    return aware.astimezone(UTC)


def to_local(instant_utc: datetime) -> datetime:
    """Give the instant as the clock on an Argentine wall shows it, with its offset."""
    return instant_utc.astimezone(ARGENTINA)


class Calendario:
    """The days on which banks work. feriados: those of a year, asked once a year; habiles: work whatever they say."""

    def __init__(
        self, feriados: Callable[[int], Collection[date]], *, habiles: Collection[date] = (), corte: time = CORTE
    ) -> None:
        self._feriados = feriados
        self._habiles = frozenset(habiles)
        self._corte = corte
        self._by_year: dict[int, tuple[date, ...]] = {}  # threads may both fill a year, with the same

    def is_habil(self, day: date) -> bool:
        """Tell whether banks work that day."""
        until = self._until(day)
        return until > 0 and self._of(day.year)[until - 1] == day

    def next_habil(self, day: date) -> date:
        """Give that day if banks work on it, else the next on which they do."""
        while not self.is_habil(day):
            day += _ONE_DAY
        return day

    def add_habiles(self, day: date, n: int) -> date:
        """Give the n-th día hábil after that day; with n = 0, that day itself or the next that is hábil."""
        if n < 0:
            raise ValueError("días hábiles are counted forward")
        if n == 0:
            return self.next_habil(day)
        for _ in range(n):
            day = self.next_habil(day + _ONE_DAY)
        return day

    def habiles_between(self, one: date, other: date) -> int:
        """Count the días hábiles after the earlier day, up to and with the later; the order of the two is nothing."""
        earlier, later = sorted((one, other))
        years = range(earlier.year, later.year)
        return sum(len(self._of(year)) for year in years) + self._until(later) - self._until(earlier)

    def day_of(self, instant_utc: datetime) -> date:
        """Give the día hábil that a file made at that instant is of: after the cut-off it is of the next."""
        local = to_local(instant_utc)
        late = local.time() > self._corte
        return self.next_habil(local.date() + _ONE_DAY if late else local.date())

    def _until(self, day: date) -> int:
        return bisect_right(self._of(day.year), day)

    def _of(self, year: int) -> tuple[date, ...]:
        """Give the días hábiles of a year, in order."""
        if year not in self._by_year:
            feriados = frozenset(self._feriados(year))
            first = date(year, 1, 1)
            days = (first + n * _ONE_DAY for n in range((date(year, 12, 31) - first).days + 1))
            self._by_year[year] = tuple(
                day for day in days if day in self._habiles or (day.weekday() < _SATURDAY and day not in feriados)
            )
        return self._by_year[year]
