"""The exchanges that were kept: each request of the network or an empresa, and what we answered.

Times are µs where they are kept, milliseconds where they are told; bytes are those on the wire. severidad
is that of a result code: 0 success, 1 refused, 2 a datum or a system at fault, 3 ours. A fault has one too: 2 where the
caller is to mend it, 3 where we are. From 2 on it is a problem; 3 is a technical failure.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from pmc_soap.domain.factura import Origen
from pmc_soap.domain.valor import value
from pmc_soap.operations.tiempos import Medidas

PROBLEMA, TECNICA = 2, 3
FASES = ("lectura", "apertura", "credencial", "contrato", "operacion", "escritura")
PAGE_MAX = 50
_AT_ONCE = 1_000


@value
class Intercambio:
    """One exchange, without its documents. id counts up; it is 0 until the exchange is kept.

    puerto: PagoMisCuentas or Empresa, None for a path that is neither. codigo: the result code; a fault has a falla
    instead (PMC-nnnn). codigo_empresa: the code that its data is kept under; None for one that we do not know.
    fases_us: how long each of FASES took, of those it came to.
    """

    id: int = 0
    id_pedido: str
    fecha_hora_utc: datetime
    puerto: str | None = None
    operacion: str | None = None
    codigo_empresa: str | None = None
    codigo: str | None = None
    severidad: int
    falla: str | None = None
    campo: str | None = None
    http: int
    duplicado: bool = False
    id_cliente: str | None = None
    id_factura: str | None = None
    id_consulta: str | None = None
    id_aviso: str | None = None
    id_transaccion: str | None = None
    us: int
    fases_us: Mapping[str, int]
    bytes_in: int
    bytes_out: int

    @property
    def ms(self) -> float:
        """Give how long the answer took, in milliseconds."""
        return self.us / 1000

    @property
    def fases_ms(self) -> Mapping[str, float]:
        """Give how long each phase took, in milliseconds, in their order."""
        return {fase: self.fases_us[fase] / 1000 for fase in FASES if fase in self.fases_us}

    @property
    def con_problema(self) -> bool:
        """Tell whether somebody has something to mend."""
        return self.severidad >= PROBLEMA


@value
class Documentos:
    """The two documents of an exchange as they are kept: without secrets, with personal data. None: not kept."""

    pedido: bytes | None = None
    respuesta: bytes | None = None


@value
class Filtro:
    """Which exchanges; what is None or False filters nothing. falla: PMC-nnnn. desde_utc is in, hasta_utc is not."""

    codigos_empresa: frozenset[str] | None = None
    puerto: str | None = None
    operacion: str | None = None
    codigo: str | None = None
    falla: str | None = None
    con_problemas: bool = False
    id_cliente: str | None = None
    id_factura: str | None = None
    id_aviso: str | None = None
    minimo_ms: int | None = None
    desde_utc: datetime | None = None
    hasta_utc: datetime | None = None


TODOS = Filtro()


@value
class Grupo:
    """The exchanges of one hour and operation that ended alike. codigo: a result code, or a falla (PMC-nnnn)."""

    hora_utc: datetime
    operacion: str | None
    codigo: str
    severidad: int
    medidas_us: Medidas


class Intercambios(Protocol):
    """What is asked of the exchanges that were kept."""

    def recent(
        self, filtro: Filtro = TODOS, before_id: int | None = None, limit: int = PAGE_MAX
    ) -> Sequence[Intercambio]:
        """Give the newest first; before_id: the last of the page before."""

    def after(self, id_: int, filtro: Filtro = TODOS, limit: int = PAGE_MAX) -> Sequence[Intercambio]:
        """Give those kept after that one, the oldest first: for who looks on."""

    def last_id(self) -> int:
        """Give the id of the last that was kept; 0 before the first."""

    def find(self, id_pedido: str) -> tuple[Intercambio, Documentos] | None:
        """Give one with its documents."""

    def ids(self, texto: str) -> Sequence[str]:
        """Give the id_pedido that the text is exactly, whatever its case: one, or none."""

    def groups(
        self, desde_utc: datetime, hasta_utc: datetime, codigos_empresa: frozenset[str] | None = None
    ) -> Sequence[Grupo]:
        """Give what was exchanged from one whole hour until another, in their order."""

    def minutes_down(
        self, desde_utc: datetime, hasta_utc: datetime, codigos_empresa: frozenset[str] | None = None
    ) -> int:
        """Count the minutes in which PagoMisCuentas asked and every answer was a technical failure."""

    def origins(
        self, desde_utc: datetime, hasta_utc: datetime, codigos_empresa: frozenset[str] | None = None
    ) -> Mapping[Origen, int]:
        """Count the consultas that showed something, by where that came from."""


def every(intercambios: Intercambios, filtro: Filtro) -> Iterator[Intercambio]:
    """Give all, the newest first, some at a time: nobody waits for who reads them."""
    page = intercambios.recent(filtro, None, _AT_ONCE)
    while page:
        yield from page
        page = intercambios.recent(filtro, page[-1].id, _AT_ONCE) if len(page) == _AT_ONCE else ()


class Presentacion(Protocol):
    """How a kept document is shown to a person: text with indents, whatever bytes it is made of."""

    def __call__(self, documento: bytes, *, con_datos_personales: bool) -> str:
        """Write it; never fails. What is no XML is written as it is."""
