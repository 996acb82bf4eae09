"""The room of one process: money always finds its place, all else is refused before it takes it."""

import threading

import pytest

from pmc_soap.soap.aforo import Aforo

OTHER, MONEY = False, True


def test_what_is_no_money_leaves_the_reserved_room_free():
    aforo = Aforo(total=4, reserved=1)
    assert [aforo.admit(is_money=OTHER) for _ in range(5)] == [True, True, True, False, False]
    assert aforo.admit(is_money=MONEY)


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
