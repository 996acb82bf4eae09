"""The COB that PMC would send of a day's pagos: so that who plays PMC can also settle with the empresa."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pmc_soap.domain.aviso import PAGO_CON_FACTURA, PAGO_SIN_FACTURA, EstadoPago
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.cobro import Cobro
from pmc_soap.domain.factura import ClaveFactura
from pmc_soap.domain.importe import PESOS
from pmc_soap.files.cob import escritura

if TYPE_CHECKING:
    from pmc_soap.operations.informes import PagoInformado
    from pmc_soap.wiring import House

_OLVIDADO = "9000001"  # whose pago nobody told of
_DE_MENOS = 1_00


def write(house: "House", own: str, *, con_sorpresas: bool) -> tuple[str, bytes]:
    """Give the name and the bytes of today's file.

    con_sorpresas: a pago that nobody told of, and the first of the others with another importe.
    """
    today = local_day(house.clock.now())
    with_pesos = (each for each in house.ledger.informes.pagos(own, today, today) if each.moneda == PESOS)
    live = [each for each in with_pesos if each.estado is not EstadoPago.REVERSADO]
    cobros = [_cobro(house, each, today) for each in live]
    if con_sorpresas:
        cobros = list(_surprising(cobros, today))
    codigo = house.by_own_code[own].codigo_vigente
    return escritura.nombre(codigo, today), b"".join(escritura.write(codigo, today, cobros))


def _cobro(house: "House", pago: "PagoInformado", today: date) -> Cobro:
    first = None
    if pago.id_factura is not None:
        clave = ClaveFactura(codigo_empresa=pago.codigo_empresa, id_cliente=pago.id_cliente, id_factura=pago.id_factura)
        with house.ledger.read() as reading:
            factura = reading.factura(clave)
        first = factura.vencimientos[0].fecha if factura else today
    return Cobro(
        id_cliente=pago.id_cliente,
        id_factura=pago.id_factura,
        primer_vencimiento=first,
        fecha_aplicacion=today,
        fecha_acreditacion=today,
        importe_centavos=pago.importe_centavos,
        codigo_movimiento=PAGO_SIN_FACTURA if pago.id_factura is None else PAGO_CON_FACTURA,
        canal=pago.canal,
        nro_control=pago.nro_control,
    )


def _surprising(cobros: list[Cobro], today: date) -> Iterator[Cobro]:
    for n, cobro in enumerate(cobros):
        less = cobro.importe_centavos - _DE_MENOS
        yield replace(cobro, importe_centavos=less) if n == 0 and less > 0 else cobro
    yield Cobro(
        id_cliente=_OLVIDADO,
        fecha_aplicacion=today,
        fecha_acreditacion=today,
        importe_centavos=4_321_00,
        codigo_movimiento=PAGO_SIN_FACTURA,
        canal="PC",
    )
