"""An aviso that arrived before: the same gets the same answer; other content under its identity is a conflict."""

from pmc_soap.domain.aviso import (
    Acuse,
    Aviso,
    AvisoGuardado,
    AvisoPago,
    EstadoAviso,
    EstadoPago,
    contenido,
    identidad,
)
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.operations.ports import Clock, Ids, Writing


def answer_again(tx: Writing, known: AvisoGuardado, aviso: Aviso, clock: Clock, ids: Ids) -> Acuse:
    """Answer an aviso that repeats a kept one: by its identity, or only by its fingerprint."""
    conflicts = known.identidad == identidad(aviso) and known.contenido != contenido(aviso)
    if not conflicts:
        return _repeat(tx, known, aviso, clock)
    conflict_identidad = f"X:{identidad(aviso)}:{contenido(aviso)}"
    known_conflict = tx.aviso_by_identidad(aviso.codigo_empresa, aviso.tipo, conflict_identidad)
    if known_conflict is not None:
        return _repeat(tx, known_conflict, aviso, clock)
    return _keep_conflict(tx, known, aviso, conflict_identidad, clock, ids)


def _repeat(tx: Writing, known: AvisoGuardado, aviso: Aviso, clock: Clock) -> Acuse:
    tx.note_repeat(known.id_aviso, aviso.id_mensaje, clock.now())
    return Acuse(ending=Ending(known.resultado, duplicado=True), id_aviso=known.id_aviso, estado=known.estado)


def _keep_conflict(
    tx: Writing, known: AvisoGuardado, aviso: Aviso, conflict_identidad: str, clock: Clock, ids: Ids
) -> Acuse:
    guardado = AvisoGuardado(
        id_aviso=ids.new(),
        aviso=aviso,
        identidad=conflict_identidad,
        contenido=contenido(aviso),
        huella=None,
        estado=EstadoAviso.CONFLICTO,
        resultado=Resultado.TRANSACCION_DISTINTA,
        fecha_hora_utc=clock.now(),
        original=known.id_aviso,
    )
    tx.keep(guardado)
    if isinstance(aviso, AvisoPago):
        tx.add_pago(guardado.id_aviso, aviso.clave, EstadoPago.EN_PUENTE)
    tx.alert(aviso.codigo_empresa, guardado.estado, guardado.id_aviso, guardado.fecha_hora_utc)
    return Acuse(ending=Ending(guardado.resultado), id_aviso=guardado.id_aviso, estado=guardado.estado)
