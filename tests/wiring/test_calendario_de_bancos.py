"""The banks' calendar as it is built: what the library knows, and what the configuration puts right.

Source of the days: the yearly list of feriados of the Ministerio del Interior (argentina.gob.ar/feriados, 2025 and
2026); the banks' own day by Convenio Colectivo 18/75, art. 50.
"""

from datetime import date

import pytest

from pmc_soap.config import ConfigError, check
from pmc_soap.wiring import calendario


def _built(**said):
    return calendario.build(check({"mode": "demostracion", "calendario": said}).calendario)


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 1, 1),  # Año Nuevo
        date(2025, 3, 3),  # Carnaval, lunes
        date(2025, 3, 4),  # Carnaval, martes
        date(2025, 3, 24),  # Memoria por la Verdad y la Justicia
        date(2025, 4, 2),  # Malvinas
        date(2025, 4, 17),  # Jueves Santo: no laborable, y los bancos no abren
        date(2025, 4, 18),  # Viernes Santo
        date(2025, 5, 2),  # puente turístico
        date(2025, 6, 16),  # Güemes, trasladado
        date(2025, 8, 15),  # puente turístico
        date(2025, 11, 6),  # Día del Bancario
        date(2025, 11, 24),  # Soberanía Nacional, trasladado
        date(2025, 12, 25),  # Navidad
        date(2026, 2, 16),  # Carnaval
        date(2026, 3, 23),  # puente turístico
        date(2026, 4, 3),  # Viernes Santo
        date(2026, 6, 15),  # Güemes, trasladado
        date(2026, 7, 10),  # puente turístico
        date(2026, 11, 6),  # Día del Bancario
        date(2026, 12, 7),  # puente turístico
        date(2026, 10, 10),  # un sábado
    ],
)
def test_banks_rest_on_the_known_feriados(day):
    assert not _built().is_habil(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 6, 17),  # the day that Güemes was moved from
        date(2025, 11, 20),  # the day that Soberanía was moved from
        date(2025, 6, 27),  # Trabajador del Estado: not of the banks
        date(2026, 3, 25),
        date(2026, 11, 5),
        date(2026, 12, 9),
    ],
)
def test_banks_work_on_other_days(day):
    assert _built().is_habil(day)


def test_the_configuration_adds_a_feriado_and_takes_one_away():
    built = _built(feriados=[date(2026, 12, 30)], habiles=[date(2026, 11, 6)])
    assert (False, True) == (built.is_habil(date(2026, 12, 30)), built.is_habil(date(2026, 11, 6)))


def test_the_hour_at_which_a_day_ends_for_pmc_is_configured():
    from datetime import UTC, datetime

    at = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)  # 15:00 on the wall
    assert (date(2026, 3, 11), date(2026, 3, 10)) == (_built().day_of(at), _built(corte="16:00:00").day_of(at))


@pytest.mark.parametrize("corte", [52200, "14:30:00Z", "las dos y media", "25:00:00"])
def test_an_hour_that_is_none_is_refused_in_spanish(corte):
    with pytest.raises(ConfigError, match="tiene que ser una hora de Argentina, HH:MM:SS"):
        _built(corte=corte)
