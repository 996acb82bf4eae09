"""The short way to the database: a Core statement is compiled once, and the driver's own cursor runs it.

What SQLAlchemy does around a statement costs several times the statement itself (docs/adr/0014). Here it still says the
SQL, takes values to the database and back, lends the connection and names the errors; what is in between is left out.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, PoolProxiedConnection, Select, UpdateBase
from sqlalchemy.exc import DBAPIError

from pmc_soap.storage.rows import Row, Values

Statement = Select[Any] | UpdateBase
_Processor = Callable[[Any], Any]
_AT_ONCE = nullcontext()


class _Compiled:
    """A statement in the words of one database: what it is sent, and how a row of its answer is read."""

    __slots__ = ("_columns", "_fixed", "_names", "_positions", "_told", "sql")

    def __init__(self, statement: Statement, dialect: Dialect, told: Sequence[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(told))
        self.sql = compiled.string
        self._positions = compiled.positiontup
        self._told: list[tuple[str, str, _Processor | None]] = []
        self._fixed: Values = {}
        for bind, name in compiled.bind_names.items():
            if bind.required and bind.key not in told:
                raise LookupError(f"nobody said {bind.key}")
            write = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if bind.key in told:
                self._told.append((name, bind.key, write))
            else:
                value = bind.effective_value
                self._fixed[name] = write(value) if write else value
        columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        self._names = [str(column.key) for column in columns]
        readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._columns = [(n, read) for n, read in enumerate(readers) if read is not None]

    @property
    def has_rows(self) -> bool:
        """Tell whether it asks, rather than writes."""
        return bool(self._names)

    def write(self, values: Values) -> Values | list[Any]:
        """Give the values as the driver takes them, by name or by position."""
        sent = self._fixed.copy()
        for name, key, write in self._told:
            sent[name] = values[key] if write is None else write(values[key])
        return sent if self._positions is None else [sent[name] for name in self._positions]

    def read(self, row: Sequence[Any]) -> Row:
        """Give a row of the answer by the names of its columns."""
        said = list(row)
        for n, read in self._columns:
            said[n] = read(said[n])
        return dict(zip(self._names, said, strict=True))


Compiled = dict[tuple[Statement, tuple[str, ...]], _Compiled]  # what an engine keeps for as long as it lives


class Direct:
    """One connection while it is lent, for statements that are built once; others go through its Core connection."""

    def __init__(self, engine: Engine, lent: PoolProxiedConnection, core: Connection | None = None) -> None:
        self._engine = engine
        self._lent = lent
        self._core = core
        self._cursor = lent.info.get("cursor") or lent.info.setdefault("cursor", lent.cursor())
        self._errors = engine.dialect.loaded_dbapi.Error
        self._compiled: Compiled = engine.get_execution_options()["compiled"]

    @classmethod
    def over(cls, connection: Connection) -> "Direct":
        """Take the short way in the transaction that a Core connection has begun."""
        return cls(connection.engine, connection.connection, connection)

    @property
    def core(self) -> Connection:
        """Give SQLAlchemy's connection, in the same transaction, for all that is not hot."""
        if self._core is None:
            self._core = Connection(self._engine.execution_options(at_begin=None), self._lent)
        return self._core

    @property
    def dialect(self) -> str:
        """Name the kind of database."""
        return self._engine.dialect.name

    def all(self, statement: Statement, values: Values) -> list[Row]:
        """Ask, and give all rows."""
        compiled, rows = self._run(statement, values)
        return [compiled.read(row) for row in rows]

    def first(self, statement: Statement, values: Values) -> Row | None:
        """Ask, and give the first row, if there is one."""
        compiled, rows = self._run(statement, values)
        return compiled.read(rows[0]) if rows else None

    def do(self, statement: Statement, values: Values) -> int:
        """Write, and tell how many rows that changed."""
        self._run(statement, values)
        return int(self._cursor.rowcount)

    def do_all(self, statement: Statement, several: Sequence[Values]) -> None:
        """Write several rows of the same columns."""
        compiled = self._compile(statement, several[0])
        try:
            self._cursor.executemany(compiled.sql, [compiled.write(values) for values in several])
        except self._errors as error:
            raise self._named(error, compiled.sql) from error

    def _run(self, statement: Statement, values: Values) -> tuple[_Compiled, list[Any]]:
        compiled = self._compile(statement, values)
        try:
            self._cursor.execute(compiled.sql, compiled.write(values))
            return compiled, self._cursor.fetchall() if compiled.has_rows else []
        except self._errors as error:
            raise self._named(error, compiled.sql) from error

    def _compile(self, statement: Statement, values: Values) -> _Compiled:
        key = (statement, tuple(values))
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = _Compiled(statement, self._engine.dialect, key[1])
        return compiled

    def say(self, sql: str) -> None:
        """Say what has no values and no answer; several statements in one breath are one request."""
        how = {} if self.dialect == "sqlite" else {"prepare": False}  # several cannot be prepared
        try:
            self._cursor.execute(sql, **how)
        except self._errors as error:
            raise self._named(error, sql) from error

    def commit(self) -> None:
        """End the transaction for good."""
        try:
            self._lent.commit()
        except self._errors as error:
            raise self._named(error, "COMMIT") from error

    def rollback(self) -> None:
        """Take the transaction back; a dead connection has done so by itself."""
        if self._lent.is_valid:
            with suppress(self._errors):
                self._lent.rollback()

    def _named(self, error: Any, sql: str) -> Exception:
        """Give the driver's error by SQLAlchemy's name, without what was sent; let go of a connection that is dead."""
        dead = self._engine.dialect.is_disconnect(error, self._lent.driver_connection, self._cursor)
        if dead:
            self._lent.invalidate(error)
        return _as_sqlalchemys(error, self._engine.dialect, sql, dead=dead)


def _as_sqlalchemys(error: Exception, dialect: Dialect, sql: str | None, *, dead: bool = False) -> Exception:
    base = dialect.loaded_dbapi.Error
    return DBAPIError.instance(
        sql, None, error, base, hide_parameters=True, connection_invalidated=dead, dialect=dialect
    )


@contextmanager
def lend(engine: Engine) -> Iterator[Direct]:
    """Lend a connection of the pool that has begun nothing: each statement is a transaction of its own."""
    try:
        lent = engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemys(error, engine.dialect, None) from error
    try:
        yield Direct(engine, lent)
    finally:
        if lent.is_valid:
            lent.close()


@contextmanager
def begun(engine: Engine, turn: AbstractContextManager[None] = _AT_ONCE, and_then: str = "") -> Iterator[Direct]:
    """Lend a connection for one transaction, when it is our turn, begun as the engine says and as and_then goes on.

    A view is committed as well: after a ROLLBACK psycopg forgets all that it prepared.
    """
    with lend(engine) as direct, turn:
        try:
            direct.say(f"{engine.get_execution_options()['at_begin']}{and_then}")
            yield direct
            direct.commit()
        except BaseException:
            direct.rollback()  # before the turn is another's
            raise
