"""Writes exchanges down beside the requests: an answer never waits for it, and nothing that breaks here reaches one.

Notes wait in a queue that is bounded, in number and in bytes; one thread takes what is there. While the database does
not answer they wait; what finds the queue full is dropped and counted. Of callers who have not shown a right credential
only some are kept each minute: nobody fills the disk without showing who he is.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import random
from time import monotonic
from typing import Generic, Protocol, TypeVar

from pmc_soap.operations.intercambios import Documentos, Intercambio
from pmc_soap.operations.ports import Clock, Unavailable

QUEUE_MAX = 5_000
BYTES_MAX = 32 * 1024 * 1024
STRANGERS_MAX = 20  # a minute
EVERY_S = 0.5
TOLD_EVERY_S = 60
PURGE_EVERY_S, PURGE_AT_ONCE = 3_600, 200
CLOSE_S = 5

log = logging.getLogger(__name__)


class Nota(Protocol):
    """What is noted of an exchange."""

    @property
    def is_strangers(self) -> bool:
        """Tell whether who asked has not shown who he is."""

    @property
    def pedido(self) -> bytes:
        """Give the request."""

    @property
    def respuesta(self) -> bytes:
        """Give the answer."""


N = TypeVar("N", bound=Nota)


class Libro(Protocol):
    """Where exchanges are written down."""

    at_once: int

    def add(self, kept: Sequence[tuple[Intercambio, Documentos]]) -> None:
        """Write down some, at most at_once; raises Unavailable."""

    def purge(self, before_utc: datetime, limit: int) -> int:
        """Remove the oldest of those before, and tell how many; raises Unavailable."""


class Grabador(Generic[N]):
    """The recorder of one process. read: what is kept of a note; dias: for how long."""

    def __init__(
        self, libro: Libro, read: Callable[[N, datetime], tuple[Intercambio, Documentos]], clock: Clock, dias: int
    ) -> None:
        self._libro, self._read, self._clock, self._dias = libro, read, clock, timedelta(days=dias)
        self._queue: deque[tuple[N, datetime]] = deque()
        self._held: list[tuple[Intercambio, Documentos]] = []
        self._bytes = 0
        self._minute, self._strangers = 0, 0
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._told: float = -TOLD_EVERY_S
        self._purge_at = monotonic() + PURGE_EVERY_S * random()  # noqa: S311 — so that processes do it at other times
        self.perdidos = 0
        self._told_perdidos = 0

    def __call__(self, nota: N) -> None:
        """Take a note to be written down."""
        now = self._clock.now()
        with self._lock:
            if nota.is_strangers and not self._admits_stranger():
                return
            size = len(nota.pedido) + len(nota.respuesta)
            if len(self._queue) >= QUEUE_MAX or self._bytes + size > BYTES_MAX:
                self.perdidos += 1
                return
            self._bytes += size
            self._queue.append((nota, now))
            if self._thread is None and not self._ending.is_set():
                self._thread = threading.Thread(target=self._run, name="intercambios")  # no daemon: it writes the last
                self._thread.start()

    def flush(self) -> None:
        """Write down what waits, as far as the database takes it."""
        with self._writing:
            while self._write_some():
                pass

    def close(self) -> None:
        """Write down what waits, and end."""
        self._ending.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(CLOSE_S)

    def _admits_stranger(self) -> bool:
        minute = int(monotonic()) // 60
        if minute != self._minute:
            self._minute, self._strangers = minute, 0
        self._strangers += 1
        return self._strangers <= STRANGERS_MAX

    def _run(self) -> None:
        """Write until the process ends, or the recorder is closed."""
        main = threading.main_thread()
        while main.is_alive() and not self._ending.wait(EVERY_S):
            self._tick()
        self._tick()

    def _tick(self) -> None:
        try:
            self.flush()
            self._purge()
        except Exception:
            log.exception("exchanges could not be written down")
        self._tell()

    def _write_some(self) -> bool:
        """Write down at most one batch; False if there is none, or the database does not answer."""
        while self._queue and len(self._held) < self._libro.at_once:
            nota, at_utc = self._queue.popleft()
            with self._lock:
                self._bytes -= len(nota.pedido) + len(nota.respuesta)
            try:
                self._held.append(self._read(nota, at_utc))
            except Exception:
                self.perdidos += 1
                log.exception("an exchange could not be read")
        if not self._held:
            return False
        try:
            self._libro.add(self._held)
        except Unavailable:
            return False  # they wait
        except Exception:
            self.perdidos += len(self._held)
            log.exception("exchanges were refused by the database")
        self._held = []
        return True

    def _purge(self) -> None:
        """Take a small step of removing what is older than it may be; the next one soon, while there is more."""
        if monotonic() < self._purge_at:
            return
        try:
            removed = self._libro.purge(self._clock.now() - self._dias, PURGE_AT_ONCE)
        except Unavailable:
            removed = 0
        if removed < PURGE_AT_ONCE:
            self._purge_at = monotonic() + PURGE_EVERY_S

    def _tell(self) -> None:
        if self.perdidos == self._told_perdidos or monotonic() - self._told < TOLD_EVERY_S:
            return
        log.warning(
            "%d exchanges were not written down: the database took them too slowly, or not at all",
            self.perdidos - self._told_perdidos,
        )
        self._told, self._told_perdidos = monotonic(), self.perdidos
