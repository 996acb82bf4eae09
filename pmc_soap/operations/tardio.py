"""An aviso that comes after the COB told of its payment: it is kept and acknowledged, and moves no money again."""

from collections.abc import Sequence
from datetime import datetime

from pmc_soap.domain.aviso import (
    AvisoGuardado,
    AvisoPago,
    EstadoAviso,
    EstadoPago,
    contenido,
    huella,
    identidad,
)
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.conciliacion import Habiles, LineaCob, PagoConocido, find_linea, read_cobro
from pmc_soap.domain.importe import PESOS
from pmc_soap.operations.pago import Llegada
from pmc_soap.operations.ports import Reading, Writing


def find_cobrado(
    tx: Writing, waiting: Sequence[AvisoGuardado], aviso: AvisoPago, habiles: Habiles
) -> AvisoGuardado | None:
    """Find, among what waits for its aviso, the pago of the COB that this aviso tells of."""
    cobrados = {
        guardado.secuencia: guardado
        for guardado in waiting
        if isinstance(guardado.aviso, AvisoPago) and not _paid_again(tx, guardado, aviso)
    }
    if not cobrados or aviso.moneda != PESOS:
        return None
    lineas = [
        LineaCob(id=secuencia, clave=guardado.identidad, cobro=read_cobro(guardado.aviso))
        for secuencia, guardado in cobrados.items()
        if isinstance(guardado.aviso, AvisoPago)
    ]
    found = find_linea(_known(aviso), lineas, habiles)
    return cobrados[found.id] if found else None


def keep_late(tx: Writing, llegada: Llegada, cobrado: AvisoGuardado) -> AvisoGuardado:
    """Keep the aviso beside the pago that it tells of, which has the money: it is answered as that one was judged."""
    aviso, pago = llegada.aviso, tx.pago(cobrado.id_aviso)
    reversado = pago is not None and pago.estado is EstadoPago.REVERSADO
    guardado = AvisoGuardado(
        id_aviso=llegada.id_aviso,
        aviso=aviso,
        identidad=identidad(aviso),
        contenido=contenido(aviso),
        huella=huella(aviso),
        estado=EstadoAviso.REVERSADA_ANTES if reversado else cobrado.estado,
        resultado=llegada.resultado,
        fecha_hora_utc=llegada.at_utc,
        original=cobrado.id_aviso,
    )
    tx.keep(guardado)
    return guardado


def con_dinero(reading: Reading, guardado: AvisoGuardado) -> str:
    """Name the aviso that has the money of this one: itself, unless the COB had told of it before."""
    if guardado.original is None or reading.pago(guardado.id_aviso) is not None:
        return guardado.id_aviso
    return guardado.original


def _paid_again(tx: Writing, cobrado: AvisoGuardado, aviso: AvisoPago) -> bool:
    """Tell that the pago of the COB was taken back before this one was made: then it is another."""
    taken_back = tx.reversa_of(cobrado.id_aviso)
    return taken_back is not None and aviso.momento_utc > _sent(taken_back)


def _sent(guardado: AvisoGuardado) -> datetime:
    return guardado.aviso.fecha_hora_mensaje_utc


def _known(aviso: AvisoPago) -> PagoConocido:
    return PagoConocido(
        id_aviso="",
        secuencia=0,
        id_cliente=aviso.id_cliente,
        id_factura=aviso.id_factura,
        importe_centavos=aviso.importe_centavos,
        dia=local_day(aviso.momento_utc),
        canal=aviso.canal,
        nro_control=aviso.nro_control,
    )
