"""A lock that is a file: held by one process at a time, and let go of when that ends, however it ends."""

import fcntl
import os
from pathlib import Path


def take(path: Path) -> int:
    """Give a descriptor that holds it until it is closed; raises BlockingIOError where another has it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(lock)
        raise
    return lock
