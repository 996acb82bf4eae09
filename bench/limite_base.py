"""The database's own limit for one AvisoPago: its statements, recorded at the driver, in a bare loop with fresh ids.

python bench/limite_base.py prints the statements and the rates; edge.py holds the gateway's own rate against them.
Nothing is judged or read in that loop: no gateway that keeps an aviso so can be faster, but for pipelining.
"""

import os
import re
import secrets
import sqlite3
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import mundo
import psycopg
import scratch
from sqlalchemy import Engine, event, make_url

from pmc_soap import wiring
from pmc_soap.domain.aviso import AvisoPago, EstadoAviso

BUILD = Path(__file__).parent / ".build"  # not the system's folder for what is temporary: that may be no disk
TO_PAY = 30_000
SECONDS = 3
BUSY_MS = 30_000  # SQLite lets nobody queue: whoever is unlucky waits long, and the rate is what counts
_NUMBER = re.compile(r"-?[0-9]{6,}")  # which clientes' lock a transaction takes stands in its text
_HEX = re.compile("[0-9a-f]{32,64}")

Statement = tuple[str, Any]
Recorder = Callable[[str, Any], None]


@dataclass(frozen=True)
class Transaction:
    """The statements of one aviso, as the driver was given them twice: what differs must be fresh each time."""

    url: str
    number: int
    first: Sequence[Statement]
    second: Sequence[Statement]

    def fresh(self, number: int) -> Iterator[Statement]:
        """Give the statements of the aviso of that number."""
        memo: dict[Any, Any] = {}
        renew = partial(_renew, memo, f"{self.number:07d}", f"{number:07d}")
        for (statement, one), (_, other) in zip(self.first, self.second, strict=True):
            yield _NUMBER.sub(lambda found: str(renew(int(found.group()), None)), statement), renew(one, other)


def _renew(memo: dict[Any, Any], before: str, now: str, one: Any, other: Any) -> Any:
    """Replace what was the first aviso's own by another's, the same wherever it stands."""
    if one == other:
        return one
    if isinstance(one, dict):
        return {key: _renew(memo, before, now, one[key], other[key]) for key in one}
    if isinstance(one, list | tuple):
        return type(one)(_renew(memo, before, now, a, b) for a, b in zip(one, other, strict=True))
    if one not in memo:
        memo[one] = _another(one, before, now)
    return memo[one]


def _another(value: Any, before: str, now: str) -> Any:
    if isinstance(value, int):
        return secrets.randbits(62)
    if not isinstance(value, str):
        return value
    if _HEX.fullmatch(value):
        return secrets.token_hex(len(value))[: len(value)]
    try:
        uuid.UUID(value)
    except ValueError:
        return value.replace(before, now)
    return str(uuid.uuid4())


def record(url: str, numbers: Iterator[int]) -> Transaction:
    """Let our gateway take in two avisos, and write down what it says to the driver."""
    with _recording() as told, wiring.build(mundo.settings(url)) as house:
        pay(house, next(numbers))  # opens the connection, which says more
        runs = []
        for number in (first := next(numbers), next(numbers)):
            told.clear()
            pay(house, number)
            runs.append(list(told))
    texts = [[_NUMBER.sub("?", statement) for statement, _ in run] for run in runs]
    assert texts[0] == texts[1], texts
    return Transaction(url, first, *runs)


def pay(house: wiring.House, number: int) -> None:
    """Pay a factura."""
    now, factura = datetime.now(UTC), mundo.to_pay(number)
    aviso = AvisoPago(
        codigo_empresa=mundo.EMPRESA,
        id_mensaje=f"M-{number:07d}",
        fecha_hora_mensaje_utc=now,
        fecha_hora_pago_utc=now,
        id_cliente=factura.clave.id_cliente,
        id_factura=factura.clave.id_factura,
        id_transaccion=f"TX-{number:07d}",
        moneda="ARS",
        importe_centavos=mundo.PAGO_CENTAVOS,
        canal="PC",
        nro_control="4821",
    )
    assert house.avisos.accept(aviso).estado is EstadoAviso.APLICADO


@contextmanager
def _recording() -> Iterator[list[Statement]]:
    """Hand every new connection of this process a cursor that writes down what it is given."""
    told: list[Statement] = []

    def connect(dialect: Any, _record: object, _args: object, params: dict[str, Any]) -> None:
        if dialect.name == "sqlite":
            params["factory"] = _sqlite_recorder(told)
        else:
            params["cursor_factory"] = _postgres_recorder(told)

    event.listen(Engine, "do_connect", connect)
    try:
        yield told
    finally:
        event.remove(Engine, "do_connect", connect)


def _sqlite_recorder(told: list[Statement]) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, statement: str, values: Any = (), /) -> "Cursor":
            told.append((statement, values))
            super().execute(statement, values)
            return self

        def executemany(self, statement: str, many: Any, /) -> "Cursor":
            rows = list(many)
            told.extend((statement, values) for values in rows)
            super().executemany(statement, rows)
            return self

    class Connection(sqlite3.Connection):
        def cursor(self, factory: type[sqlite3.Cursor] = Cursor, /) -> sqlite3.Cursor:
            return super().cursor(factory)

    return Connection


def _postgres_recorder(told: list[Statement]) -> type[psycopg.Cursor[Any]]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, statement: Any, values: Any = None, **said: Any) -> "Cursor":
            if statement:  # SQLAlchemy's ping has none
                told.append((statement, values))
            return super().execute(statement, values, **said)

        def executemany(self, statement: Any, many: Any, **said: Any) -> None:
            rows = list(many)
            told.extend((statement, values) for values in rows)
            super().executemany(statement, rows, **said)

    return Cursor


def rate(transaction: Transaction, numbers: Iterator[int], connections: int, seconds: float = SECONDS) -> float:
    """Tell how many such transactions a second the database takes from so many threads, each in a bare loop."""
    done, until = [0] * connections, time.monotonic() + seconds
    lock, failed = threading.Lock(), []

    def work(which: int) -> None:
        try:
            with _connected(transaction.url) as run:
                while time.monotonic() < until:
                    with lock:
                        number = next(numbers)
                    run(transaction.fresh(number))
                    done[which] += 1
        except Exception as error:  # noqa: BLE001 — told to whoever waits
            failed.append(error)

    threads = [threading.Thread(target=work, args=(which,)) for which in range(connections)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return sum(done) / (time.monotonic() - began)


@contextmanager
def _connected(url: str) -> Iterator[Callable[[Iterator[Statement]], None]]:
    connection: Any
    if url.startswith("sqlite"):
        connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
        for pragma in (f"busy_timeout = {BUSY_MS}", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
    else:
        connection = psycopg.connect(
            make_url(url).set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
        )

    def run(statements: Iterator[Statement]) -> None:
        cursor = connection.cursor()
        for statement, values in statements:
            cursor.execute(statement, *([values] if values else []))
            if cursor.description:
                cursor.fetchall()
        connection.commit()

    try:
        yield run
    finally:
        connection.close()


def main() -> None:
    """Print what one aviso says to each database, and how many of them it takes."""
    os.sched_setaffinity(0, {0})
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder, scratch.databases(Path(folder), TO_PAY) as found:
        for base, url in found.items():
            numbers = count()
            transaction = record(url, numbers)
            for statement, _ in transaction.first:
                print("  ", re.sub(r"\s+", " ", statement)[:150])
            rates = {connections: rate(transaction, numbers, connections) for connections in (1, 8)}
            print(base, {connections: round(per_s) for connections, per_s in rates.items()}, flush=True)


if __name__ == "__main__":
    sys.exit(main())
