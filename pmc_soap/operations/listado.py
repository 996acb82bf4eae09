"""What a page lists of pagos and facturas: some at a time, the newest first; of pagos, what all of them come to."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.domain.cob import Suma
from pmc_soap.domain.factura import EstadoFactura, Factura
from pmc_soap.domain.valor import value
from pmc_soap.operations.informes import PagoInformado


@value
class FiltroDePagos:
    """Which pagos. The days are those of the payment. before: only those that came before that secuencia."""

    codigos: tuple[str, ...]
    desde: date
    hasta: date
    estado: EstadoPago | None = None
    id_cliente: str | None = None
    id_factura: str | None = None
    before: int | None = None

    def admits(self, pago: PagoInformado) -> bool:
        """Tell whether a pago of those days is meant: for who reads all of them anyway."""
        return (
            self.estado in {None, pago.estado}
            and self.id_cliente in {None, pago.id_cliente}
            and self.id_factura in {None, pago.id_factura}
        )


@value
class FiltroDeFacturas:
    """Which facturas; what is not said admits all. The days are of the first due date. before: only older numbers."""

    codigos: tuple[str, ...]
    id_cliente: str | None = None
    id_factura: str | None = None
    codigo_barras: str | None = None
    estado: EstadoFactura | None = None
    vence_desde: date | None = None
    vence_hasta: date | None = None
    before: int | None = None


class Listado(Protocol):
    """The pagos and the facturas, for a page."""

    def facturas(self, filtro: FiltroDeFacturas, limit: int) -> Sequence[tuple[int, Factura]]:
        """Give facturas with their numbers, the newest first."""

    def pagos(self, filtro: FiltroDePagos, limit: int) -> Sequence[tuple[int, PagoInformado]]:
        """Give pagos with their secuencia, the newest first."""

    def sumas(self, filtro: FiltroDePagos) -> Mapping[tuple[EstadoPago, str], Suma]:
        """Give what all of them come to, by estado and moneda."""
