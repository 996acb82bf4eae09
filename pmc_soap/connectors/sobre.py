"""The plain form of an aviso that JSON, AMQP and SQL share: always the same keys, null where there is nothing to say.

The importe comes twice: as text with two decimals, and in whole centavos. Moments are those of Argentina (-03:00).
"""

from datetime import date, datetime

from pmc_soap.domain import importe
from pmc_soap.domain.aviso import Aviso, AvisoPago, ReversaPago
from pmc_soap.domain.calendario import to_local
from pmc_soap.domain.entrega import Envio

Valor = str | int | None


def write_aviso(envio: Envio) -> dict[str, Valor]:
    """Write an aviso; a reversa tells the factura and the moneda of its pago where it does not name them itself."""
    aviso, guardado = envio.aviso, envio.guardado
    pago = pago_original(envio)
    return {
        "tipo": aviso.tipo.value,
        "id_aviso": guardado.id_aviso,
        "codigo_empresa": envio.codigo_empresa,
        "id_cliente": aviso.id_cliente,
        "id_factura": aviso.id_factura or (pago.id_factura if pago else None),
        "importe": importe.format(aviso.importe_centavos),
        "importe_centavos": aviso.importe_centavos,
        "moneda": _moneda(aviso, pago),
        "fecha_hora": write_moment(_momento_utc(aviso)),
        "id_transaccion": aviso.id_transaccion,
        "id_aviso_original": envio.original.id_aviso if envio.original else guardado.original,
        "estado": guardado.estado.value,
        **_only_of_pagos(aviso),
        **_only_of_reversas(aviso, pago),
    }


def pago_original(envio: Envio) -> AvisoPago | None:
    """Give the pago that a reversa takes back, where it is known."""
    original = envio.original.aviso if envio.original else None
    return original if isinstance(original, AvisoPago) and isinstance(envio.aviso, ReversaPago) else None


def write_moment(instant_utc: datetime) -> str:
    """Write an instant as Argentina's clocks show it, to the second."""
    return to_local(instant_utc).isoformat(timespec="seconds")


def _momento_utc(aviso: Aviso) -> datetime:
    return aviso.momento_utc if isinstance(aviso, AvisoPago) else aviso.fecha_hora_mensaje_utc


def _moneda(aviso: Aviso, pago: AvisoPago | None) -> str | None:
    told = aviso if isinstance(aviso, AvisoPago) else pago
    return told.moneda if told else None


def _only_of_pagos(aviso: Aviso) -> dict[str, Valor]:
    pago = aviso if isinstance(aviso, AvisoPago) else None
    return {
        "codigo_movimiento": pago.codigo_movimiento if pago else None,
        "canal": pago.canal if pago else None,
        "nro_control": pago.nro_control if pago else None,
        "codigo_provincia": pago.codigo_provincia if pago else None,
        "descripcion": pago.descripcion if pago else None,
        "fecha_vencimiento": _write_day(pago.fecha_vencimiento if pago else None),
        "fecha_acreditacion": _write_day(pago.fecha_acreditacion if pago else None),
    }


def _only_of_reversas(aviso: Aviso, pago: AvisoPago | None) -> dict[str, Valor]:
    reversa = aviso if isinstance(aviso, ReversaPago) else None
    told = reversa.id_transaccion_original if reversa else None
    return {
        "id_transaccion_original": told or (pago.id_transaccion if pago else None),
        "motivo": reversa.motivo.value if reversa and reversa.motivo else None,
    }


def _write_day(day: date | None) -> str | None:
    return day.isoformat() if day else None
