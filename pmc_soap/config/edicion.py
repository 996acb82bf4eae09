"""The credentials of a TOML file, changed in place: its comments and its order stay, and nobody reads half of it.

What is written is checked first, with every other source on top: a change that would break the configuration, or that
another source would hide, is not made.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from pmc_soap.config import fuentes, lectura, secretos, toml
from pmc_soap.config.errores import ConfigError

RED = "pagomiscuentas"
PREFIX_LENGTH, SIN_HASH = 8, "secreto"
_MARK = "\ufeff"  # some editors of Windows begin a file with it


@dataclass(frozen=True, slots=True)
class Anotada:
    """A credential as the file has it. de: pagomiscuentas, or the code of an empresa; n: its place there."""

    de: str
    n: int
    usuario: str
    prefijo: str
    hasta: date | None

    def is_live(self, today: date) -> bool:
        """Tell whether it is accepted on that day."""
        return self.hasta is None or today <= self.hasta


class Edicion:
    """One file while it is changed; nothing is written before save."""

    def __init__(self, path: Path) -> None:
        """Read the file; raises ConfigError."""
        fuentes.of_file(path)  # tells what is no TOML as every command does
        self._path = path.resolve()
        self._before = self._path.read_bytes().decode()
        try:
            self._document = tomlkit.parse(self._before.removeprefix(_MARK))
        except TOMLKitError:
            raise ConfigError([f"{path}: no se puede cambiar sin perder su forma; editalo a mano."]) from None

    def llamadores(self) -> list[str]:
        """Name who may have credentials: the network, and each empresa of the file."""
        return [RED, *(str(codigo) for codigo in self._document.get("empresas", {}))]

    def credenciales(self) -> Iterator[Anotada]:
        """Give every credential of the file."""
        for de in self.llamadores():
            for n, said in enumerate(self._table(de).get("credenciales", [])):
                yield Anotada(de, n, str(said.get("usuario")), prefix(_hash(said)), said.get("hasta"))

    def add(self, de: str, usuario: str, hash_: str) -> None:
        """Add a credential."""
        said = {"usuario": usuario, "hash": hash_}
        if de == RED and RED not in self._document:
            self._document[RED] = tomlkit.table()
        table = self._table(de)
        if "credenciales" not in table:
            table["credenciales"] = tomlkit.array()
        every = table["credenciales"]
        every.append(tomlkit.item(said) if isinstance(every, AoT) else _inline(said))
        if not isinstance(every, AoT) and len(every) > 1 and "\n" not in every.as_string():
            every.multiline(multiline=True)

    def end(self, anotada: Anotada, hasta: date) -> None:
        """Give a credential its last day."""
        every = self._table(anotada.de)["credenciales"]
        if isinstance(every, AoT):
            every[anotada.n]["hasta"] = hasta
        else:
            every[anotada.n] = _inline({**every[anotada.n].unwrap(), "hasta": hasta})

    def remove(self, anotadas: list[Anotada]) -> None:
        """Take credentials out."""
        for anotada in sorted(anotadas, key=lambda one: one.n, reverse=True):
            del self._table(anotada.de)["credenciales"][anotada.n]

    def save(self, changed: str) -> list[str]:
        """Put the file in place, and give what was wrong with it already; raises ConfigError if it gets worse.

        changed: whose credentials were changed.
        """
        mark = _MARK if self._before.startswith(_MARK) else ""
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            self._write(beside, mark + tomlkit.dumps(self._document))
            problems = self._check(beside, changed)
            beside.replace(self._path)
        except OSError as error:
            told = f"{self._path}: no se puede escribir ahí ({error.strerror})."
            raise ConfigError([told]) from None
        finally:
            beside.unlink(missing_ok=True)
        return problems

    def _write(self, beside: Path, text: str) -> None:
        """Write all of it to the disk, readable by nobody who could not read the file before."""
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(self._path, beside)
        owner = self._path.stat()
        with suppress(PermissionError):  # only root may give a file away; anybody else owns what he could write
            os.chown(beside, owner.st_uid, owner.st_gid)

    def _check(self, beside: Path, changed: str) -> list[str]:
        before, after = _problems(self._path), _problems(beside, self._path)
        if new := [problem for problem in after if problem not in before]:
            raise ConfigError(new)
        if not after:
            path = (RED, "credenciales") if changed == RED else ("empresas", changed, "credenciales")
            source = lectura.read(fuentes.of_file(beside)).source_of(path)
            if source not in {None, str(beside)}:
                raise ConfigError([f"{source}: de ahí salen las credenciales que valen; cambialas en ese lugar."])
        return after

    def _table(self, de: str) -> Any:
        return self._document.get(RED, {}) if de == RED else self._document["empresas"][de]


def prefix(hash_: str | None) -> str:
    """Give what tells a hash from another, and helps nobody to find its secret; where there is none, say so."""
    return hash_.rpartition("$")[2][:PREFIX_LENGTH] if hash_ else SIN_HASH


def _hash(said: Mapping[str, Any]) -> str | None:
    with suppress(ValueError):  # named in a place that cannot be read: the check tells
        return str(secretos.resolve(said["hash"])) if "hash" in said else None
    return None


def _inline(said: Mapping[str, Any]) -> Any:
    return tomlkit.parse(f"x = {toml.write(said)}")["x"]


def _problems(path: Path, called: Path | None = None) -> list[str]:
    try:
        lectura.read(fuentes.of_file(path))
    except ConfigError as error:
        return [problem.replace(str(path), str(called or path)) for problem in error.problems]
    return []
