"""The seeded fuzzer: mutated fixtures, in this process or over HTTP. `python tests/fuzz.py --seed 1 --count 100000`.

Every document gets exactly one SOAP answer that the published schema accepts, never HTML, never a connection that
ends without one, within CPU_MAX_S of CPU (over HTTP, of waiting); and memory stays flat (promise P13). Memory is the
resident set in MB, read at every tenth; its growth is told in MB per 100,000 documents over the second half.
"""

import argparse
import hashlib
import http.client
import logging
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import gateway as g
import mutaciones
import psutil
from journeys.process import serving

CPU_MAX_S = 1.0
GROWTH_MAX_MB = 10.0  # per 100,000 documents
NOISE_MB = 3.0  # what a short run shows by itself
RENEW_EVERY = 20_000  # documents: then the world is made anew, so that its database stays small
CHECKED_MAX = 5_000
_SOAP = g.XML["Content-Type"]
_ID = re.compile(rb"<IdPedido>[0-9a-f]{32}</IdPedido>")

Document = tuple[str, bytes]


class Target(NamedTuple):
    """What is asked: how, what it holds in memory, and the clock that tells what one answer costs."""

    ask: Callable[[str, bytes], g.Answer]
    memory_mb: Callable[[], float]
    clock: Callable[[], float]


@dataclass
class Told:
    """What came of a run."""

    played: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, Document]] = field(default_factory=list)
    slowest_s: float = 0.0
    memory_mb: list[tuple[int, float]] = field(default_factory=list)

    @property
    def growth_mb(self) -> float:
        """Tell by how much memory grew in the second half, per 100,000 documents."""
        half = self.memory_mb[len(self.memory_mb) // 2 :]
        (first, before), (last, after) = half[0], half[-1]
        if last == first or abs(after - before) < NOISE_MB:
            return 0.0
        return (after - before) / (last - first) * 100_000


def play(documents: Iterable[Document], target: Target, every: int) -> Told:
    """Play documents; a wrong answer is noted, and the next one played."""
    told, checked = Told(), set[bytes]()
    for port, body in documents:
        if told.played % every == 0:
            told.memory_mb.append((told.played, target.memory_mb()))
        told.played += 1
        began = target.clock()
        try:
            answer = target.ask(port, body)
        except Exception as error:  # noqa: BLE001 — whatever it is, nobody was answered
            told.wrong.append((f"not answered: {error!r}"[:200], (port, body)))
            continue
        took = target.clock() - began
        told.slowest_s = max(told.slowest_s, took)
        wrong = wrong_with(answer, checked) or (f"took {took:.1f} s" if took > CPU_MAX_S else None)
        if wrong:
            told.wrong.append((wrong, (port, body)))
        else:
            told.endings[answer.falla or "answered"] += 1
    told.memory_mb.append((told.played, target.memory_mb()))
    return told


def wrong_with(answer: g.Answer, checked: set[bytes]) -> str | None:
    """Hold an answer to all that a SOAP answer must be; a fault that differs in its id only has been held to it."""
    without_id = _ID.sub(b"", answer.body)
    if (
        without_id in checked
        and answer.status in {401, 500}
        and answer.headers["Content-Type"] == g.XML["Content-Type"]
    ):
        return None
    try:
        g.check_soap(answer)
        if answer.falla in {"PMC-9001", "PMC-9002"}:
            return f"broke something: {answer.falla}"
    except Exception as error:  # noqa: BLE001 — of any library that reads it
        return f"no SOAP answer: {error!r}"[:200]
    if answer.falla and len(checked) < CHECKED_MAX:
        checked.add(without_id)
    return None


# In this process, or over HTTP ----------------------------------------------------------------------------------------


@contextmanager
def in_process(folder: Path) -> Iterator[Target]:
    """Ask the WSGI application itself, on a world that is made anew now and then."""
    template, process, asked = g.make_template(folder), psutil.Process(), count()
    with ExitStack() as open_now:

        def renew(number: int) -> g.Gateway:
            open_now.close()
            where = folder / f"from-{number}"
            where.mkdir()
            return open_now.enter_context(g.gateway_on(template, where))

        gateway = renew(0)

        def ask(port: str, body: bytes) -> g.Answer:
            nonlocal gateway
            number = next(asked)
            if number and number % RENEW_EVERY == 0:
                gateway = renew(number)
            return g.call(gateway.app, "POST", port, body, g.XML)

        yield Target(ask, lambda: process.memory_info().rss / 1e6, time.process_time)


@contextmanager
def over_http(folder: Path, server: str) -> Iterator[Target]:
    """Ask the demonstration, served by one process over one connection."""
    arguments = ("serve", "--bind", "127.0.0.1:{port}", "--workers", "1", "--threads", "2", "--server", server)
    with serving(*arguments, cwd=folder) as running:
        worker = max(psutil.Process(running.process.pid).children(), key=lambda child: child.memory_info().rss)
        with closing(http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=10)) as connection:

            def ask(port: str, body: bytes) -> g.Answer:
                connection.request("POST", port, body, g.XML)
                response = connection.getresponse()
                headers = {name.title(): value for name, value in response.getheaders()}
                return g.Answer(response.status, headers, response.read())

            yield Target(ask, lambda: worker.memory_info().rss / 1e6, time.monotonic)


def _keep(told: Told, folder: Path) -> None:
    """Keep the documents that were not answered as they must, under names that are theirs."""
    folder.mkdir(parents=True, exist_ok=True)
    for why, (_, body) in told.wrong:
        path = folder / f"{hashlib.sha256(body).hexdigest()[:12]}.pedido.xml"
        path.write_bytes(body)
        sys.stdout.write(f"{path}: {why}\n")


def _main() -> int:
    parser = argparse.ArgumentParser(description="The seeded fuzzer.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--http", choices=("gunicorn", "granian"), help="over HTTP, to this server")
    parser.add_argument("--inventions", action="store_true", help="documents as full of new names as is admitted")
    parser.add_argument("--keep", type=Path, default=Path("var/fuzz"), help="where what was answered wrongly is kept")
    said = parser.parse_args()
    logging.disable(logging.CRITICAL)  # an aviso in the puente is an alert each time
    make = mutaciones.inventions if said.inventions else mutaciones.documents
    with tempfile.TemporaryDirectory() as folder:
        opened = over_http(Path(folder), said.http) if said.http else in_process(Path(folder))
        with opened as target:
            told = play(_with_progress(make(said.seed, said.count), said.count), target, max(1, said.count // 10))
    _keep(told, said.keep)
    sys.stdout.write(
        f"fuzz: {told.played} documents, {len(told.wrong)} wrong; at most {told.slowest_s * 1000:.0f} ms for one; "
        f"endings {dict(told.endings.most_common())}\n"
        f"memory: {' '.join(f'{mb:.0f}' for _, mb in told.memory_mb)} MB; {told.growth_mb:+.1f} MB per 100,000\n"
    )
    return bool(told.wrong) or told.growth_mb > GROWTH_MAX_MB


def _with_progress(documents: Iterable[Document], how_many: int) -> Iterator[Document]:
    for number, document in enumerate(documents):
        if number and number % max(1, how_many // 10) == 0:
            sys.stderr.write(f"{number} of {how_many}\n")
        yield document


if __name__ == "__main__":
    sys.exit(_main())
