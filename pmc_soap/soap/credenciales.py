"""Who may call: the network, and each empresa for its own data. Secrets are kept as salted hashes only.

A secret is issued by `pmc-soap credencial issue` with 256 bits of chance, so one SHA-256 is a sound hash of it
(docs/adr/0004-credenciales.md).
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pmc_soap.domain.calendario import local_day

_SCHEME = "sha256"
_NOBODY = f"{_SCHEME}$00$00"  # compared when there is no candidate, so that both cases take the same steps


@dataclass(frozen=True, kw_only=True, slots=True)
class Credencial:
    """A live secret: the user name it goes with over HTTP Basic or UsernameToken, its hash, and its last day."""

    usuario: str
    hash: str
    hasta: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Presented:
    """What a caller shows: a secret, with a user name unless it came as a Token."""

    secreto: str
    usuario: str | None = None


class Credenciales:
    """The credentials of the installation: the network's, and each empresa's by every code that it is called by."""

    def __init__(
        self,
        network: Sequence[Credencial],
        empresas: Mapping[str, Sequence[Credencial]],
        today: Callable[[], date] = lambda: local_day(datetime.now(UTC)),
    ) -> None:
        self._network = tuple(network)
        self._empresas = {codigo: tuple(live) for codigo, live in empresas.items()}
        self._today = today

    def admits_network(self, presented: Presented) -> bool:
        """Tell whether this is the network."""
        return _any_match(self._live(self._network), presented)

    def admits_empresa(self, codigo_empresa: str, presented: Presented) -> bool:
        """Tell whether this is that empresa."""
        return _any_match(self._live(self._empresas.get(codigo_empresa, ())), presented)

    def _live(self, credenciales: Sequence[Credencial]) -> Sequence[Credencial]:
        """Leave out those whose last day has passed."""
        today = self._today()
        return [each for each in credenciales if each.hasta is None or today <= each.hasta]


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


def _any_match(live: Sequence[Credencial], presented: Presented) -> bool:
    """Compare with every live secret, in constant time for each, without stopping at the first that matches."""
    matches = [_matches(credencial, presented) for credencial in live or [Credencial(usuario="", hash=_NOBODY)]]
    return any(matches)


def _matches(credencial: Credencial, presented: Presented) -> bool:
    salt = credencial.hash.split("$")[1]
    same_secret = hmac.compare_digest(hash_secret(presented.secreto, salt), credencial.hash)
    usuario = credencial.usuario if presented.usuario is None else presented.usuario
    return hmac.compare_digest(usuario.encode(), credencial.usuario.encode()) and same_secret
