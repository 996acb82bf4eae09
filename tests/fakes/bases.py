"""Fresh, migrated databases for tests: an SQLite file each, and schemas of one PostgreSQL server.

PMC_TEST_POSTGRES names the server (a SQLAlchemy URL); each worker of the tests makes schemas of its own there.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from pmc_soap.storage import schema
from pmc_soap.storage.tables import metadata

POSTGRES = os.environ.get("PMC_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
NO_POSTGRES = "PostgreSQL not found: set PMC_TEST_POSTGRES"


def sqlite_url(path: Path) -> str:
    """Name the SQLite database of a file."""
    return f"sqlite:///{path}"


def has_postgres() -> bool:
    """Tell whether the server answers."""
    try:
        with connected(POSTGRES):
            return True
    except OperationalError:
        return False


@contextmanager
def postgres_schema() -> Iterator[str]:
    """Give the URL of an empty schema, which is dropped afterwards."""
    name = f"pmc_{secrets.token_hex(6)}"
    with connected(POSTGRES) as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    try:
        url = make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={name}"})
        yield url.render_as_string(hide_password=False)
    finally:
        with connected(POSTGRES) as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))


@contextmanager
def migrated_postgres() -> Iterator[str]:
    """Give the URL of a migrated schema, which is dropped afterwards."""
    with postgres_schema() as url:
        schema.migrate(url)
        yield url


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Open one plain connection, as an operator would: none of the house's settings, committed at the end."""
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 5} if "sqlite" in url else {})
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def empty(url: str) -> None:
    """Empty all tables of a PostgreSQL schema, those that refuse it as well."""
    with connected(url) as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        tables = set(inspect(connection).get_table_names()) & set(metadata.tables)
        connection.execute(text(f"TRUNCATE {', '.join(sorted(tables))} RESTART IDENTITY"))


def rows(url: str, table: str) -> list[dict[str, object]]:
    """Give all rows of a table."""
    with connected(url) as connection:
        return [dict(row) for row in connection.execute(metadata.tables[table].select()).mappings()]
