"""Days are those of Argentina, whatever the zone of the machine."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pmc_soap.domain.calendario import local_day, to_local, to_utc


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
