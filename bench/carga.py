"""Load a seeded FAC of 10,000 and of 100,000 lines into an empty ledger, each in a process of its own; print one table.

SQLite always; PostgreSQL where PMC_TEST_POSTGRES (or the local test server) answers, in a schema that is dropped again.
Peak memory is that of the whole process, Python and libraries included.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento
from pmc_soap.files.fac import escritura
from pmc_soap.files.fac.archivo import ArchivoFac
from pmc_soap.operations.carga import Cargas
from pmc_soap.storage import schema
from pmc_soap.storage.ledger import open_ledger

EMPRESA = "1234"
DAY = date(2025, 3, 10)
FILAS = (10_000, 100_000)
POSTGRES = os.environ.get("PMC_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")


class _Clock:
    def now(self) -> datetime:
        return datetime(2025, 3, 10, 15, tzinfo=UTC)


def facturas(filas: int) -> Iterator[Factura]:
    """Make the same facturas each time: three clientes of four owe one, half have a second due date."""
    chance = random.Random(20250310)  # noqa: S311 — a benchmark must repeat itself
    for n in range(filas):
        importe_centavos = chance.randrange(1_000_00, 500_000_00)
        first = DAY + timedelta(days=chance.randrange(5, 30))
        vencimientos = [Vencimiento(fecha=first, importe_centavos=importe_centavos)]
        if chance.random() < 0.5:
            later = importe_centavos + importe_centavos // 20
            vencimientos.append(Vencimiento(fecha=first + timedelta(days=10), importe_centavos=later))
        id_cliente = f"{chance.randrange(filas):011d}"
        yield Factura(
            clave=ClaveFactura(codigo_empresa=EMPRESA, id_cliente=id_cliente, id_factura=f"FC-0001-{n:08d}"),
            vencimientos=tuple(vencimientos),
            mensaje_ticket="CUOTA MARZO 2025 CLUB EJEMPLO",
            mensaje_pantalla="CUOTA 03/2025",
            codigo_barras=f"0123{n:016d}",
        )


def load_once(url: str, path: Path) -> None:
    """Load in this process and print what it took."""
    ledger = open_ledger(url)
    empresas = {EMPRESA: Empresa(codigo_empresa=EMPRESA, nombre="Club Ejemplo")}
    cargar = Cargas(ledger, ledger.libro_cargas, empresas, _Clock())
    started = time.perf_counter()
    carga = cargar.load(ArchivoFac.at(path), again=True)
    seconds = time.perf_counter() - started
    ledger.close()
    assert carga.loaded is not None
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb, "nuevas": carga.loaded.nuevas}))


@contextmanager
def postgres() -> Iterator[str | None]:
    """Give a schema of our own on the server, or None if none answers."""
    name = f"bench_{os.getpid()}"
    engine = create_engine(POSTGRES, connect_args={"connect_timeout": 3})
    try:
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
    except SQLAlchemyError:
        yield None
        return
    try:
        yield make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(False)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        engine.dispose()


def measure(base: str, url: str, path: Path, filas: int, again: str = "") -> None:
    """Run one load apart, so that its peak memory is its own, and print its row."""
    command = [sys.executable, __file__, url, str(path)]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)  # noqa: S603
    speed = filas / found["seconds"]
    print(
        f"{base:<24}{filas:>9,}{found['seconds']:>10.1f}{speed:>11,.0f}{found['peak_mb']:>10.0f}  {again}", flush=True
    )


def main() -> None:
    """Print the table."""
    print(f"{'base':<24}{'líneas':>9}{'segundos':>10}{'líneas/s':>11}{'pico MB':>10}")
    with tempfile.TemporaryDirectory() as folder, postgres() as postgres_url:
        for filas in FILAS:
            path = Path(folder) / str(filas) / escritura.nombre(EMPRESA, DAY)
            path.parent.mkdir()
            with path.open("wb") as file:
                file.writelines(escritura.write(EMPRESA, DAY, facturas(filas)))
            sqlite_url = f"sqlite:///{folder}/{filas}.db"
            schema.migrate(sqlite_url)
            measure("SQLite", sqlite_url, path, filas)
            measure("SQLite", sqlite_url, path, filas, "otra vez: todo igual")
            if postgres_url:
                _empty(postgres_url)
                measure("PostgreSQL", postgres_url, path, filas)
        if not postgres_url:
            print("PostgreSQL: no server answers at PMC_TEST_POSTGRES")


def _empty(url: str) -> None:
    schema.migrate(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE factura, cliente CASCADE"))
    engine.dispose()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        load_once(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
