"""The Conciliado port: what is asked of the COBs apart from any transaction. It locks nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    RowMapping,
    Select,
    String,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from pmc_soap.domain.aviso import EstadoAviso, EstadoPago, TipoAviso
from pmc_soap.domain.calendario import ARGENTINA, local_day, to_utc
from pmc_soap.domain.cob import Cob, Cuadro, EstadoCob, Suma
from pmc_soap.domain.conciliacion import FIRMES, SOLO_EN_AVISO, Desenlace, Regla
from pmc_soap.domain.importe import PESOS
from pmc_soap.operations.cobranza import LineaInformada, PagoSinLinea
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import answering
from pmc_soap.storage.engine import Base
from pmc_soap.storage.rows import Values

_a, _p, _b, _l = t.aviso.c, t.pago.c, t.cob.c, t.linea_cob.c
_newer, _late = t.cob.alias("newer"), t.aviso.alias("late")
_EARLY = timedelta(days=2)  # how far before its payment an aviso may have come: a clock of the network that is ahead
_SAME_DAY = (_newer.c.codigo_archivo == _b.codigo_archivo, _newer.c.fecha == _b.fecha)
_STANDS = ~exists().where(*_SAME_DAY, _newer.c.version > _b.version)
_OF_EMPRESA = (
    _b.codigo_empresa == bindparam("codigo_empresa"),
    _b.fecha.between(bindparam("desde"), bindparam("hasta")),
)
_FIRST_DAY = select(func.min(_b.fecha, type_=_b.fecha.type).label("fecha")).where(
    _b.codigo_empresa == bindparam("codigo_empresa")
)
_SWEPT = select(func.max(_b.recibido_utc, type_=_b.recibido_utc.type).label("since")).where(
    _b.codigo_empresa == bindparam("codigo_empresa"), _b.estado == EstadoCob.LISTO.value
)
LAST_COB = (
    select(t.cob)
    .where(_b.codigo_archivo == bindparam("codigo_archivo"), _b.fecha == bindparam("fecha"))
    .order_by(_b.version.desc())
    .limit(1)
)
INFORMADA = (
    select(
        t.linea_cob,
        _b.nombre,
        _b.fecha,
        _p.estado.label("estado_pago"),
        _p.importe_centavos.label("importe_aviso_centavos"),
    )
    .join_from(t.linea_cob, t.cob, _b.id == _l.id_cob)
    .join(t.pago, _p.id_aviso == _l.id_aviso, isouter=True)
)
# as their indexes say them, word for word (linea.py)
_UNDECIDED: ColumnElement[bool] = literal_column("linea_cob.desenlace IS NULL")
_TO_SEE: ColumnElement[bool] = literal_column(
    "linea_cob.desenlace IN ('DIF_IMPORTE', 'REVERSADO_PERO_EN_COB', 'DUPLICADO_EN_COB')"
    " AND linea_cob.resuelta_utc IS NULL"
)
_TO_MEET = (
    select(_l.id_cliente)
    .where(_l.id_cob == bindparam("id_cob"), _UNDECIDED)
    .distinct()
    .order_by(_l.id_cliente)
    .limit(bindparam("limit"))
)
_TO_WITHDRAW = (
    select(_l.id_cliente)
    .join_from(t.linea_cob, t.cob, _b.id == _l.id_cob)
    .where(
        _b.codigo_archivo == bindparam("codigo_archivo"),
        _b.fecha == bindparam("fecha"),
        _b.version < bindparam("version"),
        or_(_l.desenlace.is_(None), _l.desenlace != Desenlace.RETIRADA.value),
        _l.id_cliente.is_not(None),
    )
    .distinct()
    .order_by(_l.id_cliente)
    .limit(bindparam("limit"))
)
_FIRM = _l.desenlace.in_([each.value for each in FIRMES])
_MOVED = union_all(
    select(_l.id_cliente.label("id_cliente"), _l.fecha_aplicacion.label("dia")).where(
        _l.codigo_empresa == bindparam("codigo_empresa"), _TO_SEE, _l.id_cliente > bindparam("after")
    ),
    select(_l.id_cliente, _l.fecha_aplicacion)
    .join_from(t.aviso, t.linea_cob, _l.id_aviso == _a.original)
    .where(
        _a.codigo_empresa == bindparam("codigo_empresa"),
        _a.fecha_hora_utc >= bindparam("since"),
        _FIRM,
        _l.id_cliente > bindparam("after"),
        or_(
            (_a.tipo == TipoAviso.REVERSA.value) & (_a.estado == EstadoAviso.APLICADO.value),
            (_a.tipo == TipoAviso.PAGO.value) & (_l.desenlace == Desenlace.SOLO_EN_COB.value),
        ),
    ),
).subquery()
_TO_MEET_AGAIN = (
    select(_MOVED.c.id_cliente, func.min(_MOVED.c.dia, type_=_l.fecha_aplicacion.type).label("desde"))
    .group_by(_MOVED.c.id_cliente)
    .order_by(_MOVED.c.id_cliente)
    .limit(bindparam("limit"))
)
_OLDEST = (
    select(func.min(_l.fecha_aplicacion, type_=_l.fecha_aplicacion.type).label("desde"))
    .join_from(t.linea_cob, t.cob, _b.id == _l.id_cob)
    .where(_b.codigo_archivo == bindparam("codigo_archivo"), _b.fecha == bindparam("fecha"))
)
_CUADRO = (
    select(_l.desenlace, func.count().label("cantidad"), func.sum(_l.importe_centavos).label("centavos"))
    .where(_l.id_cob == bindparam("id_cob"), _l.desenlace.is_not(None), _l.desenlace != Desenlace.RETIRADA.value)
    .group_by(_l.desenlace)
)
_MOMENTO = func.coalesce(_a.fecha_hora_pago_utc, _a.fecha_hora_mensaje_utc, type_=_a.fecha_hora_utc.type)
_STILL = [EstadoPago.APLICADO.value, EstadoPago.EN_PUENTE.value, EstadoPago.DEVUELTO.value]
_OF_PAGO = ("id_aviso", "codigo_empresa", "id_cliente", "id_factura", "importe_centavos", "moneda")
_ALERTED = exists().where(t.alerta.c.id_aviso == _a.id_aviso, t.alerta.c.motivo == SOLO_EN_AVISO)
_SIN_LINEA = (
    select(
        *(_a[name] for name in _OF_PAGO),
        _MOMENTO.label("momento"),
        _ALERTED.label("alertado"),
    )
    .join_from(t.aviso, t.pago, _p.id_aviso == _a.id_aviso)
    .where(
        _a.codigo_empresa == bindparam("codigo_empresa"),
        _a.fecha_hora_utc >= bindparam("arrived"),
        _a.tipo == TipoAviso.PAGO.value,
        _a.estado != EstadoAviso.CONFLICTO.value,
        _p.estado.in_(_STILL),
        bindparam("desde", type_=_MOMENTO.type) <= _MOMENTO,
        bindparam("hasta", type_=_MOMENTO.type) > _MOMENTO,
        ~exists().where(_l.id_aviso == _a.id_aviso),
    )
    .order_by(_MOMENTO, _a.secuencia)
    .limit(bindparam("limit"))
)
_EACH = _SIN_LINEA.with_only_columns(_a.moneda, _a.importe_centavos, _MOMENTO.label("momento"))
_EACH_OF = _EACH.order_by(None).limit(None).subquery().c


def _by_day(dia: ColumnElement[str]) -> Select[str, int, Any]:
    in_pesos = case((_EACH_OF.moneda == PESOS, _EACH_OF.importe_centavos), else_=0)  # others are only counted
    return select(dia.label("dia"), func.count().label("cantidad"), func.sum(in_pesos).label("centavos")).group_by(dia)


# the day in Argentina, UTC-3 since 2009, as each database says it; SQLite's instants are texts in UTC
_SUMAS_SIN_LINEA = {
    True: _by_day(func.date(_EACH_OF.momento, "-3 hours", type_=String())),
    False: _by_day(func.to_char(func.timezone(ARGENTINA.key, _EACH_OF.momento), "YYYY-MM-DD", type_=String())),
}


class SqlConciliado:
    """What the COBs come to, in a database."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def cob(self, codigo_archivo: str, fecha: date) -> Cob | None:
        """Give the file that stands of that day."""
        rows = self._all(LAST_COB, {"codigo_archivo": codigo_archivo, "fecha": fecha})
        return read_cob(rows[0]) if rows else None

    def cobs(self, codigo_empresa: str, desde: date, hasta: date) -> Sequence[Cob]:
        """Give the files that stand of these days, oldest first."""
        statement = select(t.cob).where(*_OF_EMPRESA, _STANDS).order_by(_b.fecha, _b.codigo_archivo)
        values = {"codigo_empresa": codigo_empresa, "desde": desde, "hasta": hasta}
        return [read_cob(row) for row in self._all(statement, values)]

    def first_day(self, codigo_empresa: str) -> date | None:
        """Give the day of the empresa's first COB: of what was paid before, no line is to be expected."""
        first: date | None = self._all(_FIRST_DAY, {"codigo_empresa": codigo_empresa})[0]["fecha"]
        return first

    def swept_until(self, codigo_empresa: str) -> datetime | None:
        """Give when the newest run began that came to its end: it saw all that had moved before."""
        since: datetime | None = self._all(_SWEPT, {"codigo_empresa": codigo_empresa})[0]["since"]
        return since

    def to_meet(self, cob: Cob, limit: int) -> Sequence[str]:
        """Name clientes whose lines in that file, or in one that it corrects, are not decided; in order."""
        found = self._all(_TO_MEET, {"id_cob": cob.id, "limit": limit})
        if not found and cob.version > 1:
            values = {"codigo_archivo": cob.codigo_archivo, "fecha": cob.fecha, "version": cob.version, "limit": limit}
            found = self._all(_TO_WITHDRAW, values)
        return [row["id_cliente"] for row in found]

    def to_meet_again(
        self, codigo_empresa: str, since_utc: datetime, after: str, limit: int
    ) -> Sequence[tuple[str, date]]:
        """Name clientes after that one with lines that a person is to look at, or whose pago moved since.

        Each with the day of the oldest of those payments.
        """
        values = {"codigo_empresa": codigo_empresa, "since": since_utc, "after": after, "limit": limit}
        return [(row["id_cliente"], row["desde"]) for row in self._all(_TO_MEET_AGAIN, values)]

    def oldest(self, cob: Cob) -> date | None:
        """Give the day of the oldest payment in that file and those that it corrects, or None."""
        of_day = {"codigo_archivo": cob.codigo_archivo, "fecha": cob.fecha}
        oldest: date | None = self._all(_OLDEST, of_day)[0]["desde"]
        return oldest

    def cuadro(self, cob: Cob) -> Cuadro:
        """Add up what became of the lines of that file; those not decided are in none."""
        return {
            Desenlace(row["desenlace"]): Suma(cantidad=row["cantidad"], centavos=int(row["centavos"]))
            for row in self._all(_CUADRO, {"id_cob": cob.id})
        }

    def informadas(self, cob: Cob, desenlaces: Collection[Desenlace], limit: int) -> Sequence[LineaInformada]:
        """Give the lines of that file that ended so, in its order."""
        statement = (
            INFORMADA.where(_l.id_cob == cob.id, _l.desenlace.in_([each.value for each in desenlaces]))
            .order_by(_l.linea)
            .limit(limit)
        )
        return [read_informada(row) for row in self._all(statement, {})]

    def sin_linea(
        self, codigo_empresa: str, desde: date, hasta: date, limit: int, *, sin_alerta: bool = False
    ) -> Sequence[PagoSinLinea]:
        """Give the pagos that stand, made on these days, which no line tells of, oldest first.

        sin_alerta: only those of which no person was told.
        """
        begin, end = _midnight(desde), _midnight(hasta + timedelta(days=1))
        values = {"codigo_empresa": codigo_empresa, "desde": begin, "hasta": end, "limit": limit}
        rows = self._all(
            _SIN_LINEA.where(~_ALERTED) if sin_alerta else _SIN_LINEA, values | {"arrived": begin - _EARLY}
        )
        return [
            PagoSinLinea(
                **{name: row[name] for name in _OF_PAGO}, dia=local_day(row["momento"]), alertado=bool(row["alertado"])
            )
            for row in rows
        ]

    def sumas_sin_linea(self, codigo_empresa: str, desde: date, hasta: date) -> Mapping[date, Suma]:
        """Count, by the day of the payment, the pagos that stand which no line tells of, and add up those in pesos."""
        begin, end = _midnight(desde), _midnight(hasta + timedelta(days=1))
        values = {"codigo_empresa": codigo_empresa, "desde": begin, "hasta": end, "arrived": begin - _EARLY}
        return {
            date.fromisoformat(row["dia"]): Suma(cantidad=row["cantidad"], centavos=int(row["centavos"] or 0))
            for row in self._all(_SUMAS_SIN_LINEA[self._base.queue is not None], values)
        }

    def linea(self, id_linea: int) -> LineaInformada | None:
        """Give one line."""
        rows = self._all(INFORMADA.where(_l.id == id_linea), {})
        return read_informada(rows[0]) if rows else None

    def cerrados(self, codigo_empresa: str, desde: date, hasta: date) -> Collection[date]:
        """Tell which of these days are closed."""
        closed = t.cierre_cob.c
        statement = select(closed.fecha).where(
            closed.codigo_empresa == codigo_empresa, closed.fecha.between(desde, hasta)
        )
        return {row["fecha"] for row in self._all(statement, {})}

    def _all(self, statement: Executable, values: Values) -> Sequence[RowMapping]:
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            return connection.execute(statement, values).mappings().all()


def read_cob(row: RowMapping) -> Cob:
    """Take a row of cob."""
    return Cob(**{c.name: row[c.name] for c in t.cob.c} | {"estado": EstadoCob(row["estado"])})


def read_informada(row: RowMapping) -> LineaInformada:
    """Take a row of INFORMADA."""
    names = (f.name for f in fields(LineaInformada) if f.name not in {"desenlace", "regla", "resuelta"})
    return LineaInformada(
        **{name: row[name] for name in names},
        desenlace=row["desenlace"] and Desenlace(row["desenlace"]),
        regla=row["regla"] and Regla(row["regla"]),
        resuelta=row["resuelta_utc"] is not None,
    )


def _midnight(day: date) -> datetime:
    return to_utc(datetime.combine(day, time.min))
