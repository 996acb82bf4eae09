"""What the pages of the consola ask of the house, handed over by wiring: operations and ports, nothing of a room."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.usuario import Usuario
from pmc_soap.operations.auditoria import Auditoria
from pmc_soap.operations.ports import Clock
from pmc_soap.operations.usuarios import Usuarios


class DeDemostracion(NamedTuple):
    """Whom anybody may enter as in the demonstration: (usuario, what a button says), and their public clave."""

    clave: str
    usuarios: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Casa:
    """The operations that pages use. empresas: by the code their data is kept under.

    quien: who has the session of that cookie, and whether the clave must be changed first; None if nobody.
    """

    empresas: Mapping[str, Empresa]
    clock: Clock
    quien: Callable[[str | None], tuple[Usuario, bool] | None]
    usuarios: Usuarios
    auditoria: Auditoria
    de_demostracion: DeDemostracion | None = None
