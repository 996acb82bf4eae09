"""What the pages of the consola ask of the house, handed over by wiring: operations and ports, nothing of a room."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, NamedTuple, Protocol

from pmc_soap.domain.acta import Acta
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.facturable import Cruce
from pmc_soap.domain.usuario import Usuario
from pmc_soap.operations.alertas import Alertas
from pmc_soap.operations.auditoria import Auditoria
from pmc_soap.operations.cierre import Cierres, DiaConciliado
from pmc_soap.operations.conciliacion import Conciliaciones
from pmc_soap.operations.diagnostico import Hallazgo
from pmc_soap.operations.factura_a_mano import FacturasAMano
from pmc_soap.operations.facturables import Facturables, Liquidacion
from pmc_soap.operations.intercambios import Filtro, Intercambios, Presentacion
from pmc_soap.operations.libro_cargas import LibroDeCargas
from pmc_soap.operations.listado import FiltroDePagos, Listado
from pmc_soap.operations.operador import Operador
from pmc_soap.operations.ports import Clock
from pmc_soap.operations.puente import Puente
from pmc_soap.operations.seguimiento import Seguimiento
from pmc_soap.operations.subidas import Subidas
from pmc_soap.operations.tablero import Tablero
from pmc_soap.operations.usuarios import Usuarios
from pmc_soap.web.ayuda import Ayuda


class DeDemostracion(NamedTuple):
    """Whom anybody may enter as in the demonstration: (usuario, what a button says), and their public clave."""

    clave: str
    usuarios: Sequence[tuple[str, str]]


class Bajadas(Protocol):
    """Reports as files, whole, at their beginning; formato is csv or xlsx."""

    def pagos(self, filtro: FiltroDePagos, formato: str) -> BinaryIO:
        """Write pagos, the oldest first, and what they come to."""

    def intercambios(self, filtro: Filtro, formato: str) -> BinaryIO:
        """Write exchanges, the newest first."""

    def puente(self, codigo_empresa: str | None, formato: str) -> BinaryIO:
        """Write what waits in the puente."""

    def facturables(self, found: Sequence[Liquidacion], formato: str) -> BinaryIO:
        """Write what PMC may charge."""

    def conciliacion(self, dias: Sequence[DiaConciliado], formato: str) -> BinaryIO:
        """Write days of the COBs."""


@dataclass(frozen=True, kw_only=True)
class Casa:
    """The operations that pages use. empresas: by the code their data is kept under.

    note writes an act down that changes nothing else. explain_facturables gives each consulta and pago of a month with
    its situation and why. diagnosticar looks at the installation, with its connections if asked. quien: who has the
    session of that cookie, and whether the clave must be changed first.
    """

    empresas: Mapping[str, Empresa]
    clock: Clock
    quien: Callable[[str | None], tuple[Usuario, bool] | None]
    usuarios: Usuarios
    auditoria: Auditoria
    alertas: Alertas
    diagnosticar: Callable[[bool], Sequence[Hallazgo]]
    intercambios: Intercambios
    presentar: Presentacion
    note: Callable[[Acta], None]
    bajadas: Bajadas
    listado: Listado
    puente: Puente
    operador: Operador
    facturas_a_mano: FacturasAMano
    libro_cargas: LibroDeCargas
    subidas: Subidas
    conciliaciones: Conciliaciones
    cierres: Cierres
    is_habil: Callable[[date], bool]
    seguimiento: Seguimiento
    facturables: Facturables
    explain_facturables: Callable[[Liquidacion], Sequence[tuple[str, Cruce, str]]]
    tablero: Tablero
    ayuda: Ayuda
    public_url: str
    de_demostracion: DeDemostracion | None = None
