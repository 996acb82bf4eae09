"""The gunicorn worker that serves: what is no HTTP gets our SOAP fault; gunicorn's own answer to it is HTML."""

import logging
import os
import uuid
from typing import Any

from gunicorn import glogging
from gunicorn.http.errors import ParseException
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from pmc_soap.soap.fallas import ERROR, Causa, FallaSoap, write_fault
from pmc_soap.wiring import registro

log = logging.getLogger(__name__)


class Logger(glogging.Logger):  # type: ignore[misc] # gunicorn is untyped
    """Has gunicorn's words go where all others go: its own handlers would print what was put into them."""

    def setup(self, cfg: Any) -> None:
        """Configure, at the start and at each reload."""
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True


class Worker(ThreadWorker):  # type: ignore[misc] # gunicorn is untyped
    """A worker with threads."""

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept no more; for ever, once told to end: who comes then must be refused, not kept waiting for nothing."""
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                listener.close()

    def handle_quit(self, sig: int, frame: Any) -> None:
        """End at once: what was not acknowledged will be sent again.

        gunicorn 27.0.1 shuts its thread pool down in this signal handler: where the main thread holds the pool's lock
        it waits for itself, and an import may swallow the SystemExit that follows.
        """
        os._exit(0)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer a request that did not reach the application."""
        causa = Causa.HTTP if isinstance(exc, ParseException) else Causa.INTERNO
        id_pedido = uuid.uuid4().hex
        falla = causa.value.codigo
        registro.tell(
            {"evento": "pedido", "id_pedido": id_pedido, "http": 500, "falla": falla, "error": type(exc).__name__}
        )
        body = write_fault(FallaSoap(causa), id_pedido)
        head = (
            f"HTTP/1.1 {ERROR}\r\nConnection: close\r\n"
            f"Content-Type: text/xml; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            write_nonblock(client, head.encode() + body)
        except OSError:
            log.debug("the caller is gone")
