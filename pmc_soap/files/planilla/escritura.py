"""Write a planilla, as CSV: one that a spreadsheet opens by double click, and that is read back without configuration.

A cell that a spreadsheet would take for a formula gets an apostrophe before it, which the reader takes off.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from pmc_soap.domain import importe
from pmc_soap.domain.factura import Factura, TipoImporte
from pmc_soap.files.lineas import BOM
from pmc_soap.files.planilla.columnas import COLUMNAS
from pmc_soap.files.planilla.fila import columns_of

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(facturas: Iterable[Factura]) -> Iterator[bytes]:
    """Give the lines one by one: UTF-8 with its mark, semicolons, decimal comma, CRLF."""
    yield BOM + _line(list(COLUMNAS))
    for factura in facturas:
        cells = _cells(factura)
        yield _line([guard(cells.get(campo) or "") for campo in COLUMNAS])


def guard(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def _cells(factura: Factura) -> dict[str, str | None]:
    cells: dict[str, str | None] = {
        "id_cliente": factura.clave.id_cliente,
        "id_factura": factura.clave.id_factura,
        "mensaje_ticket": factura.mensaje_ticket,
        "mensaje_pantalla": factura.mensaje_pantalla,
        "codigo_barras": factura.codigo_barras,
        "nombre_cliente": factura.nombre_cliente,
        "cuit_cliente": factura.cuit_cliente,
        "referencia_anterior": factura.referencia_anterior,
        "moneda": factura.moneda,
        "tipo_importe": None if factura.tipo_importe is TipoImporte.CERRADO else factura.tipo_importe,
        "importe_minimo": _amount(factura.importe_minimo_centavos),
        "importe_maximo": _amount(factura.importe_maximo_centavos),
    }
    for numero, vencimiento in enumerate(factura.vencimientos, start=1):
        fecha, cuanto = columns_of(numero)
        cells[fecha], cells[cuanto] = f"{vencimiento.fecha:%d/%m/%Y}", _amount(vencimiento.importe_centavos)
    return cells


def _amount(centavos: int | None) -> str | None:
    return None if centavos is None else importe.format(centavos).replace(".", ",")


def _line(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()
