"""Rows as domain objects and back: read_* takes a row, write_* gives the values of one."""

from dataclasses import fields
from datetime import datetime
from typing import Any, Protocol

from pmc_soap.domain.aviso import (
    Aviso,
    AvisoGuardado,
    AvisoPago,
    EstadoAviso,
    EstadoPago,
    MotivoReversa,
    Pago,
    ReversaPago,
    TipoAviso,
)
from pmc_soap.domain.consulta import Consulta, Respuesta
from pmc_soap.domain.entrega import Comprobante, Entrega, EstadoEntrega, EstadoImputacion
from pmc_soap.domain.factura import (
    VENCIMIENTOS_MAX,
    ClaveFactura,
    EstadoFactura,
    Factura,
    Origen,
    TipoImporte,
    Vencimiento,
)
from pmc_soap.domain.resultado import Resultado

Values = dict[str, Any]

_OF_PAGO = tuple(f.name for f in fields(AvisoPago))
_OF_REVERSA = tuple(f.name for f in fields(ReversaPago))
_OF_ENTREGA = tuple(f.name for f in fields(Entrega) if f.name not in {"estado", "comprobante"})
_OF_FACTURA = (
    "mensaje_pantalla",
    "mensaje_ticket",
    "moneda",
    "importe_minimo_centavos",
    "importe_maximo_centavos",
    "codigo_barras",
    "referencia_anterior",
)
# All that read_factura takes of the table of facturas.
READ_OF_FACTURA = (
    *("codigo_empresa", "id_cliente", "id_factura", "tipo_importe", "estado", "origen"),
    *(f"vto{n + 1}_{said}" for n in range(VENCIMIENTOS_MAX) for said in ("fecha", "importe_centavos")),
    *_OF_FACTURA,
)


class Row(Protocol):
    """A row by the names of its columns, as SQLAlchemy gives it or as direct.py does."""

    def __getitem__(self, name: str, /) -> Any: ...


def write_clave(clave: ClaveFactura) -> Values:
    """Give the three columns that name a factura."""
    return {"codigo_empresa": clave.codigo_empresa, "id_cliente": clave.id_cliente, "id_factura": clave.id_factura}


def read_factura(row: Row) -> Factura:
    """Take a row of factura with nombre and cuit of its cliente."""
    return Factura(
        clave=ClaveFactura(
            codigo_empresa=row["codigo_empresa"], id_cliente=row["id_cliente"], id_factura=row["id_factura"]
        ),
        vencimientos=tuple(
            Vencimiento(fecha=fecha, importe_centavos=importe_centavos)
            for fecha, importe_centavos in (
                (row["vto1_fecha"], row["vto1_importe_centavos"]),
                (row["vto2_fecha"], row["vto2_importe_centavos"]),
                (row["vto3_fecha"], row["vto3_importe_centavos"]),
            )
            if fecha is not None
        ),
        tipo_importe=TipoImporte(row["tipo_importe"]),
        nombre_cliente=row["nombre"],
        cuit_cliente=row["cuit"],
        estado=EstadoFactura(row["estado"]),
        origen=Origen(row["origen"]),
        **{name: row[name] for name in _OF_FACTURA},
    )


def write_factura(factura: Factura, contenido: str, at_utc: datetime) -> Values:
    """Give all columns of factura that come from what it says; those of its cliente are write_cliente's."""
    values = write_clave(factura.clave) | {name: getattr(factura, name) for name in _OF_FACTURA}
    for n in range(3):
        vencimiento = factura.vencimientos[n] if n < len(factura.vencimientos) else None
        values[f"vto{n + 1}_fecha"] = vencimiento and vencimiento.fecha
        values[f"vto{n + 1}_importe_centavos"] = vencimiento and vencimiento.importe_centavos
    return values | {
        "ultimo_vencimiento": factura.ultimo_vencimiento,
        "tipo_importe": factura.tipo_importe,
        "estado": factura.estado,
        "origen": factura.origen,
        "contenido": contenido,
        "creada_utc": at_utc,
        "actualizada_utc": at_utc,
    }


def write_cliente(factura: Factura) -> Values:
    """Give the columns of the factura's cliente."""
    return {
        "codigo_empresa": factura.clave.codigo_empresa,
        "id_cliente": factura.clave.id_cliente,
        "nombre": factura.nombre_cliente,
        "cuit": factura.cuit_cliente,
    }


def read_aviso(row: Row) -> AvisoGuardado:
    """Take a row of aviso."""
    return AvisoGuardado(
        id_aviso=row["id_aviso"],
        aviso=_read_said(row),
        identidad=row["identidad"],
        contenido=row["contenido"],
        huella=row["huella"],
        estado=EstadoAviso(row["estado"]),
        resultado=Resultado(row["resultado"]),
        fecha_hora_utc=row["fecha_hora_utc"],
        original=row["original"],
        estado_factura=row["estado_factura"] and EstadoFactura(row["estado_factura"]),
        secuencia=row["secuencia"],
    )


def _read_said(row: Row) -> Aviso:
    if row["tipo"] == TipoAviso.PAGO:
        return AvisoPago(**{name: row[name] for name in _OF_PAGO})
    motivo = row["motivo"] and MotivoReversa(row["motivo"])
    return ReversaPago(**{name: row[name] for name in _OF_REVERSA} | {"motivo": motivo})


def write_aviso(guardado: AvisoGuardado) -> Values:
    """Give the columns of aviso, but for the secuencia, which the ledger gives."""
    said = guardado.aviso
    names = _OF_PAGO if isinstance(said, AvisoPago) else _OF_REVERSA
    return {name: getattr(said, name) for name in names} | {
        "id_aviso": guardado.id_aviso,
        "tipo": said.tipo,
        "identidad": guardado.identidad,
        "contenido": guardado.contenido,
        "huella": guardado.huella,
        "estado": guardado.estado,
        "resultado": guardado.resultado,
        "original": guardado.original,
        "estado_factura": guardado.estado_factura,
        "fecha_hora_utc": guardado.fecha_hora_utc,
    }


def read_pago(row: Row) -> Pago:
    """Take a row of pago."""
    return _pago(row, row["estado"], row["id_cliente"], row["id_factura"])


def read_aviso_and_pago(row: Row) -> tuple[AvisoGuardado, Pago]:
    """Take a row of aviso with the state, cliente and factura of its pago, which an operator may have assigned."""
    return read_aviso(row), _pago(row, row["estado_pago"], row["id_cliente_pago"], row["id_factura_pago"])


def _pago(row: Row, estado: str, id_cliente: str, id_factura: str | None) -> Pago:
    clave = None
    if id_factura is not None:
        clave = ClaveFactura(codigo_empresa=row["codigo_empresa"], id_cliente=id_cliente, id_factura=id_factura)
    return Pago(id_aviso=row["id_aviso"], estado=EstadoPago(estado), clave=clave)


def read_entrega(row: Row) -> Entrega:
    """Take a row of entrega."""
    answered = None
    if row["respuesta"] is not None:
        answered = Comprobante(
            estado=EstadoImputacion(row["respuesta"]), nro_comprobante=row["nro_comprobante"], motivo=row["motivo"]
        )
    said = {name: row[name] for name in _OF_ENTREGA}
    said["proximo_intento_utc"] = max(said["proximo_intento_utc"], said["creada_utc"])  # linea.AT_ONCE is no date
    return Entrega(estado=EstadoEntrega(row["estado"]), comprobante=answered, **said)


def write_consulta(consulta: Consulta, respuesta: Respuesta) -> Values:
    """Give the columns of consulta."""
    busqueda = consulta.busqueda
    return {
        "id_consulta": respuesta.id_consulta,
        "codigo_empresa": busqueda.codigo_empresa,
        "id_cliente": busqueda.id_cliente,
        "id_factura": busqueda.id_factura,
        "codigo_barras": busqueda.codigo_barras,
        "id_mensaje": consulta.id_mensaje,
        "maximo_facturas": consulta.maximo_facturas,
        "resultado": respuesta.ending.resultado,
        "campo": respuesta.ending.campo,
        "origen": respuesta.origen,
        "hay_mas": respuesta.hay_mas,
        "fecha_hora_utc": respuesta.fecha_hora_utc,
    }


def write_cotizaciones(respuesta: Respuesta) -> list[Values]:
    """Give a row of cotizacion for each factura shown, in the order shown."""
    return [
        {
            "id_consulta": respuesta.id_consulta,
            "orden": orden,
            "id_cliente": oferta.factura.clave.id_cliente,
            "id_factura": oferta.factura.clave.id_factura,
            "numero_vencimiento": oferta.exigible.numero,
            "importe_centavos": oferta.exigible.importe_centavos,
        }
        for orden, oferta in enumerate(respuesta.ofertas, start=1)
    ]
