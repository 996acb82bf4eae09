"""A batch of facturas becomes the base, by few statements: sqlite3 repeats one in C, psycopg in a pipeline.

It is alone among the transactions of its clientes, so no pago meets half of it; the upsert changes no factura that is
not PENDIENTE, but for one that an earlier file retired only by not naming it: that one is owed again. One whose pago
came first (an empresa sin base) enters as PAGADA.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import Insert, insert  # SQLite speaks the same ON CONFLICT, and compiles it as well

from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura, Origen
from pmc_soap.operations.ports import Collision, Loaded
from pmc_soap.storage import tables as t
from pmc_soap.storage.alone import be_alone
from pmc_soap.storage.rows import write_cliente, write_factura

CHUNK = 500  # facturas in one statement; SQLite takes at most 32,766 values in one

_f, _c = t.factura.c, t.cliente.c
_CLAVE = (_f.codigo_empresa, _f.id_cliente, _f.id_factura)
_SAID = [c.name for c in _f if c.name not in {"id", "creada_utc", "estado", "origen", *(c.name for c in _CLAVE)}]
_PENDIENTE = _f.estado == EstadoFactura.PENDIENTE.value
# for no other reason than that a file did not name it
_RETIRADA = and_(_f.estado == EstadoFactura.BAJA.value, _f.retirada_por.is_not(None))


def _in_claves(dialect: str) -> ColumnElement[bool]:
    """Say that a factura is one of many, so that each is found by its index: neither database does so for a long IN."""
    if dialect == "sqlite":
        each = func.json_each(bindparam("claves")).table_valued("value")
        claves = select(*(func.json_extract(each.c.value, f"$[{n}]") for n in range(len(_CLAVE))))
    else:
        claves = select(*(func.unnest(bindparam(f"each_{c.name}", type_=ARRAY(String))) for c in _CLAVE))
    return tuple_(*_CLAVE).in_(claves)


_DIALECTS = ("sqlite", "postgresql")
_KNOWN = {
    dialect: select(*_CLAVE, _f.estado, _f.contenido, _f.origen, _f.carga, _f.retirada_por)
    .where(_in_claves(dialect))
    .order_by(*_CLAVE)
    .with_for_update(of=t.factura, key_share=True)
    for dialect in _DIALECTS
}
_REPLACE = {
    dialect: update(t.factura).where(_in_claves(dialect), _PENDIENTE).values(estado=EstadoFactura.REEMPLAZADA.value)
    for dialect in _DIALECTS
}
# What a file names is of the files from then on, also where it says nothing new.
_ADOPT = {
    dialect: update(t.factura)
    .where(_in_claves(dialect), _PENDIENTE, _f.carga.is_(None))
    .values(carga=bindparam("of_carga"))
    for dialect in _DIALECTS
}
_RETIRE = {
    dialect: update(t.factura)
    .where(_in_claves(dialect), _PENDIENTE, _f.carga.is_not(None))
    .values(estado=EstadoFactura.BAJA.value, motivo_baja=None, retirada_por=bindparam("of_retirada_por"))
    .execution_options(preserve_rowcount=True)
    for dialect in _DIALECTS
}


def _upsert_cliente() -> Insert:
    statement = insert(t.cliente)
    nombre = func.coalesce(statement.excluded.nombre, _c.nombre)
    cuit = func.coalesce(statement.excluded.cuit, _c.cuit)
    return statement.on_conflict_do_update(
        index_elements=[_c.codigo_empresa, _c.id_cliente],
        set_={"nombre": nombre, "cuit": cuit},
        where=or_(_c.nombre.is_distinct_from(nombre), _c.cuit.is_distinct_from(cuit)),
    )


def _upsert_factura() -> Insert:
    statement = insert(t.factura)
    return statement.on_conflict_do_update(
        index_elements=_CLAVE,
        # what the empresa reported stays reported, also when its own system tells of it
        set_={name: statement.excluded[name] for name in _SAID}
        | {
            "origen": case((_f.origen == Origen.BASE.value, _f.origen), else_=statement.excluded.origen),
            "carga": func.coalesce(statement.excluded.carga, _f.carga),
            "estado": EstadoFactura.PENDIENTE.value,
        },
        where=or_(_PENDIENTE, _RETIRADA),
    )


_UPSERT_CLIENTE = _upsert_cliente()
_UPSERT_FACTURA = _upsert_factura().execution_options(preserve_rowcount=True)
_ALREADY_PAID = {
    dialect: update(t.factura)
    .where(
        _in_claves(dialect),
        _PENDIENTE,
        exists().where(*(t.pago.c[c.name] == c for c in _CLAVE), t.pago.c.estado == EstadoPago.APLICADO.value),
    )
    .values(estado=EstadoFactura.PAGADA.value)
    for dialect in _DIALECTS
}


def load(
    connection: Connection, facturas: Sequence[tuple[Factura, str]], carga: str | None, at_utc: datetime
) -> Loaded:
    """Add the new, replace the changed that are PENDIENTE, and retire those that moved to a new id de cliente."""
    be_alone(connection, ((factura.clave.codigo_empresa, factura.clave.id_cliente) for factura, _ in facturas))
    batch = {factura.clave for factura, _ in facturas}
    ordered = sorted(facturas, key=lambda each: _key(each[0].clave))  # one order of locks: no two loads deadlock
    loaded = Loaded()
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        fates = _fates(connection, chunk)
        told = [each for each, fate in zip(chunk, fates, strict=True) if fate in {"nuevas", "cambiadas"}]
        _write(connection, told, carga, at_utc)
        _move_away(connection, {_anterior(factura) for factura, _ in told} - batch)
        if carga is not None:
            same = [_key(factura.clave) for (factura, _), fate in zip(chunk, fates, strict=True) if fate == "iguales"]
            _execute(connection, _ADOPT, same, of_carga=carga)
        loaded += Loaded(**Counter(fates))
    return loaded


def retire(connection: Connection, claves: Sequence[ClaveFactura], id_carga: int) -> int:
    """Take out of PMC what a file was to name and did not; a factura that is not PENDIENTE by now stays as it is."""
    be_alone(connection, ((clave.codigo_empresa, clave.id_cliente) for clave in claves))
    ordered = sorted(_key(clave) for clave in claves)
    chunks = [ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK)]
    return sum(_execute(connection, _RETIRE, chunk, of_retirada_por=id_carga) for chunk in chunks)


def know_clientes(connection: Connection, facturas: Iterable[Factura]) -> None:
    """Make the clientes of the facturas known; a name or CUIT they tell is the newest, one they do not tell stays."""
    clientes: dict[tuple[str, str], dict[str, str | None]] = {}
    for factura in facturas:
        told = write_cliente(factura)
        known = clientes.setdefault((factura.clave.codigo_empresa, factura.clave.id_cliente), told)
        known.update((name, value) for name, value in told.items() if value is not None)
    connection.execute(_UPSERT_CLIENTE, [clientes[key] for key in sorted(clientes)])


def _fates(connection: Connection, facturas: Sequence[tuple[Factura, str]]) -> list[str]:
    """Name, for each factura, the count of Loaded that it goes to."""
    anteriores = {_key(clave) for factura, _ in facturas if (clave := _anterior(factura)) is not None}
    claves = sorted({_key(factura.clave) for factura, _ in facturas} | anteriores)
    found = {tuple(row[:3]): row for row in _ask(connection, _KNOWN, claves)}

    def fate(factura: Factura, contenido: str) -> str:
        known, anterior = found.get(_key(factura.clave)), _anterior(factura)
        if known is None:
            old = found.get(_key(anterior)) if anterior is not None else None
            paid = old is not None and old.estado == EstadoFactura.PAGADA
            return "intocables" if paid else "nuevas"  # the same debt, paid under its old id
        if known.estado != EstadoFactura.PENDIENTE:
            retirada = known.estado == EstadoFactura.BAJA and known.retirada_por is not None
            return "cambiadas" if retirada else "intocables"
        # what only its own system told of is written also when it is equal: to report it, or to say how fresh it is
        same = known.contenido == contenido and known.origen == Origen.BASE
        return "iguales" if same else "cambiadas"

    return [fate(factura, contenido) for factura, contenido in facturas]


def _write(connection: Connection, told: Sequence[tuple[Factura, str]], carga: str | None, at_utc: datetime) -> None:
    if not told:
        return
    know_clientes(connection, [factura for factura, _ in told])
    values = [write_factura(factura, contenido, at_utc) | {"carga": carga} for factura, contenido in told]
    if connection.execute(_UPSERT_FACTURA, values).rowcount != len(values):
        raise Collision
    _execute(connection, _ALREADY_PAID, [_key(factura.clave) for factura, _ in told])


def _anterior(factura: Factura) -> ClaveFactura | None:
    """Name the factura under its old id de cliente, where it moved to a new one."""
    old = factura.referencia_anterior
    return replace(factura.clave, id_cliente=old) if old and old != factura.clave.id_cliente else None


def _move_away(connection: Connection, anteriores: Iterable[ClaveFactura | None]) -> None:
    """Take what moved out of PMC: only what was written moves anything, so the same file again changes nothing."""
    _execute(connection, _REPLACE, sorted(_key(clave) for clave in anteriores if clave is not None))


def _execute(
    connection: Connection,
    statements: Mapping[str, Executable],
    claves: Sequence[tuple[str, str, str]],
    **values: str | int,
) -> int:
    """Do it to these claves, and tell to how many it was done."""
    return _ask(connection, statements, claves, **values).rowcount if claves else 0


def _ask(
    connection: Connection,
    statements: Mapping[str, Executable],
    claves: Sequence[tuple[str, str, str]],
    **values: str | int,
) -> CursorResult[Any]:
    dialect = connection.dialect.name
    if dialect == "sqlite":
        return connection.execute(statements[dialect], {"claves": json.dumps(claves), **values})
    columns = zip(*claves, strict=True)
    each = {f"each_{c.name}": list(column) for c, column in zip(_CLAVE, columns, strict=True)}
    return connection.execute(statements[dialect], each | values)


def _key(clave: ClaveFactura) -> tuple[str, str, str]:
    return clave.codigo_empresa, clave.id_cliente, clave.id_factura
