"""A folder that files appear in: which of them are whole, and where they go once they were dealt with.

Nothing here is ever covered or lost: a file has its new name before it loses its old one, so that whoever is killed in
between finds it again, and finds that it was dealt with.
"""

import errno
import filecmp
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from pmc_soap.files import turno

LOCK = ".pmc-soap.lock"
UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


class Ocupada(Exception):
    """Another process looks after the folder."""


class Entrada:
    """A folder, while one process looks after it. settle_s: a file that stayed as it is for so long is whole."""

    def __init__(self, carpeta: Path, settle_s: float) -> None:
        self.carpeta = carpeta
        self._settle_s = settle_s
        self._seen: dict[Path, tuple[tuple[int, int], float]] = {}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only one that looks after it; raises Ocupada. It ends with the process, however that ends."""
        try:
            lock = turno.take(self.carpeta / LOCK)
        except BlockingIOError:
            raise Ocupada from None
        try:
            yield
        finally:
            os.close(lock)

    def ready(self) -> Sequence[Path]:
        """Look: give the files that are whole, those that came first before those that came later."""
        found: dict[Path, tuple[tuple[int, int], float]] = {}
        whole: list[tuple[int, str, Path]] = []
        for path in self._files():
            try:
                stat = path.stat()
            except FileNotFoundError:  # taken away meanwhile
                continue
            is_now, moment = (stat.st_size, stat.st_mtime_ns), monotonic()
            was, since = self._seen.get(path, (None, moment))
            found[path] = (is_now, since if was == is_now else moment)
            if stat.st_size and moment - found[path][1] >= self._settle_s:
                whole.append((stat.st_mtime_ns, path.name, path))
        self._seen = found
        return [path for _, _, path in sorted(whole)]

    def is_settling(self) -> bool:
        """Tell whether there are files that were not whole when last looked at."""
        return any(monotonic() - since < self._settle_s for _, since in self._seen.values())

    def place(self, path: Path, folder: str) -> Path:
        """Give the file its name in a folder within, beside the one it has; never that of another file."""
        within = self.carpeta / folder
        within.mkdir(exist_ok=True)
        for n in range(1, 10_000):
            target = within / (path.name if n == 1 else f"{path.name} ({n})")
            try:
                _link(path, target)
            except FileExistsError:
                if path.exists() and not filecmp.cmp(path, target, shallow=False):
                    continue  # another file of that name; the same one was placed by who was killed then
            return target
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(within / path.name))

    def _files(self) -> Iterator[Path]:
        for entry in os.scandir(self.carpeta):
            hidden = entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED)
            if not hidden and entry.is_file(follow_symlinks=False):
                yield Path(entry.path)


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        path.rename(target)  # a disk without links; only one process is here
