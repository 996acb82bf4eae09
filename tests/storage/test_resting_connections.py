"""A connection that died while it rested is replaced before anything is said on it; one in use is let go."""

import pytest
from fakes import bases
from fakes.examples import NOW, a_factura, clave
from sqlalchemy import text

from pmc_soap.operations.ports import Unavailable
from pmc_soap.storage import engine
from pmc_soap.storage.ledger import open_ledger

OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name AND pid <> pg_backend_pid()"
)
NAME = "resting"

pytestmark = pytest.mark.parametrize("url", ["postgres"], indirect=True)


@pytest.fixture
def ledger(url, request):
    ledger = open_ledger(f"{url}&application_name={NAME}")
    ledger.write("AGUA", "C1", lambda tx: tx.add_factura(a_factura(), "hash", NOW))
    yield ledger
    ledger.close()


@pytest.fixture
def pings(ledger, monkeypatch):
    """Count the times that a connection was asked whether it lives."""
    counted = []
    dialect = ledger._base.avisos.dialect  # noqa: SLF001
    ping = dialect.do_ping
    monkeypatch.setattr(dialect, "do_ping", lambda connection: (counted.append(connection), ping(connection))[1])
    return counted


def read(ledger):
    with ledger.read() as reading:
        return reading.factura(clave())


def end_sessions(url):
    with bases.connected(url) as operator:
        ended = operator.execute(OTHERS, {"name": NAME}).all()
        assert ended
    with bases.connected(url) as operator:  # they end a moment later
        while operator.execute(
            text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name"), {"name": NAME}
        ).scalar():
            operator.execute(text("SELECT pg_stat_clear_snapshot(), pg_sleep(0.01)"))


def test_a_session_that_the_server_ended_costs_no_reading_and_no_writing(url, ledger):
    end_sessions(url)
    assert read(ledger) == a_factura()
    end_sessions(url)
    ledger.write("AGUA", "C1", lambda tx: tx.alert("AGUA", "motivo", None, NOW))
    end_sessions(url)
    with ledger._base.avisos.begin() as connection:  # noqa: SLF001
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_all_sessions_of_a_pool_may_have_ended(url, ledger):
    with ledger.read(), ledger.read(), ledger.read():
        pass
    end_sessions(url)
    with ledger.read() as one, ledger.read() as two, ledger.read() as three:
        assert [view.factura(clave()) for view in (one, two, three)] == [a_factura()] * 3


def test_a_connection_in_use_is_not_asked_whether_it_lives(ledger, pings):
    read(ledger)
    pings.clear()
    for _ in range(3):
        read(ledger)
    assert pings == []


def test_a_connection_that_rested_is_asked_for_a_cut_network_says_nothing(ledger, pings, monkeypatch):
    read(ledger)
    pings.clear()
    monkeypatch.setattr(engine, "IDLE_S", -1)
    assert read(ledger) == a_factura()
    assert len(pings) == 1


def test_a_session_that_ends_in_the_middle_of_a_work_is_let_go_without_a_word(url, ledger, caplog):
    def work(tx):
        tx.alert("AGUA", "motivo", None, NOW)
        end_sessions(url)
        tx.factura(clave())

    caplog.set_level("ERROR", "sqlalchemy.pool")
    with pytest.raises(Unavailable):
        ledger.write("AGUA", "C1", work)
    assert caplog.record_tuples == []
    assert read(ledger) == a_factura()
    assert bases.rows(url, "alerta") == []
