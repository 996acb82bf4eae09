"""How long does each page of the consola take of the server, with 100,000 exchanges and 50,000 pagos?

python bench/consola.py [--write] [--dias N]: fills SQLite and, where it answers, PostgreSQL with a month (or N days) of
an empresa, and asks each page ROUNDS times through the real WSGI application, in this process. Times are ms; --write
puts the table into bench/README.md.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, sleep
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1] / "tests")]

import mundo
from fakes import bases
from sqlalchemy import Connection, Table, create_engine, event, insert, text
from sqlalchemy.engine import Engine
from werkzeug.test import Client

from pmc_soap import wiring
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.usuario import Rol, Usuario
from pmc_soap.storage import tables as t
from pmc_soap.storage.documento import pack
from pmc_soap.wiring import paginas

HERE = Path(__file__).parent
BEGIN, END = "<!-- consola: written by `python bench/consola.py --write` -->", "<!-- /consola -->"
INTERCAMBIOS, PAGOS, FACTURAS, PUENTE, LINEAS = 100_000, 50_000, 100_000, 200, 40_000
ALERTAS = 20_000
BATCH, ROUNDS, GOAL_MS = 5_000, 7, 200
NOW = datetime.now(UTC).replace(microsecond=0)
XML = b"<Envelope><Body><ConsultaDeuda><IdCliente>C0000001</IdCliente></ConsultaDeuda></Body></Envelope>" * 8
_ID = re.compile(r"/consola/(?:avisos|puente|intercambios)/[0-9a-f-]{32,36}")


def fill(connection: Connection, days: int) -> None:
    """Write a whole past: who asked, paid, was told, and what the files said."""
    random, whole = Random(1), timedelta(days=days)  # noqa: S311 — the same each time

    def when(n: int, count: int) -> datetime:
        return NOW - whole + whole * n / count

    empresa = mundo.EMPRESA
    _enter(
        connection, t.cliente, ({"codigo_empresa": empresa, "id_cliente": f"C{n:07d}"} for n in range(FACTURAS // 2))
    )
    _enter(connection, t.factura, (_factura(n, when(n, FACTURAS)) for n in range(FACTURAS)))
    _enter(connection, t.consulta, (_consulta(n, when(n, INTERCAMBIOS)) for n in range(INTERCAMBIOS)))
    _enter(connection, t.aviso, (_aviso(n, when(n, PAGOS)) for n in range(PAGOS)))
    _enter(connection, t.pago, (_pago(n) for n in range(PAGOS)))
    _enter(connection, t.entrega, (_entrega(n, when(n, PAGOS)) for n in range(PUENTE, PAGOS)))
    _enter(connection, t.intercambio, (_intercambio(n, when(n, INTERCAMBIOS), random) for n in range(INTERCAMBIOS)))
    _enter(connection, t.alerta, (_alerta(n, when(n, ALERTAS)) for n in range(ALERTAS)))
    _enter(connection, t.auditoria, (_acta(n, when(n, 5_000)) for n in range(5_000)))
    _enter(connection, t.cob, (_cob(n) for n in range(days)))
    _enter(connection, t.linea_cob, (_linea(n, days) for n in range(LINEAS)))
    if connection.dialect.name == "postgresql":
        for table in ("factura", "aviso", "entrega", "intercambio", "cob", "linea_cob", "auditoria", "alerta"):
            key = "secuencia" if table == "aviso" else "id"
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), (SELECT max({key}) FROM {table}))")  # noqa: S608
            )


def _enter(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    some: list[dict[str, Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == BATCH:
            connection.execute(insert(table), some)
            some = []
    if some:
        connection.execute(insert(table), some)


def _id(n: int, kind: int) -> str:
    return f"{kind:08x}-0000-4000-8000-{n:012x}"


def _of(n: int) -> dict[str, Any]:
    return {"codigo_empresa": mundo.EMPRESA, "id_cliente": f"C{n % (FACTURAS // 2):07d}"}


def _factura(n: int, at: datetime) -> dict[str, Any]:
    due = local_day(NOW) + timedelta(days=n % 60 - 30)
    estado = "PAGADA" if PUENTE <= n < PAGOS else "PENDIENTE"
    return _of(n) | {
        "id": n + 1, "id_factura": f"F{n:07d}", "vto1_fecha": due, "vto1_importe_centavos": 100_00 + n,
        "ultimo_vencimiento": due, "tipo_importe": "CERRADO", "mensaje_pantalla": "CUOTA", "mensaje_ticket": "CUOTA",
        "moneda": "ARS", "estado": estado, "contenido": f"{n}", "origen": "BASE", "creada_utc": at,
        "actualizada_utc": at,
    }  # fmt: skip


def _consulta(n: int, at: datetime) -> dict[str, Any]:
    return _of(n) | {
        "id_consulta": _id(n, 1), "id_mensaje": f"M{n}", "maximo_facturas": 10, "resultado": "EXITOSA",
        "origen": "EMPRESA" if n % 5 == 0 else "BASE", "hay_mas": False, "fecha_hora_utc": at,
    }  # fmt: skip


def _aviso(n: int, at: datetime) -> dict[str, Any]:
    return _of(n) | {
        "secuencia": n + 1, "id_aviso": _id(n, 2), "tipo": "PAGO", "identidad": f"T{n}", "contenido": f"{n}",
        "estado": "IMPORTE_DISTINTO" if n < PUENTE else "APLICADO", "resultado": "EXITOSA", "fecha_hora_utc": at,
        "id_mensaje": f"A{n}", "fecha_hora_mensaje_utc": at, "id_factura": f"F{n:07d}", "id_transaccion": f"T{n}",
        "importe_centavos": 100_00 + n, "moneda": "ARS", "fecha_hora_pago_utc": at, "canal": "PC",
        "id_consulta": _id(2 * n, 1) if n % 2 else None,
    }  # fmt: skip


def _pago(n: int) -> dict[str, Any]:
    estado = "EN_PUENTE" if n < PUENTE else "APLICADO"
    return _of(n) | {
        "id_aviso": _id(n, 2), "id_factura": f"F{n:07d}", "importe_centavos": 100_00 + n, "estado": estado,
    }  # fmt: skip


def _entrega(n: int, at: datetime) -> dict[str, Any]:
    waits = n >= PAGOS - 500
    return _of(n) | {
        "id": n + 1, "id_aviso": _id(n, 2), "destino": "erp", "estado": "PENDIENTE" if waits else "ENTREGADA",
        "primera": waits, "intentos": 3 if waits else 0, "permanentes": 0, "proximo_intento_utc": at,
        "creada_utc": at, "entregada_utc": None if waits else at, "motivo": "no respondió" if waits else None,
    }  # fmt: skip


def _intercambio(n: int, at: datetime, random: Random) -> dict[str, Any]:
    bad = n % 200 == 0
    us = int(random.lognormvariate(8.5, 0.8))
    return _of(n) | {
        "id": n + 1, "id_pedido": f"{n:032x}", "fecha_hora_utc": at, "hora": int(at.timestamp()) // 3600,
        "puerto": "PagoMisCuentas", "operacion": "AvisoPago" if n % 3 == 0 else "ConsultaDeuda",
        "codigo": "99" if bad else "00", "severidad": 3 if bad else 0, "http": 200, "duplicado": False, "us": us,
        "operacion_us": us // 2, "bytes_in": 800, "bytes_out": 1200, "pedido": pack(XML), "respuesta": pack(XML),
    }  # fmt: skip


def _alerta(n: int, at: datetime) -> dict[str, Any]:
    return {
        "id": n + 1, "codigo_empresa": mundo.EMPRESA, "motivo": ("IMPORTE_DISTINTO", "SOLO_EN_AVISO")[n % 2],
        "id_aviso": _id(n, 2), "fecha_hora_utc": at,
    }  # fmt: skip


def _acta(n: int, at: datetime) -> dict[str, Any]:
    return {
        "id": n + 1, "fecha_hora_utc": at, "operador": f"ana{n % 7}", "accion": "ENTRADA", "codigo_empresa": "",
        "motivo": "", "antes": "{}", "despues": json.dumps({"usuario": "ana"}),
    }  # fmt: skip


def _cob(n: int) -> dict[str, Any]:
    day = local_day(NOW) - timedelta(days=n)
    return {
        "id": n + 1, "codigo_empresa": mundo.EMPRESA, "codigo_archivo": mundo.EMPRESA, "fecha": day, "version": 1,
        "nombre": f"COB{mundo.EMPRESA}.{day:%d%m%y}", "sha256": f"{n:064x}", "estado": "LISTO", "cantidad": 0,
        "total_centavos": 0, "recibido_utc": NOW, "terminado_utc": NOW,
    }  # fmt: skip


def _linea(n: int, days: int) -> dict[str, Any]:
    pago = n + PUENTE
    day = local_day(NOW) - timedelta(days=n % days)
    return _of(pago) | {
        "id": n + 1, "id_cob": n % days + 1, "clave": f"L{n}", "linea": n // days + 2, "codigo_movimiento": 1,
        "importe_centavos": 100_00 + pago, "id_factura": f"F{pago:07d}", "primer_vencimiento": day,
        "fecha_aplicacion": day, "desenlace": "CONCILIADO", "regla": "PROPIO", "id_aviso": _id(pago, 2),
    }  # fmt: skip


def addresses(ask: Callable[[str], str]) -> dict[str, str]:
    """Give each page that is asked for, with what a person would filter by."""
    today = local_day(NOW)
    month = f"{today - timedelta(days=20):%Y-%m}"
    linked = {kind: _ID.search(ask(f"/consola/{kind}")) for kind in ("avisos", "puente", "intercambios")}
    return {
        "tablero": "/consola/",
        "tablero, el día de antes": f"/consola/?dia={today - timedelta(days=1)}",
        "intercambios": "/consola/intercambios",
        "intercambios, con problemas": "/consola/intercambios?problemas=1",
        "intercambios de una operación": "/consola/intercambios?operacion=AvisoPago",
        "intercambios de un cliente": "/consola/intercambios?cliente=C0000007",
        "un intercambio": linked["intercambios"][0] if linked["intercambios"] else "",
        "alertas": "/consola/alertas",
        "alertas de un motivo": "/consola/alertas?motivo=SOLO_EN_AVISO&todas=1",
        "avisos": "/consola/avisos",
        "avisos entregados": "/consola/avisos?estado=ENTREGADA",
        "un aviso": linked["avisos"][0] if linked["avisos"] else "",
        "¿dónde está mi pago?": f"/consola/seguir?id={_id(40_000, 2)}",
        "buscar un cliente": "/consola/buscar?q=C0000007",
        "pagos": "/consola/pagos",
        "pagos del mes": f"/consola/pagos?desde={today - timedelta(days=31)}&hasta={today}",
        "pagos de un cliente": f"/consola/pagos?cliente=C0000300&desde={today - timedelta(days=31)}",
        "puente": "/consola/puente",
        "un pago del puente": linked["puente"][0] if linked["puente"] else "",
        "conciliación": "/consola/conciliacion",
        "un día de la conciliación": f"/consola/conciliacion/{mundo.EMPRESA}/{today - timedelta(days=3)}",
        "consultas facturables": f"/consola/facturables?mes={month}",
        "facturas": "/consola/facturas",
        "facturas pagadas": "/consola/facturas?estado=PAGADA",
        "una factura": f"/consola/facturas/una?empresa={mundo.EMPRESA}&cliente=C0000300&factura=F0000300",
        "cargas": "/consola/cargas",
        "FAC para PMC": "/consola/exportaciones",
        "generar un FAC": f"/consola/exportaciones/generar?empresa={mundo.EMPRESA}",
        "configuración": "/consola/configuracion?todas=1",
        "credenciales": "/consola/credenciales",
        "auditoría": "/consola/auditoria",
        "auditoría de una persona": "/consola/auditoria?operador=ana3",
        "usuarios": "/consola/usuarios",
        "estado": "/consola/estado",
    }


def measure(url: str, days: int) -> dict[str, tuple[float, float, int]]:
    """Fill a database, and give the median, the worst and the number of statements of each page."""
    settings = mundo.settings(url).model_copy(update={"subidas_dir": tempfile.mkdtemp()})
    wiring.migrate(settings)
    began = perf_counter()
    engine = create_engine(url)
    with engine.begin() as connection:
        fill(connection, days)
    engine.dispose()
    sys.stderr.write(f"  filled in {perf_counter() - began:.0f} s\n")
    if url.startswith("postgresql"):
        with bases.connected(url) as connection:
            connection.exec_driver_sql("ANALYZE")
    statements = [0]
    event.listen(Engine, "before_cursor_execute", lambda *_: statements.__setitem__(0, statements[0] + 1))
    found = {}
    with wiring.build(settings) as house:
        who = Usuario(usuario="bench", nombre="Bench", rol=Rol.ADMINISTRADOR)
        casa = replace(paginas.build_casa(house), quien=lambda _: (who, False))
        client = Client(paginas.build_with(house, ["/soap/v1/pagomiscuentas"], casa))

        def ask(address: str) -> str:
            answer = client.get(address, follow_redirects=True)
            if answer.status_code not in {200, 404}:
                raise RuntimeError(f"{address}: {answer.status}")
            return answer.text if answer.status_code == 200 else ""

        for name, address in addresses(ask).items():
            if not ask(address):
                continue
            while "<progress" in ask(address):
                sleep(0.2)
            times = []
            for _ in range(ROUNDS):
                statements[0], began = 0, perf_counter()
                ask(address)
                times.append((perf_counter() - began) * 1000)
            found[name] = (median(times), max(times), statements[0])
    return found


def table(results: dict[str, dict[str, tuple[float, float, int]]]) -> str:
    """Write the results as a table."""
    names = list(next(iter(results.values())))
    head = "| page | " + " | ".join(f"{base}, median | worst | statements" for base in results) + " |"
    lines = [head, "|---|" + "---:|---:|---:|" * len(results)]
    for name in names:
        cells = []
        for base in results.values():
            middle, worst, count = base.get(name, (0.0, 0.0, 0))
            mark = "**" if middle > GOAL_MS else ""
            cells.append(f"{mark}{middle:.0f}{mark} | {worst:.0f} | {count}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--dias", type=int, default=31)
    asked = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        sys.stderr.write("SQLite\n")
        results["SQLite"] = measure(f"sqlite:///{folder}/consola.db", asked.dias)
    if bases.has_postgres():
        sys.stderr.write("PostgreSQL\n")
        with bases.postgres_schema() as url:
            results["PostgreSQL"] = measure(url, asked.dias)
    told = table(results)
    print(told)
    if asked.write:
        page = HERE / "README.md"
        before, _, rest = page.read_text("utf-8").partition(BEGIN)
        page.write_text(f"{before}{BEGIN}\n\n{told}\n\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main()
