"""The database drivers that we know, and how each is told to give up: on a connect, and on a statement."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from time import monotonic
from typing import Any

CONNECT_S = 2


def _ms(seconds: float) -> int:
    return ceil(seconds * 1000)


def _nothing(*_: object) -> None:
    """Do nothing: this driver is told all when it connects."""


def _limit_postgres(timeout_s: float, _begin: str, connection: Any) -> None:
    # Not as an option of the connection: a PgBouncer in between would refuse it.
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {_ms(timeout_s)}")


def _limit_oracle(timeout_s: float, connection: Any, _record: object) -> None:
    connection.call_timeout = _ms(timeout_s)


def _prepare_sqlite(_timeout_s: float, connection: Any, _record: object) -> None:
    # Python's sqlite3 must not begin transactions by itself: a SELECT would be outside of them.
    connection.isolation_level = None


def _begin_sqlite(timeout_s: float, begin: str, connection: Any) -> None:
    until = monotonic() + timeout_s
    raw: Any = connection.connection.dbapi_connection
    raw.set_progress_handler(lambda: monotonic() > until, 10_000)
    connection.exec_driver_sql(begin)


@dataclass(frozen=True, kw_only=True, slots=True)
class Controlador:
    """What a driver is called, and how it is told its timeouts; connect_args is given the driver's own module."""

    module: str
    extra: str
    connect_args: Callable[[float, Any], dict[str, Any]]
    on_connect: Callable[[float, Any, object], None] = _nothing
    on_begin: Callable[[float, str, Any], None] = _nothing


_MYSQL = Controlador(
    module="pymysql",
    extra="mysql",
    connect_args=lambda timeout_s, _: {
        "connect_timeout": CONNECT_S,
        "read_timeout": timeout_s,
        "write_timeout": timeout_s,
    },
)
CONTROLADORES = {
    "sqlite+pysqlite": Controlador(
        module="sqlite3",
        extra="",
        connect_args=lambda _, __: {"timeout": CONNECT_S},
        on_connect=_prepare_sqlite,
        on_begin=_begin_sqlite,
    ),
    "postgresql+psycopg": Controlador(
        module="psycopg",
        extra="postgres",
        # Binds are put in here and not by the server, which cannot tell the type of one in «:id_cliente IS NULL OR …».
        # The server's own timeout does not help when the network to it is cut.
        connect_args=lambda timeout_s, dbapi: {
            "cursor_factory": dbapi.ClientCursor,
            "connect_timeout": CONNECT_S,
            "keepalives_idle": CONNECT_S,
            "keepalives_interval": 1,
            "keepalives_count": 2,
            "tcp_user_timeout": _ms(timeout_s),
        },
        on_begin=_limit_postgres,
    ),
    "mysql+pymysql": _MYSQL,
    "mariadb+pymysql": _MYSQL,
    "mssql+pymssql": Controlador(
        module="pymssql",
        extra="sqlserver",
        connect_args=lambda timeout_s, _: {"login_timeout": CONNECT_S, "timeout": ceil(timeout_s)},
    ),
    "oracle+oracledb": Controlador(
        module="oracledb",
        extra="oracle",
        connect_args=lambda _, __: {"tcp_connect_timeout": CONNECT_S, "expire_time": 1},  # minutes between keepalives
        on_connect=_limit_oracle,
    ),
}
