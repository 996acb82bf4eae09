"""Four deliverers, an empresa that fails one call in four, 10,000 avisos of 40 clientes: what is lost, late, or twice?

python bench/entregas.py [AVISOS] — over SQLite and, where they answer, PostgreSQL and RabbitMQ (its broker is restarted
in the middle, with rabbitmqctl). Then the same without failures, at a person's pace: how soon does an aviso arrive? The
deliverers are `pmc-soap deliver`, in processes of their own; the empresa's system is here, and dedupes by IdAviso.
"""

import http.server
import json
import os
import random
import secrets
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1] / "tests")]

import pika
import pika.exceptions
from fakes import bases

from pmc_soap import config, wiring
from pmc_soap.domain.aviso import AvisoPago

AVISOS, CLIENTES, DELIVERERS, FAILING = 10_000, 40, 4, 0.25
PACED, PACE_S = 500, 0.02
AMQP = os.environ.get(
    "PMC_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672/%2F?connection_attempts=1&socket_timeout=2"
)
LIMIT_S = 1_200
PMC_SOAP = str(Path(sys.executable).parent / "pmc-soap")


class Effects:
    """What the empresa did: of each cliente, the IdAviso imputed in order; when each first arrived."""

    def __init__(self) -> None:
        self.imputed: dict[str, list[str]] = defaultdict(list)
        self.arrived: dict[str, float] = {}
        self.calls = 0
        self.lock = threading.Lock()

    def take(self, id_aviso: str, id_cliente: str) -> None:
        """Impute once."""
        with self.lock:
            self.calls += 1
            if id_aviso not in self.arrived:
                self.arrived[id_aviso] = time.time()
                self.imputed[id_cliente].append(id_aviso)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def erp(effects: Effects, failing: float) -> Iterator[str]:
    """Serve the empresa's system; of those that fail, half have imputed it and lose the answer."""
    chance = random.Random(1)  # noqa: S311 — a benchmark must repeat itself

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["data"]
            fails, after = chance.random() < failing, chance.random() < 0.5
            if not fails or after:
                effects.take(told["id_aviso"], told["id_cliente"])
            self.send_response(503 if fails else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        secreto = "whsec_" + b64encode(secrets.token_bytes(24)).decode()
        yield f'tipo = "json"\nurl = "http://127.0.0.1:{server.server_address[1]}/avisos"\nsecreto = "{secreto}"'
        server.shutdown()


@contextmanager
def queue(effects: Effects) -> Iterator[str]:
    """Consume the empresa's queue, and restart the broker once in the middle."""
    name, over = f"bench.{secrets.token_hex(4)}", threading.Event()

    def consume() -> None:
        while not over.is_set():
            with suppress(pika.exceptions.AMQPError, OSError):
                connection = pika.BlockingConnection(pika.URLParameters(AMQP))
                channel = connection.channel()
                channel.queue_declare(name, durable=True)
                for method, properties, body in channel.consume(name, inactivity_timeout=0.2):
                    if method is not None:
                        effects.take(properties.message_id, json.loads(body)["id_cliente"])
                        channel.basic_ack(method.delivery_tag)
                    if over.is_set():
                        channel.queue_delete(name)
                        connection.close()
                        return
            time.sleep(0.2)

    consumer = threading.Thread(target=consume, daemon=True)
    consumer.start()
    yield f'tipo = "amqp"\nurl = "{AMQP}"\ncola = "{name}"'
    over.set()
    consumer.join(10)


def restart_broker() -> None:
    """Stop RabbitMQ and start it again."""
    for verb in ("stop_app", "start_app"):
        subprocess.run(["rabbitmqctl", verb], check=True, stdout=subprocess.DEVNULL)  # noqa: S603, S607


def settings(folder: Path, database: str, destino: str) -> config.Settings:
    """Write the configuration that the deliverers read."""
    path = folder / "pmc-soap.toml"
    path.write_text(
        f'mode = "homologacion"\ndb = "{database}"\n[empresas.BENC]\nnombre = "Club Ejemplo"\nservicios = ["AVISO"]\n'
        f"con_base = false\n[empresas.BENC.destinos.erp]\nesperas_segundos = [0, 0, 1]\n{destino}\n"
    )
    return config.load(path)


@contextmanager
def deliverers(folder: Path, many: int) -> Iterator[None]:
    """Run so many `pmc-soap deliver`."""
    command = [PMC_SOAP, "--config", str(folder / "pmc-soap.toml"), "deliver"]
    log = (folder / "deliver.log").open("wb")
    running = [subprocess.Popen(command, stdout=log, stderr=log) for _ in range(many)]  # noqa: S603
    try:
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(30)


def pay(house: wiring.House, n: int) -> tuple[str, str]:
    """Take in one aviso as PMC sends it; give its cliente and its IdAviso."""
    now, id_cliente = datetime.now(UTC), f"C{n % CLIENTES}"
    aviso = AvisoPago(
        codigo_empresa="BENC",
        id_mensaje=f"M{n}",
        fecha_hora_mensaje_utc=now,
        id_cliente=id_cliente,
        id_factura=f"F{n}",
        id_transaccion=f"T{n}",
        moneda="ARS",
        importe_centavos=100_00 + n,
    )
    return id_cliente, house.avisos.accept(aviso).id_aviso


def wait_for(effects: Effects, many: int) -> None:
    """Wait until all have arrived."""
    until = time.monotonic() + LIMIT_S
    while len(effects.arrived) < many:
        assert time.monotonic() < until, f"only {len(effects.arrived)} of {many} arrived"
        time.sleep(0.05)


def storm(name: str, database: str, destino: Any, effects: Effects, avisos: int) -> bool:
    """Pay them all while four deliverers work; print the row; tell whether all is well."""
    with tempfile.TemporaryDirectory() as place, destino as told, ExitStack() as stack:
        said = settings(Path(place), database, told)
        wiring.migrate(said)
        house = stack.enter_context(wiring.build(said))
        began = time.monotonic()
        stack.enter_context(deliverers(Path(place), DELIVERERS))
        expected: dict[str, list[str]] = defaultdict(list)
        for n in range(avisos):
            id_cliente, id_aviso = pay(house, n)
            expected[id_cliente].append(id_aviso)
            if name == "RabbitMQ" and n == avisos // 2:
                restart_broker()
        accepted = time.monotonic() - began
        wait_for(effects, avisos)
        seconds = time.monotonic() - began
    lost = avisos - len(effects.arrived)
    disordered = sum(effects.imputed[c] != ids for c, ids in expected.items())
    twice = sum(len(ids) - len(set(ids)) for ids in effects.imputed.values())
    print(
        f"{name:<12}{avisos:>8,}{accepted:>10.1f}{seconds:>10.1f}{avisos / seconds:>10.0f}{effects.calls:>9,}"
        f"{lost:>7}{disordered:>15}{twice:>8}",
        flush=True,
    )
    return not (lost or disordered or twice)


def pace(name: str, database: str, *, up: bool) -> None:
    """Pay at a person's pace, one deliverer; print how soon each is acknowledged, and arrives if the system is up."""
    effects, took = Effects(), []
    with tempfile.TemporaryDirectory() as place, erp(effects, 0) if up else nobody() as told:
        said = settings(Path(place), database, told)
        wiring.migrate(said)
        with wiring.build(said) as house, deliverers(Path(place), 1):
            pay(house, 10**6)
            if up:
                wait_for(effects, 1)
            accepted = {}
            for n in range(PACED):
                began = time.perf_counter()
                _, id_aviso = pay(house, n)
                took.append((time.perf_counter() - began) * 1000)
                accepted[id_aviso] = time.time()
                time.sleep(PACE_S)
            if up:
                wait_for(effects, PACED + 1)
    acks = quantiles(took, n=100)
    row = f"{name:<12}{'up' if up else 'down':<6}{PACED:>8,}{acks[49]:>10.1f}{acks[98]:>10.1f}"
    if up:
        delays = [(effects.arrived[id_aviso] - at) * 1000 for id_aviso, at in accepted.items()]
        cuts = quantiles(delays, n=100)
        row += f"{cuts[49]:>12.0f}{cuts[98]:>10.0f}{max(delays):>10.0f}"
    print(row, flush=True)


@contextmanager
def nobody() -> Iterator[str]:
    """Give a system that is not there."""
    with erp(Effects(), 0) as told:
        pass
    yield told


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Give fresh databases, one URL for each that there is."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        found = {"SQLite": f"sqlite:///{folder}/{secrets.token_hex(4)}.db"}
        if bases.has_postgres():
            found["PostgreSQL"] = stack.enter_context(bases.postgres_schema())
        else:
            print("PostgreSQL: no server answers at PMC_TEST_POSTGRES")
        yield found


def has_broker() -> bool:
    """Tell whether RabbitMQ answers, and can be restarted."""
    try:
        pika.BlockingConnection(pika.URLParameters(AMQP)).close()
    except (pika.exceptions.AMQPError, OSError):
        return False
    return shutil.which("rabbitmqctl") is not None


def main(avisos: int) -> int:
    """Print both tables; give 1 if anything was lost, out of order or imputed twice."""
    head = f"{'':<12}{'avisos':>8}{'taken s':>10}{'all s':>10}{'avisos/s':>10}{'calls':>9}{'lost':>7}"
    print(f"{head}{'out of order':>15}{'twice':>8}")
    sound = True
    with databases() as found:
        for name, url in found.items():
            effects = Effects()
            sound &= storm(name, url, erp(effects, FAILING), effects, avisos)
    if has_broker():
        with databases() as found:
            effects = Effects()
            sound &= storm("RabbitMQ", found["SQLite"], queue(effects), effects, avisos)
    else:
        print("RabbitMQ: no broker answers at PMC_TEST_RABBITMQ, or no rabbitmqctl to restart it with")
    print(f"\n{'':<18}{'':>8}{'acknowledged':>20}{'from there to imputed':>32}")
    print(f"{'':<12}{'erp':<6}{'avisos':>8}{'p50 ms':>10}{'p99 ms':>10}{'p50 ms':>12}{'p99 ms':>10}{'worst ms':>10}")
    for up in (True, False):
        with databases() as found:
            for name, url in found.items():
                pace(name, url, up=up)
    return not sound


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else AVISOS))
