"""Scratch databases that hold what the bench asks for: SQLite in a file, and PostgreSQL where it answers."""

import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "tests")]

import mundo
from fakes import bases

from pmc_soap import wiring
from pmc_soap.domain.factura import Factura
from pmc_soap.operations.factura import contenido
from pmc_soap.operations.ports import Loaded, Writing

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
BATCH = 2_000


@contextmanager
def databases(folder: Path, to_pay: int) -> Iterator[dict[str, str]]:
    """Give the URL of each, migrated, with so many facturas to pay; what they were is gone afterwards."""
    with ExitStack() as stack:
        found = {SQLITE: f"sqlite:///{folder}/{secrets.token_hex(4)}.db"}
        if bases.has_postgres():
            found[POSTGRES] = stack.enter_context(bases.postgres_schema())
        for url in found.values():
            fill(url, to_pay)
        yield found


def fill(url: str, to_pay: int) -> None:
    """Migrate a database, and load what the bench asks for."""
    settings = mundo.settings(url)
    wiring.migrate(settings)
    with wiring.build(settings) as house:
        for id_cliente in mundo.FACTURAS:
            _load(house, mundo.owed(id_cliente))
        numbers = iter(range(to_pay))
        while some := [mundo.to_pay(n) for n in islice(numbers, BATCH)]:
            _load(house, some)
        if house.settings.db.startswith("postgresql"):
            with bases.connected(url) as connection:
                connection.exec_driver_sql("ANALYZE")


def _load(house: wiring.House, facturas: Iterable[Factura]) -> None:
    said = [(factura, contenido(factura)) for factura in facturas]
    clientes = sorted({factura.clave.id_cliente for factura, _ in said})
    house.ledger.write(mundo.EMPRESA, clientes, partial(_enter, said))


def _enter(said: list[tuple[Factura, str]], tx: Writing) -> Loaded:
    return tx.load(said, None, datetime.now(UTC))
