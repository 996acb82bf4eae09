"""What SQLite needs of the disk: a local file system, and a fair queue of writers.

Without the queue a writer that finds SQLite busy sleeps and tries again, and others overtake it: the worst wait was
3.7 s, with the queue 0.15 s (contract.md §8).
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy.exc import TimeoutError as Timeout

# 9p is not here: sandboxes and virtual machines use it for disks of the same machine.
NETWORK_FILE_SYSTEMS = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "lustre", "gpfs", "beegfs", "ocfs2", "gfs2"),
        *("ceph", "fuse.ceph", "glusterfs", "fuse.glusterfs", "fuse.sshfs", "fuse.s3fs", "fuse.rclone", "davfs"),
    }
)
MOUNTINFO = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")


_LOOK_S, _HURRY = 0.003, 150  # the first look after 3 ms; after 0.1 s of waiting, 16 times as often


class SinTurno(Timeout):
    """Somebody else did not let go of the queue's head in time; nothing was written."""


@contextmanager
def ticket(path: Path, timeout_s: float) -> Iterator[None]:
    """Wait in the queue of writers; leave it when the block ends, or when the process dies; raises SinTurno."""
    # A file description of its own makes threads of one process queue as well: flock knows nothing else of threads.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    try:
        _wait(descriptor, timeout_s)
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # not only closed: a child forked meanwhile would keep our turn
        os.close(descriptor)


def _wait(descriptor: int, timeout_s: float) -> None:
    """Look again and again: flock itself cannot be told to give up. Who waits longer looks more often, and is first."""
    began = monotonic()
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = monotonic() - began
        if waited > timeout_s:
            raise SinTurno(f"otro proceso no deja escribir en la base de datos desde hace {timeout_s} s")
        sleep(_LOOK_S / (1 + waited * _HURRY))


def network_file_system(path: Path, mountinfo: str | None = None) -> str | None:
    """Name the network file system that the path is on; None if its disk is local, or the system does not tell."""
    if mountinfo is None:
        if not MOUNTINFO.exists():
            return None
        mountinfo = MOUNTINFO.read_text(encoding="utf-8", errors="surrogateescape")
    tipo = _mounts(path.resolve(), mountinfo)
    return tipo if tipo in NETWORK_FILE_SYSTEMS else None


def _mounts(path: Path, mountinfo: str) -> str:
    """Give the type of the deepest mount that holds the path; of two in one place the later hides the earlier."""
    deepest, tipo = -1, ""
    for line in mountinfo.splitlines():
        place, _, device = line.partition(" - ")
        mount_point = Path(_ESCAPED.sub(lambda m: chr(int(m[1], 8)), place.split()[4]))
        depth = len(mount_point.parts)
        if depth >= deepest and path.is_relative_to(mount_point):
            deepest, tipo = depth, device.split()[0]
    return tipo
