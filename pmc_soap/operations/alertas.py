"""The notices that were left for a person: those that wait, and that somebody has dealt with one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pmc_soap.domain.acta import Acta
from pmc_soap.domain.valor import value


@value
class Alerta:
    """One notice. motivo may carry a detail after a colon."""

    id: int
    codigo_empresa: str
    motivo: str
    id_aviso: str | None
    fecha_hora_utc: datetime
    atendida_utc: datetime | None = None
    atendida_por: str | None = None


class Alertas(Protocol):
    """The notices."""

    def list(
        self,
        codigos: Sequence[str],
        limit: int,
        *,
        todas: bool = False,
        motivo: str | None = None,
        before_id: int | None = None,
    ) -> Sequence[Alerta]:
        """Give those that wait, or all, the newest first; those of no empresa too. motivo: its first word."""

    def attend(self, ids: Sequence[int], acta: Acta) -> int:
        """Note that somebody dealt with these, and tell how many waited."""
