"""Where the house is put together, once a process: settings in, a House out. Modules define; only this builds."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from wsgiref.types import WSGIApplication

from sqlalchemy.exc import SQLAlchemyError

from pmc_soap.config import CredencialSettings, Settings
from pmc_soap.domain.empresa import Empresa
from pmc_soap.operations.aviso_ilegible import Ilegibles
from pmc_soap.operations.aviso_pago import Avisos
from pmc_soap.operations.carga import Cargas
from pmc_soap.operations.consulta_deuda import Consultas
from pmc_soap.operations.factura import Facturas
from pmc_soap.operations.ports import Clock, Ids
from pmc_soap.operations.reversa_pago import Reversas
from pmc_soap.storage import schema
from pmc_soap.storage.engine import BaseNoAdmitida
from pmc_soap.storage.ledger import SqlLedger, open_ledger

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
        return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class House:
    """All that was built; closes what it opened."""

    settings: Settings
    ledger: SqlLedger
    empresas: Mapping[str, Empresa]
    clock: Clock
    ids: Ids

    @property
    def consultas(self) -> Consultas:
        """Build the answer to PMC's question."""
        return Consultas(self.ledger, self.empresas, self.clock, self.ids)

    @property
    def avisos(self) -> Avisos:
        """Build the intake of pagos."""
        return Avisos(self.ledger, self.empresas, self.clock, self.ids)

    @property
    def reversas(self) -> Reversas:
        """Build the intake of reversas."""
        return Reversas(self.ledger, self.empresas, self.clock, self.ids)

    @property
    def facturas(self) -> Facturas:
        """Build what an empresa does with its facturas."""
        return Facturas(self.ledger, self.empresas, self.clock)

    @property
    def cargas(self) -> Cargas:
        """Build the loading of files."""
        return Cargas(self.ledger, self.empresas, self.clock)

    def soap(self) -> Mapping[str, WSGIApplication]:
        """Build the SOAP edge: path → WSGI callable."""
        # spyne costs half a second to import; the commands that do not serve never pay it
        from pmc_soap.soap import app  # noqa: PLC0415
        from pmc_soap.soap.credenciales import Credencial, Credenciales  # noqa: PLC0415
        from pmc_soap.soap.service import Operations  # noqa: PLC0415

        def live(said: Sequence[CredencialSettings]) -> list[Credencial]:
            return [Credencial(usuario=c.usuario, hash=c.hash) for c in said]

        operations = Operations(
            consultas=self.consultas,
            avisos=self.avisos,
            reversas=self.reversas,
            facturas=self.facturas,
            clock=self.clock,
        )
        credenciales = Credenciales(
            live(self.settings.pagomiscuentas.credenciales),
            {codigo: live(empresa.credenciales) for codigo, empresa in self.settings.empresas.items()},
        )
        return app.build(
            operations, credenciales, Ilegibles(self.ledger, self.clock).keep, self.settings.public_url or ""
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ledger.close()


def build(settings: Settings, clock: Clock | None = None, ids: Ids | None = None) -> House:
    """Open the ledger and put the house on it; tests hand in their own clock and ids."""
    return House(
        settings=settings,
        ledger=open_ledger(settings.db),
        empresas={codigo: said.empresa(codigo) for codigo, said in settings.empresas.items()},
        clock=clock or SystemClock(),
        ids=ids or RandomIds(),
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


def verify(settings: Settings) -> None:
    """Raise one of DATABASE_ERRORS unless the database is ready to serve."""
    with build(settings) as house:
        house.ledger.verify()
