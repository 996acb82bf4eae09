"""The Bandeja port: entregas are taken for a while, and settled or put back; any number of deliverers at once.

Nothing here must survive a power cut: what is forgotten is delivered once more, and the destino knows it by its
IdAviso. So these transactions do not wait for the disk.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, insert, or_, select, text, update
from sqlalchemy.exc import DBAPIError

from pmc_soap.domain.entrega import (
    DEMORADA,
    DETENIDO,
    Comprobante,
    Entrega,
    EstadoEntrega,
    EstadoImputacion,
    NoEntregado,
)
from pmc_soap.operations.ports import Tomada, Unavailable
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import linea
from pmc_soap.storage import tables as t
from pmc_soap.storage.alone import be_alone
from pmc_soap.storage.answering import answering, collides
from pmc_soap.storage.direct import Direct
from pmc_soap.storage.engine import Base
from pmc_soap.storage.envio import read_envio
from pmc_soap.storage.por_tomar import due
from pmc_soap.storage.rows import Values, read_entrega
from pmc_soap.storage.writing import SqlWriting

T = TypeVar("T")

ATTEMPTS = 5
POLL_S = 0.2  # how often SQLite is looked at
ALERTA_CADA = timedelta(hours=6)  # at most one for each destino: an outage is one event, not one a cliente

_e, _al = t.entrega.c, t.alerta.c
_TRIED = _e.estado.in_((EstadoEntrega.PENDIENTE.value, EstadoEntrega.TOMADA.value))
# A lease is taken until its end, which is when it is next to be tried: so what is free is one range of one index.
_IS_FREE = and_(_TRIED, _e.proximo_intento_utc <= bindparam("now"))
_IS_FREE_EARLY = or_(_IS_FREE, _e.estado == EstadoEntrega.PENDIENTE.value)


def _free(is_free: object) -> Select[tuple[int, str]]:
    return (
        select(_e.id, _e.estado)
        .where(
            _e.codigo_empresa == bindparam("of_codigo_empresa"),
            _e.destino == bindparam("of_destino"),
            linea.IS_FIRST,
            is_free,  # type: ignore[arg-type] # a condition
        )
        .order_by(_e.proximo_intento_utc, _e.id)
        .limit(bindparam("of_limit"))
        .with_for_update(skip_locked=True)
    )


_FREE = {False: _free(_IS_FREE), True: _free(_IS_FREE_EARLY)}
_TAKE = update(t.entrega).where(_e.id == bindparam("of_id"))
_OF_TURNO = (_e.id == bindparam("of_id"), _e.turno == bindparam("of_turno"))
_TAKEN = select(t.entrega).where(_e.turno == bindparam("of_turno")).order_by(_e.id)
_ADD_INTENTO = insert(t.intento)
_HASTEN = (
    update(t.entrega)
    .where(
        _e.codigo_empresa == bindparam("of_codigo_empresa"),
        _e.destino == bindparam("of_destino"),
        linea.IS_FIRST,
        _e.estado == EstadoEntrega.PENDIENTE.value,
        _e.permanentes == 0,
        _e.proximo_intento_utc > bindparam("now"),
    )
    .values(proximo_intento_utc=bindparam("now"))
)
_ALERTED = (
    select(_al.id)
    .where(
        _al.codigo_empresa == bindparam("of_codigo_empresa"),
        _al.motivo == bindparam("of_motivo"),
        _al.fecha_hora_utc > bindparam("since"),
    )
    .limit(1)
)
_CLOCK = select(func.clock_timestamp())


class SqlBandeja:
    """What is owed, in a database. Threads may share it, processes may not. clock is for tests: the database's own."""

    def __init__(self, base: Base, clock: Callable[[], datetime] | None = None) -> None:
        self._base = base
        self._clock = clock

    def due(self, rutas: Collection[tuple[str, str]]) -> Sequence[tuple[str, str]]:
        """Name those (codigo_empresa, destino) where something can be taken now."""
        with answering(), self._base.reads.connect() as connection:
            return self._due(connection, rutas)

    def take(
        self, codigo_empresa: str, destino: str, limit: int, lease: timedelta, *, early: bool = False
    ) -> Sequence[Tomada]:
        """Take what is due, or has been taken by a deliverer that is gone; early takes also what is not due yet."""
        line: Values = {"of_codigo_empresa": codigo_empresa, "of_destino": destino, "of_limit": limit}

        def take(connection: Connection) -> Sequence[Tomada]:
            now, turno = self._now(connection), secrets.token_hex(8)
            free = connection.execute(_FREE[early], line | {"now": now}).all()
            if not free:
                return []
            until = now + lease
            taken = {
                "estado": EstadoEntrega.TOMADA,
                "turno": turno,
                "tomada_hasta_utc": until,
                "proximo_intento_utc": until,
            }
            connection.execute(_TAKE, [taken | {"of_id": row.id} for row in free])
            rows = connection.execute(_TAKEN, {"of_turno": turno}).mappings().all()
            _alert_of_lost([read_entrega(row) for row in rows], free, connection, now)
            return [
                Tomada(
                    entrega=read_entrega(row),
                    envio=read_envio(connection, row["id_aviso"], codigo_empresa),
                    turno=turno,
                )
                for row in rows
            ]

        return self._write(take)

    def settle(self, tomada: Tomada, comprobante: Comprobante) -> bool:
        """Note that the destino took it, and let the cliente's next go; False if the lease was lost."""
        entrega = tomada.entrega

        def settle(connection: Connection) -> bool:
            now = self._now(connection)
            done = self._leave(
                connection,
                tomada,
                estado=EstadoEntrega.ENTREGADA,
                primera=False,
                intentos=entrega.intentos + 1,
                entregada_utc=now,
                respuesta=comprobante.estado,
                nro_comprobante=comprobante.nro_comprobante,
                motivo=comprobante.motivo,
            )
            if done:
                _note(connection, entrega, now, comprobante.estado, comprobante.motivo, comprobante.nro_comprobante)
                linea.promote(connection, entrega.codigo_empresa, entrega.destino, entrega.id_cliente)
                if comprobante.estado is EstadoImputacion.RECHAZADO:
                    _alert(connection, entrega, "ENTREGA_RECHAZADA", now)
            return done

        return self._write(settle, entrega)

    def put_back(self, tomada: Tomada, wait: timedelta, error: NoEntregado, *, stop: bool, skip: bool) -> bool:
        """Note that it was not taken, and try again after the wait; False if the lease was lost."""
        entrega = tomada.entrega

        def put_back(connection: Connection) -> bool:
            now = self._now(connection)
            done = self._leave(
                connection,
                tomada,
                estado=EstadoEntrega.DETENIDA if stop else EstadoEntrega.PENDIENTE,
                primera=not (stop and skip),
                intentos=entrega.intentos + 1,
                permanentes=entrega.permanentes + error.permanente,
                proximo_intento_utc=now + wait,
                motivo=error.motivo,
            )
            if not done:
                return False
            ended = DETENIDO if stop else "PERMANENTE" if error.permanente else "FALLIDO"
            _note(connection, entrega, now, ended, error.motivo)
            if stop:
                _alert(connection, entrega, "ENTREGA_DETENIDA", now)
                if skip:
                    linea.promote(connection, entrega.codigo_empresa, entrega.destino, entrega.id_cliente)
            elif now - entrega.creada_utc >= DEMORADA:
                _alert_once(connection, entrega, f"ENTREGA_DEMORADA:{entrega.destino}", now)
            return True

        return self._write(put_back, entrega)

    def hasten(self, codigo_empresa: str, destino: str) -> int:
        """Make all that waits for a destino due now: it is back."""

        def hasten(connection: Connection) -> int:
            line = {"of_codigo_empresa": codigo_empresa, "of_destino": destino, "now": self._now(connection)}
            linea.wake(connection)
            return connection.execute(_HASTEN, line).rowcount

        return self._write(hasten)

    def wait(self, rutas: Collection[tuple[str, str]], timeout_s: float) -> None:
        """Wait until something new may be due for one of these, or the time is over."""
        with answering():
            if self._base.avisos.dialect.name == "postgresql":
                self._listen(rutas, timeout_s)
            else:
                self._watch(rutas, timeout_s)

    def _due(self, connection: Connection, rutas: Collection[tuple[str, str]]) -> Sequence[tuple[str, str]]:
        return due(connection, rutas, self._now(connection))

    def _listen(self, rutas: Collection[tuple[str, str]], timeout_s: float) -> None:
        """Listen first and look then: what is owed in between is heard."""
        with self._base.avisos.execution_options(at_begin=None).connect() as connection:
            connection.execute(text(f"LISTEN {linea.CHANNEL}"))
            if not self._due(connection, rutas):
                driver: Any = connection.connection.driver_connection
                list(driver.notifies(timeout=timeout_s, stop_after=1))
            connection.execute(text("UNLISTEN *"))

    def _watch(self, rutas: Collection[tuple[str, str]], timeout_s: float) -> None:
        """Look every POLL_S."""
        until = monotonic() + timeout_s
        while (left := until - monotonic()) > 0:
            sleep(min(POLL_S, left))
            with self._base.reads.connect() as connection:
                if self._due(connection, rutas):
                    return

    def _now(self, connection: Connection) -> datetime:
        if self._clock is not None:
            return self._clock()
        if connection.dialect.name == "postgresql":
            now: datetime = connection.execute(_CLOCK).scalar_one()
            return now.astimezone(UTC)
        return datetime.now(UTC)

    def _write(self, work: Callable[[Connection], T], entrega: Entrega | None = None) -> T:
        """Run the work; where another transaction was first (a deadlock, at worst), it runs again."""
        for _ in range(ATTEMPTS):
            try:
                with answering(), ledger_open(), self._base.turn(), self._base.consultas.begin() as connection:
                    if entrega is not None:
                        be_alone(connection, [(entrega.codigo_empresa, entrega.id_cliente)])
                    return work(connection)
            except DBAPIError as error:
                if not collides(error):
                    raise
                last = error
        raise Unavailable("otras transacciones se adelantaron cada vez") from last

    @staticmethod
    def _leave(connection: Connection, tomada: Tomada, **values: object) -> bool:
        """Give the lease back with what became of the entrega, unless another deliverer has it by now."""
        statement = update(t.entrega).where(*_OF_TURNO).values(turno=None, tomada_hasta_utc=None, **values)
        left = connection.execute(statement, {"of_id": tomada.entrega.id, "of_turno": tomada.turno})
        return left.rowcount == 1


def _note(
    connection: Connection, entrega: Entrega, now: datetime, resultado: str, detalle: str | None, nro: str | None = None
) -> None:
    intento = {"id_entrega": entrega.id, "fecha_hora_utc": now, "resultado": resultado, "detalle": detalle}
    connection.execute(_ADD_INTENTO, intento | {"nro_comprobante": nro})


def _alert(connection: Connection, entrega: Entrega, motivo: str, now: datetime) -> None:
    SqlWriting(Direct.over(connection)).alert(entrega.codigo_empresa, motivo, entrega.id_aviso, now)


def _alert_of_lost(
    entregas: Sequence[Entrega], free: Sequence[Row[tuple[int, str]]], connection: Connection, now: datetime
) -> None:
    """Tell of those whose deliverer never came back: it is gone, or its call never ends."""
    lost = {row.id for row in free if row.estado == EstadoEntrega.TOMADA}
    for entrega in entregas:
        if entrega.id in lost and now - entrega.creada_utc >= DEMORADA:
            _alert_once(connection, entrega, f"ENTREGA_DEMORADA:{entrega.destino}", now)


def _alert_once(connection: Connection, entrega: Entrega, motivo: str, now: datetime) -> None:
    lately = {"of_codigo_empresa": entrega.codigo_empresa, "of_motivo": motivo, "since": now - ALERTA_CADA}
    if connection.execute(_ALERTED, lately).first() is None:
        _alert(connection, entrega, motivo, now)
