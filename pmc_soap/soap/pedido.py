"""One request on its way through the edge, and the answer it gets; what the log will tell of it is noted here."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from types import MappingProxyType
from typing import NamedTuple
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
    """A request: what HTTP said of it, its body once that is read, and what became of it, for the log."""

    environ: WSGIEnvironment
    llamador: Llamador
    body: bytes = b""
    charset: str | None = None
    id_pedido: str = field(default_factory=lambda: os.urandom(16).hex())
    operacion: str | None = None
    empresa: str | None = None
    codigo: str | None = None
    duplicado: bool = False
    falla: str | None = None
    campo: str | None = None
    tolerado: frozenset[str] = frozenset()
    began: float = field(default_factory=perf_counter)
    phases: list[tuple[str, float]] = field(default_factory=list)

    def mark(self, phase: str) -> None:
        """Note that a phase has just ended."""
        self.phases.append((phase, perf_counter()))

    def ms_by_phase(self) -> dict[str, float]:
        """Tell how long it took until now, and each phase of it, in milliseconds."""
        told, last = {"ms": (perf_counter() - self.began) * 1000}, self.began
        for phase, at in self.phases:
            told[f"ms_{phase}"] = (at - last) * 1000
            last = at
        return told

    def refuse(self, fault: BaseException) -> Respuesta:
        """Answer with a fault."""
        causa, self.campo = cause_of(fault)
        self.falla = causa.value.codigo
        return Respuesta(write_fault(fault, self.id_pedido), causa.value.status, _HEADERS.get(causa, _NO_HEADERS))
