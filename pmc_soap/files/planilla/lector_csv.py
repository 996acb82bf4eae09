"""The rows of a CSV, one at a time: its encoding and its separator are found out unless they are told.

UTF-8 is tried first, then windows-1252, line by line, so that the file never enters memory (files.md §2.5). An end of
line inside a cell is told of, wherever it is: a quote that was left open hides the rows that follow it.
"""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import BinaryIO

from pmc_soap.files.lineas import BOM
from pmc_soap.files.planilla.celda import unguard
from pmc_soap.files.planilla.codigos import Codigo
from pmc_soap.files.planilla.columnas import Planilla, read_encabezado
from pmc_soap.files.planilla.filas import Fila, Ilegible

BYTES_MAX = 65_536  # of one line: a file without line ends must not fill the memory
SEPARADORES = (";", ",", "\t", "|")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SEP = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # what Excel takes as a hint, and writes itself


class LectorCsv:
    """Reads CSV."""

    formato = "CSV"

    @contextmanager
    def open(self, file: BinaryIO, planilla: Planilla) -> Iterator[Iterator[Fila]]:
        """Give the rows that say something, one by one."""
        lineas = _lineas(file, planilla.codificacion)
        yield _filas(lineas, planilla)


def _lineas(file: BinaryIO, codificacion: str | None) -> Iterator[str]:
    numero = 0
    while raw := file.readline(BYTES_MAX):
        numero += 1
        if len(raw) == BYTES_MAX or (numero == 1 and raw.startswith(_UTF_16)) or b"\0" in raw:
            raise Ilegible(Codigo.NO_ES_TEXTO, numero)
        if numero == 1 and raw.startswith(BOM):
            raw, codificacion = raw.removeprefix(BOM), "utf-8"  # the file itself says so
        yield _decode(raw, codificacion)


def _decode(raw: bytes, codificacion: str | None) -> str:
    for encoding in (codificacion,) if codificacion else ("utf-8", "windows-1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")  # what is no text in it is a control character, which its cell is blamed for


def _filas(lineas: Iterator[str], planilla: Planilla) -> Iterator[Fila]:
    first, before = next(lineas, ""), 0
    hint = _SEP.fullmatch(first)
    if hint:
        first, before = next(lineas, ""), 1
    separador = hint[1] if hint else planilla.separador or _find_separador(first, planilla)
    rows = csv.reader(chain([first], lineas), delimiter=separador, strict=True)
    while True:
        numero = before + rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error:
            raise Ilegible(Codigo.COMILLAS, numero) from None
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield Fila(numero, before + rows.line_num, [unguard(cell) for cell in row])


def _find_separador(first: str, planilla: Planilla) -> str:
    """Take the separator that makes most of the columns that we know of a header."""

    def known(separador: str) -> int:
        try:
            cells = next(csv.reader([first], delimiter=separador), [])
        except csv.Error:
            return 0
        return len(read_encabezado(planilla, cells).places)

    return max(SEPARADORES, key=known)
