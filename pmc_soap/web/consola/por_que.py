"""Why an entrega is where it is, and what it waits for, in words."""

from collections.abc import Mapping
from datetime import datetime

from pmc_soap.domain.calendario import to_local
from pmc_soap.domain.empresa import PULL
from pmc_soap.domain.entrega import Entrega, EstadoEntrega, EstadoImputacion
from pmc_soap.operations.operador import Delante


def why(entrega: Entrega, delante: Mapping[int, Delante], now: datetime) -> str:
    """Say why. delante: the entregas that others wait for, by the ids of those that wait."""
    match entrega.estado:
        case EstadoEntrega.ENTREGADA:
            return _answered(entrega)
        case EstadoEntrega.TOMADA:
            return "Se está entregando en este momento."
        case EstadoEntrega.DETENIDA:
            return f"Detenido: {entrega.motivo or 'lo apartó un operador'}. Espera a una persona."
        case EstadoEntrega.PENDIENTE:
            return _waits(entrega, delante.get(entrega.id), now)


def _answered(entrega: Entrega) -> str:
    answered = entrega.comprobante
    if answered is not None and answered.estado is EstadoImputacion.RECHAZADO:
        return f"La empresa lo recibió y lo rechazó: {answered.motivo or 'no dijo por qué'}."
    number = answered.nro_comprobante if answered else None
    return f"Entregado. Comprobante {number}." if number else "Entregado."


def _waits(entrega: Entrega, ahead: Delante | None, now: datetime) -> str:
    if ahead is not None:
        stopped = ", que está detenido" if ahead.estado is EstadoEntrega.DETENIDA else ""
        return f"Espera su turno: antes va otro aviso del mismo cliente{stopped}."
    if entrega.destino == PULL:
        return "Espera a que la empresa venga a buscarlo."
    if not entrega.intentos:
        return "Sale enseguida."
    tries = "1 intento" if entrega.intentos == 1 else f"{entrega.intentos} intentos"
    again = "ya" if entrega.proximo_intento_utc <= now else _at(entrega.proximo_intento_utc, now)
    return f"{tries} sin suerte: {entrega.motivo or 'no respondió'}. Se vuelve a probar {again}."


def _at(instant_utc: datetime, now: datetime) -> str:
    moment = to_local(instant_utc)
    is_today = moment.date() == to_local(now).date()
    return f"a las {moment:%H:%M:%S}" if is_today else f"el {moment:%d/%m a las %H:%M}"
