"""The client tells in its own words what keeps it from being served."""

import gateway as g
import pytest
from requests import Session

from pmc_soap.client.cliente import NotAGateway, NotSent, PagoMisCuentas, Unreachable
from pmc_soap.soap import contract

WSDL = contract.committed("pagomiscuentas.wsdl")


def website(status, body):
    def app(environ, start_response):
        start_response(status, [("Content-Type", "text/xml"), ("Content-Length", str(len(body)))])
        return [body]

    return app


@pytest.mark.parametrize("url", ["localhost:8191", "", "ftp://x", "http://[::1"])
def test_what_is_no_http_address_is_told_so(url):
    with pytest.raises(NotAGateway):
        PagoMisCuentas(url, "DEMO", "x")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://", "http://127.0.0.1:99999", "http://un lugar"])
def test_where_nobody_can_listen_nobody_is_reached(url):
    with pytest.raises(Unreachable):
        PagoMisCuentas(url, "DEMO", "x")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("200 OK", b"<html><body>hola</body>"),
        ("200 OK", b"hola"),
        ("200 OK", b"<a/>"),
        ("200 OK", b""),
        ("200 OK", WSDL.replace(b"PagoMisCuentasBinding", b"OtraBinding")),
        ("404 Not Found", b"<html/>"),
        ("500 Internal Server Error", b""),
    ],
)
def test_another_service_is_no_gateway(status, body):
    with g.serving(website(status, body)) as (host, port), pytest.raises(NotAGateway):
        PagoMisCuentas(f"http://{host}:{port}", "DEMO", "x")


@pytest.mark.parametrize("status", ["200 OK", "502 Bad Gateway"])
def test_an_answer_that_is_not_ours_is_no_gateways(status):
    broken = website(status, b"<html>un proxy")

    def app(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            return broken(environ, start_response)
        name = contract.XSD_FILE if "xsd" in environ["PATH_INFO"] + environ["QUERY_STRING"] else "pagomiscuentas.wsdl"
        return website("200 OK", contract.committed(name))(environ, start_response)

    with g.serving(app) as (host, port):
        client = PagoMisCuentas(f"http://{host}:{port}", "DEMO", "x")
        with pytest.raises(NotAGateway):
            client.consulta_deuda("1")
        with pytest.raises(NotSent):
            client.consulta_deuda("a\x01")
        with pytest.raises(NotSent):
            client.aviso_pago(None, None)
        client.close()


def test_a_client_that_could_not_be_made_leaves_no_connection_open(monkeypatch):
    close, closed = Session.close, []

    def noted(session):
        closed.append(session)
        close(session)

    monkeypatch.setattr(Session, "close", noted)
    with pytest.raises(NotAGateway):
        PagoMisCuentas("localhost:8191", "DEMO", "x")
    assert len(closed) == 1
