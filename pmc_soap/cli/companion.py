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


@contextmanager
def beside(
    command: str, *args: str, before: tuple[str, ...] = (), env: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run `pmc-soap BEFORE COMMAND ARGS` beside this process, again if it ends; it ends with us, however we end."""
    parent, stopping, starting = os.getpid(), threading.Event(), threading.Lock()
    line = (*before, command, *args)
    children = [_start(line, env)]

    def watch() -> None:
        wait_s: float = FIRST_S
        while True:
            began = monotonic()
            _wait(children[-1])
            if monotonic() - began >= LIVED_S:
                wait_s = FIRST_S
            stopping.wait(wait_s)
            with starting:
                if stopping.is_set():
                    return
                log.warning("%s ended by itself: it is started again after %g s", command, wait_s)
                children.append(_start(line, env))
            wait_s = min(wait_s * 2, LONGEST_S)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        if os.getpid() == parent:  # gunicorn's workers are forked in here, and end here too
            with starting:  # none is started once the last is told to end
                stopping.set()
            _end(children[-1])


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


def _start(args: tuple[str, ...], env: Mapping[str, str] | None) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 — our own command
        [sys.executable, "-c", _RUN, *args], stdin=subprocess.PIPE, env={**os.environ, **(env or {})}
    )


def _wait(child: "subprocess.Popen[bytes]") -> None:
    """Wait for its end, and let go of what told it of ours."""
    child.wait()
    if child.stdin is not None:
        child.stdin.close()


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Let it settle what it has begun."""
    began = monotonic()
    if child.stdin is not None:
        child.stdin.close()
    try:
        child.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        log.warning("a process beside this one did not end in %d s", monotonic() - began)
        child.kill()
