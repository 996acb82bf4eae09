"""The sheets of a workbook, looked over before they are read: how large each is, and which of its cells are errors.

The library that reads them ends the process when it finds no memory. Two cells far apart are enough, because it makes
room for all that could be between them, or a list that says that it is longer than any. And it gives an error (#N/A)
as an empty cell, as if there were nothing.
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import BinaryIO, NoReturn
from xml.parsers import expat
from zlib import error as ZlibError  # noqa: N812 — zlib calls it only «error»

FILAS_MAX, COLUMNAS_MAX = 1_048_576, 16_384  # Excel's own
ERRORES_MAX = 100_000  # that are remembered; a sheet of more is no list of facturas
BYTES_MAX = 1 << 29  # of all that is in a workbook, unpacked
CUENTA_MAX = 10_000_000  # texts, styles
_CHUNK = 1 << 16
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_REF = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_BROKEN = (
    zipfile.BadZipFile,
    ZlibError,
    expat.ExpatError,
    OSError,
    EOFError,
    LookupError,
    ValueError,
    RuntimeError,
    NotImplementedError,
)


class NoEsUnLibro(ValueError):
    """It is no workbook of Excel, or a broken one."""


class LibroEnorme(ValueError):
    """What is in the workbook would not fit."""


@dataclass(slots=True)
class Hoja:
    """What was seen of a sheet: its last row and column, from 1, and its cells that are errors."""

    fila: int = 0
    columna: int = 0
    errores: set[tuple[int, int]] = field(default_factory=set)

    @property
    def celdas(self) -> int:
        """Count the cells that there is room for from the first to the last."""
        return self.fila * self.columna


def look_over(file: BinaryIO) -> Mapping[str, Hoja]:
    """Give what is seen of each sheet, by its name; raises NoEsUnLibro or LibroEnorme."""
    try:
        with zipfile.ZipFile(file) as parts:
            _check_size(parts)
            sheets = _sheets(parts)
            _check_counts(parts, set(parts.namelist()) - set(sheets.values()))
            return {name: _look_at(parts, path) for name, path in sheets.items()}
    except LibroEnorme:
        raise
    except _BROKEN as error:
        raise NoEsUnLibro from error


def _check_size(parts: zipfile.ZipFile) -> None:
    if sum(part.file_size for part in parts.infolist()) > BYTES_MAX:
        raise LibroEnorme


def _check_counts(parts: zipfile.ZipFile, paths: Iterable[str]) -> None:
    """Refuse a part that says that it has more of something than there can be: room is made for what it says."""

    def start(_: str, said: Mapping[str, str]) -> None:
        if any(name.lower().endswith("count") and int(number) > CUENTA_MAX for name, number in said.items()):
            raise LibroEnorme

    for path in paths:
        if path.startswith("xl/") and path.endswith(".xml"):
            _parse(parts, path, start)


def _sheets(parts: zipfile.ZipFile) -> dict[str, str]:
    """Give where each sheet is kept, by its name."""
    targets, sheets = {}, {}
    for tag, said in _elements(parts, _RELATIONS):
        if tag == "Relationship" and said["Type"].endswith("/worksheet"):
            targets[said["Id"]] = normpath(join("/xl", said["Target"])).lstrip("/")
    for tag, said in _elements(parts, _WORKBOOK):
        if tag == "sheet":
            identity = next((value for name, value in said.items() if name.endswith(":id")), "")
            if identity in targets:
                sheets[said["name"]] = targets[identity]
    return sheets


def _elements(parts: zipfile.ZipFile, path: str) -> list[tuple[str, Mapping[str, str]]]:
    found: list[tuple[str, Mapping[str, str]]] = []
    _parse(parts, path, lambda tag, said: found.append((_local(tag), said)))
    return found


def _look_at(parts: zipfile.ZipFile, path: str) -> Hoja:
    hoja, at = Hoja(), [0, 0]

    def start(tag: str, said: Mapping[str, str]) -> None:
        name = _local(tag)
        if name == "row":
            at[:] = [int(said.get("r", at[0] + 1)), 0]
        elif name == "c":
            at[:] = _place(said["r"]) if "r" in said else (at[0], at[1] + 1)
        else:
            return
        if not (1 <= at[0] <= FILAS_MAX and at[1] <= COLUMNAS_MAX):
            raise ValueError(at)
        if name == "c":
            hoja.fila, hoja.columna = max(hoja.fila, at[0]), max(hoja.columna, at[1])
            if said.get("t") == "e":
                _note_error(hoja, (at[0], at[1]))

    _parse(parts, path, start)
    return hoja


def _note_error(hoja: Hoja, at: tuple[int, int]) -> None:
    if len(hoja.errores) == ERRORES_MAX:
        raise LibroEnorme
    hoja.errores.add(at)


def _parse(parts: zipfile.ZipFile, path: str, start: Callable[[str, dict[str, str]], object]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse
    with parts.open(path) as part:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)


def _refuse(*_: object) -> NoReturn:
    raise ValueError("a workbook declares nothing")


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _place(ref: str) -> tuple[int, int]:
    """Tell where "AB12" is: row and column, from 1."""
    found = _REF.fullmatch(ref)
    if found is None:
        raise ValueError(ref)
    columna = 0
    for letter in found[1]:
        columna = columna * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), columna
