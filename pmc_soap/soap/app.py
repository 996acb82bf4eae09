"""The SOAP edge as one WSGI callable for each path; wiring.py calls this once a process."""

from collections.abc import Mapping
from wsgiref.types import WSGIApplication

from pmc_soap.soap.acceso import Acceso
from pmc_soap.soap.aforo import Aforo
from pmc_soap.soap.anotado import Keep
from pmc_soap.soap.contract import PORTS
from pmc_soap.soap.guard import Guard, Tell
from pmc_soap.soap.protocol import KeepUnreadable, Protocol
from pmc_soap.soap.puertas import compiled_door, spyne_door
from pmc_soap.soap.service import Operations
from pmc_soap.soap.wsdl import Port


def build(
    operations: Operations,
    acceso: Acceso,
    keep_unreadable: KeepUnreadable,
    public_url: str,
    *,
    tell: Tell = lambda *_: None,
    keep: Keep | None = None,
    aforo: Aforo | None = None,
    through_spyne: bool = False,
) -> Mapping[str, WSGIApplication]:
    """Build both ports: path → WSGI callable. through_spyne: by Spyne's own WSGI application, to the same answers."""
    make_door = spyne_door if through_spyne else compiled_door

    def guarded(port: Port) -> WSGIApplication:
        protocol = Protocol(port, acceso, keep_unreadable, operations.codigos, recognises=not through_spyne)
        door = make_door(port, protocol, operations)
        return Guard(port, door, acceso, aforo=aforo, tell=tell, public_url=public_url, keep=keep)

    return {port.path: guarded(port) for port in PORTS}
