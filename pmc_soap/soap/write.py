"""From the domain to a message."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from pmc_soap.domain.aviso import Acuse, AvisoGuardado, AvisoPago, Pago
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.consulta import Oferta, Respuesta
from pmc_soap.domain.factura import MENSAJE_PANTALLA_MAX, EstadoFactura, Exigible, Factura
from pmc_soap.domain.historia import Paso
from pmc_soap.domain.resultado import Ending
from pmc_soap.operations.avisos import Confirmacion, Entregados, Retirado
from pmc_soap.operations.factura import Ficha, Registro
from pmc_soap.operations.seguimiento import Historia
from pmc_soap.soap.codigos import CODIGOS, describe
from pmc_soap.soap.messages import empresa, pagomiscuentas, parts

_OURS: Mapping[str, str] = MappingProxyType({})
INEXISTENTE = "INEXISTENTE"  # the Estado of a factura that is not there; the element is always present
VENCIDA = "VENCIDA"
DETALLE_MAX = 200


def write_resultado(pedido: Any, ending: Ending, at_utc: datetime, codigos: Mapping[str, str] = _OURS) -> Any:
    """Write how a request ended; codigos: other words for some of our codes."""
    codigo = CODIGOS[ending.resultado]
    return parts.Resultado(
        Codigo=codigos.get(codigo.codigo, codigo.codigo),
        Descripcion=describe(ending),
        Severidad=codigo.severidad,
        Duplicado=ending.duplicado,
        IdMensaje=pedido.Cabecera.IdMensaje,
        FechaHora=at_utc,
    )


def write_respuesta(resultado: Any, respuesta: Respuesta) -> Any:
    """Write the answer to a ConsultaDeuda."""
    return pagomiscuentas.RespuestaConsultaDeuda(
        Resultado=resultado,
        IdConsulta=respuesta.id_consulta,
        Facturas=parts.Facturas(Factura=[_write_oferta(oferta) for oferta in respuesta.ofertas]),
        HayMas=respuesta.hay_mas,
        NombreCliente=respuesta.nombre_cliente,
        Origen=respuesta.origen,
    )


def write_acuse(resultado: Any, acuse: Acuse) -> Any:
    """Write the acknowledgement of an AvisoPago."""
    return pagomiscuentas.RespuestaAvisoPago(Resultado=resultado, IdAviso=acuse.id_aviso, Estado=acuse.estado)


def write_acuse_reversa(resultado: Any, acuse: Acuse) -> Any:
    """Write the acknowledgement of a ReversaPago."""
    return pagomiscuentas.RespuestaReversaPago(
        Resultado=resultado, IdAviso=acuse.id_aviso, EstadoFactura=acuse.estado_factura
    )


def write_alta(resultado: Any, registro: Registro | None) -> Any:
    """Write how an AltaFactura left its factura."""
    return empresa.RespuestaAltaFactura(
        Resultado=resultado,
        Estado=registro.estado if registro else INEXISTENTE,
        DisponibleDesde=registro.disponible_desde_utc if registro else None,
    )


def write_modificacion(resultado: Any, registro: Registro | None) -> Any:
    """Write how a ModificacionFactura left its factura."""
    return empresa.RespuestaModificacionFactura(Resultado=resultado, Estado=_write_estado(registro))


def write_baja(resultado: Any, registro: Registro | None) -> Any:
    """Write how a BajaFactura left its factura."""
    return empresa.RespuestaBajaFactura(Resultado=resultado, Estado=_write_estado(registro))


def write_ficha(resultado: Any, ficha: Ficha | None, at_utc: datetime) -> Any:
    """Write the answer to a ConsultaFactura."""
    return empresa.RespuestaConsultaFactura(
        Resultado=resultado,
        Pagos=parts.Pagos(Pago=_write_pagos(ficha.pagos) if ficha else []),
        Factura=write_factura(ficha.factura, local_day(at_utc)) if ficha else None,
    )


def write_historia(resultado: Any, historia: Historia | None) -> Any:
    """Write the answer to a ConsultaPago; who did something in person is not told."""
    return empresa.RespuestaConsultaPago(
        Resultado=resultado,
        Pasos=parts.Pasos(Paso=[_write_paso(paso) for paso in historia.pasos] if historia else []),
        IdAviso=historia.caso.guardado.id_aviso if historia and historia.caso else None,
        Estado=historia.estado if historia else None,
    )


def write_factura(factura: Factura, day: date) -> Any:
    """Write a factura as it stands on that day; once expired, with its last vencimiento."""
    exigible = factura.due_on(day)
    last = len(factura.vencimientos)
    expired = exigible is None and factura.estado is EstadoFactura.PENDIENTE
    message = _write_oferta(
        Oferta(
            factura=factura,
            exigible=exigible or Exigible(numero=last, importe_centavos=factura.vencimientos[-1].importe_centavos),
        )
    )
    message.Estado = VENCIDA if expired else factura.estado
    return message


def write_retiro(resultado: Any, desde: int, entregados: Entregados | None) -> Any:
    """Write the answer to an ObtenerAvisos; the empresa that is refused is where it was."""
    return empresa.RespuestaObtenerAvisos(
        Resultado=resultado,
        Avisos=parts.Avisos(Aviso=[_write_aviso(each) for each in entregados.avisos] if entregados else []),
        UltimaSecuencia=entregados.ultima_secuencia if entregados else desde,
        HayMas=entregados.hay_mas if entregados else False,
    )


def write_confirmaciones(resultado: Any, said: Iterable[Confirmacion], endings: Iterable[Ending] | None) -> Any:
    """Write the answer to a ConfirmarAvisos: one result for each, in the same order."""
    told = zip(said, endings, strict=True) if endings is not None else ()
    return empresa.RespuestaConfirmarAvisos(
        Resultado=resultado,
        Confirmaciones=parts.ResultadosConfirmacion(
            ResultadoConfirmacion=[
                parts.ResultadoConfirmacion(
                    IdAviso=each.id_aviso, Codigo=CODIGOS[ending.resultado].codigo, Descripcion=describe(ending)
                )
                for each, ending in told
            ]
        ),
    )


def _write_aviso(retirado: Retirado) -> Any:
    guardado, said = retirado.guardado, retirado.guardado.aviso
    is_pago = isinstance(said, AvisoPago)
    return parts.Aviso(
        Secuencia=retirado.secuencia,
        IdAviso=guardado.id_aviso,
        Tipo=said.tipo,
        Estado=guardado.estado,
        IdCliente=retirado.id_cliente,
        Moneda=retirado.moneda,
        Importe=said.importe_centavos,
        FechaHora=said.momento_utc if isinstance(said, AvisoPago) else said.fecha_hora_mensaje_utc,
        IdFactura=retirado.id_factura,
        IdTransaccion=said.id_transaccion,
        IdAvisoOriginal=None if is_pago else guardado.original,
        Canal=said.canal if isinstance(said, AvisoPago) else None,
        NroControl=said.nro_control if isinstance(said, AvisoPago) else None,
    )


def _write_estado(registro: Registro | None) -> str:
    return registro.estado if registro else INEXISTENTE


def _write_oferta(oferta: Oferta) -> Any:
    factura = oferta.factura
    return parts.Factura(
        IdCliente=factura.clave.id_cliente,
        IdFactura=factura.clave.id_factura,
        Moneda=factura.moneda,
        ImporteExigible=oferta.exigible.importe_centavos,
        NumeroVencimiento=oferta.exigible.numero,
        Vencimientos=_write_vencimientos(factura),
        TipoImporte=factura.tipo_importe,
        DebePagarAnteriores=oferta.debe_pagar_anteriores,
        # a file may leave it blank, and an empty element breaks old clients; the payer still has to tell them apart
        MensajePantalla=factura.mensaje_pantalla or factura.clave.id_factura[:MENSAJE_PANTALLA_MAX],
        MensajeTicket=factura.mensaje_ticket or factura.clave.id_factura,
        Estado=factura.estado,
        ImporteMinimo=factura.importe_minimo_centavos,
        ImporteMaximo=factura.importe_maximo_centavos,
        CodigoBarras=factura.codigo_barras,
    )


def _write_vencimientos(factura: Factura) -> Any:
    return parts.Vencimientos(
        Vencimiento=[
            parts.Vencimiento(Numero=numero, Fecha=v.fecha, Importe=v.importe_centavos)
            for numero, v in enumerate(factura.vencimientos, start=1)
        ]
    )


def _write_pagos(pagos: Iterable[tuple[AvisoGuardado, Pago]]) -> list[Any]:
    return [
        parts.Pago(
            IdAviso=guardado.id_aviso,
            Importe=guardado.aviso.importe_centavos,
            Moneda=guardado.aviso.moneda,
            Estado=pago.estado,
            EstadoAviso=guardado.estado,
            FechaHora=guardado.aviso.momento_utc,
            IdTransaccion=guardado.aviso.id_transaccion,
        )
        for guardado, pago in pagos
        if isinstance(guardado.aviso, AvisoPago)
    ]


def _write_paso(paso: Paso) -> Any:
    detalle = paso.detalle if len(paso.detalle) <= DETALLE_MAX else f"{paso.detalle[: DETALLE_MAX - 1]}…"
    return parts.Paso(FechaHora=paso.fecha_hora_utc, Hecho=paso.hecho, Detalle=detalle)
