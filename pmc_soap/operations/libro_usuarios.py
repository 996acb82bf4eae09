"""What is remembered of people and their sessions, what a clave must be, and why one is not let in."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pmc_soap.domain.acta import Acta
from pmc_soap.domain.usuario import Rol
from pmc_soap.domain.valor import value

CLAVE_MIN, CLAVE_MAX = 12, 200  # characters
CLAVE_DE_DEMOSTRACION = "demostracion"  # public: let in by the demonstration alone
_USUARIO = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_DISTINTOS_MIN = 5
_GUESSED = re.compile(r"contrase|password|pagomiscuentas|qwerty|12345678", re.IGNORECASE)


class Reparo(StrEnum):
    """Why something about people is refused."""

    NO_COINCIDE = "NO_COINCIDE"
    ESPERA = "ESPERA"
    CLAVE_CORTA = "CLAVE_CORTA"
    CLAVE_LARGA = "CLAVE_LARGA"
    CLAVE_ADIVINABLE = "CLAVE_ADIVINABLE"
    CLAVE_IGUAL = "CLAVE_IGUAL"
    USUARIO_INVALIDO = "USUARIO_INVALIDO"
    USUARIO_EXISTE = "USUARIO_EXISTE"
    USUARIO_INEXISTENTE = "USUARIO_INEXISTENTE"
    ULTIMO_ADMINISTRADOR = "ULTIMO_ADMINISTRADOR"


class Negado(Exception):
    """It was refused and changed nothing."""

    def __init__(self, reparo: Reparo) -> None:
        super().__init__(reparo)
        self.reparo = reparo


@value
class UsuarioGuardado:
    """A person as kept. hash is argon2's, of the clave; debe_cambiar: before anything else, the clave."""

    usuario: str
    nombre: str
    rol: Rol
    hash: str
    activo: bool
    debe_cambiar: bool
    creado_utc: datetime
    clave_utc: datetime


@value
class Sesion:
    """One browser that somebody entered with. huella is the hash of its token."""

    huella: str
    usuario: str
    creada_utc: datetime
    vista_utc: datetime
    vence_utc: datetime


class Claves(Protocol):
    """How a clave is kept and compared: slowly, so that a stolen hash helps little."""

    def hash(self, clave: str) -> str:
        """Make the hash of a clave."""

    def verify(self, hash_: str, clave: str) -> bool:
        """Tell whether that is the clave; takes as long either way."""


class LibroDeUsuarios(Protocol):
    """People and sessions. Each change is written together with its acta."""

    def list(self) -> Sequence[UsuarioGuardado]:
        """Give everybody, by usuario."""

    def find(self, usuario: str) -> UsuarioGuardado | None:
        """Give one person."""

    def add(self, guardado: UsuarioGuardado, acta: Acta) -> None:
        """Add a person; raises Negado (USUARIO_EXISTE) if somebody was first."""

    def change(self, guardado: UsuarioGuardado, acta: Acta) -> None:
        """Replace what is kept of a person, and end all sessions of that person."""

    def open(self, sesion: Sesion, acta: Acta) -> None:
        """Open a session, and forget those that ended."""

    def session(self, huella: str) -> tuple[Sesion, UsuarioGuardado] | None:
        """Give a session and whose it is, whether or not it ended."""

    def sessions(self, usuario: str) -> Sequence[Sesion]:
        """Give the sessions of a person, the newest first."""

    def see(self, huella: str, at_utc: datetime) -> None:
        """Note that somebody used a session."""

    def close(self, huella: str) -> None:
        """End a session."""

    def close_all(self, usuario: str, but: str | None) -> None:
        """End all sessions of a person but one."""

    def note(self, acta: Acta) -> None:
        """Write down an act that changes nothing else."""


def check_usuario(usuario: str) -> str:
    """Give the name as it is kept; raises Negado."""
    compact = usuario.strip().lower()
    if not _USUARIO.fullmatch(compact):
        raise Negado(Reparo.USUARIO_INVALIDO)
    return compact


def check_clave(clave: str, usuario: str) -> None:
    """Raise Negado for a clave that is too short, or among the first that anybody would try."""
    if len(clave) < CLAVE_MIN:
        raise Negado(Reparo.CLAVE_CORTA)
    if len(clave) > CLAVE_MAX:
        raise Negado(Reparo.CLAVE_LARGA)
    few = len(set(clave)) < _DISTINTOS_MIN
    if few or clave == CLAVE_DE_DEMOSTRACION or _GUESSED.search(clave) or usuario in clave.lower():
        raise Negado(Reparo.CLAVE_ADIVINABLE)
