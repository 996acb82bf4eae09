"""Nobody waits on the network with the ledger open: storage says when it is, and who is about to call out asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_open: ContextVar[bool] = ContextVar("ledger_open", default=False)


class LedgerAbierto(RuntimeError):
    """A bug: somebody would keep the ledger open for as long as a stranger's network takes."""


@contextmanager
def ledger_open() -> Iterator[None]:
    """Mark this thread as one that holds the ledger open."""
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


def require_closed() -> None:
    """Raise LedgerAbierto if this thread holds the ledger open."""
    if _open.get():
        raise LedgerAbierto("a connector is called with the ledger open")
