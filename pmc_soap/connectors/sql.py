"""The empresa's own database: asked for a debt with a SELECT, given its avisos by an INSERT, an UPDATE or a procedure.

The statements are the configuration's, with named binds (:id_cliente); one that a statement does not name is not sent.
The columns of a debt carry the words of mapeo.py, the binds of an aviso those of imputacion.py. No importe is a float.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from threading import Lock
from typing import Any

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    QueuePool,
    TextClause,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, SQLAlchemyError

from pmc_soap.connectors.controladores import CONNECT_S, CONTROLADORES
from pmc_soap.connectors.imputacion import BINDS, read_comprobante, said, write_binds
from pmc_soap.connectors.mapeo import read_deuda
from pmc_soap.domain.aviso import TipoAviso
from pmc_soap.domain.consulta import Consulta, Deuda, SinRespuesta
from pmc_soap.domain.entrega import Comprobante, Envio, EstadoImputacion, NoEntregado
from pmc_soap.domain.resultado import Resultado

CONEXIONES = 8  # at once, at most; they are opened as they are needed
TIMEOUT_S = 10  # for one statement (promises.md, "Delivery to the empresa")
RECYCLE_S = 1_800  # firewalls forget connections that are older

BINDS_CONSULTA = frozenset({"id_cliente", "id_factura", "codigo_barras", "codigo_empresa", "maximo"})

log = logging.getLogger(__name__)


class SistemaSql:
    """Asks the empresa's database for a debt; nothing that its statements may write stays.

    consulta gives a row for each factura. cliente, if given, gives a row when the cliente of :id_cliente exists.
    :maximo is one more than the facturas asked for, so that there being more can be told. codigo_empresa is the code
    that its statements know the empresa by; if not said, the one that its data is kept under.
    """

    def __init__(
        self,
        url: str,
        consulta: str,
        *,
        codigo_empresa: str | None = None,
        cliente: str | None = None,
        en_centavos: bool = False,
        formato_fecha: str | None = None,
        conexiones: int = CONEXIONES,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._base = _Base(url, conexiones, timeout_s, begin="BEGIN")
        self._consulta = _Sentencia(consulta, "consulta", BINDS_CONSULTA)
        self._cliente = _Sentencia(cliente, "cliente", BINDS_CONSULTA) if cliente else None
        self._codigo_empresa = codigo_empresa
        self._en_centavos, self._formato_fecha = en_centavos, formato_fecha

    def find_deuda(self, consulta: Consulta, timeout_s: float) -> Deuda:  # noqa: ARG002 — the connection has its own
        """Ask what is owed; raises SinRespuesta. Each statement has the timeout of the connection."""
        busqueda, limit = consulta.busqueda, consulta.maximo_facturas
        binds = {
            "id_cliente": busqueda.id_cliente,
            "id_factura": busqueda.id_factura,
            "codigo_barras": busqueda.codigo_barras,
            "codigo_empresa": self._codigo_empresa or busqueda.codigo_empresa,
            "maximo": limit + 1,
        }
        try:
            with self._base.opened() as connection:
                if self._cliente and busqueda.id_cliente and not _rows(self._cliente.run(connection, binds), 1):
                    return Deuda(resultado=Resultado.CLIENTE_INEXISTENTE)
                rows = _rows(self._consulta.run(connection, binds), limit + 1)
        except _Falla as falla:
            raise SinRespuesta(falla.motivo) from None
        deuda = read_deuda(rows[:limit], busqueda, en_centavos=self._en_centavos, formato_fecha=self._formato_fecha)
        return replace(deuda, hay_mas=len(rows) > limit)

    def close(self) -> None:
        """Close all connections."""
        self._base.close()


class DestinoSql:
    """Gives the empresa's database its avisos, each in one transaction.

    existe gives a row when the aviso of :id_aviso is already there: without it a repeat runs imputar once more, and an
    INSERT needs a unique key on id_aviso to refuse it. reversar, if given, is run for a reversa instead of imputar.
    What these return is optional: nro_comprobante; and estado RECHAZADO, with its motivo, where it was refused.
    """

    def __init__(
        self,
        url: str,
        imputar: str,
        *,
        reversar: str | None = None,
        existe: str | None = None,
        conexiones: int = CONEXIONES,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._base = _Base(url, conexiones, timeout_s, begin="BEGIN IMMEDIATE")
        self._imputar = _Sentencia(imputar, "imputar", BINDS)
        self._reversar = _Sentencia(reversar, "reversar", BINDS) if reversar else self._imputar
        self._existe = _Sentencia(existe, "existe", BINDS) if existe else None

    def deliver(self, envio: Envio) -> Comprobante:
        """Bring one aviso; raises NoEntregado, and then nothing of it stays unless the connection broke at the end."""
        binds = write_binds(envio, as_text=self._base.is_sqlite)
        sentencia = self._reversar if envio.aviso.tipo is TipoAviso.REVERSA else self._imputar
        try:
            with self._base.opened() as connection:
                return self._find(connection, binds) or _impute(connection, sentencia, binds)
        except _Falla as falla:
            if falla.permanente and (found := self._find_again(binds)):
                return found  # another deliverer was quicker
            raise NoEntregado(falla.motivo, permanente=falla.permanente) from None

    def close(self) -> None:
        """Close all connections."""
        self._base.close()

    def _find(self, connection: Connection, binds: Mapping[str, object]) -> Comprobante | None:
        rows = _rows(self._existe.run(connection, binds), 1) if self._existe else []
        if not rows:
            return None
        refused = said(rows[0], "estado") == EstadoImputacion.RECHAZADO
        return read_comprobante(rows[0], EstadoImputacion.RECHAZADO if refused else EstadoImputacion.IMPUTADO)

    def _find_again(self, binds: Mapping[str, object]) -> Comprobante | None:
        try:
            with self._base.opened() as connection:
                return self._find(connection, binds)
        except _Falla:
            return None


def _impute(connection: Connection, sentencia: "_Sentencia", binds: Mapping[str, object]) -> Comprobante:
    """Run the statement and commit; an answer that cannot be understood, or an UPDATE of nothing, is undone."""
    result = sentencia.run(connection, binds)
    rows = _rows(result, 1) if result.returns_rows else []
    if sentencia.is_update and not rows and result.rowcount == 0:
        raise _Falla(f"la sentencia «{sentencia.nombre}» no encontró ninguna fila para actualizar", permanente=True)
    estado = (said(rows[0], "estado") if rows else None) or EstadoImputacion.IMPUTADO
    if estado not in set(EstadoImputacion):
        motivo = f"la sentencia «{sentencia.nombre}» devolvió un estado que no es IMPUTADO ni RECHAZADO"
        raise _Falla(motivo, permanente=True)
    connection.commit()
    return read_comprobante(rows[0] if rows else {}, EstadoImputacion(estado))


def _rows(result: CursorResult[Any], limit: int) -> list[dict[str, object]]:
    """Give the first rows, their columns in small letters as some databases write them in capitals."""
    rows = result.mappings().fetchmany(limit)
    result.close()
    return [{name.lower(): valor for name, valor in row.items()} for row in rows]


class _Falla(Exception):
    """What went wrong with the database; motivo has no value, no secret and no text of a library."""

    def __init__(self, motivo: str, *, permanente: bool = False) -> None:
        super().__init__(motivo)
        self.motivo = motivo
        self.permanente = permanente


class _Sentencia:
    """One statement of the configuration; raises ValueError for a bind that we do not have."""

    def __init__(self, sql: str, nombre: str, known: frozenset[str]) -> None:
        self._clause: TextClause = text(sql)
        self.nombre = nombre
        self.is_update = sql.lstrip()[:6].upper() == "UPDATE"
        self._binds = frozenset(self._clause.compile().params)
        for unknown in sorted(self._binds - known):
            raise ValueError(
                f"la sentencia «{nombre}» pide «:{unknown}», que no existe: se puede usar"
                f" {', '.join(f':{name}' for name in sorted(known))} (un «:» que no es un dato se escribe «\\:»)"
            )

    def run(self, connection: Connection, binds: Mapping[str, object]) -> CursorResult[Any]:
        """Run it with the binds that it names."""
        try:
            return connection.execute(self._clause, {name: binds[name] for name in self._binds})
        except SQLAlchemyError as error:
            raise _falla(error, f"la sentencia «{self.nombre}»") from None


def _falla(error: SQLAlchemyError, what: str) -> _Falla:
    """Tell data that will never fit from what may be mended: a connection, a statement, a database too busy."""
    code = _code(error)
    log.warning(
        "the empresa's database did not do it: error=%s codigo_base=%s", type(error).__name__, code.strip(" ()")
    )
    if isinstance(error, IntegrityError | DataError):
        return _Falla(f"la base de la empresa no admite los datos{code}", permanente=True)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return _Falla(f"se cortó la conexión con la base de la empresa{code}")
    return _Falla(f"la base de la empresa no pudo con {what}{code}: revisala en la configuración, o tardó demasiado")


def _code(error: SQLAlchemyError) -> str:
    """Give the database's own code, which says what happened and holds no value."""
    orig = getattr(error, "orig", None)
    first = orig.args[0] if orig is not None and orig.args else None
    code = getattr(orig, "sqlstate", None) or getattr(orig, "sqlite_errorname", None)
    code = code or getattr(first, "full_code", None) or (first if isinstance(first, int) else None)
    return f" (código {code})" if code else ""


class _Base:
    """The engine of one database, built when it is first needed: a connection cannot be shared by processes."""

    def __init__(self, url: str, conexiones: int, timeout_s: float, begin: str) -> None:
        try:
            self._url = make_url(url)
            driver = CONTROLADORES.get(f"{self._url.get_backend_name()}+{self._url.get_driver_name()}")
        except (ArgumentError, SQLAlchemyError, ValueError):
            raise ValueError("la dirección de la base de la empresa no se entiende") from None
        if driver is None:
            raise ValueError(
                f"no se admite la base «{self._url.drivername}»: se admite {', '.join(sorted(CONTROLADORES))}"
            )
        if find_spec(driver.module) is None:
            raise ValueError(f"falta instalar «{driver.module}»: pip install 'pmc-soap[{driver.extra}]'")
        self.is_sqlite = driver.module == "sqlite3"
        if self.is_sqlite and self._url.database in {None, "", ":memory:"}:
            raise ValueError("la base SQLite de la empresa tiene que ser un archivo: sqlite:///ruta")
        self._driver, self._conexiones, self._timeout_s, self._begin = driver, conexiones, timeout_s, begin
        self._engine: Engine | None = None
        self._lock = Lock()

    @contextmanager
    def opened(self) -> Iterator[Connection]:
        """Open a transaction, which is undone unless the block commits it; raises _Falla."""
        connected = False
        try:
            with self._get().connect() as connection:
                connection.begin()
                connected = True
                yield connection
        except SQLAlchemyError as error:
            falla = _falla(error, "la transacción")
            raise (falla if connected else _Falla(f"no hay conexión con la base de la empresa{_code(error)}")) from None

    def close(self) -> None:
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    def _get(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = self._build()
            return self._engine

    def _build(self) -> Engine:
        engine = create_engine(
            self._url,
            poolclass=QueuePool,
            pool_size=self._conexiones,
            max_overflow=0,
            pool_timeout=CONNECT_S,
            pool_recycle=RECYCLE_S,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args=self._driver.connect_args(self._timeout_s, self._url.get_dialect().import_dbapi()),
        )
        event.listen(engine, "connect", partial(self._driver.on_connect, self._timeout_s))
        event.listen(engine, "begin", partial(self._driver.on_begin, self._timeout_s, self._begin))
        return engine
