"""The Intercambios port, and where they are written down: in the way of nobody who pays.

They are committed as a consulta's record is: a power cut may forget the last ones. On SQLite, which has one writer,
they wait for their turn and give it back after a few rows. Times are µs; hora counts whole hours since 1970, UTC.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
)

from pmc_soap.domain.factura import Origen
from pmc_soap.operations.intercambios import FASES, PAGE_MAX, TECNICA, TODOS, Documentos, Filtro, Grupo, Intercambio
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.operations.tiempos import OPERACIONES, Medidas
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import answering
from pmc_soap.storage.direct import begun
from pmc_soap.storage.documento import pack, unpack
from pmc_soap.storage.engine import Base
from pmc_soap.storage.rows import Row, Values
from pmc_soap.storage.tables.intercambios import CON_PROBLEMA, LENTO, OTRO_CODIGO

AT_ONCE_SQLITE, AT_ONCE = 100, 500  # rows of one transaction
_HOUR_S = 3_600
_MINUTE = timedelta(minutes=1)
_MS_US, _US_MAX = 1_000, 2**31 - 1
_SLOW_MS, _EXITO = 1_000, "00"  # what the partial indexes leave out

_i, _c = t.intercambio.c, t.consulta.c
_TOLD = [column for column in _i if column.name not in {"pedido", "respuesta", "hora"}]
_PLAIN = [column.name for column in _TOLD if not column.name.endswith("_us")]
_ADD = insert(t.intercambio).inline()
# as the partial indexes say it, word for word
_CON_PROBLEMA: ColumnElement[bool] = literal_column(CON_PROBLEMA)
_LENTO: ColumnElement[bool] = literal_column(LENTO)
_OTRO_CODIGO: ColumnElement[bool] = literal_column(OTRO_CODIGO)
_ONE = select(*_TOLD, _i.pedido, _i.respuesta).where(_i.id_pedido == bindparam("id_pedido"))
_ID = select(_i.id_pedido).where(_i.id_pedido == bindparam("id_pedido"))
_PURGE = delete(t.intercambio).where(
    _i.id.in_(
        select(_i.id)
        .where(_i.fecha_hora_utc < bindparam("before_utc", type_=_i.fecha_hora_utc.type))
        .order_by(_i.fecha_hora_utc)
        .limit(bindparam("limit", type_=Integer()))
        .with_for_update(skip_locked=True)  # several processes may do it
    )
)
_EQUAL = ("puerto", "operacion", "codigo", "falla", "id_cliente", "id_factura", "id_aviso")


class SqlIntercambios:
    """The exchanges, in a database."""

    def __init__(self, base: Base) -> None:
        self._base = base
        is_sqlite = base.queue is not None
        self.at_once = AT_ONCE_SQLITE if is_sqlite else AT_ONCE
        self._joined = func.group_concat(_i.us) if is_sqlite else func.string_agg(cast(_i.us, String), ",")
        self._is_sqlite = is_sqlite

    # Written -------------------------------------------------------------------------------------------------------

    def add(self, kept: Sequence[tuple[Intercambio, Documentos]]) -> None:
        """Write down some, at most at_once; raises Unavailable."""
        rows = [_write(*each) for each in kept]
        with answering(), ledger_open(), begun(self._base.consultas, self._base.turn()) as direct:
            direct.do_all(_ADD, rows)

    def purge(self, before_utc: datetime, limit: int) -> int:
        """Remove the oldest of those before, and tell how many; raises Unavailable."""
        with answering(), ledger_open(), begun(self._base.consultas, self._base.turn()) as direct:
            return direct.do(_PURGE, {"before_utc": before_utc, "limit": limit})

    # Asked ---------------------------------------------------------------------------------------------------------

    def recent(
        self, filtro: Filtro = TODOS, before_id: int | None = None, limit: int = PAGE_MAX
    ) -> Sequence[Intercambio]:
        """Give the newest first; before_id: the last of the page before."""
        asked = _of(filtro).order_by(_i.fecha_hora_utc.desc(), _i.id.desc()).limit(limit)
        if before_id is not None:
            last = select(_i.fecha_hora_utc).where(_i.id == before_id).scalar_subquery()
            asked = asked.where((_i.fecha_hora_utc < last) | ((_i.fecha_hora_utc == last) & (_i.id < before_id)))
            asked = asked.where(_i.fecha_hora_utc <= last)  # the index is entered there
        return [_read(row) for row in self._ask(asked)]

    def after(self, id_: int, filtro: Filtro = TODOS, limit: int = PAGE_MAX) -> Sequence[Intercambio]:
        """Give those kept after that one, the oldest first: for who looks on."""
        return [_read(row) for row in self._ask(_of(filtro).where(_i.id > id_).order_by(_i.id).limit(limit))]

    def last_id(self) -> int:
        """Give the id of the last that was kept; 0 before the first."""
        [row] = self._ask(select(func.max(_i.id).label("last")))
        return int(row["last"] or 0)

    def find(self, id_pedido: str) -> tuple[Intercambio, Documentos] | None:
        """Give one with its documents."""
        for row in self._ask(_ONE, {"id_pedido": id_pedido}):
            return _read(row), Documentos(pedido=unpack(row["pedido"]), respuesta=unpack(row["respuesta"]))
        return None

    def ids(self, texto: str) -> Sequence[str]:
        """Give the id_pedido that the text is exactly, whatever its case: one, or none."""
        return [row["id_pedido"] for row in self._ask(_ID, {"id_pedido": texto.strip().lower().replace("\0", "")})]

    def groups(
        self, desde_utc: datetime, hasta_utc: datetime, codigos_empresa: frozenset[str] | None = None
    ) -> Sequence[Grupo]:
        """Give what was exchanged from one whole hour until another, in their order."""
        by = (_i.hora, _i.operacion, _i.codigo, _i.falla, _i.severidad)
        asked = (
            select(*by, self._joined.label("times"))
            .where(_i.hora >= _hour(desde_utc), _i.hora < _hour(hasta_utc), *_of_empresas(codigos_empresa))
            .group_by(*by)
        )
        grupos = [_read_group(row) for row in self._ask(asked)]
        return sorted(grupos, key=lambda grupo: (grupo.hora_utc, grupo.operacion or "", grupo.codigo))

    def minutes_down(
        self, desde_utc: datetime, hasta_utc: datetime, codigos_empresa: frozenset[str] | None = None
    ) -> int:
        """Count the minutes in which PagoMisCuentas asked and every answer was a technical failure."""
        network = (_i.operacion.in_(OPERACIONES), *_of_empresas(codigos_empresa))
        span = (_i.fecha_hora_utc >= desde_utc, _i.fecha_hora_utc < hasta_utc)
        failed = (
            select(self._minute().label("minute"))
            .where(_CON_PROBLEMA, _i.severidad == TECNICA, *span, *network)
            .distinct()
            .subquery()
        )
        begin, end = failed.c.minute, self._end_of(failed.c.minute)
        o = t.intercambio.alias("other").c
        answered = exists().where(
            *(o.fecha_hora_utc >= begin, o.fecha_hora_utc < end, o.severidad < TECNICA, o.falla.is_(None)),
            *(o.operacion.in_(OPERACIONES), *_of_empresas(codigos_empresa, o.codigo_empresa)),
        )
        [row] = self._ask(select(func.count().label("n")).select_from(failed).where(~answered))
        return int(row["n"])

    def _minute(self) -> ColumnElement[Any]:
        if self._is_sqlite:  # whose instants are texts
            return func.substr(_i.fecha_hora_utc, 1, 16, type_=String())
        return func.date_trunc("minute", _i.fecha_hora_utc)

    def _end_of(self, minute: ColumnElement[Any]) -> ColumnElement[Any]:
        return minute.concat(":6") if self._is_sqlite else minute + _MINUTE  # no seconds begin with a 6

    def origins(
        self, desde_utc: datetime, hasta_utc: datetime, codigos_empresa: frozenset[str] | None = None
    ) -> Mapping[Origen, int]:
        """Count the consultas that showed something, by where that came from."""
        counts = [func.sum(case((_c.origen == origen.value, 1), else_=0)).label(origen.value) for origen in Origen]
        asked = select(*counts).where(_c.fecha_hora_utc >= desde_utc, _c.fecha_hora_utc < hasta_utc)
        if codigos_empresa is not None:
            asked = asked.where(_c.codigo_empresa.in_(sorted(codigos_empresa)))
        [row] = self._ask(asked)
        return {origen: int(row[origen.value] or 0) for origen in Origen if row[origen.value]}

    def _ask(self, asked: Select[Any], values: Values | None = None) -> Sequence[Row]:
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            return [dict(row) for row in connection.execute(asked, values or {}).mappings()]


def _of(filtro: Filtro) -> Select[Any]:
    """Give what is asked by a filter."""
    asked = select(*_TOLD).where(*_of_empresas(filtro.codigos_empresa))
    for name in _EQUAL:
        wanted = getattr(filtro, name)
        if wanted is not None:
            asked = asked.where(_i[name] == wanted.replace("\0", ""))
    if filtro.con_problemas or filtro.falla is not None:
        asked = asked.where(_CON_PROBLEMA)
    if filtro.codigo not in {None, _EXITO}:
        asked = asked.where(_OTRO_CODIGO)
    if filtro.minimo_ms is not None:
        asked = asked.where(_i.us >= min(filtro.minimo_ms * _MS_US, _US_MAX))
        asked = asked.where(_LENTO) if filtro.minimo_ms >= _SLOW_MS else asked
    if filtro.desde_utc is not None:
        asked = asked.where(_i.fecha_hora_utc >= filtro.desde_utc)
    if filtro.hasta_utc is not None:
        asked = asked.where(_i.fecha_hora_utc < filtro.hasta_utc)
    return asked


def _of_empresas(
    codigos_empresa: frozenset[str] | None, codigo_empresa: ColumnElement[Any] = _i.codigo_empresa
) -> Sequence[ColumnElement[bool]]:
    return () if codigos_empresa is None else (codigo_empresa.in_(sorted(codigos_empresa)),)


def _hour(instant_utc: datetime) -> int:
    return int(instant_utc.timestamp()) // _HOUR_S


def _write(intercambio: Intercambio, documentos: Documentos) -> Values:
    said = {name: getattr(intercambio, name) for name in _PLAIN if name != "id"}
    said |= {f"{fase}_us": intercambio.fases_us.get(fase) for fase in FASES}
    said |= {"hora": _hour(intercambio.fecha_hora_utc)}
    return said | {"pedido": pack(documentos.pedido), "respuesta": pack(documentos.respuesta)}


def _read(row: Row) -> Intercambio:
    fases = {fase: row[f"{fase}_us"] for fase in FASES if row[f"{fase}_us"] is not None}
    return Intercambio(fases_us=fases, **{name: row[name] for name in _PLAIN})


def _read_group(row: Row) -> Grupo:
    return Grupo(
        hora_utc=datetime.fromtimestamp(row["hora"] * _HOUR_S, UTC),
        operacion=row["operacion"],
        codigo=row["falla"] or row["codigo"] or "",
        severidad=row["severidad"],
        medidas_us=Medidas.of(map(int, row["times"].split(","))),
    )
