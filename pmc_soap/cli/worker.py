"""The gunicorn worker that serves. What is no HTTP gets our SOAP fault: gunicorn's own answer to it is HTML.

When every thread has its request, the next ones are refused as they come, before HTTP is read and without a thread: to
say no must cost a tenth of an answer, or five times too many callers leave nobody
anything. Money is never refused here.
"""

import logging
import os
import re
import socket
import uuid
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ
from time import monotonic
from typing import Any

from gunicorn import glogging
from gunicorn.http.errors import ParseException
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from pmc_soap.soap.dinero import tells_of_money
from pmc_soap.soap.fallas import ERROR, Causa, FallaSoap, write_fault
from pmc_soap.wiring import registro

PEEK_MAX = 16 * 1024  # bytes; who says more is read as ever
TOLD_EVERY_S = 1
WAIT_S = 5  # for the first byte of a connection
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,5})[ \t]*(?=\r\n|$)", re.IGNORECASE)
_READ_BY_THREADS_ONLY = re.compile(rb"\r\n(?:transfer-encoding|connection|expect|upgrade):", re.IGNORECASE)

log = logging.getLogger(__name__)


class Logger(glogging.Logger):  # type: ignore[misc] # gunicorn is untyped
    """Has gunicorn's words go where all others go: its own handlers would print what was put into them."""

    def setup(self, cfg: Any) -> None:
        """Configure, at the start and at each reload."""
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True


class Worker(ThreadWorker):  # type: ignore[misc] # gunicorn is untyped
    """A worker with threads."""

    _refused, _told = 0, 0.0

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept no more; for ever, once told to end: who comes then must be refused, not kept waiting for nothing."""
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                listener.close()

    def enqueue_req(self, conn: Any) -> None:
        """Give a connection's request to a thread, unless all have one and it may be refused."""
        busy = self.nr_conns - len(self.keepalived_conns) - len(self.pending_conns)
        if busy <= self.cfg.threads or (conn.initialized and conn.parser.unreader.buf.getvalue()):
            super().enqueue_req(conn)
            return
        try:
            said = conn.sock.recv(PEEK_MAX, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            self._wait_for_data(conn)
            return
        except OSError:
            said = b""
        if is_refusable(said):
            self._refuse(conn, len(said))
        else:
            super().enqueue_req(conn)

    def _wait_for_data(self, conn: Any) -> None:
        """Look at a connection again once it has said something, as gunicorn does with one that is late."""
        conn.sock.setblocking(False)
        conn.timeout = monotonic() + WAIT_S
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _refuse(self, conn: Any, length: int) -> None:
        """Read what was looked at, say no, and keep the connection."""
        kept: Future[bool] = Future()
        try:
            conn.sock.recv(length)
            conn.sock.send(refusal())
            conn.init()
            kept.set_result(True)
        except OSError as error:
            kept.set_exception(error)
        self.finish_request(conn, kept)
        self._tell_of_refused()

    def _tell_of_refused(self) -> None:
        """Leave one line a second: a line each would cost more than the refusal."""
        self._refused += 1
        now = monotonic()
        if now - self._told >= TOLD_EVERY_S:
            hechos = {"evento": "sobrecarga", "falla": Causa.SOBRECARGA.value.codigo}
            registro.tell(hechos, cifras={"rechazados": self._refused})
            self._told, self._refused = now, 0

    def handle_quit(self, sig: int, frame: Any) -> None:
        """End at once: what was not acknowledged will be sent again.

        gunicorn 27.0.1 shuts its thread pool down in this signal handler: where the main thread holds the pool's lock
        it waits for itself, and an import may swallow the SystemExit that follows.
        """
        os._exit(0)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer a request that did not reach the application."""
        causa = Causa.HTTP if isinstance(exc, ParseException) else Causa.INTERNO
        id_pedido = uuid.uuid4().hex
        error = type(exc).__name__
        registro.tell({"evento": "pedido", "http": 500, "falla": causa.value.codigo, "error": error}, id_pedido)
        body = write_fault(FallaSoap(causa), id_pedido)
        try:
            write_nonblock(client, _answer(body, "Connection: close\r\n"))
        except OSError:
            log.debug("the caller is gone")


def is_refusable(said: bytes) -> bool:
    """Tell whether this is one whole request, plain enough to be answered unread, that tells of no money."""
    head, _, body = said.partition(b"\r\n\r\n")
    lengths = _LENGTH.findall(head)
    return (
        head.startswith(b"POST /soap/")
        and b" HTTP/1.1\r\n" in head
        and len(lengths) == 1
        and int(lengths[0]) == len(body)
        and not _READ_BY_THREADS_ONLY.search(head)
        and not tells_of_money(body)
    )


def refusal() -> bytes:
    """Write the whole answer to one who comes when there is no room."""
    return _answer(write_fault(FallaSoap(Causa.SOBRECARGA), uuid.uuid4().hex), "Retry-After: 1\r\n")


def _answer(body: bytes, more: str) -> bytes:
    head = f"HTTP/1.1 {ERROR}\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body
