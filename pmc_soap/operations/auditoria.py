"""What is asked of the acts that are written down: who did what, when, and what changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pmc_soap.domain.acta import Accion, Acta
from pmc_soap.domain.valor import value


@value
class FiltroDeActas:
    """Which acts; what is not said admits all. before_id: only those written before that one."""

    operador: str | None = None
    accion: Accion | None = None
    codigo_empresa: str | None = None
    id_aviso: str | None = None
    since_utc: datetime | None = None
    until_utc: datetime | None = None
    before_id: int | None = None


@value
class ActaEscrita:
    """An act and its number."""

    id: int
    acta: Acta


class Auditoria(Protocol):
    """The acts."""

    def list(self, filtro: FiltroDeActas, limit: int) -> Sequence[ActaEscrita]:
        """Give the newest acts, the newest first."""
