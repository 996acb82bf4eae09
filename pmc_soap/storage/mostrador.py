"""What an operator looks up: entregas, all of one aviso, and what an empresa lost. It locks nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import BindParameter, Connection, bindparam, or_, select, tuple_

from pmc_soap.domain.aviso import AvisoGuardado
from pmc_soap.domain.entrega import Entrega, EstadoEntrega
from pmc_soap.domain.expediente import Intento
from pmc_soap.operations.lineas import Lote
from pmc_soap.operations.operador import Delante, Filtro, Legajo
from pmc_soap.storage import tables as t
from pmc_soap.storage.actas import read_acta
from pmc_soap.storage.answering import answering
from pmc_soap.storage.engine import Base
from pmc_soap.storage.rows import read_aviso, read_aviso_and_pago, read_entrega

ENTREGAS_MAX = 500  # in one lote: a transaction that takes some tens of milliseconds
CLIENTES_MAX = 100  # PostgreSQL holds each one's lock in a table of some thousands

_e, _a, _p, _i, _au = t.entrega.c, t.aviso.c, t.pago.c, t.intento.c, t.auditoria.c
_OF_AVISO: BindParameter[str] = bindparam("of_id_aviso")
_ENTREGAS = select(t.entrega).order_by(_e.id).limit(bindparam("of_limit"))
_FIRSTS = select(t.entrega).where(
    _e.primera, tuple_(_e.codigo_empresa, _e.destino, _e.id_cliente).in_(bindparam("of_lines", expanding=True))
)
_AVISOS = select(t.aviso).where(_a.id_aviso.in_(bindparam("of_ids", expanding=True)))
_AVISO = (
    select(
        t.aviso,
        _p.estado.label("estado_pago"),
        _p.id_cliente.label("id_cliente_pago"),
        _p.id_factura.label("id_factura_pago"),
    )
    .join_from(t.aviso, t.pago, _p.id_aviso == _a.id_aviso, isouter=True)
    .where(_a.id_aviso == _OF_AVISO)
)
_RELATED = (
    select(t.aviso)
    .where(or_(_a.original == _OF_AVISO, _a.id_aviso == bindparam("of_original")), _a.id_aviso != _OF_AVISO)
    .order_by(_a.secuencia)
)
_ENTREGAS_OF = select(t.entrega).where(_e.id_aviso == _OF_AVISO).order_by(_e.id)
_INTENTOS_OF = (
    select(t.intento)
    .join_from(t.intento, t.entrega, _i.id_entrega == _e.id)
    .where(_e.id_aviso == _OF_AVISO)
    .order_by(_i.id)
)
_REPETICIONES = (
    select(t.repeticion.c.fecha_hora_utc).where(t.repeticion.c.id_aviso == _OF_AVISO).order_by(t.repeticion.c.id)
)
_ACTAS = select(t.auditoria).where(_au.id_aviso == _OF_AVISO).order_by(_au.id)
_LOST = (
    select(_e.destino, _e.id_cliente, _e.id)
    .where(
        _e.codigo_empresa == bindparam("of_codigo_empresa"),
        or_(_e.creada_utc >= bindparam("since"), _e.entregada_utc >= bindparam("since")),
    )
    .order_by(_e.destino, _e.id_cliente, _e.id)
)
_LOST_AT = _LOST.where(_e.destino == bindparam("of_destino"))


class SqlMostrador:
    """What an operator looks up, in a database."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def entregas(self, filtro: Filtro) -> Sequence[tuple[Entrega, AvisoGuardado]]:
        """Give entregas with their avisos, the oldest first."""
        wanted = [
            column == value
            for column, value in (
                (_e.codigo_empresa, filtro.codigo_empresa),
                (_e.destino, filtro.destino),
                (_e.estado, filtro.estado),
                (_e.id_cliente, filtro.id_cliente),
            )
            if value is not None
        ]
        if filtro.estado is None:
            wanted.append(_e.estado != EstadoEntrega.ENTREGADA.value)
        if filtro.since_utc is not None:
            wanted.append(_e.creada_utc >= filtro.since_utc)
        if filtro.after is not None:
            wanted.append(_e.id > filtro.after)
        with answering(), self._base.reads.connect() as connection:
            rows = connection.execute(_ENTREGAS.where(*wanted), {"of_limit": filtro.limit}).mappings()
            found = [read_entrega(row) for row in rows]
            ids = {"of_ids": [entrega.id_aviso for entrega in found]}
            avisos = {row["id_aviso"]: read_aviso(row) for row in connection.execute(_AVISOS, ids).mappings()}
        return [(entrega, avisos[entrega.id_aviso]) for entrega in found]

    def delante(self, entregas: Sequence[Entrega]) -> Mapping[int, Delante]:
        """Give, by the id of each entrega that waits behind another of its cliente, the one that goes first."""
        waiting = {each.id: _line(each) for each in entregas if each.estado is not EstadoEntrega.ENTREGADA}
        if not waiting:
            return {}
        lines = sorted(set(waiting.values()))
        with answering(), self._base.reads.connect() as connection:
            rows = connection.execute(_FIRSTS, {"of_lines": lines}).mappings().all()
        firsts = {(row["codigo_empresa"], row["destino"], row["id_cliente"]): row for row in rows}
        found = {id_: firsts.get(line) for id_, line in waiting.items()}
        return {
            id_: Delante(
                id_aviso=first["id_aviso"],
                estado=EstadoEntrega(first["estado"]),
                proximo_intento_utc=first["proximo_intento_utc"],
            )
            for id_, first in found.items()
            if first is not None and first["id"] != id_
        }

    def legajo(self, id_aviso: str) -> Legajo | None:
        """Give all that is known of one aviso."""
        of_aviso = {"of_id_aviso": id_aviso}
        with answering(), self._base.reads.connect() as connection:
            row = connection.execute(_AVISO, of_aviso).mappings().first()
            if row is None:
                return None
            guardado, pago = (read_aviso(row), None) if row["estado_pago"] is None else read_aviso_and_pago(row)
            related = connection.execute(_RELATED, of_aviso | {"of_original": guardado.original}).mappings()
            return Legajo(
                guardado=guardado,
                id_cliente=row["id_cliente_pago"] or guardado.aviso.id_cliente,
                id_factura=row["id_factura_pago"] if pago else guardado.aviso.id_factura,
                pago=pago,
                entregas=_entregas_of(connection, of_aviso),
                repeticiones=connection.execute(_REPETICIONES, of_aviso).scalars().all(),
                relacionados=[read_aviso(each) for each in related],
                actas=[read_acta(each) for each in connection.execute(_ACTAS, of_aviso).mappings()],
            )

    def lotes(self, codigo_empresa: str, since_utc: datetime, destino: str | None) -> Sequence[tuple[str, Lote]]:
        """Give (destino, lote) of what was owed or delivered since then, in lotes that one transaction can hold."""
        values = {"of_codigo_empresa": codigo_empresa, "since": since_utc}
        with answering(), self._base.reads.connect() as connection:
            if destino is None:
                rows = connection.execute(_LOST, values).all()
            else:
                rows = connection.execute(_LOST_AT, values | {"of_destino": destino}).all()
        lotes: list[tuple[str, dict[str, list[int]]]] = []
        owed = 0
        for (of_destino, id_cliente), group in groupby(rows, key=itemgetter(0, 1)):
            ids = [row.id for row in group]
            is_full = owed + len(ids) > ENTREGAS_MAX or (lotes and len(lotes[-1][1]) >= CLIENTES_MAX)
            if not lotes or lotes[-1][0] != of_destino or is_full:
                lotes.append((of_destino, {}))
                owed = 0
            lotes[-1][1][id_cliente] = ids
            owed += len(ids)
        return lotes


def _line(entrega: Entrega) -> tuple[str, str, str]:
    return entrega.codigo_empresa, entrega.destino, entrega.id_cliente


def _entregas_of(connection: Connection, of_aviso: dict[str, str]) -> Sequence[tuple[Entrega, Sequence[Intento]]]:
    intentos: defaultdict[int, list[Intento]] = defaultdict(list)
    for row in connection.execute(_INTENTOS_OF, of_aviso):
        told = Intento(fecha_hora_utc=row.fecha_hora_utc, resultado=row.resultado, detalle=row.detalle)
        intentos[row.id_entrega].append(told)
    found = [read_entrega(row) for row in connection.execute(_ENTREGAS_OF, of_aviso).mappings()]
    return [(entrega, intentos[entrega.id]) for entrega in found]
