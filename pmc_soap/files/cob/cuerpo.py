"""The details of a COB, and what its trailer must say of them."""

from collections.abc import Iterator
from datetime import date

from pmc_soap.domain import importe
from pmc_soap.domain.cobro import RenglonCobro
from pmc_soap.files.cob.codigos import Codigo, problema
from pmc_soap.files.cob.detalle import read_detail
from pmc_soap.files.cob.registros import ANCHO, DETAIL, TRAILER
from pmc_soap.files.formato import Sumas
from pmc_soap.files.lineas import Linea
from pmc_soap.files.registro import Campo, is_number
from pmc_soap.operations.carga import Problema

_DECLARED = [
    TRAILER.campos[name]
    for name in ("cantidad_pesos", "cantidad_dolares", "total_pesos_centavos", "total_dolares_centavos")
]


class DetallesCob:
    """The cobros of one file; fecha is the header's, the day they must be credited on."""

    importe = DETAIL.campos["importe_centavos"]

    def __init__(self, fecha: date) -> None:
        self._fecha = fecha

    def read(self, linea: Linea) -> RenglonCobro | list[Problema]:
        """Read the cobro of the line, or tell every problem of it."""
        return read_detail(linea, self._fecha)

    def find_end(self, _linea: Linea) -> None:
        """Find none: a line that cannot be read says nothing of the next."""

    def check_cierre(self, linea: Linea, sumas: Sumas) -> Iterator[Problema]:
        """Hold counts and totals to the lines."""
        if len(linea.texto.rstrip()) > ANCHO:
            yield problema(Codigo.CIERRE_ILEGIBLE, linea.numero, valor=linea.texto)
            return
        told = TRAILER.read(linea.texto)
        for campo in _DECLARED:
            text = told[campo.name]
            if len(text) < campo.length or not is_number(text):
                yield problema(Codigo.CIERRE_ILEGIBLE, linea.numero, campo, text)
            else:
                yield from _check(linea.numero, campo, text, sumas)


def _check(numero: int, campo: Campo, text: str, sumas: Sumas) -> Iterator[Problema]:
    declared = int(text)
    match campo.name:
        case "cantidad_pesos" if declared != sumas.cantidad:
            yield problema(Codigo.CANTIDAD_NO_COINCIDE, numero, campo, text, declara=declared, trae=sumas.cantidad)
        case "total_pesos_centavos" if declared != sumas.total_centavos:
            codigo = Codigo.TOTAL_SIN_COMPROBAR if sumas.in_doubt else Codigo.TOTAL_NO_COINCIDE
            declara, suman = importe.format_es(declared), importe.format_es(sumas.total_centavos)
            yield problema(codigo, numero, campo, text, declara=declara, suman=suman)
        case "cantidad_dolares" | "total_dolares_centavos" if declared:
            yield problema(Codigo.DOLARES_EN_EL_CIERRE, numero, campo, text)
