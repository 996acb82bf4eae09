"""The Consultado port: consultas with what they showed, and the pagos that may have followed them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, or_, select

from pmc_soap.domain.aviso import EstadoAviso, EstadoPago, TipoAviso
from pmc_soap.domain.calendario import local_day, to_utc
from pmc_soap.domain.factura import Origen
from pmc_soap.domain.facturable import ConsultaHecha, Mostrada, PagoHecho
from pmc_soap.domain.resultado import Resultado
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import answering
from pmc_soap.storage.engine import Base
from pmc_soap.storage.rows import Values

IDS_MAX = 500  # in one statement

_c, _q, _a, _p = t.consulta.c, t.cotizacion.c, t.aviso.c, t.pago.c
_IN_TIME = (
    _c.codigo_empresa == bindparam("codigo_empresa"),
    _c.fecha_hora_utc >= bindparam("since"),
    _c.fecha_hora_utc < bindparam("until"),
)
_BY_ID = (_c.codigo_empresa == bindparam("codigo_empresa"), _c.id_consulta.in_(bindparam("ids", expanding=True)))
_SHOWN = select(t.cotizacion).join(t.consulta, _c.id_consulta == _q.id_consulta).order_by(_q.id_consulta, _q.orden)
# An aviso that came after the COB told of its payment stands for the pago: it says the hour, and what it quotes.
_told, _late = t.aviso.alias("told"), t.aviso.alias("late")
_PAGOS = (
    select(
        *(_a[name] for name in ("secuencia", "id_aviso", "id_cliente", "id_factura", "id_consulta")),
        _a.importe_centavos,
        _a.moneda,
        func.coalesce(_a.fecha_hora_pago_utc, _a.fecha_hora_mensaje_utc, type_=_a.fecha_hora_utc.type).label("momento"),
        _a.linea_cob,
        _p.estado,
    )
    .join_from(t.aviso, _told, (_told.c.id_aviso == _a.original) & _told.c.linea_cob.is_not(None), isouter=True)
    .join(t.pago, _p.id_aviso == func.coalesce(_told.c.id_aviso, _a.id_aviso))
    .where(
        _a.codigo_empresa == bindparam("codigo_empresa"),
        _a.tipo == TipoAviso.PAGO.value,
        _a.estado != EstadoAviso.CONFLICTO.value,
        _a.fecha_hora_utc >= bindparam("since"),
        _a.fecha_hora_utc < bindparam("until"),
        ~exists().where(
            _late.c.original == _a.id_aviso, _late.c.tipo == TipoAviso.PAGO.value, _a.linea_cob.is_not(None)
        ),
    )
    .order_by(_a.secuencia)
)
_SHOWED = exists().where(_q.id_consulta == _c.id_consulta, _q.id_factura == bindparam("id_factura"))
_OF_FACTURA = or_(_c.id_factura == bindparam("id_factura"), _SHOWED)


class SqlConsultado:
    """What was asked and paid, in a database."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def consultas(self, codigo_empresa: str, since_utc: datetime, until_utc: datetime) -> Sequence[ConsultaHecha]:
        """Give the consultas made in that time."""
        values = {"codigo_empresa": codigo_empresa, "since": since_utc, "until": until_utc}
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            return read_consultas(connection, and_(*_IN_TIME), values)

    def consultas_by_id(self, codigo_empresa: str, ids: Collection[str]) -> Sequence[ConsultaHecha]:
        """Give the consultas of that empresa that have one of those ids."""
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            return [
                consulta
                for some in _batches(sorted(ids))
                for consulta in read_consultas(
                    connection, and_(*_BY_ID), {"codigo_empresa": codigo_empresa, "ids": some}
                )
            ]

    def pagos(self, codigo_empresa: str, since_utc: datetime, until_utc: datetime) -> Sequence[PagoHecho]:
        """Give the pagos told in that time, but for those whose identity was another's (CONFLICTO)."""
        values = {"codigo_empresa": codigo_empresa, "since": since_utc, "until": until_utc}
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            return [_read_pago(row) for row in connection.execute(_PAGOS, values)]

    def recent(
        self, codigos: Collection[str], limit: int, id_cliente: str | None = None, id_factura: str | None = None
    ) -> Sequence[ConsultaHecha]:
        """Give the newest consultas, of all or of one cliente, that asked for or showed that factura."""
        told = {"id_cliente": id_cliente, "id_factura": id_factura}
        values: Values = {name: value for name, value in told.items() if value is not None} | {"limit": limit}
        statement = _recent(by_cliente=id_cliente is not None, by_factura=id_factura is not None)
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            ids = [
                id_
                for codigo in codigos
                for id_ in connection.execute(statement, values | {"codigo_empresa": codigo}).scalars()
            ]
            found = [
                consulta
                for some in _batches(ids)
                for consulta in read_consultas(
                    connection, _c.id_consulta.in_(bindparam("ids", expanding=True)), {"ids": some}
                )
            ]
        return sorted(found, key=lambda c: (c.fecha_hora_utc, c.id_consulta), reverse=True)[:limit]


def read_consultas(connection: Connection, which: Any, values: Values) -> Sequence[ConsultaHecha]:
    """Read the consultas for which the condition holds, the oldest first, with what they showed."""
    shown: defaultdict[str, list[Mostrada]] = defaultdict(list)
    for row in connection.execute(_SHOWN.where(which), values):
        mostrada = Mostrada(id_cliente=row.id_cliente, id_factura=row.id_factura, importe_centavos=row.importe_centavos)
        shown[row.id_consulta].append(mostrada)
    statement = select(t.consulta).where(which).order_by(_c.fecha_hora_utc, _c.id_consulta)
    return [
        ConsultaHecha(
            codigo_empresa=row.codigo_empresa,
            id_consulta=row.id_consulta,
            fecha_hora_utc=row.fecha_hora_utc,
            resultado=Resultado(row.resultado),
            id_cliente=row.id_cliente,
            id_factura=row.id_factura,
            origen=row.origen and Origen(row.origen),
            mostradas=tuple(shown[row.id_consulta]),
        )
        for row in connection.execute(statement, values)
    ]


def _recent(*, by_cliente: bool, by_factura: bool) -> Select[str]:
    statement = select(_c.id_consulta).where(_c.codigo_empresa == bindparam("codigo_empresa"))
    if by_cliente:
        statement = statement.where(_c.id_cliente == bindparam("id_cliente"))
    if by_factura:
        statement = statement.where(_OF_FACTURA)
    return statement.order_by(_c.fecha_hora_utc.desc()).limit(bindparam("limit"))


def _read_pago(row: Any) -> PagoHecho:
    return PagoHecho(
        secuencia=row.secuencia,
        id_aviso=row.id_aviso,
        id_cliente=row.id_cliente,
        id_factura=row.id_factura,
        id_consulta=row.id_consulta,
        importe_centavos=row.importe_centavos,
        moneda=row.moneda,
        momento_utc=end_of_day(row.momento) if row.linea_cob else row.momento,
        estado=EstadoPago(row.estado),
    )


def end_of_day(instant_utc: datetime) -> datetime:
    """Give the last instant of that day in Argentina: who paid by then may have asked at any hour of it."""
    return to_utc(datetime.combine(local_day(instant_utc), time.max))


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(ids), IDS_MAX):
        yield ids[first : first + IDS_MAX]
