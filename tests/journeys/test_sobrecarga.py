"""Many more consultas than the gateway can ask an empresa's slow system: most are refused, and every aviso is kept."""

import http.client
import os
import re
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from process import run, serving
from wire import avisar

from pmc_soap.cli.worker import is_refusable, refusal
from pmc_soap.soap.aforo import Aforo
from pmc_soap.soap.credenciales import hash_secret

TESTS = Path(__file__).parents[1]
FLOOD, AVISOS = 60, 10
PATH, SOON_S, ANSWER_S = "/soap/v1/pagomiscuentas", 30, 10
THREADS = 2
CONFIGURATION = """
mode = "homologacion"
db = "sqlite:///{folder}/pmc.db"
public_url = "https://pagos.example"

[pagomiscuentas]
credenciales = [{{ usuario = "red", hash = "{hash}" }}]

[empresas.DEMO]
nombre = "Demo"

[empresas.DEMO.sistema]
tipo = "python"
objeto = "fakes.sistema:ScriptedSistema"
opciones = {{ does = "slow" }}
"""
CONSULTA = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><ConsultaDeuda xmlns="urn:pmc-soap:v1">'
    "<Cabecera><CodigoEmpresa>DEMO</CodigoEmpresa><IdMensaje>M</IdMensaje><FechaHora>2026-11-22T10:00:00-03:00"
    "</FechaHora><Token>demo-pmc</Token></Cabecera><IdCliente>1</IdCliente></ConsultaDeuda></s:Body></s:Envelope>"
)


@pytest.fixture(params=["gunicorn", "granian"])
def gateway(request, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(TESTS)])))
    file = tmp_path / "pmc-soap.toml"
    file.write_text(CONFIGURATION.format(folder=tmp_path, hash=hash_secret("demo-pmc", "aa")), encoding="utf-8")
    assert run("--config", str(file), "db", "migrate", cwd=tmp_path).returncode == 0
    options = ("--server", request.param, "--workers", "1", "--threads", str(THREADS))
    with serving("--config", str(file), "serve", "--bind", "127.0.0.1:{port}", *options, cwd=tmp_path) as running:
        yield running


def consultar(gateway, told):
    connection = http.client.HTTPConnection(urlsplit(gateway.url).netloc, timeout=SOON_S)
    began = time.monotonic()
    connection.request("POST", PATH, CONSULTA, {"Content-Type": "text/xml"})
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    code = re.search("<Codigo>([^<]+)<", body)
    told.append((response.status, code and code[1], response.headers.get("Retry-After"), time.monotonic() - began))


def test_consultas_are_refused_and_no_aviso_is(gateway):
    told, avisos = [], []
    flood = [threading.Thread(target=consultar, args=(gateway, told)) for _ in range(FLOOD)]
    paying = [
        threading.Thread(target=lambda n=n: avisos.append(avisar(gateway.url, f"S-{n}", "1000001", "10.00")))
        for n in range(AVISOS)
    ]
    for thread in flood:
        thread.start()
    for thread in paying:
        thread.start()
        time.sleep(0.05)
    for thread in flood + paying:
        thread.join(SOON_S)
    assert [(aviso["status"], aviso["Codigo"]) for aviso in avisos] == [("200", "00")] * AVISOS
    endings = Counter((status, code, again) for status, code, again, _ in told)
    assert endings.keys() == {(200, "05", None), (500, "PMC-9003", "1")}  # what its system finds is overdue
    assert endings[200, "05", None] >= 1
    assert endings[500, "PMC-9003", "1"] > FLOOD / 2
    assert max(seconds for *_, seconds in told) < ANSWER_S
    assert "PMC-9003" in gateway.log.read_text(encoding="utf-8")


POST = b"POST /soap/v1/pagomiscuentas HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n<a/>"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<a/>", b"<a/"),  # not all of it is here
        (b"<a/>", b"<a/>POST"),  # nor only it
        (b": 4\r\n\r\n<a/>", b": 12\r\n\r\n<AvisoPago/>"),
        (b": 4\r\n\r\n<a/>", b": 14\r\n\r\n<ReversaPago/>"),
        (b": 4\r\n\r\n<a/>", b": 24\r\n\r\n" + "<AvisoPago/>".encode("utf-16-be")),
        (b"Host: x", b"Content-Length: 4"),
        (b"Host: x", b"Transfer-Encoding: chunked"),
        (b"Host: x", b"Connection: close"),
        (b"Host: x", b"Expect: 100-continue"),
        (b"HTTP/1.1", b"HTTP/1.0"),
        (b"POST /soap", b"GET /soap"),
        (b"/soap/v1", b"/salud"),
        (b"Content-Length: 4", b"Content-Length: +4"),
        (b"Content-Length: 4", b"X: Content-Length: 4"),
        (b"\r\n\r\n", b"\n\n"),
    ],
)
def test_only_a_whole_plain_request_that_tells_of_no_money_may_be_refused_unread(old, new):
    assert is_refusable(POST)
    assert not is_refusable(POST.replace(old, new, 1))


def test_a_refusal_is_a_whole_answer_that_may_be_followed_by_another():
    head, _, body = refusal().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 500 ")
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"Retry-After: 1" in head
    assert body.endswith(b"</soap:Envelope>")
    assert refusal() != refusal()  # each has its IdPedido


def test_the_flood_is_more_than_a_process_has_room_for():
    assert FLOOD > 2 * Aforo.of(THREADS).threads
