"""Runs the real command as a person would, and looks at it from outside: HTTP, exit codes, the database."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import requests

PMC_SOAP = str(Path(sys.executable).parent / "pmc-soap")
READY_WITHIN_S = 30
STOP_WITHIN_S = 15


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Gateway:
    """One running gateway: a process group of its own, so that all of it can be killed at once."""

    def __init__(self, *args: str, port: int, cwd: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log = cwd / "gateway.log"
        self._log = self.log.open("ab")
        self.process = subprocess.Popen(  # noqa: S603 — our own command
            [PMC_SOAP, *args],
            cwd=cwd,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("PMC_")},
        )
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise

    def _wait(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, Path(self._log.name).read_text()
            try:
                if requests.get(f"{self.url}/salud/listo", timeout=2).status_code == requests.codes.ok:
                    return
            except (requests.ConnectionError, requests.Timeout):  # a process that is starting may be slow
                time.sleep(0.05)
        raise TimeoutError(Path(self._log.name).read_text())

    def interrupt(self) -> int:
        """Press Ctrl-C, and give the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        code = self.process.wait(STOP_WITHIN_S)
        self._log.close()
        return code

    def kill(self) -> None:
        """Kill -9 every process of it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_WITHIN_S)
        self._log.close()


@contextmanager
def serving(*args: str, cwd: Path, port: int | None = None) -> Iterator[Gateway]:
    """Run a gateway for as long as the story lasts; {port} in the arguments is a free one."""
    port = port or free_port()
    gateway = Gateway(*(arg.format(port=port) for arg in args), port=port, cwd=cwd)
    try:
        yield gateway
    finally:
        gateway.kill()


def demonstration(folder: Path) -> AbstractContextManager[Gateway]:
    """Serve the demonstration; its ERP has a port of its own, which no other that starts now is given."""
    return serving("demo", "--port", "{port}", "--erp-port", str(free_port()), cwd=folder)


def run(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(  # noqa: S603 — our own command
        [PMC_SOAP, *args], cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )
