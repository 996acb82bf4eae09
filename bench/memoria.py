"""A ledger that is a few dicts: what the gateway itself costs, without a database under it.

Only what one network may do at once: facturas are asked for and paid. Nothing is ever forgotten but when it ends.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import mundo

from pmc_soap.domain.aviso import AvisoGuardado, EstadoPago, TipoAviso
from pmc_soap.domain.consulta import Busqueda, Consulta, Respuesta
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura, MotivoBaja
from pmc_soap.operations.ports import Collision


class MemoryLedger:
    """Facturas, avisos and pagos by their keys; threads may share it, since each step is one of a dict."""

    bandeja = mostrador = retiro = historial = consultado = nonces = None

    def __init__(self) -> None:
        self._owed = {id_cliente: mundo.owed(id_cliente) for id_cliente in mundo.FACTURAS}
        self._by_identidad: dict[tuple[str, TipoAviso, str], AvisoGuardado] = {}
        self._pagos: dict[ClaveFactura | str, str] = {}
        self._paid: set[ClaveFactura] = set()
        self.lines = 0

    @contextmanager
    def read(self) -> Iterator["MemoryLedger"]:
        """Open a view."""
        yield self

    def write(self, _codigo: str, _clientes: object, work: Callable[[Any], Any]) -> Any:
        """Do the work."""
        return work(self)

    def record_consulta(self, consulta: Consulta, respuesta: Respuesta, timeout_s: float) -> None:
        """Write nothing down."""

    def ready(self) -> bool:
        """Tell that it is."""
        return True

    def close(self) -> None:
        """Hold nothing."""

    def payable(
        self, busqueda: Busqueda, _day: date, limit: int, _learned_since: datetime | None = None
    ) -> Sequence[Factura]:
        """Give what the cliente owes."""
        return self._owed.get(busqueda.id_cliente or "", ())[:limit]

    def matching(self, busqueda: Busqueda, limit: int) -> Sequence[Factura]:
        """Give the same."""
        return self.payable(busqueda, mundo.DUE, limit)

    def factura(self, clave: ClaveFactura) -> Factura | None:
        """Give what an aviso names: all are there, until they are paid."""
        return None if clave in self._paid else mundo.payable(clave)

    def knows_cliente(self, _codigo_empresa: str, _id_cliente: str) -> bool:
        """Know everybody."""
        return True

    def aviso_by_identidad(self, codigo_empresa: str, tipo: TipoAviso, identidad: str) -> AvisoGuardado | None:
        """Give the aviso of that identity."""
        return self._by_identidad.get((codigo_empresa, tipo, identidad))

    def unmet(self, _codigo_empresa: str, _id_cliente: str, _since_utc: datetime) -> Sequence[AvisoGuardado]:
        """Give none: nobody sends a reversa here, and there is no COB."""
        return ()

    def pago_vivo(self, clave: ClaveFactura) -> str | None:
        """Give what has paid it."""
        return self._pagos.get(clave)

    def keep(self, guardado: AvisoGuardado) -> None:
        """Keep an aviso once."""
        key = (guardado.aviso.codigo_empresa, guardado.aviso.tipo, guardado.identidad)
        if self._by_identidad.setdefault(key, guardado) is not guardado:
            raise Collision

    def add_pago(self, id_aviso: str, clave: ClaveFactura | None, _estado: EstadoPago) -> None:
        """Open the money."""
        self._pagos[clave or id_aviso] = id_aviso

    def move_factura(
        self, clave: ClaveFactura, _before: EstadoFactura, _after: EstadoFactura, _motivo: MotivoBaja | None = None
    ) -> None:
        """Pay it."""
        self._paid.add(clave)

    def owe(self, _guardado: AvisoGuardado, destinos: Iterable[str], _at_utc: datetime) -> None:
        """Owe it."""
        self.lines += len(tuple(destinos))
