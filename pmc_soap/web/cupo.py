"""How many pages a process makes at once: half of its threads, so that PagoMisCuentas always finds one.

A few more wait a moment for their turn; who comes then is told to come back. What is quick (files of the pages, probes)
is not counted. A page goes on until the server has sent it.
"""

from collections.abc import Callable, Iterable, Iterator
from threading import BoundedSemaphore
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

WAIT_S = 1.0
FREE = 2  # threads that are never made to wait for a page
_QUICK = ("/static/", "/salud/")
_FULL = "Hay mucha gente mirando la consola: probá de nuevo en un momento.\n".encode()


def bound(pages: WSGIApplication, threads: int, wait_s: float = WAIT_S) -> WSGIApplication:
    """Give the pages, made by at most half of so many threads."""
    at_once = max(threads // 2, 1)
    working, coming = BoundedSemaphore(at_once), BoundedSemaphore(max(threads - FREE, at_once))

    def door(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith(_QUICK):
            return pages(environ, start_response)
        if not coming.acquire(blocking=False):
            return _refuse(start_response)
        if not working.acquire(timeout=wait_s):
            coming.release()
            return _refuse(start_response)

        def leave() -> None:
            working.release()
            coming.release()

        try:
            return _Sent(pages(environ, start_response), leave)
        except BaseException:
            leave()
            raise

    return door


def _refuse(start_response: Callable[..., Any]) -> Iterable[bytes]:
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "1"), ("Content-Length", str(len(_FULL)))]
    start_response("503 Service Unavailable", headers)
    return [_FULL]


class _Sent:
    """An answer that says when it has left."""

    def __init__(self, pieces: Iterable[bytes], leave: Callable[[], None]) -> None:
        self._pieces, self._leave = pieces, leave

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        """Let the next in."""
        try:
            getattr(self._pieces, "close", lambda: None)()
        finally:
            leave, self._leave = self._leave, lambda: None
            leave()
