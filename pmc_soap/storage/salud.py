"""What a database says of itself: which it is, its clock, and whether it is set up as money needs it."""

from datetime import datetime

from sqlalchemy import func, select, text

from pmc_soap.domain.valor import value
from pmc_soap.storage.columns import Instant
from pmc_soap.storage.engine import Base


@value
class Salud:
    """What was asked. autovacuum and conexiones_libres are of PostgreSQL alone."""

    version: str
    ahora_utc: datetime
    autovacuum: bool = True
    conexiones_libres: int | None = None


def ask(base: Base) -> Salud:
    """Ask the database; raises what it raises."""
    with base.reads.connect() as connection:
        if base.queue is not None:
            version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
            now = connection.execute(select(func.strftime("%Y-%m-%d %H:%M:%f", "now"))).scalar_one()
            ahora_utc = Instant().process_result_value(datetime.fromisoformat(now), connection.dialect)
            return Salud(version=f"SQLite {version}", ahora_utc=ahora_utc or datetime.fromisoformat(now))
        row = connection.execute(
            text(
                "SELECT current_setting('server_version') AS version, clock_timestamp() AS now,"
                " current_setting('autovacuum') = 'on' AS autovacuum,"
                " current_setting('max_connections')::int - (SELECT count(*) FROM pg_stat_activity) AS free"
            )
        ).one()
        return Salud(
            version=f"PostgreSQL {row.version.split()[0]}",
            ahora_utc=row.now,
            autovacuum=row.autovacuum,
            conexiones_libres=int(row.free),
        )
