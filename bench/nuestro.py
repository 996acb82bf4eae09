"""Our gateway, for the bench: one process as `pmc-soap serve` runs it, on a database or on a ledger in memory.

python bench/nuestro.py gunicorn|granian HOST:PORT memoria|URL [todo|sin_xml|nada]: what is kept of each exchange; a
ledger in memory keeps none.
"""

import sys
from typing import Any
from wsgiref.types import WSGIApplication

import mundo
from memoria import MemoryLedger

from pmc_soap import config, wiring, wsgi
from pmc_soap.cli import serve
from pmc_soap.cli.servicio import Servicio
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.empresa import Padron
from pmc_soap.wiring import registro

MEMORIA = "memoria"
THREADS = 8
UNUSED = "sqlite:///unused.db"


class InMemory(Servicio):
    """The same service on a ledger in memory."""

    def app(self) -> WSGIApplication:
        """Build the callable."""
        return wsgi.doors(house(self.settings), self.threads)


def house(settings: config.Settings) -> wiring.House:
    """Build the house on a ledger in memory."""
    clock = wiring.SystemClock()
    empresas = [said.empresa(codigo) for codigo, said in settings.empresas.items()]
    ledger: Any = MemoryLedger()
    return wiring.House(
        settings=settings,
        ledger=ledger,
        empresas=Padron(empresas, lambda: local_day(clock.now())),
        clock=clock,
        ids=wiring.RandomIds(),
    )


def main(server: str, bind: str, base: str, guarda: str = "todo") -> None:
    """Serve until told to stop."""
    kind, url, kept = (InMemory, UNUSED, "nada") if base == MEMORIA else (Servicio, base, guarda)
    run = serve.load_server(server)
    registro.configure(level="info", texto=False)
    run(kind(mundo.settings(url, kept), bind, 1, THREADS))


if __name__ == "__main__":
    main(*sys.argv[1:])
