"""One HTTP call's hold on its sockets: at its deadline they are shut down, whatever the other side is doing.

A socket's own timeout begins anew with every byte, so that it bounds no call: one that drips lasts for ever. A shutdown
ends any connect, handshake, send or read. Names are looked up aside, since nothing can interrupt a resolver.
"""

import socket
from collections.abc import Sequence
from contextvars import ContextVar
from queue import Empty, SimpleQueue
from threading import Lock, Thread, Timer
from time import monotonic
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

CONNECT_S = 2.0

_current: ContextVar["Llamada"] = ContextVar("llamada")
_Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]


class FallaDeRed(Exception):
    """A call came to nothing. motivo is Spanish, with no value and no secret."""

    def __init__(self, motivo: str) -> None:
        super().__init__(motivo)
        self.motivo = motivo


class FueraDeTiempo(FallaDeRed):
    """There was no whole answer in time; what was sent may have been read."""

    def __init__(self) -> None:
        super().__init__("el sistema de la empresa no contestó a tiempo")


class SinConexion(FallaDeRed):
    """There was no connection, or a broken answer."""


class Llamada:
    """A call under way on this thread; it holds its sockets until it is over."""

    def __init__(self, timeout_s: float) -> None:
        self._until = monotonic() + timeout_s
        self._lock = Lock()
        self._held: list[socket.socket] = []
        self._expired = False
        self._timer = Timer(max(timeout_s, 0), self._expire)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._token = _current.set(self)
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)
        self._timer.cancel()
        with self._lock:
            for held in self._held:
                held.close()
            self._held.clear()

    @property
    def expired(self) -> bool:
        """Tell whether the deadline has passed: what was read since, or has ended, is not to be trusted."""
        return self._expired or self._until <= monotonic()

    @property
    def left_s(self) -> float:
        """Give the seconds left; raises FueraDeTiempo if there are none."""
        left = self._until - monotonic()
        if left <= 0:
            raise FueraDeTiempo
        return left

    def hold(self, sock: socket.socket) -> None:
        """Keep a hand of its own on a socket: TLS takes the socket away from whoever opened it."""
        held = socket.fromfd(sock.fileno(), sock.family, sock.type)
        with self._lock:
            self._held.append(held)
            if self._expired:
                _shut(held)

    def _expire(self) -> None:
        with self._lock:
            self._expired = True
            for held in self._held:
                _shut(held)


def _shut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:  # the other side was quicker
        return


def _connect(host: str, port: int, llamada: Llamada) -> socket.socket:
    """Open a socket to the first address that answers, all of them within CONNECT_S."""
    until = monotonic() + CONNECT_S
    addresses = _resolve(host, port, min(CONNECT_S, llamada.left_s))
    for tried, (family, kind, proto, _, address) in enumerate(addresses):
        sock = socket.socket(family, kind, proto)
        try:
            share = (until - monotonic()) / (len(addresses) - tried)
            sock.settimeout(min(max(share, 0.001), llamada.left_s))
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(llamada.left_s)
            llamada.hold(sock)
        except OSError:
            sock.close()
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise SinConexion("no se pudo conectar con el sistema de la empresa")


def _resolve(host: str, port: int, timeout_s: float) -> Sequence[_Address]:
    """Look the name up; raises SinConexion also if that takes too long."""
    found: SimpleQueue[Sequence[_Address]] = SimpleQueue()

    def look() -> None:
        try:
            found.put(socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            found.put(())

    Thread(target=look, name="nombre", daemon=True).start()
    try:
        addresses = found.get(timeout=timeout_s)
    except Empty:
        addresses = ()
    if not addresses:
        raise SinConexion("no se encontró el nombre del sistema de la empresa en la red")
    return addresses


class _Held(HTTPConnection):
    """A connection whose socket is held by the call that uses it."""

    def _new_conn(self) -> socket.socket:
        return _connect(self._dns_host, self.port or self.default_port, _current.get())

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request; a connection that was kept alive changes hands here."""
        if self.sock is not None:
            _current.get().hold(self.sock)
        super().request(*args, **kwargs)


class _HeldTls(_Held, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Held


class _PoolTls(HTTPSConnectionPool):
    ConnectionCls = _HeldTls


class Adaptador(HTTPAdapter):
    """Makes a requests Session use connections that the call under way holds."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _PoolTls}
