"""Write a FAC of either variante: printable ASCII in capitals, CRLF on every line (files.md §2.5).

What does not fit its field is refused, never cut; only the two messages are texts that may be cut.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from pmc_soap.domain import importe
from pmc_soap.domain.factura import Factura, TipoImporte
from pmc_soap.domain.identificador import validate, validate_codigo_empresa
from pmc_soap.files.fac.registros import DETAILS, HEADERS, TOTAL_WIDTH, Variante, trailer
from pmc_soap.files.registro import CIERRE, DETALLE, ENCABEZADO, ENTE, MONEDA_PESOS, Campo, NoCabe

_TO_SPACE = str.maketrans("ºª°", "   ")  # NFKD would make letters of the first two


def write(
    codigo_empresa: str,
    fecha: date,
    facturas: Iterable[Factura],
    *,
    variante: Variante = Variante.CLASICA,
    total_width: int | None = None,
) -> Iterator[bytes]:
    """Give the lines of the file one by one; raises NoCabe or IdentificadorInvalido for what a FAC cannot say.

    total_width: that of the trailer's total, one of TOTAL_WIDTHS; the variante's own unless asked.
    """
    header, detail = HEADERS[variante], DETAILS[variante]
    said = {"ente": ENTE, "codigo_empresa": validate_codigo_empresa(codigo_empresa), "fecha": f"{fecha:%Y%m%d}"}
    yield _encode(header.write({"codigo_registro": ENCABEZADO, **said}))
    cantidad = total_centavos = 0
    for factura in facturas:
        if factura.clave.codigo_empresa != codigo_empresa:
            raise NoCabe(header.campos["codigo_empresa"], factura.clave.codigo_empresa)
        yield _encode(detail.write(_detail(factura, detail.campos)))
        cantidad += 1
        total_centavos += factura.vencimientos[0].importe_centavos
    total = {"cantidad": str(cantidad), "total": str(total_centavos)}
    closing = trailer(total_width or TOTAL_WIDTH[variante], variante)
    yield _encode(closing.write({"codigo_registro": CIERRE, **said, **total}))


def fold(text: str) -> str:
    """Bring a text to printable ASCII capitals: "Peña, 1º piso" becomes "PENA, 1  PISO"."""
    plain = unicodedata.normalize("NFKD", text.translate(_TO_SPACE)).upper()
    kept = (letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "~" else " " for letter in kept)


def nombre(codigo_empresa: str, fecha: date) -> str:
    """Name the file as PMC expects it."""
    return f"FAC{codigo_empresa}.{fecha:%d%m%y}"


def _detail(factura: Factura, campos: Mapping[str, Campo]) -> dict[str, str]:
    if factura.moneda != importe.PESOS:
        raise NoCabe(campos["moneda"], factura.moneda)
    if factura.tipo_importe is not TipoImporte.CERRADO:
        raise NoCabe(campos["importe_1"], factura.tipo_importe)
    clave = factura.clave
    values = {
        "codigo_registro": DETALLE,
        "id_cliente": validate(clave.id_cliente, campos["id_cliente"].length),
        "id_factura": validate(clave.id_factura, campos["id_factura"].length),
        "moneda": MONEDA_PESOS,
        "referencia_anterior": factura.referencia_anterior or clave.id_cliente,
        "mensaje_ticket": fold(factura.mensaje_ticket)[: campos["mensaje_ticket"].length],
        "mensaje_pantalla": fold(factura.mensaje_pantalla)[: campos["mensaje_pantalla"].length],
        "codigo_barras": factura.codigo_barras or "",
    }
    for numero, vencimiento in enumerate(factura.vencimientos, start=1):
        values[f"fecha_{numero}"] = f"{vencimiento.fecha:%Y%m%d}"
        values[f"importe_{numero}"] = str(vencimiento.importe_centavos)
    return values


def _encode(line: str) -> bytes:
    return line.encode("ascii") + b"\r\n"
