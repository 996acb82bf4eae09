"""Our gateway against its peers: requests for each second of server CPU, and latencies, in one interleaved run.

python bench/edge.py [--quick] [--write] [--last]: every server runs on one core, one process each, wrk on the other.
For each request of each round one server after the other is loaded, so that whatever else the machine does meets all
alike; the median of the rounds counts. --quick: a minute instead of ten. --write: the table and the chart in README.md
and edge.svg. --last: what the last run measured, instead of a new one. bench/install.sh installs the peers.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from statistics import median

import informe
import limite_base
import scratch
from medida import Round, Running, free_port, middle
from pedidos import AVISO, CONSULTA_1, CONSULTA_10, PEDIDOS, Pedido
from servidores import BUILD, CEILING, MEMORIA, OURS, STOCK, Servidor, servidores

TOOLS = ("wrk", "taskset")
CONNECTIONS = (1, 8)
SHARES = 3  # of the facturas to pay, which each pays once: ours on gunicorn, ours on granian, the database's own limit
SHARE_OF_LIMIT = 2


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int
    seconds: int
    connections: Sequence[int]
    to_pay: int

    @property
    def share(self) -> int:
        """Give how many facturas each may pay."""
        return self.to_pay // SHARES


FULL = Plan(rounds=3, seconds=2, connections=CONNECTIONS, to_pay=120_000)
QUICK = Plan(rounds=1, seconds=1, connections=CONNECTIONS[1:], to_pay=6_000)


def asked_of(servidor: Servidor) -> Sequence[Pedido]:
    """Tell what a server can be asked."""
    if servidor.kind == CEILING:
        return (CONSULTA_1,)
    if servidor.kind == STOCK and servidor.base != MEMORIA:
        return (CONSULTA_1, CONSULTA_10)
    return PEDIDOS


def ready(databases: Mapping[str, str]) -> tuple[list[Servidor], list[str]]:
    """Build what must be built; give what can run, and the names of what cannot, with what they lack."""
    found, absent = [], [] if scratch.POSTGRES in databases else ["PostgreSQL"]
    for servidor in servidores(databases):
        missing = servidor.missing()
        if missing is None:
            try:
                servidor.build()
            except subprocess.SubprocessError as error:
                missing = str(error)
        if missing is None:
            found.append(servidor)
        else:
            absent.append(f"{servidor.name} ({missing})")
    return found, absent


@contextmanager
def running(found: Sequence[Servidor], folder: Path, plan: Plan) -> Iterator[dict[Servidor, Running]]:
    """Start all, and end all."""
    with ExitStack() as stack:
        started = {}
        for servidor in found:
            port = free_port()
            command, first = servidor.command(port, folder), servidor.share * plan.share
            started[servidor] = Running(servidor.name, command, servidor.env, port, folder, first)
            stack.callback(started[servidor].stop)
        for one in started.values():
            one.wait()
        yield started


def measure(plan: Plan) -> informe.Results:
    """Run it all."""
    for tool in TOOLS:
        if not shutil.which(tool):
            sys.exit(f"{tool} not found: bench/install.sh installs it")
    BUILD.mkdir(exist_ok=True)
    os.sched_setaffinity(0, {1})
    with tempfile.TemporaryDirectory(dir=BUILD) as place, scratch.databases(Path(place), plan.to_pay) as databases:
        found, absent = ready(databases)
        say(f"not found: {', '.join(absent) or 'nothing'}")
        with running(found, Path(place), plan) as started:
            rounds = load(started, plan)
        limits = {base: limit(url, plan) for base, url in databases.items()}
    told = {
        servidor.name: {
            f"{pedido.name}/{connections}": asdict(middle(rounds[servidor, pedido, connections]))
            for pedido in asked_of(servidor)
            for connections in plan.connections
        }
        for servidor in found
    }
    # of those without a database, since that works on either core
    quiet = median(one.others for (s, _, _), many in rounds.items() if s.base == MEMORIA for one in many)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    run = {"absent": absent, "rounds": plan.rounds, "seconds": plan.seconds, "others": quiet, "python": python}
    return {"servers": told, "limits": limits, **run}


def load(started: Mapping[Servidor, Running], plan: Plan) -> dict[tuple[Servidor, Pedido, int], list[Round]]:
    """Load one after the other, round after round."""
    rounds: dict[tuple[Servidor, Pedido, int], list[Round]] = {}
    for servidor, one in started.items():
        for pedido in asked_of(servidor):
            one.warm(pedido, checked=servidor.kind != CEILING)
    say(f"{len(started)} servers answer what is right")
    for number in range(plan.rounds):
        for pedido in PEDIDOS:
            for connections in plan.connections:
                for servidor, one in started.items():
                    if pedido in asked_of(servidor):
                        result = one.load(pedido, connections, plan.seconds, checked=servidor.kind != CEILING)
                        rounds.setdefault((servidor, pedido, connections), []).append(result)
                say(f"round {number + 1} of {plan.rounds}: {pedido.name}, {connections} connections")
        for servidor, one in started.items():
            paid = one.numbers[AVISO.name] - servidor.share * plan.share
            assert servidor.base == MEMORIA or paid < plan.share, f"{servidor.name} has no facturas left to pay"
        assert servidor.kind != OURS or one.logged() >= one.answered, f"{servidor.name} has not logged each request"
    return rounds


def limit(url: str, plan: Plan) -> dict[str, float]:
    """Measure what the database takes of the statements of one aviso."""
    numbers = count(SHARE_OF_LIMIT * plan.share)
    transaction = limite_base.record(url, numbers)
    rates = {str(c): limite_base.rate(transaction, numbers, c, plan.seconds) for c in plan.connections}
    say(f"limit of {url.partition(':')[0]}: " + ", ".join(f"{per_s:.0f}/s at {c}" for c, per_s in rates.items()))
    return rates


_BEGAN = time.monotonic()


def say(text: str) -> None:
    """Tell how far it is."""
    print(f"{time.monotonic() - _BEGAN:6.0f} s  {text}", file=sys.stderr, flush=True)


def main(*args: str) -> None:
    """Measure, and tell."""
    kept = BUILD / "edge.json"
    if "--last" not in args:
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps(measure(QUICK if "--quick" in args else FULL), indent=1))
    results = json.loads(kept.read_text())
    print(informe.table(results))
    if "--write" in args:
        informe.write(results)


if __name__ == "__main__":
    main(*sys.argv[1:])
