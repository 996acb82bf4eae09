"""The lines of a file of fixed-width records, one at a time, whatever their encoding and line ends.

UTF-8 is tried first, then ISO-8859-1, line by line: the whole file never enters memory (files.md §2.5).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BYTES_MAX = 4_096  # no record of PMC comes near; a file without line ends must not fill the memory
BOM = b"\xef\xbb\xbf"


class SinFinDeLinea(ValueError):
    """This is not a file of lines."""


@dataclass(frozen=True, slots=True)
class Linea:
    """One line without its end. by_bytes: its columns count bytes, because its writer padded UTF-8 that way."""

    numero: int
    texto: str
    by_bytes: bool = False

    def mend(self, text: str) -> str:
        """Give a text of this line as its writer meant it; a letter that was cut in half is dropped."""
        return text.encode("latin-1").decode(errors="ignore") if self.by_bytes else text


def read_lineas(file: BinaryIO, width: int) -> Iterator[Linea]:
    """Give the lines of the file; raises SinFinDeLinea."""
    numero = 0
    while raw := file.readline(BYTES_MAX):
        numero += 1
        if len(raw) == BYTES_MAX:
            raise SinFinDeLinea(numero)
        yield _decode(numero, raw.removeprefix(BOM) if numero == 1 else raw, width)


def _decode(numero: int, raw: bytes, width: int) -> Linea:
    raw = raw.rstrip(b"\r\n")
    try:
        texto = raw.decode()
    except UnicodeDecodeError:
        return Linea(numero, raw.decode("latin-1"))
    if len(raw) == width != len(texto):
        return Linea(numero, raw.decode("latin-1"), by_bytes=True)
    return Linea(numero, texto)
