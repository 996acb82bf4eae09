"""From a message to the domain. Free text is plain xsd:string on the wire, so its length is checked here."""

from typing import Any

from pmc_soap.domain import importe
from pmc_soap.domain.aviso import PAGO_CON_FACTURA, AvisoPago, MotivoReversa, ReversaPago
from pmc_soap.domain.consulta import FACTURAS_DEFAULT, Busqueda, Consulta
from pmc_soap.domain.entrega import Comprobante, EstadoImputacion
from pmc_soap.domain.factura import ClaveFactura, Factura, MotivoBaja, TipoImporte, Vencimiento
from pmc_soap.operations.avisos import AVISOS_DEFAULT, Confirmacion, Pedido
from pmc_soap.operations.factura import Cambios
from pmc_soap.operations.seguimiento import Pregunta

ECO_MAX = 100


def read_consulta(pedido: Any) -> Consulta:
    """Read a ConsultaDeuda."""
    return Consulta(
        busqueda=Busqueda(
            codigo_empresa=pedido.Cabecera.CodigoEmpresa,
            id_cliente=pedido.IdCliente,
            id_factura=pedido.IdFactura,
            codigo_barras=pedido.CodigoBarras,
        ),
        id_mensaje=pedido.Cabecera.IdMensaje,
        maximo_facturas=pedido.MaximoFacturas or FACTURAS_DEFAULT,
    )


def read_aviso(pedido: Any) -> AvisoPago:
    """Read an AvisoPago."""
    return AvisoPago(
        codigo_empresa=pedido.Cabecera.CodigoEmpresa,
        id_mensaje=pedido.Cabecera.IdMensaje,
        fecha_hora_mensaje_utc=pedido.Cabecera.FechaHora,
        id_cliente=pedido.IdCliente,
        moneda=importe.compact_moneda(pedido.Moneda),
        importe_centavos=pedido.Importe,
        id_transaccion=pedido.IdTransaccion,
        id_consulta=pedido.IdConsulta,
        id_factura=pedido.IdFactura,
        codigo_movimiento=pedido.CodigoMovimiento or PAGO_CON_FACTURA,
        fecha_vencimiento=pedido.FechaVencimiento,
        fecha_hora_pago_utc=pedido.FechaHoraPago,
        fecha_acreditacion=pedido.FechaAcreditacion,
        canal=pedido.Canal or pedido.Cabecera.Canal,
        nro_control=pedido.NroControl,
        codigo_provincia=pedido.CodigoProvincia,
        descripcion=pedido.Descripcion,
    )


def read_reversa(pedido: Any) -> ReversaPago:
    """Read a ReversaPago."""
    return ReversaPago(
        codigo_empresa=pedido.Cabecera.CodigoEmpresa,
        id_mensaje=pedido.Cabecera.IdMensaje,
        fecha_hora_mensaje_utc=pedido.Cabecera.FechaHora,
        id_cliente=pedido.IdCliente,
        importe_centavos=pedido.Importe,
        id_transaccion=pedido.IdTransaccion,
        id_transaccion_original=pedido.IdTransaccionOriginal,
        id_factura=pedido.IdFactura,
        fecha_hora_original_utc=pedido.FechaHoraOriginal,
        nro_control_original=pedido.NroControlOriginal,
        motivo=MotivoReversa(pedido.Motivo) if pedido.Motivo else None,
    )


def read_clave(pedido: Any) -> ClaveFactura:
    """Read what names a factura, from any of the empresa's requests."""
    return ClaveFactura(
        codigo_empresa=pedido.Cabecera.CodigoEmpresa, id_cliente=pedido.IdCliente, id_factura=pedido.IdFactura
    )


def read_factura(pedido: Any) -> Factura:
    """Read the factura of an AltaFactura."""
    return Factura(
        clave=read_clave(pedido),
        vencimientos=_read_vencimientos(pedido.Vencimientos),
        mensaje_pantalla=pedido.MensajePantalla,
        mensaje_ticket=pedido.MensajeTicket,
        moneda=importe.compact_moneda(pedido.Moneda),
        tipo_importe=TipoImporte(pedido.TipoImporte or TipoImporte.CERRADO),
        importe_minimo_centavos=pedido.ImporteMinimo,
        importe_maximo_centavos=pedido.ImporteMaximo,
        codigo_barras=pedido.CodigoBarras,
        nombre_cliente=pedido.NombreCliente,
        cuit_cliente=_read_cuit(pedido.CuitCliente),
        referencia_anterior=pedido.ReferenciaAnterior,
    )


def read_cambios(pedido: Any) -> Cambios:
    """Read what a ModificacionFactura changes."""
    return Cambios(
        vencimientos=_read_vencimientos(pedido.Vencimientos) if pedido.Vencimientos is not None else None,
        mensaje_pantalla=pedido.MensajePantalla,
        mensaje_ticket=pedido.MensajeTicket,
        moneda=importe.compact_moneda(pedido.Moneda) if pedido.Moneda else None,
        tipo_importe=TipoImporte(pedido.TipoImporte) if pedido.TipoImporte else None,
        importe_minimo_centavos=pedido.ImporteMinimo,
        importe_maximo_centavos=pedido.ImporteMaximo,
        codigo_barras=pedido.CodigoBarras,
        nombre_cliente=pedido.NombreCliente,
        cuit_cliente=_read_cuit(pedido.CuitCliente),
    )


def read_pregunta(pedido: Any) -> Pregunta:
    """Read which pago a ConsultaPago asks about."""
    return Pregunta(
        codigo_empresa=pedido.Cabecera.CodigoEmpresa,
        id_aviso=pedido.IdAviso,
        id_transaccion=pedido.IdTransaccion,
        id_cliente=pedido.IdCliente,
        id_factura=pedido.IdFactura,
    )


def read_motivo(pedido: Any) -> MotivoBaja:
    """Read why a factura is withdrawn."""
    return MotivoBaja(pedido.Motivo)


def read_retiro(pedido: Any) -> Pedido:
    """Read an ObtenerAvisos."""
    return Pedido(
        codigo_empresa=pedido.Cabecera.CodigoEmpresa,
        desde=pedido.DesdeSecuencia or 0,
        maximo=pedido.Maximo or AVISOS_DEFAULT,
        solo_pendientes=pedido.SoloPendientes is not False,
    )


def read_confirmaciones(pedido: Any) -> list[Confirmacion]:
    """Read a ConfirmarAvisos, in its order."""
    return [
        Confirmacion(
            id_aviso=said.IdAviso,
            comprobante=Comprobante(
                estado=EstadoImputacion(said.Estado),
                nro_comprobante=said.NroComprobante,
                motivo=said.Motivo or None,
            ),
        )
        for said in pedido.Confirmaciones.Confirmacion
    ]


def read_mensaje(pedido: Any) -> str:
    """Read an Eco; a longer text is cut, so that the answer keeps to the contract."""
    return str(pedido.Mensaje)[:ECO_MAX]


def _read_vencimientos(container: Any) -> tuple[Vencimiento, ...]:
    """Read them in the order of their numbers; none if those are not 1, 2, 3: domain/factura.py refuses that."""
    said = sorted(container.Vencimiento, key=lambda v: v.Numero)
    if [v.Numero for v in said] != list(range(1, len(said) + 1)):
        return ()
    return tuple(Vencimiento(fecha=v.Fecha, importe_centavos=v.Importe) for v in said)


def _read_cuit(value: str | None) -> str | None:
    return None if value is None else value.replace("-", "")
