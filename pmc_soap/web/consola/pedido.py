"""What the address of a page asks for: its filters, read with patience; what is none asks for nothing."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from flask import request, url_for

from pmc_soap.domain.calendario import local_day, to_utc
from pmc_soap.domain.empresa import Empresa
from pmc_soap.web.consola.casa import Casa

FILAS = 50  # of a page
E = TypeVar("E", bound=StrEnum)


def text(name: str, longest: int = 60) -> str | None:
    """Give what was typed; None for nothing."""
    return request.values.get(name, "").strip()[:longest] or None


def word(name: str, words: type[E]) -> E | None:
    """Give a word of a closed list."""
    said = request.values.get(name, "")
    return words(said) if said in set(words) else None


def day(name: str, default: date | None = None) -> date | None:
    """Give a day (AAAA-MM-DD)."""
    try:
        return date.fromisoformat(request.values.get(name, ""))
    except ValueError:
        return default


def days(casa: Casa, back: int) -> tuple[date, date]:
    """Give from which day to which: today and so many before, where nothing else is said."""
    today = local_day(casa.clock.now())
    hasta = day("hasta", today) or today
    desde = day("desde", hasta - timedelta(days=back)) or hasta
    return min(desde, hasta), hasta


def instant(name: str) -> datetime | None:
    """Give the instant at which a moment of Argentina began: AAAA-MM-DD or AAAA-MM-DDTHH:MM."""
    try:
        return to_utc(datetime.fromisoformat(request.values.get(name, "")))
    except (ValueError, OverflowError):
        return None


def midnight(of: date) -> datetime:
    """Give the first instant of a day in Argentina."""
    return to_utc(datetime.combine(of, time.min))


def empresa(casa: Casa) -> Empresa | None:
    """Give the empresa that is asked for; None: all."""
    return casa.empresas.get(request.values.get("empresa", ""))


def codigos(casa: Casa) -> tuple[str, ...]:
    """Give the codes that data is kept under: that of the empresa that is asked for, or all."""
    one = empresa(casa)
    return (one.codigo_empresa,) if one else tuple(sorted(casa.empresas))


def address(endpoint: str, **changed: Any) -> str:
    """Give the address of a page with the filters of this one, some of them changed; None takes one away."""
    said: dict[str, Any] = {name: value for name, value in request.args.items() if value} | (request.view_args or {})
    return url_for(endpoint, **{name: value for name, value in (said | changed).items() if value is not None})
