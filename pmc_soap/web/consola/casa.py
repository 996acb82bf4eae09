"""What the pages of the consola ask of the house, handed over by wiring: operations and ports, nothing of a room."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.usuario import Usuario
from pmc_soap.operations.ports import Clock


@dataclass(frozen=True, kw_only=True)
class Casa:
    """The operations that pages use. empresas: by the code their data is kept under.

    quien: who has the session of that cookie; None if nobody.
    """

    empresas: Mapping[str, Empresa]
    clock: Clock
    quien: Callable[[str | None], Usuario | None]
