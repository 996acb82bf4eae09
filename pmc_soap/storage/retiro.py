"""The line that the empresas come for: read in the order of its numbers, which it is given when they come."""

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping, bindparam, case, select

from pmc_soap.domain.aviso import TipoAviso
from pmc_soap.domain.empresa import PULL
from pmc_soap.domain.entrega import EstadoEntrega
from pmc_soap.operations.avisos import Pedido, Retirado
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import answering
from pmc_soap.storage.engine import Base
from pmc_soap.storage.lineas import give_numbers, lock_numbers
from pmc_soap.storage.rows import read_aviso

NUMBERED_MAX = 2_000  # in one transaction: the first time that an empresa comes, years may wait for it

_e, _a, _p = t.entrega.c, t.aviso.c, t.pago.c
_of_pago = t.aviso.alias("of_pago")
_THE_PAGO = case((_a.tipo == TipoAviso.REVERSA.value, _a.original), else_=_a.id_aviso)
_OF_EMPRESA = (_e.codigo_empresa == bindparam("codigo_empresa"), _e.destino == PULL)
_WAITS = _e.estado == EstadoEntrega.PENDIENTE.value
_NUMBERED = (
    select(
        t.aviso,
        _e.numero,
        _p.id_cliente.label("to_id_cliente"),
        _p.id_factura.label("to_id_factura"),
        _of_pago.c.moneda.label("of_moneda"),
    )
    .join_from(t.entrega, t.aviso, _a.id_aviso == _e.id_aviso)
    .join(t.pago, _p.id_aviso == _THE_PAGO)
    .join(_of_pago, _of_pago.c.id_aviso == _p.id_aviso)
    .where(*_OF_EMPRESA, _e.numero > bindparam("desde"))
    .order_by(_e.numero)
    .limit(bindparam("of_limit"))
)
_SELECT = {True: _NUMBERED.where(_WAITS), False: _NUMBERED.where(_e.estado != EstadoEntrega.DETENIDA.value)}
_NUMBERLESS = select(_e.id).where(*_OF_EMPRESA, _e.numero.is_(None)).order_by(_e.id).limit(bindparam("of_limit"))
_CLIENTES = select(_e.id_aviso, _e.id_cliente).where(
    _e.id_aviso.in_(bindparam("of_ids_aviso", expanding=True)), *_OF_EMPRESA
)


class SqlRetiro:
    """The line, in a database."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def numbered(self, pedido: Pedido, limit: int) -> Sequence[Retirado]:
        """Give what has a secuencia, in order."""
        values = {"codigo_empresa": pedido.codigo_empresa, "desde": pedido.desde, "of_limit": limit}
        with answering(), self._base.reads.connect() as connection:
            rows = connection.execute(_SELECT[pedido.solo_pendientes], values).mappings()
            return [_read(row) for row in rows]

    def number(self, codigo_empresa: str) -> bool:
        """Give a secuencia to what has none and is committed, in its order; tell whether there was any."""
        line = {"codigo_empresa": codigo_empresa}
        with answering(), self._base.reads.connect() as connection:
            if connection.execute(_NUMBERLESS, line | {"of_limit": 1}).first() is None:
                return False
        with answering(), ledger_open(), self._base.turn(), self._base.avisos.begin() as connection:
            lock_numbers(connection, codigo_empresa)
            ids = connection.execute(_NUMBERLESS, line | {"of_limit": NUMBERED_MAX}).scalars().all()
            give_numbers(connection, codigo_empresa, ids)
        return True

    def clientes(self, codigo_empresa: str, ids_aviso: Sequence[str]) -> Mapping[str, str]:
        """Tell whose avisos these are: id_aviso → id_cliente, for those that the empresa comes for."""
        values = {"codigo_empresa": codigo_empresa, "of_ids_aviso": ids_aviso}
        with answering(), self._base.reads.connect() as connection:
            return {row.id_aviso: row.id_cliente for row in connection.execute(_CLIENTES, values)}


def _read(row: RowMapping) -> Retirado:
    return Retirado(
        secuencia=row["numero"],
        guardado=read_aviso(row),
        id_cliente=row["to_id_cliente"],
        id_factura=row["to_id_factura"],
        moneda=row["of_moneda"],
    )
