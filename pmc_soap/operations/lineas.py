"""What one transaction can do with the lines of entregas: for an operator, and for the empresa that comes itself."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from pmc_soap.domain.acta import Acta
from pmc_soap.domain.entrega import Comprobante, Entrega

Lote = Mapping[str, Sequence[int]]
"""Some clientes, in the database's order: id_cliente → the ids of its entregas to one destino, oldest first."""


class Lineas(Protocol):
    """The lines of the clientes that the transaction is alone on."""

    def entregas(self, codigo_empresa: str, ids_aviso: Sequence[str], destino: str | None) -> Sequence[Entrega]:
        """Give what that empresa is owed of these avisos, at one destino or at all.

        No deliverer takes any of them until the transaction ends.
        """

    def entrega(self, id_entrega: int) -> Entrega:
        """Give one entrega as it stands now."""

    def first_of_line(self, entrega: Entrega) -> Entrega | None:
        """Give the one that goes first where this one stands in line."""

    def en_camino(self, entrega: Entrega) -> bool:
        """Tell whether a deliverer is bringing it at this moment; one that is gone does not count."""

    def apartadas(self, ids: Sequence[int]) -> Collection[int]:
        """Name those that an operator set aside and did not send again since; not those that stopped by themselves."""

    def owe_again(self, codigo_empresa: str, destino: str, lote: Lote, at_utc: datetime) -> int:
        """Owe these entregas once more, with nothing counted; give how many: what is on its way is left alone.

        Each line is in order again, but nobody overtakes what is on its way or was stopped. In the line that the
        empresa comes for they get new numbers, with all that waits behind them: who reads on from a number sees them.
        """

    def set_aside(self, entrega: Entrega, motivo: str) -> None:
        """Leave an entrega DETENIDA, out of its line, and let the next go."""

    def settle(self, entrega: Entrega, comprobante: Comprobante, at_utc: datetime) -> None:
        """Note what the empresa did with an entrega that it came for, and let the next go."""

    def audit(self, acta: Acta) -> None:
        """Append what an operator did."""
