"""The folder in which the consola leaves the FACs that it made: each is there for DIAS, to be taken to PMC."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from pmc_soap.domain.exportacion import Exportacion
from pmc_soap.files import turno
from pmc_soap.operations.exportacion import EnMarcha

DIAS = 90
_NAME = re.compile(r"FAC[0-9A-Z]+\.[0-9]{6}(\.[0-9]{2})?")


class Guardados:
    """Where they are."""

    def __init__(self, carpeta: Path) -> None:
        self.carpeta = carpeta

    def open(self, exportacion: Exportacion) -> BinaryIO | None:
        """Open the file as it was made; None where it is not here, or is not what was made."""
        if not _NAME.fullmatch(exportacion.nombre):
            return None
        try:
            file = (self.carpeta / exportacion.nombre).open("rb")
        except OSError:
            return None
        if hashlib.file_digest(file, "sha256").hexdigest() != exportacion.sha256:
            file.close()
            return None
        file.seek(0)
        return file

    @contextmanager
    def turn(self, codigo_empresa: str) -> Iterator[None]:
        """Be the only one, of all processes, who makes FACs of that empresa here; raises EnMarcha."""
        self.carpeta.mkdir(parents=True, exist_ok=True)
        try:
            lock = turno.take(self.carpeta / f".turno-{codigo_empresa}")
        except BlockingIOError:
            raise EnMarcha from None
        try:
            yield
        finally:
            os.close(lock)

    def forget_old(self, now: datetime) -> None:
        """Remove what was made more than DIAS ago."""
        before = (now - timedelta(days=DIAS)).timestamp()
        for path in self.carpeta.iterdir() if self.carpeta.is_dir() else ():
            with suppress(FileNotFoundError):  # another process may be at it
                if _NAME.fullmatch(path.name) and path.stat().st_mtime < before:
                    path.unlink()
