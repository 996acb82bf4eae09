"""How often the database is asked for one operation. Each request is a wait: on PostgreSQL, a way there and back."""

import re
from contextlib import contextmanager

import pytest
from fakes.examples import a_factura, vencimientos
from operations.world import World
from psycopg.pq import Trace
from sqlalchemy import event

# PostgreSQL answers a Query or a Sync; SQLite tells a trigger's statements as comments.
REQUEST = re.compile(r"^F\t\d+\t(?:Query|Sync)|^said (?!--)", re.MULTILINE)
WARM = 8  # psycopg prepares a statement when it is said for the sixth time, which is one more request


@pytest.fixture
def world(sql_ledger):
    """C1 … C30 owe one factura each; M1 … M30 owe ten."""
    world = World(sql_ledger)
    due = vencimientos(150050)
    batch = [a_factura(f"F{n}", f"C{n}", vencimientos=due) for n in range(30)]
    batch += [a_factura(f"M{n}-{m}", f"M{n}", vencimientos=due) for n in range(30) for m in range(10)]
    sql_ledger.write("AGUA", None, lambda tx: tx.load([(each, "hash") for each in batch], "carga", world.clock.now()))
    return world


@contextmanager
def _noting(base, path):
    """Write down what goes over each connection that is lent meanwhile, one message a line."""
    engines, lent = (base.avisos, base.consultas), []
    with path.open("w") as file:

        def note(connection, _record, _proxy):
            lent.append(connection)
            if hasattr(connection, "pgconn"):
                connection.pgconn.trace(file.fileno())
                connection.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
            else:
                connection.set_trace_callback(lambda sql: print("said", sql.replace("\n", " "), file=file))

        for engine in engines:
            event.listen(engine, "checkout", note)
        try:
            yield
        finally:
            for engine in engines:
                event.remove(engine, "checkout", note)
            for connection in lent:
                if hasattr(connection, "pgconn"):
                    connection.pgconn.untrace()
                else:
                    connection.set_trace_callback(None)


def _requests(world, work, path):
    """Count the requests that wait for an answer, once all is warm."""
    for n in range(WARM):
        work(n)
    with _noting(world.ledger._base, path):  # noqa: SLF001
        work(WARM)
    return len(REQUEST.findall(path.read_text()))


@pytest.mark.parametrize(
    ("work", "on_sqlite", "on_postgres"),
    [
        # ask, and write down both what was asked and what was shown
        pytest.param(lambda w, n: w.ask(id_cliente=f"C{n}"), 5, 2, id="a consulta"),
        pytest.param(lambda w, n: w.ask(id_cliente=f"M{n}"), 14, 2, id="a consulta that finds ten"),
        # ask; begin, ask once more, and why there is nothing, end; write down
        pytest.param(lambda w, n: w.ask(id_cliente=f"X{n}"), 9, 7, id="a consulta that finds nothing"),
        # begin alone; find the same, a reversa before it, the factura, its live pago; keep, move, pay, owe; end
        pytest.param(
            lambda w, n: w.pay(f"T{n}", f"F{n}", id_cliente=f"C{n}", fecha_hora_pago_utc=w.clock.now()),
            10,
            10,
            id="a pago",
        ),
        # begin alone; find the same; note; end
        pytest.param(lambda w, _: w.pay("T0", "F0", id_cliente="C0"), 4, 4, id="a repeat"),
    ],
)
def test_an_operation_asks_the_database_no_more_often_than_it_must(world, url, tmp_path, work, on_sqlite, on_postgres):
    expected = on_sqlite if url.startswith("sqlite") else on_postgres
    assert _requests(world, lambda n: work(world, n), tmp_path / "said") == expected
