"""The lines of a FAC after its header: counts and adds up what the trailer must repeat."""

from collections.abc import Iterator

from pmc_soap.domain import importe
from pmc_soap.files.fac.codigos import Codigo, problema
from pmc_soap.files.fac.detalle import looks_wide, read_detail
from pmc_soap.files.fac.registros import ANCHO, DETAIL, HEADER, TOTAL_WIDTHS, TRAILER, trailer
from pmc_soap.files.lineas import Linea
from pmc_soap.files.registro import CIERRE, DETALLE, ENCABEZADO, is_number
from pmc_soap.operations.carga import Problema, Renglon

_TOTALS = [trailer(width).campos["total"] for width in TOTAL_WIDTHS]
_IMPORTE_1 = slice(DETAIL.campos["importe_1"].start - 1, DETAIL.campos["importe_1"].end)
_SAME = slice(1, HEADER.campos["fecha"].end)  # what header and trailer both say: ente, empresa, fecha


class Cuerpo:
    """The body of one file, read once."""

    def __init__(self, header: Linea) -> None:
        self._header = header.texto[_SAME]
        self._codigo_empresa = HEADER.read(header.texto)["codigo_empresa"]
        self._cantidad = 0
        self._total_centavos = 0
        self._in_doubt = False  # whether a line's importe could not be read, or may not stand where it should

    def read(self, lineas: Iterator[Linea]) -> Iterator[Renglon | Problema]:
        """Read the details and the trailer; nothing is read after a line of the wide variant."""
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
            if looks_wide(linea.texto):
                yield problema(Codigo.VARIANTE_ANCHA, numero)
                return
            yield from self._line(linea)
        yield problema(Codigo.SIN_CIERRE, numero)

    def _line(self, linea: Linea) -> Iterator[Renglon | Problema]:
        kind = linea.texto[0]
        if kind == ENCABEZADO:
            yield problema(Codigo.ENCABEZADO_REPETIDO, linea.numero, valor=linea.texto)
        elif kind != DETALLE:
            yield problema(Codigo.REGISTRO_DESCONOCIDO, linea.numero, DETAIL.campos["codigo_registro"], kind)
        else:
            self._add_up(linea)
            read = read_detail(linea, self._codigo_empresa)
            if isinstance(read, Renglon):
                yield read
            else:
                yield from read

    def _add_up(self, linea: Linea) -> None:
        """Count a line, good or bad: the trailer counts all."""
        self._cantidad += 1
        centavos = linea.texto[_IMPORTE_1]
        if is_number(centavos):
            self._total_centavos += int(centavos)
        if not is_number(centavos) or len(linea.texto) != ANCHO:
            self._in_doubt = True

    def _trailer(self, linea: Linea) -> Iterator[Problema]:
        campos, same = TRAILER.campos, linea.texto[_SAME]
        if same != self._header:
            yield problema(Codigo.CIERRE_NO_COINCIDE, linea.numero, campos["ente"], same, encabezado=self._header)
        yield from self._check_cantidad(linea)
        yield from self._check_total(linea)

    def _check_cantidad(self, linea: Linea) -> Iterator[Problema]:
        campo = TRAILER.campos["cantidad"]
        said = TRAILER.read(linea.texto)["cantidad"]
        if len(said) < campo.length or not is_number(said):
            yield problema(Codigo.CIERRE_ILEGIBLE, linea.numero, campo, said)
        elif int(said) != self._cantidad:
            yield problema(
                Codigo.CANTIDAD_NO_COINCIDE, linea.numero, campo, said, declara=int(said), trae=self._cantidad
            )

    def _check_total(self, linea: Linea) -> Iterator[Problema]:
        campo = TRAILER.campos["total"]
        said = TRAILER.read(linea.texto)["total"]
        totals = {linea.texto[campo.start - 1 : campo.end] for campo in _TOTALS}
        declared = {int(total) for total in totals if is_number(total)}
        if not declared or len(linea.texto.rstrip()) > ANCHO:
            yield problema(Codigo.CIERRE_ILEGIBLE, linea.numero, campo, said)
        elif self._total_centavos not in declared and self._in_doubt:
            yield problema(Codigo.TOTAL_SIN_COMPROBAR, linea.numero, campo, said)
        elif self._total_centavos not in declared:
            total = importe.format_es(self._total_centavos)
            yield problema(Codigo.TOTAL_NO_COINCIDE, linea.numero, campo, said, total=total)


def _after_trailer(lineas: Iterator[Linea]) -> Iterator[Problema]:
    for linea in lineas:
        if linea.texto.strip():
            yield problema(Codigo.DATOS_TRAS_EL_CIERRE, linea.numero, valor=linea.texto)
            return
