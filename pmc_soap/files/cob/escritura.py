"""Write a COB as PMC would: for worlds made for tests, and for the demo. Printable ASCII, CRLF on every line.

What does not fit its field is refused, never cut.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from pmc_soap.domain.cobro import Cobro, validate
from pmc_soap.domain.identificador import validate as validate_id
from pmc_soap.domain.identificador import validate_codigo_empresa
from pmc_soap.files.cob.registros import DETAIL, HEADER, TRAILER
from pmc_soap.files.registro import CIERRE, DETALLE, ENCABEZADO, ENTE, MONEDA_PESOS, NoCabe


def write(codigo_empresa: str, fecha: date, cobros: Iterable[Cobro]) -> Iterator[bytes]:
    """Give the lines of the file one by one; fecha is the day on which the money of all of them is credited.

    Raises NoCabe, IdentificadorInvalido or CobroInvalido for what a COB cannot say.
    """
    said = {"ente": ENTE, "codigo_empresa": validate_codigo_empresa(codigo_empresa), "fecha": f"{fecha:%Y%m%d}"}
    yield _encode(HEADER.write({"codigo_registro": ENCABEZADO, **said}))
    cantidad = total_centavos = 0
    for cobro in cobros:
        if cobro.fecha_acreditacion != fecha:
            raise NoCabe(DETAIL.campos["fecha_acreditacion"], f"{cobro.fecha_acreditacion:%Y%m%d}")
        yield _encode(DETAIL.write(_detail(validate(cobro))))
        cantidad += 1
        total_centavos += cobro.importe_centavos
    total = {"cantidad_pesos": str(cantidad), "total_pesos_centavos": str(total_centavos)}
    yield _encode(TRAILER.write({"codigo_registro": CIERRE, **said, **total}))


def nombre(codigo_empresa: str, fecha: date) -> str:
    """Name the file as PMC does."""
    return f"COB{codigo_empresa}.{fecha:%d%m%y}"


def _detail(cobro: Cobro) -> dict[str, str]:
    campos = DETAIL.campos
    values = {
        "codigo_registro": DETALLE,
        "id_cliente": validate_id(cobro.id_cliente, campos["id_cliente"].length),
        "moneda": MONEDA_PESOS,
        "fecha_aplicacion": f"{cobro.fecha_aplicacion:%Y%m%d}",
        "importe_centavos": str(cobro.importe_centavos),
        "codigo_movimiento": str(cobro.codigo_movimiento),
        "fecha_acreditacion": f"{cobro.fecha_acreditacion:%Y%m%d}",
        "canal": cobro.canal or "",
        "nro_control": cobro.nro_control or "",
        "codigo_provincia": cobro.codigo_provincia or "",
    }
    if cobro.id_factura is not None:
        values["id_factura"] = validate_id(cobro.id_factura, campos["id_factura"].length)
    if cobro.primer_vencimiento is not None:
        values["primer_vencimiento"] = f"{cobro.primer_vencimiento:%Y%m%d}"
    return values


def _encode(line: str) -> bytes:
    return line.encode("ascii") + b"\r\n"
