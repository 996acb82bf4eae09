"""The shipped nginx, with real certificates, in front of the real gateway: who passes, what is believed, who waits."""

import re
import select
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib.util import find_spec

import fallas
import gateway as g
import proxy
import pytest

from pmc_soap.soap.contract import PORTS
from pmc_soap.soap.dinero import MONEY

pytestmark = pytest.mark.skipif(proxy.NGINX is None, reason=proxy.NO_NGINX)

HASH = g.hash_secret(proxy.TOKEN)
FORGED = {
    "X-Cliente-Certificado": "",  # filled with the subject that is right
    "X-Cliente-Verificado": "SUCCESS",
    "X-Forwarded-For": "200.16.0.7",
    "X_Cliente_Certificado": "",
    "X_Cliente_Verificado": "SUCCESS",
    "X_Forwarded_For": "200.16.0.7",
}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return proxy.make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def start(tmp_path_factory, sqlite_template, certificates):
    """Start a gateway with what is said of the network, and nginx in front of it; each of them once."""
    running = {}
    with ExitStack() as stack:

        def start(said, server="gunicorn", workers=1):
            key = said, server
            if key not in running:
                folder = tmp_path_factory.mktemp("behind")
                args = ("--workers", str(workers), "--threads", "4", "--server", server)
                unix = stack.enter_context(proxy.behind(folder, sqlite_template, said, *args))
                running[key] = stack.enter_context(proxy.nginx(folder, certificates, unix))
            return running[key]

        yield start


def certificate_only(certificates):
    return f"certificados = ['{certificates.subject}']"


def either(certificates):
    return f'{certificate_only(certificates)}\ncredenciales = [{{ usuario = "red", hash = "{HASH}" }}]'


def ask(token=None):
    return g.pedido("ConsultaDeuda", empresa="1234", token=token, IdCliente="1")


@pytest.fixture(params=["gunicorn", "granian"])
def front(request, start, certificates):
    """Where the network has a certificate and nothing else."""
    if find_spec(request.param) is None:
        pytest.skip(f"{request.param} not found: pip install 'pmc-soap[fast]'")
    return start(certificate_only(certificates), request.param)


@pytest.fixture
def one(start, certificates):
    """The same behind one server, where nginx is what is tested."""
    return start(certificate_only(certificates))


# Who passes ---------------------------------------------------------------------------------------------------------


def test_the_network_s_certificate_passes_without_a_token(front):
    assert front.post(g.PMC, ask(), client="red").codigo == "03"


@pytest.mark.parametrize("path", [g.PMC, g.EMPRESA])
def test_a_certificate_of_another_authority_is_refused_whatever_its_subject_says(front, path):
    assert front.post(path, ask(), client="extraño").falla == "PMC-2002"
    assert front.has_logged("FAILED")


def test_another_subject_of_the_same_authority_is_refused(front):
    assert front.post(g.PMC, ask(), client="empresa").falla == "PMC-2002"


def test_without_a_certificate_nobody_passes_where_there_is_nothing_else_to_show(front):
    assert (front.post(g.PMC, ask()).falla, front.post(g.PMC, ask(proxy.TOKEN)).falla) == ("PMC-2001", "PMC-2002")


def test_a_token_passes_without_a_certificate_where_it_is_configured(start, certificates):
    front = start(either(certificates))
    assert front.post(g.PMC, ask(proxy.TOKEN)).codigo == "03"
    assert front.post(g.PMC, ask(proxy.TOKEN), client="empresa").codigo == "03"
    assert front.post(g.PMC, ask(), client="red").codigo == "03"
    assert front.post(g.PMC, ask("mal"), client="red").falla == "PMC-2002"


@pytest.mark.parametrize("client", ["", "empresa"])
def test_headers_that_come_from_outside_are_not_believed(front, client):
    subject = front.certificates.subject
    forged = {name: value or subject for name, value in FORGED.items()}
    answer = front.post(g.PMC, ask(), forged, client)
    assert answer.falla == ("PMC-2002" if client else "PMC-2001")


def test_an_address_that_comes_from_outside_is_not_believed(start, certificates):
    front = start(f'{either(certificates)}\nredes = ["200.16.0.0/24"]')
    assert front.post(g.PMC, ask(proxy.TOKEN), {"X-Forwarded-For": "200.16.0.7"}).falla == "PMC-2003"
    assert front.post(g.PMC, ask(), {"X-Forwarded-For": "200.16.0.7"}, "red").falla == "PMC-2003"


def test_the_address_that_nginx_sees_is_the_one_that_counts(start, certificates):
    front = start(f'{either(certificates)}\nredes = ["127.0.0.1"]')
    assert front.post(g.PMC, ask(proxy.TOKEN), {"X-Forwarded-For": "200.16.0.7"}).codigo == "03"


# What nginx answers by itself ---------------------------------------------------------------------------------------


def test_the_contract_and_the_help_pages_pass_and_nothing_else_does(one):
    for path in (g.PMC, g.EMPRESA):
        assert one.request("GET", f"{path}?wsdl").status == 200
    for path in ("/", "/salud", "/salud/listo", "/consola", "/soap/v1/otra?wsdl"):
        answer = one.request("GET", path)
        assert (answer.status, answer.headers["Content-Type"]) == (404, "text/plain; charset=utf-8"), path
    assert one.post("/soap/v1/otra", ask()).falla == "PMC-1006"


@pytest.mark.parametrize(("path", "limit"), [(g.PMC, 64 * 1024), (g.EMPRESA, 512 * 1024)])
def test_what_is_too_big_is_refused_by_a_fault_at_the_limit_of_the_gateway(one, path, limit):
    assert one.post(path, b" " * (limit + 1)).falla == "PMC-1009"
    assert one.post(path, b" " * limit).falla == "PMC-1001"  # it reached the gateway


@pytest.mark.parametrize(
    "request_",
    [
        b"nada\r\n\r\n",
        b"POST /soap/v1/empresa HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"POST /soap/v1/empresa HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x\r\n\r\n",
        b"POST /soap/v1/empresa HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 9000 + b"\r\n\r\n",
        b"POST /soap/v1/" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["no http", "length", "encoding", "header", "path"],
)
def test_what_is_no_http_is_answered_by_a_fault_with_an_id_that_is_in_the_log(one, request_):
    with one.connect() as connection:
        connection.sendall(request_)
        said = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert "PMC-1011" in said
    assert "<html" not in said
    [id_pedido] = re.findall("<IdPedido>([0-9a-f]{32})</IdPedido>", said)
    assert one.has_logged(id_pedido)


def test_plain_http_to_the_tls_port_is_answered_by_a_fault(one):
    import socket

    with socket.create_connection(("127.0.0.1", one.port), timeout=10) as connection:
        connection.sendall(b"POST / HTTP/1.0\r\n\r\n")
        assert b"PMC-1011" in connection.recv(65536)


def test_a_gateway_that_is_gone_is_a_fault_that_may_be_repeated(tmp_path, certificates):
    with proxy.nginx(tmp_path, certificates, tmp_path / "nobody.sock") as front:
        answer = front.post(g.PMC, ask())
    assert (answer.status, answer.falla) == (500, "PMC-9001")


def test_a_gateway_that_hangs_is_a_fault_in_time(tmp_path, certificates):
    import socket

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "hung.sock"))
        listening.listen(8)
        edit = {"proxy_read_timeout 15s;": "proxy_read_timeout 1s;"}
        with proxy.nginx(tmp_path, certificates, tmp_path / "hung.sock", edit) as front:
            assert front.post(g.PMC, ask()).falla == "PMC-9001"


@pytest.mark.parametrize(("client", "refused"), [("", 2), ("red", 0)])
def test_too_many_at_once_from_one_address_are_told_to_come_back_but_not_who_is_known(
    tmp_path, certificates, client, refused
):
    import socket

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "hung.sock"))
        listening.listen(8)
        edit = {
            "limit_conn pmc_soap 100;": "limit_conn pmc_soap 2;",
            "proxy_read_timeout 15s;": "proxy_read_timeout 2s;",
        }
        with proxy.nginx(tmp_path, certificates, tmp_path / "hung.sock", edit) as front:
            answers = []
            asking = [
                threading.Thread(target=lambda: answers.append(front.post(g.PMC, ask(), client=client)))
                for _ in range(4)
            ]
            for each in asking:
                each.start()
            for each in asking:
                each.join()
    assert sorted(answer.falla for answer in answers) == ["PMC-9001"] * (4 - refused) + ["PMC-9003"] * refused
    assert all(answer.headers["Retry-After"] == "1" for answer in answers if answer.falla == "PMC-9003")


def test_what_nginx_may_refuse_is_each_operation_that_is_no_money():
    shipped = (proxy.SHIPPED / "pmc-soap.conf").read_text(encoding="utf-8")
    [named] = re.findall(r"\((ConsultaDeuda(?:\|\w+)*)\)", shipped)
    assert set(named.split("|")) == {each.name for port in PORTS for each in port.operations} - MONEY


@pytest.mark.parametrize(
    ("action", "refused"),
    [
        (f'"{g.NS}#ConsultaDeuda"', 2),
        ("ConsultaDeuda", 2),
        (f'"{g.NS}#AvisoPago"', 0),
        ("", 0),
        ('"http://b.example/MiEco"', 0),
    ],
)
def test_when_there_is_no_room_nginx_refuses_what_is_surely_no_money_and_nothing_else(
    tmp_path, certificates, action, refused
):
    import socket

    edit = {
        "max_conns=24;": "max_conns=2;",
        "proxy_read_timeout 15s;": "proxy_read_timeout 1s;",
    }
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "hung.sock"))
        listening.listen(8)
        with (
            proxy.nginx(tmp_path, certificates, tmp_path / "hung.sock", edit) as front,
            ThreadPoolExecutor(4) as asking,
        ):
            answers = list(asking.map(lambda _: front.post(g.PMC, ask(), {"SOAPAction": action}), range(4)))
    assert sorted(each.falla for each in answers) == ["PMC-9001"] * (4 - refused) + ["PMC-9003"] * refused


def test_the_answers_of_nginx_are_the_gateway_s_own():
    shipped = (proxy.SHIPPED / "pmc-soap-fallas.conf").read_text(encoding="utf-8")
    assert shipped == fallas.write(), "corré: python tests/deploy/fallas.py > deploy/nginx/pmc-soap-fallas.conf"


# Who waits ----------------------------------------------------------------------------------------------------------

SLOW, CALLS, WITHIN_S = 50, 40, 1.0
_HEAD = (
    b"POST /soap/v1/pagomiscuentas HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 60000\r\n"
    b'SOAPAction: "urn:pmc-soap:v1#ConsultaDeuda"\r\n'
)


def _drip(connections, stop):
    """Send every half second one byte more on each connection: of the headers on one half, of the body on the other."""
    while not stop.wait(0.5):
        for connection in connections:
            if select.select([], [connection], [], 0)[1]:
                try:
                    connection.sendall(b"a")
                except OSError:
                    continue


def test_fifty_slow_clients_make_no_legitimate_call_wait(start, certificates):
    front = start(either(certificates))
    stop, took = threading.Event(), []
    with ExitStack() as stack:
        connections = [stack.enter_context(front.connect()) for _ in range(SLOW)]
        for n, connection in enumerate(connections):
            connection.sendall(_HEAD + (b"\r\n" if n % 2 else b"X-A: "))
        dripping = threading.Thread(target=_drip, args=(connections, stop))
        dripping.start()
        try:
            for _ in range(CALLS):
                began = time.monotonic()
                assert front.post(g.PMC, ask(proxy.TOKEN)).codigo == "03"
                took.append(time.monotonic() - began)
        finally:
            stop.set()
            dripping.join()
    assert max(took) < WITHIN_S


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/consola/entrar", "/consola", "/sandbox/", "/contrato/", "//consola/entrar"])
def test_nobody_reaches_the_pages_of_the_empresa_s_people(one, method, path):
    answer = one.request(method, path, b"usuario=ana&clave=x", {"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status, b"<html" in answer.body) == (404, False)
