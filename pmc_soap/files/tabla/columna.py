"""What a table is: columns of a closed list of types, and rows that come one by one.

Importes are centavos (int), a PORCIENTO is hundredths of a percent (int): 9850 is 98.5 %; an instant is aware, and is
shown as the clock in Argentina shows it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

from pmc_soap.domain.valor import value


class Tipo(StrEnum):
    """What the values of a column are; whoever writes a table has one way for each."""

    TEXTO = "TEXTO"
    IMPORTE = "IMPORTE"
    FECHA = "FECHA"
    INSTANTE = "INSTANTE"
    ENTERO = "ENTERO"
    PORCIENTO = "PORCIENTO"


Valor = str | int | date | datetime | None
Fila = Sequence[Valor]

ANCHOS = {Tipo.TEXTO: 18, Tipo.IMPORTE: 17, Tipo.FECHA: 12, Tipo.INSTANTE: 20, Tipo.ENTERO: 10, Tipo.PORCIENTO: 10}


@value
class Columna:
    """One column. nombre is for programs and never changes, titulo for people; ancho is in characters (0: its type's).

    suma: the values can be added up, and where a person looks they are. pantalla: it is worth its room on a screen.
    """

    nombre: str
    titulo: str
    tipo: Tipo = Tipo.TEXTO
    ancho: int = 0
    suma: bool = False
    pantalla: bool = True


@value
class Tabla:
    """A table; nombre is for programs, titulo (letters, ≤ 25) for people.

    filas may be read once, and only in order: there may be more of them than memory holds.
    """

    nombre: str
    titulo: str
    columnas: tuple[Columna, ...]
    filas: Iterable[Fila]
