"""The Listado port: the pagos that a page shows are found first, by their numbers, and only those are read whole."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from pmc_soap.domain.aviso import EstadoPago, TipoAviso
from pmc_soap.domain.cob import Suma
from pmc_soap.domain.factura import Factura
from pmc_soap.operations.informes import PagoInformado
from pmc_soap.operations.listado import FiltroDeFacturas, FiltroDePagos
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import answering
from pmc_soap.storage.engine import Base
from pmc_soap.storage.informes import EARLY, MOMENTO, PAGO, midnight, read_pago
from pmc_soap.storage.rows import READ_OF_FACTURA, read_factura

_a, _p, _f, _c = t.aviso.c, t.pago.c, t.factura.c, t.cliente.c
_FACTURAS = select(_f.id, *(_f[name] for name in READ_OF_FACTURA), _c.nombre, _c.cuit).join_from(t.factura, t.cliente)
_IS_OF_THESE = _a.secuencia.in_(bindparam("these", expanding=True))
_THESE = PAGO.add_columns(_a.secuencia).where(_IS_OF_THESE).order_by(_a.secuencia.desc())


class SqlListado:
    """Pagos and facturas, from a database."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def pagos(self, filtro: FiltroDePagos, limit: int) -> Sequence[tuple[int, PagoInformado]]:
        """Give pagos with their secuencia, the newest first."""
        which = select(_a.secuencia).join_from(t.aviso, t.pago, _p.id_aviso == _a.id_aviso).where(*_wanted(filtro))
        if filtro.before is not None:
            which = which.where(_a.secuencia < filtro.before)
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            these = connection.execute(which.order_by(_a.secuencia.desc()).limit(limit)).scalars().all()
            rows = connection.execute(_THESE, {"these": these}).mappings().all() if these else []
        return [(secuencia, read_pago(list(of_pago))) for secuencia, of_pago in groupby(rows, itemgetter("secuencia"))]

    def facturas(self, filtro: FiltroDeFacturas, limit: int) -> Sequence[tuple[int, Factura]]:
        """Give facturas with their numbers, the newest first."""
        said: list[tuple[Any, Any]] = [
            (_f.id_cliente, filtro.id_cliente),
            (_f.id_factura, filtro.id_factura),
            (_f.codigo_barras, filtro.codigo_barras),
            (_f.estado, filtro.estado),
        ]
        wanted: list[Any] = [column == value for column, value in said if value is not None]
        bounds = (
            filtro.vence_desde and _f.vto1_fecha >= filtro.vence_desde,
            filtro.vence_hasta and _f.vto1_fecha <= filtro.vence_hasta,
            filtro.before and _f.id < filtro.before,
        )
        wanted += [bound for bound in bounds if bound is not None]
        statement = _FACTURAS.where(_f.codigo_empresa.in_(filtro.codigos), *wanted).order_by(_f.id.desc()).limit(limit)
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            return [(row["id"], read_factura(row)) for row in connection.execute(statement).mappings()]

    def sumas(self, filtro: FiltroDePagos) -> Mapping[tuple[EstadoPago, str], Suma]:
        """Give what all of them come to, by estado and moneda."""
        statement = (
            select(_p.estado, _a.moneda, func.count(), func.sum(_p.importe_centavos))
            .join_from(t.aviso, t.pago, _p.id_aviso == _a.id_aviso)
            .where(*_wanted(filtro))
            .group_by(_p.estado, _a.moneda)
            .order_by(_p.estado, _a.moneda)
        )
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            return {
                (EstadoPago(estado), moneda): Suma(cantidad=count, centavos=int(centavos))
                for estado, moneda, count, centavos in connection.execute(statement)
            }


def _wanted(filtro: FiltroDePagos) -> list[ColumnElement[bool]]:
    since, until = midnight(filtro.desde), midnight(filtro.hasta + timedelta(days=1))
    wanted: list[Any] = [
        _a.codigo_empresa.in_(filtro.codigos),
        _a.tipo == TipoAviso.PAGO.value,
        _a.fecha_hora_utc >= since - EARLY,
        since <= MOMENTO,
        until > MOMENTO,
    ]
    for column, said in (
        (_p.estado, filtro.estado),
        (_p.id_cliente, filtro.id_cliente),
        (_p.id_factura, filtro.id_factura),
    ):
        if said is not None:
            wanted.append(column == said)
    return wanted
