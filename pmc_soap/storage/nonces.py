"""The Nonces port: one row for each, whose key only one transaction can insert, on any machine."""

import logging
from datetime import datetime
from threading import Lock
from time import monotonic

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert  # SQLite speaks the same ON CONFLICT, and compiles it as well
from sqlalchemy.exc import SQLAlchemyError

from pmc_soap.operations.ports import Unavailable
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import answering
from pmc_soap.storage.engine import Base

log = logging.getLogger(__name__)

PURGE_EVERY_S = 60

_SPEND = insert(t.nonce).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
_PURGE = delete(t.nonce).where(t.nonce.c.hasta_utc < bindparam("now"))


class SqlNonces:
    """What may be used once, in a database. It is committed as a consulta's record is: a power cut may forget it."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._lock = Lock()
        self._purged = monotonic() - PURGE_EVERY_S

    def spend(self, huella: str, now_utc: datetime, until_utc: datetime) -> bool:
        """Remember it until then; False if it was spent before."""
        with answering(), ledger_open(), self._base.turn(), self._base.consultas.begin() as connection:
            first = connection.execute(_SPEND, {"huella": huella, "hasta_utc": until_utc}).rowcount == 1
        if first and self._is_time_to_purge():
            self._purge(now_utc)
        return first

    def _is_time_to_purge(self) -> bool:
        with self._lock:
            due = monotonic() - self._purged >= PURGE_EVERY_S
            if due:
                self._purged = monotonic()
            return due

    def _purge(self, now_utc: datetime) -> None:
        """Forget what is refused for its age by now; another process that does it too may be first."""
        try:
            with answering(), ledger_open(), self._base.turn(), self._base.consultas.begin() as connection:
                connection.execute(_PURGE, {"now": now_utc})
        except (SQLAlchemyError, Unavailable):
            log.exception("what was spent long ago could not be forgotten; it is tried again in a minute")
