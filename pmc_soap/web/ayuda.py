"""What the help shows of the edge, as plain rows: its errors, its result codes, its limits. Wiring fills them."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

_GRUPOS = {
    "1": "El pedido no se puede leer o no respeta el contrato",
    "2": "La credencial o quien llama",
    "9": "De nuestro lado",
}
_FALTAS = {
    "Client": "el problema está en el pedido",
    "Server": "el problema está de nuestro lado",
    "VersionMismatch": "el sobre es de otra versión de SOAP",
    "MustUnderstand": "el pedido exige un encabezado que no se conoce",
}
_SEVERIDADES = ("éxito", "rechazo de negocio", "dato o sistema en falta", "error interno")
_KIB = 1024


class Error(NamedTuple):
    """One SOAP fault. http: status and its words; casos: how it usually comes about; ejemplo: an answer, in XML."""

    codigo: str
    faultcode: str
    texto: str
    que_hacer: str
    http: str
    repetible: bool
    nombra_campo: bool
    casos: Sequence[str]
    ejemplo: str

    @property
    def falta(self) -> str:
        """Say in words what the faultcode says."""
        return _FALTAS[self.faultcode]

    @property
    def repetir(self) -> str:
        """Say whether the same request may be sent again."""
        if not self.repetible:
            return "No: igual, volvería a fallar. Primero hay que corregirlo."
        if self.faultcode == "Server":
            return "Sí, igual y sin riesgo: o no se registró, o al repetirlo no se registra dos veces."
        return "Sí: el mismo pedido puede salir bien más tarde."

    @property
    def campo(self) -> str:
        """Say whether the answer names the element at fault."""
        return "Sí, en Campo, cuando es uno." if self.nombra_campo else "No."


class Codigo(NamedTuple):
    """One result code, of an answer that is no fault. severidad: 0 (success) to 3 (internal error)."""

    codigo: str
    severidad: int
    descripcion: str
    que_hacer: str

    @property
    def gravedad(self) -> str:
        """Say the severity in words."""
        return _SEVERIDADES[self.severidad]


class Limite(NamedTuple):
    """One limit: what is measured, the most that is admitted and its unit, the error beyond it."""

    que: str
    maximo: int
    unidad: str
    codigo: str

    @property
    def tope(self) -> str:
        """Write the most that is admitted: bytes also in KiB."""
        if self.unidad == "bytes" and self.maximo % _KIB == 0:
            return f"{self.maximo // _KIB} KiB ({_thousands(self.maximo)} bytes)"
        return f"{_thousands(self.maximo)} {self.unidad}"


class Ayuda(NamedTuple):
    """All that the help shows."""

    errores: Sequence[Error]
    codigos: Sequence[Codigo]
    limites: Sequence[Limite]

    def find(self, codigo: str) -> Error | None:
        """Find an error by its code, in any case."""
        return next((error for error in self.errores if error.codigo == codigo.upper()), None)

    def find_codigo(self, codigo: str) -> Codigo | None:
        """Find a result code."""
        return next((row for row in self.codigos if row.codigo == codigo), None)

    def grupos(self) -> Iterator[tuple[str, Sequence[Error]]]:
        """Give the errors by where the problem is: (title, errors)."""
        by_code = sorted(self.errores, key=lambda error: error.codigo)
        for digit, group in groupby(by_code, key=lambda error: error.codigo.removeprefix("PMC-")[0]):
            yield _GRUPOS.get(digit, "Otros"), list(group)

    def limites_of(self, error: Error) -> Sequence[Limite]:
        """Give the limits beyond which this error comes."""
        return [limite for limite in self.limites if limite.codigo == error.codigo]


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
