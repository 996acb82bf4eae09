"""How the body of a POST is read: its type and charset, its length, and no longer than the limit of time."""

import socket
import threading
from email.message import Message
from functools import lru_cache
from time import monotonic, sleep
from typing import Any
from wsgiref.types import WSGIEnvironment

from pmc_soap.soap.envelope import charset_of
from pmc_soap.soap.fallas import Causa, FallaSoap
from pmc_soap.soap.limites import READ_MAX_S

_MEDIA = frozenset({"text/xml", "application/xml", "application/soap+xml"})
_DRAIN_MAX = 16  # times the limit: beyond that the connection is lost anyway
_DIGITS_MAX = 18
_LOOK_EVERY_S = 0.25
_REMEMBERED_MAX = 200  # characters


class Vigia:
    """Closes the ear to who takes too long with his body: a thread that reads would wait for the last byte for ever."""

    def __init__(self, limit_s: float = READ_MAX_S) -> None:
        self._limit_s = limit_s
        self._until: dict[socket.socket, float] = {}
        self._starting = threading.Lock()
        self._watcher: threading.Thread | None = None

    def watch(self, connection: socket.socket) -> None:
        """Begin to watch; done() must follow."""
        self._until[connection] = monotonic() + self._limit_s
        if self._watcher is None:
            with self._starting:
                if self._watcher is None:
                    watcher = threading.Thread(target=self._watch, name="pmc-vigia", daemon=True)
                    watcher.start()
                    self._watcher = watcher  # not before: one that could not start must be tried again

    def done(self, connection: socket.socket) -> bool:
        """End to watch, and tell whether the body came in time."""
        return self._until.pop(connection, None) is not None

    def _watch(self) -> None:
        while True:
            sleep(_LOOK_EVERY_S)
            now = monotonic()
            for connection, until in self._until.copy().items():
                if until <= now and self._until.pop(connection, None) is not None:
                    _stop_reading(connection)


def read_body(environ: WSGIEnvironment, limit: int, vigia: Vigia) -> bytes:
    """Read the whole body, or all that the limit admits: an unread body makes some clients lose the answer.

    Never asks for more than was announced: a server may give the bare socket, and that would wait for ever.
    """
    length = environ.get("CONTENT_LENGTH") or ""
    if length and not (length.isascii() and length.isdecimal()):
        raise FallaSoap(Causa.HTTP)
    readable = limit * _DRAIN_MAX
    if length:
        readable = min(int(length[:_DIGITS_MAX]), readable)
    elif not environ.get("wsgi.input_terminated"):  # set where the server itself ends the input, as in chunks
        readable = 0
    connection = environ.get("gunicorn.socket")  # granian reads the body itself, before it calls us
    if connection is None:
        body = _read(environ["wsgi.input"], limit, readable)
    else:
        try:
            vigia.watch(connection)
            body = _read(environ["wsgi.input"], limit, readable)
        finally:
            in_time = vigia.done(connection)
        if not in_time:
            raise FallaSoap(Causa.LENTO)
    if len(body) > limit:
        raise FallaSoap(Causa.DEMASIADO_GRANDE)
    return body


def read_charset(environ: WSGIEnvironment) -> str | None:
    """Give the charset that the HTTP headers tell; raises FallaSoap for what we do not read."""
    if environ.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise FallaSoap(Causa.TIPO_DE_CONTENIDO)
    said = environ.get("CONTENT_TYPE") or "text/xml"
    return _charset_of(said) if len(said) <= _REMEMBERED_MAX else _charset_of.__wrapped__(said)


@lru_cache(maxsize=256)
def _charset_of(content_type: str) -> str | None:
    header = Message()
    header["content-type"] = content_type
    if header.get_content_type() not in _MEDIA:
        raise FallaSoap(Causa.TIPO_DE_CONTENIDO)
    charset = header.get_param("charset", "")
    if not isinstance(charset, str):  # RFC 2231 (charset*=…): no SOAP client sends that
        raise FallaSoap(Causa.TIPO_DE_CONTENIDO)
    return charset_of(charset)


def _read(stream: Any, limit: int, readable: int) -> bytes:
    try:
        body: bytes = stream.read(min(readable, limit + 1))
        if len(body) > limit:
            _drain(stream, limit, readable - len(body))
    except Exception:  # noqa: BLE001 — each server has its own, for a chunk that is none and for a caller that is gone
        raise FallaSoap(Causa.NO_ES_XML) from None
    return body


def _drain(stream: Any, limit: int, left: int) -> None:
    while left > 0:
        read = len(stream.read(min(left, limit)))
        left = left - read if read else 0


def _stop_reading(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RD)
    except OSError:  # it is gone
        return
