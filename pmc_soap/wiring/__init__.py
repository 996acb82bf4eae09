"""Where the house is put together, once a process: settings in, a House out. Modules define; only this builds."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from wsgiref.types import WSGIApplication

from sqlalchemy.exc import SQLAlchemyError

from pmc_soap.config import Mode, Settings
from pmc_soap.domain.calendario import Calendario, local_day
from pmc_soap.domain.empresa import Empresa, Padron
from pmc_soap.operations.archivo import Archivo
from pmc_soap.operations.aviso_pago import Avisos
from pmc_soap.operations.avisos import Retiros
from pmc_soap.operations.carga import Cargas
from pmc_soap.operations.cierre import Cierres
from pmc_soap.operations.conciliacion import Conciliaciones
from pmc_soap.operations.consulta_deuda import Consultas
from pmc_soap.operations.entrega import Repartidor, Ruta
from pmc_soap.operations.exportacion import Exportaciones, Salida
from pmc_soap.operations.factura import Facturas
from pmc_soap.operations.factura_a_mano import FacturasAMano
from pmc_soap.operations.facturables import Facturables
from pmc_soap.operations.operador import Operador
from pmc_soap.operations.ports import Clock, Ids, close
from pmc_soap.operations.puente import Puente
from pmc_soap.operations.reversa_pago import Reversas
from pmc_soap.operations.seguimiento import Seguimiento
from pmc_soap.operations.segunda_instancia import SegundaInstancia
from pmc_soap.operations.tablero import Tablero
from pmc_soap.operations.usuarios import Usuarios
from pmc_soap.storage import schema
from pmc_soap.storage.engine import BaseNoAdmitida
from pmc_soap.storage.ledger import SqlLedger, open_ledger

if TYPE_CHECKING:
    from pmc_soap.operations.grabador import Grabador
    from pmc_soap.soap.anotado import Anotado

DATABASE_ERRORS = (BaseNoAdmitida, schema.EsquemaDistinto, SQLAlchemyError)


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Give the instant, in UTC."""
        return datetime.now(UTC)


class RandomIds:
    """Random UUIDs."""

    def new(self) -> str:
        """Give one that was never given."""
        said = os.urandom(16).hex()  # uuid4() takes three times as long
        variant = "89ab"[int(said[16], 16) & 3]
        return f"{said[:8]}-{said[8:12]}-4{said[13:16]}-{variant}{said[17:20]}-{said[20:]}"


@dataclass(frozen=True)
class House:
    """All that was built; closes what it opened. workers: how many processes like this one serve together."""

    settings: Settings
    ledger: SqlLedger
    empresas: Padron
    clock: Clock
    ids: Ids
    workers: int = 1

    @cached_property
    def instancias(self) -> Mapping[str, SegundaInstancia]:
        """Build the empresas' own systems; raises ConfigError."""
        from pmc_soap.wiring.conectores import build_instancias  # noqa: PLC0415 — what most commands never need

        return build_instancias(self.settings, self.ledger, self.clock, self.workers)

    @property
    def consultas(self) -> Consultas:
        """Build the answer to PMC's question."""
        return Consultas(self.ledger, self.empresas, self.clock, self.ids, self.instancias)

    @cached_property
    def rutas(self) -> Sequence[Ruta]:
        """Build where avisos are brought; raises ConfigError."""
        from pmc_soap.wiring.conectores import build_rutas  # noqa: PLC0415 — likewise

        return build_rutas(self.settings)

    @property
    def repartidor(self) -> Repartidor:
        """Build the deliverer."""
        return Repartidor(self.ledger.bandeja, self.rutas)

    @property
    def avisos(self) -> Avisos:
        """Build the intake of pagos."""
        return Avisos(self.ledger, self.empresas, self.clock, self.ids, self.calendario)

    @property
    def reversas(self) -> Reversas:
        """Build the intake of reversas."""
        return Reversas(self.ledger, self.empresas, self.clock, self.ids)

    @property
    def facturas(self) -> Facturas:
        """Build what an empresa does with its facturas."""
        return Facturas(self.ledger, self.empresas, self.clock)

    @property
    def facturas_a_mano(self) -> FacturasAMano:
        """Build what a person does with the facturas of an empresa, whatever it has switched on."""
        return FacturasAMano(self.ledger, self.empresas, self.clock)

    @property
    def cargas(self) -> Cargas:
        """Build the loading of files."""
        return Cargas(self.ledger, self.ledger.libro_cargas, self.empresas, self.clock)

    def open_facturas(self, path: Path, *, any_name: bool = False, codigo_empresa: str | None = None) -> Archivo:
        """Open a file of facturas. Whose a planilla is, it does not say: the empresa told, or the only one there is."""
        from pmc_soap.files.facturas import open_facturas  # noqa: PLC0415 — likewise

        every = [said.empresa(codigo).codigo_vigente for codigo, said in self.settings.empresas.items()]
        unica = every[0] if len(every) == 1 else None
        whose = self.empresas.get(codigo_empresa or unica or "")
        planilla = self.settings.empresas[whose.codigo_empresa].planilla.planilla if whose else None
        return open_facturas(path, any_name=any_name, codigo_empresa=codigo_empresa, unica=unica, planilla=planilla)

    @property
    def exportaciones(self) -> Exportaciones:
        """Build the making of FACs for PMC."""
        return Exportaciones(self.ledger, self.ledger.libro_exportaciones, self.clock, self.calendario)

    def salida_fac(self, carpeta: Path, empresa: Empresa) -> Salida:
        """Open a folder to write the empresa's FACs to."""
        from pmc_soap.files.fac.salida import CarpetaFac  # noqa: PLC0415 — likewise

        said = self.settings.empresas[empresa.codigo_empresa].archivos
        return CarpetaFac(carpeta, said.variante, said.trailer_total_width)

    @cached_property
    def calendario(self) -> Calendario:
        """Build the banks' calendar."""
        from pmc_soap.wiring import calendario  # noqa: PLC0415 — likewise

        return calendario.build(self.settings.calendario)

    @property
    def conciliaciones(self) -> Conciliaciones:
        """Build how the files of what PMC collected meet the pagos."""
        ledger = self.ledger
        return Conciliaciones(ledger, ledger.conciliado, self.empresas, self.clock, self.ids, self.calendario)

    @property
    def cierres(self) -> Cierres:
        """Build what finance does with what the files came to."""
        ledger = self.ledger
        return Cierres(ledger, ledger.conciliado, self.by_own_code, self.clock, self.ids, self.calendario)

    @property
    def seguimiento(self) -> Seguimiento:
        """Build the story of each pago."""
        return Seguimiento(self.ledger.historial, self.empresas)

    @property
    def tablero(self) -> Tablero:
        """Build what is shown first."""
        return Tablero(self.ledger.recuento, self.clock, self.calendario)

    @property
    def facturables(self) -> Facturables:
        """Build the proof of which consultas PMC may charge."""
        return Facturables(self.ledger.consultado)

    @property
    def retiros(self) -> Retiros:
        """Build what an empresa comes for, and what it says that it did with it."""
        return Retiros(self.ledger, self.ledger.retiro, self.empresas, self.clock)

    @property
    def by_own_code(self) -> Mapping[str, Empresa]:
        """Give the empresas by the code their data is kept under, whatever they are called by today."""
        return {codigo: said.empresa(codigo) for codigo, said in self.settings.empresas.items()}

    @property
    def puente(self) -> Puente:
        """Build what an operator does with pagos that were not imputed."""
        return Puente(self.ledger, self.by_own_code, self.clock)

    @property
    def operador(self) -> Operador:
        """Build what an operator does with what the empresas are owed."""
        return Operador(self.ledger, self.ledger.mostrador, self.by_own_code, self.clock)

    @cached_property
    def usuarios(self) -> Usuarios:
        """Build who enters the consola; one for a process, which counts wrong claves."""
        from pmc_soap.web.claves import Argon2  # noqa: PLC0415 — likewise

        demostracion = self.settings.mode is Mode.DEMOSTRACION
        return Usuarios(self.ledger.libro_usuarios, Argon2(), self.clock, demostracion=demostracion)

    @cached_property
    def grabador(self) -> "Grabador[Anotado] | None":
        """Build the recorder of exchanges; None if nothing is kept of them, or there is no database."""
        from pmc_soap.wiring import intercambios  # noqa: PLC0415 — likewise

        return intercambios.build_grabador(self)

    def soap(self, threads: int | None = None) -> Mapping[str, WSGIApplication]:
        """Build the SOAP edge: path → WSGI callable. threads: how many serve in this process."""
        from pmc_soap.wiring import borde  # noqa: PLC0415 — spyne costs half a second, which only who serves pays for

        return borde.build(self, threads)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End what is under way, and close the ledger."""
        if grabador := self.__dict__.get("grabador"):
            grabador.close()
        for instancia in self.__dict__.get("instancias", {}).values():
            instancia.close()
        for ruta in self.__dict__.get("rutas", ()):
            close(ruta.destino)
        self.ledger.close()


def build(settings: Settings, clock: Clock | None = None, ids: Ids | None = None, workers: int = 1) -> House:
    """Open the ledger and put the house on it; tests hand in their own clock and ids."""
    clock = clock or SystemClock()
    empresas = [said.empresa(codigo) for codigo, said in settings.empresas.items()]
    return House(
        settings=settings,
        ledger=open_ledger(settings.db),
        empresas=Padron(empresas, lambda: local_day(clock.now())),
        clock=clock,
        ids=ids or RandomIds(),
        workers=workers,
    )


def explain(error: Exception) -> str:
    """Say in Spanish why the database is not ready; a library's text stays here."""
    if isinstance(error, SQLAlchemyError):
        return "no responde, o la dirección, el usuario o el nombre de «db» no son los suyos"
    return str(error)


def migrate(settings: Settings) -> schema.Status:
    """Take the database to the schema of this version."""
    return schema.migrate(settings.db)


def status(settings: Settings) -> schema.Status:
    """Tell which schema the database has and which it needs."""
    return schema.status(settings.db)


def check(settings: Settings) -> None:
    """Raise ConfigError with all that the connectors refuse of the settings; nobody is called."""
    from pmc_soap.wiring import conectores  # noqa: PLC0415 — what most commands never need

    conectores.check(settings)


def verify(settings: Settings) -> None:
    """Raise one of DATABASE_ERRORS unless the database is ready to serve."""
    with build(settings) as house:
        house.ledger.verify()
