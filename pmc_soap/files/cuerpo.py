"""The lines of a file after its header: each detail is read, and what the trailer must repeat is added up."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from pmc_soap.files.formato import Detalles, Falla, Formato, Sumas
from pmc_soap.files.lineas import Linea
from pmc_soap.files.registro import CIERRE, DETALLE, ENCABEZADO, Campo, is_number
from pmc_soap.operations.carga import Problema

R = TypeVar("R")


class Cuerpo(Generic[R]):
    """The body of one file, read once."""

    def __init__(self, formato: Formato, header: Linea, detalles: Detalles[R]) -> None:
        self._formato = formato
        self._same = slice(1, formato.header.campos["fecha"].end)  # what header and trailer both say
        self._header = header.texto[self._same]
        self._detalles = detalles
        self._sumas = Sumas()

    def read(self, lineas: Iterator[Linea]) -> Iterator[R | Problema]:
        """Read the details and the trailer."""
        tell, numero, blank = self._formato.tell, 1, 0
        for linea in lineas:
            numero = linea.numero
            if not linea.texto.strip():
                blank = blank or numero
                continue
            if blank:
                yield tell(Falla.LINEA_VACIA, blank)
                blank = 0
            if linea.texto[0] == CIERRE:
                yield from self._cierre(linea)
                yield from self._after(lineas)
                return
            end = self._detalles.find_end(linea) if linea.texto[0] == DETALLE else None
            if end is not None:
                yield end
                return
            yield from self._line(linea)
        yield tell(Falla.SIN_CIERRE, numero)

    def _line(self, linea: Linea) -> Iterator[R | Problema]:
        kind, formato = linea.texto[0], self._formato
        if kind == ENCABEZADO:
            yield formato.tell(Falla.ENCABEZADO_REPETIDO, linea.numero, valor=linea.texto)
        elif kind != DETALLE:
            campo = formato.header.campos["codigo_registro"]
            yield formato.tell(Falla.REGISTRO_DESCONOCIDO, linea.numero, campo, kind)
        else:
            self._add_up(linea)
            read = self._detalles.read(linea)
            if isinstance(read, list):
                yield from read
            else:
                yield read

    def _add_up(self, linea: Linea) -> None:
        """Count a line, good or bad: the trailer counts all."""
        sumas, centavos = self._sumas, text_of(linea, self._detalles.importe)
        sumas.cantidad += 1
        if is_number(centavos):
            sumas.total_centavos += int(centavos)
        if not is_number(centavos) or len(linea.texto) != self._formato.ancho:
            sumas.in_doubt = True

    def _cierre(self, linea: Linea) -> Iterator[Problema]:
        same = linea.texto[self._same]
        if same != self._header:
            campo = self._formato.header.campos["ente"]
            yield self._formato.tell(Falla.CIERRE_NO_COINCIDE, linea.numero, campo, same, encabezado=self._header)
        yield from self._detalles.check_cierre(linea, self._sumas)

    def _after(self, lineas: Iterator[Linea]) -> Iterator[Problema]:
        for linea in lineas:
            if linea.texto.strip():
                yield self._formato.tell(Falla.DATOS_TRAS_EL_CIERRE, linea.numero, valor=linea.texto)
                return


def text_of(linea: Linea, campo: Campo) -> str:
    """Give what stands in a field of a line, whatever its length."""
    return linea.texto[campo.start - 1 : campo.end]


def centavos_of(linea: Linea, campo: Campo) -> int:
    """Give the importe of a detail, good or bad, as the trailer adds it up; 0 where there is none to be read."""
    centavos = text_of(linea, campo)
    return int(centavos) if linea.texto[:1] == DETALLE and is_number(centavos) else 0
