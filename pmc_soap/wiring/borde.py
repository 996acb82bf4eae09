"""Puts the SOAP edge together: who may call, what the services ask, what the log tells. Costs spyne's import."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication

from pmc_soap.config import EmpresaSettings, Settings
from pmc_soap.config.instalacion import PuertaSoap
from pmc_soap.operations.aviso_ilegible import Ilegibles
from pmc_soap.soap import app
from pmc_soap.soap.aforo import Aforo
from pmc_soap.soap.service import Operations
from pmc_soap.wiring import registro
from pmc_soap.wiring.acceso import build_acceso

if TYPE_CHECKING:
    from pmc_soap.wiring import House


def build(house: "House", threads: int | None) -> Mapping[str, WSGIApplication]:
    """Build both ports: path → WSGI callable. threads: how many serve in this process, if somebody bounds them."""
    settings = house.settings
    operations = Operations(
        consultas=house.consultas,
        avisos=house.avisos,
        reversas=house.reversas,
        facturas=house.facturas,
        retiros=house.retiros,
        seguimiento=house.seguimiento,
        clock=house.clock,
        codigos={codigo: said.codigos_resultado for codigo, said in _by_codigo(settings)},
    )
    return app.build(
        operations,
        build_acceso(settings, house.ledger, house.clock),
        Ilegibles(house.ledger, house.clock).keep,
        settings.public_url or "",
        tell=registro.tell,
        keep=house.grabador,
        aforo=Aforo.of(threads) if threads else None,
        through_spyne=settings.puerta is PuertaSoap.SPYNE,
    )


def _by_codigo(settings: Settings) -> Iterator[tuple[str, EmpresaSettings]]:
    """Give each empresa's settings by every code that it is called by."""
    for codigo, said in settings.empresas.items():
        for admitted in said.empresa(codigo).codigos_admitidos:
            yield admitted.codigo, said
