"""The lines of a COB after its header: counts and adds up what the trailer must repeat."""

from collections.abc import Iterator
from datetime import date

from pmc_soap.domain import importe
from pmc_soap.domain.cobro import RenglonCobro
from pmc_soap.files.cob.codigos import Codigo, problema
from pmc_soap.files.cob.detalle import read_detail
from pmc_soap.files.cob.registros import ANCHO, DETAIL, HEADER, TRAILER
from pmc_soap.files.lineas import Linea
from pmc_soap.files.registro import CIERRE, DETALLE, ENCABEZADO, Campo, is_number
from pmc_soap.operations.carga import Problema

_IMPORTE = slice(DETAIL.campos["importe_centavos"].start - 1, DETAIL.campos["importe_centavos"].end)
_SAME = slice(1, HEADER.campos["fecha"].end)  # what header and trailer both say: ente, empresa, fecha
_DECLARED = [
    TRAILER.campos[name]
    for name in ("cantidad_pesos", "cantidad_dolares", "total_pesos_centavos", "total_dolares_centavos")
]


class Cuerpo:
    """The body of one file, read once."""

    def __init__(self, header: Linea, fecha: date) -> None:
        self._header = header.texto[_SAME]
        self._fecha = fecha
        self._cantidad = 0
        self._total_centavos = 0
        self._in_doubt = False  # whether a line's importe could not be read, or may not stand where it should

    def read(self, lineas: Iterator[Linea]) -> Iterator[RenglonCobro | Problema]:
        """Read the details and the trailer."""
        numero, blank = 1, 0
        for linea in lineas:
            numero = linea.numero
            if not linea.texto.strip():
                blank = blank or numero
                continue
            if blank:
                yield problema(Codigo.LINEA_VACIA, blank)
                blank = 0
            if linea.texto[0] == CIERRE:
                yield from self._trailer(linea)
                yield from _after_trailer(lineas)
                return
            yield from self._line(linea)
        yield problema(Codigo.SIN_CIERRE, numero)

    def _line(self, linea: Linea) -> Iterator[RenglonCobro | Problema]:
        kind = linea.texto[0]
        if kind == ENCABEZADO:
            yield problema(Codigo.ENCABEZADO_REPETIDO, linea.numero, valor=linea.texto)
        elif kind != DETALLE:
            yield problema(Codigo.REGISTRO_DESCONOCIDO, linea.numero, DETAIL.campos["codigo_registro"], kind)
        else:
            self._add_up(linea)
            read = read_detail(linea, self._fecha)
            if isinstance(read, RenglonCobro):
                yield read
            else:
                yield from read

    def _add_up(self, linea: Linea) -> None:
        """Count a line, good or bad: the trailer counts all."""
        self._cantidad += 1
        self._total_centavos += importe_of(linea)
        centavos = linea.texto[_IMPORTE]
        if not is_number(centavos) or len(linea.texto) != ANCHO:
            self._in_doubt = True

    def _trailer(self, linea: Linea) -> Iterator[Problema]:
        same = linea.texto[_SAME]
        if same != self._header:
            yield problema(
                Codigo.CIERRE_NO_COINCIDE, linea.numero, TRAILER.campos["ente"], same, encabezado=self._header
            )
        if len(linea.texto.rstrip()) > ANCHO:
            yield problema(Codigo.CIERRE_ILEGIBLE, linea.numero, valor=linea.texto)
            return
        told = TRAILER.read(linea.texto)
        for campo in _DECLARED:
            text = told[campo.name]
            if len(text) < campo.length or not is_number(text):
                yield problema(Codigo.CIERRE_ILEGIBLE, linea.numero, campo, text)
            else:
                yield from self._check(linea.numero, campo, text)

    def _check(self, numero: int, campo: Campo, text: str) -> Iterator[Problema]:
        declared = int(text)
        match campo.name:
            case "cantidad_pesos" if declared != self._cantidad:
                yield problema(Codigo.CANTIDAD_NO_COINCIDE, numero, campo, text, declara=declared, trae=self._cantidad)
            case "total_pesos_centavos" if declared != self._total_centavos:
                codigo = Codigo.TOTAL_SIN_COMPROBAR if self._in_doubt else Codigo.TOTAL_NO_COINCIDE
                declara, suman = importe.format_es(declared), importe.format_es(self._total_centavos)
                yield problema(codigo, numero, campo, text, declara=declara, suman=suman)
            case "cantidad_dolares" | "total_dolares_centavos" if declared:
                yield problema(Codigo.DOLARES_EN_EL_CIERRE, numero, campo, text)


def importe_of(linea: Linea) -> int:
    """Give the centavos of a detail, good or bad, as the trailer adds it up; 0 where there are none to be read."""
    centavos = linea.texto[_IMPORTE]
    return int(centavos) if linea.texto[:1] == DETALLE and is_number(centavos) else 0


def _after_trailer(lineas: Iterator[Linea]) -> Iterator[Problema]:
    for linea in lineas:
        if linea.texto.strip():
            yield problema(Codigo.DATOS_TRAS_EL_CIERRE, linea.numero, valor=linea.texto)
            return
