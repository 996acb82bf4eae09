"""Serves the same callable with granian, a server in Rust. Its workers are forked: settings travel in memory."""

import logging
import signal
import socket
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketSpec  # type: ignore[attr-defined] # not said to be exported
from granian.server.mp import MPServer

from pmc_soap.cli.servicio import GRACEFUL_S, Servicio
from pmc_soap.soap.aforo import Aforo

CONNECTIONS_MAX = 512  # of one process, idle ones too
BACKLOG = 1024
HEADERS_WITHIN_MS = 5_000
HEADERS_MAX = 64 * 1024  # bytes of all of them together; granian itself would take six times as many
BOOT_S = 2.0  # from a new worker's start until the old one is told to end
# granian's own loggers go where ours go
_LOGGING: dict[str, Any] = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"handlers": [], "propagate": True}, "granian.access": {"handlers": [], "propagate": True}},
}


class Server(MPServer):
    """granian, with one socket that all its workers share."""

    def _init_shared_socket(self) -> None:
        """Share the socket over TCP as granian does over unix.

        On Linux granian 2.8 has each worker listen by itself (SO_REUSEPORT): a worker that ends takes with it the
        connections that wait at its socket, and each reload would lose some.
        """
        if self.bind_uds:
            super()._init_shared_socket()  # type: ignore[no-untyped-call]
            return
        held: Any = SocketSpec(self.bind_addr, self.bind_port, self.backlog).build()
        self._shd, self._sfd, self._ssp = held, held.get_fd(), None
        self._sso = socket.socket(fileno=self._sfd)
        self._sso.set_inheritable(True)


def run(servicio: Servicio) -> None:
    """Serve until told to stop."""
    servicio.import_all()
    threads = Aforo.of(servicio.threads).threads
    server = Server(
        "pmc-soap",
        **where(servicio.bind),
        interface=Interfaces.WSGI,
        workers=servicio.workers,
        blocking_threads=threads,
        runtime_mode=RuntimeModes.st,  # one thread is enough for all that is not Python, and the shortest way to it
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_MS, max_buffer_size=HEADERS_MAX),
        websockets=False,
        backlog=BACKLOG,
        backpressure=threads + CONNECTIONS_MAX,
        log_level=LogLevels.debug if servicio.log_level == "debug" else LogLevels.error,
        log_dictconfig=_LOGGING,
        respawn_failed_workers=True,
        respawn_interval=BOOT_S,
        workers_kill_timeout=GRACEFUL_S,
    )
    server.on_reload(servicio.renew)
    logging.getLogger("_granian").handlers.clear()
    server.serve(target_loader=partial(_load, servicio), wrap_loader=False)


def _load(servicio: Servicio) -> Any:
    """Build the callable, in a worker: one that is told to end meanwhile does so at once.

    Until the worker's own handlers are there it has those of the process that it was forked from, which do nothing in
    it: it would serve on, and be killed at last.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    return servicio.app()


def where(bind: str) -> dict[str, Any]:
    """Say an address as granian wants it."""
    if bind.startswith("unix:"):
        return {"uds": Path(bind.removeprefix("unix:"))}
    host, _, port = bind.rpartition(":")
    return {"address": host.strip("[]"), "port": int(port)}
