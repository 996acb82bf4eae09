"""The servers of the bench: how each is started, on which base, and what it lacks if it cannot be."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
PEERS = HERE / "peers"
BUILD = HERE / ".build"
WSDL = HERE.parent / "wsdl" / "pagomiscuentas.wsdl"
BIN = Path(sys.executable).parent
GUNICORN = [
    str(BIN / "gunicorn"),
    *("--workers=1", "--worker-class=gthread", "--threads=8", "--keep-alive=5"),
    *("--log-level=warning", "--no-control-socket"),
]
GRANIAN = str(BIN / "granian")
GRANIAN_WSGI = [GRANIAN, "--interface=wsgi", "--workers=1", "--blocking-threads=8", "--http=1", "--no-ws"]
PHP = ["-d", "opcache.enable_cli=1", "-d", "soap.wsdl_cache_enabled=1"]
NODE, GSOAP = BUILD / "node", BUILD / "gsoap"
BUILD_S = 300

MEMORIA, POSTGRES = "memory", "PostgreSQL"
OURS, STOCK, PEER, CEILING = "pmc-soap", "Spyne", "peer", "ceiling"
Command = Callable[[int, Path], Sequence[str]]


@dataclass(frozen=True, eq=False)
class Servidor:
    """One server. command: port and folder → argv. needs: programs that must be there; build: what makes it.

    share: which part of a database's facturas it pays, so that two that share one never pay the same.
    """

    name: str
    kind: str
    base: str
    command: Command
    needs: tuple[str, ...] = ()
    build: Callable[[], None] = lambda: None
    env: Mapping[str, str] = field(default_factory=dict)
    share: int = 0

    def missing(self) -> str | None:
        """Name what it needs and is not found, or None."""
        return next((program for program in self.needs if not shutil.which(program)), None)


def _ours(server: str, base: str, url: str) -> Servidor:
    def command(port: int, _folder: Path) -> list[str]:
        return [sys.executable, str(HERE / "nuestro.py"), server, f"127.0.0.1:{port}", url]

    name, fast = f"pmc-soap {server} {base}", server == "granian"
    return Servidor(
        name=name, kind=OURS, base=base, command=command, needs=(GRANIAN,) if fast else (), share=1 if fast else 0
    )


def _stock(base: str, env: Mapping[str, str]) -> Servidor:
    def command(port: int, _folder: Path) -> list[str]:
        return [*GUNICORN, "--bind", f"127.0.0.1:{port}", "--pythonpath", str(PEERS), "stock_spyne:app"]

    return Servidor(name=f"Spyne gunicorn {base}", kind=STOCK, base=base, command=command, env=env)


def _hello() -> list[Servidor]:
    def gunicorn(port: int, _folder: Path) -> list[str]:
        return [*GUNICORN, "--bind", f"127.0.0.1:{port}", "--pythonpath", str(PEERS), "hello:app"]

    def granian(port: int, _folder: Path) -> list[str]:
        return [*GRANIAN_WSGI, "--port", str(port), "--working-dir", str(PEERS), "hello:app"]

    return [
        Servidor(name="hello gunicorn", kind=CEILING, base=MEMORIA, command=gunicorn),
        Servidor(name="hello granian", kind=CEILING, base=MEMORIA, command=granian, needs=(GRANIAN,)),
    ]


def _peers() -> list[Servidor]:
    def node(port: int, _folder: Path) -> list[str]:
        return ["node", str(NODE / "server.js"), str(port), str(WSDL)]

    def php(port: int, _folder: Path) -> list[str]:
        return ["php", *PHP, "-q", "-S", f"127.0.0.1:{port}", str(PEERS / "php" / "server.php")]

    def gsoap(port: int, _folder: Path) -> list[str]:
        return [str(GSOAP / "server"), str(port)]

    fpm = _php_fpm()
    return [
        _peer("node soap", node, ("node", "npm"), build=_build_node),
        _peer("php -S", php, ("php",)),
        _peer(
            "PHP-FPM + nginx", lambda port, folder: _fpm_and_nginx(fpm or "", port, folder), (fpm or "php-fpm", "nginx")
        ),
        _peer("gSOAP C++", gsoap, ("wsdl2h", "soapcpp2", "c++"), build=_build_gsoap),
    ]


def _peer(name: str, command: Command, needs: tuple[str, ...], build: Callable[[], None] = lambda: None) -> Servidor:
    return Servidor(
        name=name, kind=PEER, base=MEMORIA, command=command, needs=needs, build=build, env={"PMC_WSDL": str(WSDL)}
    )


def _php_fpm() -> str | None:
    """Find PHP-FPM, whose program carries its version on Debian."""
    folders = [Path(folder) for folder in (*os.get_exec_path(), "/usr/sbin")]
    return next((str(found) for folder in folders for found in sorted(folder.glob("php-fpm*"))), None)


def _fpm_and_nginx(fpm: str, port: int, folder: Path) -> list[str]:
    """Configure both in a folder of their own; one worker each."""
    place = folder / "fpm"
    place.mkdir(exist_ok=True)
    for name in ("fpm.conf", "nginx.conf", "run.sh"):
        text = (PEERS / "php" / name).read_text()
        said = {
            "@PLACE@": place,
            "@PORT@": port,
            "@SCRIPT@": PEERS / "php" / "server.php",
            "@WSDL@": WSDL,
            "@FPM@": fpm,
        }
        for word, value in said.items():
            text = text.replace(word, str(value))
        (place / name).write_text(text)
    return ["sh", str(place / "run.sh")]


def _build_node() -> None:
    """Fetch node's packages as the lock says, unless it has been done."""
    NODE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "server.js"):
        shutil.copy(PEERS / "node" / name, NODE / name)
    if not (NODE / "node_modules" / "soap").exists():
        _run(["npm", "ci", "--no-audit", "--no-fund"], NODE)


def _build_gsoap() -> None:
    """Generate and compile the C++ server, unless it is newer than what it is made of."""
    made, sources = GSOAP / "server", (WSDL, *(PEERS / "gsoap").iterdir())
    if not made.exists() or made.stat().st_mtime < max(source.stat().st_mtime for source in sources):
        _run(["sh", str(PEERS / "gsoap" / "build.sh"), str(WSDL), str(GSOAP)], HERE)


def _run(command: Sequence[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=BUILD_S)  # noqa: S603


def servidores(databases: Mapping[str, str]) -> list[Servidor]:
    """Give all, ours on each database too; databases: base → URL."""
    found = [*_hello(), _stock(MEMORIA, {}), *_peers()]
    for base, url in {MEMORIA: "memoria", **databases}.items():
        found += [_ours("gunicorn", base, url), _ours("granian", base, url)]
    if POSTGRES in databases:
        found.append(_stock(POSTGRES, {"PMC_BENCH_DB": databases[POSTGRES]}))
    return found
