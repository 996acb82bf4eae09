"""The lines of entregas in one transaction, as an operator and the empresa itself change them.

What is alone on a cliente (linea.py) may change its line. The numbers of an empresa's own line have a lock of their
own: who takes it has its clientes already, and has changed no entrega of that line yet, so nobody waits in a circle.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    func,
    insert,
    not_,
    select,
    update,
)

from pmc_soap.domain.acta import Accion, Acta
from pmc_soap.domain.empresa import PULL
from pmc_soap.domain.entrega import Comprobante, Entrega, EstadoEntrega
from pmc_soap.operations.lineas import Lote
from pmc_soap.storage import linea
from pmc_soap.storage import tables as t
from pmc_soap.storage.actas import write_acta
from pmc_soap.storage.alone import be_alone
from pmc_soap.storage.direct import Direct
from pmc_soap.storage.rows import read_entrega

T = TypeVar("T")

CHUNK = 1_000  # ids in one statement: databases admit some 30,000

_e, _au = t.entrega.c, t.auditoria.c
_EN_CAMINO = and_(_e.estado == EstadoEntrega.TOMADA.value, _e.tomada_hasta_utc > func.current_timestamp())
_IS_THIS = _e.id == bindparam("of_id")
_THESE = _e.id.in_(bindparam("of_ids", expanding=True))
_OF_EMPRESA = (_e.codigo_empresa == bindparam("of_codigo_empresa"), _e.destino == bindparam("of_destino"))
# With its ends said as well, PostgreSQL goes to these clientes and not through all; in its own order, as a Lote is.
_OF_CLIENTES = (
    *_OF_EMPRESA,
    _e.id_cliente.between(bindparam("of_first"), bindparam("of_last")),
    _e.id_cliente.in_(bindparam("of_clientes", expanding=True)),
)

_BY_AVISO = (
    select(t.entrega)
    .where(
        _e.id_aviso.in_(bindparam("of_ids_aviso", expanding=True)), _e.codigo_empresa == bindparam("of_codigo_empresa")
    )
    .order_by(_e.id)
)
_BY_AVISO_AT = _BY_AVISO.where(_e.destino == bindparam("of_destino"))
# A deliverer is not alone on a cliente: it goes around what is held so. No deliverer takes what an empresa comes for,
# and who gives that line its numbers would wait for us while we wait for the numbers.
_HOLD = _BY_AVISO.where(_e.destino != PULL).with_for_update()
_HOLD_AT = _BY_AVISO_AT.where(_e.destino != PULL).with_for_update()
_ACTS_ON_STOPPED = (
    select(_e.id, _e.destino, _au.accion, _au.despues)
    .join_from(t.entrega, t.auditoria, _au.id_aviso == _e.id_aviso)
    .where(
        _THESE,
        _e.estado == EstadoEntrega.DETENIDA.value,
        _au.accion.in_((Accion.DETENER.value, Accion.REENVIAR.value)),
    )
    .order_by(_au.id)
)
_ENTREGA = select(t.entrega).where(_IS_THIS)
_FIRST = select(t.entrega).where(*_OF_EMPRESA, _e.id_cliente == bindparam("of_id_cliente"), linea.IS_FIRST)
_IS_EN_CAMINO = select(_e.id).where(_IS_THIS, _EN_CAMINO)
_AGAIN = (
    update(t.entrega)
    .where(_THESE, not_(_EN_CAMINO))
    .values(
        estado=EstadoEntrega.PENDIENTE.value,
        intentos=0,
        permanentes=0,
        proximo_intento_utc=bindparam("now"),
        turno=None,
        tomada_hasta_utc=None,
        entregada_utc=None,
        respuesta=None,
        nro_comprobante=None,
        motivo=None,
    )
)
_WAITS = _e.estado == EstadoEntrega.PENDIENTE.value
_UNSEAT = update(t.entrega).where(*_OF_CLIENTES, linea.IS_FIRST, _WAITS).values(primera=False)
# Read first and changed by id: a planner that knows nothing of the table yet would go through all of it.
_OLDEST = (
    select(_e.id_cliente, func.min(_e.id).label("id"))
    .where(*_OF_CLIENTES, _WAITS, linea.IS_OWED)
    .group_by(_e.id_cliente)
)
_SEATED = select(_e.id_cliente).where(*_OF_CLIENTES, linea.IS_FIRST)
_SEAT = update(t.entrega).where(_THESE).values(primera=True)
_NUMBERED = (
    select(_e.id, _e.id_cliente).where(*_OF_CLIENTES, _WAITS, linea.IS_OWED, _e.numero.is_not(None)).order_by(_e.id)
)
_LAST_NUMBER = select(func.coalesce(func.max(_e.numero), 0)).where(*_OF_EMPRESA)
_NUMBER = update(t.entrega).where(_IS_THIS).values(numero=bindparam("new_numero"))
_LEAVE = update(t.entrega).where(_IS_THIS)
_ADD_INTENTO, _ADD_ACTA = insert(t.intento), insert(t.auditoria)


class SqlLineas:
    """The lines, over a connection that has begun a transaction."""

    _direct: Direct

    @property
    def _connection(self) -> Connection:
        return self._direct.core

    def entregas(self, codigo_empresa: str, ids_aviso: Sequence[str], destino: str | None) -> Sequence[Entrega]:
        """Give what that empresa is owed of these avisos, at one destino or at all."""
        values: dict[str, object] = {"of_codigo_empresa": codigo_empresa, "of_ids_aviso": ids_aviso}
        hold, read = (_HOLD, _BY_AVISO) if destino is None else (_HOLD_AT, _BY_AVISO_AT)
        if destino is not None:
            values["of_destino"] = destino
        if destino != PULL:
            self._connection.execute(hold, values)
        rows = self._connection.execute(read, values)
        return [read_entrega(row) for row in rows.mappings()]

    def entrega(self, id_entrega: int) -> Entrega:
        """Give one entrega as it stands now."""
        return read_entrega(self._connection.execute(_ENTREGA, {"of_id": id_entrega}).mappings().one())

    def first_of_line(self, entrega: Entrega) -> Entrega | None:
        """Give the one that goes first where this one stands in line."""
        line = _line(entrega.codigo_empresa, entrega.destino) | {"of_id_cliente": entrega.id_cliente}
        row = self._connection.execute(_FIRST, line).mappings().first()
        return read_entrega(row) if row else None

    def en_camino(self, entrega: Entrega) -> bool:
        """Tell whether a deliverer is bringing it at this moment; one that is gone does not count."""
        return self._connection.execute(_IS_EN_CAMINO, {"of_id": entrega.id}).first() is not None

    def apartadas(self, ids: Sequence[int]) -> Collection[int]:
        """Name those that an operator set aside and did not send again since; not those that stopped by themselves."""
        last: dict[int, str] = {}
        for chunk in _chunks(ids):
            for row in self._connection.execute(_ACTS_ON_STOPPED, {"of_ids": chunk}):
                if row.destino in json.loads(row.despues):
                    last[row.id] = row.accion
        return {id_ for id_, accion in last.items() if accion == Accion.DETENER}

    def owe_again(self, codigo_empresa: str, destino: str, lote: Lote, at_utc: datetime) -> int:
        """Owe these entregas once more, with nothing counted; give how many: what is on its way is left alone."""
        if destino == PULL:
            lock_numbers(self._connection, codigo_empresa)
        ids = [id_ for of_cliente in lote.values() for id_ in of_cliente]
        owed = sum(
            self._connection.execute(_AGAIN, {"of_ids": chunk, "now": at_utc}).rowcount for chunk in _chunks(ids)
        )
        for clientes in _chunks(list(lote)):
            lines = _lines(codigo_empresa, destino, clientes)
            self._connection.execute(_UNSEAT, lines)
            seated = set(self._connection.execute(_SEATED, lines).scalars())
            oldest = self._connection.execute(_OLDEST, lines)
            self._connection.execute(_SEAT, {"of_ids": [row.id for row in oldest if row.id_cliente not in seated]})
        if destino == PULL:
            self._number_again(codigo_empresa, lote)
        else:
            linea.wake(self._connection)
        return owed

    def set_aside(self, entrega: Entrega, motivo: str) -> None:
        """Leave an entrega DETENIDA, out of its line, and let the next go."""
        self._leave(entrega, estado=EstadoEntrega.DETENIDA.value, motivo=motivo)
        if entrega.destino != PULL:
            linea.wake(self._connection)

    def settle(self, entrega: Entrega, comprobante: Comprobante, at_utc: datetime) -> None:
        """Note what the empresa did with an entrega that it came for, and let the next go."""
        self._leave(
            entrega,
            estado=EstadoEntrega.ENTREGADA.value,
            intentos=entrega.intentos + 1,
            entregada_utc=at_utc,
            respuesta=comprobante.estado,
            nro_comprobante=comprobante.nro_comprobante,
            motivo=comprobante.motivo,
        )
        intento = {
            "id_entrega": entrega.id,
            "fecha_hora_utc": at_utc,
            "resultado": comprobante.estado,
            "nro_comprobante": comprobante.nro_comprobante,
            "detalle": comprobante.motivo,
        }
        self._connection.execute(_ADD_INTENTO, intento)

    def audit(self, acta: Acta) -> None:
        """Append what an operator did."""
        self._connection.execute(_ADD_ACTA, write_acta(acta))

    def _leave(self, entrega: Entrega, **values: object) -> None:
        """Take an entrega out of its line, and let the next go."""
        leave = _LEAVE.values(primera=False, turno=None, tomada_hasta_utc=None, **values)
        self._connection.execute(leave, {"of_id": entrega.id})
        linea.promote(self._connection, entrega.codigo_empresa, entrega.destino, entrega.id_cliente)

    def _number_again(self, codigo_empresa: str, lote: Lote) -> None:
        oldest = {id_cliente: min(ids) for id_cliente, ids in lote.items()}
        ids = []
        for clientes in _chunks(list(lote)):
            rows = self._connection.execute(_NUMBERED, _lines(codigo_empresa, PULL, clientes))
            ids += [row.id for row in rows if row.id >= oldest[row.id_cliente]]
        give_numbers(self._connection, codigo_empresa, sorted(ids))


def lock_numbers(connection: Connection, codigo_empresa: str) -> None:
    """Be the only one that gives numbers in that empresa's own line; no code of an empresa is in small letters."""
    be_alone(connection, [(PULL, codigo_empresa)])


def give_numbers(connection: Connection, codigo_empresa: str, ids: Sequence[int]) -> None:
    """Number these entregas after all that were ever numbered; a number is never given twice."""
    if ids:
        last: int = connection.execute(_LAST_NUMBER, _line(codigo_empresa, PULL)).scalar_one()
        connection.execute(_NUMBER, [{"of_id": id_, "new_numero": last + n} for n, id_ in enumerate(ids, start=1)])


def _line(codigo_empresa: str, destino: str) -> dict[str, object]:
    return {"of_codigo_empresa": codigo_empresa, "of_destino": destino}


def _lines(codigo_empresa: str, destino: str, clientes: Sequence[str]) -> dict[str, object]:
    ends = {"of_first": clientes[0], "of_last": clientes[-1]}
    return _line(codigo_empresa, destino) | ends | {"of_clientes": clientes}


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for n in range(0, len(items), CHUNK):
        yield items[n : n + CHUNK]
