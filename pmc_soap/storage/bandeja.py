"""The Bandeja port: entregas are taken for a while, and settled or put back; any number of deliverers at once.

Nothing here must survive a power cut: what is forgotten is delivered once more, and the destino knows it by its
IdAviso. So these transactions do not wait for the disk.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, func, insert, or_, select, text, update

from pmc_soap.domain.aviso import AvisoGuardado, ReversaPago
from pmc_soap.domain.empresa import PULL
from pmc_soap.domain.entrega import DEMORADA, Comprobante, Entrega, Envio, EstadoEntrega, EstadoImputacion, NoEntregado
from pmc_soap.operations.ports import Tomada
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import linea
from pmc_soap.storage import tables as t
from pmc_soap.storage.alone import be_alone
from pmc_soap.storage.answering import answering
from pmc_soap.storage.engine import Base
from pmc_soap.storage.rows import Values, read_aviso, read_entrega
from pmc_soap.storage.writing import SqlWriting

T = TypeVar("T")

POLL_S = 0.2  # how often SQLite is looked at
ALERTA_CADA = timedelta(hours=6)  # at most one for each destino: an outage is one event, not one a cliente

_e, _a, _al = t.entrega.c, t.aviso.c, t.alerta.c
_IS_FREE = or_(
    and_(
        _e.estado == EstadoEntrega.PENDIENTE.value,
        # a first attempt waits for no clock: the gateway's, which set it, may be ahead of the database's
        or_(_e.proximo_intento_utc <= bindparam("now"), _e.intentos == 0),
    ),
    and_(_e.estado == EstadoEntrega.TOMADA.value, _e.tomada_hasta_utc <= bindparam("now")),
)
_IS_FREE_EARLY = or_(
    _e.estado == EstadoEntrega.PENDIENTE.value,
    and_(_e.estado == EstadoEntrega.TOMADA.value, _e.tomada_hasta_utc <= bindparam("now")),
)
_DUE = select(_e.codigo_empresa, _e.destino).where(linea.IS_FIRST, _e.destino != PULL, _IS_FREE).distinct()


def _free(is_free: object) -> Select[tuple[int]]:
    return (
        select(_e.id)
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
_ASSIGNED = select(t.pago.c.id_cliente, t.pago.c.id_factura).where(t.pago.c.id_aviso == bindparam("of_id_aviso"))
_AVISO = select(t.aviso).where(_a.id_aviso == bindparam("of_id_aviso"))
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

    def due(self) -> Sequence[tuple[str, str]]:
        """Name the (codigo_empresa, destino) where something can be taken now."""
        with answering(), self._base.reads.connect() as connection:
            rows = connection.execute(_DUE, {"now": self._now(connection)})
            return [(row.codigo_empresa, row.destino) for row in rows]

    def take(
        self, codigo_empresa: str, destino: str, limit: int, lease: timedelta, *, early: bool = False
    ) -> Sequence[Tomada]:
        """Take what is due, or has been taken by a deliverer that is gone; early takes also what is not due yet."""
        line: Values = {"of_codigo_empresa": codigo_empresa, "of_destino": destino, "of_limit": limit}

        def take(connection: Connection) -> Sequence[Tomada]:
            now, turno = self._now(connection), secrets.token_hex(8)
            ids = connection.execute(_FREE[early], line | {"now": now}).scalars().all()
            if not ids:
                return []
            taken = {"estado": EstadoEntrega.TOMADA, "turno": turno, "tomada_hasta_utc": now + lease}
            connection.execute(_TAKE, [taken | {"of_id": id_} for id_ in ids])
            rows = connection.execute(_TAKEN, {"of_turno": turno}).mappings().all()
            return [Tomada(entrega=read_entrega(row), envio=_envio(connection, row), turno=turno) for row in rows]

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
                _note(connection, entrega, now, comprobante.estado, comprobante.motivo)
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
            _note(connection, entrega, now, "PERMANENTE" if error.permanente else "FALLIDO", error.motivo)
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

    def wait(self, timeout_s: float) -> None:
        """Wait until something new may be due, or the time is over."""
        with answering():
            self._wait(timeout_s)

    def _wait(self, timeout_s: float) -> None:
        if self._base.avisos.dialect.name == "postgresql":
            self._listen(timeout_s)
        else:
            self._watch(timeout_s)

    def _listen(self, timeout_s: float) -> None:
        """Listen first and look then: what is owed in between is heard."""
        autocommit = self._base.avisos.execution_options(isolation_level="AUTOCOMMIT")
        with autocommit.connect() as connection:
            connection.execute(text(f"LISTEN {linea.CHANNEL}"))
            if connection.execute(_DUE, {"now": self._now(connection)}).first() is None:
                driver: Any = connection.connection.driver_connection
                list(driver.notifies(timeout=timeout_s, stop_after=1))
            connection.execute(text("UNLISTEN *"))

    def _watch(self, timeout_s: float) -> None:
        """Look every POLL_S."""
        until = monotonic() + timeout_s
        while (left := until - monotonic()) > 0:
            sleep(min(POLL_S, left))
            with self._base.reads.connect() as connection:
                if connection.execute(_DUE, {"now": self._now(connection)}).first() is not None:
                    return

    def _now(self, connection: Connection) -> datetime:
        if self._clock is not None:
            return self._clock()
        if connection.dialect.name == "postgresql":
            now: datetime = connection.execute(_CLOCK).scalar_one()
            return now.astimezone(UTC)
        return datetime.now(UTC)

    def _write(self, work: Callable[[Connection], T], entrega: Entrega | None = None) -> T:
        with answering(), ledger_open(), self._base.turn(), self._base.consultas.begin() as connection:
            if entrega is not None:
                be_alone(connection, [(entrega.codigo_empresa, entrega.id_cliente)])
            return work(connection)

    @staticmethod
    def _leave(connection: Connection, tomada: Tomada, **values: object) -> bool:
        """Give the lease back with what became of the entrega, unless another deliverer has it by now."""
        statement = update(t.entrega).where(*_OF_TURNO).values(turno=None, tomada_hasta_utc=None, **values)
        left = connection.execute(statement, {"of_id": tomada.entrega.id, "of_turno": tomada.turno})
        return left.rowcount == 1


def _envio(connection: Connection, row: RowMapping) -> Envio:
    """Put together what the destino is handed; money is told of by the factura that it was assigned to."""
    guardado = _aviso(connection, row["id_aviso"])
    takes_back = isinstance(guardado.aviso, ReversaPago)  # a pago in conflict also names another, and is not its news
    original = _aviso(connection, guardado.original) if takes_back and guardado.original else None
    of_pago = {"of_id_aviso": original.id_aviso if original else guardado.id_aviso}
    assigned = dict(connection.execute(_ASSIGNED, of_pago).mappings().one())
    return Envio(
        codigo_empresa=row["codigo_empresa"],
        guardado=guardado,
        aviso=replace(guardado.aviso, **assigned),
        original=replace(original, aviso=replace(original.aviso, **assigned)) if original else None,
    )


def _aviso(connection: Connection, id_aviso: str) -> AvisoGuardado:
    return read_aviso(connection.execute(_AVISO, {"of_id_aviso": id_aviso}).mappings().one())


def _note(connection: Connection, entrega: Entrega, now: datetime, resultado: str, detalle: str | None) -> None:
    intento = {"id_entrega": entrega.id, "fecha_hora_utc": now, "resultado": resultado, "detalle": detalle}
    connection.execute(_ADD_INTENTO, intento)


def _alert(connection: Connection, entrega: Entrega, motivo: str, now: datetime) -> None:
    SqlWriting(connection).alert(entrega.codigo_empresa, motivo, entrega.id_aviso, now)


def _alert_once(connection: Connection, entrega: Entrega, motivo: str, now: datetime) -> None:
    lately = {"of_codigo_empresa": entrega.codigo_empresa, "of_motivo": motivo, "since": now - ALERTA_CADA}
    if connection.execute(_ALERTED, lately).first() is None:
        _alert(connection, entrega, motivo, now)
