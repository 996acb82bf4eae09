"""Puts the recorder of exchanges together: what is noted at the edge, what is kept of it, and for how long."""

from functools import partial
from typing import TYPE_CHECKING

from pmc_soap.config import Guarda
from pmc_soap.operations.grabador import Grabador
from pmc_soap.soap.anotado import Anotado, read_intercambio

if TYPE_CHECKING:
    from pmc_soap.wiring import House


def build_grabador(house: "House") -> Grabador[Anotado] | None:
    """Build the recorder; None if nothing is to be kept."""
    said = house.settings.intercambios
    if said.guarda is Guarda.NADA:
        return None
    owner = {
        admitted.codigo: codigo
        for codigo, empresa in house.settings.empresas.items()
        for admitted in empresa.empresa(codigo).codigos_admitidos
    }
    read = partial(read_intercambio, owner=owner, con_xml=said.guarda is Guarda.TODO)
    return Grabador(house.ledger.intercambios, read, house.clock, said.dias)
