"""The demonstration's company: a small ERP with a process and a database of its own, which speaks our contract.

It answers ConsultaDeuda, AvisoPago and ReversaPago like any ERP that implements wsdl/pagomiscuentas.wsdl, knows the
cliente 1000003 that was never reported, and imputes what it is told, once for each IdMensaje. It can be switched off,
made slow or wrong while it runs: by one word in a file beside its database.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from socketserver import ThreadingMixIn
from time import sleep
from types import SimpleNamespace
from typing import Any, NamedTuple
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from pmc_soap.domain.aviso import Acuse, Aviso, AvisoPago, EstadoAviso
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.consulta import Consulta, Oferta, Respuesta
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Exigible, Factura, Origen, Vencimiento
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.soap.credenciales import Credencial, Credenciales, hash_secret

PATH = "/soap/v1/pagomiscuentas"
TOKEN = "demo-erp"  # noqa: S105 — public, like all of the demonstration
DATABASE, MODE_FILE = "erp.db", "erp.modo"
SLOW_S = 6  # longer than a consulta may wait, shorter than an entrega may
LOOK_S = 0.1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS factura (
    id_cliente TEXT, id_factura TEXT, importe_centavos INTEGER, vence TEXT, estado TEXT DEFAULT 'PENDIENTE',
    PRIMARY KEY (id_cliente, id_factura));
CREATE TABLE IF NOT EXISTS imputacion (
    comprobante INTEGER PRIMARY KEY AUTOINCREMENT, id_aviso TEXT UNIQUE, tipo TEXT, id_cliente TEXT, id_factura TEXT,
    importe_centavos INTEGER, fecha_hora TEXT);
"""
# cliente, factura, days until it is due, centavos
_ONLY_HERE = (("1000003", "F-1000003-1", 14, 31_250_00), ("1000003", "F-1000003-2", 44, 31_250_00))


class Modo(StrEnum):
    """How the ERP behaves."""

    ON = "on"
    OFF = "off"
    SLOW = "slow"
    ERRORS = "errors"


class Imputacion(NamedTuple):
    """One aviso that the ERP has imputed."""

    comprobante: int
    id_aviso: str
    tipo: str
    id_cliente: str
    id_factura: str | None
    importe_centavos: int
    fecha_hora: str


class Erp:
    """The company's own books."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / DATABASE
        with self._open() as db:
            db.executescript(_SCHEMA)
            today = local_day(datetime.now(UTC))
            for id_cliente, id_factura, days, centavos in _ONLY_HERE:
                row = (id_cliente, id_factura, centavos, (today + timedelta(days=days)).isoformat())
                db.execute("INSERT OR IGNORE INTO factura VALUES (?, ?, ?, ?, 'PENDIENTE')", row)

    def answer(self, consulta: Consulta) -> Respuesta:
        """Tell what a cliente owes."""
        busqueda = consulta.busqueda
        with self._open() as db:
            rows = db.execute(
                "SELECT * FROM factura WHERE id_cliente = coalesce(?, id_cliente)"
                " AND id_factura = coalesce(?, id_factura) ORDER BY vence",
                (busqueda.id_cliente, busqueda.id_factura),
            ).fetchall()
        pending = [row for row in rows if row["estado"] == EstadoFactura.PENDIENTE]
        found = Resultado.SIN_DEUDA if rows else Resultado.CLIENTE_INEXISTENTE
        return Respuesta(
            ending=Ending() if pending else Ending(found),
            id_consulta=f"ERP-{consulta.id_mensaje}"[:36],
            fecha_hora_utc=datetime.now(UTC),
            ofertas=tuple(_oferta(busqueda.codigo_empresa, row) for row in pending),
            nombre_cliente="Cliente del ERP" if pending else None,
            origen=Origen.EMPRESA if pending else None,
        )

    def accept(self, aviso: Aviso) -> Acuse:
        """Impute an aviso, once for each IdMensaje, and answer with the number of its comprobante."""
        before, after = EstadoFactura.PENDIENTE, EstadoFactura.PAGADA
        if not isinstance(aviso, AvisoPago):
            before, after = after, before
        said = (aviso.id_mensaje, aviso.tipo, aviso.id_cliente, aviso.id_factura, aviso.importe_centavos)
        with self._open() as db:
            new = db.execute(
                "INSERT OR IGNORE INTO imputacion"
                " (id_aviso, tipo, id_cliente, id_factura, importe_centavos, fecha_hora) VALUES (?, ?, ?, ?, ?, ?)",
                (*said, datetime.now(UTC).isoformat(timespec="milliseconds")),
            ).rowcount
            if new:
                db.execute(
                    "UPDATE factura SET estado = ? WHERE id_cliente = ? AND id_factura = ? AND estado = ?",
                    (after, aviso.id_cliente, aviso.id_factura, before),
                )
            comprobante = db.execute(
                "SELECT comprobante FROM imputacion WHERE id_aviso = ?", (aviso.id_mensaje,)
            ).fetchone()[0]
        return Acuse(ending=Ending(duplicado=not new), id_aviso=f"ERP-{comprobante:08d}", estado=EstadoAviso.APLICADO)

    def imputaciones(self) -> list[Imputacion]:
        """Give all that was imputed, in order."""
        with self._open() as db:
            return [Imputacion(*row) for row in db.execute("SELECT * FROM imputacion ORDER BY comprobante")]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as db, db:
            db.row_factory = sqlite3.Row
            yield db


def read_mode(folder: Path) -> Modo:
    """Read how the ERP is to behave; without a word of ours, on."""
    try:
        return Modo((folder / MODE_FILE).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return Modo.ON


def set_mode(folder: Path, modo: Modo) -> None:
    """Tell a running ERP, or the next one, how to behave."""
    waiting = folder / f"{MODE_FILE}.new"
    waiting.write_text(modo, encoding="ascii")
    waiting.replace(folder / MODE_FILE)


class Perilla:
    """The switch of a running ERP, and a look into its book."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def modo(self) -> str:
        """Tell how it behaves."""
        return read_mode(self._folder)

    def switch(self, modo: str) -> None:
        """Make it behave so; raises ValueError for what is no Modo."""
        set_mode(self._folder, Modo(modo))

    def last(self, count: int) -> list[Imputacion]:
        """Give what it imputed last, the newest first; nothing where its database is not there yet."""
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(self._where(), uri=True)) as db:
            rows = db.execute("SELECT * FROM imputacion ORDER BY comprobante DESC LIMIT ?", (count,))
            return [Imputacion(*row) for row in rows]
        return []

    def _where(self) -> str:
        return f"{(self._folder / DATABASE).absolute().as_uri()}?mode=ro"


def serve(folder: Path, port: int, stop: threading.Event) -> None:
    """Serve the ERP on loopback until told to stop; switched off, its port is closed like that of a dead machine."""
    door = _moody(_soap(Erp(folder)), folder)
    while not stop.is_set():
        if read_mode(folder) is Modo.OFF:
            sleep(LOOK_S)
            continue
        with make_server("127.0.0.1", port, door, server_class=_Server, handler_class=_Silent) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": LOOK_S / 2})
            thread.start()
            while not stop.is_set() and read_mode(folder) is not Modo.OFF:
                sleep(LOOK_S)
            server.shutdown()
            thread.join()


def _soap(erp: Erp) -> WSGIApplication:
    """Serve the ERP's operations by the same SOAP room that serves the gateway's."""
    from pmc_soap.soap import app  # noqa: PLC0415 — spyne, which only those who serve pay for
    from pmc_soap.soap.acceso import Acceso  # noqa: PLC0415 — likewise

    operations: Any = SimpleNamespace(
        consultas=erp, avisos=erp, reversas=erp, clock=SimpleNamespace(now=lambda: datetime.now(UTC)), codigos={}
    )
    network = Credencial(usuario="pmc-soap", hash=hash_secret(TOKEN))
    return app.build(operations, Acceso(Credenciales([network], {})), lambda *_: None, "http://127.0.0.1")[PATH]


def _moody(door: WSGIApplication, folder: Path) -> WSGIApplication:
    def moody(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        match read_mode(folder):
            case Modo.SLOW:
                sleep(SLOW_S)
            case Modo.ERRORS:
                start_response("500 Internal Server Error", [("Content-Type", "text/html")])
                return [b"<html><body>Oops</body></html>"]
            case Modo.ON | Modo.OFF:
                pass
        return door(environ, start_response)

    return moody


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 — the name is the library's
        """Say nothing: requests are told of by the gateway."""


def _oferta(codigo_empresa: str, row: sqlite3.Row) -> Oferta:
    centavos = row["importe_centavos"]
    factura = Factura(
        clave=ClaveFactura(codigo_empresa=codigo_empresa, id_cliente=row["id_cliente"], id_factura=row["id_factura"]),
        vencimientos=(Vencimiento(fecha=date.fromisoformat(row["vence"]), importe_centavos=centavos),),
        mensaje_pantalla="DESDE EL ERP",
        mensaje_ticket="EMPRESA DEMO - DESDE SU SISTEMA",
        nombre_cliente="Cliente del ERP",
    )
    return Oferta(factura=factura, exigible=Exigible(numero=1, importe_centavos=centavos))
