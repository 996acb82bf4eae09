"""What a destino is handed, put together from the aviso, its money and what it takes back."""

from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from pmc_soap.domain.aviso import (
    PAGO_CON_FACTURA,
    PAGO_SIN_FACTURA,
    Aviso,
    AvisoGuardado,
    AvisoPago,
    ReversaPago,
)
from pmc_soap.domain.entrega import Envio
from pmc_soap.storage import tables as t
from pmc_soap.storage.rows import Values, read_aviso

_ASSIGNED = select(t.pago.c.id_cliente, t.pago.c.id_factura).where(t.pago.c.id_aviso == bindparam("of_id_aviso"))
_AVISO = select(t.aviso).where(t.aviso.c.id_aviso == bindparam("of_id_aviso"))


def read_envio(connection: Connection, id_aviso: str, codigo_empresa: str) -> Envio:
    """Put together what the destino is handed; money is told of by the factura that it was assigned to."""
    guardado = _aviso(connection, id_aviso)
    takes_back = isinstance(guardado.aviso, ReversaPago)  # a pago in conflict also names another, and is not its news
    original = _aviso(connection, guardado.original) if takes_back and guardado.original else None
    of_pago = {"of_id_aviso": original.id_aviso if original else guardado.id_aviso}
    assigned = dict(connection.execute(_ASSIGNED, of_pago).mappings().one())
    return Envio(
        codigo_empresa=codigo_empresa,
        guardado=guardado,
        aviso=_assign(guardado.aviso, assigned),
        original=replace(original, aviso=_assign(original.aviso, assigned)) if original else None,
    )


def _assign(aviso: Aviso, assigned: Values) -> Aviso:
    """Tell of an aviso by the cliente and the factura that its money went to, and by the movement that this is."""
    if assigned == {"id_cliente": aviso.id_cliente, "id_factura": aviso.id_factura}:
        return aviso
    if isinstance(aviso, AvisoPago):
        assigned |= {"codigo_movimiento": PAGO_CON_FACTURA if assigned["id_factura"] else PAGO_SIN_FACTURA}
    return replace(aviso, **assigned)


def _aviso(connection: Connection, id_aviso: str) -> AvisoGuardado:
    return read_aviso(connection.execute(_AVISO, {"of_id_aviso": id_aviso}).mappings().one())
