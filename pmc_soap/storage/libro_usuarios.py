"""The LibroDeUsuarios port: people and sessions. A session need not survive a power cut; its owner enters again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from pmc_soap.domain.acta import Acta
from pmc_soap.domain.usuario import Rol
from pmc_soap.operations.libro_usuarios import Negado, Reparo, Sesion, UsuarioGuardado
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import tables as t
from pmc_soap.storage.actas import write_acta
from pmc_soap.storage.answering import answering
from pmc_soap.storage.engine import Base

_u, _s = t.usuario.c, t.sesion.c
_ALL = select(t.usuario).order_by(_u.usuario)
_ONE = select(t.usuario).where(_u.usuario == bindparam("of_usuario"))
_SESSION = (
    select(
        t.usuario,
        *(_s[name] for name in ("huella", "creada_utc", "vista_utc", "vence_utc")),
    )
    .join_from(t.sesion, t.usuario)
    .where(_s.huella == bindparam("of_huella"))
)
_SESSIONS = select(t.sesion).where(_s.usuario == bindparam("of_usuario")).order_by(_s.creada_utc.desc(), _s.huella)
_CHANGE = update(t.usuario).where(_u.usuario == bindparam("of_usuario"))
_SEE = update(t.sesion).where(
    _s.huella == bindparam("of_huella"), _s.vista_utc < bindparam("at", type_=_s.vista_utc.type)
)
_END = delete(t.sesion)


class SqlLibroDeUsuarios:
    """People and sessions, in a database."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def list(self) -> Sequence[UsuarioGuardado]:
        """Give everybody, by usuario."""
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            return [_read_usuario(row) for row in connection.execute(_ALL).mappings()]

    def find(self, usuario: str) -> UsuarioGuardado | None:
        """Give one person."""
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            row = connection.execute(_ONE, {"of_usuario": usuario}).mappings().first()
        return _read_usuario(row) if row else None

    def add(self, guardado: UsuarioGuardado, acta: Acta) -> None:
        """Add a person; raises Negado if somebody was first."""
        try:
            with self._writing(self._base.avisos) as connection:
                connection.execute(insert(t.usuario), asdict(guardado))
                _note(connection, acta)
        except IntegrityError as first:
            raise Negado(Reparo.USUARIO_EXISTE) from first

    def change(self, guardado: UsuarioGuardado, acta: Acta) -> None:
        """Replace what is kept of a person, and end all sessions of that person."""
        said = {name: value for name, value in asdict(guardado).items() if name != "usuario"}
        with self._writing(self._base.avisos) as connection:
            connection.execute(_CHANGE.values(**said), {"of_usuario": guardado.usuario})
            connection.execute(_END.where(_s.usuario == guardado.usuario))
            _note(connection, acta)

    def open(self, sesion: Sesion, acta: Acta) -> None:
        """Open a session, and forget those that ended."""
        with self._writing(self._base.consultas) as connection:
            connection.execute(_END.where(_s.vence_utc < sesion.creada_utc))
            connection.execute(insert(t.sesion), asdict(sesion))
            _note(connection, acta)

    def session(self, huella: str) -> tuple[Sesion, UsuarioGuardado] | None:
        """Give a session and whose it is, whether or not it ended."""
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            row = connection.execute(_SESSION, {"of_huella": huella}).mappings().first()
        return (_read_sesion(row), _read_usuario(row)) if row else None

    def sessions(self, usuario: str) -> Sequence[Sesion]:
        """Give the sessions of a person, the newest first."""
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            return [_read_sesion(row) for row in connection.execute(_SESSIONS, {"of_usuario": usuario}).mappings()]

    def see(self, huella: str, at_utc: datetime) -> None:
        """Note that somebody used a session."""
        with self._writing(self._base.consultas) as connection:
            connection.execute(_SEE.values(vista_utc=at_utc), {"of_huella": huella, "at": at_utc})

    def close(self, huella: str) -> None:
        """End a session."""
        with self._writing(self._base.consultas) as connection:
            connection.execute(_END.where(_s.huella == huella))

    def close_all(self, usuario: str, but: str | None) -> None:
        """End all sessions of a person but one."""
        with self._writing(self._base.consultas) as connection:
            connection.execute(_END.where(_s.usuario == usuario, _s.huella != (but or "")))

    def note(self, acta: Acta) -> None:
        """Write down an act that changes nothing else."""
        with self._writing(self._base.avisos) as connection:
            _note(connection, acta)

    @contextmanager
    def _writing(self, engine: Engine) -> Iterator[Connection]:
        with answering(), ledger_open(), self._base.turn(), engine.begin() as connection:
            yield connection


def _note(connection: Connection, acta: Acta) -> None:
    connection.execute(insert(t.auditoria), write_acta(acta))


def _read_usuario(row: Any) -> UsuarioGuardado:
    said = {field.name: row[field.name] for field in fields(UsuarioGuardado)}
    return UsuarioGuardado(**(said | {"rol": Rol(row["rol"])}))


def _read_sesion(row: Any) -> Sesion:
    return Sesion(**{field.name: row[field.name] for field in fields(Sesion)})
