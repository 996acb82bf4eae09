"""Plays hostile requests through the gateway, and tells what each cost: `python tests/ataques_jugados.py [--todos]`.

CPU is the process's, in milliseconds, the best of three: a busy machine is not the document's doing. Memory is the
peak of the process above what it held before, in MB, from the kernel's own count.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import gateway as g
from ataques import Ataque, ataques
from ataques_de_red import ataques_de_red

CPU_MAX_MS, MEMORY_MAX_MB = 50, 20
TRIES = 3
BEGIN, END = "/dev/null/ataques-begin", "/dev/null/ataques-end"  # opened in vain: they show in a trace of system calls
_SENTINEL = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Jugado:
    """How one attack ended."""

    name: str
    falla: str | None
    cpu_ms: float
    memory_mb: float
    wrong: str | None


def cases(sentinel: str = _SENTINEL) -> Sequence[Ataque]:
    """Give every case."""
    return [*ataques(sentinel), *ataques_de_red()]


def slice_of(every: Sequence[Ataque]) -> Sequence[Ataque]:
    """Give a part that holds each attack by its name at least once, and all places, ports and encodings by turns."""
    by_name: dict[str, list[Ataque]] = {}
    for each in every:
        by_name.setdefault(each.name.partition("/")[0], []).append(each)
    return [same[number * 7 % len(same)] for number, same in enumerate(by_name.values())]


def play(gateway: g.Gateway, ataque: Ataque) -> Jugado:
    """Play one, up to three times: once is enough where it was cheap."""
    before = _memory_mb("VmRSS")
    _reset_peak()
    best = float("inf")
    for _ in range(TRIES):
        began = time.process_time()
        answer = g.call(gateway.app, "POST", ataque.port, ataque.body, {**g.XML, **ataque.headers})
        best = min(best, (time.process_time() - began) * 1000)
        if best < CPU_MAX_MS / 2:
            break
    memory = _memory_mb("VmHWM") - before
    return Jugado(ataque.name, answer.falla, best, memory, _wrong(ataque, answer, best, memory))


def _wrong(ataque: Ataque, answer: g.Answer, cpu_ms: float, memory_mb: float) -> str | None:
    try:
        g.check_soap(answer)
    except Exception as error:  # noqa: BLE001 — whatever it is, the answer is not SOAP
        return f"no SOAP answer: {error!r}"[:300]
    if answer.falla not in ataque.expected:
        return f"ended with {answer.falla or answer.codigo}"
    if cpu_ms > CPU_MAX_MS:
        return f"took {cpu_ms:.0f} ms of CPU"
    if memory_mb > MEMORY_MAX_MB:
        return f"took {memory_mb:.0f} MB"
    return None


def _memory_mb(which: str) -> float:
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(told.partition(f"{which}:")[2].split()[0]) / 1024


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def play_all(chosen: Iterable[Ataque], folder: Path) -> Iterator[Jugado]:
    """Play them on a gateway of their own, warmed up first: its own files are open, its schemas are made."""
    with g.gateway_on(g.make_template(folder), folder) as gateway:
        for operation in g.VALID:
            gateway.ask(operation, **g.VALID[operation])
        _show_in_a_trace(BEGIN)
        yield from (play(gateway, ataque) for ataque in chosen)
        _show_in_a_trace(END)


def _show_in_a_trace(path: str) -> None:
    with suppress(OSError):
        Path(path).open("rb").close()


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--todos", action="store_true", help="every case, not the suite's part")
    parser.add_argument("--sentinel", default=_SENTINEL, help="an address that nobody may call")
    parser.add_argument("--json", action="store_true", help="tell each as a line of JSON")
    said = parser.parse_args()
    every = cases(said.sentinel)
    chosen = every if said.todos else slice_of(every)
    played = []
    with tempfile.TemporaryDirectory() as folder:
        for jugado in play_all(chosen, Path(folder)):
            played.append(jugado)
            if said.json:
                sys.stdout.write(json.dumps(asdict(jugado)) + "\n")
            elif jugado.wrong:
                sys.stdout.write(f"{jugado.name}: {jugado.wrong}\n")
    wrong = [each for each in played if each.wrong]
    slowest, largest = max(played, key=lambda each: each.cpu_ms), max(played, key=lambda each: each.memory_mb)
    sys.stderr.write(
        f"ataques: {len(played)} cases, {len(wrong)} wrong; {slowest.cpu_ms:.1f} ms of CPU at most ({slowest.name}), "
        f"{largest.memory_mb:.1f} MB at most ({largest.name})\n"
    )
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(_main())
