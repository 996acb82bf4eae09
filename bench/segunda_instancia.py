"""How late is a consulta answered when the empresa's own system misbehaves? Never later than its deadline.

python bench/segunda_instancia.py [CONSULTAS] — each kind of trouble, over real sockets, asked by eight at once: without
a breaker (each call goes out) and with one, as in production. Prints a table; exits with 1 if any answer was late.
"""

import http.server
import socketserver
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import quantiles

sys.path[:0] = [str(Path(__file__).parents[1] / "tests"), str(Path(__file__).parents[1] / "tests" / "connectors")]

import servers  # the misbehaving systems of the tests

from pmc_soap.connectors.http import Canal
from pmc_soap.connectors.json import SistemaJson
from pmc_soap.domain.consulta import Busqueda, Consulta
from pmc_soap.domain.cortacircuito import Cortacircuito
from pmc_soap.domain.empresa import Empresa
from pmc_soap.operations.consulta_deuda import Consultas
from pmc_soap.operations.segunda_instancia import SegundaInstancia
from pmc_soap.storage import schema
from pmc_soap.storage.ledger import open_ledger
from pmc_soap.wiring import RandomIds, SystemClock

PLAZO = timedelta(seconds=1)
AT_ONCE = 8
EACH = 30  # consultas of each kind, without and with a breaker: more than a thousand in all
SLOW_S = (1, 2, 5, 10, 60)
EMPRESA = Empresa(codigo_empresa="BENC", nombre="Club Ejemplo", plazo_consulta=PLAZO)


class _Html(http.server.BaseHTTPRequestHandler):
    """Answers 200 with a page, after a while."""

    wait_s = 0.0
    over = threading.Event()

    def do_GET(self) -> None:
        self.over.wait(self.wait_s)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Oops</html>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Say nothing: the caller hung up."""


@contextmanager
def html_after(seconds: float) -> Iterator[str]:
    """Serve a page so late."""
    handler = type("Handler", (_Html,), {"wait_s": seconds, "over": threading.Event()})
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        handler.over.set()
        server.shutdown()


@contextmanager
def misbehaving(behave: Callable[..., None]) -> Iterator[str]:
    """Serve one of the tests' systems."""
    with servers.listening(behave) as system:
        yield system.url


@contextmanager
def nobody() -> Iterator[str]:
    """Give an address at which nobody listens."""
    with html_after(0) as url:
        pass
    yield url


def kinds() -> dict[str, Callable[[], object]]:
    """Name each kind of trouble, and how to make it."""
    found: dict[str, Callable[[], object]] = {"down": nobody, "200 HTML": lambda: html_after(0)}
    for seconds in SLOW_S:
        found[f"slow {seconds} s"] = lambda seconds=seconds: html_after(seconds)
    for behave in (*servers.LATE, *servers.BROKEN):
        found[behave.__name__.replace("_", " ")] = lambda behave=behave: misbehaving(behave)
    return found


def measure(url: str, database: str, many: int, breaker: Cortacircuito) -> tuple[list[float], Counter[str]]:
    """Ask so many times, eight at once; give the seconds of each and how they ended."""
    ledger = open_ledger(database)
    sistema = SistemaJson(f"{url}/deuda/{{id_cliente}}", Canal(), codigo_empresa="BENC")
    instancia = SegundaInstancia(sistema, ledger, SystemClock(), cortacircuito=breaker)
    consultas = Consultas(ledger, {"BENC": EMPRESA}, SystemClock(), RandomIds(), {"BENC": instancia})

    def ask(n: int) -> tuple[float, str]:
        busqueda = Busqueda(codigo_empresa="BENC", id_cliente=str(n))
        began = time.perf_counter()
        respuesta = consultas.answer(Consulta(busqueda=busqueda, id_mensaje=str(n)))
        return time.perf_counter() - began, respuesta.ending.resultado.value

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(ask, range(many)))
    threading.Thread(target=lambda: (instancia.close(), ledger.close()), daemon=True).start()
    return [seconds for seconds, _ in answers], Counter(ending for _, ending in answers)


def main(each: int) -> int:
    """Print the table; give how many answers were late."""
    late = asked = 0
    print(f"deadline {PLAZO.total_seconds()} s, {AT_ONCE} at once, {each} consultas a row\n")
    print(f"{'the system':<18}{'breaker':<9}{'p50 ms':>8}{'worst ms':>10}{'late':>6}  answers", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/bench.db"
        schema.migrate(database)
        for name, trouble in kinds().items():
            for breaker, told in ((Cortacircuito(sonda_s=0), "no"), (Cortacircuito(), "yes")):
                with trouble() as url:
                    seconds, endings = measure(url, database, each, breaker)
                missed = sum(s > PLAZO.total_seconds() for s in seconds)
                late, asked = late + missed, asked + len(seconds)
                p50, worst = quantiles(seconds, n=2)[0] * 1000, max(seconds) * 1000
                print(f"{name:<18}{told:<9}{p50:>8.0f}{worst:>10.0f}{missed:>6}  {dict(endings)}", flush=True)
    print(f"\n{asked} consultas, {late} answered later than the deadline")
    return late


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else EACH)))
