"""Whom to leave alone for a while: seconds are the test's own."""

import threading

import pytest

from pmc_soap.domain.cortacircuito import MUESTRA, MUESTRA_S, SEGUIDAS_MAX, SONDA_S, Cortacircuito


class Seconds:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def breaker(seconds):
    return Cortacircuito(seconds)


def _fail(breaker, times):
    for _ in range(times):
        breaker.failed()


def test_four_failures_in_a_row_change_nothing(breaker):
    _fail(breaker, SEGUIDAS_MAX - 1)
    assert not breaker.is_open
    assert breaker.admits()


def test_the_fifth_failure_in_a_row_opens_it(breaker):
    _fail(breaker, SEGUIDAS_MAX)
    assert breaker.is_open
    assert not breaker.admits()


def test_a_success_in_between_begins_the_count_again(breaker):
    _fail(breaker, SEGUIDAS_MAX - 1)
    assert not breaker.succeeded()
    _fail(breaker, SEGUIDAS_MAX - 1)
    assert not breaker.is_open


def _alternate(breaker, seconds, failures, step):
    """Fail two of three, never five in a row, a step of seconds between two calls."""
    for n in range(MUESTRA):
        (breaker.failed if n % 3 < failures else breaker.succeeded)()
        seconds.now += step


def test_more_than_half_of_twenty_within_thirty_seconds_opens_it(breaker, seconds):
    _alternate(breaker, seconds, failures=2, step=1)
    breaker.failed()
    assert breaker.is_open


def test_the_same_failures_spread_over_a_longer_time_do_not(breaker, seconds):
    _alternate(breaker, seconds, failures=2, step=2 * MUESTRA_S / MUESTRA)
    breaker.failed()
    assert not breaker.is_open


def test_a_third_of_failures_does_not(breaker, seconds):
    _alternate(breaker, seconds, failures=1, step=1)
    breaker.failed()
    assert not breaker.is_open


def test_an_open_one_lets_one_call_through_every_fifteen_seconds(breaker, seconds):
    _fail(breaker, SEGUIDAS_MAX)
    seconds.now += SONDA_S
    assert [breaker.admits() for _ in range(3)] == [True, False, False]
    breaker.failed()
    seconds.now += SONDA_S - 1
    assert not breaker.admits()
    seconds.now += 1
    assert breaker.admits()


def test_a_probe_that_is_answered_closes_it_and_says_so(breaker, seconds):
    _fail(breaker, SEGUIDAS_MAX)
    seconds.now += SONDA_S
    assert breaker.admits()
    assert breaker.succeeded()
    assert not breaker.is_open
    _fail(breaker, SEGUIDAS_MAX - 1)
    assert not breaker.is_open


def test_of_many_threads_one_is_the_probe(breaker, seconds):
    _fail(breaker, SEGUIDAS_MAX)
    seconds.now += SONDA_S
    admitted, barrier = [], threading.Barrier(16)

    def ask():
        barrier.wait()
        admitted.append(breaker.admits())

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(admitted) == 1
