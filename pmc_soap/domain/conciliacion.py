"""How the lines of a COB meet the pagos that we know of: CRITERIOS, a table of rules, applied one after the other.

Importes are centavos, days are those of Argentina. A line meets one pago at most, and a pago one line: a COB has no
unique id of a payment, so equal lines are as many payments. In which order lines and pagos are given changes nothing.
Source: docs/divergencias.md#conciliación; docs/conciliacion.md explains each Desenlace to whoever acts on it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from pmc_soap.domain.aviso import AvisoPago
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.cobro import Cobro
from pmc_soap.domain.valor import value

HABILES_DE_DIFERENCIA = 1  # a cash channel tells a day later
HABILES_SIN_FACTURA = 5  # of two pagos that no factura names, farther apart they are two
VENTANA = timedelta(days=30)  # farther apart they are never the same payment
HABILES_DE_ESPERA = 2  # the money comes within 48 business hours; a pago that no line told of by then is an alert


class Desenlace(StrEnum):
    """What became of a line. RETIRADA: a corrected file has it no more."""

    CONCILIADO = "CONCILIADO"
    SOLO_EN_COB = "SOLO_EN_COB"
    DIF_IMPORTE = "DIF_IMPORTE"
    DIF_FECHA = "DIF_FECHA"
    REVERSADO_PERO_EN_COB = "REVERSADO_PERO_EN_COB"
    DUPLICADO_EN_COB = "DUPLICADO_EN_COB"
    LINEA_INVALIDA = "LINEA_INVALIDA"
    RETIRADA = "RETIRADA"


SOLO_EN_AVISO = "SOLO_EN_AVISO"  # of a pago that no line tells of
FIRMES = frozenset({Desenlace.CONCILIADO, Desenlace.SOLO_EN_COB, Desenlace.DIF_FECHA})
ANOMALIAS = frozenset({Desenlace.DIF_IMPORTE, Desenlace.REVERSADO_PERO_EN_COB, Desenlace.DUPLICADO_EN_COB})
PARA_UNA_PERSONA = ANOMALIAS | {Desenlace.LINEA_INVALIDA}


class Regla(StrEnum):
    """By which rule a line met its pago."""

    CONTROL = "CONTROL"
    MISMO_DIA = "MISMO_DIA"
    DIA_HABIL = "DIA_HABIL"
    OTRA_FECHA = "OTRA_FECHA"
    OTRO_IMPORTE = "OTRO_IMPORTE"
    PROPIO = "PROPIO"  # the pago was made of the line


class Habiles(Protocol):
    """The bank's business days, as calendario.Calendario counts them."""

    def add_habiles(self, day: date, n: int) -> date:
        """Give the nth business day after that day."""

    def habiles_between(self, a: date, b: date) -> int:
        """Count the business days after a until b, b itself included; a is not after b."""


@value
class LineaCob:
    """A line that is to meet a pago. clave tells it from any other, of any file."""

    id: int
    clave: str
    cobro: Cobro


@value
class PagoConocido:
    """A pago that we know of, as far as a line can tell it.

    linea_cob: the line it was made of, where a COB told of it; por_cob: no aviso ever did.
    """

    id_aviso: str
    secuencia: int
    id_cliente: str
    id_factura: str | None
    importe_centavos: int
    dia: date
    canal: str | None = None
    nro_control: str | None = None
    reversado: bool = False
    linea_cob: str | None = None
    por_cob: bool = False


@value
class Encuentro:
    """A line and its fate: the pago it met, by which rule; or none."""

    linea: LineaCob
    desenlace: Desenlace
    pago: PagoConocido | None = None
    regla: Regla | None = None


Key = tuple[object, ...]
Cercania = Callable[[Cobro, PagoConocido, Habiles], bool]


@value
class Criterio:
    """One rule: in which campos both agree, how near their days are, and whether a pago that was reversed counts."""

    regla: Regla
    campos: tuple[str, ...]
    cerca: Cercania
    reversados: bool


def _any_day(cobro: Cobro, pago: PagoConocido, _: Habiles) -> bool:
    return abs(cobro.fecha_aplicacion - pago.dia) <= VENTANA


def _same_day(cobro: Cobro, pago: PagoConocido, _: Habiles) -> bool:
    return cobro.fecha_aplicacion == pago.dia


def _next_day(cobro: Cobro, pago: PagoConocido, habiles: Habiles) -> bool:
    return _apart(cobro, pago, habiles) <= HABILES_DE_DIFERENCIA


def _another_day(cobro: Cobro, pago: PagoConocido, habiles: Habiles) -> bool:
    near = cobro.id_factura is not None or _apart(cobro, pago, habiles) <= HABILES_SIN_FACTURA
    return near and _any_day(cobro, pago, habiles)


def _of_one_factura(cobro: Cobro, pago: PagoConocido, habiles: Habiles) -> bool:
    if cobro.id_factura is not None:
        return _any_day(cobro, pago, habiles)
    return _next_day(cobro, pago, habiles) and not _contradict(cobro, pago)


_WHOSE = ("id_cliente", "id_factura")
_MONEY = (*_WHOSE, "importe_centavos")
# A pago that was reversed is the line's only where nothing speaks for another: paid, reversed and paid again is usual.
CRITERIOS = (
    Criterio(regla=Regla.CONTROL, campos=(*_MONEY, "canal", "nro_control"), cerca=_any_day, reversados=True),
    Criterio(regla=Regla.MISMO_DIA, campos=_MONEY, cerca=_same_day, reversados=True),
    Criterio(regla=Regla.DIA_HABIL, campos=_MONEY, cerca=_next_day, reversados=True),
    Criterio(regla=Regla.OTRA_FECHA, campos=_MONEY, cerca=_another_day, reversados=False),
    Criterio(regla=Regla.OTRO_IMPORTE, campos=_WHOSE, cerca=_of_one_factura, reversados=False),
)
_SAID = (  # by name: a campo that is added some day changes no clave that was kept
    *(*_MONEY, "primer_vencimiento", "fecha_aplicacion", "codigo_movimiento"),
    *("canal", "nro_control", "codigo_provincia"),
)
DEL_MISMO_PAGO = CRITERIOS[:3]  # what makes a line and an aviso one payment, beyond doubt


def conciliar(
    lineas: Iterable[LineaCob], pagos: Iterable[PagoConocido], firmes: Iterable[Cobro], habiles: Habiles
) -> tuple[Encuentro, ...]:
    """Decide on the lines. firmes: what lines that were decided before told, so that who tells it again is noticed."""
    met = _meet(lineas, pagos, CRITERIOS, habiles)
    told = {_huella(cobro) for cobro in firmes} | {_huella(e.linea.cobro) for e in met if e.pago is not None}
    return tuple(_conclude(each, told, habiles) for each in met)


def find_linea(pago: PagoConocido, lineas: Iterable[LineaCob], habiles: Habiles) -> LineaCob | None:
    """Find which of these lines tells of that pago, beyond doubt."""
    met = _meet(lineas, [pago], DEL_MISMO_PAGO, habiles)
    return next((each.linea for each in met if each.pago is not None), None)


def desenlace_of(cobro: Cobro, pago: PagoConocido, habiles: Habiles) -> Desenlace:
    """Say what it means that a line has that pago, as the pago stands now."""
    if pago.reversado:
        return Desenlace.REVERSADO_PERO_EN_COB
    if pago.importe_centavos != cobro.importe_centavos:
        return Desenlace.DIF_IMPORTE
    if pago.por_cob:
        return Desenlace.SOLO_EN_COB
    return Desenlace.CONCILIADO if _next_day(cobro, pago, habiles) else Desenlace.DIF_FECHA


def clave_of(codigo_empresa: str, fecha: date, said: Cobro | str, ordinal: int) -> str:
    """Name a line for good: by the file's empresa and day, by what it says, and by which of its equals it is (1 …).

    A corrected file of that day that still has the line names it alike, wherever it stands. said: the cobro, or the
    whole text of a line that is none.
    """
    words = said if isinstance(said, str) else _key(said, _SAID)
    digest = hashlib.sha256(json.dumps(words, default=str).encode()).hexdigest()[:32]
    return f"{codigo_empresa}:{fecha:%Y%m%d}:{digest}:{ordinal}"


def read_cobro(aviso: AvisoPago) -> Cobro:
    """Give back the line that a pago was made of."""
    return Cobro(
        id_cliente=aviso.id_cliente,
        id_factura=aviso.id_factura,
        primer_vencimiento=aviso.fecha_vencimiento,
        fecha_aplicacion=local_day(aviso.momento_utc),
        fecha_acreditacion=aviso.fecha_acreditacion or local_day(aviso.momento_utc),
        importe_centavos=aviso.importe_centavos,
        codigo_movimiento=aviso.codigo_movimiento,
        canal=aviso.canal,
        nro_control=aviso.nro_control,
        codigo_provincia=aviso.codigo_provincia,
    )


def _meet(
    lineas: Iterable[LineaCob], pagos: Iterable[PagoConocido], criterios: Sequence[Criterio], habiles: Habiles
) -> list[Encuentro]:
    left = sorted(lineas, key=lambda linea: (linea.cobro.fecha_aplicacion, linea.clave))
    free = sorted(pagos, key=lambda pago: (pago.dia, pago.por_cob, pago.secuencia))
    met: dict[str, Encuentro] = {}

    def meet(pairs: Iterable[tuple[LineaCob, PagoConocido]], regla: Regla) -> None:
        for linea, pago in pairs:
            met[linea.clave] = Encuentro(linea=linea, desenlace=Desenlace.CONCILIADO, pago=pago, regla=regla)
        taken = {each.pago.id_aviso for each in met.values() if each.pago is not None}
        left[:] = [linea for linea in left if linea.clave not in met]
        free[:] = [pago for pago in free if pago.id_aviso not in taken]

    made = {pago.linea_cob: pago for pago in free if pago.linea_cob is not None}
    meet([(linea, made[linea.clave]) for linea in left if linea.clave in made], Regla.PROPIO)
    for criterio in criterios:
        for reversado in (False, True) if criterio.reversados else (False,):
            meet(_pair(left, [p for p in free if p.reversado is reversado], criterio, habiles), criterio.regla)
    rest = [Encuentro(linea=linea, desenlace=Desenlace.SOLO_EN_COB) for linea in left]
    return sorted([*met.values(), *rest], key=lambda each: (each.linea.cobro.fecha_aplicacion, each.linea.clave))


def _pair(
    lineas: Sequence[LineaCob], pagos: Sequence[PagoConocido], criterio: Criterio, habiles: Habiles
) -> Iterator[tuple[LineaCob, PagoConocido]]:
    """Pair as many as can be, both in the order of their days: who pairs them in that order never crosses two."""
    waiting: defaultdict[Key, list[PagoConocido]] = defaultdict(list)
    for pago in pagos:
        waiting[_key(pago, criterio.campos)].append(pago)
    for linea in lineas:
        key = _key(linea.cobro, criterio.campos)
        some = waiting.get(key, []) if key[-1] is not None or criterio.regla is not Regla.CONTROL else []
        for n, pago in enumerate(some):
            if _can_be(linea.cobro, pago, criterio, habiles):
                yield linea, some.pop(n)
                break
            if pago.dia > linea.cobro.fecha_aplicacion + VENTANA:
                break


def _key(said: Cobro | PagoConocido, campos: tuple[str, ...]) -> Key:
    return tuple(getattr(said, campo) for campo in campos)


def _can_be(cobro: Cobro, pago: PagoConocido, criterio: Criterio, habiles: Habiles) -> bool:
    doubtful = pago.reversado and _contradict(cobro, pago)
    return not doubtful and criterio.cerca(cobro, pago, habiles)


def _contradict(cobro: Cobro, pago: PagoConocido) -> bool:
    """Tell that both have a control number, and not the same."""
    return None not in {cobro.nro_control, pago.nro_control} and cobro.nro_control != pago.nro_control


def _apart(cobro: Cobro, pago: PagoConocido, habiles: Habiles) -> int:
    return habiles.habiles_between(*sorted((cobro.fecha_aplicacion, pago.dia)))


def _conclude(each: Encuentro, told: set[Key], habiles: Habiles) -> Encuentro:
    """Say what it means; a line that nobody told of is a payment, unless it says word for word what another did."""
    if each.pago is not None:
        return replace(each, desenlace=desenlace_of(each.linea.cobro, each.pago, habiles))
    huella = _huella(each.linea.cobro)
    if huella in told:
        return replace(each, desenlace=Desenlace.DUPLICADO_EN_COB)
    told.add(huella)
    return each


def _huella(cobro: Cobro) -> Key:
    return _key(cobro, (*_MONEY, "fecha_aplicacion", "canal", "nro_control"))
