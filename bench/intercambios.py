"""What it costs to keep the exchanges: CPU of a request by what is kept, the writer's included.

python bench/intercambios.py [ROUNDS]: the gateway without a server around it, three times on each database (todo,
sin_xml, nada), asked in turns, so that whatever else the machine does meets all alike; the median of the rounds counts.
µs of CPU of the whole process.
"""

import sys
import tempfile
import time
from contextlib import ExitStack
from io import BytesIO
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import mundo
import scratch
from pedidos import AVISO, CONSULTA_1, NUMBER, PATH, Pedido

from pmc_soap import wiring, wsgi

KEPT = ("nada", "sin_xml", "todo")
REQUESTS = 300
SHARE = 10_000


def ask(app: Any, body: bytes) -> None:
    """Send one request."""
    told: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "CONTENT_TYPE": "text/xml; charset=utf-8",
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(body),
    }
    for _ in app(environ, lambda status, _headers: told.append(status)):
        pass
    assert told == ["200 OK"], told


def one_round(house: wiring.House, app: Any, pedido: Pedido, numbers: Any) -> float:
    """Give the µs of CPU that a request took, with all that was written down of it."""
    began = time.process_time()
    for _ in range(REQUESTS):
        ask(app, pedido.document.replace(NUMBER, f"{next(numbers):07d}").encode())
    if house.grabador is not None:
        house.grabador.flush()
    return (time.process_time() - began) / REQUESTS * 1e6


def main(rounds: int) -> None:
    """Measure, and tell."""
    with tempfile.TemporaryDirectory() as folder, scratch.databases(Path(folder), len(KEPT) * SHARE) as databases:
        for base, url in databases.items():
            with ExitStack() as stack:
                houses = {kept: stack.enter_context(wiring.build(mundo.settings(url, kept))) for kept in KEPT}
                apps = {kept: wsgi.doors(house) for kept, house in houses.items()}
                for pedido in (CONSULTA_1, AVISO):
                    numbers = {kept: count(n * SHARE) for n, kept in enumerate(KEPT)}
                    took: dict[str, list[float]] = {kept: [] for kept in KEPT}
                    for _ in range(rounds + 1):
                        for kept in KEPT:
                            took[kept].append(one_round(houses[kept], apps[kept], pedido, numbers[kept]))
                    middle = {kept: median(many[1:]) for kept, many in took.items()}
                    shown = ", ".join(f"{kept} {us:.0f} µs ({us / middle['nada']:.2f})" for kept, us in middle.items())
                    print(f"{base}, {pedido.name}: {shown}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 9)
