"""Claves as argon2id keeps them, with the memory that RFC 9106 asks for where there is little (64 MiB, 3 passes)."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHash
from argon2.profiles import RFC_9106_LOW_MEMORY

AT_ONCE = 2  # of one process: each takes 64 MiB


class Argon2:
    """The Claves port."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._room = BoundedSemaphore(AT_ONCE)

    def hash(self, clave: str) -> str:
        """Make the hash of a clave."""
        with self._room:
            return self._hasher.hash(clave)

    def verify(self, hash_: str, clave: str) -> bool:
        """Tell whether that is the clave."""
        with self._room:
            try:
                return self._hasher.verify(hash_, clave)
            except (Argon2Error, InvalidHash):
                return False
