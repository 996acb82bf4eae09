"""The story of one factura: what the network tells of it, what the COBs say, and what all of it must come to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from pmc_soap.domain.aviso import AvisoPago, EstadoPago, ReversaPago
from pmc_soap.domain.cobro import Cobro
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.consulta import Busqueda
from pmc_soap.domain.factura import ClaveFactura, Factura


@dataclass(frozen=True, slots=True)
class Movimiento:
    """Something that reaches the gateway at an instant. cita: the aviso quotes the last consulta of its factura.

    A clave is that of a factura which the empresa withdraws.
    """

    at_utc: datetime
    n: int
    dicho: Busqueda | AvisoPago | ReversaPago | ClaveFactura
    cita: bool = False


@dataclass(frozen=True, slots=True)
class Linea:
    """A line of the COB of that day, and what must become of it in the end. rota: it is written so that it is none."""

    archivo: date
    cobro: Cobro
    desenlace: Desenlace
    rota: bool = False


@dataclass(frozen=True, slots=True)
class Historia:
    """All of one factura. tipo is None where nothing is odd.

    dinero: where each pago of it ends, with its centavos. sin_linea: the centavos of pagos that no line tells of.
    alertas: what a person is told, by motivo. entregas: how often the empresa is owed something.
    """

    n: int
    factura: Factura
    tipo: str | None = None
    movimientos: tuple[Movimiento, ...] = ()
    lineas: tuple[Linea, ...] = ()
    dinero: tuple[tuple[EstadoPago, int], ...] = ()
    sin_linea: tuple[int, ...] = ()
    alertas: tuple[str, ...] = ()
    entregas: int = 0

    @property
    def clientes(self) -> frozenset[str]:
        """Name all that it is told of: an anomaly may name another cliente than the factura's."""
        return frozenset({self.factura.clave.id_cliente, *(linea.cobro.id_cliente for linea in self.lineas)})


@dataclass(frozen=True, slots=True)
class Envio:
    """A file that PMC's COB of a day arrives as, and how its run must end: curso, negativa, codes of its problems."""

    at_utc: datetime
    fecha: date
    nombre: str
    data: Callable[[], bytes]
    que: str = "archivo"
    replace: bool = False
    curso: str = "HECHA"
    negativa: str | None = None
    codigos: frozenset[str] = frozenset()
    alertas: tuple[str, ...] = ()
