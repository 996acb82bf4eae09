"""Five times what the gateway can do: what does it still answer, and does any aviso fail?

The real `pmc-soap serve` behind the shipped nginx, over TLS. First as many callers as threads, each waiting for its
answer: what they get is the capacity. Then consultas at five times that pace, by 500 callers with pauses of chance;
all the while avisos, 5 % of the capacity, for people do not pay more because somebody asks more. Both by turns, in five
rounds; of the rates the median counts.
goodput: consultas answered with a business code. Refused: PMC-9003, by nginx or by the gateway. An aviso that is
refused, or not answered within 3 s, is not sent again: each counts as lost. The gateway has the cores that the callers
and nginx have not: else they would take from it what they ask for. busy: how much of a core it used, asked for what it
can do and for five times that; where it is less busy then, those who ask, and nginx who refuses, had no core left for
more. Needs nginx and wrk (bench/install.sh).

python bench/sobrecarga.py [--server gunicorn|granian] [--segundos 4]
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "deploy"), str(ROOT / "tests" / "journeys")]

import medida
import proxy
from process import PMC_SOAP

from pmc_soap.soap.credenciales import hash_secret

THREADS, WORKERS = 8, 2
TIMES, AVISOS, ROUNDS = 5, 0.05, 5
CONSULTA_S = 4
AVISO_S = 3  # promises.md: an aviso is answered within 3 s
CONNECTIONS = 500  # of those who ask at a pace
NS = "urn:pmc-soap:v1"
PATH = "/soap/v1/pagomiscuentas"
CONFIGURATION = """
mode = "homologacion"
db = "sqlite:///{folder}/pmc.db"
public_url = "https://pagos.example"

[pagomiscuentas]
credenciales = [{{ usuario = "red", hash = "{hash}" }}]

[empresas.BASE]
nombre = "Responde de la base"

[empresas.LENT]
nombre = "Su sistema tarda 0,7 s"

[empresas.LENT.sistema]
tipo = "python"
objeto = "fakes.sistema:ScriptedSistema"
opciones = {{ does = "slow" }}
"""
SCENARIOS = {"de la base": ("BASE",), "un cuarto por un sistema lento": ("LENT", "BASE", "BASE", "BASE")}


@dataclass
class Told:
    """What came back in so many seconds."""

    seconds: float
    consultas: Counter[str] = field(default_factory=Counter)
    avisos: Counter[str] = field(default_factory=Counter)
    aviso_ms: list[float] = field(default_factory=list)
    cpu_s: float = 0.0  # the gateway's

    @property
    def busy(self) -> float:
        """Tell how much of a core the gateway used."""
        return self.cpu_s / self.seconds

    @property
    def good(self) -> float:
        """Tell how many consultas were answered in a second."""
        return self.consultas["good"] / self.seconds

    def __add__(self, other: "Told") -> "Told":
        return Told(
            self.seconds + other.seconds,
            self.consultas + other.consultas,
            self.avisos + other.avisos,
            self.aviso_ms + other.aviso_ms,
            self.cpu_s + other.cpu_s,
        )

    def aviso_at(self, part: float) -> float:
        """Give the time that a part of the avisos took at most, in milliseconds."""
        return sorted(self.aviso_ms)[int((len(self.aviso_ms) - 1) * part)]


class Asked:
    """The consultas, asked by wrk: it asks more than any Python could. empresas: who is asked about, by chance."""

    def __init__(
        self, front: proxy.Front, empresas: Sequence[str], connections: int, seconds: float, per_s: float | None
    ) -> None:
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", f"{CONSULTA_S}s"]
        for header in ("Content-Type: text/xml", f'SOAPAction: "{NS}#ConsultaDeuda"'):
            command += ["-H", header]
        command += ["-s", str(ROOT / "bench" / "ritmo.lua"), f"https://127.0.0.1:{front.port}{PATH}"]
        command += ["--", str(connections / per_s * 1000 if per_s else 0)]
        for empresa in empresas:
            body = front.folder / f"{empresa}.xml"
            body.write_bytes(_envelope("ConsultaDeuda", empresa, "M-1"))
            command.append(str(body))
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 — our own command

    def told(self) -> Counter[str]:
        """Wait for the end."""
        said, _ = self._process.communicate()
        return Counter(json.loads(said.strip().splitlines()[-1]))


async def pay(front: proxy.Front, told: Told, per_s: float) -> None:
    """Send avisos at a pace, each on a connection of its own."""
    context = ssl.create_default_context(cafile=front.certificates.trusted)
    began, run = time.perf_counter(), time.time_ns()

    async def one(number: int) -> None:
        body = _envelope("AvisoPago", "BASE", f"{run}-{number}")
        head = f'POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nSOAPAction: "{NS}#AvisoPago"\r\n'
        asked = time.perf_counter()
        try:
            async with asyncio.timeout(AVISO_S):
                reader, writer = await asyncio.open_connection("127.0.0.1", front.port, ssl=context)
                writer.write(f"{head}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
                answer = await reader.read()
                writer.close()
        except (OSError, TimeoutError):
            answer = b""
        told.avisos["good" if b"<Codigo>00</Codigo>" in answer else "refused" if answer else "lost"] += 1
        told.aviso_ms.append((time.perf_counter() - asked) * 1000)

    async with asyncio.TaskGroup() as group:
        for n in range(int(per_s * told.seconds)):
            await asyncio.sleep(max(0.0, began + n / per_s - time.perf_counter()))
            group.create_task(one(n))


class Served(NamedTuple):
    """A gateway behind its nginx."""

    front: proxy.Front
    pid: int


def load(served: Served, empresas: Sequence[str], seconds: float, avisos: float, per_s: float | None = None) -> Told:
    """Ask as many as wait for their answers, or so many a second; and pay."""
    told, before = Told(seconds), medida.cpu_s(served.pid)
    asked = Asked(served.front, empresas, CONNECTIONS if per_s else WORKERS * THREADS, seconds, per_s)
    asyncio.run(pay(served.front, told, avisos))
    told.consultas = asked.told()
    told.cpu_s = medida.cpu_s(served.pid) - before
    return told


@contextlib.contextmanager
def serving(server: str) -> Iterator[Served]:
    """Serve a world with one cliente, behind nginx."""
    ours, *theirs = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file, unix = folder / "pmc-soap.toml", folder / "pmc.sock"
        file.write_text(CONFIGURATION.format(folder=folder, hash=hash_secret("ficha", "aa")), encoding="utf-8")
        command = [PMC_SOAP, "--config", str(file)]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path[:2])}
        subprocess.run([*command, "db", "migrate"], check=True, env=env, capture_output=True)  # noqa: S603 — our own
        options = ("--server", server, "--workers", str(WORKERS), "--threads", str(THREADS))
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 — our own command
                [*command, "serve", "--bind", f"unix:{unix}", *options], env=env, stdout=log, stderr=log
            )
            try:
                os.sched_setaffinity(process.pid, theirs or [ours])  # before it has any process or thread of its own
                os.sched_setaffinity(0, [ours])
                with proxy.nginx(folder, proxy.make_certificates(folder), unix) as front:
                    served = Served(front, process.pid)
                    _until_ready(served)
                    yield served
            finally:
                process.terminate()
                process.wait(30)
                os.sched_setaffinity(0, [ours, *theirs])


def _until_ready(served: Served) -> None:
    for _ in range(100):
        if load(served, ("BASE",), 1, 0).consultas["good"]:
            return
        time.sleep(0.1)
    raise TimeoutError


def _envelope(operation: str, empresa: str, number: str) -> bytes:
    pago = f"<Moneda>ARS</Moneda><Importe>10.00</Importe><IdTransaccion>{number}</IdTransaccion>"
    more = f"{pago}<CodigoMovimiento>1</CodigoMovimiento>" if operation == "AvisoPago" else ""
    return (
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><{operation} xmlns="{NS}"><Cabecera>'
        f"<CodigoEmpresa>{empresa}</CodigoEmpresa><IdMensaje>{number}</IdMensaje>"
        f"<FechaHora>2026-11-22T10:00:00-03:00</FechaHora><Token>ficha</Token></Cabecera><IdCliente>1000001</IdCliente>"
        f"{more}</{operation}></s:Body></s:Envelope>"
    ).encode()


def main(args: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", default="gunicorn")
    parser.add_argument("--segundos", type=float, default=4)
    said = parser.parse_args(args)
    for program, found in (("wrk", shutil.which("wrk")), ("nginx", proxy.NGINX)):
        if not found:
            sys.exit(f"{program} not found: bench/install.sh installs it")
    print(f"{said.server}, {WORKERS} processes of {THREADS} threads, {ROUNDS} rounds of {said.segundos:g} s each\n")
    print("| consultas | capacity | offered | goodput | busy | consultas | avisos | aviso p50 / p99 |")
    print("|---|---|---|---|---|---|---|---|")
    for name, empresas in SCENARIOS.items():
        with serving(said.server) as served:
            pace = AVISOS * load(served, empresas, 2, 0).good
            # by turns, so that whatever else the machine does meets both alike
            rounds = [_round(served, empresas, said.segundos, pace) for _ in range(ROUNDS)]
        capacity, goodput = (median(told.good for told in side) for side in zip(*rounds, strict=True))
        busy = [median(told.busy for told in side) for side in zip(*rounds, strict=True)]
        told = sum((over for _, over in rounds), Told(0.0))
        print(
            f"| {name} | {capacity:.0f}/s | {sum(told.consultas.values()) / told.seconds:.0f}/s"
            f" | {goodput:.0f}/s ({goodput / capacity:.0%}) | {busy[0]:.0%} / {busy[1]:.0%}"
            f" | {_of(told.consultas)} | {_of(told.avisos)}"
            f" | {told.aviso_at(0.5):.0f} / {told.aviso_at(0.99):.0f} ms |"
        )


def _round(served: Served, empresas: Sequence[str], seconds: float, pace: float) -> tuple[Told, Told]:
    within = load(served, empresas, seconds, pace)
    return within, load(served, empresas, seconds, pace, TIMES * within.good)


def _of(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[kind]} {kind}" for kind in ("good", "refused", "other", "lost") if counts[kind])


if __name__ == "__main__":
    main()
