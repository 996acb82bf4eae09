"""Hostile requests: each gets one well-formed SOAP answer, cheaply, and nothing is opened or called because of it.

The suite plays every attack once, in one place, port and encoding; PMC_ATAQUES=todos plays all of them, as `make gate`
does. Promises P14 and P15.
"""

import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import ataques_jugados as jugados
import gateway as g
import pytest
from journeys.process import serving

ALL = os.environ.get("PMC_ATAQUES") == "todos"
CASES = {each.name: each for each in (jugados.cases() if ALL else jugados.slice_of(jugados.cases()))}
CHANGED_BY_WHO_MAY_ASK = {"consulta", "cotizacion", "alerta"}


@pytest.fixture(scope="module")
def attacked(world, tmp_path_factory):
    with g.gateway_on(world, tmp_path_factory.mktemp("attacked")) as opened:
        for operation in g.VALID:  # its schemas are made, its statements compiled
            opened.ask(operation, **g.VALID[operation])
        before = opened.everything()
        yield opened
        changed = {table for table, rows in opened.everything().items() if rows != before[table]}
        assert changed <= CHANGED_BY_WHO_MAY_ASK


@pytest.mark.parametrize("name", CASES)
def test_each_attack_gets_one_soap_answer_within_50_ms_of_cpu_and_20_mb(attacked, name):
    assert jugados.play(attacked, CASES[name]).wrong is None


def test_there_are_as_many_attacks_as_promised():
    every = jugados.cases()
    assert len(every) == len({each.name for each in every})
    assert len(every) >= 700
    assert len(jugados.slice_of(every)) >= 120


def test_an_attack_that_ends_otherwise_than_it_must_is_found(attacked):
    good = jugados.Ataque("nobody's attack", g.pedido("Eco", Mensaje="hola"), frozenset({"PMC-1012"}))
    assert jugados.play(attacked, good).wrong == "ended with None"


# Nothing is opened, nobody is called ----------------------------------------------------------------------------------

OWN = (
    *(sys.prefix, sys.base_prefix, str(g.ROOT), "/usr/lib", "/lib", "/proc/self"),
    *("/etc/localtime", "/usr/share/zoneinfo"),
    "/proc/sys/vm/overcommit_memory",  # glibc's, when a thread's memory shrinks
)


@contextmanager
def sentinel():
    """Give an address of this machine that nobody may call, and what was asked there."""
    asked = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace not found")
def test_no_attack_has_a_file_opened_or_anybody_called(tmp_path):
    trace = tmp_path / "trace"
    calls = "trace=open,openat,openat2,creat,connect,sendto,execve,execveat"
    with sentinel() as (address, asked):
        played = subprocess.run(  # noqa: S603 — our own script
            [
                *("strace", "-f", "-qq", "-s", "300", "-e", calls, "-o", str(trace)),
                *(sys.executable, jugados.__file__, "--json", "--sentinel", address),
                *(["--todos"] if ALL else []),
            ],
            env={**os.environ, "TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    assert played.returncode == 0, played.stderr
    assert len(played.stdout.splitlines()) == len(CASES)
    assert [line for line in played.stdout.splitlines() if json.loads(line)["wrong"]] == []
    assert asked == []
    assert foreign(trace.read_text(encoding="utf-8", errors="replace"), tmp_path) == []


def foreign(trace, folder):
    """Give the system calls of a trace, between its two marks, that reach beyond our own files."""
    _, _, during = trace.partition(jugados.BEGIN)
    during, found, _ = during.partition(jugados.END)
    assert found, "the marks are not in the trace"
    calls = during.splitlines()[1:-1]  # the rest of the first mark, and the start of the last
    own = (str(folder), *OWN)
    return [call for call in calls if "(" in call and not any(f'"{path}' in call for path in own)]


def test_the_look_at_a_trace_sees_what_does_not_belong():
    begin, end = f'1 openat(AT_FDCWD, "{jugados.BEGIN}") = -1\n', f'1 openat(AT_FDCWD, "{jugados.END}") = -1\n'
    inside = '1 openat(AT_FDCWD, "/t/gateway.db", O_RDWR) = 3\n'
    for call in (
        '1 openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3\n',
        "1 connect(4, {sa_family=AF_INET, sin_port=htons(9)}, 16) = 0\n",
        '1 execve("/bin/true", ["true"], 0x1) = 0\n',
    ):
        assert foreign(f"{call}{begin}{inside}{call}{end}", "/t") == [call.strip()]
    assert foreign(f"{begin}{inside}{end}", "/t") == []


# HTTP that could be read in two ways ----------------------------------------------------------------------------------

POST = b"POST /soap/v1/pagomiscuentas HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n"
ECO, HIDDEN = g.pedido("Eco", Mensaje="visible"), g.pedido("Eco", Mensaje="escondido")
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(ECO)
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(ECO), ECO)
INNER = POST + b"Content-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN


def _with(line, body=ECO, length=LENGTH):
    return POST + line + length + b"\r\n" + body


# how the one answer ends: a fault, or what the Eco said
TWO_WAYS = {
    "a length and chunks": (_with(CHUNKED, b"0\r\n\r\n" + INNER), "PMC-1011"),
    "chunks and a length": (_with(CHUNKED, CHUNKS + INNER, b"Content-Length: 4\r\n"), "PMC-1011"),
    "a blank before the colon": (_with(b"Transfer-Encoding : chunked\r\n"), "PMC-1011"),
    "a coding that looks like chunks": (_with(b"Transfer-Encoding: xchunked\r\n", CHUNKS, b""), "PMC-1011"),
    "two codings": (_with(CHUNKED + b"Transfer-Encoding: identity\r\n", CHUNKS, b""), "PMC-1011"),
    "chunks in chunks": (_with(b"Transfer-Encoding: chunked, chunked\r\n", CHUNKS, b""), "PMC-1011"),
    "a coding after a control": (_with(b"Transfer-Encoding: \x0bchunked\r\n"), "PMC-1011"),
    "a header over two lines": (_with(b"Transfer-Encoding:\r\n chunked\r\n"), "PMC-1011"),
    "lines that end in LF": (_with(b"").replace(b"\r\n", b"\n"), "PMC-1011"),
    "a line that ends in CR": (_with(b"X: a\rContent-Length: 3\r\n"), "PMC-1011"),
    "a NUL in a header": (_with(b"X: a\0b\r\n"), "PMC-1011"),
    "a header that is not ASCII": (_with("X-Ñ: á\r\n".encode()), "PMC-1011"),
    "a length with a sign": (_with(b"", ECO, b"Content-Length: +%d\r\n" % len(ECO)), "PMC-1011"),
    "a length twice": (_with(LENGTH), "PMC-1011"),
    "a length twice in a line": (_with(b"", ECO, b"Content-Length: %d, %d\r\n" % (len(ECO), len(ECO))), "PMC-1011"),
    "a length with an underscore": (_with(b"Content_Length: 3\r\n"), "visible"),
    "no length": (_with(b"", ECO, b""), "PMC-1001"),
    "a chunk below nothing": (_with(CHUNKED, b"-1\r\n" + INNER, b""), "PMC-1001"),
    "a chunk of 0x": (_with(CHUNKED, b"0x" + CHUNKS, b""), "PMC-1001"),
    "a chunk beyond all numbers": (_with(CHUNKED, b"f" * 18 + b"\r\n" + INNER, b""), "PMC-1001"),
    "a chunk with 70,000 characters more": (_with(CHUNKED, b"5;" + b"a" * 70_000 + b"\r\n" + ECO, b""), "PMC-1001"),
    "chunks that end in LF": (_with(CHUNKED, CHUNKS.replace(b"\r\n", b"\n"), b""), "PMC-1001"),
    "chunks of a byte": (
        _with(CHUNKED, b"".join(b"1\r\n%c\r\n" % byte for byte in ECO) + b"0\r\n\r\n", b""),
        "visible",
    ),
    "chunks beyond the limit": (
        _with(CHUNKED, b"".join(b"1000\r\n" + b" " * 4_096 + b"\r\n" for _ in range(20)) + b"0\r\n\r\n", b""),
        "PMC-1009",
    ),
    "an expectation of its own": (_with(b"Expect: 200-ok\r\n"), "PMC-1011"),
    "two hosts": (_with(b"Host: y\r\n"), "PMC-1011"),
    "300 headers": (_with(b"X: a\r\n" * 300), "PMC-1011"),
    "another's whole address": (_with(b"").replace(b"POST /", b"POST http://malo.example/"), "visible"),
    "a path of 9,000 characters": (_with(b"").replace(b"/soap", b"/" + b"a" * 9_000 + b"/soap"), "PMC-1011"),
    "a path with dots": (_with(b"").replace(b"/soap/", b"/x/../soap/"), "PMC-1006"),
    "a path in percents": (_with(b"").replace(b"/soap/v1/", b"/soap%2fv1%2f%00"), "PMC-1006"),
    "a method in small letters": (_with(b"").replace(b"POST", b"post"), "PMC-1011"),
    "a method of bytes": (_with(b"").replace(b"POST", b"P\x7fST"), "PMC-1011"),
    "HTTP/0.9": (b"GET /soap/v1/pagomiscuentas\r\n", "PMC-1011"),
    "HTTP/1.11": (_with(b"").replace(b"HTTP/1.1", b"HTTP/1.11"), "PMC-1011"),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "PMC-1011"),
    "a websocket": (_with(b"Upgrade: websocket\r\nConnection: Upgrade\r\n"), "visible"),
    "a line of a proxy": (b"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n" + _with(b""), "PMC-1011"),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    with serving("serve", "--bind", "127.0.0.1:{port}", "--workers", "1", "--threads", "2", cwd=folder) as running:
        yield running


@pytest.mark.parametrize("name", TWO_WAYS)
def test_http_that_could_be_read_in_two_ways_is_read_in_one_and_answered_once(served, name):
    request, ending = TWO_WAYS[name]
    with socket.create_connection(("127.0.0.1", urlsplit(served.url).port), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answered = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answered.partition(b"\r\n\r\n")
    assert re.findall(rb"HTTP/1\.1 (\d+)", answered) == [b"200" if ending == "visible" else b"500"]
    assert b"content-type: text/xml; charset=utf-8" in head.lower()
    assert re.findall(rb"<faultstring>(PMC-\d+)|<Mensaje>(\w+)", body) in (
        [(ending.encode(), b"")],
        [(b"", ending.encode())],
    )
    assert body.endswith(b"</soap:Envelope>")
    assert b"<html" not in answered.lower()


def test_the_server_is_well_after_all_of_it(served):
    for request, _ in TWO_WAYS.values():
        with socket.create_connection(("127.0.0.1", urlsplit(served.url).port), timeout=10) as connection:
            connection.sendall(request)  # and gone without an answer
    with socket.create_connection(("127.0.0.1", urlsplit(served.url).port), timeout=10) as connection:
        connection.sendall(_with(b"Connection: close\r\n"))
        assert b"<Mensaje>visible</Mensaje>" in b"".join(iter(lambda: connection.recv(65536), b""))
    assert "Traceback" not in Path(served.log).read_text(encoding="utf-8")
