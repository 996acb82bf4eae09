"""What is to be done next about a pago, and by whom: Spanish sentences, one for each thing that waits."""

from pmc_soap.domain.aviso import EstadoAviso, EstadoPago, Pago, ReversaPago
from pmc_soap.domain.empresa import PULL
from pmc_soap.domain.entrega import EstadoEntrega, EstadoImputacion
from pmc_soap.domain.expediente import Debida, Expediente, Suceso
from pmc_soap.domain.historia import when

NADA = "Nada que hacer: "
_SIN_EFECTO = {
    EstadoAviso.IMPORTE_DISTINTO: "Aclarar con PagoMisCuentas el importe: la reversa no tuvo efecto.",
    EstadoAviso.VENCIDA: "Aclarar con PagoMisCuentas qué pasó con el dinero: la reversa llegó fuera de término.",
    EstadoAviso.CONFLICTO: "Aclarar con PagoMisCuentas cuál de las dos reversas vale.",
}


def next_steps(expediente: Expediente) -> tuple[str, ...]:
    """Say what waits, or that nothing does."""
    suceso = expediente.suceso
    if suceso is None:
        return (f"{NADA}todavía no llegó ningún pago.",)
    unsettled = tuple(_SIN_EFECTO[r.guardado.estado] for r in expediente.reversas if r.guardado.estado in _SIN_EFECTO)
    if isinstance(suceso.guardado.aviso, ReversaPago):
        return (_of_lone_reversa(suceso),)
    waiting = tuple(step for debida in expediente.debidas if (step := _of_debida(debida)) is not None)
    in_puente = expediente.pago is not None and expediente.pago.estado is EstadoPago.EN_PUENTE
    if in_puente or not (unsettled or waiting):
        return (*unsettled, *waiting, _settled(suceso, expediente.pago))
    return (*unsettled, *waiting)


def _of_lone_reversa(suceso: Suceso) -> str:
    default = f"{NADA}si el pago llega más tarde, se guardará como reversado y no se imputará."
    return _SIN_EFECTO.get(suceso.guardado.estado, default)


def _of_debida(debida: Debida) -> str | None:
    entrega = debida.entrega
    resend = f"volver a enviarlo: pmc-soap avisos resend {entrega.id_aviso} --destino {entrega.destino}"
    match entrega.estado:
        case EstadoEntrega.DETENIDA:
            return f"Resolver por qué se detuvo y {resend}"
        case EstadoEntrega.TOMADA:
            return f"Esperar: se está entregando ahora a «{entrega.destino}»."
        case EstadoEntrega.PENDIENTE:
            return _of_waiting(debida)
    if entrega.comprobante is not None and entrega.comprobante.estado is EstadoImputacion.RECHAZADO:
        return f"Aclarar con la empresa por qué lo rechazó; si lo corrige, {resend}"
    return None


def _of_waiting(debida: Debida) -> str:
    entrega = debida.entrega
    if entrega.destino == PULL:
        return "La empresa tiene que retirarlo con ObtenerAvisos y confirmarlo con ConfirmarAvisos."
    if not debida.primera:
        return f"Esperar: para «{entrega.destino}», antes va otro aviso del mismo cliente."
    at = when(entrega.proximo_intento_utc, seconds=True)
    return f"Esperar: el próximo intento de entrega a «{entrega.destino}» es el {at}."


def _settled(suceso: Suceso, pago: Pago | None) -> str:
    id_aviso = suceso.guardado.id_aviso
    match pago.estado if pago else None:
        case EstadoPago.EN_PUENTE:
            return (
                f'Decidir qué se hace con el dinero: imputarlo con pmc-soap puente apply {id_aviso} --motivo "…"'
                f' o devolverlo con pmc-soap puente return {id_aviso} --motivo "…"'
            )
        case EstadoPago.DEVUELTO:
            return f"{NADA}el dinero se devolvió."
        case EstadoPago.REVERSADO:
            return f"{NADA}el pago quedó sin efecto."
        case EstadoPago.APLICADO if suceso.debidas:
            return f"{NADA}está imputado y la empresa ya lo tiene."
    return f"{NADA}está imputado; la empresa no tiene destinos a los que avisarle."
