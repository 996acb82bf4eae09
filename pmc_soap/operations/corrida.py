"""One run of a COB: what it came to, and how a file is taken up: added, corrected, or gone on with where it was cut."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from pmc_soap.domain.cob import Cob, Cuadro, LineaLeida
from pmc_soap.operations.carga import Problema
from pmc_soap.operations.ports import Writing


class Negativa(StrEnum):
    """Why nothing was done with a file."""

    ARCHIVO_CON_FALLAS = "ARCHIVO_CON_FALLAS"
    EMPRESA_INEXISTENTE = "EMPRESA_INEXISTENTE"
    OTRO_ARCHIVO_DEL_DIA = "OTRO_ARCHIVO_DEL_DIA"
    DIA_CERRADO = "DIA_CERRADO"
    ARCHIVO_CAMBIO = "ARCHIVO_CAMBIO"


class Curso(StrEnum):
    """What a run came to: done; nothing, for that file had been; what it would do; refused."""

    HECHA = "HECHA"
    YA_ESTABA = "YA_ESTABA"
    PRUEBA = "PRUEBA"
    RECHAZADA = "RECHAZADA"


@dataclass(kw_only=True, slots=True)
class Corrida:
    """What became of a file. cuadro holds all of its lines; previo is the file of that day before this one."""

    nombre: str
    codigo_empresa: str | None
    fecha: date | None
    curso: Curso
    negativa: Negativa | None = None
    cantidad: int = 0
    total_centavos: int = 0
    cuadro: Cuadro = field(default_factory=dict)
    problemas: Sequence[Problema] = ()
    total_problemas: int = 0
    previo: Cob | None = None
    cob: Cob | None = None


class Refused(Exception):
    """Nothing is done with a file; previo is the file of that day that stands."""

    def __init__(self, negativa: Negativa, previo: Cob | None = None) -> None:
        super().__init__(negativa)
        self.negativa = negativa
        self.previo = previo


def begin(tx: Writing, new: Cob, *, corrects: bool) -> Cob:
    """Take up the file where it was left, or add it."""
    last = tx.last_cob(new.codigo_archivo, new.fecha)
    if last is not None and last.sha256 == new.sha256:
        return last
    if tx.is_closed(new.codigo_empresa, new.fecha):
        raise Refused(Negativa.DIA_CERRADO, last)
    if last is not None and not corrects:
        raise Refused(Negativa.OTRO_ARCHIVO_DEL_DIA, last)
    return tx.add_cob(replace(new, version=last.version + 1 if last else 1))


def stage(tx: Writing, cob: Cob, lote: Sequence[LineaLeida]) -> None:
    """Keep some lines, unless another file corrected this one meanwhile."""
    last = tx.last_cob(cob.codigo_archivo, cob.fecha)
    if last is None or last.id != cob.id:
        raise Refused(Negativa.OTRO_ARCHIVO_DEL_DIA, last)
    tx.stage(cob, lote)


def turn(cob: Cob) -> str:
    """Name what a file is alone on, as a cliente is: too long to be one."""
    return f"COB {cob.codigo_archivo} {cob.fecha} {'.' * 8}"
