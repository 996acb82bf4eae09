"""What the operations need of the world, as protocols. storage/ keeps the Ledger; tests keep an honest fake."""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from pmc_soap.domain.aviso import AvisoGuardado, EstadoPago, Pago, TipoAviso
from pmc_soap.domain.consulta import Busqueda, Consulta, Deuda, Respuesta
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.entrega import Comprobante, Entrega, Envio, NoEntregado
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura, MotivoBaja, Origen
from pmc_soap.domain.valor import value
from pmc_soap.operations.cobranza import Cobranza
from pmc_soap.operations.lineas import Lineas

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
        """Give the empresa that is called so today, or None; its data is kept under the code that it says itself."""


class Owners(Empresas, Protocol):
    """The empresas, and whose money it is that comes under a code of theirs that is accepted no more."""

    def owner(self, codigo_empresa: str) -> Empresa | None:
        """Give the empresa that is or was called so, or None."""


class Sistema(Protocol):
    """The empresa's own system, asked for a debt. Implemented in connectors/, or by the empresa itself."""

    def find_deuda(self, consulta: Consulta, timeout_s: float) -> Deuda:
        """Ask what is owed; raises SinRespuesta. It gives up by itself after about timeout_s."""


class Destino(Protocol):
    """Where an empresa wants its avisos brought. Implemented in connectors/, or by the empresa itself."""

    def deliver(self, envio: Envio) -> Comprobante:
        """Bring one aviso, once more if need be: the other side tells a repeat by its IdAviso; raises NoEntregado."""


@dataclass(frozen=True, slots=True)
class Escrita:
    """The hash of what a factura said when it was last written, when that was, its state, and who told of it.

    retirada: it is BAJA for no other reason than that a file did not name it.
    """

    contenido: str
    at_utc: datetime
    estado: EstadoFactura
    origen: Origen
    retirada: bool = False

    def is_stale(self, contenido: str, since_utc: datetime) -> bool:
        """Tell whether what the empresa's own system says now is worth writing."""
        aged = self.origen is Origen.EMPRESA and self.at_utc < since_utc
        return self.estado is EstadoFactura.PENDIENTE and (aged or self.contenido != contenido)


def close(connector: Sistema | Destino) -> None:
    """Let a connector go, if it holds anything: the empresa's own need not know how."""
    getattr(connector, "close", lambda: None)()


class Reading(Protocol):
    """What can be asked of the ledger; one moment's view of it."""

    def payable(
        self, busqueda: Busqueda, day: date, limit: int, learned_since: datetime | None = None
    ) -> Sequence[Factura]:
        """Give the facturas PENDIENTE whose last due date is that day or later, oldest first due date first.

        Those that only the empresa's own system told of count if it did so since learned_since; None: never.
        """

    def matching(self, busqueda: Busqueda, limit: int) -> Sequence[Factura]:
        """Give the facturas in any state, the newest first."""

    def factura(self, clave: ClaveFactura) -> Factura | None:
        """Give one factura in any state."""

    def written(self, clave: ClaveFactura) -> "Escrita | None":
        """Tell what a factura said when it was last added, changed or loaded."""

    def knows_cliente(self, codigo_empresa: str, id_cliente: str) -> bool:
        """Tell whether the empresa ever reported that cliente."""

    def aviso(self, id_aviso: str) -> AvisoGuardado | None:
        """Give one aviso by the id that it was given."""

    def aviso_by_identidad(self, codigo_empresa: str, tipo: TipoAviso, identidad: str) -> AvisoGuardado | None:
        """Give the aviso of that identity."""

    def aviso_by_repeticion(self, codigo_empresa: str, tipo: TipoAviso, id_mensaje: str) -> AvisoGuardado | None:
        """Give the aviso without IdTransaccion that once arrived again under that IdMensaje."""

    def avisos_by_huella(self, codigo_empresa: str, tipo: TipoAviso, huella: str) -> Sequence[AvisoGuardado]:
        """Give the avisos without IdTransaccion of that fingerprint, newest first."""

    def reversa_of(self, id_aviso: str) -> AvisoGuardado | None:
        """Give the reversa that took back the pago of that aviso."""

    def unmet(self, codigo_empresa: str, id_cliente: str, since_utc: datetime) -> Sequence[AvisoGuardado]:
        """Give what waits for a pago of that cliente to be told of, oldest first.

        Reversas that found no pago and met none since; and pagos made since then that only the COB told of.
        """

    def pagos(self, codigo_empresa: str, id_cliente: str, limit: int) -> Sequence[tuple[AvisoGuardado, Pago]]:
        """Give the cliente's pagos in any state, newest first."""

    def pago(self, id_aviso: str) -> Pago | None:
        """Give the money of one aviso; None if it moved none."""

    def en_puente(self, codigo_empresa: str | None, limit: int) -> Sequence[tuple[AvisoGuardado, Pago]]:
        """Give the pagos that wait in the puente, of one empresa or of all, oldest first."""

    def pago_vivo(self, clave: ClaveFactura) -> AvisoGuardado | None:
        """Give the aviso whose pago is APLICADO on that factura."""

    def pagos_of(self, clave: ClaveFactura) -> Sequence[tuple[AvisoGuardado, Pago]]:
        """Give all pagos of one factura, oldest first."""


class Writing(Reading, Lineas, Cobranza, Protocol):
    """One transaction of the ledger: all of it happens, or nothing."""

    def keep(self, guardado: AvisoGuardado) -> None:
        """Append an aviso; raises Collision if its identity was kept meanwhile."""

    def note_repeat(self, id_aviso: str, id_mensaje: str, at_utc: datetime) -> None:
        """Append that the aviso arrived once more."""

    def add_pago(self, id_aviso: str, clave: ClaveFactura | None, estado: EstadoPago) -> None:
        """Open the money of an aviso; raises Collision if the factura got a live pago meanwhile."""

    def move_pago(self, id_aviso: str, before: EstadoPago, after: EstadoPago) -> None:
        """Move the money from one state to the next; raises Collision if it was not in the state before."""

    def apply_pago(self, id_aviso: str, id_cliente: str, clave: ClaveFactura | None) -> None:
        """Take a pago out of the puente, to a factura or to a cliente's account; raises Collision as the others do."""

    def move_factura(
        self, clave: ClaveFactura, before: EstadoFactura, after: EstadoFactura, motivo: MotivoBaja | None = None
    ) -> None:
        """Move a factura from one state to the next; raises Collision if it was not in the state before."""

    def owe(self, guardado: AvisoGuardado, destinos: Iterable[str], at_utc: datetime) -> None:
        """Owe the aviso to each destino of the empresa, once, after all that its cliente is owed there already."""

    def alert(self, codigo_empresa: str, motivo: str, id_aviso: str | None, at_utc: datetime) -> None:
        """Leave a notice for the operator."""

    def keep_unreadable(self, codigo_empresa: str, id_pedido: str, body: bytes, at_utc: datetime) -> None:
        """Keep the bytes of an authentic aviso that broke the contract."""

    def add_factura(self, factura: Factura, contenido: str, at_utc: datetime) -> None:
        """Add a factura and make its cliente known; raises Collision if it was added meanwhile."""

    def change_factura(self, factura: Factura, contenido: str, at_utc: datetime) -> None:
        """Replace all that a PENDIENTE factura says; raises Collision if it is not PENDIENTE any more."""

    def load(self, facturas: Sequence[tuple[Factura, str]], carga: str | None, at_utc: datetime) -> "Loaded":
        """Add or replace a batch of facturas, at most one of each clave; what is not PENDIENTE stays as it is.

        One that the empresa reported stays reported, also when its own system tells of it.
        """


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

    def payable(
        self, busqueda: Busqueda, day: date, limit: int, learned_since: datetime | None = None
    ) -> Sequence[Factura]:
        """Ask what Reading.payable tells, alone: one question needs no view that stays open."""

    def write(self, codigo_empresa: str, id_cliente: str | Sequence[str] | None, work: Callable[[Writing], T]) -> T:
        """Run the work in one transaction, alone among those of the same clientes; durable when it returns.

        On Collision the work runs again from the start, so it must only touch the Writing it is given.
        """

    def record_consulta(self, consulta: Consulta, respuesta: Respuesta, timeout_s: float) -> None:
        """Write down a consulta and the quotes it showed; survives a killed process, need not survive a power cut.

        It waits no longer than timeout_s for its turn: an answer that comes too late helps nobody.
        """


@value
class Tomada:
    """An entrega that this deliverer holds for a while (turno names the lease), with what its destino is handed."""

    entrega: Entrega
    envio: Envio
    turno: str


class Bandeja(Protocol):
    """What is owed to the destinos, and who is bringing it. Of each cliente only the oldest can be taken.

    Its instants are those of the database's clock, which all deliverers share.
    """

    def due(self, rutas: Collection[tuple[str, str]]) -> Sequence[tuple[str, str]]:
        """Name those (codigo_empresa, destino) where something can be taken now."""

    def take(
        self, codigo_empresa: str, destino: str, limit: int, lease: timedelta, *, early: bool = False
    ) -> Sequence[Tomada]:
        """Take what is due, or has been taken by a deliverer that is gone; early takes also what is not due yet."""

    def settle(self, tomada: Tomada, comprobante: Comprobante) -> bool:
        """Note that the destino took it, and let the cliente's next go; False if the lease was lost."""

    def put_back(self, tomada: Tomada, wait: timedelta, error: NoEntregado, *, stop: bool, skip: bool) -> bool:
        """Note that it was not taken, and try again after the wait; False if the lease was lost.

        stop leaves it DETENIDA for a person; skip lets the cliente's next go meanwhile.
        """

    def hasten(self, codigo_empresa: str, destino: str) -> int:
        """Make all that waits for a destino due now: it is back."""

    def wait(self, rutas: Collection[tuple[str, str]], timeout_s: float) -> None:
        """Wait until something new may be due for one of these, or the time is over."""


class Nonces(Protocol):
    """What may be used once, by whichever process or machine is first."""

    def spend(self, huella: str, now_utc: datetime, until_utc: datetime) -> bool:
        """Remember it until then; False if it was spent before. Survives a killed process; raises Unavailable."""
