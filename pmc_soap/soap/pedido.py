"""One request on its way through the edge, and the answer it gets; what the log will tell of it is noted here."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from types import MappingProxyType
from typing import Any, NamedTuple
from wsgiref.types import WSGIEnvironment

from pmc_soap.soap.acceso import Llamador
from pmc_soap.soap.fallas import Causa, cause_of, write_fault

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_HEADERS: Mapping[Causa, Mapping[str, str]] = MappingProxyType(
    {
        Causa.SIN_CREDENCIAL: {"WWW-Authenticate": 'Basic realm="pmc-soap"'},
        Causa.INTENTOS: {"Retry-After": "60"},
        Causa.SOBRECARGA: {"Retry-After": "1"},
    }
)


class Respuesta(NamedTuple):
    """An HTTP answer that holds a SOAP envelope."""

    body: bytes
    status: str = "200 OK"
    headers: Mapping[str, str] = _NO_HEADERS


@dataclass(slots=True)
class Pedido:
    """A request: what HTTP said of it, its body once that is read, and what became of it, for the log.

    conocido: whether who asks has shown a right credential. mensaje and valor: what was asked and answered, once read.
    """

    environ: WSGIEnvironment
    llamador: Llamador
    body: bytes = b""
    charset: str | None = None
    id_pedido: str = field(default_factory=lambda: os.urandom(16).hex())
    operacion: str | None = None
    empresa: str | None = None
    codigo: str | None = None
    severidad: int | None = None
    duplicado: bool = False
    falla: str | None = None
    campo: str | None = None
    tolerado: frozenset[str] = frozenset()
    conocido: bool = False
    mensaje: Any = None
    valor: Any = None
    began: float = field(default_factory=perf_counter)
    ms: dict[str, float] = field(default_factory=dict)
    _last: float = 0.0

    def mark(self, phase: str) -> None:
        """Note how long a phase took that has just ended, in milliseconds, under its own key."""
        now = perf_counter()
        self.ms[phase] = (now - (self._last or self.began)) * 1000
        self._last = now

    def ms_until_now(self) -> float:
        """Tell how long it has taken, in milliseconds."""
        return (perf_counter() - self.began) * 1000

    def refuse(self, fault: BaseException) -> Respuesta:
        """Answer with a fault."""
        causa, self.campo = cause_of(fault)
        self.falla = causa.value.codigo
        return Respuesta(write_fault(fault, self.id_pedido), causa.value.status, _HEADERS.get(causa, _NO_HEADERS))
