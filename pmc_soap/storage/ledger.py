"""The Ledger port over SQLAlchemy: how a transaction begins, waits, runs again and ends."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select, union
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from pmc_soap.domain.consulta import Busqueda, Consulta, Respuesta
from pmc_soap.domain.factura import Factura
from pmc_soap.operations.ports import Collision, Reading, Unavailable, Writing
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import schema
from pmc_soap.storage import tables as t
from pmc_soap.storage.actas import SqlAuditoria
from pmc_soap.storage.alertas import SqlAlertas
from pmc_soap.storage.alone import saying_alone
from pmc_soap.storage.answering import answering, collides
from pmc_soap.storage.bandeja import SqlBandeja
from pmc_soap.storage.conciliado import SqlConciliado
from pmc_soap.storage.consultado import SqlConsultado
from pmc_soap.storage.direct import begun, lend
from pmc_soap.storage.engine import POOL_SIZE, Base, BaseNoAdmitida, open_base
from pmc_soap.storage.historial import SqlHistorial
from pmc_soap.storage.informes import SqlInformes
from pmc_soap.storage.intercambios import SqlIntercambios
from pmc_soap.storage.libro_cargas import SqlLibroDeCargas
from pmc_soap.storage.libro_exportaciones import SqlLibroDeExportaciones
from pmc_soap.storage.libro_usuarios import SqlLibroDeUsuarios
from pmc_soap.storage.listado import SqlListado
from pmc_soap.storage.mostrador import SqlMostrador
from pmc_soap.storage.nonces import SqlNonces
from pmc_soap.storage.reading import SqlReading
from pmc_soap.storage.recording import record
from pmc_soap.storage.recuento import SqlRecuento
from pmc_soap.storage.retiro import SqlRetiro
from pmc_soap.storage.salud import Salud
from pmc_soap.storage.salud import ask as ask_salud
from pmc_soap.storage.writing import SqlWriting

T = TypeVar("T")

ATTEMPTS = 5

_EMPRESAS = union(select(t.cliente.c.codigo_empresa), select(t.aviso.c.codigo_empresa))


class DemasiadasColisiones(Unavailable):
    """Other transactions were first each time; nothing was written, and the caller may try again."""


def open_ledger(url: str, *, pool_size: int = POOL_SIZE) -> "SqlLedger":
    """Open the ledger of a migrated database, after the fork; raises BaseNoAdmitida."""
    return SqlLedger(open_base(url, pool_size=pool_size))


class SqlLedger:
    """The ledger in a database. Threads may share it, processes may not."""

    def __init__(self, base: Base) -> None:
        self._base = base

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """Open one moment's view."""
        with answering(), ledger_open(), begun(self._base.reads) as direct:
            yield SqlReading(direct)

    def payable(
        self, busqueda: Busqueda, day: date, limit: int, learned_since: datetime | None = None
    ) -> Sequence[Factura]:
        """Ask what Reading.payable tells, alone: one statement sees one moment by itself."""
        with answering(), ledger_open(), lend(self._base.reads) as direct:
            return SqlReading(direct).payable(busqueda, day, limit, learned_since)

    def write(self, codigo_empresa: str, id_cliente: str | Sequence[str] | None, work: Callable[[Writing], T]) -> T:
        """Run the work in one transaction, alone among those of the same clientes; durable when it returns.

        Raises DemasiadasColisiones when it collided ATTEMPTS times.
        """
        alone = [id_cliente] if isinstance(id_cliente, str) else list(id_cliente or ())
        for _ in range(ATTEMPTS):
            try:
                with answering():
                    return self._write(codigo_empresa, alone, work)
            except Collision as collision:
                last: Exception = collision
            except DBAPIError as error:
                if not collides(error):
                    raise
                last = error
        raise DemasiadasColisiones(
            f"otras transacciones se adelantaron {ATTEMPTS} veces seguidas; no se guardó nada"
        ) from last

    def record_consulta(self, consulta: Consulta, respuesta: Respuesta, timeout_s: float) -> None:
        """Write down a consulta and the quotes it showed; survives a killed process, need not survive a power cut.

        It waits no longer than timeout_s for its turn: an answer that comes too late helps nobody.
        """
        with answering():
            record(self._base.consultas, self._base.turn(timeout_s), consulta, respuesta)

    @property
    def bandeja(self) -> SqlBandeja:
        """Give what is owed, on the same database."""
        return SqlBandeja(self._base)

    @property
    def mostrador(self) -> SqlMostrador:
        """Give what an operator looks up, on the same database."""
        return SqlMostrador(self._base)

    @property
    def retiro(self) -> SqlRetiro:
        """Give the line that the empresas come for, on the same database."""
        return SqlRetiro(self._base)

    @property
    def historial(self) -> SqlHistorial:
        """Give what is written down about each pago, on the same database."""
        return SqlHistorial(self._base)

    @property
    def consultado(self) -> SqlConsultado:
        """Give what was asked and what was paid after, on the same database."""
        return SqlConsultado(self._base)

    @property
    def conciliado(self) -> SqlConciliado:
        """Give what the COBs come to, on the same database."""
        return SqlConciliado(self._base)

    @property
    def informes(self) -> SqlInformes:
        """Give the rows of reports, on the same database."""
        return SqlInformes(self._base)

    @property
    def listado(self) -> SqlListado:
        """Give the pagos that a page lists, on the same database."""
        return SqlListado(self._base)

    @property
    def libro_cargas(self) -> SqlLibroDeCargas:
        """Give what is remembered of files, on the same database."""
        return SqlLibroDeCargas(self._base)

    @property
    def libro_exportaciones(self) -> SqlLibroDeExportaciones:
        """Give what is remembered of the files made for PMC, on the same database."""
        return SqlLibroDeExportaciones(self._base)

    @property
    def libro_usuarios(self) -> SqlLibroDeUsuarios:
        """Give the people of the consola, on the same database."""
        return SqlLibroDeUsuarios(self._base)

    @property
    def alertas(self) -> SqlAlertas:
        """Give the notices for a person, on the same database."""
        return SqlAlertas(self._base)

    @property
    def auditoria(self) -> SqlAuditoria:
        """Give what was done by hand, on the same database."""
        return SqlAuditoria(self._base)

    @property
    def intercambios(self) -> SqlIntercambios:
        """Give the exchanges that are kept, on the same database."""
        return SqlIntercambios(self._base)

    @property
    def recuento(self) -> SqlRecuento:
        """Give the counts of the tablero, on the same database."""
        return SqlRecuento(self._base)

    @property
    def nonces(self) -> SqlNonces:
        """Give what may be used once, on the same database."""
        return SqlNonces(self._base)

    def empresas(self) -> frozenset[str]:
        """Give the codes of the empresas that reported a cliente or were told of a pago."""
        with answering(), self._base.reads.connect() as connection:
            return frozenset(connection.execute(_EMPRESAS).scalars())

    def verify(self) -> None:
        """Raise BaseNoAdmitida, EsquemaDistinto or the database's own error unless all is ready to serve."""
        with self._base.reads.connect() as connection:
            schema.verify(connection)

    def ready(self) -> bool:
        """Tell whether the database answers, is safe and has the newest schema."""
        try:
            self.verify()
        except (SQLAlchemyError, BaseNoAdmitida, schema.EsquemaDistinto):
            return False
        return True

    def salud(self) -> Salud:
        """Ask the database how it is; raises what it raises."""
        with answering():
            return ask_salud(self._base)

    def close(self) -> None:
        """Close all connections."""
        self._base.close()

    def _write(self, codigo_empresa: str, clientes: Sequence[str], work: Callable[[Writing], T]) -> T:
        alone = saying_alone(self._base.avisos, ((codigo_empresa, id_cliente) for id_cliente in clientes))
        with ledger_open(), begun(self._base.avisos, self._base.turn(), alone) as direct:
            return work(SqlWriting(direct))
