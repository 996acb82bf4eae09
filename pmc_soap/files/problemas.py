"""How a file tells what is wrong with it: a stable code, what happened and what to do.

1xx spoil the file, 2xx one line. The texts are templates; what they name is given where the problem is found.
"""

from enum import StrEnum
from typing import NamedTuple

from pmc_soap.files.registro import Campo
from pmc_soap.operations.carga import Gravedad, Problema

VALOR_MAX = 60  # a report quotes a value, never a whole line


class CodigoProblema(StrEnum):
    """The codes of one kind of file, like FAC-101. One that was published is never given another meaning."""

    @property
    def gravedad(self) -> Gravedad:
        """Tell whether it spoils the file or only the line."""
        return Gravedad.ARCHIVO if self.value.partition("-")[2] < "200" else Gravedad.LINEA


class Texto(NamedTuple):
    """What a person reads."""

    que_pasa: str
    que_hacer: str


def tell(
    codigo: CodigoProblema, texto: Texto, linea: int, campo: Campo | None, valor: str, **named: object
) -> Problema:
    """Make the report of one problem of a record; without a field it is the whole line's."""
    columna, nombre = (campo.start, campo.meaning) if campo else (min(linea, 1), "Línea" if linea else "Archivo")
    return report(codigo, texto, linea, columna, nombre, valor, **named)


def report(
    codigo: CodigoProblema, texto: Texto, linea: int, columna: int, nombre: str, valor: str, /, **named: object
) -> Problema:
    """Make the report of one problem; nombre is that of the field."""
    return Problema(
        linea=linea,
        columna=columna,
        campo=nombre,
        valor="".join(c if c.isprintable() else "·" for c in valor.strip()[:VALOR_MAX]),
        codigo=codigo,
        que_pasa=texto.que_pasa.format(**named),
        que_hacer=texto.que_hacer,
        gravedad=codigo.gravedad,
    )
