"""What is hardly HTTP, sent to the served gateway: one SOAP fault comes back, and never HTML."""

import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from process import serving

POST = b"POST /soap/v1/pagomiscuentas HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n"
SECRET = b"secreto-del-pedido"
BAD = {
    "a length that is no number": (POST + b"Content-Length: secreto-del-pedido\r\n\r\n<a/>", "PMC-1011"),
    "a negative length": (POST + b"Content-Length: -1\r\n\r\n<a/>", "PMC-1011"),
    "two lengths": (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n<a/>", "PMC-1011"),
    "a header over 8 KiB": (POST + b"X-Largo: " + SECRET * 600 + b"\r\n\r\n", "PMC-1011"),
    "a header without a colon": (POST + b"secreto-del-pedido\r\n\r\n", "PMC-1011"),
    "a transfer coding that nobody knows": (POST + b"Transfer-Encoding: secreto-del-pedido\r\n\r\n", "PMC-1011"),
    "a line that asks for nothing": (b"secreto-del-pedido\r\n\r\n", "PMC-1011"),
    "a chunk that is none": (POST + b"Transfer-Encoding: chunked\r\n\r\nsecreto-del-pedido\r\n", "PMC-1001"),
    "a body that ends before its length": (POST + b"Content-Length: 100\r\n\r\n<a", "PMC-1001"),
}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with serving("demo", "--port", "{port}", cwd=tmp_path_factory.mktemp("gateway")) as running:
        yield running


def answer_to(gateway, request):
    with socket.create_connection(("127.0.0.1", urlsplit(gateway.url).port), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("bad", BAD)
def test_what_is_hardly_http_gets_one_soap_fault(gateway, bad):
    request, codigo = BAD[bad]
    head, _, body = answer_to(gateway, request).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 500 ")
    assert b"content-type: text/xml; charset=utf-8" in head.lower()
    assert re.findall(rb"<faultstring>(PMC-\d+)", body) == [codigo.encode()]
    assert body.endswith(b"</soap:Envelope>")
    assert b"<html" not in body
    assert SECRET.decode() not in Path(gateway.log).read_text(encoding="utf-8")
