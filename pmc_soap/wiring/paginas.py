"""Puts the pages together: what the consola and the help ask of the house."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication

from pmc_soap.web import app
from pmc_soap.web.consola.casa import Casa
from pmc_soap.wiring.errores import read_ayuda

if TYPE_CHECKING:
    from pmc_soap.wiring import House


def build(house: "House", soap_paths: Sequence[str]) -> WSGIApplication:
    """Build all pages."""
    return build_with(house, soap_paths, build_casa(house))


def build_with(house: "House", soap_paths: Sequence[str], casa: Casa) -> WSGIApplication:
    """Build all pages, the consola on that casa."""
    return app.build(
        ready=house.ledger.ready,
        mode=house.settings.mode.label,
        soap_paths=soap_paths,
        ayuda=read_ayuda(),
        casa=casa,
    )


def build_casa(house: "House") -> Casa:
    """Give what the consola asks."""
    return Casa(empresas=house.by_own_code, clock=house.clock, quien=lambda _: None)
