"""The story of a pago: each step a fixed word and a Spanish sentence, in order of time.

No step tells a name of a person: who did something is beside it, in operador.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from pmc_soap.domain import importe
from pmc_soap.domain.aviso import Aviso, AvisoGuardado, AvisoPago, EstadoAviso, ReversaPago
from pmc_soap.domain.calendario import to_local
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.empresa import PULL
from pmc_soap.domain.entrega import DETENIDO, EstadoEntrega, EstadoImputacion
from pmc_soap.domain.expediente import Conciliada, Consultada, Debida, Expediente, Informada, Intento, Suceso
from pmc_soap.domain.factura import EstadoFactura, Origen
from pmc_soap.domain.valor import value
from pmc_soap.domain.veredicto import explain_pago, explain_reversa

T = TypeVar("T")

CADA_PUNTA = 3  # of what happened many times, so many are told at each end


class Hecho(StrEnum):
    """What happened, in one fixed word."""

    FACTURA_INFORMADA = "FACTURA_INFORMADA"
    CONSULTADA = "CONSULTADA"
    AVISO_RECIBIDO = "AVISO_RECIBIDO"
    JUZGADO = "JUZGADO"
    REPETIDO = "REPETIDO"
    CONFLICTO = "CONFLICTO"
    INFORMADO_EN_COB = "INFORMADO_EN_COB"
    AVISO_TARDIO = "AVISO_TARDIO"
    CONCILIADO = "CONCILIADO"
    REVERSA_RECIBIDA = "REVERSA_RECIBIDA"
    REVERSADO = "REVERSADO"
    EN_BANDEJA = "EN_BANDEJA"
    INTENTO_FALLIDO = "INTENTO_FALLIDO"
    ENTREGADO = "ENTREGADO"
    RECHAZADO_POR_LA_EMPRESA = "RECHAZADO_POR_LA_EMPRESA"
    DETENIDO = "DETENIDO"
    OPERADOR = "OPERADOR"


@value
class Paso:
    """One step. operador is who took it, where a person did."""

    fecha_hora_utc: datetime
    hecho: Hecho
    detalle: str
    operador: str | None = None


def tell(expediente: Expediente) -> tuple[Paso, ...]:
    """Tell the story; what happened at the same instant comes in the order of cause and effect."""
    return tuple(sorted(_steps(expediente), key=lambda paso: paso.fecha_hora_utc))


def when(instant_utc: datetime, *, seconds: bool = False) -> str:
    """Write an instant as a clock in Argentina shows it."""
    local = to_local(instant_utc)
    return f"{local:%d/%m/%Y %H:%M:%S}" if seconds else f"{local:%d/%m/%Y %H:%M}"


def amount(aviso: Aviso) -> str:
    """Write the importe of an aviso as people read it; a currency that is not pesos is named."""
    pesos = importe.format_es(aviso.importe_centavos)
    moneda = aviso.moneda if isinstance(aviso, AvisoPago) else importe.PESOS
    return pesos if moneda == importe.PESOS else pesos.replace("$", moneda)


def _steps(expediente: Expediente) -> Iterator[Paso]:
    if expediente.informada is not None:
        yield _informada(expediente.informada)
    for consulta in expediente.consultas:
        yield _consultada(consulta)
    for suceso in (expediente.suceso, *expediente.reversas):
        if suceso is not None:
            yield from _suceso(suceso)
    for tardio in expediente.tardios:
        yield from _tardio(tardio)
    if expediente.conciliada is not None:
        yield _conciliada(expediente.conciliada)
    for guardado in expediente.conflictos:
        yield Paso(
            fecha_hora_utc=guardado.fecha_hora_utc,
            hecho=Hecho.CONFLICTO,
            detalle="Llegó otro aviso con la misma identificación y otros datos: se guardó aparte, como"
            f" {guardado.id_aviso}.",
        )


def _informada(informada: Informada) -> Paso:
    if informada.origen is Origen.EMPRESA:
        detalle = "El sistema de la empresa informó la factura al ser consultado."
    elif informada.carga:
        detalle = f"La empresa informó la factura en el archivo {informada.carga}."
    else:
        detalle = "La empresa dio de alta la factura en línea."
    return Paso(fecha_hora_utc=informada.fecha_hora_utc, hecho=Hecho.FACTURA_INFORMADA, detalle=detalle)


def _consultada(consulta: Consultada) -> Paso:
    origen = {
        Origen.BASE: " desde la base que la empresa informó",
        Origen.EMPRESA: " desde el sistema de la empresa",
        None: "",
    }[consulta.origen]
    shown = "no mostró la factura"
    if consulta.importe_centavos is not None:
        shown = f"mostró {importe.format_es(consulta.importe_centavos)}{origen}"
    quoted = " El aviso la cita." if consulta.citada else ""
    detalle = f"La consulta {consulta.id_consulta} {shown}.{quoted}"
    return Paso(fecha_hora_utc=consulta.fecha_hora_utc, hecho=Hecho.CONSULTADA, detalle=detalle)


def _suceso(suceso: Suceso) -> Iterator[Paso]:
    guardado = suceso.guardado
    yield from (
        _reversa(guardado, guardado.aviso)
        if isinstance(guardado.aviso, ReversaPago)
        else _pago(guardado, guardado.aviso)
    )
    yield from _repeticiones(suceso)
    for debida in suceso.debidas:
        yield from _debida(debida)
    for acto in suceso.actos:
        detalle = f"{acto.accion}: {acto.motivo}"
        if acto.id_cliente is not None:
            paid = f"a la factura {acto.id_factura}" if acto.id_factura else "a cuenta"
            detalle += f" ({paid} del cliente {acto.id_cliente})"
        yield Paso(fecha_hora_utc=acto.fecha_hora_utc, hecho=Hecho.OPERADOR, detalle=detalle, operador=acto.operador)


def _pago(guardado: AvisoGuardado, aviso: AvisoPago) -> Iterator[Paso]:
    canal = f" por el canal {aviso.canal}" if aviso.canal else ""
    if aviso.linea_cob is not None:
        day = f"{to_local(aviso.momento_utc):%d/%m/%Y}"
        detalle = f"El archivo {aviso.id_mensaje} trajo un pago de {amount(aviso)}, hecho el {day}{canal}, sin aviso."
        yield Paso(fecha_hora_utc=guardado.fecha_hora_utc, hecho=Hecho.INFORMADO_EN_COB, detalle=detalle)
        yield Paso(fecha_hora_utc=guardado.fecha_hora_utc, hecho=Hecho.JUZGADO, detalle=explain_pago(guardado, aviso))
        return
    detalle = f"PagoMisCuentas avisó un pago de {amount(aviso)}, hecho el {when(aviso.momento_utc)}{canal}."
    yield Paso(fecha_hora_utc=guardado.fecha_hora_utc, hecho=Hecho.AVISO_RECIBIDO, detalle=detalle)
    yield Paso(fecha_hora_utc=guardado.fecha_hora_utc, hecho=Hecho.JUZGADO, detalle=explain_pago(guardado, aviso))


def _tardio(suceso: Suceso) -> Iterator[Paso]:
    detalle = f"Llegó el aviso {suceso.guardado.id_aviso} de este pago, que ya se había tomado del COB: no suma otro."
    yield Paso(fecha_hora_utc=suceso.guardado.fecha_hora_utc, hecho=Hecho.AVISO_TARDIO, detalle=detalle)
    yield from _repeticiones(suceso)


_SEGUN_COB = {
    Desenlace.CONCILIADO: "y coincide",
    Desenlace.SOLO_EN_COB: "de donde se tomó",
    Desenlace.DIF_FECHA: "con más de un día hábil de diferencia",
    Desenlace.REVERSADO_PERO_EN_COB: "aunque está reversado",
}


def _conciliada(conciliada: Conciliada) -> Paso:
    told = _SEGUN_COB.get(conciliada.desenlace, f"por {importe.format_es(conciliada.importe_centavos)}")
    detalle = f"Está en el COB: {conciliada.archivo}, línea {conciliada.linea}, {told}."
    return Paso(fecha_hora_utc=conciliada.fecha_hora_utc, hecho=Hecho.CONCILIADO, detalle=detalle)


def _reversa(guardado: AvisoGuardado, aviso: ReversaPago) -> Iterator[Paso]:
    motivo = f", con el motivo {aviso.motivo}" if aviso.motivo else ""
    detalle = f"PagoMisCuentas pidió la reversa de un pago de {amount(aviso)}{motivo}."
    yield Paso(fecha_hora_utc=guardado.fecha_hora_utc, hecho=Hecho.REVERSA_RECIBIDA, detalle=detalle)
    if guardado.estado is not EstadoAviso.APLICADO:
        detalle = explain_reversa(guardado)
        yield Paso(fecha_hora_utc=guardado.fecha_hora_utc, hecho=Hecho.JUZGADO, detalle=detalle)
        return
    payable = " La factura se puede volver a pagar." if guardado.estado_factura is EstadoFactura.PENDIENTE else ""
    detalle = f"El pago quedó sin efecto.{payable}"
    yield Paso(fecha_hora_utc=guardado.fecha_hora_utc, hecho=Hecho.REVERSADO, detalle=detalle)


def _repeticiones(suceso: Suceso) -> Iterator[Paso]:
    told, left_out = _ends(suceso.repeticiones)
    for n, at_utc in enumerate(told):
        detalle = "El mismo aviso llegó otra vez: no tuvo un nuevo efecto."
        if left_out and n == CADA_PUNTA:
            detalle += f" Antes había llegado {left_out} veces más."
        yield Paso(fecha_hora_utc=at_utc, hecho=Hecho.REPETIDO, detalle=detalle)


def _debida(debida: Debida) -> Iterator[Paso]:
    entrega = debida.entrega
    owed = f"Quedó para entregar a «{entrega.destino}»."
    if entrega.destino == PULL:
        owed = "Quedó en la bandeja, para que la empresa lo retire."
    yield _at(debida, entrega.creada_utc, Hecho.EN_BANDEJA, owed)
    taken = [intento for intento in debida.intentos if intento.resultado in set(EstadoImputacion)]
    failed, left_out = _ends([intento for intento in debida.intentos if intento not in taken])
    for n, intento in enumerate(failed):
        more = f" Antes fallaron {left_out} intentos más." if left_out and n == CADA_PUNTA else ""
        detalle = f"No se pudo entregar a «{entrega.destino}»: {intento.detalle or 'sin detalle'}.{more}"
        yield _at(debida, intento.fecha_hora_utc, Hecho.INTENTO_FALLIDO, detalle)
        if intento.resultado == DETENIDO:
            yield _stopped(debida, intento.fecha_hora_utc)
    for intento in taken:
        yield _taken(debida, intento)
    by_hand = not any(intento.resultado == DETENIDO for intento in debida.intentos)
    if entrega.estado is EstadoEntrega.DETENIDA and by_hand:
        at_utc = max((intento.fecha_hora_utc for intento in debida.intentos), default=entrega.creada_utc)
        yield _stopped(debida, at_utc)


def _stopped(debida: Debida, at_utc: datetime) -> Paso:
    detalle = f"La entrega a «{debida.entrega.destino}» quedó detenida, a la espera de una persona."
    return _at(debida, at_utc, Hecho.DETENIDO, detalle)


def _taken(debida: Debida, intento: Intento) -> Paso:
    entrega = debida.entrega
    done = "Se retiró de la bandeja" if entrega.destino == PULL else f"Se entregó a «{entrega.destino}»"
    if intento.resultado == EstadoImputacion.RECHAZADO:
        detalle = f"{done}, y la empresa lo rechazó: {intento.detalle or 'sin motivo'}."
        return _at(debida, intento.fecha_hora_utc, Hecho.RECHAZADO_POR_LA_EMPRESA, detalle)
    comprobante = f", con el comprobante {intento.nro_comprobante}" if intento.nro_comprobante else ""
    # who took it and says so has not imputed it yet: a queue
    detalle = f"{done}: {intento.detalle}." if intento.detalle else f"{done} y quedó imputado{comprobante}."
    return _at(debida, intento.fecha_hora_utc, Hecho.ENTREGADO, detalle)


def _at(debida: Debida, at_utc: datetime, hecho: Hecho, detalle: str) -> Paso:
    # the attempts carry the database's time, the rest this machine's: no effect is told before its cause
    return Paso(fecha_hora_utc=max(at_utc, debida.entrega.creada_utc), hecho=hecho, detalle=detalle)


def _ends(things: Sequence[T]) -> tuple[Sequence[T], int]:
    """Give the first and the last of many, and how many are between."""
    left_out = len(things) - 2 * CADA_PUNTA
    return (things, 0) if left_out <= 0 else ([*things[:CADA_PUNTA], *things[-CADA_PUNTA:]], left_out)
