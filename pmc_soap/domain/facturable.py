"""Which consultas PMC may charge: those that a pago followed. Each consulta and each aviso is used once.

Importes are centavos, instants UTC, months Argentina's. The rule, and what it assumes about PMC, is in
docs/divergencias.md#consultas-facturables.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.domain.calendario import to_utc
from pmc_soap.domain.factura import Origen
from pmc_soap.domain.resultado import Resultado
from pmc_soap.domain.valor import value

VENTANA = timedelta(hours=24)  # how long before the payment the consulta may have been made
TOLERANCIA = timedelta(minutes=5)  # between the network's clock and ours
_MES = re.compile(r"(2[0-9]{3})-(0[1-9]|1[0-2])")


class Vinculo(StrEnum):
    """What ties an aviso to a consulta, or why nothing does."""

    CITADA = "CITADA"
    ULTIMA_24_H = "ULTIMA_24_H"
    SIN_CONSULTA = "SIN_CONSULTA"
    YA_USADA = "YA_USADA"
    CITADA_YA_USADA = "CITADA_YA_USADA"


class Cita(StrEnum):
    """What became of the IdConsulta that an aviso quotes."""

    NINGUNA = "NINGUNA"
    HALLADA = "HALLADA"
    DESCONOCIDA = "DESCONOCIDA"
    DE_OTRA_FACTURA = "DE_OTRA_FACTURA"


@value
class Mostrada:
    """A factura as a consulta showed it."""

    id_cliente: str
    id_factura: str
    importe_centavos: int


@value
class ConsultaHecha:
    """A consulta as it was recorded. id_cliente is what was asked for; mostradas what was shown."""

    codigo_empresa: str
    id_consulta: str
    fecha_hora_utc: datetime
    resultado: Resultado
    id_cliente: str | None = None
    id_factura: str | None = None
    origen: Origen | None = None
    mostradas: tuple[Mostrada, ...] = ()

    def led_to(self, id_cliente: str, id_factura: str | None) -> bool:
        """Tell whether the payer could have paid that, having seen the answer."""
        if id_factura is not None:
            return any((m.id_cliente, m.id_factura) == (id_cliente, id_factura) for m in self.mostradas)
        return self.resultado is Resultado.EXITOSA and id_cliente in self.clientes

    @property
    def clientes(self) -> frozenset[str]:
        """Name the clientes that were asked for or shown."""
        return frozenset(m.id_cliente for m in self.mostradas) | ({self.id_cliente} if self.id_cliente else set())


@value
class PagoHecho:
    """A pago as the network told of it, and where its money stands. id_consulta is the one it quotes."""

    secuencia: int
    id_aviso: str
    id_cliente: str
    momento_utc: datetime
    importe_centavos: int
    moneda: str
    estado: EstadoPago
    id_factura: str | None = None
    id_consulta: str | None = None


@value
class Cruce:
    """A pago and the consulta that it followed, if there is one for it."""

    pago: PagoHecho
    vinculo: Vinculo
    cita: Cita
    consulta: ConsultaHecha | None = None


@dataclass(frozen=True, slots=True)
class Mes:
    """A month of Argentina's calendar."""

    primer_dia: date

    @classmethod
    def parse(cls, text: str) -> "Mes":
        """Read "2026-03"; anything else raises ValueError."""
        match = _MES.fullmatch(text)
        if match is None:
            raise ValueError(text)
        return cls(date(int(match[1]), int(match[2]), 1))

    @property
    def since_utc(self) -> datetime:
        """Give its first instant."""
        return to_utc(datetime.combine(self.primer_dia, time()))

    @property
    def until_utc(self) -> datetime:
        """Give the first instant of the next month."""
        following = (self.primer_dia + timedelta(days=31)).replace(day=1)
        return to_utc(datetime.combine(following, time()))

    def holds(self, instant_utc: datetime) -> bool:
        """Tell whether the instant is in it."""
        return self.since_utc <= instant_utc < self.until_utc

    def __str__(self) -> str:
        return f"{self.primer_dia:%Y-%m}"


def match(consultas: Iterable[ConsultaHecha], pagos: Iterable[PagoHecho]) -> Sequence[Cruce]:
    """Find the consulta of each pago of one empresa; the order in which they are handed in changes nothing.

    Pagos that stand go before reversed ones; of each kind, those that quote a consulta go before those for which it has
    to be found; then the order is that of their secuencia. All of them choose among what came before them first: what
    only the clocks' tolerance gives to a pago is left to one that came after it. Given back in the order of secuencia.
    """
    by_id = {consulta.id_consulta: consulta for consulta in consultas}
    index, used = _index(by_id.values()), dict[int, str]()
    said = [(pago, _cite(by_id, pago)) for pago in pagos]
    said.sort(key=lambda pair: (pair[0].estado is EstadoPago.REVERSADO, pair[1] is not Cita.HALLADA, pair[0].secuencia))
    _choose(index, used, said, timedelta())
    _choose(index, used, said, TOLERANCIA)
    found = [_tie(by_id, index, used.get(pago.secuencia), pago, cita) for pago, cita in said]
    return sorted(found, key=lambda cruce: cruce.pago.secuencia)


_Shown = tuple[str, str | None]
_Index = Mapping[_Shown, Sequence[tuple[datetime, str]]]


def _index(consultas: Iterable[ConsultaHecha]) -> _Index:
    """List the consultas that can lead to each payment, by time: (cliente, factura), or (cliente, None)."""
    index: dict[_Shown, list[tuple[datetime, str]]] = {}
    for consulta in consultas:
        keys: set[_Shown] = {(m.id_cliente, m.id_factura) for m in consulta.mostradas}
        if consulta.resultado is Resultado.EXITOSA:
            keys |= {(id_cliente, None) for id_cliente in consulta.clientes}
        for key in keys:
            index.setdefault(key, []).append((consulta.fecha_hora_utc, consulta.id_consulta))
    for listed in index.values():
        listed.sort()
    return index


def _cite(by_id: Mapping[str, ConsultaHecha], pago: PagoHecho) -> Cita:
    if pago.id_consulta is None:
        return Cita.NINGUNA
    quoted = by_id.get(pago.id_consulta)
    if quoted is None:
        return Cita.DESCONOCIDA
    return Cita.HALLADA if quoted.led_to(pago.id_cliente, pago.id_factura) else Cita.DE_OTRA_FACTURA


def _choose(index: _Index, used: dict[int, str], said: Iterable[tuple[PagoHecho, Cita]], tolerancia: timedelta) -> None:
    """Let each pago that has none take the consulta that it quotes, or the last of its window that no pago has used."""
    taken = set(used.values())
    for pago, cita in said:
        if pago.secuencia in used:
            continue
        listed = [pago.id_consulta or ""] if cita is Cita.HALLADA else reversed(_window(index, pago, tolerancia))
        id_consulta = next((id_ for id_ in listed if id_ not in taken), None)
        if id_consulta is not None:
            used[pago.secuencia] = id_consulta
            taken.add(id_consulta)


def _tie(
    by_id: Mapping[str, ConsultaHecha], index: _Index, id_consulta: str | None, pago: PagoHecho, cita: Cita
) -> Cruce:
    if id_consulta is not None:
        vinculo = Vinculo.CITADA if cita is Cita.HALLADA else Vinculo.ULTIMA_24_H
        return Cruce(pago=pago, vinculo=vinculo, cita=cita, consulta=by_id[id_consulta])
    if cita is Cita.HALLADA:
        return Cruce(pago=pago, vinculo=Vinculo.CITADA_YA_USADA, cita=cita)
    there_was = bool(_window(index, pago, TOLERANCIA))
    return Cruce(pago=pago, vinculo=Vinculo.YA_USADA if there_was else Vinculo.SIN_CONSULTA, cita=cita)


def _window(index: _Index, pago: PagoHecho, tolerancia: timedelta) -> Sequence[str]:
    """Name the consultas that may have led to a pago, by time."""
    listed = index.get((pago.id_cliente, pago.id_factura), ())
    first = bisect_left(listed, pago.momento_utc - VENTANA, key=lambda entry: entry[0])
    end = bisect_right(listed, pago.momento_utc + tolerancia, key=lambda entry: entry[0])
    return [id_consulta for _, id_consulta in listed[first:end]]
