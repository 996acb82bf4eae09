"""How values are shown to people in Argentina: importes, days, clocks, counts. Templates use these as filters.

Importes are centavos, instants aware UTC, a porciento hundredths of a percent. What is None is shown as a dash.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from flask import Flask

from pmc_soap.domain import importe
from pmc_soap.domain.calendario import to_local

NADA = "—"
_KIB, _SECOND_MS = 1024, 1_000
_VISIBLES = 2  # characters of each end of what is masked

# how a state stands for whom it concerns: bien, ojo, mal; what is not here is neutral
_TONOS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("PAGADA", "APLICADO", "ENTREGADA", "CONCILIADO", "LISTA", "LISTO", "ACTIVO", "BIEN"), "bien"),
        **dict.fromkeys(("EN_PUENTE", "PENDIENTE", "EN_CURSO", "SOLO_EN_AVISO", "DIF_FECHA", "OJO"), "ojo"),
        **dict.fromkeys(("DETENIDA", "RECHAZADA", "RECHAZADO", "CONFLICTO", "DIF_IMPORTE", "LINEA_INVALIDA"), "mal"),
        **dict.fromkeys(("SOLO_EN_COB", "DUPLICADO_EN_COB", "REVERSADO_PERO_EN_COB", "FALLIDA", "MAL"), "mal"),
    }
)


def pesos(centavos: int | None, moneda: str = importe.PESOS) -> str:
    """Write 150050 as "$ 1.500,50"; what is not in pesos says its moneda."""
    if centavos is None:
        return NADA
    if centavos < 0:
        return f"−{pesos(-centavos, moneda)}"
    shown = importe.format_es(centavos)
    return shown if moneda == importe.PESOS else shown.replace("$", moneda, 1)


def fecha(day: date | None) -> str:
    """Write a day: "15/07/2025"; of an instant, the day it is in Argentina."""
    if day is None:
        return NADA
    return f"{to_local(day) if isinstance(day, datetime) else day:%d/%m/%Y}"


def fecha_hora(instant_utc: datetime | None) -> str:
    """Write an instant by the clock in Argentina: "15/07/2025 12:00:00"."""
    return NADA if instant_utc is None else f"{to_local(instant_utc):%d/%m/%Y %H:%M:%S}"


def hora(instant_utc: datetime | None) -> str:
    """Write the clock in Argentina: "12:00:00"."""
    return NADA if instant_utc is None else f"{to_local(instant_utc):%H:%M:%S}"


def numero(count: int | None) -> str:
    """Write a count: "12.345"."""
    return NADA if count is None else f"{count:,}".replace(",", ".")


def porciento(centesimos: int | None) -> str:
    """Write hundredths of a percent: 9850 is "98,5 %"; all is "100 %"."""
    if centesimos is None:
        return NADA
    whole, rest = divmod(centesimos, 100)
    return f"{whole},{rest:02d}".rstrip("0").rstrip(",") + " %"


def ms(time_ms: float | None) -> str:
    """Write a time in milliseconds: "0,4 ms", "35 ms", "1,2 s"."""
    if time_ms is None:
        return NADA
    if time_ms < 10:  # noqa: PLR2004 — where a tenth says something
        return f"{time_ms:.1f} ms".replace(".", ",")
    return f"{time_ms:.0f} ms" if time_ms < _SECOND_MS else f"{time_ms / _SECOND_MS:.1f} s".replace(".", ",")


def octetos(count: int | None) -> str:
    """Write a size: "812 B", "14 KiB"."""
    if count is None:
        return NADA
    return f"{count} B" if count < _KIB else f"{count / _KIB:.0f} KiB"


def palabras(estado: str | None) -> str:
    """Write a fixed word as people read it: "EN_PUENTE" is "En puente"."""
    return NADA if not estado else re.sub("_", " ", str(estado)).capitalize()


def tono(estado: str | None) -> str:
    """Tell how a state stands: bien, ojo, mal, or nada."""
    return _TONOS.get(str(estado), "nada")


def enmascarar(text: str | None) -> str:
    """Hide a personal datum but for its ends: "Ana María" is "An…ía"."""
    if not text:
        return NADA
    return f"{text[:_VISIBLES]}…{text[-_VISIBLES:]}" if len(text) > 3 * _VISIBLES else "…"


def add(app: Flask) -> None:
    """Make them filters of the templates."""
    for filtro in (pesos, fecha, fecha_hora, hora, numero, porciento, ms, octetos, palabras, tono, enmascarar):
        app.jinja_env.filters[filtro.__name__] = filtro
