"""The lines of a file that cannot be loaded as they are, and what is wrong with each."""

from pmc_soap.domain.valor import value
from pmc_soap.operations.archivo import Gravedad, Problema

LINEAS_MAX = 100_000  # kept at once; a file that has more is to be made anew


@value
class Falla:
    """What is wrong with a line, by the codes, and what to do about the first."""

    codigos: tuple[str, ...]
    que_hacer: str


class Rechazadas:
    """The lines that were refused so far. is_spoiled: the whole file is, so that no line of it can be mended alone."""

    def __init__(self) -> None:
        self.lineas: dict[int, Falla] = {}
        self.is_spoiled = False
        self.is_full = False

    def note(self, problema: Problema) -> None:
        """Note a problem."""
        if problema.gravedad is Gravedad.ARCHIVO:
            self.is_spoiled = True
        elif problema.linea in self.lineas:
            known = self.lineas[problema.linea]
            codigos = dict.fromkeys((*known.codigos, problema.codigo))
            self.lineas[problema.linea] = Falla(codigos=tuple(codigos), que_hacer=known.que_hacer)
        elif len(self.lineas) >= LINEAS_MAX:
            self.is_full = True
        else:
            self.lineas[problema.linea] = Falla(codigos=(problema.codigo,), que_hacer=problema.que_hacer)
