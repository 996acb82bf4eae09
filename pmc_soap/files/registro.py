"""A fixed-width record as a table of fields, read and written from the same table. Columns count from 1.

N is digits with zeros to the left, AN is text with spaces to the right (files of PMC, FAC and COB alike).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

ENTE = "400"  # PagoMisCuentas
ENCABEZADO, DETALLE, CIERRE = "0", "5", "9"
MONEDA_PESOS = "0"


class Tipo(StrEnum):
    """What a field holds, and so how it is filled."""

    N = "N"
    AN = "AN"


@dataclass(frozen=True, slots=True)
class Campo:
    """One field, in Spanish. meaning is PMC's own name of it, source where the layout was read, about what it says."""

    name: str
    start: int
    length: int
    tipo: Tipo
    meaning: str
    source: str = ""
    about: str = ""

    @property
    def end(self) -> int:
        """Give its last column."""
        return self.start + self.length - 1

    def fill(self, value: str) -> str:
        """Bring a value to the field's width; raises NoCabe, and never cuts."""
        is_clean = is_number(value or "0") if self.tipo is Tipo.N else value.isascii() and value.isprintable()
        if len(value) > self.length or not is_clean:
            raise NoCabe(self, value)
        return value.rjust(self.length, "0") if self.tipo is Tipo.N else value.ljust(self.length)


class NoCabe(ValueError):
    """A value does not fit its field."""

    def __init__(self, campo: Campo, valor: str) -> None:
        largo = f"{campo.length} {'dígitos' if campo.tipo is Tipo.N else 'caracteres sin acentos'}"
        super().__init__(f"«{valor}» no entra en {campo.meaning} ({largo}, columnas {campo.start} a {campo.end})")
        self.campo = campo
        self.valor = valor


class Registro:
    """A record: fields without gap or overlap, from column 1 to its width."""

    def __init__(self, width: int, *campos: Campo) -> None:
        column = 1
        for campo in campos:
            if campo.start != column or campo.length < 1:
                raise ValueError(f"{campo.name}: starts at {campo.start}, expected {column}")
            column = campo.end + 1
        if column != width + 1 or len({campo.name for campo in campos}) != len(campos):
            raise ValueError(f"the fields fill {column - 1} of {width} columns, or two share a name")
        self.width = width
        self.campos = {campo.name: campo for campo in campos}
        self._slices = [(campo.name, campo.start - 1, campo.end) for campo in campos]

    def read(self, line: str) -> dict[str, str]:
        """Cut a line into its fields, padding and all."""
        return {name: line[start:end] for name, start, end in self._slices}

    def write(self, values: Mapping[str, str]) -> str:
        """Make the line; a field without a value is only filled. Raises NoCabe."""
        return "".join(campo.fill(values.get(name, "")) for name, campo in self.campos.items())


def is_number(text: str) -> bool:
    """Tell whether it is digits only; str.isdigit alone also takes those of other scripts."""
    return text.isascii() and text.isdigit()


@lru_cache(maxsize=4_096)  # a file has few dates and many lines
def read_fecha(text: str) -> date | None:
    """Read AAAAMMDD; None if there is no such day."""
    if len(text) != len("AAAAMMDD") or not is_number(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
