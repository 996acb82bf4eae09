"""A command that runs beside another: it is named as what it is, and one that cannot live is not started in a spin."""

import logging
import time

import pytest

from pmc_soap.cli import companion

SOON_S = 30


def deaths(caplog, count):
    """Wait until so many are told of; give what was told."""
    deadline = time.monotonic() + SOON_S
    while len(told := [record.getMessage() for record in caplog.records]) < count:
        assert time.monotonic() < deadline, told
        time.sleep(0.02)
    return told[:count]


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(companion, "FIRST_S", 0.01)
    monkeypatch.setattr(companion, "LONGEST_S", 0.03)


@pytest.mark.usefixtures("quick")
def test_a_command_that_cannot_live_is_named_and_waited_for_twice_as_long_each_time(caplog):
    with caplog.at_level(logging.WARNING), companion.beside("deliver", "--nunca", before=("--config", "x.toml")):
        told = deaths(caplog, 4)
    assert told == [
        f"comando=deliver ended by itself: it is started again after {s} s" for s in (0.01, 0.02, 0.03, 0.03)
    ]


@pytest.mark.usefixtures("quick")
def test_a_command_that_lived_for_long_is_started_again_soon(caplog, monkeypatch):
    monkeypatch.setattr(companion, "LIVED_S", 0)
    with caplog.at_level(logging.WARNING), companion.beside("deliver", "--nunca"):
        told = deaths(caplog, 3)
    assert told == ["comando=deliver ended by itself: it is started again after 0.01 s"] * 3


def test_the_waits_are_of_one_second_to_a_minute():
    assert (companion.FIRST_S, companion.LONGEST_S, companion.LIVED_S) == (1, 60, 60)
