"""How an aviso is judged. It is always kept; this only decides whether it is imputed or waits in the puente.

The rules are two tables, JUICIOS and JUICIOS_REVERSA; fixtures/decisiones/ shows what they come to, row by row.
"""

from datetime import timedelta
from enum import StrEnum

from pmc_soap.domain import importe
from pmc_soap.domain.aviso import PAGO_SIN_FACTURA, AvisoPago, EstadoAviso, ReversaPago
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import EstadoFactura, Exigible, Factura
from pmc_soap.domain.resultado import Resultado


class Situacion(StrEnum):
    """What the ledger knows of the factura that an aviso pays, on the day of the payment."""

    DESCONOCIDA = "DESCONOCIDA"
    SIN_FACTURA = "SIN_FACTURA"
    SIN_BASE = "SIN_BASE"
    PENDIENTE = "PENDIENTE"
    VENCIDA = "VENCIDA"
    PAGADA = "PAGADA"
    BAJA = "BAJA"
    REEMPLAZADA = "REEMPLAZADA"


class Cuadre(StrEnum):
    """How the money of an aviso compares with what was due."""

    EXACTO = "EXACTO"
    OTRO_IMPORTE = "OTRO_IMPORTE"
    OTRA_MONEDA = "OTRA_MONEDA"


JUICIOS: dict[tuple[Situacion, Cuadre], EstadoAviso] = {
    (Situacion.DESCONOCIDA, Cuadre.EXACTO): EstadoAviso.DESCONOCIDA,
    (Situacion.DESCONOCIDA, Cuadre.OTRO_IMPORTE): EstadoAviso.DESCONOCIDA,
    (Situacion.DESCONOCIDA, Cuadre.OTRA_MONEDA): EstadoAviso.DESCONOCIDA,
    (Situacion.SIN_FACTURA, Cuadre.EXACTO): EstadoAviso.APLICADO,
    (Situacion.SIN_FACTURA, Cuadre.OTRO_IMPORTE): EstadoAviso.IMPORTE_DISTINTO,
    (Situacion.SIN_FACTURA, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
    (Situacion.SIN_BASE, Cuadre.EXACTO): EstadoAviso.APLICADO,
    (Situacion.SIN_BASE, Cuadre.OTRO_IMPORTE): EstadoAviso.IMPORTE_DISTINTO,
    (Situacion.SIN_BASE, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
    (Situacion.PENDIENTE, Cuadre.EXACTO): EstadoAviso.APLICADO,
    (Situacion.PENDIENTE, Cuadre.OTRO_IMPORTE): EstadoAviso.IMPORTE_DISTINTO,
    (Situacion.PENDIENTE, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
    (Situacion.VENCIDA, Cuadre.EXACTO): EstadoAviso.VENCIDA,
    (Situacion.VENCIDA, Cuadre.OTRO_IMPORTE): EstadoAviso.VENCIDA,
    (Situacion.VENCIDA, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
    (Situacion.PAGADA, Cuadre.EXACTO): EstadoAviso.YA_PAGADA,
    (Situacion.PAGADA, Cuadre.OTRO_IMPORTE): EstadoAviso.YA_PAGADA,
    (Situacion.PAGADA, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
    (Situacion.BAJA, Cuadre.EXACTO): EstadoAviso.BAJA,
    (Situacion.BAJA, Cuadre.OTRO_IMPORTE): EstadoAviso.BAJA,
    (Situacion.BAJA, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
    (Situacion.REEMPLAZADA, Cuadre.EXACTO): EstadoAviso.BAJA,
    (Situacion.REEMPLAZADA, Cuadre.OTRO_IMPORTE): EstadoAviso.BAJA,
    (Situacion.REEMPLAZADA, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
}


def judge(
    aviso: AvisoPago, empresa: Empresa, factura: Factura | None, *, paid: bool, knows_cliente: bool
) -> EstadoAviso:
    """Judge the first arrival of an aviso that no reversa came before."""
    situacion = _situate(aviso, empresa, factura, paid=paid, knows_cliente=knows_cliente)
    return JUICIOS[situacion, _compare(aviso, empresa, factura)]


def _situate(
    aviso: AvisoPago, empresa: Empresa, factura: Factura | None, *, paid: bool, knows_cliente: bool
) -> Situacion:
    if paid:
        return Situacion.PAGADA
    if aviso.clave is None:
        if aviso.codigo_movimiento != PAGO_SIN_FACTURA:
            return Situacion.DESCONOCIDA
        return Situacion.SIN_FACTURA if knows_cliente or not empresa.con_base else Situacion.DESCONOCIDA
    if factura is None:
        return Situacion.DESCONOCIDA if empresa.con_base else Situacion.SIN_BASE
    if factura.estado is EstadoFactura.PENDIENTE and _due(factura, aviso, empresa) is None:
        return Situacion.VENCIDA
    return Situacion(factura.estado)


def _due(factura: Factura, aviso: AvisoPago, empresa: Empresa) -> Exigible | None:
    return factura.due_on(local_day(aviso.momento_utc), empresa.gracia_dias)


def _compare(aviso: AvisoPago, empresa: Empresa, factura: Factura | None) -> Cuadre:
    if aviso.moneda != importe.PESOS:
        return Cuadre.OTRA_MONEDA
    if factura is None:
        return Cuadre.EXACTO if aviso.importe_centavos > 0 else Cuadre.OTRO_IMPORTE
    day = local_day(aviso.momento_utc)
    accepted = factura.accepts(aviso.importe_centavos, day, empresa.politica_importe, empresa.gracia_dias)
    return Cuadre.EXACTO if accepted else Cuadre.OTRO_IMPORTE


class SituacionReversa(StrEnum):
    """What the ledger knows of the pago that a reversa takes back."""

    SIN_PAGO = "SIN_PAGO"
    OTRO_IMPORTE = "OTRO_IMPORTE"
    FUERA_DE_TERMINO = "FUERA_DE_TERMINO"
    YA_REVERSADO = "YA_REVERSADO"
    REVERSIBLE = "REVERSIBLE"


JUICIOS_REVERSA: dict[SituacionReversa, tuple[EstadoAviso, Resultado]] = {
    SituacionReversa.SIN_PAGO: (EstadoAviso.DESCONOCIDA, Resultado.PAGO_INEXISTENTE),
    SituacionReversa.OTRO_IMPORTE: (EstadoAviso.IMPORTE_DISTINTO, Resultado.IMPORTE_REVERSA_DISTINTO),
    SituacionReversa.FUERA_DE_TERMINO: (EstadoAviso.VENCIDA, Resultado.REVERSA_FUERA_DE_TERMINO),
    SituacionReversa.YA_REVERSADO: (EstadoAviso.REVERSADA_ANTES, Resultado.EXITOSA),
    SituacionReversa.REVERSIBLE: (EstadoAviso.APLICADO, Resultado.EXITOSA),
}


def judge_reversa(
    reversa: ReversaPago, original: AvisoPago | None, *, reversado: bool, plazo: timedelta
) -> tuple[EstadoAviso, Resultado]:
    """Judge the first arrival of a reversa against the pago it means, if there is one."""
    return JUICIOS_REVERSA[_situate_reversa(reversa, original, reversado=reversado, plazo=plazo)]


def _situate_reversa(
    reversa: ReversaPago, original: AvisoPago | None, *, reversado: bool, plazo: timedelta
) -> SituacionReversa:
    if original is None:
        return SituacionReversa.SIN_PAGO
    if reversa.importe_centavos != original.importe_centavos:
        return SituacionReversa.OTRO_IMPORTE
    if reversado:
        return SituacionReversa.YA_REVERSADO
    if reversa.fecha_hora_mensaje_utc - original.entre_utc[1] > plazo:
        return SituacionReversa.FUERA_DE_TERMINO
    return SituacionReversa.REVERSIBLE
