"""An aviso that arrived before: the same gets the same answer; other content under its identity is a conflict."""

from collections.abc import Callable

from pmc_soap.domain.aviso import (
    Acuse,
    Aviso,
    AvisoGuardado,
    AvisoPago,
    EstadoAviso,
    EstadoPago,
    apart,
    contenido,
    huella,
    identidad,
)
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.operations.ports import Clock, Ids, Writing


def find_known(
    tx: Writing, empresa: Empresa, aviso: Aviso, is_new: Callable[[AvisoGuardado], bool]
) -> AvisoGuardado | None:
    """Find the kept aviso that this one repeats: by its identity, else by its fingerprint within the window.

    is_new tells that the same payment, or reversa, was made once more after that one: then it is no repeat.
    """
    known = tx.aviso_by_identidad(aviso.codigo_empresa, aviso.tipo, identidad(aviso))
    fingerprint = huella(aviso)
    if known is not None or fingerprint is None:
        return known
    known = tx.aviso_by_repeticion(aviso.codigo_empresa, aviso.tipo, aviso.id_mensaje)
    if known is not None:
        return known
    likely = [
        guardado
        for guardado in tx.avisos_by_huella(aviso.codigo_empresa, aviso.tipo, fingerprint)
        if apart(guardado.aviso, aviso) <= empresa.ventana_duplicado and not is_new(guardado)
    ]
    return min(likely, key=lambda guardado: apart(guardado.aviso, aviso)) if likely else None


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
    return Acuse(
        ending=Ending(known.resultado, duplicado=True),
        id_aviso=known.id_aviso,
        estado=known.estado,
        estado_factura=known.estado_factura,
    )


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
