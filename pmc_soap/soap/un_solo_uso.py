"""A digest is good once, and only around the instant at which it was made: who overhears it cannot use it again.

Instants are UTC; a Created without an offset is UTC too (WS-Security UsernameToken Profile 1.0). What was used is
remembered in the ledger, so that all processes and machines know it; what the caller said is not: only a hash of it.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from pmc_soap.operations.ports import Clock, Nonces
from pmc_soap.soap.credenciales import Resumen

CREATED_PAST, CREATED_FUTURE = timedelta(seconds=300), timedelta(seconds=60)
REMEMBERED = CREATED_PAST * 2  # longer than it is good for: the clocks of several machines differ


class UnSoloUso:
    """Takes each digest once."""

    def __init__(self, nonces: Nonces, clock: Clock) -> None:
        self._nonces, self._clock = nonces, clock

    def take(self, usuario: str, resumen: Resumen) -> bool:
        """Tell whether the digest is of now and was never used; raises Unavailable. Only for one that matched."""
        now, created = self._clock.now(), _read_created(resumen.created)
        if created is None or not resumen.nonce or not now - CREATED_PAST <= created <= now + CREATED_FUTURE:
            return False
        said = b"\0".join((usuario.encode(), resumen.created.encode(), resumen.nonce))
        return self._nonces.spend(hashlib.sha256(said).hexdigest(), now, created + REMEMBERED)


def _read_created(said: str) -> datetime | None:
    try:
        created = datetime.fromisoformat(said)
        return created.replace(tzinfo=UTC) if created.tzinfo is None else created.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
