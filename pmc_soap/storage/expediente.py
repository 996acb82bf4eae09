"""Everything that the tables hold about one pago, put together as an Expediente."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from pmc_soap.domain.aviso import AvisoGuardado, AvisoPago, EstadoAviso, ReversaPago
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.expediente import Acto, Conciliada, Consultada, Debida, Expediente, Informada, Intento, Suceso
from pmc_soap.domain.factura import ClaveFactura, Origen
from pmc_soap.domain.facturable import TOLERANCIA, VENTANA, ConsultaHecha
from pmc_soap.operations.historial import Caso
from pmc_soap.storage import tables as t
from pmc_soap.storage.consultado import read_consultas
from pmc_soap.storage.rows import read_entrega, write_clave

CONSULTAS_MAX = 3  # of one factura, the newest
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)

_f, _c, _e = t.factura.c, t.consulta.c, t.entrega.c
_FACTURA = select(_f.origen, _f.carga, _f.creada_utc).where(
    _f.codigo_empresa == bindparam("codigo_empresa"),
    _f.id_cliente == bindparam("id_cliente"),
    _f.id_factura == bindparam("id_factura"),
)
_REPETICIONES = (
    select(t.repeticion.c.fecha_hora_utc)
    .where(t.repeticion.c.id_aviso == bindparam("id_aviso"))
    .order_by(t.repeticion.c.id)
)
_ENTREGAS = select(t.entrega).where(_e.id_aviso == bindparam("id_aviso")).order_by(_e.id)
_INTENTOS = select(t.intento).where(t.intento.c.id_entrega == bindparam("id_entrega")).order_by(t.intento.c.id)
_CONCILIADA = (
    select(
        *(t.linea_cob.c[name] for name in ("linea", "desenlace", "importe_centavos")),
        *(t.cob.c[name] for name in ("nombre", "recibido_utc", "terminado_utc")),
    )
    .join_from(t.linea_cob, t.cob, t.cob.c.id == t.linea_cob.c.id_cob)
    .where(t.linea_cob.c.id_aviso == bindparam("id_aviso"), t.linea_cob.c.desenlace.is_not(None))
)
_ACTOS = select(t.auditoria).where(t.auditoria.c.id_aviso == bindparam("id_aviso")).order_by(t.auditoria.c.id)


def _shown_to(*, told: bool) -> Select[str]:
    """Find the consultas that showed a factura: asked for with its cliente, or without (by factura, by barcode)."""
    asked = _c.id_cliente == bindparam("id_cliente") if told else _c.id_cliente.is_(None)
    shown = t.cotizacion.c
    return (
        select(_c.id_consulta)
        .join_from(t.consulta, t.cotizacion, shown.id_consulta == _c.id_consulta)
        .where(
            _c.codigo_empresa == bindparam("codigo_empresa"),
            asked,
            _c.fecha_hora_utc >= bindparam("since"),
            _c.fecha_hora_utc <= bindparam("until"),
            shown.id_cliente == bindparam("id_cliente"),
            shown.id_factura == bindparam("id_factura"),
        )
        .order_by(_c.fecha_hora_utc.desc())
        .limit(CONSULTAS_MAX)
    )


_SHOWN = tuple(_shown_to(told=told) for told in (True, False))
_BY_ID = _c.id_consulta.in_(bindparam("ids", expanding=True))


def gather(connection: Connection, caso: Caso, related: Sequence[AvisoGuardado]) -> Expediente:
    """Gather all about a pago, or about a reversa that met none; related are the avisos that name it, or that it names.

    The factura is the one that an operator assigned, where one did.
    """
    aviso = caso.guardado.aviso
    clave = (caso.pago and caso.pago.clave) or aviso.clave
    conflictos, reversas, tardios = [], [], []
    for guardado in related if isinstance(aviso, AvisoPago) else ():
        if isinstance(guardado.aviso, ReversaPago):
            reversas.append(_suceso(connection, guardado))
        elif guardado.estado is EstadoAviso.CONFLICTO:
            conflictos.append(guardado)
        elif guardado.original == caso.guardado.id_aviso:
            tardios.append(_suceso(connection, guardado))
    return Expediente(
        codigo_empresa=aviso.codigo_empresa,
        clave=clave,
        suceso=_suceso(connection, caso.guardado),
        pago=caso.pago,
        informada=_informada(connection, clave) if clave else None,
        consultas=_consultas_before(connection, aviso) if isinstance(aviso, AvisoPago) else (),
        reversas=tuple(reversas),
        conflictos=tuple(conflictos),
        tardios=tuple(tardios),
        conciliada=_conciliada(connection, caso.guardado.id_aviso),
    )


def gather_unpaid(connection: Connection, clave: ClaveFactura) -> Expediente:
    """Gather what is known of a factura that nobody paid."""
    shown = _shown(connection, clave, _EVER, _NEVER)
    return Expediente(
        codigo_empresa=clave.codigo_empresa,
        clave=clave,
        informada=_informada(connection, clave),
        consultas=_consultadas(connection, clave.id_cliente, clave.id_factura, shown, None),
    )


def _conciliada(connection: Connection, id_aviso: str) -> Conciliada | None:
    row = connection.execute(_CONCILIADA, {"id_aviso": id_aviso}).first()
    if row is None:
        return None
    return Conciliada(
        fecha_hora_utc=row.terminado_utc or row.recibido_utc,
        archivo=row.nombre,
        linea=row.linea,
        desenlace=Desenlace(row.desenlace),
        importe_centavos=row.importe_centavos,
    )


def _informada(connection: Connection, clave: ClaveFactura) -> Informada | None:
    row = connection.execute(_FACTURA, write_clave(clave)).first()
    return row and Informada(fecha_hora_utc=row.creada_utc, origen=Origen(row.origen), carga=row.carga)


def _consultas_before(connection: Connection, aviso: AvisoPago) -> tuple[Consultada, ...]:
    """Give the consulta that the aviso quotes, and those of its 24 hours that showed its factura."""
    paid = aviso.momento_utc
    shown = _shown(connection, aviso.clave, paid - VENTANA, paid + TOLERANCIA) if aviso.clave else set()
    quoted = aviso.id_consulta
    ids = shown | ({quoted} if quoted else set())
    return _consultadas(connection, aviso.id_cliente, aviso.id_factura, ids, aviso)


def _shown(connection: Connection, clave: ClaveFactura, since: datetime, until: datetime) -> set[str]:
    values = write_clave(clave) | {"since": since, "until": until}
    return {id_ for statement in _SHOWN for id_ in connection.execute(statement, values).scalars()}


def _consultadas(
    connection: Connection, id_cliente: str, id_factura: str | None, ids: set[str], aviso: AvisoPago | None
) -> tuple[Consultada, ...]:
    consultas = read_consultas(connection, _BY_ID, {"ids": sorted(ids)}) if ids else ()
    return tuple(
        Consultada(
            id_consulta=consulta.id_consulta,
            fecha_hora_utc=consulta.fecha_hora_utc,
            origen=consulta.origen,
            importe_centavos=_importe(consulta, id_cliente, id_factura),
            citada=aviso is not None and consulta.id_consulta == aviso.id_consulta,
        )
        for consulta in consultas
        if aviso is None or consulta.codigo_empresa == aviso.codigo_empresa
    )


def _importe(consulta: ConsultaHecha, id_cliente: str, id_factura: str | None) -> int | None:
    shown = (m for m in consulta.mostradas if (m.id_cliente, m.id_factura) == (id_cliente, id_factura))
    return next((mostrada.importe_centavos for mostrada in shown), None)


def _suceso(connection: Connection, guardado: AvisoGuardado) -> Suceso:
    of_aviso = {"id_aviso": guardado.id_aviso}
    return Suceso(
        guardado=guardado,
        repeticiones=tuple(connection.execute(_REPETICIONES, of_aviso).scalars()),
        debidas=tuple(
            Debida(entrega=read_entrega(row), primera=row["primera"], intentos=_intentos(connection, row["id"]))
            for row in connection.execute(_ENTREGAS, of_aviso).mappings().all()
        ),
        actos=tuple(_acto(row) for row in connection.execute(_ACTOS, of_aviso)),
    )


def _acto(row: Row[Any]) -> Acto:
    after = json.loads(row.despues)
    return Acto(
        fecha_hora_utc=row.fecha_hora_utc,
        operador=row.operador,
        accion=row.accion,
        motivo=row.motivo,
        id_cliente=after.get("id_cliente"),
        id_factura=after.get("id_factura"),
    )


def _intentos(connection: Connection, id_entrega: int) -> tuple[Intento, ...]:
    return tuple(
        Intento(
            fecha_hora_utc=row.fecha_hora_utc,
            resultado=row.resultado,
            detalle=row.detalle,
            nro_comprobante=row.nro_comprobante,
        )
        for row in connection.execute(_INTENTOS, {"id_entrega": id_entrega})
    )
