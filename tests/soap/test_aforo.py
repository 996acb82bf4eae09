"""The room of one process: money always finds its place, all else is refused before it takes it."""

import threading
import time

import pytest

from pmc_soap.soap import aforo as module
from pmc_soap.soap.aforo import Aforo

OTHER, MONEY = False, True
SOON_S = 10


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    monkeypatch.setattr(module, "PATIENCE_OF_MONEY_S", 0.05)


def enters(aforo, kind):
    """Have a thread ask for a place; give the thread and where its answer will be."""
    answer = []
    thread = threading.Thread(target=lambda: answer.append(aforo.admit(is_money=kind)))
    thread.start()
    return thread, answer


def until_waiting(aforo, others, money=0):
    deadline = time.monotonic() + SOON_S
    while (aforo._waiting, aforo._money_waiting) != (others, money):  # noqa: SLF001 — as nobody else needs to know
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_what_is_no_money_leaves_the_reserved_room_free():
    aforo = Aforo(total=4, reserved=1)
    assert [aforo.admit(is_money=OTHER) for _ in range(5)] == [True, True, True, False, False]
    assert aforo.admit(is_money=MONEY)


@pytest.mark.usefixtures("impatient")
def test_money_may_fill_the_house_and_then_nobody_enters():
    aforo = Aforo(total=4, reserved=1)
    assert [aforo.admit(is_money=MONEY) for _ in range(5)] == [True, True, True, True, False]
    assert not aforo.admit(is_money=OTHER)


def test_avisos_in_flight_count_against_the_room_of_the_others():
    aforo = Aforo(total=4, reserved=2)
    assert [aforo.admit(is_money=kind) for kind in (MONEY, MONEY, OTHER, MONEY)] == [True, True, False, True]


def test_who_leaves_makes_room_and_who_was_refused_took_none():
    aforo = Aforo(total=2, reserved=1)
    assert aforo.admit(is_money=OTHER)
    assert not aforo.admit(is_money=OTHER)
    assert aforo.inside == 1
    aforo.leave()
    assert (aforo.inside, aforo.admit(is_money=OTHER)) == (0, True)


@pytest.mark.parametrize(("threads", "for_all"), [(1, 1), (2, 1), (3, 2), (4, 3), (8, 6), (64, 48)])
@pytest.mark.usefixtures("impatient")
def test_a_quarter_of_the_threads_is_reserved_and_one_thread_serves_all(threads, for_all):
    aforo = Aforo.of(threads)
    assert [aforo.admit(is_money=OTHER) for _ in range(for_all + 1)] == [True] * for_all + [False]


@pytest.mark.parametrize(("total", "reserved"), [(0, 0), (1, 1), (2, -1), (2, 3)])
def test_a_room_that_serves_nobody_is_refused(total, reserved):
    with pytest.raises(ValueError, match="reserved"):
        Aforo(total, reserved)


def test_threads_together_never_exceed_it_and_all_leave():
    aforo, worst, go = Aforo(total=5, reserved=2), [], threading.Barrier(16)

    def come_and_go(kind):
        go.wait()
        for _ in range(300):
            if aforo.admit(is_money=kind):
                worst.append(aforo.inside)
                aforo.leave()

    threads = [threading.Thread(target=come_and_go, args=(n % 2 == 0,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(worst) <= 5
    assert aforo.inside == 0


def test_who_finds_no_place_waits_and_takes_the_first_that_is_left():
    aforo = Aforo(total=2, reserved=1, waiting=1)
    assert aforo.admit(is_money=OTHER)
    thread, answer = enters(aforo, OTHER)
    until_waiting(aforo, others=1)
    began = time.monotonic()
    assert not aforo.admit(is_money=OTHER)  # one waits already, and no more may
    assert time.monotonic() - began < module.PATIENCE_S
    aforo.leave()
    thread.join(SOON_S)
    assert (answer, aforo.inside) == ([True], 1)


@pytest.mark.usefixtures("impatient")
def test_who_waited_in_vain_is_refused_and_holds_nothing():
    aforo = Aforo(total=2, reserved=1, waiting=1)
    assert aforo.admit(is_money=OTHER)
    assert not aforo.admit(is_money=OTHER)
    assert (aforo.inside, aforo._waiting) == (1, 0)  # noqa: SLF001


def test_money_that_waits_goes_before_all_else_that_does():
    aforo = Aforo(total=1, reserved=0, waiting=4)
    assert aforo.admit(is_money=OTHER)
    other, told_other = enters(aforo, OTHER)
    until_waiting(aforo, others=1)
    money, told_money = enters(aforo, MONEY)
    until_waiting(aforo, others=1, money=1)
    aforo.leave()
    money.join(SOON_S)
    assert (told_money, told_other) == ([True], [])
    aforo.leave()
    other.join(SOON_S)
    assert told_other == [True]


def test_two_who_leave_at_once_wake_the_money_that_waits_and_another_too():
    aforo = Aforo(total=3, reserved=1, waiting=1)
    assert [aforo.admit(is_money=MONEY) for _ in range(3)] == [True] * 3
    money, told_money = enters(aforo, MONEY)
    until_waiting(aforo, others=0, money=1)
    other, told_other = enters(aforo, OTHER)
    until_waiting(aforo, others=1, money=1)
    with aforo._lock:  # noqa: SLF001 — so that who is woken first does not run before the next leaves
        for _ in range(3):
            aforo._inside -= 1  # noqa: SLF001
            aforo._call()  # noqa: SLF001
    for thread in (money, other):
        thread.join(SOON_S)
    assert (told_money, told_other, aforo.inside) == ([True], [True], 2)


@pytest.mark.usefixtures("impatient")
def test_money_that_waits_in_vain_leaves_its_place_to_who_waits(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", SOON_S)
    aforo = Aforo(total=2, reserved=0, waiting=1)
    assert [aforo.admit(is_money=MONEY) for _ in range(2)] == [True] * 2
    money, told_money = enters(aforo, MONEY)
    until_waiting(aforo, others=0, money=1)
    other, told_other = enters(aforo, OTHER)
    until_waiting(aforo, others=1, money=1)
    money.join(SOON_S)
    assert (told_money, told_other) == ([False], [])
    aforo.leave()
    other.join(SOON_S)
    assert told_other == [True]


def test_a_server_has_threads_for_who_works_and_who_waits_and_some_to_say_no():
    assert [Aforo.of(threads).threads for threads in (1, 4, 8, 16)] == [5, 14, 26, 52]
