"""The LibroDeCargas port: one file at a time becomes the base of an empresa, and what was cut is known."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Update, bindparam, func, insert, select, tuple_, update
from sqlalchemy.exc import DBAPIError

from pmc_soap.domain.carga import CargaGuardada, EstadoCarga, Modo
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Origen
from pmc_soap.operations.libro_cargas import LEASE, Lote, OtraEnCurso, Turno, TurnoPerdido, YaCargada
from pmc_soap.operations.ports import Collision, Loaded, Unavailable
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import answering, collides
from pmc_soap.storage.engine import Base
from pmc_soap.storage.load import load, retire

T = TypeVar("T")

ATTEMPTS = 5
PAGE = 1_000  # claves read at once

_c, _f = t.carga.c, t.factura.c
_NAMES = [f.name for f in fields(CargaGuardada)]
_COLUMNS = [_c[name] for name in _NAMES]
_EN_CURSO = (
    select(*_COLUMNS, _c.tomada_hasta_utc)
    .where(_c.codigo_empresa == bindparam("of_codigo_empresa"), _c.estado == EstadoCarga.EN_CURSO.value)
    .with_for_update()
)
_COMPLETA = (
    select(*_COLUMNS)
    .where(
        _c.codigo_empresa == bindparam("of_codigo_empresa"),
        _c.sha256 == bindparam("of_sha256"),
        _c.modo == bindparam("of_modo"),
        _c.estado == EstadoCarga.COMPLETA.value,
    )
    .order_by(_c.id.desc())
    .limit(1)
)
_LIST = select(*_COLUMNS).order_by(_c.id.desc()).limit(bindparam("of_limit"))
_ONE = select(*_COLUMNS).where(_c.id == bindparam("of_id"))
_OF_TURNO = (_c.id == bindparam("of_id"), _c.turno == bindparam("of_llave"))
_COUNTS = ("nuevas", "cambiadas", "iguales", "intocables", "retiradas")
_ADVANCE = (
    update(t.carga)
    .where(*_OF_TURNO)
    .values(
        {name: _c[name] + bindparam(f"more_{name}") for name in _COUNTS}
        | {
            "hasta_linea": func.coalesce(bindparam("to_linea"), _c.hasta_linea),
            "tomada_hasta_utc": bindparam("until", type_=_c.tomada_hasta_utc.type),
        }
    )
)
_END = (
    update(t.carga)
    .where(*_OF_TURNO)
    .values(
        estado=EstadoCarga.COMPLETA.value,
        terminada_utc=bindparam("at_utc", type_=_c.terminada_utc.type),
        turno=None,
        tomada_hasta_utc=None,
    )
)
_INFORMADAS = (
    select(_f.id_cliente, _f.id_factura)
    .where(
        _f.codigo_empresa == bindparam("of_codigo_empresa"),
        tuple_(_f.id_cliente, _f.id_factura) > tuple_(bindparam("after_cliente"), bindparam("after_factura")),
        _f.estado == EstadoFactura.PENDIENTE.value,
        _f.origen == Origen.BASE.value,
        _f.carga.is_not(None),
    )
    .order_by(_f.id_cliente, _f.id_factura)
    .limit(PAGE)
)
_CLOCK = select(func.clock_timestamp())


class SqlLibroDeCargas:
    """What is remembered of files, in a database."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def find_completa(self, codigo_empresa: str, sha256: str, modo: Modo) -> CargaGuardada | None:
        """Give the newest whole carga of the same bytes in the same way."""
        with answering(), self._base.reads.connect() as connection:
            return _find(connection, codigo_empresa, sha256, modo)

    def begin(self, nueva: CargaGuardada, *, again: bool = False) -> Turno:
        """Take the turn, to go on with the same file or to begin a new one; raises OtraEnCurso and YaCargada."""

        def begin(connection: Connection) -> Turno:
            before = None if again else _find(connection, nueva.codigo_empresa, nueva.sha256, nueva.modo)
            if before is not None:
                raise YaCargada(before)
            now, llave = _now(connection), secrets.token_hex(8)
            taken = {"turno": llave, "tomada_hasta_utc": now + LEASE}
            row = connection.execute(_EN_CURSO, {"of_codigo_empresa": nueva.codigo_empresa}).first()
            if row is None:
                return Turno(carga=_add(connection, nueva, **taken), llave=llave)
            left, cortada = row.tomada_hasta_utc - now, _read(row)
            if left > timedelta():
                raise OtraEnCurso(cortada, left.total_seconds())
            if _same(cortada, nueva):
                counted = {"aceptadas": nueva.aceptadas, "rechazadas": nueva.rechazadas}
                connection.execute(_change(cortada), counted | taken)
                onward = replace(cortada, aceptadas=nueva.aceptadas, rechazadas=nueva.rechazadas)
                return Turno(carga=onward, llave=llave, sigue=True)
            ended = {"estado": EstadoCarga.CORTADA, "terminada_utc": nueva.empezada_utc}
            connection.execute(_change(cortada), ended | {"turno": None, "tomada_hasta_utc": None})
            return Turno(carga=_add(connection, nueva, **taken), llave=llave, cortada=cortada)

        return self._write(begin)

    def write(self, turno: Turno, lote: Lote, at_utc: datetime) -> Loaded:
        """Write a lote and how far the carga is, in one transaction; raises TurnoPerdido."""

        def write(connection: Connection) -> Loaded:
            loaded = load(connection, lote.facturas, turno.carga.nombre, at_utc)
            counts = {name: getattr(loaded, name) for name in ("nuevas", "cambiadas", "iguales", "intocables")}
            _advance(connection, turno, hasta_linea=lote.hasta_linea, **counts)
            return loaded

        return self._write(write)

    def retire(self, turno: Turno, claves: Sequence[ClaveFactura]) -> int:
        """Take out of PMC those that are still PENDIENTE, and tell how many; raises TurnoPerdido."""

        def write(connection: Connection) -> int:
            retiradas = retire(connection, claves, turno.carga.id)
            _advance(connection, turno, retiradas=retiradas)
            return retiradas

        return self._write(write)

    def end(self, turno: Turno, at_utc: datetime) -> CargaGuardada:
        """Note that the file is whole; raises TurnoPerdido."""

        def end(connection: Connection) -> CargaGuardada:
            _do(connection, _END, turno, at_utc=at_utc)
            return _read(connection.execute(_ONE, {"of_id": turno.carga.id}).one())

        return self._write(end)

    def leave(self, turno: Turno) -> None:
        """Let go of the turn in the middle, so that nobody need wait for the lease to end."""
        statement = update(t.carga).where(*_OF_TURNO)
        of_turno = {"of_id": turno.carga.id, "of_llave": turno.llave}
        self._write(lambda tx: tx.execute(statement.values(tomada_hasta_utc=_now(tx)), of_turno))

    def reject(self, rechazada: CargaGuardada) -> CargaGuardada:
        """Remember a file that was refused whole."""
        return self._write(lambda connection: _add(connection, rechazada, turno=None, tomada_hasta_utc=None))

    def informadas(self, codigo_empresa: str) -> Iterator[ClaveFactura]:
        """Give what is PENDIENTE and a file told of, some at a time."""
        after = ("", "")
        while True:
            values = {"of_codigo_empresa": codigo_empresa, "after_cliente": after[0], "after_factura": after[1]}
            with answering(), self._base.reads.connect() as connection:
                page = connection.execute(_INFORMADAS, values).all()
            for id_cliente, id_factura in page:
                yield ClaveFactura(codigo_empresa=codigo_empresa, id_cliente=id_cliente, id_factura=id_factura)
            if len(page) < PAGE:
                return
            after = (page[-1].id_cliente, page[-1].id_factura)

    def cargas(self, codigo_empresa: str | None, limit: int) -> Sequence[CargaGuardada]:
        """Give cargas, the newest first."""
        wanted = [] if codigo_empresa is None else [_c.codigo_empresa == codigo_empresa]
        with answering(), self._base.reads.connect() as connection:
            return [_read(row) for row in connection.execute(_LIST.where(*wanted), {"of_limit": limit})]

    def carga(self, id_carga: int) -> CargaGuardada | None:
        """Give one."""
        with answering(), self._base.reads.connect() as connection:
            row = connection.execute(_ONE, {"of_id": id_carga}).first()
            return _read(row) if row else None

    def _write(self, work: Callable[[Connection], T]) -> T:
        """Run the work in one transaction, durable when it returns; where another was first, it runs again."""
        for _ in range(ATTEMPTS):
            try:
                with answering(), ledger_open(), self._base.turn(), self._base.avisos.begin() as connection:
                    return work(connection)
            except Collision as collision:
                last: Exception = collision
            except DBAPIError as error:
                if not collides(error):
                    raise
                last = error
        raise Unavailable(f"otras transacciones se adelantaron {ATTEMPTS} veces seguidas; no se guardó nada") from last


def _find(connection: Connection, codigo_empresa: str, sha256: str, modo: Modo) -> CargaGuardada | None:
    values = {"of_codigo_empresa": codigo_empresa, "of_sha256": sha256, "of_modo": modo}
    row = connection.execute(_COMPLETA, values).first()
    return _read(row) if row else None


def _advance(connection: Connection, turno: Turno, *, hasta_linea: int | None = None, **counts: int) -> None:
    more = {f"more_{name}": counts.get(name, 0) for name in _COUNTS}
    _do(connection, _ADVANCE, turno, to_linea=hasta_linea, until=_now(connection) + LEASE, **more)


def _do(connection: Connection, statement: Any, turno: Turno, **values: object) -> None:
    of_turno = {"of_id": turno.carga.id, "of_llave": turno.llave}
    if connection.execute(statement, of_turno | values).rowcount != 1:
        raise TurnoPerdido


def _add(connection: Connection, carga: CargaGuardada, **turno: object) -> CargaGuardada:
    values = {name: getattr(carga, name) for name in _NAMES if name != "id"}
    id_carga = connection.execute(insert(t.carga).returning(_c.id), values | turno).scalar_one()
    return replace(carga, id=id_carga)


def _change(carga: CargaGuardada) -> Update:
    return update(t.carga).where(_c.id == carga.id)


def _same(cortada: CargaGuardada, nueva: CargaGuardada) -> bool:
    """Tell whether it is the same file, loaded the same way."""
    return (cortada.sha256, cortada.modo, cortada.parcial) == (nueva.sha256, nueva.modo, nueva.parcial)


def _read(row: Any) -> CargaGuardada:
    said = {name: getattr(row, name) for name in _NAMES}
    return CargaGuardada(**said | {"modo": Modo(said["modo"]), "estado": EstadoCarga(said["estado"])})


def _now(connection: Connection) -> datetime:
    """Give the instant by the clock that all who load share."""
    if connection.dialect.name == "postgresql":
        now: datetime = connection.execute(_CLOCK).scalar_one()
        return now.astimezone(UTC)
    return datetime.now(UTC)
