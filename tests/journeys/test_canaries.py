"""No secret, nothing personal, nobody's text in a log or a fault: canaries are planted wherever text may come in.

The real command serves, at its most talkative, beside a deliverer and before an ERP that answers canaries; then its
database breaks with canaries too. A business answer may say what it was sent (IdMensaje, Mensaje); a fault may not.
"""

import base64
import http.client
import http.server
import json
import re
import signal
import socket
import sqlite3
import threading
import time
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import pytest
from process import run, serving

from pmc_soap.soap.credenciales import hash_secret
from pmc_soap.storage.documento import unpack

NS, ENVELOPE = "urn:pmc-soap:v1", "http://schemas.xmlsoap.org/soap/envelope/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
PMC, EMPRESA = "/soap/v1/pagomiscuentas", "/soap/v1/empresa"
TOKEN = "ficha-de-prueba"
SOON_S = 30
PLANTED = 40


class Canaries:
    """Gives a text that stands nowhere else, one for each place; each fits where 19 characters do."""

    def __init__(self):
        self.of_place = {}

    def __call__(self, place):
        return self.of_place.setdefault(place, f"canar{len(self.of_place):03}Qz7xK")

    def found_in(self, text):
        """Give the places whose canary can be read in a text, as it is or in base64."""
        folded = text.lower()
        return [place for place, canary in self.of_place.items() if any(form in folded for form in _forms(canary))]


def _forms(canary):
    yield canary.lower()
    yield quote(canary).lower()
    for before in ("", "x", "xx"):  # base64 groups three bytes: what is before shifts the letters
        whole = base64.b64encode(f"{before}{canary}".encode()).decode().lower()
        yield whole[4:-4]


class Erp(http.server.BaseHTTPRequestHandler):
    """Another company's system, with canaries in every part of its answers."""

    canary = None

    def _answer(self):
        kind = self.path.partition("?")[0].rsplit("/", 1)[-1]
        say = self.canary
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = f"<faultcode>s:Server</faultcode><faultstring>{say('fault of the ERP')}</faultstring>"
        status, media, body = {
            "html": (200, "text/html", f"<html>{say('html of the ERP')}</html>"),
            "error": (500, "application/json", json.dumps({"error": say("error of the ERP")})),
            "json": (200, "application/json", json.dumps({"datos": [{"numero": {"x": say("field of the ERP")}}]})),
            "soap": (500, "text/xml", sobre(f"<s:Fault>{fault}</s:Fault>")),
        }[kind]
        self.send_response(status, say("reason of the ERP"))
        self.send_header("Content-Type", media)
        self.send_header("X-Erp", say("header of the ERP"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    do_GET = do_POST = _answer  # noqa: N815 — the library's names

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def erp(canaries):
    handler = type("Handler", (Erp,), {"canary": staticmethod(canaries)})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


GENERAL = """
mode = "homologacion"
db = "sqlite:///{folder}/pmc.db"
public_url = "https://pagos.example"

[pagomiscuentas]
credenciales = [{{ usuario = "red", hash = "{hash}" }}]
"""
POR_JSON = """
[empresas.{codigo}]
nombre = "{nombre}"
credenciales = [{{ usuario = "{codigo}", hash = "{hash}" }}]

[empresas.{codigo}.sistema]
tipo = "json"
url = "{url}?c={{id_cliente}}"
lista = "datos"
encabezados = {{ X-Key = "{clave}" }}

[empresas.{codigo}.sistema.campos]
id_factura = "numero"
id_cliente = "c"
importe = "s"
vencimiento = "v"
mensaje_pantalla = "m"

[empresas.{codigo}.destinos.web]
tipo = "json"
url = "{url}"
secreto = "whsec_{webhook}"
"""
POR_SOAP = """
[empresas.SOAP]
nombre = "Soap"
credenciales = [{{ usuario = "soap", hash = "{hash}" }}]

[empresas.SOAP.sistema]
tipo = "soap"
url = "{url}"
token = "{token}"

[empresas.SOAP.destinos.erp]
tipo = "soap"
url = "{url}"
usuario = "u"
clave = "{clave}"
"""


def configuration(folder, erp_url, canaries):
    webhook = base64.b64encode(canaries("secret of the webhook").encode() * 2).decode()
    said = [GENERAL.format(folder=folder, hash=hash_secret(TOKEN, "aa"))]
    for codigo, kind in (("HTML", "html"), ("ERRO", "error"), ("JSON", "json")):
        values = {"nombre": canaries("name of an empresa"), "clave": canaries("header for the ERP"), "webhook": webhook}
        said.append(POR_JSON.format(codigo=codigo, url=f"{erp_url}/{kind}", hash=hash_secret(TOKEN, "bb"), **values))
    clave, token = canaries("password for the ERP"), canaries("token for the ERP")
    return "".join(
        [*said, POR_SOAP.format(url=f"{erp_url}/soap", token=token, clave=clave, hash=hash_secret(TOKEN, "cc"))]
    )


# What is sent -------------------------------------------------------------------------------------------------------


def cabecera(empresa, token, say, operation):
    return (
        f"<Cabecera><CodigoEmpresa>{empresa}</CodigoEmpresa><IdMensaje>{say(f'IdMensaje of {operation}')}</IdMensaje>"
        "<FechaHora>2026-11-22T10:00:00-03:00</FechaHora><Canal>PC</Canal>"
        f"<Terminal>{say(f'Terminal of {operation}')}</Terminal><Token>{token}</Token></Cabecera>"
    )


VENCIMIENTOS = (
    "<Vencimientos><Vencimiento><Numero>1</Numero><Fecha>2030-01-01</Fecha><Importe>10.00</Importe></Vencimiento>"
    "</Vencimientos>"
)
FIELDS = {
    "ConsultaDeuda": ("IdCliente", "IdFactura", "CodigoBarras"),
    "AvisoPago": (
        "IdCliente",
        "=<Moneda>ARS</Moneda><Importe>10.00</Importe>",
        "IdTransaccion",
        "IdConsulta",
        "=<CodigoMovimiento>1</CodigoMovimiento>",
    ),
    "ReversaPago": ("IdCliente", "=<Importe>10.00</Importe>", "IdTransaccion", "IdTransaccionOriginal", "IdFactura"),
    "AltaFactura": (
        "IdCliente",
        "IdFactura",
        f"=<Moneda>ARS</Moneda>{VENCIMIENTOS}<MensajePantalla>X</MensajePantalla>",
        "MensajeTicket",
        "CodigoBarras",
        "NombreCliente",
        "=<CuitCliente>20553616825</CuitCliente>",
    ),
    "ModificacionFactura": ("IdCliente", "IdFactura", "MensajeTicket"),
    "BajaFactura": ("IdCliente", "IdFactura", "=<Motivo>OTRO</Motivo>"),
    "ConsultaFactura": ("IdCliente", "IdFactura"),
    "ConsultaPago": ("IdAviso",),
    "ObtenerAvisos": (),
}


def pedido(say, operation, empresa="HTML", token=TOKEN, extra=""):
    fields = "".join(
        field[1:] if field.startswith("=") else f"<{field}>{say(_place(field, operation))}</{field}>"
        for field in FIELDS[operation]
    )
    return sobre(f'<{operation} xmlns="{NS}">{cabecera(empresa, token, say, operation)}{fields}{extra}</{operation}>')


def _place(field, operation):
    """Name a field; the cliente is one, so that what is paid is what was reported."""
    return field if field == "IdCliente" else f"{field} of {operation}"


def sobre(body, header="", before="", more=""):
    return f'{before}<s:Envelope xmlns:s="{ENVELOPE}"{more}>{header}<s:Body>{body}</s:Body></s:Envelope>'


def wsse(say):
    return (
        f'<s:Header><w:Security xmlns:w="{WSSE}"><w:UsernameToken><w:Username>{say("wsse username")}</w:Username>'
        f"<w:Password>{say('wsse password')}</w:Password><w:Nonce>{say('wsse nonce')}</w:Nonce></w:UsernameToken>"
        "</w:Security></s:Header>"
    )


def good_operations(say):
    """Give every operation, well formed, its fields full of canaries; two are sent again, which is a conflict."""
    for operation in ("AltaFactura", *FIELDS):
        path = PMC if operation in {"ConsultaDeuda", "AvisoPago", "ReversaPago"} else EMPRESA
        for empresa in ("HTML", "ERRO", "JSON", "SOAP"):
            yield path, pedido(say, operation, empresa), {}
    yield PMC, pedido(say, "AvisoPago").replace("10.00", "11.00"), {}


def bad_requests(say):
    """Give requests that are refused, each with a canary where it may be told by mistake."""
    eco = f'<Eco xmlns="{NS}"><Mensaje>{say("Mensaje of Eco")}</Mensaje></Eco>'
    consulta = pedido(say, "ConsultaDeuda")
    yield PMC, sobre(eco), {}
    yield PMC, consulta.replace(TOKEN, say("Token")), {}
    yield (
        PMC,
        consulta.replace(f"<Token>{TOKEN}</Token>", ""),
        {
            "Authorization": "Basic "
            + base64.b64encode(f"{say('Basic user')}:{say('Basic password')}".encode()).decode()
        },
    )
    yield PMC, consulta, {"Authorization": f"Bearer {say('bearer')}"}
    yield PMC, sobre(eco, wsse(say)), {}
    yield (
        PMC,
        sobre(consulta[consulta.index("<Consulta") : consulta.index("</s:Body>")], wsse(say)).replace(TOKEN, ""),
        {},
    )
    for name in ("Cookie", "User-Agent", "X-Forwarded-For", "SOAPAction", "Referer", "X-Otro", "Host", "Expect"):
        yield PMC, consulta, {name: say(f"header {name}")}
    yield PMC, consulta, {"SOAPAction": f'"{NS}#{say("SOAPAction of ours")}"'}
    for media in ("text/{}", "text/xml; charset={}", "text/xml; x={}", "multipart/related; boundary={}"):
        yield PMC, consulta, {"Content-Type": media.format(say(f"Content-Type {media}"))}
    yield PMC, consulta, {"Content-Encoding": say("Content-Encoding")}
    yield f"/soap/v1/{say('path')}", consulta, {}
    yield f"{PMC}?{say('query')}={say('query value')}", consulta, {}
    yield PMC, sobre(eco + f"<!-- {say('comment')} -->"), {}
    yield PMC, sobre(eco, before=f"<?{say('PI name')} {say('PI')}?>"), {}
    yield PMC, sobre(eco, before=f"<!DOCTYPE {say('DOCTYPE')} SYSTEM '{say('DTD')}'>"), {}
    yield PMC, sobre(eco, before=f"<!DOCTYPE a [<!ENTITY {say('entity')} '{say('entity text')}'>]>"), {}
    yield PMC, sobre(eco.replace("</Mensaje>", f"&{say('entity used')};</Mensaje>")), {}
    yield PMC, sobre(f'<{say("operation")} xmlns="{NS}"/>'), {}
    yield PMC, sobre(f'<Eco xmlns="urn:{say("namespace")}"/>'), {}
    yield PMC, sobre(eco, more=f' {say("attribute")}="{say("attribute value")}"'), {}
    yield PMC, sobre(eco, f'<s:Header><h xmlns="urn:{say("header namespace")}" s:mustUnderstand="1"/></s:Header>'), {}
    yield PMC, pedido(say, "ConsultaDeuda", extra=f"<{say('element')}>x</{say('element')}>"), {}
    yield PMC, pedido(say, "ConsultaDeuda", extra=f"<MaximoFacturas>{say('number')}</MaximoFacturas>"), {}
    yield PMC, pedido(say, "AvisoPago").replace("10.00", say("Importe")), {}
    yield PMC, pedido(say, "AvisoPago").replace("ARS", say("Moneda")), {}
    yield PMC, consulta.replace("2026-11-22T10", say("FechaHora")), {}
    yield PMC, consulta.replace(">HTML<", f">{say('CodigoEmpresa')}<"), {}
    yield EMPRESA, pedido(say, "BajaFactura").replace("OTRO", say("Motivo")), {}
    yield EMPRESA, pedido(say, "AltaFactura").replace("20553616825", say("CuitCliente")), {}
    yield PMC, f"<{say('no SOAP')}/>", {}
    yield PMC, f"<a>{say('no XML')}", {}
    yield PMC, say("no tag at all"), {}
    yield PMC, say("bytes").encode() + b"\xff\x00\xfe<", {}
    yield PMC, f"{consulta}{say('after the end')}", {}


RAW = {
    "request line": "{} HTTP/1.1\r\n\r\n",
    "method": "{} / HTTP/1.1\r\nHost: x\r\n\r\n",
    "version": "POST / HTTP/{}\r\nHost: x\r\n\r\n",
    "header without a colon": "POST / HTTP/1.1\r\nHost: x\r\n{}\r\n\r\n",
    "Content-Length": "POST /soap/v1/empresa HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n",
    "Transfer-Encoding": "POST /soap/v1/empresa HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {}\r\n\r\n",
    "chunk": "POST /soap/v1/empresa HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{}\r\n\r\n",
    "page": "GET /{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
}


def send(gateway, path, body, headers):
    """Send one request; give status and body."""
    connection = http.client.HTTPConnection(urlsplit(gateway.url).netloc, timeout=SOON_S)
    try:
        data = body if isinstance(body, bytes) else body.encode()
        connection.request("POST", path, data, {"Content-Type": "text/xml", **headers})
        response = connection.getresponse()
        return response.status, response.read().decode("utf-8", "replace")
    finally:
        connection.close()


def send_raw(gateway, text):
    """Send what is hardly HTTP; give all that comes back."""
    with socket.create_connection(("127.0.0.1", urlsplit(gateway.url).port), timeout=SOON_S) as connection:
        connection.sendall(text.encode())
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")


def break_the_database(path, say):
    """Have every write end with a text of the database's own, and every read of a table that is gone."""
    with sqlite3.connect(path) as base:
        for table in ("aviso", "consulta", "factura"):
            base.execute(
                f"CREATE TRIGGER {say(f'trigger {table}')} BEFORE INSERT ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{say(f'database {table}')}'); END"
            )
        base.execute(f"ALTER TABLE pago RENAME TO {say('table')}")
    base.close()


def until(condition):
    deadline = time.monotonic() + SOON_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def delivered(path):
    """Count the empresas that avisos were brought to, with whatever success."""
    with sqlite3.connect(path) as base:
        [(tried,)] = base.execute("SELECT count(DISTINCT codigo_empresa) FROM entrega WHERE intentos > 0").fetchall()
    base.close()
    return tried


SECRETS = {"Token", "Basic user", "Basic password", "bearer", "wsse password", "wsse nonce", "password for the ERP"}


def check_kept(path, say, at_least):
    """See that no secret is in what was kept of the exchanges, which is all of them once the server has ended."""
    with sqlite3.connect(path) as base:
        rows = base.execute("SELECT * FROM intercambio").fetchall()
    base.close()
    values = [value for row in rows for value in row]
    documents = [unpack(value).decode() for value in values if isinstance(value, bytes)]
    text = "\n".join([*documents, *(str(value) for value in values)])
    found = set(say.found_in(text))
    assert len(rows) >= at_least
    of_http = ("header C", "header U", "header X", "header S", "header R", "header H", "path", "query", "DTD")
    assert [place for place in found if place in SECRETS or place.startswith(of_http)] == []
    assert TOKEN not in text
    assert "***" in text
    assert {"wsse username", "IdTransaccion of AvisoPago"} <= found


def kept(path):
    """Count the exchanges that were written down."""
    with sqlite3.connect(path) as base:
        [(count,)] = base.execute("SELECT count(*) FROM intercambio").fetchall()
    base.close()
    return count


@pytest.mark.parametrize("server", ["gunicorn", "granian"])
def test_no_canary_is_found_in_a_log_or_a_fault(tmp_path, server):
    say, faults, database = Canaries(), [], tmp_path / "pmc.db"
    with erp(say) as erp_url:
        file = tmp_path / "pmc-soap.toml"
        file.write_text(configuration(tmp_path, erp_url, say), encoding="utf-8")
        assert run("--config", str(file), "db", "migrate", cwd=tmp_path).returncode == 0
        options = ("--with-deliver", "--log-level", "debug", "--workers", "1", "--server", server)
        args = ("--config", str(file), "serve", "--bind", "127.0.0.1:{port}", *options)
        with serving(*args, cwd=tmp_path) as gateway:
            requests = [*good_operations(say), *bad_requests(say)]
            answers = [send(gateway, *request) for request in requests]
            raw = [send_raw(gateway, text.format(say(f"raw {place}"))) for place, text in RAW.items()]
            until(lambda: delivered(database) == 4)
            break_the_database(database, say)
            answers += [send(gateway, *request) for request in good_operations(say)]
            log = gateway.log
            if server == "granian":  # whose processes end without a word: their last half second may be lost
                until(lambda: kept(database) >= 2 * len(list(good_operations(say))))
            gateway.process.send_signal(signal.SIGTERM)
            gateway.process.wait(SOON_S)
        told = log.read_text(encoding="utf-8")
    check_kept(database, say, at_least=2 * len(list(good_operations(say))))
    faults = [body for status, body in answers if status != 200] + raw
    assert len(say.of_place) > PLANTED * 2
    assert say.found_in(told) == []
    assert "20553616825" not in told
    assert [found for fault in faults if (found := say.found_in(fault))] == []
    # and that all of it was served and told of, as it should: a silent log would keep any secret
    lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    assert len([line for line in lines if line.get("evento") == "pedido"]) >= len(requests)
    assert {"PMC-1001", "PMC-1002", "PMC-1003", "PMC-1006", "PMC-1008", "PMC-2002", "PMC-9001"} <= {
        line.get("falla") for line in lines
    }
    assert [line for line in lines if line.get("excepcion")]
    assert len([line for line in lines if line["level"] == "debug"]) > 10
    business = [body for status, body in answers if status == 200]
    assert say.found_in("".join(business)), "an answer tells back what it was asked"


def test_the_password_of_the_database_is_told_by_nobody(tmp_path):
    say = Canaries()
    url = f"postgresql+psycopg://u:{say('password')}@127.0.0.1:1/{say('name')}"
    for args in (("serve", "--bind", "127.0.0.1:1"), ("deliver",), ("db", "status")):
        done = run(*args, "--db", url, cwd=tmp_path) if args[0] != "db" else run(*args, cwd=tmp_path)
        assert say.found_in(done.stdout + done.stderr) == []
    assert re.search("base de datos", run("deliver", "--db", url, cwd=tmp_path).stderr)
