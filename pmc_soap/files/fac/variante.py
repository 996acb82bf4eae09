"""Which variante a FAC is of. Nothing in it says so, and to guess wrong is to read a thousandth of what is owed.

files.md §2.1b: the line tells by where its Nro. Referencia is repeated, else by which dates are dates. Where no line
tells, the trailer does: in the wide variante its digits end where its spaces begin.
"""

from collections.abc import Callable, Iterator, Sequence

from pmc_soap.files.fac.registros import ANCHO, DETAILS, TOTAL_WIDTHS, TRAILER, Variante, trailer
from pmc_soap.files.lineas import Linea
from pmc_soap.files.registro import CIERRE, DETALLE, Campo, read_fecha

LARGO_MIN = {v: DETAILS[v].campos["filler_2"].start - 1 for v in Variante}  # only the trailing filler may be missing
_BLANK = "0 "
_TOTAL_AT = TRAILER.campos["total"].start - 1
_WIDE_ENDS = {trailer(width, Variante.ANCHA).campos["filler_2"].end for width in TOTAL_WIDTHS}
_CLASSIC_ENDS = {trailer(width).campos["total"].end for width in TOTAL_WIDTHS}


class Dudosa(ValueError):
    """The line of that number may be of either variante, and nothing in the file tells which."""


def find_variante(lineas: Iterator[Linea]) -> Variante:
    """Tell which variante the file is of, reading no more of it than it takes; raises Dudosa."""
    doubt = 0
    for linea in lineas:
        if linea.texto[:1] == CIERRE:
            return (_by_trailer(linea.texto, doubt) if doubt else None) or Variante.CLASICA
        found = may_be(linea.texto)
        if len(found) == 1:
            return found[0]
        if found and all(_has_fechas(variante, linea.texto) for variante in found):
            doubt = doubt or linea.numero
    if doubt:
        raise Dudosa(doubt)
    return Variante.CLASICA


def may_be(texto: str) -> Sequence[Variante]:
    """Give the variantes that a line may be of: one, or both where it does not tell; none if it is no detail."""
    if texto[:1] != DETALLE or not min(LARGO_MIN.values()) <= len(texto) <= ANCHO:
        return ()
    for tells in _RULES:
        found = [variante for variante in Variante if tells(variante, texto)]
        if len(found) == 1:
            return found
    return tuple(Variante)


def repeats_referencia(variante: Variante, texto: str) -> bool:
    """Tell whether the Nro. Referencia is repeated where this variante repeats it: the first rule, and the fast one."""
    return texto[_ANTERIOR[variante]] == texto[_REFERENCIA]


def _has_fechas(variante: Variante, texto: str) -> bool:
    return all(not texto[at].strip(_BLANK) or read_fecha(texto[at]) is not None for at in _FECHAS[variante])


def _by_trailer(texto: str, doubt: int) -> Variante:
    """Tell by how far the digits go from where the total begins."""
    texto = texto.rstrip()
    end = _TOTAL_AT + len(texto[_TOTAL_AT:]) - len(texto[_TOTAL_AT:].lstrip("0123456789"))
    if end == len(texto) and end in _WIDE_ENDS:
        return Variante.ANCHA
    if end == len(texto) and (end in _CLASSIC_ENDS or end > max(_WIDE_ENDS)):
        return Variante.CLASICA
    raise Dudosa(doubt)


def _at(campo: Campo) -> slice:
    return slice(campo.start - 1, campo.end)


_REFERENCIA = _at(DETAILS[Variante.CLASICA].campos["id_cliente"])
_ANTERIOR = {variante: _at(registro.campos["referencia_anterior"]) for variante, registro in DETAILS.items()}
_FECHAS = {variante: [_at(registro.campos[f"fecha_{n}"]) for n in (2, 3)] for variante, registro in DETAILS.items()}
_RULES: tuple[Callable[[Variante, str], bool], ...] = (repeats_referencia, _has_fechas)
