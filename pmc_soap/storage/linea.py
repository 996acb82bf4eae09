"""The line of a cliente at a destino: what is owed there, in the order of the commits. Only its first can be taken.

Every change of a line is alone on its cliente (be_alone; SQLite has one writer), so a line that holds anything has
exactly one first. An index refuses a second.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    literal_column,
    not_,
    select,
    text,
    update,
)

from pmc_soap.domain.aviso import AvisoGuardado
from pmc_soap.domain.empresa import PULL
from pmc_soap.domain.entrega import EstadoEntrega
from pmc_soap.storage import tables as t
from pmc_soap.storage.direct import Direct

CHANNEL = "pmc_entrega"
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)  # a first attempt waits for no clock, ours may be ahead of the database's

_e = t.entrega.c
_ahead = t.entrega.alias("ahead")
_line = (
    _ahead.c.codigo_empresa == bindparam("of_codigo_empresa"),
    _ahead.c.destino == bindparam("of_destino"),
    _ahead.c.id_cliente == bindparam("of_id_cliente"),
)
# SQLite takes a partial index only where its condition stands word for word; SQLAlchemy says `primera = 1`.
IS_FIRST: ColumnElement[bool] = literal_column("entrega.primera")
IS_OWED: ColumnElement[bool] = literal_column("entrega.estado <> 'ENTREGADA'")
_is_first: ColumnElement[bool] = literal_column("ahead.primera")
_COLUMNS = ("id_aviso", "codigo_empresa", "id_cliente", "destino", "proximo_intento_utc", "creada_utc")
_APPEND = insert(t.entrega).from_select(
    [*_COLUMNS, "estado", "intentos", "permanentes", "primera"],
    select(
        *(bindparam(f"of_{name}", type_=_e[name].type) for name in _COLUMNS),
        literal(EstadoEntrega.PENDIENTE.value),
        literal(0),
        literal(0),
        not_(exists().where(*_line, _is_first)),
    ),
)
_APPEND_AND_WAKE = _APPEND.returning(func.pg_notify(CHANNEL, ""))  # wake, in one breath
_waits = and_(_ahead.c.estado == EstadoEntrega.PENDIENTE.value, literal_column("ahead.estado <> 'ENTREGADA'"))
# in the order of its index, so that PostgreSQL goes there and not along the primary key
_NEXT = (
    select(_ahead.c.id)
    .where(*_line, _waits)
    .order_by(_ahead.c.codigo_empresa, _ahead.c.destino, _ahead.c.id_cliente, _ahead.c.id)
    .limit(1)
    .scalar_subquery()
)
_PROMOTE = update(t.entrega).where(_e.id == _NEXT, not_(exists().where(*_line, _is_first))).values(primera=True)
_NOTIFY = text(f"SELECT pg_notify('{CHANNEL}', '')")


def append(direct: Direct, guardado: AvisoGuardado, destinos: Iterable[str], at_utc: datetime) -> None:
    """Owe the aviso to each destino, after all that its cliente is owed there."""
    for destino in dict.fromkeys(destinos):
        owed = {
            "id_aviso": guardado.id_aviso,
            "codigo_empresa": guardado.aviso.codigo_empresa,
            "id_cliente": guardado.aviso.id_cliente,
            "destino": destino,
            "proximo_intento_utc": AT_ONCE,
            "creada_utc": at_utc,
        }
        wakes = destino != PULL and direct.dialect == "postgresql"
        direct.do(_APPEND_AND_WAKE if wakes else _APPEND, {f"of_{name}": value for name, value in owed.items()})


def promote(connection: Connection, codigo_empresa: str, destino: str, id_cliente: str) -> None:
    """Let the oldest that waits be the first of its line, unless the line has a first."""
    line = {"of_codigo_empresa": codigo_empresa, "of_destino": destino, "of_id_cliente": id_cliente}
    connection.execute(_PROMOTE, line)


def wake(connection: Connection) -> None:
    """Tell the deliverers, once this transaction commits, that there is something to bring; SQLite's look often."""
    if connection.dialect.name == "postgresql":
        connection.execute(_NOTIFY)
