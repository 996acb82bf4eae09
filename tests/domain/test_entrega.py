"""What is owed: never dropped, and tried again at a pace that a person can predict."""

from datetime import timedelta

import pytest

from pmc_soap.domain.entrega import ESPERAS, RETRY_AFTER_MAX, EstadoEntrega, next_wait

HALFWAY = 0.5  # no jitter
S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def test_an_entrega_is_never_dropped():
    assert {"PENDIENTE", "TOMADA", "ENTREGADA", "DETENIDA"} == {str(estado) for estado in EstadoEntrega}


@pytest.mark.parametrize(
    ("intentos", "wait"),
    [*enumerate((5 * S, 30 * S, 2 * M, 5 * M, 15 * M, 30 * M, H, 2 * H, 4 * H, 6 * H, 6 * H, 6 * H), start=1)],
)
def test_the_waits_grow_to_six_hours_and_go_on_for_ever(intentos, wait):
    assert wait == next_wait(intentos, HALFWAY)


def test_after_years_of_attempts_it_is_still_tried_every_six_hours():
    assert 6 * H == next_wait(10_000, HALFWAY)


@pytest.mark.parametrize(("chance", "percent"), [(0.0, 80), (0.25, 90), (0.5, 100), (0.999_999, 120)])
def test_those_that_failed_together_do_not_come_back_together(chance, percent):
    assert next_wait(3, chance) == pytest.approx(ESPERAS[2] * percent / 100, abs=S)


@pytest.mark.parametrize(
    ("asked", "given"), [(90 * S, 90 * S), (0 * S, 0 * S), (-5 * S, 0 * S), (3 * H, RETRY_AFTER_MAX)]
)
def test_the_wait_that_the_other_side_asks_for_is_honoured_up_to_an_hour(asked, given):
    assert given == next_wait(1, HALFWAY, retry_after=asked)
    assert given == next_wait(10, HALFWAY, retry_after=asked)
