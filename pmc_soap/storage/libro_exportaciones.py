"""The LibroDeExportaciones port: the files made for PMC, and what each told it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, bindparam, delete, exists, func, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import (
    insert as upsert,  # SQLite speaks the same ON CONFLICT, and compiles it as well
)
from sqlalchemy.exc import DBAPIError

from pmc_soap.domain.exportacion import ARCHIVOS_MAX, EstadoExportacion, Exportacion
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura, Origen
from pmc_soap.operations.libro_exportaciones import SinNumero
from pmc_soap.operations.ports import Unavailable
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import answering, collides
from pmc_soap.storage.engine import Base
from pmc_soap.storage.rows import READ_OF_FACTURA, read_factura, write_clave

T = TypeVar("T")

ATTEMPTS = 5
PAGE = 1_000  # facturas read at once

_x, _e, _f, _c = t.exportacion.c, t.exportada.c, t.factura.c, t.cliente.c
_NAMES = [f.name for f in fields(Exportacion)]
_SELECT = select(*(_x[name] for name in _NAMES))
_TOLD = (
    exists()
    .where(
        _e.codigo_empresa == _f.codigo_empresa,
        _e.id_cliente == _f.id_cliente,
        _e.id_factura == _f.id_factura,
        _e.contenido == _f.contenido,
        _x.id == _e.id_exportacion,
        _x.estado == EstadoExportacion.GENERADA.value,
    )
    .correlate(t.factura)
)


def _payable(*wanted: Any) -> Select[Any]:
    return (
        select(*(_f[name] for name in READ_OF_FACTURA), _f.contenido, _c.nombre, _c.cuit)
        .join_from(t.factura, t.cliente)
        .where(
            _f.codigo_empresa == bindparam("of_codigo_empresa"),
            tuple_(_f.id_cliente, _f.id_factura) > tuple_(bindparam("after_cliente"), bindparam("after_factura")),
            _f.estado == EstadoFactura.PENDIENTE.value,
            _f.origen == Origen.BASE.value,
            _f.ultimo_vencimiento >= bindparam("of_day"),
            *wanted,
        )
        .order_by(_f.id_cliente, _f.id_factura)
        .limit(PAGE)
    )


_PAYABLE = {False: _payable(), True: _payable(~_TOLD)}
_LAST = select(func.max(_x.numero)).where(
    _x.codigo_archivo == bindparam("of_codigo_archivo"), _x.fecha == bindparam("of_fecha")
)
_MARK = upsert(t.exportada)
_MARK = _MARK.on_conflict_do_update(
    index_elements=[_e.codigo_empresa, _e.id_cliente, _e.id_factura],
    set_={"contenido": _MARK.excluded.contenido, "id_exportacion": _MARK.excluded.id_exportacion},
)


class SqlLibroDeExportaciones:
    """What is remembered of the files made for PMC, in a database."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def payable(self, codigo_empresa: str, day: date, *, novedades: bool) -> Iterator[tuple[Factura, str]]:
        """Give what was reported and can still be paid that day, with its contenido, some at a time."""
        after = ("", "")
        while True:
            values = {"of_codigo_empresa": codigo_empresa, "of_day": day}
            values |= {"after_cliente": after[0], "after_factura": after[1]}
            with answering(), self._base.reads.connect() as connection:
                page = connection.execute(_PAYABLE[novedades], values).mappings().all()
            for row in page:
                yield read_factura(row), row["contenido"]
            if len(page) < PAGE:
                return
            after = (page[-1]["id_cliente"], page[-1]["id_factura"])

    def begin(self, nueva: Exportacion, occupied: Collection[int]) -> Exportacion:
        """Enter a file under the day's next number, past those that are occupied; raises SinNumero."""

        def begin(connection: Connection) -> Exportacion:
            values = {"of_codigo_archivo": nueva.codigo_archivo, "of_fecha": nueva.fecha}
            numero = max(connection.execute(_LAST, values).scalar() or 0, *occupied, 0) + 1
            if numero > ARCHIVOS_MAX:
                raise SinNumero
            said = {name: getattr(nueva, name) for name in _NAMES if name != "id"} | {"numero": numero}
            new = connection.execute(insert(t.exportacion).returning(_x.id), said).scalar_one()
            return replace(nueva, id=new, numero=numero)

        return self._write(begin)

    def mark(self, id_exportacion: int, told: Sequence[tuple[ClaveFactura, str]]) -> None:
        """Note what the file tells of facturas."""
        rows = [write_clave(clave) | {"contenido": said, "id_exportacion": id_exportacion} for clave, said in told]
        if rows:
            self._write(lambda connection: connection.execute(_MARK, rows))

    def finish(self, exportaciones: Sequence[Exportacion]) -> None:
        """Note that the files are there, as they are."""

        def finish(connection: Connection) -> None:
            for each in exportaciones:
                said = {name: getattr(each, name) for name in ("nombre", "sha256", "cantidad", "total_centavos")}
                done = update(t.exportacion).where(_x.id == each.id)
                connection.execute(done.values(**said, estado=EstadoExportacion.GENERADA))

        self._write(finish)

    def discard(self, ids: Sequence[int]) -> None:
        """Forget files that were begun and are not there."""

        def discard(connection: Connection) -> None:
            connection.execute(delete(t.exportada).where(_e.id_exportacion.in_(ids)))
            connection.execute(delete(t.exportacion).where(_x.id.in_(ids), _is(EstadoExportacion.EN_CURSO)))

        if ids:
            self._write(discard)

    def cut(self, codigo_archivo: str, day: date, before_utc: datetime) -> Sequence[Exportacion]:
        """Give those of the day that were begun before then and never finished."""
        ours = (_x.codigo_archivo == codigo_archivo, _x.fecha == day)
        return self._read(_SELECT.where(*ours, _is(EstadoExportacion.EN_CURSO), _x.generada_utc < before_utc))

    def find(self, nombre: str) -> Exportacion | None:
        """Give the file of that name, whatever its case."""
        found = self._read(_SELECT.where(func.upper(_x.nombre) == nombre.upper()).order_by(_x.id.desc()).limit(1))
        return found[0] if found else None

    def reject(self, id_exportacion: int, texto: str, at_utc: datetime) -> bool:
        """Note that PMC refused the file, with what it said; False if it was noted before."""
        refused = (
            update(t.exportacion)
            .where(_x.id == id_exportacion, ~_is(EstadoExportacion.RECHAZADA))
            .values(estado=EstadoExportacion.RECHAZADA, rechazada_utc=at_utc, rechazo=texto)
        )
        return self._write(lambda connection: connection.execute(refused).rowcount == 1)

    def exportaciones(self, codigo_empresa: str | None, limit: int) -> Sequence[Exportacion]:
        """Give files, the newest first."""
        wanted = [] if codigo_empresa is None else [_x.codigo_empresa == codigo_empresa]
        return self._read(_SELECT.where(*wanted).order_by(_x.id.desc()).limit(limit))

    def _read(self, statement: Select[Any]) -> Sequence[Exportacion]:
        with answering(), self._base.reads.connect() as connection:
            rows = connection.execute(statement).mappings().all()
        return [Exportacion(**{**row, "estado": EstadoExportacion(row["estado"])}) for row in rows]

    def _write(self, work: Callable[[Connection], T]) -> T:
        """Run the work in one transaction; where another was first, it runs again."""
        for _ in range(ATTEMPTS):
            try:
                with answering(), ledger_open(), self._base.turn(), self._base.avisos.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                if not collides(error):
                    raise
                last = error
        raise Unavailable(f"otras transacciones se adelantaron {ATTEMPTS} veces seguidas; no se guardó nada") from last


def _is(estado: EstadoExportacion) -> Any:
    return _x.estado == estado.value
