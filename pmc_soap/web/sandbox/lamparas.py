"""The lamps: how far an aviso has come, from the network's word to the empresa's books."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from pmc_soap.domain.aviso import AvisoPago, EstadoAviso
from pmc_soap.domain.empresa import PULL
from pmc_soap.domain.entrega import Entrega, EstadoEntrega, EstadoImputacion
from pmc_soap.domain.expediente import Debida, Suceso
from pmc_soap.domain.historia import amount
from pmc_soap.domain.veredicto import explain_pago, explain_reversa
from pmc_soap.operations.seguimiento import Historia
from pmc_soap.web.formato import hora

BIEN, OJO, MAL, NADA = "bien", "ojo", "mal", "nada"


class Lampara(NamedTuple):
    """One lamp: bien is lit, ojo waits, mal needs somebody, nada is dark."""

    titulo: str
    tono: str
    texto: str = ""
    momento_utc: datetime | None = None


def suceso_of(historia: Historia, id_aviso: str) -> Suceso | None:
    """Find that aviso in the story of its pago."""
    told = (historia.expediente.suceso, *historia.expediente.reversas, *historia.expediente.tardios)
    found = next((each for each in told if each is not None and each.guardado.id_aviso == id_aviso), None)
    if found is None and historia.caso is not None and historia.caso.guardado.id_aviso == id_aviso:
        return Suceso(guardado=historia.caso.guardado)
    return found


def light(suceso: Suceso) -> Sequence[Lampara]:
    """Give the five lamps of an aviso, in their order."""
    guardado, aviso = suceso.guardado, suceso.guardado.aviso
    is_pago = isinstance(aviso, AvisoPago)
    came = f"Un pago de {amount(aviso)}" if is_pago else f"La reversa de un pago de {amount(aviso)}"
    canal = f" por el canal {aviso.canal}" if isinstance(aviso, AvisoPago) and aviso.canal else ""
    lit = (
        Lampara("Aviso recibido", BIEN, f"{came}{canal}.", guardado.fecha_hora_utc),
        Lampara("Guardado", _tono(guardado.estado), _judged(suceso), guardado.fecha_hora_utc),
    )
    return (*lit, *_entregada(suceso))


def settled(lamparas: Sequence[Lampara]) -> bool:
    """Tell whether nothing more will happen by itself."""
    return not any(lampara.tono == OJO for lampara in lamparas[2:])


def _tono(estado: EstadoAviso) -> str:
    return BIEN if estado is EstadoAviso.APLICADO else OJO


def _judged(suceso: Suceso) -> str:
    aviso = suceso.guardado.aviso
    is_applied = suceso.guardado.estado is EstadoAviso.APLICADO
    if isinstance(aviso, AvisoPago) and is_applied and aviso.id_factura:
        return f"En disco, antes de contestar: la factura {aviso.id_factura} quedó paga."
    if isinstance(aviso, AvisoPago):
        return f"En disco, antes de contestar. {explain_pago(suceso.guardado, aviso)}"
    told = "El pago quedó sin efecto." if is_applied else explain_reversa(suceso.guardado)
    return f"En disco, antes de contestar. {told}"


def _entregada(suceso: Suceso) -> Sequence[Lampara]:
    titulos = ("En bandeja", "Entregado al ERP", "Imputado")
    debida = _main(suceso.debidas)
    if debida is None:
        why = "No hay nada que llevarle a la empresa."
        if suceso.guardado.estado is not EstadoAviso.APLICADO and isinstance(suceso.guardado.aviso, AvisoPago):
            why = "Espera en el puente: a la empresa se le avisa cuando una persona decide."
        return tuple(chain([Lampara(titulos[0], NADA, why)], (Lampara(titulo, NADA) for titulo in titulos[1:])))
    entrega = debida.entrega
    owed = f"Anotado para «{entrega.destino}» en la misma transacción."
    return (
        Lampara(titulos[0], BIEN, owed, entrega.creada_utc),
        _carried(titulos[1], debida),
        _imputed(titulos[2], entrega),
    )


def _main(debidas: Sequence[Debida]) -> Debida | None:
    """Choose what is brought before what the empresa comes for."""
    return min(debidas, key=lambda debida: debida.entrega.destino == PULL, default=None)


def _carried(titulo: str, debida: Debida) -> Lampara:
    entrega = debida.entrega
    match entrega.estado:
        case EstadoEntrega.ENTREGADA:
            tries = f"Al intento {entrega.intentos}." if entrega.intentos > 1 else "Al primer intento."
            return Lampara(titulo, BIEN, tries, entrega.entregada_utc)
        case EstadoEntrega.TOMADA:
            return Lampara(titulo, OJO, "En camino.")
        case EstadoEntrega.DETENIDA:
            return Lampara(titulo, MAL, "Detenido: hace falta una persona.")
    return Lampara(titulo, OJO, _waits(debida))


def _waits(debida: Debida) -> str:
    entrega = debida.entrega
    if entrega.destino == PULL:
        return "Espera que la empresa lo retire con ObtenerAvisos."
    if not debida.primera:
        return "Espera: antes va otro aviso del mismo cliente."
    if not entrega.intentos:
        return "Sale enseguida."
    why = (debida.intentos[-1].detalle if debida.intentos else None) or "no contesta"
    tries = "Va un intento" if entrega.intentos == 1 else f"Van {entrega.intentos} intentos"
    return f"El ERP no lo tomó: {why}. {tries}; el próximo, a las {hora(entrega.proximo_intento_utc)}."


def _imputed(titulo: str, entrega: Entrega) -> Lampara:
    comprobante = entrega.comprobante
    if comprobante is None:
        if entrega.estado is EstadoEntrega.ENTREGADA:
            return Lampara(titulo, NADA, "La empresa todavía no dijo qué hizo.")
        return Lampara(titulo, NADA)
    if comprobante.estado is EstadoImputacion.RECHAZADO:
        return Lampara(titulo, MAL, f"La empresa lo rechazó: {comprobante.motivo or 'sin motivo'}.")
    numero = f"Comprobante {comprobante.nro_comprobante}." if comprobante.nro_comprobante else "La empresa lo confirmó."
    return Lampara(titulo, BIEN, numero, entrega.entregada_utc)
