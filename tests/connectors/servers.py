"""Systems of an empresa that misbehave, each in its way, on real sockets; and one that answers what it is told to."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.parser import BytesParser
from socketserver import StreamRequestHandler, ThreadingTCPServer
from time import monotonic

from fakes.examples import a_pago, a_reversa, kept

from pmc_soap.domain.aviso import AvisoPago
from pmc_soap.domain.consulta import Busqueda, Consulta
from pmc_soap.domain.entrega import Envio

TICK = 0.02
LONG_S = 5  # longer than any test waits, and not for ever: a call without an end must fail its test


@dataclass
class Request:
    """What a system was sent, and on which of its connections."""

    line: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        return self.line.split()[1]


@dataclass
class System:
    """A system that listens, and all that it was sent."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)


def answer(status="200 OK", body=b"", **headers) -> bytes:
    told = {"Content-Length": len(body), **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def always(told: bytes) -> Callable[..., None]:
    """Answer so to every request, on a connection that is kept."""
    return lambda sock, _: sock.sendall(told)


def in_turn(*told: bytes) -> Callable[..., None]:
    """Answer the first request so, the second so …"""
    left = iter(told)
    return lambda sock, _: sock.sendall(next(left))


def silent(sock, system):
    system.over.wait(LONG_S)


def _drip(sock, system, start, drop):
    sock.sendall(start)
    until = monotonic() + LONG_S
    while not system.over.wait(TICK) and monotonic() < until:
        sock.sendall(drop)


def drip_headers(sock, system):
    _drip(sock, system, b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a")


def drip_body(sock, system):
    _drip(sock, system, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" ")


def drip_to_the_end(sock, system):
    """Drip an answer that ends with the connection: one that is cut looks whole."""
    _drip(sock, system, b"HTTP/1.1 200 OK\r\n\r\n[]", b" ")


def drip_chunks(sock, system):
    _drip(sock, system, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n")


def continues(sock, system):
    _drip(sock, system, b"", b"HTTP/1.1 100 Continue\r\n\r\n")


def half_close(sock, system):
    sock.shutdown(socket.SHUT_WR)
    system.over.wait(LONG_S)


def reset(sock, _):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def garbage(sock, _):
    sock.sendall(b"\x00\x16\x03 no es HTTP \xff\r\n\r\n")
    sock.shutdown(socket.SHUT_WR)


def truncated(sock, _):
    sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"facturas"')
    sock.shutdown(socket.SHUT_WR)


def endless(sock, system):
    sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not system.over.is_set():
        sock.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def endless_redirect(sock, system):
    sock.sendall(b"HTTP/1.1 302 Found\r\nLocation: /otra\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not system.over.is_set():
        sock.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def never_reads(sock, system):
    system.over.wait(LONG_S)


never_reads.reads = False

LATE = (silent, drip_headers, drip_body, drip_to_the_end, drip_chunks, continues)
BROKEN = (half_close, reset, garbage, truncated, endless, endless_redirect)


class _Handler(StreamRequestHandler):
    def handle(self):
        system, behave = self.server.system, self.server.behave
        system.connections += 1
        mine = system.connections
        self.server.sockets.append(self.connection)
        try:
            while getattr(behave, "reads", True):
                line = self.rfile.readline().decode("latin-1")
                if not line.strip():
                    return
                headers = dict(BytesParser().parsebytes(b"".join(iter(self.rfile.readline, b"\r\n")), headersonly=True))
                body = self.rfile.read(int(headers.get("Content-Length", 0)))
                system.requests.append(Request(line, headers, body, mine))
                behave(self.connection, system)
                if behave in LATE + BROKEN:
                    return
            behave(self.connection, system)
        except OSError:  # the caller hung up, as it should
            return


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False
    request_queue_size = 64
    tls = None

    def finish_request(self, request, client_address):
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        try:
            with self.tls.wrap_socket(request, server_side=True) as secure:
                super().finish_request(secure, client_address)
        except OSError:
            return

    def handle_error(self, request, client_address):
        """Say nothing: the caller is who tells."""


@contextmanager
def listening(behave, certificate=None):
    """Serve so on a free port; with a certificate (its path and its key's, or a whole context), over TLS."""
    system = System()
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.system, server.behave, server.sockets = system, behave, []
        if isinstance(certificate, ssl.SSLContext):
            server.tls = certificate
        elif certificate is not None:
            server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.tls.load_cert_chain(*certificate)
        scheme = "https" if certificate else "http"
        system.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": TICK})
        thread.start()
        try:
            yield system
        finally:
            system.over.set()
            server.shutdown()
            thread.join()
            for sock in server.sockets:
                with suppress(OSError):  # it is closed already
                    sock.shutdown(socket.SHUT_RDWR)


def nobody() -> str:
    """Give an address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def a_consulta(**said) -> Consulta:
    busqueda = Busqueda(**{"codigo_empresa": "AGUA", "id_cliente": "C1", **said})
    return Consulta(busqueda=busqueda, id_mensaje="M-77", maximo_facturas=5)


def an_envio(aviso=None, id_aviso="A-1", **said) -> Envio:
    aviso = aviso or a_pago()
    return Envio(**{"codigo_empresa": "AGUA", "guardado": kept(aviso, id_aviso), "aviso": aviso, **said})


def a_reversal(pago: AvisoPago | None, **said) -> Envio:
    """Give the envio of a reversa, and of which pago it is, where that is known."""
    original = kept(pago, "A-0") if pago else None
    return an_envio(a_reversa(**said), "A-2", original=original)
