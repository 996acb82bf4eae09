"""What the database's refusals mean: another transaction was first, or the ledger cannot answer now."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from pmc_soap.operations.ports import Unavailable

# 23505 unique, 40001 serialization, 40P01 deadlock: PostgreSQL, appendix A.
_SQLSTATES = frozenset({"23505", "40001", "40P01"})
_SQLITE_ERRORS = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})


def collides(error: DBAPIError) -> bool:
    """Tell whether the database refused because another transaction was first."""
    return (
        getattr(error.orig, "sqlstate", None) in _SQLSTATES
        or getattr(error.orig, "sqlite_errorname", None) in _SQLITE_ERRORS
    )


@contextmanager
def answering() -> Iterator[None]:
    """Say Unavailable where the database is gone, full, locked or slow; what collides the caller runs again."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        if isinstance(error, DBAPIError) and collides(error):
            raise
        raise Unavailable("la base de datos no responde") from error
