"""`--server granian`: the same gateway by another server, over a unix socket too, with no secret in its arguments."""

import http.client
import socket
import subprocess
import time
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import psutil
import pytest
from clientes import ECO, PATH, XML
from process import PMC_SOAP, serving

from pmc_soap.cli.servicio import GRACEFUL_S
from pmc_soap.client.cliente import PagoMisCuentas

SOON_S = 30


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    folder = tmp_path_factory.mktemp("granian")
    with serving("serve", "--bind", "127.0.0.1:{port}", "--server", "granian", cwd=folder) as running:
        yield running


def test_a_consulta_and_a_pago_are_answered_as_ever(gateway):
    network = PagoMisCuentas(gateway.url, "DEMO", "demo-pmc")
    aviso = network.aviso_pago("1000002", "12345.50", IdFactura="F-1000002-2", IdTransaccion="G-1")
    again = network.aviso_pago("1000002", "12345.50", IdFactura="F-1000002-2", IdTransaccion="G-1")
    network.close()
    assert (aviso.Estado, again.Resultado.Duplicado, again.IdAviso) == ("APLICADO", True, aviso.IdAviso)


def test_two_processes_share_one_address(gateway):
    process = psutil.Process(gateway.process.pid)
    listening = [each for each in process.net_connections("tcp") if each.status == psutil.CONN_LISTEN]
    inodes = {each.laddr.port for each in listening}
    workers = process.children()
    assert (len(inodes), len(workers)) == (1, 2)


def test_its_arguments_and_those_of_its_processes_tell_no_settings(tmp_path):
    secret = "clave-en-la-base"
    with serving("serve", "--bind", "127.0.0.1:{port}", "--server", "granian", cwd=tmp_path) as running:
        process = psutil.Process(running.process.pid)
        told = [word for each in (process, *process.children()) for word in each.cmdline()]
    assert [word for word in told if secret in word or "sqlite" in word] == []


def test_a_worker_that_is_killed_is_started_again(gateway):
    process = psutil.Process(gateway.process.pid)
    victim = process.children()[0]
    victim.kill()
    deadline = time.monotonic() + SOON_S
    while victim in process.children() or len(process.children()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_worker_that_ends_takes_no_waiting_connection_with_it(gateway):
    process = psutil.Process(gateway.process.pid)
    victim = process.children()[0]
    with ExitStack() as stack:
        connections = []
        try:
            _stop(victim)  # so that what waits for it, waits
            for _ in range(20):
                connection = http.client.HTTPConnection(urlsplit(gateway.url).netloc, timeout=SOON_S)
                connections.append(stack.enter_context(closing(connection)))
                connection.request("POST", PATH, ECO, XML)
            time.sleep(0.3)
        finally:
            victim.kill()
        for connection in connections:
            assert b"<Mensaje>hola</Mensaje>" in connection.getresponse().read()


def _stop(process):
    """Stop every thread of it: one that still runs may take a connection meanwhile."""
    process.suspend()
    deadline = time.monotonic() + SOON_S
    while any(psutil.Process(thread.id).status() != psutil.STATUS_STOPPED for thread in process.threads()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


class _Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("pmc", timeout=SOON_S)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(SOON_S)
        self.sock.connect(self._path)


def eco_over(path):
    connection = _Unix(path)
    try:
        connection.request("POST", PATH, ECO, XML)
        return b"<Mensaje>hola</Mensaje>" in connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()


@pytest.mark.parametrize("server", ["gunicorn", "granian"])
def test_it_serves_at_a_unix_socket_and_takes_it_away_at_the_end(tmp_path, server):
    path = tmp_path / "pmc.sock"
    with (tmp_path / "log").open("wb") as log:
        args = [PMC_SOAP, "serve", "--bind", f"unix:{path}", "--server", server]
        process = subprocess.Popen(args, cwd=tmp_path, stdout=log, stderr=log)  # noqa: S603 — our own command
        try:
            deadline = time.monotonic() + SOON_S
            while not (path.exists() and eco_over(str(path))):
                assert time.monotonic() < deadline, (tmp_path / "log").read_text()
                time.sleep(0.1)
            process.terminate()
            assert process.wait(SOON_S) == 0
        finally:
            process.kill()
            process.wait(SOON_S)
    assert not path.exists()


def test_who_is_told_to_end_while_its_processes_begin_ends_at_once(tmp_path):
    args = ("--bind", "127.0.0.1:{port}", "--server", "granian", "--workers", "6")
    with serving("serve", *args, cwd=tmp_path) as running:  # the first of them answers
        running.process.terminate()
        assert running.process.wait(GRACEFUL_S - 3) == 0


def test_what_is_no_http_gets_no_html_and_nothing_of_it_is_told(gateway):
    with socket.create_connection(("127.0.0.1", int(gateway.url.rpartition(":")[2])), timeout=SOON_S) as connection:
        connection.sendall(b"canario sin http\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"<html" not in answer.lower()
    assert "canario" not in gateway.log.read_text(encoding="utf-8")
