"""The rows of a planilla, whatever it is kept in: each with its number in the file, and where it goes on."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, BinaryIO, NamedTuple, Protocol

from pmc_soap.files.planilla.celda import Celda
from pmc_soap.files.planilla.codigos import Codigo
from pmc_soap.files.planilla.columnas import Planilla


class Fila(NamedTuple):
    """One row. hasta: its last line, which is its first unless something in it holds an end of line."""

    numero: int
    hasta: int
    celdas: Sequence[Celda]


class Ilegible(Exception):
    """Nothing can be read from there on: the code, the row and what its text names."""

    def __init__(self, codigo: Codigo, fila: int = 0, valor: str = "", **named: Any) -> None:
        super().__init__(codigo, fila)
        self.codigo = codigo
        self.fila = fila
        self.valor = valor
        self.named = named


class Lector(Protocol):
    """What reads the rows of one kind of file."""

    formato: str

    def open(self, file: BinaryIO, planilla: Planilla) -> AbstractContextManager[Iterator[Fila]]:
        """Give the rows that say something, one by one; raises Ilegible, at once or on the way."""
