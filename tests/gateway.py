"""The whole gateway in a test's own process: real WSGI, an SQLite file, a clock that stands still, ids that count.

Its world is the demonstration's, made on a fixed day, with a few more empresas and avisos; fixtures/README.md shows it.
Every answer is held against the published schema by a second library, and every call against PEP 3333.
"""

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import WSGIApplication
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import xmlschema
from lxml import etree
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
from wsi import messages as wsi

from pmc_soap import config, wiring, wsgi
from pmc_soap.domain.aviso import AvisoPago, ReversaPago
from pmc_soap.domain.factura import ClaveFactura, Factura, MotivoBaja, TipoImporte, Vencimiento
from pmc_soap.soap.credenciales import hash_secret

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
NS = "urn:pmc-soap:v1"
PMC, EMPRESA = "/soap/v1/pagomiscuentas", "/soap/v1/empresa"
NETWORK_OPERATIONS = ("ConsultaDeuda", "AvisoPago", "ReversaPago")
EMPRESA_OPERATIONS = (
    "AltaFactura",
    "ModificacionFactura",
    "BajaFactura",
    "ConsultaFactura",
    "ConsultaPago",
    "ObtenerAvisos",
    "ConfirmarAvisos",
)

NOW = datetime(2025, 7, 15, 15, 0, tzinfo=UTC)  # a Tuesday, noon in Argentina
TODAY = date(2025, 7, 15)
TOKEN_PMC, TOKEN_DEMO = "demo-pmc", "demo-empresa"
XML = {"Content-Type": "text/xml; charset=utf-8"}


def _empresa(codigo: str, token: str, **said: Any) -> dict[str, Any]:
    return {"nombre": codigo, "credenciales": [{"usuario": codigo, "hash": hash_secret(token, "aa")}], **said}


def _with_sistema(codigo: str, does: str, **said: Any) -> dict[str, Any]:
    sistema = {"tipo": "python", "objeto": "fakes.sistema:ScriptedSistema", "opciones": {"does": does}}
    return _empresa(codigo, f"demo-{codigo.lower()}", sistema=sistema, **said)


SETTINGS: dict[str, Any] = {
    "mode": "homologacion",
    "public_url": "https://pmc.example",
    "pagomiscuentas": {"credenciales": [{"usuario": "pagomiscuentas", "hash": hash_secret(TOKEN_PMC, "bb")}]},
    "empresas": {
        "DEMO": _empresa("DEMO", TOKEN_DEMO),
        "ORDE": _empresa("ORDE", "demo-orde", pagar_en_orden=True),
        "AVIS": _empresa("AVIS", "demo-avis", servicios=["AVISO"]),
        "ALTA": _empresa("ALTA", "demo-alta", servicios=["ALTA"]),
        "INAC": _empresa("INAC", "demo-inac", activa=False),
        "SIST": _with_sistema("SIST", "found"),
        "CAID": _with_sistema("CAID", "away"),
        "LENT": _with_sistema("LENT", "slow", plazo_consulta_ms=500),
    },
}


class FixedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, instant: datetime = NOW) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant


class CountingIds:
    """Ids that count from a number; safe to ask from several threads."""

    def __init__(self, first: int = 1) -> None:
        self._next = first
        self._lock = threading.Lock()

    def new(self) -> str:
        with self._lock:
            self._next += 1
            return f"00000000-0000-4000-8000-{self._next - 1:012d}"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def root(self) -> etree._Element:
        return etree.fromstring(self.body)

    @property
    def operation(self) -> etree._Element:
        """Give the one element of the Body."""
        [body] = self.root
        [operation] = body
        return operation

    def said(self, name: str) -> str | None:
        """Give the text of the first element of that local name."""
        found = self.root.find(f".//{{*}}{name}")
        return None if found is None else found.text

    @property
    def codigo(self) -> str | None:
        """Give the business code; None for a fault."""
        return None if self.operation.tag.endswith("}Fault") else self.said("Codigo")

    @property
    def falla(self) -> str | None:
        """Give the code of a fault, as its faultstring tells it; None for a business answer."""
        told = self.said("faultstring")
        return told.partition(":")[0] if told else None


@cache
def schema() -> xmlschema.XMLSchema:
    """Give the published schema, as read by a library that the gateway does not use."""
    return xmlschema.XMLSchema(str(ROOT / "wsdl" / "pmc.xsd"))


def check_soap(answer: Answer) -> None:
    """Hold an answer to what every SOAP answer must be."""
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert answer.body.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n')
    assert answer.body.isascii()
    assert answer.root.tag == f"{{{ENVELOPE}}}Envelope"
    assert [child.tag for child in answer.root] == [f"{{{ENVELOPE}}}Body"]
    assert (broken := wsi.violations(answer)) == [], broken
    operation = answer.operation
    if operation.tag == f"{{{ENVELOPE}}}Fault":
        assert answer.status in {401, 500}
        for falla in operation.findall(f"detail/{{{NS}}}Falla"):
            schema().validate(etree.tostring(falla).decode())
    else:
        assert answer.status == 200
        schema().validate(etree.tostring(operation).decode())


class Gateway:
    """A gateway on its own database."""

    def __init__(self, database: Path, settings: Mapping[str, Any] = SETTINGS, first_id: int = 1001) -> None:
        self.database = database
        self.url = f"sqlite:///{database}"
        self.clock = FixedClock()
        self.house = wiring.build(config.check({**settings, "db": self.url}), self.clock, CountingIds(first_id))
        self.app: WSGIApplication = wsgi.doors(self.house)

    def close(self) -> None:
        self.house.close()

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = XML, query: str = ""
    ) -> Answer:
        """Send one request; the application is held to PEP 3333 on the way."""
        return call(self.app, method, path, body, headers, query)

    def post(self, path: str, body: bytes, headers: Mapping[str, str] = XML) -> Answer:
        """Send one SOAP request; whatever it is, the answer must be SOAP."""
        answer = self.request("POST", path, body, headers)
        check_soap(answer)
        return answer

    def ask(self, operation: str, **said: Any) -> Answer:
        """Send one well-formed operation to its port, as DEMO unless said holds another empresa or token."""
        return self.post(path_of(operation), pedido(operation, **said))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Give all rows of a table."""
        engine = create_engine(self.url, poolclass=NullPool)
        try:
            with engine.connect() as connection:
                return [dict(row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()]  # noqa: S608
        finally:
            engine.dispose()

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Give the whole database, to see that nothing changed."""
        return {table: self.rows(table) for table in TABLES}


TABLES = (
    "cliente",
    "factura",
    "aviso",
    "repeticion",
    "pago",
    "entrega",
    "consulta",
    "cotizacion",
    "alerta",
    "aviso_ilegible",
)


def call(
    app: WSGIApplication, method: str, path: str, body: bytes, headers: Mapping[str, str], query: str = ""
) -> Answer:
    """Call a WSGI application as a careful server would."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
    }
    told = {"Content-Length": str(len(body)), **headers}
    for name, value in told.items():
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    setup_testing_defaults(environ)
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, answered: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        started.append((status, answered))
        return lambda _: None

    # the checker wants a Content-Length that int() reads; the requests that lie about it go unchecked
    length = environ["CONTENT_LENGTH"] or "0"
    checked = validator(app) if length.isdecimal() and len(length) < 10 else app
    parts = checked(environ, start_response)
    try:
        content = b"".join(parts)
    finally:
        getattr(parts, "close", lambda: None)()
    [(status, answered)] = started
    return Answer(status=int(status.split()[0]), headers=dict(answered), body=content)


def path_of(operation: str) -> str:
    """Give the port of an operation."""
    return PMC if operation in (*NETWORK_OPERATIONS, "Eco") else EMPRESA


def pedido(operation: str, *, empresa: str = "DEMO", token: str | None = "", raw: str = "", **said: Any) -> bytes:
    """Write a request: its Cabecera, then what is said, in that order; raw goes last, as it is."""
    if token == "":
        token = TOKEN_PMC if path_of(operation) == PMC else TOKEN_DEMO
    id_mensaje = said.pop("IdMensaje", "M-1")
    fecha_hora = said.pop("FechaHora", "2025-07-15T12:00:00-03:00")
    cabecera = "" if operation == "Eco" else _cabecera(empresa, id_mensaje, fecha_hora, token)
    return sobre(f'<{operation} xmlns="{NS}">{cabecera}{_write(said)}{raw}</{operation}>')


def sobre(body: str, header: str = "") -> bytes:
    """Put a Body, and a Header if there is one, in an envelope."""
    return (f'<soap:Envelope xmlns:soap="{ENVELOPE}">{header}<soap:Body>{body}</soap:Body></soap:Envelope>').encode()


def _cabecera(empresa: str, id_mensaje: str, fecha_hora: str, token: str | None) -> str:
    credential = f"<Token>{token}</Token>" if token is not None else ""
    return (
        f"<Cabecera><CodigoEmpresa>{empresa}</CodigoEmpresa><IdMensaje>{id_mensaje}</IdMensaje>"
        f"<FechaHora>{fecha_hora}</FechaHora>{credential}</Cabecera>"
    )


def _write(said: Mapping[str, Any]) -> str:
    return "".join(
        f"<{name}>{_write(value) if isinstance(value, Mapping) else value}</{name}>" for name, value in said.items()
    )


VENCIMIENTO = {"Vencimiento": {"Numero": 1, "Fecha": "2025-08-10", "Importe": "1500.50"}}
VALID: dict[str, dict[str, Any]] = {
    "ConsultaDeuda": {"IdCliente": "1000001"},
    "AvisoPago": {"IdCliente": "1000001", "Moneda": "ARS", "Importe": "18540.75", "IdFactura": "F-1000001-1"},
    "ReversaPago": {"IdCliente": "1000004", "Importe": "7000.00", "IdTransaccionOriginal": "TX-1000004"},
    "Eco": {"Mensaje": "hola"},
    "AltaFactura": {
        "IdCliente": "3000001",
        "IdFactura": "F-3000001-1",
        "Moneda": "ARS",
        "Vencimientos": VENCIMIENTO,
        "MensajePantalla": "CUOTA",
        "MensajeTicket": "CUOTA DE AGOSTO",
    },
    "ModificacionFactura": {"IdCliente": "1000001", "IdFactura": "F-1000001-1", "MensajeTicket": "OTRO TEXTO"},
    "BajaFactura": {"IdCliente": "1000001", "IdFactura": "F-1000001-1", "Motivo": "OTRO"},
    "ConsultaFactura": {"IdCliente": "1000001", "IdFactura": "F-1000001-1"},
    "ConsultaPago": {"IdTransaccion": "TX-1000004"},
    "ObtenerAvisos": {"Maximo": 10},
    "ConfirmarAvisos": {"Confirmaciones": {"Confirmacion": {"IdAviso": "A-1", "Estado": "IMPUTADO"}}},
}
"""One good request of each operation; with **VALID[x], what is said after replaces it."""


# The world ----------------------------------------------------------------------------------------------------------

# empresa, cliente, factura, pantalla, vencimientos as (days from today, centavos)
_REPORTED = (
    ("DEMO", "1000001", "F-1000001-1", "CUOTA DEL MES", ((10, 18_540_75),)),
    ("DEMO", "1000002", "F-1000002-1", "TRES VTOS", ((-5, 10_000_00), (10, 10_500_00), (25, 11_000_00))),
    ("DEMO", "1000002", "F-1000002-2", "CUOTA 2", ((12, 12_345_50),)),
    ("DEMO", "1000002", "F-1000002-3", "CUOTA 3", ((42, 12_345_50),)),
    ("DEMO", "1000004", "F-1000004-1", "YA SALDADA", ((20, 7_000_00),)),
    ("DEMO", "1000005", "F-1000005-1", "VENCIDA", ((-40, 5_000_00), (-20, 5_250_00))),
    ("DEMO", "1000006", "F-1000006-1", "YA PAGADA", ((15, 9_999_99),)),
    ("DEMO", "1000007", "F-1000007-1", "DADA DE BAJA", ((15, 3_200_00),)),
    ("DEMO", "1000008", "F-1000008-1", "APORTE", ((30, 0),)),
    ("DEMO", "1000009", "F-1000009-1", "PAGO MINIMO", ((30, 20_000_00),)),
    ("DEMO", "2000001", "F-2000001-1", "PAGO REVERSADO", ((15, 4_100_00),)),
    ("DEMO", "2000002", "F-2000002-1", "SIN IDENTIF.", ((15, 2_500_00),)),
    ("DEMO", "2000003", "F-2000003-1", "REVERSA ANTES", ((15, 6_300_00),)),
    ("ORDE", "1", "O-1", "JULIO", ((5, 1_000_00),)),
    ("ORDE", "1", "O-2", "AGOSTO", ((36, 1_100_00),)),
)
_OTHER = {
    "F-1000008-1": {"tipo_importe": TipoImporte.ABIERTO},
    "F-1000009-1": {
        "tipo_importe": TipoImporte.RANGO,
        "importe_minimo_centavos": 5_000_00,
        "importe_maximo_centavos": 50_000_00,
    },
    "F-1000001-1": {"nombre_cliente": "Ana Muñoz", "codigo_barras": "04000100000110000185407525205"},
}


def make_world(house: wiring.House) -> None:
    """Make the world of the fixtures."""
    for empresa, cliente, id_factura, pantalla, due in _REPORTED:
        house.facturas.register(_factura(empresa, cliente, id_factura, pantalla, due))
    house.facturas.withdraw(_clave("DEMO", "1000007", "F-1000007-1"), MotivoBaja.ANULADA)
    pay, take_back = house.avisos.accept, house.reversas.accept
    hour = timedelta(hours=1)
    pay(_aviso("1000004", "F-1000004-1", 7_000_00, "TX-1000004", NOW - 2 * hour))
    pay(_aviso("1000006", "F-1000006-1", 9_999_99, "TX-1000006", NOW - 96 * hour))
    pay(_aviso("2000001", "F-2000001-1", 4_100_00, "TX-2000001", NOW - 3 * hour))
    take_back(_reversa("2000001", 4_100_00, "RX-2000001", "TX-2000001"))
    pay(_aviso("2000002", "F-2000002-1", 2_500_00, None, NOW - hour / 12))
    take_back(_reversa("2000003", 6_300_00, "RX-2000003", "TX-2000003"))
    pay(_aviso("2000004", "F-2000004-1", 1_800_00, "TX-2000004", NOW - hour / 2))


def _factura(empresa: str, cliente: str, id_factura: str, pantalla: str, due: tuple[tuple[int, int], ...]) -> Factura:
    plain = Factura(
        clave=_clave(empresa, cliente, id_factura),
        vencimientos=tuple(
            Vencimiento(fecha=TODAY + timedelta(days=days), importe_centavos=centavos) for days, centavos in due
        ),
        mensaje_pantalla=pantalla,
        mensaje_ticket=f"{pantalla} - EMPRESA {empresa}",
    )
    return replace(plain, **_OTHER.get(id_factura, {}))


def _clave(empresa: str, cliente: str, id_factura: str) -> ClaveFactura:
    return ClaveFactura(codigo_empresa=empresa, id_cliente=cliente, id_factura=id_factura)


def _aviso(cliente: str, id_factura: str, centavos: int, id_transaccion: str | None, paid: datetime) -> AvisoPago:
    return AvisoPago(
        codigo_empresa="DEMO",
        id_mensaje=f"W-{id_factura}",
        fecha_hora_mensaje_utc=paid,
        id_cliente=cliente,
        id_factura=id_factura,
        id_transaccion=id_transaccion,
        moneda="ARS",
        importe_centavos=centavos,
        fecha_hora_pago_utc=paid,
        canal="PC",
    )


def _reversa(cliente: str, centavos: int, id_transaccion: str, original: str) -> ReversaPago:
    return ReversaPago(
        codigo_empresa="DEMO",
        id_mensaje=f"W-{id_transaccion}",
        fecha_hora_mensaje_utc=NOW - timedelta(hours=2),
        id_cliente=cliente,
        importe_centavos=centavos,
        id_transaccion=id_transaccion,
        id_transaccion_original=original,
    )


def make_template(folder: Path) -> Path:
    """Make a database that holds the world; each test copies it."""
    path = folder / "world.db"
    settings = config.check({**SETTINGS, "db": f"sqlite:///{path}"})
    wiring.migrate(settings)
    with wiring.build(settings, FixedClock(), CountingIds()) as house:
        make_world(house)
    return path


@contextmanager
def gateway_on(template: Path, folder: Path, settings: Mapping[str, Any] = SETTINGS) -> Iterator[Gateway]:
    """Open a gateway on a copy of the world."""
    gateway = Gateway(Path(shutil.copy(template, folder / "gateway.db")), settings)
    try:
        yield gateway
    finally:
        gateway.close()


# Over HTTP ----------------------------------------------------------------------------------------------------------


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 — the name is the library's
        """Say nothing."""


@contextmanager
def serving(app: WSGIApplication) -> Iterator[tuple[str, int]]:
    """Serve over real HTTP on a free port; gives host and port."""
    server = make_server("127.0.0.1", 0, app, server_class=_Server, handler_class=_Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield "127.0.0.1", server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving_later() -> Iterator[tuple[str, list[WSGIApplication]]]:
    """Serve over HTTP what is put into the list once the address, which it has to know, is known; gives both."""
    doors: list[WSGIApplication] = []

    def door(environ: Any, start_response: Any) -> Any:
        return doors[0](environ, start_response)

    with serving(door) as (host, port):
        yield f"http://{host}:{port}", doors
