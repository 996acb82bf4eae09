"""Days are those of Argentina, whatever the zone of the machine."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmc_soap.domain.calendario import ARGENTINA, Calendario, local_day, to_local, to_utc


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 11, 2, 59, 59, tzinfo=UTC), date(2026, 3, 10)),
        (datetime(2026, 3, 11, 3, 0, tzinfo=UTC), date(2026, 3, 11)),
        (datetime(2026, 1, 1, 2, 59, tzinfo=UTC), date(2025, 12, 31)),
        (datetime(2026, 3, 10, 23, 30, tzinfo=timezone(timedelta(hours=-3))), date(2026, 3, 10)),
    ],
)
def test_a_day_ends_at_midnight_in_argentina(instant, day):
    assert local_day(instant) == day


def test_a_moment_without_an_offset_is_argentine():
    assert to_utc(datetime(2026, 3, 10, 12, 0)) == datetime(2026, 3, 10, 15, 0, tzinfo=UTC)  # noqa: DTZ001


def test_a_moment_with_an_offset_keeps_its_instant_and_is_told_in_utc():
    moment = to_utc(datetime(2026, 3, 10, 12, 0, tzinfo=timezone(timedelta(hours=2))))
    assert (moment, moment.utcoffset()) == (datetime(2026, 3, 10, 10, 0, tzinfo=UTC), timedelta())


def test_people_see_the_clock_on_an_argentine_wall():
    assert to_local(datetime(2026, 3, 10, 15, 0, tzinfo=UTC)).isoformat() == "2026-03-10T12:00:00-03:00"


@pytest.mark.parametrize("month", range(1, 13))
def test_there_is_no_daylight_saving(month):
    assert to_utc(datetime(2026, month, 15, 0, 0)).hour == 3  # noqa: DTZ001


FERIADOS_2026 = frozenset({date(2026, 4, 2), date(2026, 4, 3), date(2026, 11, 6)})


def _calendario(**said):
    return Calendario(lambda year: FERIADOS_2026 if year == 2026 else (), **said)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 4, 1), True),
        (date(2026, 4, 2), False),
        (date(2026, 4, 4), False),
        (date(2026, 4, 5), False),
        (date(2026, 4, 6), True),
        (date(2025, 4, 2), True),
    ],
)
def test_banks_rest_on_weekends_and_feriados(day, works):
    assert works == _calendario().is_habil(day)


def test_what_is_said_to_be_habil_is_whatever_the_feriados_and_the_weekend_say():
    calendario = _calendario(habiles=[date(2026, 4, 3), date(2026, 4, 4)])
    assert [True, True, False] == [calendario.is_habil(date(2026, 4, day)) for day in (3, 4, 5)]


@pytest.mark.parametrize(
    ("day", "n", "then"),
    [
        (date(2026, 4, 1), 0, date(2026, 4, 1)),
        (date(2026, 4, 2), 0, date(2026, 4, 6)),
        (date(2026, 4, 1), 1, date(2026, 4, 6)),
        (date(2026, 4, 1), 2, date(2026, 4, 7)),
        (date(2026, 4, 3), 1, date(2026, 4, 6)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
    ],
)
def test_days_are_added_by_those_on_which_banks_work(day, n, then):
    assert then == _calendario().add_habiles(day, n)


def test_days_are_not_counted_backward():
    with pytest.raises(ValueError, match="forward"):
        _calendario().add_habiles(date(2026, 4, 1), -1)


@pytest.mark.parametrize(
    ("one", "other", "between"),
    [
        (date(2026, 4, 1), date(2026, 4, 1), 0),
        (date(2026, 4, 1), date(2026, 4, 5), 0),
        (date(2026, 4, 1), date(2026, 4, 6), 1),
        (date(2026, 4, 4), date(2026, 4, 6), 1),
        (date(2026, 4, 3), date(2026, 4, 10), 5),
        (date(2026, 12, 30), date(2027, 1, 4), 3),
        (date(2024, 12, 31), date(2026, 1, 1), 262),
    ],
)
def test_days_between_are_counted_the_same_from_either_end(one, other, between):
    assert (between, between) == (_calendario().habiles_between(one, other), _calendario().habiles_between(other, one))


@given(
    st.dates(date(2024, 12, 1), date(2027, 1, 31)),
    st.integers(1, 60),
)
def test_as_many_days_lie_between_as_were_added(day, n):
    calendario = _calendario()
    then = calendario.add_habiles(day, n)
    assert (n, True) == (calendario.habiles_between(day, then), calendario.is_habil(then))


def _wall(day, *clock):
    """Give an instant of April 2026 by the clock on an Argentine wall."""
    return datetime(2026, 4, day, *clock, tzinfo=ARGENTINA).astimezone(UTC)


@pytest.mark.parametrize(
    ("made", "day"),
    [
        (_wall(1, 14, 30), date(2026, 4, 1)),
        (_wall(1, 14, 30, 1), date(2026, 4, 6)),
        (_wall(4, 9), date(2026, 4, 6)),
        (_wall(5, 23), date(2026, 4, 6)),
        (_wall(10, 20), date(2026, 4, 13)),
    ],
)
def test_a_file_is_of_its_day_until_half_past_two_and_then_of_the_next_habil(made, day):
    assert day == _calendario().day_of(made)


def test_the_feriados_of_a_year_are_asked_for_once():
    asked = []

    def feriados(year):
        asked.append(year)
        return ()

    calendario = Calendario(feriados)
    for _ in range(1000):
        calendario.habiles_between(date(2025, 1, 1), date(2026, 12, 31))
    assert [2025, 2026] == asked
