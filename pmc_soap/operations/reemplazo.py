"""A file that is the whole base: what files told of before, and this one does not name, is not owed any more.

Only what is PENDIENTE and came by file is retired: what came by alta, or is known only to the empresa's own system, is
not for a file to take back; and what was paid meanwhile is not touched.
"""

from collections.abc import Iterator
from itertools import islice

from pmc_soap.domain.factura import ClaveFactura
from pmc_soap.domain.valor import value
from pmc_soap.operations.libro_cargas import LibroDeCargas, Turno
from pmc_soap.operations.vistas import Vistas

LOTE = 1_000


@value
class Retiro:
    """How many facturas are retired, of how many that files told of."""

    retiradas: int
    informadas: int

    def exceeds(self, porciento: int) -> bool:
        """Tell whether it is more than that share: then the file may be only a part of the base."""
        return self.retiradas * 100 > self.informadas * porciento


class Reemplazo:
    """What a file does to the facturas that it does not name."""

    def __init__(self, libro: LibroDeCargas, codigo_empresa: str, nombradas: Vistas, mudadas: Vistas) -> None:
        self._libro = libro
        self._codigo_empresa = codigo_empresa
        self._nombradas = nombradas
        self._mudadas = mudadas

    def foresee(self) -> Retiro:
        """Count what would be retired; what moves to a new id de cliente is not."""
        retiradas = informadas = 0
        for clave in self._libro.informadas(self._codigo_empresa):
            informadas += 1
            retiradas += not (self._nombradas.holds(clave) or self._mudadas.holds(clave))
        return Retiro(retiradas=retiradas, informadas=informadas)

    def retire(self, turno: Turno) -> int:
        """Retire what is not named, some at a time, and tell how many that were."""
        retiradas, left = 0, self._left_out()
        while some := list(islice(left, LOTE)):
            retiradas += self._libro.retire(turno, some)
        return retiradas

    def _left_out(self) -> Iterator[ClaveFactura]:
        return (clave for clave in self._libro.informadas(self._codigo_empresa) if not self._nombradas.holds(clave))
