"""Who may call: the network, and each empresa for its own data. Secrets are kept as salted hashes only.

A secret is issued by `pmc-soap credencial issue` with 256 bits of chance, so one SHA-256 is a sound hash of it
(docs/adr/0004-credenciales.md). A digest cannot be checked against a hash: only a credential whose configuration names
the secret itself admits one (docs/adr/0013-quien-llama.md).
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, date, datetime
from typing import Self

from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.valor import value

_SCHEME = "sha256"


@value
class Resumen:
    """A PasswordDigest of WS-Security: SHA-1 of nonce, created and secret. created is as the caller wrote it."""

    nonce: bytes
    created: str
    digest: bytes

    def is_of(self, secreto: str) -> bool:
        """Tell whether it was made with that secret."""
        made = hashlib.sha1(self.nonce + self.created.encode() + secreto.encode(), usedforsecurity=False).digest()
        return hmac.compare_digest(made, self.digest)


@value
class Presented:
    """What a caller shows: a secret or a digest of it, with a user name unless it came as a Token."""

    secreto: str = field(default="", repr=False)
    usuario: str | None = None
    resumen: Resumen | None = field(default=None, repr=False)


@value
class Credencial:
    """A live secret: the user name it goes with over HTTP Basic or UsernameToken, its hash, and its last day.

    secreto: the secret itself, where the configuration names it, so that a digest of it can be checked.
    """

    usuario: str
    hash: str
    hasta: date | None = None
    secreto: str | None = field(default=None, repr=False)

    _salt: bytes = field(init=False, repr=False)
    _digest: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _, salt, digest = self.hash.split("$")
        object.__setattr__(self, "_salt", f"{salt}$".encode())  # it is frozen, and every request asks for these
        object.__setattr__(self, "_digest", digest)

    @classmethod
    def of_secret(cls, usuario: str, secreto: str, hasta: date | None = None) -> Self:
        """Make one of a secret that is known."""
        return cls(usuario=usuario, hash=hash_secret(secreto), hasta=hasta, secreto=secreto)

    def matches(self, presented: Presented) -> bool:
        """Compare in constant time, the user and the secret, whichever is wrong."""
        if presented.resumen is not None:
            same_secret = presented.resumen.is_of(self.secreto or "") and self.secreto is not None
        else:
            made = hashlib.sha256(self._salt + presented.secreto.encode()).hexdigest()
            same_secret = hmac.compare_digest(made, self._digest)
        if presented.usuario is None:  # which the caller knows: it tells him nothing
            return same_secret
        return hmac.compare_digest(presented.usuario.encode(), self.usuario.encode()) and same_secret


_NOBODY = Credencial(usuario="", hash=f"{_SCHEME}$00$00")  # compared where there is no candidate: the same steps


class Hoy:
    """Gives the day that it is in Argentina, worked out once a minute: every request asks."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._minute_and_day: tuple[int, date] = (-1, date.min)

    def __call__(self) -> date:
        """Give the day."""
        now = self._now()
        minute = int(now.timestamp()) // 60
        if self._minute_and_day[0] != minute:
            self._minute_and_day = (minute, local_day(now))
        return self._minute_and_day[1]


class Credenciales:
    """The credentials of the installation: the network's, and each empresa's by every code that it is called by."""

    def __init__(
        self,
        network: Sequence[Credencial],
        empresas: Mapping[str, Sequence[Credencial]],
        today: Callable[[], date] | None = None,
    ) -> None:
        self._network = tuple(network)
        self._empresas = {codigo: tuple(live) for codigo, live in empresas.items()}
        self._today = today or Hoy(lambda: datetime.now(UTC))

    def admits_network(self, presented: Presented, *, only_issued: bool = False) -> bool:
        """Tell whether this is the network. only_issued: by a secret that we issued, which nobody can guess."""
        return self._any_match(self._network, presented, only_issued=only_issued)

    def admits_empresa(self, codigo_empresa: str, presented: Presented, *, only_issued: bool = False) -> bool:
        """Tell whether this is that empresa, likewise."""
        return self._any_match(self._empresas.get(codigo_empresa, ()), presented, only_issued=only_issued)

    def _any_match(self, credenciales: Sequence[Credencial], presented: Presented, *, only_issued: bool) -> bool:
        """Compare with every live secret, in constant time for each, without stopping at the first that matches."""
        live = [each for each in credenciales if each.hasta is None or self._today() <= each.hasta]
        if only_issued:
            live = [each for each in live if each.secreto is None]
        right = False
        for each in live or (_NOBODY,):
            right = each.matches(presented) or right
        return right


def can_be_usuario(said: str) -> bool:
    """Tell whether HTTP Basic can carry it."""
    return bool(said.strip()) and ":" not in said and said.isprintable()


def issue() -> str:
    """Make a new secret."""
    return secrets.token_urlsafe(32)


def hash_secret(secreto: str, salt: str | None = None) -> str:
    """Hash a secret for the configuration: sha256$salt$digest."""
    salt = salt or secrets.token_hex(16)
    digest = hashlib.sha256(f"{salt}${secreto}".encode()).hexdigest()
    return f"{_SCHEME}${salt}${digest}"


def read_basic(authorization: str | None) -> Presented | None:
    """Read an HTTP Basic header; None if there is none or it is not one."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        usuario, colon, secreto = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:  # not base64, not ASCII, or not UTF-8
        return None
    return Presented(usuario=usuario, secreto=secreto) if colon else None
