"""How one server is run and measured: alone on its core, the load on the other, CPU of its whole process tree.

CPU is seconds of user and system time, as the kernel counts them; a latency is microseconds.
"""

import json
import os
import signal
import socket
import subprocess
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

import psutil
from pedidos import PATH, Pedido

SERVER_CORE, LOAD_CORE = "0", "1"
READY_S, END_S = 30, 10
WARM = 100
US = 1_000_000
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Round:
    """What one round of load gave. others: the part of the server's core that somebody else took meanwhile."""

    per_cpu_s: float
    per_s: float
    p50: float
    p99: float
    others: float


def middle(rounds: Sequence[Round]) -> Round:
    """Take the median of each figure."""
    return Round(*(median(getattr(one, figure.name) for one in rounds) for figure in fields(Round)))


class Running:
    """A server that runs, and the number that its last request of each kind carried: no aviso is ever told twice."""

    def __init__(
        self, name: str, command: Sequence[str], env: Mapping[str, str], port: int, folder: Path, first: int
    ) -> None:
        self.name, self.port = name, port
        self.numbers: defaultdict[str, int] = defaultdict(lambda: first)
        self.answered = 0
        self._folder = folder
        self._log = (folder / f"{name.replace('/', '-')}.log").open("wb")
        self._process = subprocess.Popen(  # noqa: S603 — the bench's own commands
            ["taskset", "-c", SERVER_CORE, *command],  # noqa: S607 — of util-linux
            env={**os.environ, **env},
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def wait(self) -> None:
        """Wait until it listens."""
        until = time.monotonic() + READY_S
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} does not serve: {Path(self._log.name).read_text()[-2000:]}")

    def warm(self, pedido: Pedido, *, checked: bool) -> None:
        """Hold its answers against what is right, and let it find its pace."""
        for _ in range(WARM if checked else 0):
            self._check(pedido)

    def load(self, pedido: Pedido, connections: int, seconds: int, *, checked: bool) -> Round:
        """Load it with one kind of request; every answer must be one."""
        if checked:
            self._check(pedido)
        cpu_s, busy_s = self._cpu_s(), _core_s()
        told = self._wrk(pedido, connections, seconds)
        cpu_s, busy_s = self._cpu_s() - cpu_s, _core_s() - busy_s
        took_s = told["us"] / US
        self.numbers[pedido.name] = told["last"]
        self.answered += told["requests"]
        assert told["failed"] == 0, (self.name, pedido.name, told)
        assert told["requests"] > 0, (self.name, pedido.name, told)
        return Round(
            per_cpu_s=told["requests"] / cpu_s,
            per_s=told["requests"] / took_s,
            p50=told["p50"],
            p99=told["p99"],
            others=max(0.0, busy_s - cpu_s) / took_s,
        )

    def logged(self) -> int:
        """Count the lines that it has written."""
        with Path(self._log.name).open("rb") as log:
            return sum(1 for _ in log)

    def stop(self) -> None:
        """End it, whatever it does."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, how)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(END_S)
                break
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)  # what a shell has left behind
        self._log.close()

    def _check(self, pedido: Pedido) -> None:
        self.numbers[pedido.name] += 1
        try:
            pedido.check(self.port, self.numbers[pedido.name])
        except AssertionError as error:
            raise AssertionError(f"{self.name} does not answer {pedido.name} right") from error

    def _wrk(self, pedido: Pedido, connections: int, seconds: int) -> dict[str, int]:
        document = self._folder / f"{pedido.name}.xml"
        document.write_text(pedido.document)
        command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"]
        for header in pedido.headers.items():
            command += ["-H", ": ".join(header)]
        command += ["-s", str(HERE / "carga.lua"), f"http://127.0.0.1:{self.port}{PATH}"]
        command += ["--", str(document), str(self.numbers[pedido.name])]
        out = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 30)  # noqa: S603
        told: dict[str, int] = json.loads(out.stdout.strip().splitlines()[-1])
        return told

    def _cpu_s(self) -> float:
        return cpu_s(self._process.pid)


def cpu_s(pid: int) -> float:
    """Tell what CPU a process and all those that it started have used."""
    top = psutil.Process(pid)
    spent = 0.0
    for process in (top, *top.children(recursive=True)):
        times = process.cpu_times()
        spent += times.user + times.system
    return spent


def _core_s() -> float:
    """Give the seconds that the servers' core has been busy, whoever with."""
    core = psutil.cpu_times(percpu=True)[int(SERVER_CORE)]
    return float(sum(core) - core.idle - core.iowait)


def free_port() -> int:
    """Find a port that nobody serves at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
