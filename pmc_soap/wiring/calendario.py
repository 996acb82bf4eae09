"""The banks' calendar: the national and bank feriados that the library knows, and what the configuration puts right."""

from datetime import date

from holidays.countries.argentina import Argentina

from pmc_soap.config import CalendarioSettings
from pmc_soap.domain.calendario import Calendario

_CATEGORIES = ("public", "bank")


def build(settings: CalendarioSettings) -> Calendario:
    """Build the calendar; a feriado decreed after the library's version is told by the configuration."""
    told = frozenset(settings.feriados)

    def feriados(year: int) -> frozenset[date]:
        known = Argentina(years=year, categories=_CATEGORIES, expand=False)
        return told.union(known)

    return Calendario(feriados, habiles=settings.habiles, corte=settings.corte)
