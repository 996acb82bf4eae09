"""The command line as a person types it, without the second that a process of its own takes to start.

Where the process is what is tested (signals, kills, two at once), journeys/process.py runs the real one.
"""

import signal
from contextlib import chdir, nullcontext
from typing import NamedTuple

from click.testing import CliRunner

from pmc_soap.cli import main

_TAKEN = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Terminado(NamedTuple):
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def pmc_soap(*args, cwd=None):
    """Run a command to its end, in that folder if one is named."""
    before = [(number, signal.getsignal(number)) for number in _TAKEN]
    with CliRunner().isolation() as streams, chdir(cwd) if cwd else nullcontext():
        try:
            code = main([str(arg) for arg in args]) or 0
        except SystemExit as ended:
            code = ended.code or 0
        finally:
            for number, handler in before:
                signal.signal(number, handler)
        out, err = (stream.getvalue().decode() for stream in streams[:2])
    return Terminado(code, out, err)
