"""The details of a FAC, all of one variante, and what its trailer must say of them."""

from collections.abc import Iterator

from pmc_soap.domain import importe
from pmc_soap.files.cuerpo import text_of
from pmc_soap.files.fac.codigos import Codigo, problema
from pmc_soap.files.fac.detalle import read_detail
from pmc_soap.files.fac.registros import ANCHO, DETAILS, TOTAL_WIDTHS, TRAILER, Variante, trailer
from pmc_soap.files.fac.variante import may_be, repeats_referencia
from pmc_soap.files.formato import Sumas
from pmc_soap.files.lineas import Linea
from pmc_soap.files.registro import is_number
from pmc_soap.operations.carga import Problema, Renglon

_TOTALS = [trailer(width).campos["total"] for width in TOTAL_WIDTHS]


class DetallesFac:
    """The facturas of one file."""

    def __init__(self, codigo_empresa: str, variante: Variante) -> None:
        self._codigo_empresa = codigo_empresa
        self._variante = variante
        self.importe = DETAILS[variante].campos["importe_1"]

    def read(self, linea: Linea) -> Renglon | list[Problema]:
        """Read the factura of the line, or tell every problem of it."""
        return read_detail(linea, self._codigo_empresa, self._variante)

    def find_end(self, linea: Linea) -> Problema | None:
        """Tell of a line of the other variante: its importe would be read wrong, and those before it may have been."""
        if repeats_referencia(self._variante, linea.texto):
            return None
        found = may_be(linea.texto)
        if not found or self._variante in found:
            return None
        return problema(Codigo.VARIANTES_MEZCLADAS, linea.numero, valor=linea.texto, variante=self._variante.lower())

    def check_cierre(self, linea: Linea, sumas: Sumas) -> Iterator[Problema]:
        """Hold the count and the total to the lines."""
        yield from _check_cantidad(linea, sumas)
        yield from _check_total(linea, sumas)


def _check_cantidad(linea: Linea, sumas: Sumas) -> Iterator[Problema]:
    campo = TRAILER.campos["cantidad"]
    said = text_of(linea, campo)
    if len(said) < campo.length or not is_number(said):
        yield problema(Codigo.CIERRE_ILEGIBLE, linea.numero, campo, said)
    elif int(said) != sumas.cantidad:
        yield problema(Codigo.CANTIDAD_NO_COINCIDE, linea.numero, campo, said, declara=int(said), trae=sumas.cantidad)


def _check_total(linea: Linea, sumas: Sumas) -> Iterator[Problema]:
    campo = TRAILER.campos["total"]
    said = text_of(linea, campo)
    totals = {text_of(linea, campo) for campo in _TOTALS}
    declared = {int(total) for total in totals if is_number(total)}
    if not declared or len(linea.texto.rstrip()) > ANCHO:
        yield problema(Codigo.CIERRE_ILEGIBLE, linea.numero, campo, said)
    elif sumas.total_centavos not in declared:
        codigo = Codigo.TOTAL_SIN_COMPROBAR if sumas.in_doubt else Codigo.TOTAL_NO_COINCIDE
        yield problema(codigo, linea.numero, campo, said, total=importe.format_es(sumas.total_centavos))
