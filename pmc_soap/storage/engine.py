"""How a database is opened: SQLite in one file, or PostgreSQL.

An aviso must be on the disk before it is acknowledged; the record of a consulta need not be (contract.md §8). So a
Base holds three engines. Build it after the fork, one for each worker: a connection cannot be shared by processes.
"""

import math
import os
import select
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

from pmc_soap.storage import disk

COMMAND_TIMEOUT_S = 60  # a command, as a migration, may wait longer for its turn
TIMEOUT_S = 3  # an aviso is answered within 3 s or not at all (promises.md, Time): PMC sends it again
POOL_SIZE = 10
IDLE_S = 1  # a connection that rested longer is asked whether it lives; one that died meanwhile mostly says so itself


class BaseNoAdmitida(Exception):
    """The database as configured could lose an acknowledged aviso, or is of a kind we do not know."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    """One open database. queue is the file that those who write wait at, where the database does not queue them."""

    reads: Engine
    avisos: Engine
    consultas: Engine
    queue: Path | None = None
    turn_timeout_s: float = TIMEOUT_S

    def turn(self, timeout_s: float = math.inf) -> AbstractContextManager[None]:
        """Wait for our turn to write, no longer than timeout_s; raises SQLAlchemy's TimeoutError."""
        return disk.ticket(self.queue, min(timeout_s, self.turn_timeout_s)) if self.queue else nullcontext()

    def close(self) -> None:
        """Close all connections."""
        for engine in (self.reads, self.avisos, self.consultas):
            engine.dispose()


def open_base(url: str, *, pool_size: int = POOL_SIZE, turn_timeout_s: float = TIMEOUT_S) -> Base:
    """Open `sqlite:///path` or `postgresql+psycopg://…`; raises BaseNoAdmitida.

    PostgreSQL is not asked anything before the first connection is needed.
    """
    parsed = make_url(url)
    match parsed.drivername:
        case "sqlite" if parsed.database not in {None, "", ":memory:"}:
            return _open_sqlite(parsed, pool_size, turn_timeout_s)
        case "postgresql+psycopg":
            return _open_postgres(parsed, pool_size)
    raise BaseNoAdmitida(
        f"no se admite la base de datos «{parsed.render_as_string()}»: use sqlite:///ruta o postgresql+psycopg://…"
    )


@contextmanager
def opened(url: str) -> Iterator[Base]:
    """Open a database for as long as the block runs: for a command, that nobody waits 3 s for."""
    base = open_base(url, turn_timeout_s=COMMAND_TIMEOUT_S)
    try:
        yield base
    finally:
        base.close()


def _open_sqlite(url: URL, pool_size: int, turn_timeout_s: float) -> Base:
    path = Path(url.database or "").absolute()
    tipo = disk.network_file_system(path)
    if tipo is not None:
        raise BaseNoAdmitida(
            f"la base SQLite «{path}» está en un disco de red ({tipo}), donde los bloqueos y el fsync no son seguros:"
            " use un disco local o PostgreSQL"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BaseNoAdmitida(f"no se puede usar la carpeta «{path.parent}» para la base SQLite") from error
    engine = partial(
        create_engine, url.set(database=os.fspath(path)), pool_size=pool_size, max_overflow=-1, hide_parameters=True
    )
    avisos, consultas = (engine(execution_options={"compiled": {}}) for _ in range(2))
    for each, synchronous in ((avisos, "FULL"), (consultas, "NORMAL")):
        event.listen(each, "connect", partial(_prepare_sqlite, synchronous))
        event.listen(each, "begin", _begin)
    # A write that began as a read cannot wait for its turn: SQLite would refuse it in the middle of its work.
    return Base(
        reads=avisos.execution_options(at_begin="BEGIN"),
        avisos=avisos.execution_options(at_begin="BEGIN IMMEDIATE"),
        consultas=consultas.execution_options(at_begin="BEGIN IMMEDIATE"),
        queue=path.with_name(path.name + ".lock"),
        turn_timeout_s=turn_timeout_s,
    )


def _open_postgres(url: URL, pool_size: int) -> Base:
    def engine(*, waits_for_disk: bool) -> Engine:
        made = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=TIMEOUT_S,
            pool_use_lifo=True,  # few connections that are warm, rather than many
            execution_options={"compiled": {}},  # direct.py's statements, in the words of this engine's dialect
            hide_parameters=True,  # an error's text goes to the log, and what was sent is personal data
            # The server's own timeouts do not help when the network to it is cut.
            connect_args={
                "connect_timeout": TIMEOUT_S,
                "keepalives_idle": TIMEOUT_S,
                "keepalives_interval": 1,
                "keepalives_count": 2,
                "tcp_user_timeout": TIMEOUT_S * 1000,
            },
        )
        event.listen(made, "connect", partial(_prepare_postgres, waits_for_disk))
        event.listen(made, "checkin", _note_use)
        event.listen(made, "checkout", partial(_require_alive, made.dialect))
        event.listen(made, "begin", _begin)
        return made

    avisos, consultas = engine(waits_for_disk=True), engine(waits_for_disk=False)
    write = "BEGIN ISOLATION LEVEL READ COMMITTED"
    # The driver would say BEGIN by itself, but not in one breath with what comes next (direct.py). An aviso says once
    # more that it waits for the disk: a pooler in between may hand it a session that a consulta has been through.
    return Base(
        reads=avisos.execution_options(at_begin="BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        avisos=avisos.execution_options(at_begin=f"{write}; SET LOCAL synchronous_commit TO on"),
        consultas=consultas.execution_options(at_begin=write),
    )


def _begin(connection: Connection) -> None:
    at_begin = connection.get_execution_options().get("at_begin")
    if at_begin is not None:
        connection.exec_driver_sql(at_begin)


def _prepare_sqlite(synchronous: str, connection: Any, _record: object) -> None:
    # Python's sqlite3 must not begin transactions by itself: _begin does (Python 3.11 has no other way to say so).
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {TIMEOUT_S * 1000}",
        "journal_mode = WAL",
        f"synchronous = {synchronous}",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


_PREPARE_POSTGRES = f"""
SELECT set_config('lock_timeout', '{TIMEOUT_S}s', false), set_config('statement_timeout', '{TIMEOUT_S}s', false),
       current_setting('synchronous_commit'), current_setting('synchronous_standby_names') <> '',
       current_setting('fsync')
"""


def _prepare_postgres(waits_for_disk: bool, connection: Any, record: Any) -> None:
    connection.autocommit = True  # the driver must not begin transactions by itself: _begin does
    *_, synchronous_commit, has_standbys, fsync = connection.execute(_PREPARE_POSTGRES).fetchone()
    # local and remote_write wait for this server's disk, which is all there is where no standby must confirm.
    durable = {"on", "remote_apply"} if has_standbys else {"on", "remote_apply", "remote_write", "local"}
    for setting, value, safe in (
        ("synchronous_commit", synchronous_commit, synchronous_commit in durable),
        ("fsync", fsync, fsync == "on"),
    ):
        if not safe:
            connection.close()
            raise BaseNoAdmitida(
                f"PostgreSQL tiene {setting} = {value}: podría perder un aviso ya confirmado a PMC; configúrelo en on"
            )
    if not waits_for_disk:
        connection.execute("SET synchronous_commit TO off")
    _note_use(connection, record)


def _note_use(_connection: object, record: Any) -> None:
    record.info["used"] = monotonic()


def _require_alive(dialect: Dialect, connection: Any, record: Any, _proxy: object) -> None:
    """Make the pool open another connection in place of one that is dead.

    To ask each time costs as much as a statement. A server that goes away closes its connections, which shows here
    without asking: there is something to read where nothing was asked. Only a cut network says nothing.
    """
    try:
        if monotonic() - record.info["used"] > IDLE_S or _has_said_something(connection):
            dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError("the connection died while it rested") from error


def _has_said_something(connection: Any) -> bool:
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
