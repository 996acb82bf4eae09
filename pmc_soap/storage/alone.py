"""A transaction alone among those of its clientes. SQLite has one writer at all; PostgreSQL locks each cliente.

Locks are taken in one order, so that two transactions never wait for each other.
"""

from collections.abc import Iterable
from hashlib import blake2b

from sqlalchemy import ARRAY, BigInteger, Connection, Engine, bindparam, func, select

_EACH = func.unnest(bindparam("locks", type_=ARRAY(BigInteger))).column_valued("lock")
_LOCK = select(func.count(func.pg_advisory_xact_lock(_EACH)))


def saying_alone(engine: Engine, clientes: Iterable[tuple[str, str]]) -> str:
    """Give the words by which a transaction is alone from its beginning, in one breath with it (direct.py)."""
    locks = ",".join(map(str, _locks(clientes)))
    if engine.dialect.name != "postgresql" or not locks:
        return ""
    return f"; SELECT count(pg_advisory_xact_lock(lock)) FROM unnest('{{{locks}}}'::bigint[]) AS lock"  # noqa: S608 — numbers


def be_alone(connection: Connection, clientes: Iterable[tuple[str, str]]) -> None:
    """Wait for the other transactions of these (codigo_empresa, id_cliente), and keep later ones waiting."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"locks": _locks(clientes)})


def _locks(clientes: Iterable[tuple[str, str]]) -> list[int]:
    return sorted({_lock(*cliente) for cliente in clientes})


def _lock(codigo_empresa: str, id_cliente: str) -> int:
    """Give the cliente's number among the 2**64 advisory locks; two that share one merely wait for each other."""
    name = f"{codigo_empresa}/{id_cliente}".encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), signed=True)
