"""The lines of a file that were refused, as a file of the same kind: to be mended, and loaded again.

Of a FAC they come as they were, between a header and a trailer that tells of them; of a planilla as a CSV with the same
columns, and at the end what is wrong with each, which the reader leaves aside.
"""

import csv
import io
from collections.abc import Iterator, Mapping

from pmc_soap.files.fac.archivo import ArchivoFac
from pmc_soap.files.fac.registros import DETAILS, TOTAL_WIDTH, trailer
from pmc_soap.files.lineas import BOM
from pmc_soap.files.planilla.archivo import ArchivoPlanilla
from pmc_soap.files.planilla.escritura import guard
from pmc_soap.files.registro import CIERRE, DETALLE, ENTE, is_number
from pmc_soap.operations.archivo import Archivo
from pmc_soap.operations.rechazadas import Falla

_LATIN = "latin-1"  # gives every byte back as it was


def write(archivo: Archivo, malas: Mapping[int, Falla]) -> Iterator[bytes]:
    """Give the lines of the file, one by one; of a kind that is not known here there are none."""
    if isinstance(archivo, ArchivoFac):
        return _write_fac(archivo, malas)
    if isinstance(archivo, ArchivoPlanilla):
        return _write_planilla(archivo, malas)
    return iter(())


def _write_fac(archivo: ArchivoFac, malas: Mapping[int, Falla]) -> Iterator[bytes]:
    importe = DETAILS[archivo.variante].campos["importe_1"]
    cantidad = total_centavos = 0
    with archivo.open() as file:
        yield file.readline().removeprefix(BOM).rstrip(b"\r\n") + b"\r\n"
        for numero, raw in enumerate(file, start=2):
            if numero not in malas:
                continue
            line = raw.rstrip(b"\r\n")
            if line.startswith(DETALLE.encode()):
                centavos = line[importe.start - 1 : importe.end].decode(_LATIN)
                cantidad += 1
                total_centavos += int(centavos) if is_number(centavos) else 0
            yield line + b"\r\n"
    said = {"codigo_registro": CIERRE, "ente": ENTE, "codigo_empresa": archivo.codigo_empresa or ""}
    totals = {"cantidad": str(cantidad), "total": str(total_centavos), "fecha": f"{archivo.fecha:%Y%m%d}"}
    yield trailer(TOTAL_WIDTH[archivo.variante], archivo.variante).write(said | totals).encode() + b"\r\n"


def _write_planilla(archivo: ArchivoPlanilla, malas: Mapping[int, Falla]) -> Iterator[bytes]:
    filas, separador = archivo.filas(), archivo.separador
    yield BOM + _row([*(next(filas, (0, []))[1]), "codigo", "que_hacer"], separador)
    for numero, cells in filas:
        if numero in malas:
            falla = malas[numero]
            yield _row([*map(guard, cells), " ".join(falla.codigos), falla.que_hacer], separador)


def _row(cells: list[str], separador: str) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=separador, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()
