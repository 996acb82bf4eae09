"""What the sandbox asks of the house, handed over by wiring: a way to call the gateway as others do, and two looks.

Importes are centavos, times milliseconds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from pmc_soap.domain.empresa import Empresa
from pmc_soap.operations.ports import Clock
from pmc_soap.operations.seguimiento import Historia


class Falla(NamedTuple):
    """A SOAP fault: nothing was done."""

    codigo: str
    texto: str
    que_hacer: str | None
    campo: str | None


@dataclass(frozen=True, kw_only=True)
class Intercambio:
    """One call of the gateway over HTTP. pedido and respuesta are XML for people; no secret is in them.

    curl and zeep say it again; estado is HTTP's. dicho: the answer as dicts. mudo: in Spanish, why there is none.
    """

    operacion: str
    pedido: str = ""
    respuesta: str = ""
    curl: str = ""
    zeep: str = ""
    estado: int | None = None
    tiempo_ms: float | None = None
    dicho: Mapping[str, Any] = field(default_factory=dict)
    falla: Falla | None = None
    mudo: str = ""

    @property
    def resultado(self) -> Mapping[str, Any]:
        """Give how it ended: Codigo, Descripcion, Severidad, Duplicado; empty where there is no such answer."""
        return self.dicho.get("Resultado") or {}

    @property
    def tono(self) -> str:
        """Tell how that stands for whoever called."""
        if not self.resultado:
            return "mal"
        return ("bien", "ojo", "mal", "mal")[min(int(self.resultado["Severidad"]), 3)]


class Imputado(Protocol):
    """One line of the ERP's book."""

    @property
    def comprobante(self) -> int: ...  # noqa: D102 — data
    @property
    def id_aviso(self) -> str: ...  # noqa: D102
    @property
    def tipo(self) -> str: ...  # noqa: D102
    @property
    def id_cliente(self) -> str: ...  # noqa: D102
    @property
    def id_factura(self) -> str | None: ...  # noqa: D102
    @property
    def importe_centavos(self) -> int: ...  # noqa: D102


class Erp(Protocol):
    """The company's own system, in the demonstration."""

    def modo(self) -> str:
        """Tell how it behaves: on, off, slow, errors."""

    def switch(self, modo: str) -> None:
        """Make it behave so; raises ValueError for what is none of those."""

    def last(self, count: int) -> Sequence[Imputado]:
        """Give what it imputed last, the newest first."""


Dicho = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """All that the pages use. send_twice sends the same twice at the same moment; historia finds by IdAviso.

    kept gives the exchange that an aviso came in with, as it was kept, if it was; True asks for personal data as well.
    note writes down who sent what, where that counts: operador, operacion, what was said, IdAviso.
    cobranza gives today's COB (name, bytes), with surprises or without; None where pagos are real.
    abierto: whoever reaches it may play, without a session. con_empresa: the empresa's page is there as well.
    """

    empresa: Empresa
    clock: Clock
    send: Callable[[str, Dicho], Intercambio]
    send_twice: Callable[[str, Dicho], Sequence[Intercambio]]
    historia: Callable[[str], Historia | None]
    kept: Callable[[str, bool], Intercambio | None]
    note: Callable[[str, str, Dicho, str | None], None]
    erp: Erp | None = None
    cobranza: Callable[[bool], tuple[str, bytes]] | None = None
    abierto: bool = False
    con_empresa: bool = True
