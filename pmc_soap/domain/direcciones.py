"""Where a request comes from: its address behind our own proxies, and the networks that an address may be of.

Addresses are texts in their one normal form; an IPv4 address that is written as IPv6 (::ffff:…) is that IPv4 address.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

_REMEMBERED = 4096  # addresses, so that a flood of them takes no memory
_HOPS_MAX = 16
_LONGEST = 45  # characters of an address
_PREFIX_V6 = 64  # of IPv6 one subscriber has at least that much: he counts as one


Red = IPv4Network | IPv6Network


class Redes(tuple[Red, ...]):  # noqa: SLOT001 — it remembers what it was asked
    """Networks; an address is in it if it is of one of them."""

    def __new__(cls, redes: Iterable[str | Red]) -> Self:
        """Read them as they are written."""
        made = super().__new__(cls, map(ip_network, redes))
        made._has = lru_cache(_REMEMBERED)(made._look)
        return made

    _has: Callable[[str], bool]

    def __contains__(self, direccion: object) -> bool:
        return isinstance(direccion, str) and self._has(direccion)

    def _look(self, direccion: str) -> bool:
        address = _parse(direccion)
        return address is not None and any(address in red for red in self)


@lru_cache(_REMEMBERED)
def normalize(said: str) -> str | None:
    """Give an address in its normal form; None for what is none."""
    address = _parse(said)
    return str(address) if address else None


@lru_cache(_REMEMBERED)
def subscriber(direccion: str) -> str:
    """Give what stands for everybody who shares the address: itself, or its /64 of IPv6."""
    address = _parse(direccion)
    if address is None or address.version == 4:  # noqa: PLR2004 — IPv4
        return direccion
    return str(ip_network((address, _PREFIX_V6), strict=False))


def behind_proxies(peer: str | None, forwarded: str, proxies: Redes) -> str | None:
    """Give the nearest address that is no proxy of ours, from an X-Forwarded-For that a proxy of ours wrote.

    Whatever stands further to the left was written by somebody we do not know. A header that is none tells nothing:
    then it is the peer.
    """
    direccion = peer
    for said in forwarded.split(",")[: -_HOPS_MAX - 1 : -1]:
        hop = said.strip()
        address = normalize(hop) if len(hop) <= _LONGEST else None
        if address is None:
            return peer
        direccion = address
        if address not in proxies:
            break
    return direccion


def _parse(said: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(said.partition("%")[0])  # a scope (%eth0) names an interface of this machine
    except ValueError:
        return None
    return (address.version == 6 and address.ipv4_mapped) or address  # noqa: PLR2004 — IPv6
