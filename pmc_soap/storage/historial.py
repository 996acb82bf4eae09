"""The Historial port: what a person asks about one pago, at his pace. It changes nothing; each look-up has an index."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, RowMapping, Select, String, bindparam, select, union_all

from pmc_soap.domain.aviso import AvisoPago, TipoAviso, identidad_of
from pmc_soap.domain.expediente import Expediente
from pmc_soap.domain.factura import ClaveFactura
from pmc_soap.domain.facturable import TOLERANCIA, VENTANA, ConsultaHecha
from pmc_soap.operations.historial import CASOS_MAX, Caso, Vista
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import expediente
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import answering
from pmc_soap.storage.consultado import read_consultas
from pmc_soap.storage.engine import Base
from pmc_soap.storage.rows import Values, read_aviso, read_aviso_and_pago

_a, _p, _f, _c = t.aviso.c, t.pago.c, t.factura.c, t.consulta.c
_CODIGOS = bindparam("codigos", type_=String, expanding=True)
_CASO = select(
    t.aviso,
    _p.estado.label("estado_pago"),
    _p.id_cliente.label("id_cliente_pago"),
    _p.id_factura.label("id_factura_pago"),
).join_from(t.aviso, t.pago, _p.id_aviso == _a.id_aviso, isouter=True)
_NEWEST = _CASO.order_by(_a.secuencia.desc())
_BY_ID = _CASO.where(_a.id_aviso == bindparam("id_aviso"))
_BY_IDENTIDAD = _NEWEST.where(_a.codigo_empresa.in_(_CODIGOS), _a.identidad == bindparam("identidad"))
_BY_ORIGINAL = _CASO.where(_a.original == bindparam("id_aviso")).order_by(_a.secuencia)
# what was told of a cliente, and what an operator assigned to him
_TOLD = select(_a.id_aviso).where(_a.codigo_empresa.in_(_CODIGOS), _a.id_cliente == bindparam("id_cliente"))
_ASSIGNED = select(_p.id_aviso).where(_p.codigo_empresa.in_(_CODIGOS), _p.id_cliente == bindparam("id_cliente"))
_BY_CLIENTE = _NEWEST.where(_a.id_aviso.in_(union_all(_TOLD, _ASSIGNED))).limit(bindparam("limit"))
_OF_FACTURA = bindparam("id_factura", type_=String)
_BY_CLAVE = _NEWEST.where(
    _a.id_aviso.in_(union_all(_TOLD.where(_a.id_factura == _OF_FACTURA), _ASSIGNED.where(_p.id_factura == _OF_FACTURA)))
).limit(CASOS_MAX)
_CLAVES = (
    select(_f.codigo_empresa, _f.id_cliente, _f.id_factura)
    .where(_f.codigo_empresa.in_(_CODIGOS), _f.id_factura == bindparam("id_factura"))
    .order_by(_f.id.desc())
    .limit(CASOS_MAX)
)
_THE_CONSULTA = (_c.codigo_empresa.in_(_CODIGOS)) & (_c.id_consulta == bindparam("id_consulta"))


class SqlHistorial:
    """All that is written down about pagos, in a database."""

    def __init__(self, base: Base) -> None:
        self._base = base

    @contextmanager
    def look(self) -> Iterator[Vista]:
        """Open one moment's view."""
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            yield SqlVista(connection)


class SqlVista:
    """One moment's view, over an open connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_id_aviso(self, id_aviso: str) -> Caso | None:
        """Find an aviso."""
        return next(iter(self._casos(_BY_ID, {"id_aviso": id_aviso})), None)

    def by_id_transaccion(self, codigos: Sequence[str], id_transaccion: str) -> Sequence[Caso]:
        """Find the pago and the reversa that have that IdTransaccion."""
        return self._casos(_BY_IDENTIDAD, {"codigos": codigos, "identidad": identidad_of(id_transaccion)})

    def by_clave(self, clave: ClaveFactura) -> Sequence[Caso]:
        """Find what was told of a factura, and what an operator assigned to it."""
        values = {"codigos": [clave.codigo_empresa], "id_cliente": clave.id_cliente, "id_factura": clave.id_factura}
        return self._casos(_BY_CLAVE, values)

    def by_cliente(self, codigos: Sequence[str], id_cliente: str, limit: int) -> Sequence[Caso]:
        """Find what was told of a cliente, and what an operator assigned to him."""
        return self._casos(_BY_CLIENTE, {"codigos": codigos, "id_cliente": id_cliente, "limit": limit})

    def by_consulta(self, consulta: ConsultaHecha) -> Sequence[Caso]:
        """Find the pagos that quote a consulta; if none does, those of what it showed, within its 24 hours."""
        casos = [
            caso
            for id_cliente in sorted(consulta.clientes)
            for caso in self.by_cliente([consulta.codigo_empresa], id_cliente, CASOS_MAX)
        ]
        quoting = [caso for caso in casos if _quotes(caso, consulta)]
        return quoting or [caso for caso in casos if _follows(caso, consulta)]

    def consulta(self, codigos: Sequence[str], id_consulta: str) -> ConsultaHecha | None:
        """Find a consulta."""
        found = read_consultas(self._connection, _THE_CONSULTA, {"codigos": codigos, "id_consulta": id_consulta})
        return found[0] if found else None

    def claves(self, codigos: Sequence[str], id_factura: str) -> Sequence[ClaveFactura]:
        """Name the facturas that were reported under that id."""
        rows = self._connection.execute(_CLAVES, {"codigos": codigos, "id_factura": id_factura}).mappings()
        return [ClaveFactura(**row) for row in rows]

    def met(self, id_aviso: str) -> Caso | None:
        """Find the pago that came after that reversa of it."""
        casos = self._casos(_BY_ORIGINAL, {"id_aviso": id_aviso})
        return next((caso for caso in casos if caso.guardado.aviso.tipo is TipoAviso.PAGO), None)

    def expediente(self, caso: Caso) -> Expediente:
        """Gather all about a pago, or about a reversa that met none."""
        related = [related.guardado for related in self._casos(_BY_ORIGINAL, {"id_aviso": caso.guardado.id_aviso})]
        before = self.by_id_aviso(caso.guardado.original) if caso.guardado.original else None
        if before is not None:
            related.append(before.guardado)
        return expediente.gather(self._connection, caso, related)

    def expediente_of(self, clave: ClaveFactura) -> Expediente:
        """Gather what is known of a factura that nobody paid."""
        return expediente.gather_unpaid(self._connection, clave)

    def _casos(self, statement: Select[tuple[object, ...]], values: Values) -> list[Caso]:
        return [_read_caso(row) for row in self._connection.execute(statement, values).mappings()]


def _read_caso(row: RowMapping) -> Caso:
    if row["estado_pago"] is None:
        return Caso(guardado=read_aviso(row))
    guardado, pago = read_aviso_and_pago(row)
    return Caso(guardado=guardado, pago=pago)


def _quotes(caso: Caso, consulta: ConsultaHecha) -> bool:
    aviso = caso.guardado.aviso
    return isinstance(aviso, AvisoPago) and aviso.id_consulta == consulta.id_consulta


def _follows(caso: Caso, consulta: ConsultaHecha) -> bool:
    aviso = caso.guardado.aviso
    if not isinstance(aviso, AvisoPago) or not consulta.led_to(aviso.id_cliente, aviso.id_factura):
        return False
    return -TOLERANCIA <= aviso.momento_utc - consulta.fecha_hora_utc <= VENTANA
