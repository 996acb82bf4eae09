"""What the pages of the consola ask of the house, handed over by wiring: operations and ports, nothing of a room."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, NamedTuple, Protocol

from pmc_soap.domain.acta import Acta
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.exportacion import Exportacion
from pmc_soap.domain.facturable import Cruce
from pmc_soap.domain.usuario import Usuario
from pmc_soap.operations.alertas import Alertas
from pmc_soap.operations.auditoria import Auditoria
from pmc_soap.operations.cierre import Cierres, DiaConciliado
from pmc_soap.operations.conciliacion import Conciliaciones
from pmc_soap.operations.diagnostico import Hallazgo
from pmc_soap.operations.exportacion import Corrida, Reparo
from pmc_soap.operations.factura_a_mano import FacturasAMano
from pmc_soap.operations.facturables import Facturables, Liquidacion
from pmc_soap.operations.intercambios import Filtro, Intercambios, Presentacion
from pmc_soap.operations.libro_cargas import LibroDeCargas
from pmc_soap.operations.libro_exportaciones import LibroDeExportaciones
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


class Ajuste(NamedTuple):
    """A key of the configuration in force. dicho: it was told, and is not just what it is by default."""

    clave: str
    valor: str
    que_es: str
    dicho: bool


class Credencial(NamedTuple):
    """What a caller may show. prefijo tells it from another and helps nobody; hasta: its last day, None for no end."""

    usuario: str
    prefijo: str
    hasta: date | None


class Llamador(NamedTuple):
    """Who may call: the network (pagomiscuentas) or an empresa, with what, and from where (nothing: anywhere)."""

    codigo: str
    nombre: str
    credenciales: Sequence[Credencial]
    certificados: Sequence[str]
    redes: Sequence[str]


class Secreto(NamedTuple):
    """A new secret, to be shown once, and the line of the configuration that lets it in."""

    secreto: str
    linea: str


class Instalacion(Protocol):
    """The configuration that this process serves with."""

    def ajustes(self) -> Sequence[Ajuste]:
        """Give every key, in the order of its tables; no secret among them."""

    def llamadores(self) -> Sequence[Llamador]:
        """Give who may call."""

    def issue(self, usuario: str) -> Secreto:
        """Make a secret, which nothing keeps; raises ValueError for what cannot be a usuario."""


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

    def fuera_del_fac(self, reparos: Iterable[Reparo], formato: str) -> BinaryIO:
        """Write what a FAC cannot say."""

    def conciliacion(self, dias: Sequence[DiaConciliado], formato: str) -> BinaryIO:
        """Write days of the COBs."""


class Facs(Protocol):
    """The FACs for PMC, made into one folder."""

    def export(self, empresa: Empresa, *, dia: date | None, novedades: bool, dry_run: bool) -> Corrida:
        """Make what can be paid a FAC, or as many as it takes; dry_run writes nothing.

        Raises Rechazada, EnMarcha and OSError.
        """

    def reparos(self, empresa: Empresa, *, dia: date | None, novedades: bool) -> Iterator[Reparo]:
        """Give all that they cannot say, one by one. Raises Rechazada."""

    def open(self, exportacion: Exportacion) -> BinaryIO | None:
        """Open the file as it was made; None where it is not here any more, or was made elsewhere."""

    def tell_failed(self, empresa: Empresa) -> None:
        """Leave an alerta that a FAC was not made, where nobody waits to be told."""

    def reject(self, nombre: str, file: BinaryIO) -> tuple[Exportacion, bool] | None:
        """Note that PMC refused a file, by that which it left; None where it names none of ours."""


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
    instalacion: Instalacion
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
    libro_exportaciones: LibroDeExportaciones
    facs: Facs
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
