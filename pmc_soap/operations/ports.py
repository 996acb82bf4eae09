"""What the operations need of the world, as protocols. storage/ keeps the Ledger; tests keep an honest fake."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from pmc_soap.domain.aviso import AvisoGuardado, EstadoPago, Pago, TipoAviso
from pmc_soap.domain.consulta import Busqueda, Consulta, Respuesta
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura, MotivoBaja

T = TypeVar("T")


class Clock(Protocol):
    """The time of this machine."""

    def now(self) -> datetime:
        """Give the instant, in UTC."""


class Ids(Protocol):
    """A source of new identifiers (≤ 36 characters)."""

    def new(self) -> str:
        """Give one that was never given."""


class Empresas(Protocol):
    """The empresas of this installation."""

    def get(self, codigo_empresa: str) -> Empresa | None:
        """Give the empresa, or None if there is none of that code."""


class Reading(Protocol):
    """What can be asked of the ledger; one moment's view of it."""

    def payable(self, busqueda: Busqueda, day: date, limit: int) -> Sequence[Factura]:
        """Give the facturas PENDIENTE that can still be paid on that day, oldest first due date first."""

    def matching(self, busqueda: Busqueda, limit: int) -> Sequence[Factura]:
        """Give the facturas in any state, the newest first."""

    def factura(self, clave: ClaveFactura) -> Factura | None:
        """Give one factura in any state."""

    def knows_cliente(self, codigo_empresa: str, id_cliente: str) -> bool:
        """Tell whether the empresa ever reported that cliente."""

    def aviso_by_identidad(self, codigo_empresa: str, tipo: TipoAviso, identidad: str) -> AvisoGuardado | None:
        """Give the aviso of that identity."""

    def aviso_by_repeticion(self, codigo_empresa: str, tipo: TipoAviso, id_mensaje: str) -> AvisoGuardado | None:
        """Give the aviso without IdTransaccion that once arrived again under that IdMensaje."""

    def avisos_by_huella(self, codigo_empresa: str, tipo: TipoAviso, huella: str) -> Sequence[AvisoGuardado]:
        """Give the avisos without IdTransaccion of that fingerprint, newest first."""

    def reversa_of(self, id_aviso: str) -> AvisoGuardado | None:
        """Give the reversa that took back the pago of that aviso."""

    def tombstones(self, codigo_empresa: str, id_cliente: str) -> Sequence[AvisoGuardado]:
        """Give the reversas of that cliente that found no pago and met none since, oldest first."""

    def pagos(self, codigo_empresa: str, id_cliente: str, limit: int) -> Sequence[tuple[AvisoGuardado, Pago]]:
        """Give the cliente's pagos in any state, newest first."""

    def pago(self, id_aviso: str) -> Pago | None:
        """Give the money of one aviso; None if it moved none."""

    def pago_vivo(self, clave: ClaveFactura) -> AvisoGuardado | None:
        """Give the aviso whose pago is APLICADO on that factura."""

    def pagos_of(self, clave: ClaveFactura) -> Sequence[tuple[AvisoGuardado, Pago]]:
        """Give all pagos of one factura, oldest first."""


class Writing(Reading, Protocol):
    """One transaction of the ledger: all of it happens, or nothing."""

    def keep(self, guardado: AvisoGuardado) -> None:
        """Append an aviso; raises Collision if its identity was kept meanwhile."""

    def note_repeat(self, id_aviso: str, id_mensaje: str, at_utc: datetime) -> None:
        """Append that the aviso arrived once more."""

    def add_pago(self, id_aviso: str, clave: ClaveFactura | None, estado: EstadoPago) -> None:
        """Open the money of an aviso; raises Collision if the factura got a live pago meanwhile."""

    def move_pago(self, id_aviso: str, before: EstadoPago, after: EstadoPago) -> None:
        """Move the money from one state to the next; raises Collision if it was not in the state before."""

    def move_factura(
        self, clave: ClaveFactura, before: EstadoFactura, after: EstadoFactura, motivo: MotivoBaja | None = None
    ) -> None:
        """Move a factura from one state to the next; raises Collision if it was not in the state before."""

    def owe(self, id_aviso: str, destinos: Iterable[str], at_utc: datetime) -> None:
        """Owe the aviso to each destination of the empresa."""

    def alert(self, codigo_empresa: str, motivo: str, id_aviso: str | None, at_utc: datetime) -> None:
        """Leave a notice for the operator."""

    def keep_unreadable(self, codigo_empresa: str, id_pedido: str, body: bytes, at_utc: datetime) -> None:
        """Keep the bytes of an authentic aviso that broke the contract."""

    def add_factura(self, factura: Factura, contenido: str, at_utc: datetime) -> None:
        """Add a factura and make its cliente known; raises Collision if it was added meanwhile."""

    def change_factura(self, factura: Factura, contenido: str, at_utc: datetime) -> None:
        """Replace all that a PENDIENTE factura says; raises Collision if it is not PENDIENTE any more."""

    def contenido_of(self, clave: ClaveFactura) -> str | None:
        """Give the hash of what the factura said when it was last added, changed or loaded."""

    def load(self, facturas: Sequence[tuple[Factura, str]], carga: str, at_utc: datetime) -> "Loaded":
        """Add or replace a batch of facturas, at most one of each clave; what is not PENDIENTE stays as it is."""


class Collision(Exception):
    """Another transaction got there first."""


class Unavailable(Exception):
    """The ledger cannot answer now: nothing was written, or it was written whole; asking again is safe."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a batch: how many facturas were new, changed, equal, or not PENDIENTE any more."""

    nuevas: int = 0
    cambiadas: int = 0
    iguales: int = 0
    intocables: int = 0

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(
            self.nuevas + other.nuevas,
            self.cambiadas + other.cambiadas,
            self.iguales + other.iguales,
            self.intocables + other.intocables,
        )


class Ledger(Protocol):
    """The one place where money and facturas are written down."""

    def read(self) -> AbstractContextManager[Reading]:
        """Open one moment's view."""

    def write(self, codigo_empresa: str, id_cliente: str | None, work: Callable[[Writing], T]) -> T:
        """Run the work in one transaction, alone among those of the same cliente; durable when it returns.

        On Collision the work runs again from the start, so it must only touch the Writing it is given.
        """

    def record_consulta(self, consulta: Consulta, respuesta: Respuesta) -> None:
        """Write down a consulta and the quotes it showed; survives a killed process, need not survive a power cut."""
