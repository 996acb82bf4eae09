"""The WSGI callable that a server runs: SOAP at its two paths, the rest to the pages and probes."""

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from pmc_soap import config, wiring
from pmc_soap.web import cupo
from pmc_soap.web.sandbox.puertas import Erp
from pmc_soap.wiring import paginas, registro


def create(
    settings: config.Settings, workers: int = 1, threads: int | None = None, erp: Erp | None = None
) -> WSGIApplication:
    """Build the house and its doors, in one of so many processes that will serve, each with so many threads."""
    house = wiring.build(settings, workers=workers)
    door = doors(house, threads, erp)
    door.pages.build()  # what is wrong with a page is to end the process before it serves
    return door


def doors(house: wiring.House, threads: int | None = None, erp: Erp | None = None) -> "Door":
    """Put the doors on a house that is built. erp: that of the demonstration, for the sandbox to switch off."""
    soap = house.soap(threads)

    def build() -> WSGIApplication:
        pages = paginas.build(house, list(soap), erp)
        return cupo.bound(pages, threads) if threads else pages

    return Door(house, soap, Pages(build))


class Pages:
    """The pages, built when the first of them is asked for: most of what is put together never shows any."""

    def __init__(self, build: Callable[[], WSGIApplication]) -> None:
        self._build = build
        self._lock = Lock()
        self._built: WSGIApplication | None = None

    def build(self) -> WSGIApplication:
        """Build them, once."""
        with self._lock:
            if self._built is None:
                self._built = self._build()
            return self._built

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer."""
        return (self._built or self.build())(environ, start_response)


class Door:
    """The callable: SOAP at its two paths, the pages anywhere else."""

    def __init__(self, house: wiring.House, soap: Mapping[str, WSGIApplication], pages: Pages) -> None:
        from pmc_soap.soap import guard  # noqa: PLC0415 — spyne, which only those who serve pay for

        self.pages = pages
        self._house = house
        self._soap = soap
        self._guard = guard

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer."""
        path = environ.get("PATH_INFO", "").rstrip("/")
        door = self._soap.get(path)
        if door is not None:
            return door(environ, start_response)
        if self._guard.is_for_soap(environ):
            return self._guard.answer_wrong_path(environ, start_response, registro.tell, self._house.grabador)
        return self.pages(environ, start_response)
