"""People of the consola: who may enter, with what clave, and for how long a session lives.

A session's token is known to its browser alone; the ledger keeps its hash. Times are those of Clock.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from pmc_soap.domain.acta import Accion, Acta
from pmc_soap.domain.usuario import Rol, Usuario
from pmc_soap.operations.espera import Espera
from pmc_soap.operations.libro_usuarios import (
    CLAVE_DE_DEMOSTRACION,
    Claves,
    LibroDeUsuarios,
    Negado,
    Reparo,
    Sesion,
    UsuarioGuardado,
    check_clave,
    check_usuario,
)
from pmc_soap.operations.ports import Clock

QUIETA = timedelta(minutes=30)  # without asking for anything
DURA = timedelta(hours=12)  # in all
VISTA_CADA = timedelta(minutes=1)  # a write for each page would be one for nothing
_TOKEN_BYTES = 32
_UNICA_BYTES = 12
_NADIE = "nadie"  # whose clave is compared where there is no such person: it takes as long


class Usuarios:
    """What is done with people and their sessions. demostracion: its public clave is let in."""

    def __init__(self, libro: LibroDeUsuarios, claves: Claves, clock: Clock, *, demostracion: bool = False) -> None:
        self._libro = libro
        self._claves = claves
        self._clock = clock
        self._demostracion = demostracion
        self._espera = Espera()
        self._hash_of_nobody: str | None = None

    def enter(self, usuario: str, clave: str, direccion: str) -> tuple[str, UsuarioGuardado]:
        """Open a session: its token and whose it is. Raises Negado: NO_COINCIDE, ESPERA; nobody learns who exists."""
        usuario = usuario.strip().lower()
        quien = (usuario, direccion)
        if self._espera.blocks(quien):
            raise Negado(Reparo.ESPERA)
        found = self._libro.find(usuario)
        known = found.hash if found else self._nobody()
        right = self._claves.verify(known, clave) and found is not None and found.activo
        if not right or found is None or (clave == CLAVE_DE_DEMOSTRACION and not self._demostracion):
            self._espera.failed(quien)
            raise Negado(Reparo.NO_COINCIDE)
        self._espera.passed(quien)
        return self.open(found), found

    def open(self, found: UsuarioGuardado) -> str:
        """Open a session of somebody who was recognised, and give its token."""
        now = self._clock.now()
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        sesion = Sesion(
            huella=_huella(token), usuario=found.usuario, creada_utc=now, vista_utc=now, vence_utc=now + DURA
        )
        self._libro.open(sesion, _acta(Accion.ENTRADA, found.usuario, found.usuario, "", now, {}, {}))
        return token

    def who(self, token: str | None) -> UsuarioGuardado | None:
        """Give whose session that is; None if it ended, or nobody's."""
        if not token:
            return None
        found = self._libro.session(_huella(token))
        now = self._clock.now()
        if found is None:
            return None
        sesion, usuario = found
        if not usuario.activo or now >= sesion.vence_utc or now - sesion.vista_utc >= QUIETA:
            return None
        if now - sesion.vista_utc >= VISTA_CADA:
            self._libro.see(sesion.huella, now)
        return usuario

    def leave(self, token: str) -> None:
        """End a session."""
        self._libro.close(_huella(token))

    def sessions(self, usuario: str) -> Sequence[Sesion]:
        """Give the sessions of a person that are open, the newest first."""
        now = self._clock.now()
        return [
            each for each in self._libro.sessions(usuario) if now < each.vence_utc and now - each.vista_utc < QUIETA
        ]

    def list(self) -> Sequence[UsuarioGuardado]:
        """Give everybody, by name."""
        return self._libro.list()

    def add(self, usuario: str, nombre: str, rol: Rol, clave: str | None, *, operador: str) -> str | None:
        """Add a person. Without a clave one is made up, given back, and must be changed at once. Raises Negado."""
        usuario = check_usuario(usuario)
        if self._libro.find(usuario) is not None:
            raise Negado(Reparo.USUARIO_EXISTE)
        made_up = None if clave is not None else secrets.token_urlsafe(_UNICA_BYTES)
        now = self._clock.now()
        guardado = UsuarioGuardado(
            usuario=usuario,
            nombre=" ".join(nombre.split()) or usuario,
            rol=rol,
            hash=self._hash(made_up or clave or "", usuario),
            activo=True,
            debe_cambiar=made_up is not None,
            creado_utc=now,
            clave_utc=now,
        )
        after: dict[str, object] = {"rol": rol.value, "nombre": guardado.nombre}
        self._libro.add(guardado, _acta(Accion.USUARIO_ALTA, operador, usuario, "", now, {}, after))
        return made_up

    def change(self, usuario: str, *, operador: str, rol: Rol | None = None, activo: bool | None = None) -> None:
        """Give a person another role, or let in no more, or again; open sessions end. Raises Negado."""
        before = self._get(usuario)
        after = replace(
            before, rol=before.rol if rol is None else rol, activo=before.activo if activo is None else activo
        )
        if after == before:
            return
        loses_the_last = _administers(before) and not _administers(after)
        if loses_the_last and sum(map(_administers, self._libro.list())) == 1:
            raise Negado(Reparo.ULTIMO_ADMINISTRADOR)
        acta = _acta(Accion.USUARIO_CAMBIO, operador, usuario, "", self._clock.now(), _stands(before), _stands(after))
        self._libro.change(after, acta)

    def set_clave(self, usuario: str, clave: str | None, *, operador: str) -> str | None:
        """Give a person another clave; sessions end. Without one it is made up, given back, to be changed at once."""
        before = self._get(usuario)
        made_up = None if clave is not None else secrets.token_urlsafe(_UNICA_BYTES)
        now = self._clock.now()
        after = replace(
            before,
            hash=self._hash(made_up or clave or "", usuario),
            clave_utc=now,
            debe_cambiar=made_up is not None,
        )
        self._libro.change(after, _acta(Accion.CLAVE_CAMBIO, operador, usuario, "", now, {}, {}))
        return made_up

    def change_own_clave(self, usuario: str, clave: str, nueva: str) -> None:
        """Change one's own clave: all one's sessions end. Raises Negado."""
        before = self._get(usuario)
        if not self._claves.verify(before.hash, clave):
            raise Negado(Reparo.NO_COINCIDE)
        if clave == nueva:
            raise Negado(Reparo.CLAVE_IGUAL)
        self.set_clave(usuario, nueva, operador=usuario)

    def end_sessions(self, usuario: str, but_token: str | None) -> None:
        """End the sessions of a person, but the one that asks for it."""
        self._libro.close_all(usuario, _huella(but_token) if but_token else None)

    def _get(self, usuario: str) -> UsuarioGuardado:
        found = self._libro.find(usuario)
        if found is None:
            raise Negado(Reparo.USUARIO_INEXISTENTE)
        return found

    def _hash(self, clave: str, usuario: str) -> str:
        if not (self._demostracion and clave == CLAVE_DE_DEMOSTRACION):
            check_clave(clave, usuario)
        return self._claves.hash(clave)

    def _nobody(self) -> str:
        if self._hash_of_nobody is None:
            self._hash_of_nobody = self._claves.hash(_NADIE)
        return self._hash_of_nobody


def read_usuario(guardado: UsuarioGuardado) -> Usuario:
    """Give who that is, as the pages know people."""
    return Usuario(usuario=guardado.usuario, nombre=guardado.nombre, rol=guardado.rol)


def _administers(guardado: UsuarioGuardado) -> bool:
    return guardado.activo and guardado.rol is Rol.ADMINISTRADOR


def _stands(guardado: UsuarioGuardado) -> dict[str, object]:
    return {"rol": guardado.rol.value, "activo": guardado.activo}


def _huella(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _acta(
    accion: Accion,
    operador: str,
    usuario: str,
    motivo: str,
    at_utc: datetime,
    antes: dict[str, object],
    despues: dict[str, object],
) -> Acta:
    return Acta(
        fecha_hora_utc=at_utc,
        operador=operador,
        accion=accion,
        codigo_empresa="",
        motivo=motivo,
        antes={"usuario": usuario, **antes} if antes else {},
        despues={"usuario": usuario, **despues},
    )
