"""A call over HTTP ends within its seconds, whatever the other side does, and says what happened in our own words."""

import logging
import socket
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import servers

from pmc_soap.connectors.http import CUERPO_MAX, Canal, Contestacion
from pmc_soap.connectors.llamada import FueraDeTiempo, SinConexion

ASKED_S, BOUND_S = 0.3, 2
OPENSSL = (
    *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"),
    *("-subj", "/CN=erp", "-addext", "subjectAltName=IP:127.0.0.1"),
)


@pytest.fixture
def canal():
    made = Canal()
    yield made
    made.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Make a certificate for 127.0.0.1, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    try:
        subprocess.run([*OPENSSL, "-keyout", key, "-out", cert], check=True, capture_output=True)  # noqa: S603 — ours
    except FileNotFoundError:
        pytest.skip("openssl not found")
    return cert, key


def timed(call, *args, **said):
    """Give what a call raised, and how long it took."""
    began = time.monotonic()
    try:
        call(*args, **said)
    except Exception as error:  # noqa: BLE001 — what was raised is what is looked at
        return error, time.monotonic() - began
    return None, time.monotonic() - began


@pytest.mark.parametrize("behave", servers.LATE)
@pytest.mark.parametrize(("metodo", "cuerpo"), [("GET", None), ("POST", b"hola")])
def test_whoever_keeps_us_waiting_is_left_at_the_deadline(canal, behave, metodo, cuerpo):
    with servers.listening(behave) as system:
        error, took = timed(canal.call, metodo, system.url, timeout_s=ASKED_S, cuerpo=cuerpo)
    assert isinstance(error, FueraDeTiempo), error
    assert ASKED_S <= took < BOUND_S
    assert len(system.requests) == 1


@pytest.mark.parametrize("behave", servers.BROKEN)
def test_a_broken_answer_is_told_at_once(canal, behave):
    with servers.listening(behave) as system:
        error, took = timed(canal.call, "POST", system.url, timeout_s=10, cuerpo=b"hola")
    assert isinstance(error, SinConexion), error
    assert took < BOUND_S
    assert len(system.requests) == 1


def test_whoever_does_not_read_what_we_send_is_left_at_the_deadline(canal):
    with servers.listening(servers.never_reads) as system:
        error, took = timed(canal.call, "POST", system.url, timeout_s=ASKED_S, cuerpo=b"x" * 20_000_000)
    assert isinstance(error, FueraDeTiempo), error
    assert took < BOUND_S


def test_a_server_that_never_ends_the_tls_handshake_is_left_at_the_deadline(canal):
    with servers.listening(servers.never_reads) as system:
        url = system.url.replace("http:", "https:")
        error, took = timed(canal.call, "GET", url, timeout_s=ASKED_S)
    assert isinstance(error, FueraDeTiempo), error
    assert took < BOUND_S


@pytest.mark.parametrize("behave", [servers.drip_headers, servers.drip_body])
def test_the_deadline_holds_also_within_tls(certificate, behave):
    canal = Canal(ca=certificate[0])
    with servers.listening(behave, certificate) as system:
        error, took = timed(canal.call, "GET", system.url, timeout_s=ASKED_S)
    assert isinstance(error, FueraDeTiempo), error
    assert took < BOUND_S


def test_where_nobody_listens_there_is_no_connection(canal):
    error, took = timed(canal.call, "GET", servers.nobody(), timeout_s=10)
    assert isinstance(error, SinConexion), error
    assert took < BOUND_S
    assert error.motivo == "no se pudo conectar con el sistema de la empresa"


def test_a_system_that_takes_no_connection_is_given_up(canal):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        error, took = timed(canal.call, "GET", f"http://127.0.0.1:{address[1]}", timeout_s=ASKED_S)
        for one in waiting:
            one.close()
    assert isinstance(error, FueraDeTiempo), error
    assert took < BOUND_S


def test_a_resolver_that_does_not_answer_keeps_nobody_waiting(canal, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])
    error, took = timed(canal.call, "GET", "http://erp.invalid", timeout_s=ASKED_S)
    over.set()
    assert isinstance(error, FueraDeTiempo), error
    assert took < BOUND_S


@pytest.mark.parametrize("url", ["http://", "ftp://127.0.0.1", "127.0.0.1", "http://127.0.0.1:99999", "http://[::1"])
def test_what_is_no_address_is_no_connection(canal, url):
    error, _ = timed(canal.call, "GET", url, timeout_s=1)
    assert isinstance(error, SinConexion), error


def test_no_time_left_is_no_call(canal):
    with servers.listening(servers.always(servers.answer())) as system:
        error, _ = timed(canal.call, "GET", system.url, timeout_s=-1)
    assert isinstance(error, FueraDeTiempo), error
    assert system.requests == []


def test_what_is_said_holds_no_address_and_no_text_of_a_library(canal):
    url = f"{servers.nobody()}/clientes/27-11111111-4"
    error, _ = timed(canal.call, "GET", url, timeout_s=1)
    assert "2711" not in str(error).replace("-", "")
    assert "Error" not in str(error)


def test_a_header_that_is_none_leaves_no_address_in_the_log(canal, caplog):
    told = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nesto no es\r\n\r\n"
    caplog.set_level(logging.INFO)
    with servers.listening(servers.always(told)) as system:
        timed(canal.call, "GET", f"{system.url}/clientes/27111111114", timeout_s=1)
    assert "27111111114" not in caplog.text


def test_calls_one_after_the_other_share_a_connection(canal):
    with servers.listening(servers.always(servers.answer(body=b"hola"))) as system:
        said = [canal.call("POST", system.url, timeout_s=5, cuerpo=b"x").cuerpo for _ in range(3)]
        assert (said, system.connections) == ([b"hola"] * 3, 1)


def test_a_connection_that_the_server_closed_meanwhile_is_no_failure(canal):
    closed = threading.Event()

    def once(sock, system):
        sock.sendall(servers.answer(body=b"hola"))
        sock.shutdown(socket.SHUT_RDWR)
        closed.set()

    with servers.listening(once) as system:
        for _ in range(3):
            assert canal.call("POST", system.url, timeout_s=5, cuerpo=b"x").cuerpo == b"hola"
            assert closed.wait(5)
            closed.clear()
        assert system.connections == 3


def test_a_kept_connection_is_cut_at_the_deadline_of_the_call_that_uses_it(canal):
    def drips_later(sock, system):
        if len(system.requests) == 1:
            sock.sendall(servers.answer())
        else:
            servers.drip_body(sock, system)

    with servers.listening(drips_later) as system:
        canal.call("GET", system.url, timeout_s=60)
        error, took = timed(canal.call, "GET", system.url, timeout_s=ASKED_S)
    assert isinstance(error, FueraDeTiempo), error
    assert took < BOUND_S
    assert system.connections == 1


def test_threads_share_a_canal_and_each_has_its_own_deadline(canal):
    def mixed(sock, system):
        if system.requests[-1].path == "/nunca":
            servers.silent(sock, system)
        sock.sendall(servers.answer(body=b"hola"))

    with servers.listening(mixed) as system, ThreadPoolExecutor(8) as threads:
        late = threads.submit(timed, canal.call, "GET", f"{system.url}/nunca", timeout_s=ASKED_S)
        late.result()
        calls = [threads.submit(canal.call, "GET", f"{system.url}/{n}", timeout_s=10) for n in range(40)]
        assert {call.result().cuerpo for call in calls} == {b"hola"}
        assert isinstance(late.result()[0], FueraDeTiempo)


def test_an_answer_as_long_as_the_limit_is_read_and_one_byte_more_is_not(canal):
    told = [servers.answer(body=b"x" * CUERPO_MAX), servers.answer(body=b"x" * (CUERPO_MAX + 1))]
    with servers.listening(servers.in_turn(*told)) as system:
        assert len(canal.call("GET", system.url, timeout_s=5).cuerpo) == CUERPO_MAX
        with pytest.raises(SinConexion, match="demasiado larga"):
            canal.call("GET", system.url, timeout_s=5)


@pytest.mark.parametrize("metodo", ["GET", "POST"])
def test_a_redirect_is_answered_to_the_caller_and_not_followed(canal, metodo):
    told = servers.answer("302 Found", b"otro lado", Location="/otra")
    with servers.listening(servers.always(told)) as system:
        contestacion = canal.call(metodo, system.url, timeout_s=5)
    assert (contestacion.status, contestacion.cuerpo, len(system.requests)) == (302, b"otro lado", 1)


def test_no_proxy_of_the_environment_and_no_cookie_come_between(canal, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, servers.nobody())
    told = servers.answer(Set_Cookie="sesion=1; Path=/")
    with servers.listening(servers.always(told)) as system:
        for _ in range(2):
            canal.call("GET", system.url, timeout_s=5)
    assert ["Cookie" in request.headers for request in system.requests] == [False, False]


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(canal, certificate):
    trusting = Canal(ca=certificate[0])
    with servers.listening(servers.always(servers.answer(body=b"hola")), certificate) as system:
        with pytest.raises(SinConexion, match="conexión segura"):
            canal.call("GET", system.url, timeout_s=5)
        assert system.requests == []
        assert trusting.call("GET", system.url, timeout_s=5).cuerpo == b"hola"
        with pytest.raises(SinConexion):
            trusting.call("GET", system.url.replace("127.0.0.1", "localhost"), timeout_s=5)
    trusting.close()


def test_our_own_certificate_is_shown_to_who_asks_for_it(certificate):
    demanding = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    demanding.load_cert_chain(*certificate)
    demanding.load_verify_locations(certificate[0])
    demanding.verify_mode = ssl.CERT_REQUIRED
    without, shown = Canal(ca=certificate[0]), Canal(ca=certificate[0], certificado=certificate)
    with servers.listening(servers.always(servers.answer(body=b"hola")), demanding) as system:
        with pytest.raises(SinConexion):
            without.call("GET", system.url, timeout_s=5)
        assert shown.call("GET", system.url, timeout_s=5).cuerpo == b"hola"
    without.close()
    shown.close()


def test_a_bundle_that_is_not_there_is_no_connection_and_no_crash(tmp_path):
    canal = Canal(ca=tmp_path / "falta.pem")
    error, _ = timed(canal.call, "GET", "https://127.0.0.1:1", timeout_s=1)
    assert isinstance(error, SinConexion), error


def said(retry_after):
    return Contestacion(status=503, headers={"Retry-After": retry_after}, cuerpo=b"").retry_after


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120), (" 7 ", 7), ("0", None), ("-5", None), ("", None), ("pronto", None), ("1.5", None), ("²", None)],
)
def test_retry_after_is_read_as_seconds(text, seconds):
    assert said(text) == (timedelta(seconds=seconds) if seconds else None)


def test_retry_after_is_read_as_a_date_and_one_of_the_past_says_nothing():
    now = datetime.now(UTC)
    soon = said(format_datetime(now + timedelta(minutes=10), usegmt=True))
    assert timedelta(minutes=9) < soon <= timedelta(minutes=10)
    assert said(format_datetime(now - timedelta(minutes=10), usegmt=True)) is None
    assert said("9" * 5000) > timedelta(days=1)
