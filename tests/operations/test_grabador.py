"""The recorder: nothing that breaks beside a request reaches it, and what cannot be kept is counted."""

import logging
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from fakes.intercambios import FakeIntercambios, an_intercambio

from pmc_soap.operations import grabador as g
from pmc_soap.operations.intercambios import Documentos
from pmc_soap.operations.ports import Unavailable

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
CLOCK = SimpleNamespace(now=lambda: NOON)


def note(n, *, is_strangers=False, size=10):
    return SimpleNamespace(n=n, is_strangers=is_strangers, pedido=b"x" * size, respuesta=b"")


def read(nota, at_utc):
    return an_intercambio(nota.n, at_utc), Documentos(pedido=nota.pedido)


class Refusing(FakeIntercambios):
    """A book that raises what it is told to."""

    error = None

    def add(self, kept):
        if self.error is not None:
            raise self.error
        super().add(kept)


@pytest.fixture
def libro():
    return Refusing()


@pytest.fixture
def grabador(libro, monkeypatch):
    monkeypatch.setattr(g, "EVERY_S", 3_600)  # the test says when
    made = g.Grabador(libro, read, CLOCK, dias=30)
    yield made
    made.close()


def kept(libro):
    return [int(intercambio.id_pedido, 16) for intercambio, _ in libro.kept]


def test_what_is_noted_is_written_down_in_its_order_in_batches(libro, grabador):
    for n in range(250):
        grabador(note(n))
    grabador.flush()
    assert kept(libro) == list(range(250))


def test_closing_writes_down_what_waits_and_ends_the_thread(libro, grabador):
    others = set(threading.enumerate())  # a gateway of another test has a thread of that name too
    grabador(note(1))
    [its] = set(threading.enumerate()) - others
    grabador.close()
    assert kept(libro) == [1]
    assert not its.is_alive()


def test_a_full_queue_drops_and_counts_and_says_so_once_a_minute(libro, grabador, monkeypatch, caplog):
    monkeypatch.setattr(g, "QUEUE_MAX", 3)
    for n in range(5):
        grabador(note(n))
    with caplog.at_level(logging.WARNING):
        grabador.flush()
        grabador._tell()  # noqa: SLF001 — what the thread does after each turn
        grabador.perdidos += 1
        grabador._tell()  # noqa: SLF001
    assert (kept(libro), grabador.perdidos) == ([0, 1, 2], 3)
    assert [record.getMessage().split()[0] for record in caplog.records] == ["2"]


def test_a_queue_is_bounded_in_bytes_as_well(libro, grabador, monkeypatch):
    monkeypatch.setattr(g, "BYTES_MAX", 100)
    for n in range(3):
        grabador(note(n, size=60))
    grabador.flush()
    grabador(note(9, size=60))
    grabador.flush()
    assert (kept(libro), grabador.perdidos) == ([0, 9], 2)


def test_while_the_database_does_not_answer_exchanges_wait_for_it(libro, grabador):
    libro.error = Unavailable("away")
    for n in range(150):
        grabador(note(n))
    grabador.flush()
    grabador.flush()
    libro.error = None
    grabador.flush()
    assert (kept(libro), grabador.perdidos) == (list(range(150)), 0)


def test_what_the_database_refuses_for_good_is_dropped_and_counted(libro, grabador):
    libro.error = ValueError("broken")
    grabador(note(1))
    grabador.flush()
    libro.error = None
    grabador(note(2))
    grabador.flush()
    assert (kept(libro), grabador.perdidos) == ([2], 1)


def test_one_that_cannot_be_read_takes_no_other_with_it(libro, monkeypatch):
    def read_or_break(nota, at_utc):
        return read(nota, at_utc) if nota.n else 1 / 0

    monkeypatch.setattr(g, "EVERY_S", 3_600)
    grabador = g.Grabador(libro, read_or_break, CLOCK, dias=30)
    for n in range(3):
        grabador(note(n))
    grabador.close()
    assert (kept(libro), grabador.perdidos) == ([1, 2], 1)


def test_who_has_not_shown_who_he_is_fills_no_disk(libro, grabador):
    for n in range(200):
        grabador(note(n, is_strangers=True))
    grabador(note(999))
    grabador.flush()
    assert g.STRANGERS_MAX <= len(kept(libro)) - 1 <= 2 * g.STRANGERS_MAX  # a minute may have ended in between
    assert kept(libro)[-1] == 999
    assert grabador.perdidos == 0


def test_old_ones_are_removed_in_small_steps_when_it_is_time(libro, grabador, monkeypatch):
    monkeypatch.setattr(g, "PURGE_AT_ONCE", 2)
    old = NOON - timedelta(days=30, minutes=1)
    libro.add([(an_intercambio(n, old), Documentos()) for n in range(3)])
    libro.add([(an_intercambio(9, NOON - timedelta(days=29)), Documentos())])
    steps = []
    for due in (True, False, False):
        if due:
            grabador._purge_at = 0  # noqa: SLF001 — an hour has gone by
        grabador._purge()  # noqa: SLF001
        steps.append(len(libro.kept))
    assert steps == [2, 1, 1]
