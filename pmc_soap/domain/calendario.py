"""Instants are UTC; days are those of Argentina (UTC-3, no daylight saving since 2009)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ARGENTINA = ZoneInfo("America/Argentina/Buenos_Aires")


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
