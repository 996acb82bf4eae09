"""What the story of a pago is read from, as protocols; storage/historial.py implements them."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from pmc_soap.domain.aviso import AvisoGuardado, Pago
from pmc_soap.domain.expediente import Expediente
from pmc_soap.domain.factura import ClaveFactura
from pmc_soap.domain.facturable import ConsultaHecha
from pmc_soap.domain.valor import value

CASOS_MAX = 50  # of one id, the newest; a person reads no more


@value
class Caso:
    """An aviso, and where its money stands if it moved any."""

    guardado: AvisoGuardado
    pago: Pago | None = None


class Vista(Protocol):
    """One moment's view of what is written down about pagos; lists are newest first."""

    def by_id_aviso(self, id_aviso: str) -> Caso | None:
        """Find an aviso."""

    def by_id_transaccion(self, codigos: Sequence[str], id_transaccion: str) -> Sequence[Caso]:
        """Find the pago and the reversa that have that IdTransaccion."""

    def by_clave(self, clave: ClaveFactura) -> Sequence[Caso]:
        """Find what was told of a factura, and what an operator assigned to it."""

    def by_cliente(self, codigos: Sequence[str], id_cliente: str, limit: int) -> Sequence[Caso]:
        """Find what was told of a cliente, and what an operator assigned to him."""

    def by_consulta(self, consulta: ConsultaHecha) -> Sequence[Caso]:
        """Find the pagos that quote a consulta; if none does, those of what it showed, within its 24 hours."""

    def consulta(self, codigos: Sequence[str], id_consulta: str) -> ConsultaHecha | None:
        """Find a consulta."""

    def claves(self, codigos: Sequence[str], id_factura: str) -> Sequence[ClaveFactura]:
        """Name the facturas that were reported under that id."""

    def met(self, id_aviso: str) -> Caso | None:
        """Find the pago that came after that reversa of it."""

    def expediente(self, caso: Caso) -> Expediente:
        """Gather all about a pago, or about a reversa that met none."""

    def expediente_of(self, clave: ClaveFactura) -> Expediente:
        """Gather what is known of a factura that nobody paid."""


class Historial(Protocol):
    """What is written down, for a person to look at."""

    def look(self) -> AbstractContextManager[Vista]:
        """Open one moment's view."""
