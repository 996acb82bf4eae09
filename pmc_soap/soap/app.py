"""The SOAP edge as one WSGI callable for each path; wiring.py calls this once a process."""

import logging
from collections.abc import Mapping
from typing import Any
from wsgiref.types import WSGIApplication

import pmc_soap.soap.spyne_compat  # noqa: F401 — before any spyne

# isort: split
from spyne import Application
from spyne.server.wsgi import WsgiApplication

from pmc_soap.operations.ports import Unavailable
from pmc_soap.soap.contract import PORTS
from pmc_soap.soap.credenciales import Credenciales
from pmc_soap.soap.fallas import Causa, FallaSoap
from pmc_soap.soap.guard import Guard
from pmc_soap.soap.protocol import KeepUnreadable, PmcSoap11
from pmc_soap.soap.service import Operations
from pmc_soap.soap.words import NAMESPACE
from pmc_soap.soap.wsdl import Port

log = logging.getLogger(__name__)


class Gateway(Application):
    """Spyne's application, with one bridge from what may break below to what a caller is told."""

    def call_wrapper(self, ctx: Any) -> Any:
        """Ask the service; an exception is for what is broken, and no caller sees its text."""
        try:
            return super().call_wrapper(ctx)
        except Unavailable as error:
            log.exception("the ledger did not answer")
            raise FallaSoap(Causa.BASE_NO_DISPONIBLE) from error
        except Exception as error:
            log.exception("an operation broke")
            self.in_protocol.keep_unreadable(ctx)
            raise FallaSoap(Causa.INTERNO) from error


def build(
    operations: Operations, credenciales: Credenciales, keep_unreadable: KeepUnreadable, public_url: str
) -> Mapping[str, WSGIApplication]:
    """Build both ports: path → WSGI callable."""

    def door(port: Port) -> WSGIApplication:
        application = Gateway(
            [port.service],
            tns=NAMESPACE,
            name=port.name,
            in_protocol=PmcSoap11(port, credenciales, keep_unreadable),
            out_protocol=PmcSoap11(port, credenciales, keep_unreadable),
            config=operations,
        )
        return Guard(port, WsgiApplication(application), public_url)

    return {port.path: door(port) for port in PORTS}
