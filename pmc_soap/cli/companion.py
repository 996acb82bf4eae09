"""A command of ours that runs beside this one for as long as it lives: the deliverer, the demonstration's ERP."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic

_RUN = "from pmc_soap.cli import main; main()"
FIRST_S, LONGEST_S = 1, 60  # from an end to the next start, twice as long each time: one that cannot live must not spin
LIVED_S = 60  # after which an end is the first again
_GRACE_S = 10

log = logging.getLogger(__name__)


class Beside:
    """The command that runs beside us."""

    def __init__(self, command: str, line: tuple[str, ...], env: Mapping[str, str]) -> None:
        self._command, self._line, self._env = command, line, env
        self._stopping, self._starting = threading.Event(), threading.Lock()
        self._renewed = False
        self._child = _start(line, env)
        threading.Thread(target=self._watch, daemon=True).start()

    def renew(self, env: Mapping[str, str]) -> None:
        """Have it end what it has begun, and start it again at once: it reads its configuration anew."""
        with self._starting:
            self._env, self._renewed = env, True
            _tell_to_end(self._child)

    def end(self) -> None:
        """End it: none is started once the last is told to end."""
        with self._starting:
            self._stopping.set()
        _end(self._child)

    def _watch(self) -> None:
        wait_s: float = FIRST_S
        while True:
            began = monotonic()
            _wait(self._child)
            if monotonic() - began >= LIVED_S:
                wait_s = FIRST_S
            self._stopping.wait(0 if self._renewed else wait_s)
            with self._starting:
                if self._stopping.is_set():
                    return
                if not self._renewed:
                    log.warning("comando=%s ended by itself: it is started again after %g s", self._command, wait_s)
                self._child, self._renewed = _start(self._line, self._env), False
            wait_s = min(wait_s * 2, LONGEST_S)


@contextmanager
def beside(
    command: str, *args: str, before: tuple[str, ...] = (), env: Mapping[str, str] | None = None
) -> Iterator[Beside]:
    """Run `pmc-soap BEFORE COMMAND ARGS` beside this process, again if it ends; it ends with us, however we end."""
    parent = os.getpid()
    child = Beside(command, (*before, command, *args), env or {})
    try:
        yield child
    finally:
        if os.getpid() == parent:  # a server's workers are forked in here, and end here too
            child.end()


def until_parent_ends(stop: Callable[[], None]) -> None:
    """Stop when the process that runs us beside it is gone: then our standard input ends."""

    def watch() -> None:
        # not through sys.stdin: at our own end the interpreter would wait for its lock, and abort
        while os.read(0, 4096):
            pass
        stop()

    threading.Thread(target=watch, daemon=True).start()


def on_signals(stop: Callable[[], None]) -> None:
    """Stop on Ctrl-C and on TERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop())


def on_hangup(do: Callable[[], None]) -> None:
    """Do it on HUP, aside from what the main thread is at."""
    signal.signal(signal.SIGHUP, lambda *_: threading.Thread(target=do, daemon=True).start())


def _start(args: tuple[str, ...], env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 — our own command
        [sys.executable, "-c", _RUN, *args], stdin=subprocess.PIPE, env={**os.environ, **env}
    )


def _wait(child: "subprocess.Popen[bytes]") -> None:
    """Wait for its end, and let go of what told it of ours."""
    child.wait()
    _tell_to_end(child)


def _tell_to_end(child: "subprocess.Popen[bytes]") -> None:
    """Let it settle what it has begun."""
    if child.stdin is not None:
        child.stdin.close()


def _end(child: "subprocess.Popen[bytes]") -> None:
    began = monotonic()
    _tell_to_end(child)
    try:
        child.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        log.warning("a process beside this one did not end in %d s", monotonic() - began)
        child.kill()
