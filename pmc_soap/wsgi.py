"""The WSGI callable that a server runs: SOAP at its two paths, the rest to the pages and probes."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from pmc_soap import config, wiring
from pmc_soap.web import cupo
from pmc_soap.web.sandbox.puertas import Erp
from pmc_soap.wiring import paginas, registro


def create(
    settings: config.Settings, workers: int = 1, threads: int | None = None, erp: Erp | None = None
) -> WSGIApplication:
    """Build the house and its doors, in one of so many processes that will serve, each with so many threads."""
    return doors(wiring.build(settings, workers=workers), threads, erp)


def doors(house: wiring.House, threads: int | None = None, erp: Erp | None = None) -> WSGIApplication:
    """Put the doors on a house that is built. erp: that of the demonstration, for the sandbox to switch off."""
    from pmc_soap.soap import guard  # noqa: PLC0415 — spyne, which only those who serve pay for

    soap = house.soap(threads)
    pages = paginas.build(house, list(soap), erp)
    if threads:
        pages = cupo.bound(pages, threads)

    def door(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "").rstrip("/")
        if path not in soap and guard.is_for_soap(environ):
            return guard.answer_wrong_path(environ, start_response, registro.tell, house.grabador)
        return soap.get(path, pages)(environ, start_response)

    return door
