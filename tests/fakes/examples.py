"""Facturas and avisos to begin a story with: say only what it is about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pmc_soap.domain.aviso import (
    Aviso,
    AvisoGuardado,
    AvisoPago,
    EstadoAviso,
    ReversaPago,
    contenido,
    huella,
    identidad,
)
from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento
from pmc_soap.domain.resultado import Resultado

NOW = datetime(2026, 3, 10, 15, 30, 12, 345678, tzinfo=UTC)
TODAY = date(2026, 3, 10)


def clave(id_factura="F1", id_cliente="C1", codigo_empresa="AGUA"):
    return ClaveFactura(codigo_empresa=codigo_empresa, id_cliente=id_cliente, id_factura=id_factura)


def vencimientos(*amounts, first=TODAY):
    return tuple(
        Vencimiento(fecha=first + timedelta(days=10 * n), importe_centavos=amount) for n, amount in enumerate(amounts)
    )


def a_factura(id_factura="F1", id_cliente="C1", codigo_empresa="AGUA", **said):
    factura = Factura(
        clave=clave(id_factura, id_cliente, codigo_empresa),
        vencimientos=vencimientos(150050),
        mensaje_pantalla="AGUA 03/26",
        mensaje_ticket="Consumo de marzo",
    )
    return replace(factura, **said)


def a_pago(id_transaccion="T1", id_factura="F1", **said):
    aviso = AvisoPago(
        codigo_empresa="AGUA",
        id_mensaje="M1",
        fecha_hora_mensaje_utc=NOW,
        id_cliente="C1",
        id_factura=id_factura,
        id_transaccion=id_transaccion,
        moneda="ARS",
        importe_centavos=150050,
    )
    return replace(aviso, **said)


def a_reversa(id_transaccion="R1", **said):
    aviso = ReversaPago(
        codigo_empresa="AGUA",
        id_mensaje="M2",
        fecha_hora_mensaje_utc=NOW,
        id_cliente="C1",
        id_transaccion=id_transaccion,
        importe_centavos=150050,
    )
    return replace(aviso, **said)


def kept(aviso: Aviso, id_aviso="A1", **said):
    guardado = AvisoGuardado(
        id_aviso=id_aviso,
        aviso=aviso,
        identidad=identidad(aviso),
        contenido=contenido(aviso),
        huella=huella(aviso),
        estado=EstadoAviso.APLICADO,
        resultado=Resultado.EXITOSA,
        fecha_hora_utc=NOW,
    )
    return replace(guardado, **said)
