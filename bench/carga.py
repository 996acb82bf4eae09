"""Load a seeded FAC into an empty ledger, each size in a process of its own, while consultas are asked; print a table.

Beside each: what the database takes of the same rows from the bare driver (SQLite's executemany, PostgreSQL's COPY),
into the same table with its indexes, a thousand a commit. SQLite always; PostgreSQL where PMC_TEST_POSTGRES (or the
local test server) answers, in a schema that is dropped again. Peak memory is that of the whole process, Python and
libraries included. `python bench/carga.py 100000 1000000` says how many lines; `--write` puts the table into
bench/README.md.
"""

import contextlib
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from pmc_soap.domain.consulta import Busqueda, Consulta
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento
from pmc_soap.files.fac import escritura
from pmc_soap.files.fac.archivo import ArchivoFac
from pmc_soap.operations.carga import Cargas
from pmc_soap.operations.consulta_deuda import Consultas
from pmc_soap.operations.factura import contenido
from pmc_soap.storage import schema
from pmc_soap.storage.ledger import open_ledger
from pmc_soap.storage.rows import write_factura
from pmc_soap.wiring import RandomIds

EMPRESA = "1234"
DAY = date(2025, 3, 10)
FILAS = (10_000, 100_000)
LIMIT_FILAS = 100_000  # of the bare driver's own run
LOTE = 1_000
EACH_S = 0.02  # a consulta, while a file is loaded
EMPRESAS = {EMPRESA: Empresa(codigo_empresa=EMPRESA, nombre="Club Ejemplo")}
POSTGRES = os.environ.get("PMC_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
README = Path(__file__).with_name("README.md")
MARK = "<!-- carga: written by `python bench/carga.py --write` -->"
END = "<!-- /carga -->"
HEAD = ("base", "lines", "seconds", "lines/s", "driver alone", "of it", "peak MB", "consultas p50 / p99 / worst ms")


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
    cargas = Cargas(ledger, ledger.libro_cargas, EMPRESAS, _Clock())
    started = time.perf_counter()
    carga = cargas.load(ArchivoFac.at(path), again=True)
    seconds = time.perf_counter() - started
    ledger.close()
    assert carga.loaded is not None
    print(json.dumps({"seconds": seconds, "peak_mb": _peak_mb(), "nuevas": carga.loaded.nuevas}))


def _peak_mb() -> float:
    """Give this program's own peak: what getrusage tells began with that of the process it was forked from."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    [peak] = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(peak) / 1024


def ask(url: str, filas: int) -> None:
    """Ask consultas, one each EACH_S, until standard input ends; print how long they took, in ms."""
    ledger = open_ledger(url)
    consultas = Consultas(ledger, EMPRESAS, _Clock(), RandomIds(), {})
    chance, took = random.Random(1), []  # noqa: S311 — a benchmark must repeat itself
    os.set_blocking(0, False)
    while True:
        with contextlib.suppress(BlockingIOError):
            if os.read(0, 1) == b"":
                break
        busqueda = Busqueda(codigo_empresa=EMPRESA, id_cliente=f"{chance.randrange(filas):011d}")
        began = time.perf_counter()
        consultas.answer(Consulta(busqueda=busqueda, id_mensaje="M"))
        took.append((time.perf_counter() - began) * 1000)
        time.sleep(EACH_S)
    ledger.close()
    print(json.dumps(took))


def limit(url: str) -> float:
    """Give how many rows a second the driver alone writes into an empty table."""
    rows = [_values(each) for each in facturas(LIMIT_FILAS)]
    return _limit_postgres(url, rows) if url.startswith("postgresql") else _limit_sqlite(url, rows)


def _values(factura: Factura) -> dict[str, object]:
    return write_factura(factura, contenido(factura), datetime(2025, 3, 10, 15, tzinfo=UTC)) | {"carga": "FAC"}


def _limit_sqlite(url: str, rows: list[dict[str, object]]) -> float:
    names = list(rows[0])
    engine = create_engine(url)
    raw = engine.raw_connection().driver_connection
    assert raw is not None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = OFF"):
        raw.execute(f"PRAGMA {pragma}")
    told = [[str(v) if isinstance(v, date | datetime) else v for v in row.values()] for row in rows]
    into = f"INSERT INTO factura ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 — our own
    began = time.perf_counter()
    for lote in _lotes(told):
        raw.executemany(into, lote)
        raw.commit()
    seconds = time.perf_counter() - began
    engine.dispose()
    return len(rows) / seconds


def _limit_postgres(url: str, rows: list[dict[str, object]]) -> float:
    names = list(rows[0])
    engine = create_engine(url)
    raw = engine.raw_connection().driver_connection
    assert raw is not None
    raw.execute("SET session_replication_role = replica")  # no foreign keys, as on SQLite
    told = [list(row.values()) for row in rows]
    began = time.perf_counter()
    for lote in _lotes(told):
        with raw.cursor() as cursor, cursor.copy(f"COPY factura ({', '.join(names)}) FROM STDIN") as copy:
            for row in lote:
                copy.write_row(row)
        raw.commit()
    seconds = time.perf_counter() - began
    engine.dispose()
    return len(rows) / seconds


def _lotes(rows: list[list[object]]) -> Iterator[list[list[object]]]:
    each = iter(rows)
    while lote := list(islice(each, LOTE)):
        yield lote


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


def measure(base: str, url: str, path: Path, filas: int, bare: float | None, *, asked: bool) -> tuple[str, ...]:
    """Run one load apart, so that its peak memory is its own, with consultas beside it; give its row."""
    asking = None
    if asked:
        line = [sys.executable, __file__, "ask", url, str(filas)]
        asking = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        time.sleep(1.5)  # until it has begun
    found = _apart("load", url, str(path))
    waits = "–"
    if asking is not None:
        took = sorted(json.loads(asking.communicate()[0]))
        cuts = statistics.quantiles(took, n=100)
        waits = f"{cuts[49]:.1f} / {cuts[98]:.0f} / {took[-1]:.0f}, of {len(took):,}"
    speed = filas / found["seconds"]
    ratio = "–" if bare is None else f"{speed / bare:.2f}"
    alone = "–" if bare is None else f"{bare:,.0f}"
    row = (
        base,
        f"{filas:,}",
        f"{found['seconds']:.1f}",
        f"{speed:,.0f}",
        alone,
        ratio,
        f"{found['peak_mb']:.0f}",
        waits,
    )
    print(" | ".join(row), flush=True)
    return row


def _apart(*args: str) -> Any:
    line = [sys.executable, __file__, *args]
    return json.loads(subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True).stdout)  # noqa: S603 — ours


def run(sizes: tuple[int, ...]) -> list[tuple[str, ...]]:
    """Measure every base and size; give the rows."""
    print(" | ".join(HEAD))
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as folder, postgres() as postgres_url:
        sqlite_url = f"sqlite:///{folder}/limit.db"
        schema.migrate(sqlite_url)
        bare = {"SQLite": _apart("limit", sqlite_url)}
        if postgres_url:
            _empty(postgres_url)
            bare["PostgreSQL"] = _apart("limit", postgres_url)
        else:
            print("PostgreSQL: no server answers at PMC_TEST_POSTGRES")
        for filas in sizes:
            path = Path(folder) / str(filas) / escritura.nombre(EMPRESA, DAY)
            path.parent.mkdir()
            with path.open("wb") as file:
                file.writelines(escritura.write(EMPRESA, DAY, facturas(filas)))
            sqlite_url = f"sqlite:///{folder}/{filas}.db"
            schema.migrate(sqlite_url)
            rows.append(measure("SQLite", sqlite_url, path, filas, bare["SQLite"], asked=True))
            rows.append(measure("SQLite, all equal", sqlite_url, path, filas, None, asked=False))
            if postgres_url:
                _empty(postgres_url)
                rows.append(measure("PostgreSQL", postgres_url, path, filas, bare["PostgreSQL"], asked=True))
    return rows


def _empty(url: str) -> None:
    schema.migrate(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE factura, cliente, carga CASCADE"))
    engine.dispose()


def write(rows: list[tuple[str, ...]]) -> None:
    """Put the table into the README, between its marks."""
    before, _, rest = README.read_text(encoding="utf-8").partition(MARK)
    after = rest.partition(END)[2]
    lines = [HEAD, ("---", *["---:"] * (len(HEAD) - 1)), *rows]
    told = "\n".join(f"| {' | '.join(row)} |" for row in lines)
    README.write_text(f"{before}{MARK}\n{told}\n{END}{after}", encoding="utf-8")


def main(args: list[str]) -> None:
    """Do what was asked for."""
    match args:
        case ["load", url, path]:
            load_once(url, Path(path))
        case ["limit", url]:
            print(limit(url))
        case ["ask", url, filas]:
            ask(url, int(filas))
        case _:
            sizes = tuple(int(said.replace("_", "")) for said in args if said != "--write") or FILAS
            rows = run(sizes)
            if "--write" in args:
                write(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
