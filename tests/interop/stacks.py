"""The SOAP stacks that call us: how each is found, built and run, so that all of them tell the same story.

A stack is a folder with a client in its own language. The client gets the gateway's address, an empresa of its own and
two tokens, and prints one JSON object of what it read. What must be compiled first has a build.sh, run once for each
state of its sources in a folder that git ignores.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import gateway as g

HERE = Path(__file__).parent
BUILT = g.ROOT / ".interop"
WSDL = g.ROOT / "wsdl"
BUILD_WITHIN_S, RUN_WITHIN_S = 300, 60
_TAIL = 2_000  # of what a compiler says
PYTHON = sys.executable
TOKEN_RED, TOKEN_EMPRESA = "interop-pmc", "interop-empresa"

_ENVIRON = {
    **os.environ,
    "TZ": "America/Argentina/Buenos_Aires",  # where a midnight in UTC is of the day before
    "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # programs that live for a second
}


class Stack(NamedTuple):
    """One client stack: its empresa, the command that succeeds where it is installed, and the one that runs its client.

    {here} is its folder, {built} what its build.sh made, {interop} what install.sh made.
    """

    codigo: str
    probe: tuple[str, ...]
    run: tuple[str, ...]


_GSOAP = "command -v wsdl2h && echo '#include <stdsoap2.h>' | {compiler} -E -"
_JAXWS = "/usr/share/java/jaxws-rt.jar"
_NODE = "{interop}/node/node_modules"
STACKS = {
    "bytes": Stack("BYTE", (PYTHON, "--version"), (PYTHON, "{here}/cliente.py")),
    "zeep": Stack("ZEEP", (PYTHON, "-c", "import zeep"), (PYTHON, "{here}/cliente.py")),
    "suds": Stack("SUDS", (PYTHON, "-c", "import suds"), (PYTHON, "-W", "ignore", "{here}/cliente.py")),
    "php": Stack("PHPS", ("php", "-r", "new ReflectionClass('SoapClient');"), ("php", "{here}/cliente.php")),
    "perl": Stack("PERL", ("perl", "-MSOAP::Lite", "-e1"), ("perl", "{here}/cliente.pl")),
    "node": Stack(
        "NODE",
        ("env", f"NODE_PATH={_NODE}", "node", "-e", "require('soap')"),
        ("env", f"NODE_PATH={_NODE}", "node", "{here}/cliente.js"),
    ),
    "gsoap_cpp": Stack("GSPP", ("sh", "-c", _GSOAP.format(compiler="c++")), ("{built}/cliente",)),
    "gsoap_c": Stack("GSPC", ("sh", "-c", _GSOAP.format(compiler="cc")), ("{built}/cliente",)),
    "ruby": Stack(
        "RUBY", ("ruby", "-rjson", "-rsoap/wsdlDriver", "-e1"), ("ruby", "-W0", "-Ku", "-EUTF-8", "{here}/cliente.rb")
    ),
    "tcl": Stack(
        "TCLW",
        ("sh", "-c", "echo 'exit [catch \"package require WS::Client; package require uuid\"]' | tclsh"),
        ("tclsh", "-encoding", "utf-8", "{here}/cliente.tcl"),
    ),
    "mono": Stack("MONO", ("sh", "-c", "command -v wsdl && command -v mcs"), ("mono", "{built}/cliente.exe")),
    "axis": Stack(
        "AXIS",
        ("sh", "-c", "command -v javac && ls /usr/share/java/axis.jar"),
        ("sh", "{here}/cliente.sh", "{built}"),
    ),
    "jaxws": Stack(
        "JAXW",
        ("sh", "-c", f"command -v wsimport && command -v javac && ls {_JAXWS}"),
        ("java", "-cp", _JAXWS + ":{built}", "Cliente"),
    ),
}


def command(name: str, template: tuple[str, ...], built: Path | None = None) -> list[str]:
    """Put the folders of a stack in a command."""
    return [part.format(here=HERE / name, built=built, interop=BUILT) for part in template]


def is_installed(name: str) -> bool:
    """Tell whether a stack is on this machine."""
    try:
        done = subprocess.run(  # noqa: S603 — our own command
            command(name, STACKS[name].probe), capture_output=True, timeout=RUN_WITHIN_S, check=False
        )
    except FileNotFoundError:
        return False
    return done.returncode == 0


def build(name: str) -> Path | None:
    """Build what a stack needs, unless it has been built from the same sources; give where it is."""
    script = HERE / name / "build.sh"
    if not script.exists():
        return None
    sources = [*sorted((HERE / name).iterdir()), *sorted(WSDL.iterdir())]
    state = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    folder = BUILT / f"{name}-{state}"
    BUILT.mkdir(exist_ok=True)
    with (BUILT / f"{name}.lock").open("w") as lock:  # several test processes may want it at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _build(script, folder)
    return folder


def _build(script: Path, folder: Path) -> None:
    for older in BUILT.glob(f"{script.parent.name}-*"):
        shutil.rmtree(older)
    unfinished = BUILT / f"{folder.name}.new"
    unfinished.mkdir()
    done = subprocess.run(  # noqa: S603 — our own command
        ["/bin/sh", "-e", str(script)],
        cwd=unfinished,
        env=_ENVIRON | {"HERE": str(script.parent), "WSDL": str(WSDL)},
        capture_output=True,
        text=True,
        timeout=BUILD_WITHIN_S,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-_TAIL:]
    unfinished.rename(folder)


def tell(name: str, url: str) -> dict[str, object]:
    """Run the client of a stack against a gateway; give what it read."""
    args = (url, STACKS[name].codigo, TOKEN_RED, TOKEN_EMPRESA)
    done = subprocess.run(  # noqa: S603 — our own command
        [*command(name, STACKS[name].run, build(name)), *args],
        env=_ENVIRON,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=RUN_WITHIN_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)
