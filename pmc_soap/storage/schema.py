"""The schema of a database: which revision it has, which it needs, and the way there."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from pmc_soap.storage.engine import opened

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).with_name("migrations")
_VERSIONS = MIGRATIONS / "versions"
_CURRENT = text("SELECT version_num FROM alembic_version")
_LOCK = 0x706D63_736F6170  # any number that is only ours: "pmcsoap"
_ALONE = text(
    "SELECT set_config('lock_timeout', '60s', true), set_config('statement_timeout', '0', true),"
    f" pg_advisory_xact_lock({_LOCK})"
)


class EsquemaDistinto(Exception):
    """The database has another schema than this version of the house needs."""


@dataclass(frozen=True, slots=True)
class Status:
    """The revision that a database has (None: it was never migrated) and the one it needs."""

    current: str | None
    head: str

    @property
    def at_head(self) -> bool:
        """Tell whether nothing is left to migrate."""
        return self.current == self.head


def migrate(url: str) -> Status:
    """Take the database to the newest schema, in one transaction; whoever comes meanwhile waits."""
    from alembic import command  # noqa: PLC0415 — what only a migration needs

    with opened(url) as base, base.turn(), base.avisos.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(_ALONE)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return _status(connection)


def status(url: str) -> Status:
    """Tell which schema the database has and which it needs."""
    with opened(url) as base, base.reads.connect() as connection:
        return _status(connection)


def verify(connection: Connection) -> None:
    """Raise EsquemaDistinto unless the schema is the newest."""
    found = _status(connection)
    if not found.at_head:
        raise EsquemaDistinto(
            f"el esquema de la base es {found.current or 'ninguno'} y esta versión necesita {found.head}: migre la base"
        )


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 — likewise

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _status(connection: Connection) -> Status:
    """Look by ourselves: every command and every process asks, and alembic takes a tenth of a second to come."""
    known = inspect(connection).has_table("alembic_version")
    return Status(current=connection.execute(_CURRENT).scalar() if known else None, head=_head())


@cache
def _head() -> str:
    """Give the newest revision: they are named so that their files stand in their order."""
    return max(path.stem.partition("_")[0] for path in _VERSIONS.glob("r[0-9]*.py"))[1:]
