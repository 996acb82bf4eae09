"""A reload reads the configuration again and loses no request; a configuration that will not do changes nothing."""

import json
import os
import signal
import socket
import time
from contextlib import suppress
from urllib.parse import urlsplit

import psutil
import pytest
import requests
from clientes import ECO, PATH, Clientes
from process import PMC_SOAP, run, serving

from pmc_soap.client.cliente import Fault, PagoMisCuentas
from pmc_soap.soap.credenciales import hash_secret

RELOADS = {"gunicorn": 4, "granian": 2}  # granian takes four seconds for each
SOON_S = 30
WEB = '[empresas.DEMO.destinos.erp]\ntipo = "soap"\nurl = "http://127.0.0.1:1/pmc"\n'


def configuration(folder, token, more=""):
    return f"""
mode = "homologacion"
db = "sqlite:///{folder}/pmc.db"
public_url = "https://pagos.example"

[pagomiscuentas]
credenciales = [{{ usuario = "pagomiscuentas", hash = "{hash_secret(token, "aa")}" }}]

[empresas.DEMO]
nombre = "Demo"
{more}"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "pmc-soap.toml"
    path.write_text(configuration(tmp_path, "uno"), encoding="utf-8")
    assert run("--config", str(path), "db", "migrate", cwd=tmp_path).returncode == 0
    return path


@pytest.fixture(params=["gunicorn", "granian"])
def server(request):
    return request.param


def serve(file, server, *options):
    args = ("--config", str(file), "serve", "--bind", "127.0.0.1:{port}", "--threads", "4", "--server", server)
    return serving(*args, *options, cwd=file.parent)


def until(condition):
    deadline = time.monotonic() + SOON_S
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
    return found


def children(gateway, *, deliverers):
    """Give the processes that serve, or those that deliver beside them; one that is just ending is neither."""
    found = set()
    for child in psutil.Process(gateway.process.pid).children():
        with suppress(psutil.NoSuchProcess):
            if ("deliver" in child.cmdline()) is deliverers:
                found.add(child.pid)
    return found


def workers(gateway):
    return children(gateway, deliverers=False)


def told(gateway):
    return [json.loads(line) for line in gateway.log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]


def reload(gateway):
    """Press HUP, and wait until none of the processes that served before is there."""
    before = workers(gateway)
    os.kill(gateway.process.pid, signal.SIGHUP)
    until(lambda: not before & workers(gateway) and len(workers(gateway)) == len(before))


def is_let_in(gateway, token):
    network = PagoMisCuentas(gateway.url, "DEMO", token)
    try:
        network.consulta_deuda("1")
    except Fault as fault:
        if "PMC-2002" not in str(fault):
            raise
        return False
    finally:
        network.close()
    return True


def test_reloads_under_load_lose_no_request(file, server):
    with serve(file, server) as gateway, Clientes(gateway.url, per_second=50) as clientes:
        until(lambda: clientes.answered > 50)
        for _ in range(RELOADS[server]):
            reload(gateway)
            until(lambda before=clientes.answered: clientes.answered > before + 20)
    assert clientes.errors == []
    # granian closes a kept connection between two answers without a word: a client, or a proxy, has to call anew
    assert server == "granian" or clientes.cut == 0
    assert clientes.slowest_s < SOON_S / 2


def test_a_reload_takes_a_new_credential_and_a_bad_configuration_leaves_all_as_it_was(file, server):
    with serve(file, server, "--workers", "1") as gateway:
        assert (is_let_in(gateway, "uno"), is_let_in(gateway, "dos")) == (True, False)
        file.write_text(configuration(file.parent, "dos"), encoding="utf-8")
        reload(gateway)
        assert (is_let_in(gateway, "uno"), is_let_in(gateway, "dos")) == (False, True)
        file.write_text("esto no es TOML", encoding="utf-8")
        reload(gateway)
        assert is_let_in(gateway, "dos")
        [alert] = [line for line in told(gateway) if line.get("evento") == "alerta"]
        assert (alert["level"], alert["motivo"], alert["problemas"]) == ("error", "CONFIGURACION_INVALIDA", 1)
        file.write_text(configuration(file.parent, "tres").replace("pmc.db", "otra.db"), encoding="utf-8")
        reload(gateway)
        assert is_let_in(gateway, "dos")
        assert [line["motivo"] for line in told(gateway) if line.get("evento") == "alerta"][1:] == ["BASE_NO_LISTA"]


def test_the_deliverer_beside_is_started_again_with_what_is_configured_now(file, server):
    file.write_text(configuration(file.parent, "uno", WEB), encoding="utf-8")

    with serve(file, server, "--with-deliver") as gateway:
        [first] = until(lambda: children(gateway, deliverers=True))
        reload(gateway)
        until(lambda: children(gateway, deliverers=True) - {first})


def test_a_deliverer_that_is_told_to_reload_begins_anew_in_the_same_process_unless_it_could_not(file):
    file.write_text(configuration(file.parent, "uno", WEB), encoding="utf-8")
    log = (file.parent / "deliver.log").open("wb")
    process = psutil.Popen([PMC_SOAP, "--config", str(file), "deliver"], cwd=file.parent, stdout=log, stderr=log)

    def said(what):
        return (file.parent / "deliver.log").read_text(encoding="utf-8").count(what)

    try:
        until(lambda: said("Llevando avisos a DEMO/erp"))
        file.write_text(configuration(file.parent, "uno", WEB.replace("erp", "otro")), encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        until(lambda: said("Llevando avisos a DEMO/otro"))
        file.write_text("esto no es TOML", encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        until(lambda: said("CONFIGURACION_INVALIDA"))
        assert process.is_running()
        process.send_signal(signal.SIGTERM)
        assert process.wait(SOON_S) == 0
    finally:
        if process.is_running():
            process.kill()
            process.wait(SOON_S)
        log.close()


def test_told_to_end_a_server_answers_what_is_in_flight_and_takes_no_more(file, server):
    with serve(file, server, "--workers", "1") as gateway:
        where = ("127.0.0.1", urlsplit(gateway.url).port)
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: {len(ECO)}\r\n\r\n".encode()
        )
        with socket.create_connection(where, timeout=SOON_S) as connection:
            connection.sendall(head + ECO[:100])
            time.sleep(0.5)
            gateway.process.send_signal(signal.SIGTERM)
            until(lambda: not accepts(where))
            connection.sendall(ECO[100:])
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"<Mensaje>hola</Mensaje>" in answer
        assert gateway.process.wait(SOON_S) == 0
        with pytest.raises(requests.ConnectionError):
            requests.get(gateway.url, timeout=2)


def accepts(where):
    try:
        socket.create_connection(where, timeout=1).close()
    except OSError:
        return False
    return True
