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
_AGAIN_S = 1.0  # between two starts: one that cannot live must not spin
_GRACE_S = 10

log = logging.getLogger(__name__)


@contextmanager
def beside(*args: str, env: Mapping[str, str] | None = None) -> Iterator[None]:
    """Run `pmc-soap ARGS` beside this process, again if it ends; it ends with us, however we end."""
    parent, stopping = os.getpid(), threading.Event()
    first = _start(args, env)
    children = [first]

    def watch() -> None:
        while not stopping.is_set():
            children[-1].wait()
            if not stopping.wait(_AGAIN_S):
                log.warning("%s ended by itself: it is started again", args[0])
                children.append(_start(args, env))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        if os.getpid() == parent:  # gunicorn's workers are forked in here, and end here too
            stopping.set()
            _end(children[-1])


def until_parent_ends(stop: Callable[[], None]) -> None:
    """Stop when the process that runs us beside it is gone: then our standard input ends."""

    def watch() -> None:
        sys.stdin.buffer.read()
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
