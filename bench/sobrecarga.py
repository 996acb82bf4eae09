"""Five times what the gateway can do: what does it still answer, and does any aviso fail?

The real `pmc-soap serve`. First as many callers as threads, each waiting for its answer, with 5 % of avisos: that is
the capacity. Then requests at a pace, whether those before are answered or not: consultas at five times the capacity,
and as many avisos as before, for people do not pay more because somebody asks more.
goodput: what is answered with a business code. Refused: PMC-9003. Late: no answer within 4 s, or none at all.
An aviso that is refused is not called again: each that fails counts. The callers, Python on the same machine, have one
core of it to themselves, and the server the others: else they would take from it what they ask for.

python bench/sobrecarga.py [--server gunicorn|granian] [--segundos 10]
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "journeys")]

from process import PMC_SOAP, free_port

from pmc_soap.soap.credenciales import hash_secret

THREADS, WORKERS = 8, 2
TIMES, AVISOS = 5, 0.05
TIMEOUT_S = 4
NS = "urn:pmc-soap:v1"
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
SCENARIOS = {"de la base": 0.0, "un cuarto por un sistema lento": 0.25}


@dataclass
class Told:
    """What came back."""

    consultas: Counter[str] = field(default_factory=Counter)
    avisos: Counter[str] = field(default_factory=Counter)
    aviso_ms: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def good(self) -> float:
        """Tell how many were answered in a second."""
        return (self.consultas["good"] + self.avisos["good"]) / self.seconds


class Caller:
    """Asks, on connections that it keeps."""

    def __init__(self, port: int, slow: float, avisos: float, seed: int) -> None:
        self._port, self._slow, self._avisos = port, slow, avisos
        self._random = random.Random(seed)  # noqa: S311 — a mix, not a secret
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._numbers = itertools.count()
        self._run = f"{seed}-{time.time_ns()}"
        self.told = Told()

    async def ask(self) -> None:
        """Ask one thing, as the mix has it, and note what came of it."""
        is_aviso = self._random.random() < self._avisos
        empresa = "LENT" if not is_aviso and self._random.random() < self._slow else "BASE"
        began = time.perf_counter()
        try:
            request = _write(is_aviso, empresa, f"{self._run}-{next(self._numbers)}")
            answer = await asyncio.wait_for(self._send(request), TIMEOUT_S)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            answer = b""
        kind = "other" if answer else "late"
        for mark, told in ((b"<Codigo>0", "good"), (b"PMC-9003", "refused")):
            kind = told if mark in answer else kind
        (self.told.avisos if is_aviso else self.told.consultas)[kind] += 1
        if is_aviso:
            self.told.aviso_ms.append((time.perf_counter() - began) * 1000)

    async def _send(self, request: bytes) -> bytes:
        reader, writer = self._free.pop() if self._free else await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            body = await reader.readexactly(length)
        except BaseException:
            writer.close()
            raise
        if b"connection: close" in head.lower():
            writer.close()
        else:
            self._free.append((reader, writer))
        return body

    async def close(self) -> None:
        """Let go of the connections."""
        for _, writer in self._free:
            writer.close()
        await asyncio.sleep(0)


def _write(is_aviso: bool, empresa: str, number: str) -> bytes:
    operation = "AvisoPago" if is_aviso else "ConsultaDeuda"
    more = (
        f"<Moneda>ARS</Moneda><Importe>10.00</Importe><IdTransaccion>{number}</IdTransaccion>"
        "<CodigoMovimiento>1</CodigoMovimiento>"
        if is_aviso
        else ""
    )
    body = (
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><{operation} xmlns="{NS}"><Cabecera>'
        f"<CodigoEmpresa>{empresa}</CodigoEmpresa><IdMensaje>{number}</IdMensaje>"
        f"<FechaHora>2026-11-22T10:00:00-03:00</FechaHora><Token>ficha</Token></Cabecera><IdCliente>1000001</IdCliente>"
        f"{more}</{operation}></s:Body></s:Envelope>"
    ).encode()
    head = "POST /soap/v1/pagomiscuentas HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def closed(port: int, slow: float, seconds: float, callers: int) -> Told:
    """Have so many callers ask one thing after the other."""
    caller = Caller(port, slow, AVISOS, seed=1)
    until = time.perf_counter() + seconds

    async def go() -> None:
        while time.perf_counter() < until:
            await caller.ask()

    await asyncio.gather(*(go() for _ in range(callers)))
    caller.told.seconds = seconds
    await caller.close()
    return caller.told


async def opened(port: int, slow: float, seconds: float, per_second: float) -> Told:
    """Ask so many things a second, whatever becomes of those before."""
    caller = Caller(port, slow, AVISOS / TIMES, seed=2)
    began, asked = time.perf_counter(), set()
    for n in range(int(per_second * seconds)):
        wait = began + n / per_second - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        elif n % 20 == 0:
            await asyncio.sleep(0)
        task = asyncio.create_task(caller.ask())
        asked.add(task)
        task.add_done_callback(asked.discard)
    caller.told.seconds = time.perf_counter() - began
    await asyncio.gather(*asked)
    await caller.close()
    return caller.told


@contextlib.contextmanager
def serving(server: str, workers: int = WORKERS, threads: int = THREADS) -> Iterator[int]:
    """Serve a world with one cliente; gives the port."""
    with tempfile.TemporaryDirectory() as folder:
        file, port = Path(folder, "pmc-soap.toml"), free_port()
        file.write_text(CONFIGURATION.format(folder=folder, hash=hash_secret("ficha", "aa")), encoding="utf-8")
        command = [PMC_SOAP, "--config", str(file)]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path[:2])}
        subprocess.run([*command, "db", "migrate"], check=True, env=env, capture_output=True)  # noqa: S603 — our own
        options = ("--server", server, "--workers", str(workers), "--threads", str(threads))
        with Path(folder, "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 — our own command
                [*command, "serve", "--bind", f"127.0.0.1:{port}", *options], env=env, stdout=log, stderr=log
            )
            ours, *theirs = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(process.pid, theirs or [ours])  # before it has any process or thread of its own
            os.sched_setaffinity(0, [ours])
            try:
                asyncio.run(_ready(port))
                yield port
            finally:
                process.terminate()
                process.wait(30)
                os.sched_setaffinity(0, [ours, *theirs])


async def _ready(port: int) -> None:
    for _ in range(300):
        if (await closed(port, 0, 0.3, 4)).good:
            return
        await asyncio.sleep(0.1)
    raise TimeoutError


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", default="gunicorn")
    parser.add_argument("--segundos", type=float, default=10)
    said = parser.parse_args()
    print(f"{said.server}, {WORKERS} processes of {THREADS} threads, {said.segundos:g} s each\n")
    print("| consultas | capacity | offered | goodput | consultas | avisos | aviso p50 / p99 |")
    print("|---|---|---|---|---|---|---|")
    for name, slow in SCENARIOS.items():
        with serving(said.server) as port:
            asyncio.run(closed(port, slow, 2, WORKERS * THREADS))
            capacity = asyncio.run(closed(port, slow, said.segundos, WORKERS * THREADS)).good
            told = asyncio.run(opened(port, slow, said.segundos, TIMES * capacity))
            ms = sorted(told.aviso_ms)
            print(
                f"| {name} | {capacity:.0f}/s | {sum(told.consultas.values()) / told.seconds:.0f}/s"
                f" | {told.good:.0f}/s ({told.good / capacity:.0%}) | {_of(told.consultas)} | {_of(told.avisos)}"
                f" | {ms[len(ms) // 2]:.0f} / {ms[int(len(ms) * 0.99)]:.0f} ms |"
            )


def _of(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[kind]} {kind}" for kind in ("good", "refused", "late", "other") if counts[kind])


if __name__ == "__main__":
    main()
