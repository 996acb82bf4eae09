"""slowhttptest against the shipped nginx, and what a legitimate caller notices of it (promise P18).

    python tests/deploy/lentos.py [SECONDS]      needs nginx and slowhttptest (apt-get install nginx-light slowhttptest)

1,000 connections that send their headers slowly, then their bodies, then read slowly; meanwhile one caller asks ten
times a second from another address, each time over a new connection. Prints his latencies in ms, and fails where p99
is 100 ms or more. Most of it is TLS: compare it with what the caller sees when nobody attacks.
"""

import http.client
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

import gateway as g  # noqa: E402
import proxy  # noqa: E402

from pmc_soap.storage import schema  # noqa: E402

CONNECTIONS, RATE, EVERY_S, GOAL_MS = 1000, 200, 0.1, 100
ATTACKS = {
    "nobody": None,
    "slow headers (-H)": ["-H", "-i", "2", "-x", "24"],
    "slow bodies (-B)": ["-B", "-i", "2", "-s", "60000", "-x", "10", "-t", "POST"],
    "slow reading (-X)": ["-X", "-w", "8", "-y", "16", "-n", "2", "-z", "8", "-k", "3"],
}


def _ask(front: proxy.Front, context: ssl.SSLContext, body: bytes) -> None:
    """Call from an address that is not the attackers': nginx limits the connections of each."""
    caller = http.client.HTTPSConnection(
        "127.0.0.1", front.port, timeout=proxy.WITHIN_S, source_address=("127.0.0.2", 0), context=context
    )
    caller.request("POST", g.PMC, body, dict(g.XML))
    answer = caller.getresponse().read()
    caller.close()
    assert b"<Codigo>03</Codigo>" in answer, answer


def _measure(front: proxy.Front, seconds: float) -> tuple[list[float], int]:
    """Give the latencies while the attack grows and lasts, and the most connections that there were."""
    body, took = g.pedido("ConsultaDeuda", empresa="1234", token=proxy.TOKEN, IdCliente="1"), []
    context = ssl.create_default_context(cafile=front.certificates.trusted)
    ends, most = time.monotonic() + seconds, 0
    while (began := time.monotonic()) < ends:
        _ask(front, context, body)
        took.append((time.monotonic() - began) * 1000)
        most = max(most, _connections(front.port))
        time.sleep(max(0.0, EVERY_S - (time.monotonic() - began)))
    return sorted(took), most


def _attack(args: list[str], port: int, seconds: int) -> subprocess.Popen[bytes]:
    path = f"{g.PMC}?wsdl" if "-X" in args else g.PMC
    fixed = [
        "-c",
        str(CONNECTIONS),
        "-r",
        str(RATE),
        "-l",
        str(seconds),
        "-u",
        f"https://127.0.0.1:{port}{path}",
    ]
    return subprocess.Popen(["slowhttptest", *args, *fixed], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603, S607


def main(seconds: int) -> int:
    """Run every attack, and give the exit code."""
    if proxy.NGINX is None or shutil.which("slowhttptest") is None:
        sys.exit("nginx or slowhttptest not found")
    worst = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = folder / "template.db"
        schema.migrate(f"sqlite:///{template}")
        certificates = proxy.make_certificates(folder)
        said = f'credenciales = [{{ usuario = "red", hash = "{g.hash_secret(proxy.TOKEN)}" }}]'
        with proxy.behind(folder, template, said) as unix, proxy.nginx(folder, certificates, unix) as front:
            for attack, args in ATTACKS.items():
                process = _attack(args, front.port, seconds) if args else None
                try:
                    took, most = _measure(front, seconds)
                finally:
                    if process is not None:
                        process.terminate()
                        process.wait()
                p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
                worst = max(worst, p99)
                told = f"p50 {p50:6.1f}  p99 {p99:6.1f}  max {took[-1]:6.1f} ms"
                sys.stdout.write(f"{attack:20} {len(took):5} calls  {told}  {most} connections at most\n")
                sys.stdout.flush()
    return 0 if worst < GOAL_MS else 1


def _connections(port: int) -> int:
    """Count those that nginx holds."""
    established = "01"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(fields[1].endswith(f":{port:04X}") and fields[3] == established for fields in map(str.split, lines))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30))
