"""The folder of what was sent: one folder each, with the file, what was asked, how far it is and what it came to.

Whoever works at one holds its lock, which the system lets go of when a process ends, however it ends.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from pmc_soap.domain.carga import Modo
from pmc_soap.files import turno
from pmc_soap.operations.subidas import BYTES_MAX, COB_BYTES_MAX, DIAS, Clase, EstadoSubida, Etapa, NoSePuede, Subida

_ID = re.compile(r"[0-9a-f]{16}")
_SAFE = re.compile(r"[^A-Za-z0-9ÁÉÍÓÚÑáéíóúñ._ -]")
_PIECE = 1024 * 1024
_SUBIDA, _ESTADO, _LOCK = "subida.json", "estado.json", "turno"
PROBLEMAS, A_CORREGIR = "problemas.csv", "a-corregir"
_AT_WORK = frozenset({Etapa.REVISANDO, Etapa.CARGANDO})


class Carpeta:
    """Where subidas are."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def add(self, subida: Subida, file: BinaryIO) -> Subida:
        """Keep a file; raises NoSePuede where it is too long, or empty."""
        longest = COB_BYTES_MAX if subida.clase is Clase.COB else BYTES_MAX
        id_ = secrets.token_hex(8)
        folder = self._place / id_
        folder.mkdir(parents=True)
        nombre = _safe(subida.nombre)
        try:
            size = _copy(file, folder / nombre, longest)
            kept = replace(subida, id=id_, nombre=nombre, bytes=size)
            _write(folder / _SUBIDA, asdict(kept) | {"subida_utc": kept.subida_utc.isoformat()})
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return kept

    def get(self, id_: str) -> tuple[Subida, EstadoSubida] | None:
        """Give one, and how far it is; what nobody works at any more is CORTADA."""
        if not _ID.fullmatch(id_):
            return None
        try:
            said = _read(self._place / id_ / _SUBIDA)
        except (OSError, ValueError):
            return None
        subida = Subida(
            **(said | {"subida_utc": datetime.fromisoformat(said["subida_utc"])})
            | {"clase": Clase(said["clase"]), "modo": Modo(said["modo"])}
        )
        estado = self._estado(id_)
        if estado.etapa in _AT_WORK and not self._is_held(id_):
            estado = self._estado(id_)  # who worked at it says how it ended before letting go
            if estado.etapa in _AT_WORK:
                estado = replace(estado, etapa=Etapa.CORTADA)
        return subida, estado

    def _estado(self, id_: str) -> EstadoSubida:
        try:
            told = _read(self._place / id_ / _ESTADO)
            return EstadoSubida(**(told | {"etapa": Etapa(told["etapa"])}))
        except (OSError, ValueError):
            return EstadoSubida(etapa=Etapa.REVISANDO)

    def list(self, clase: Clase) -> list[tuple[Subida, EstadoSubida]]:
        """Give those that are kept, the newest first."""
        names = [each.name for each in self._place.iterdir()] if self._place.is_dir() else []
        found = [each for each in map(self.get, names) if each is not None and each[0].clase is clase]
        return sorted(found, key=lambda each: each[0].subida_utc, reverse=True)

    def path(self, subida: Subida, name: str = "") -> Path:
        """Give where the file of a subida is, or another of its files."""
        return self._place / subida.id / (name or subida.nombre)

    def tell(self, subida: Subida, estado: EstadoSubida) -> None:
        """Write how far it is; a reader sees it whole."""
        _write(self.path(subida, _ESTADO), asdict(estado))

    @contextmanager
    def held(self, subida: Subida) -> Iterator[None]:
        """Be the one who works at it; raises NoSePuede if another does."""
        try:
            lock = turno.take(self.path(subida, _LOCK))
        except BlockingIOError:
            raise NoSePuede("Ese archivo ya se está cargando.") from None
        try:
            yield
        finally:
            os.close(lock)

    def remove(self, id_: str) -> None:
        """Forget one; raises NoSePuede while somebody works at it."""
        found = self.get(id_)
        if found is None:
            return
        if self._is_held(id_):
            raise NoSePuede("Ese archivo se está cargando: esperá a que termine.")
        shutil.rmtree(self._place / id_, ignore_errors=True)

    def forget_old(self, now: datetime) -> None:
        """Remove what was sent more than DIAS ago."""
        names = [each.name for each in self._place.iterdir()] if self._place.is_dir() else []
        for found in filter(None, map(self.get, names)):
            if now - found[0].subida_utc > timedelta(days=DIAS):
                with suppress(NoSePuede):
                    self.remove(found[0].id)

    def _is_held(self, id_: str) -> bool:
        try:
            lock = os.open(self._place / id_ / _LOCK, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        return False


def _copy(file: BinaryIO, path: Path, longest: int) -> int:
    size = 0
    with path.open("xb") as kept:
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > longest:
                raise NoSePuede(f"El archivo pesa más de {longest // 2**20} MB.")
            kept.write(piece)
    if not size:
        raise NoSePuede("El archivo está vacío.")
    return size


def _safe(name: str) -> str:
    """Give the name without what a disk or a page could take for more than a name."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = _SAFE.sub("_", last).strip(". ")[-100:]
    return kept if kept and kept not in {_SUBIDA, _ESTADO, _LOCK, PROBLEMAS, A_CORREGIR} else f"archivo-{kept}"


def _read(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return said


def _write(path: Path, said: dict[str, object]) -> None:
    parcial = path.with_name(f".{path.name}.{os.getpid()}")
    parcial.write_text(json.dumps(said, ensure_ascii=False, default=str), encoding="utf-8")
    parcial.replace(path)
