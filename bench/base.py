"""What a consulta and an aviso cost of the database, and what the bare driver needs for the very same statements.

Each operation runs three times, on three equal databases: once written down, statement by statement; once measured; and
once replayed from what was written down, by a loop that does nothing else. Medians of single operations; the CPU is
this process's own. PostgreSQL where PMC_TEST_POSTGRES (or the local test server) answers.
`python bench/base.py [N] [--split]`: N operations of each kind, and what each statement takes in the bare loop.
"""

import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import Engine, event, make_url

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from fakes import bases

from pmc_soap.domain.aviso import AvisoPago, EstadoAviso
from pmc_soap.domain.calendario import Calendario
from pmc_soap.domain.consulta import Busqueda, Consulta
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento
from pmc_soap.operations.aviso_pago import Avisos
from pmc_soap.operations.consulta_deuda import Consultas
from pmc_soap.storage import schema
from pmc_soap.storage.ledger import SqlLedger, open_ledger

NOW = datetime(2025, 3, 10, 15, 30, tzinfo=UTC)
EMPRESA = Empresa(codigo_empresa="AGUA", nombre="Aguas del Sur")
WARM = 30  # operations before the clock starts: connections are open, statements prepared
US = 1_000_000

Step = tuple[str, Any, Any]


class _Clock:
    def now(self) -> datetime:
        return NOW


class _Ids:
    def __init__(self) -> None:
        self._count = count(1)

    def new(self) -> str:
        return f"00000000-0000-4000-8000-{next(self._count):012d}"


class _Empresas(dict[str, Empresa]):
    def owner(self, codigo_empresa: str) -> Empresa | None:
        return self.get(codigo_empresa)


# What the driver is asked --------------------------------------------------------------------------------------------

_script: list[Step] = []


def _note(kind: str, sql: Any = None, params: Any = None) -> None:
    _script.append((kind, sql, params))


class _SqliteCursor(sqlite3.Cursor):
    def execute(self, sql: str, params: Any = ()) -> "_SqliteCursor":
        _note("execute", sql, params)
        return super().execute(sql, params)

    def executemany(self, sql: str, params: Any) -> "_SqliteCursor":
        _note("executemany", sql, params)
        return super().executemany(sql, params)


class _SqliteConnection(sqlite3.Connection):
    def cursor(self, *_: Any) -> sqlite3.Cursor:
        return super().cursor(_SqliteCursor)

    def execute(self, sql: str, params: Any = ()) -> sqlite3.Cursor:
        return self.cursor().execute(sql, params)

    def commit(self) -> None:
        if self.in_transaction:
            _note("commit")
        super().commit()

    def rollback(self) -> None:
        if self.in_transaction:
            _note("rollback")
        super().rollback()


class _PostgresCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **how: Any) -> "_PostgresCursor":
        _note("execute", query, params)
        return super().execute(query, params, **how)

    def executemany(self, query: Any, params_seq: Any, **how: Any) -> None:
        _note("executemany", query, params_seq)
        super().executemany(query, params_seq, **how)


class _PostgresConnection(psycopg.Connection[Any]):
    def commit(self) -> None:
        if self.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            _note("commit")
        super().commit()

    def rollback(self) -> None:
        if self.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            _note("rollback")
        super().rollback()


def _connect_noting(_dialect: Any, _record: Any, args: Any, params: dict[str, Any]) -> Any:
    if "context" in params:
        return _PostgresConnection.connect(*args, cursor_factory=_PostgresCursor, **params)
    params["factory"] = _SqliteConnection
    return None


# The three runs ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cost:
    """Medians of one kind of operation, in microseconds."""

    cpu_us: float
    wall_us: float


def _measure(works: Sequence[Callable[[], object]]) -> Cost:
    cpu, wall = [], []
    for work in works:
        began, used = time.perf_counter(), time.process_time()
        work()
        cpu.append(time.process_time() - used)
        wall.append(time.perf_counter() - began)
    return Cost(median(cpu[WARM:]) * US, median(wall[WARM:]) * US)


def _factura(n: int, m: int) -> Factura:
    return Factura(
        clave=ClaveFactura(codigo_empresa="AGUA", id_cliente=f"C{n:07d}", id_factura=f"FC-0001-{n:07d}-{m}"),
        vencimientos=(Vencimiento(fecha=date(2025, 4, 10 + m), importe_centavos=150050),),
        mensaje_pantalla="CUOTA 03/2025",
        mensaje_ticket="CUOTA MARZO 2025 CLUB EJEMPLO",
        nombre_cliente="Ana Ejemplo",
    )


def _fill(ledger: SqlLedger, clientes: int) -> None:
    """Give each cliente one factura, and those of the upper half nine more."""
    batch = [(_factura(n, m), f"{n}-{m}") for n in range(2 * clientes) for m in range(10 if n >= clientes else 1)]
    ledger.write("AGUA", None, lambda tx: tx.load(batch, "carga", NOW))


def _works(ledger: SqlLedger, clientes: int) -> dict[str, list[Callable[[], object]]]:
    empresas, clock, ids = _Empresas(AGUA=EMPRESA), _Clock(), _Ids()
    consultas = Consultas(ledger, empresas, clock, ids)
    avisos = Avisos(ledger, empresas, clock, ids, Calendario(lambda _: ()))

    def ask(n: int, facturas: int) -> Callable[[], object]:
        asked = Consulta(busqueda=Busqueda(codigo_empresa="AGUA", id_cliente=f"C{n:07d}"), id_mensaje=f"M-{n}")

        def work() -> None:
            assert len(consultas.answer(asked).ofertas) == facturas

        return work

    def pay(n: int) -> Callable[[], object]:
        aviso = AvisoPago(
            codigo_empresa="AGUA",
            id_mensaje=f"M-{n}",
            fecha_hora_mensaje_utc=NOW,
            id_cliente=f"C{n:07d}",
            moneda="ARS",
            importe_centavos=150050,
            id_transaccion=f"TX-{n}",
            id_factura=f"FC-0001-{n:07d}-0",
            fecha_hora_pago_utc=NOW,
            canal="PC",
        )

        def work() -> None:
            assert avisos.accept(aviso).estado is EstadoAviso.APLICADO

        return work

    return {
        "consulta, 1 factura": [ask(n, 1) for n in range(clientes)],
        "consulta, 10 facturas": [ask(n, 10) for n in range(clientes, 2 * clientes)],
        "aviso": [pay(n) for n in range(clientes)],
    }


def write_down(url: str, clientes: int) -> dict[str, list[list[Step]]]:
    """Run all once, and give what the driver was asked."""
    event.listen(Engine, "do_connect", _connect_noting)
    ledger = open_ledger(url)
    scripts: dict[str, list[list[Step]]] = defaultdict(list)
    for name, works in _works(ledger, clientes).items():
        for work in works:
            _script.clear()
            work()
            # what asks only whether the connection lives is not asked by a bare loop
            scripts[name].append([step for step in _script if step[1] != ";"])
    ledger.close()
    event.remove(Engine, "do_connect", _connect_noting)
    return scripts


def run(url: str, clientes: int) -> dict[str, Cost]:
    """Run all as the gateway does."""
    ledger = open_ledger(url)
    costs = {name: _measure(works) for name, works in _works(ledger, clientes).items()}
    ledger.close()
    return costs


def replay(url: str, scripts: dict[str, list[list[Step]]], timed: dict[str, list[float]] | None) -> dict[str, Cost]:
    """Run what was written down in a loop; timed is given the seconds of each statement, which has its price."""
    costs = {}
    for name, operations in scripts.items():
        durable = name == "aviso"
        connection = _bare(
            url, durable=durable, says_begin=any(str(sql).startswith("BEGIN") for _, sql, _ in operations[-1])
        )
        costs[name] = _measure([_player(connection, operation, timed) for operation in operations])
        connection.close()
    return costs


def _player(connection: Any, steps: list[Step], timed: dict[str, list[float]] | None) -> Callable[[], object]:
    cursor = connection.cursor()

    def play() -> None:
        for kind, sql, params in steps:
            began = time.perf_counter()
            match kind:
                case "commit":
                    connection.commit()
                case "rollback":
                    connection.rollback()
                case "executemany":
                    cursor.executemany(sql, params)
                case _:
                    cursor.execute(sql, params) if params else cursor.execute(sql)
                    if cursor.description:
                        cursor.fetchall()
            if timed is not None:
                timed[f"{kind if sql is None else _short(str(sql))}"].append(time.perf_counter() - began)

    return play


def _short(sql: str) -> str:
    words = sql.split()
    if words[0] == "SELECT" and "FROM" in words:
        return f"SELECT … {' '.join(words[words.index('FROM') :])}"[:100]
    return sql[:60].replace("\n", " ")


def _bare(url: str, *, durable: bool, says_begin: bool) -> Any:
    """Open a connection as the gateway's are, for those that wait for the disk or for those that do not."""
    parsed = make_url(url)
    if parsed.drivername == "sqlite":
        connection = sqlite3.connect(parsed.database or "", isolation_level=None)
        for pragma in ("journal_mode = WAL", f"synchronous = {'FULL' if durable else 'NORMAL'}", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection
    options = str(parsed.query["options"]) + ("" if durable else " -csynchronous_commit=off")
    connection = psycopg.connect(
        host=parsed.host, port=parsed.port, user=parsed.username, dbname=parsed.database, options=options
    )
    connection.autocommit = says_begin  # else the driver does
    return connection


@contextmanager
def _three(kind: str, folder: Path, clientes: int) -> Iterator[list[str]]:
    with ExitStack() as stack:
        if kind == "SQLite":
            urls = [bases.sqlite_url(folder / f"{n}.db") for n in range(3)]
            for url in urls:
                schema.migrate(url)
        else:
            urls = [stack.enter_context(bases.migrated_postgres()) for _ in range(3)]
        for url in urls:
            ledger = open_ledger(url)
            _fill(ledger, clientes)
            ledger.close()
            if kind != "SQLite":
                with bases.connected(url) as connection:
                    connection.exec_driver_sql("ANALYZE cliente, factura")
        yield urls


def main() -> None:
    """Print the table."""
    told = [word for word in sys.argv[1:] if word.isdecimal()]
    clientes, split = int(told[0]) if told else 300, "--split" in sys.argv
    print(f"{'':36}{'ours, µs':>16}{'bare driver, µs':>20}{'bare / ours':>16}")
    print(f"{'':26}{'requests':>10}{'CPU':>8}{'wall':>8}{'CPU':>10}{'wall':>10}{'CPU':>8}{'wall':>8}")
    for kind in ["SQLite", *(["PostgreSQL"] if bases.has_postgres() else [])]:
        with tempfile.TemporaryDirectory() as folder, _three(kind, Path(folder), clientes) as (noted, ours, bare):
            scripts = write_down(noted, clientes)
            cost, limit = run(ours, clientes), replay(bare, scripts, None)
            for name, mine in cost.items():
                least = limit[name]
                requests = Counter(len(script) for script in scripts[name]).most_common(1)[0][0]
                print(
                    f"{kind + ' ' + name:<33}{requests:>3}{mine.cpu_us:>8.0f}{mine.wall_us:>8.0f}{least.cpu_us:>10.0f}"
                    f"{least.wall_us:>10.0f}{least.cpu_us / mine.cpu_us:>8.2f}{least.wall_us / mine.wall_us:>8.2f}",
                    flush=True,
                )
            if split:
                _print_split(kind, Path(folder), clientes, scripts)


def _print_split(kind: str, folder: Path, clientes: int, scripts: dict[str, list[list[Step]]]) -> None:
    with _three(kind, folder / "split", clientes) as (url, *_):
        for name, operations in scripts.items():
            timed: dict[str, list[float]] = defaultdict(list)
            replay(url, {name: operations}, timed)
            print(f"  {kind} {name}, in the bare loop (µs)")
            for statement, seconds in timed.items():
                print(f"    {median(seconds) * US:8.0f}  {statement}")


if __name__ == "__main__":
    main()
