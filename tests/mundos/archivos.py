"""The COBs of a month as PMC sends them: most of them sound, some spoiled, cut, repeated, corrected or out of turn."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from mundos.hilo import HORA_DEL_COB
from mundos.historia import Envio, Linea
from pmc_soap.domain.calendario import to_utc
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.files.cob import escritura

MINUTE = timedelta(minutes=1)
_MOVIMIENTO = 68  # of its column: what a line that nobody can read has wrong; count and total still hold
_CANTIDAD, _TOTAL = slice(16, 23), slice(30, 41)  # of the trailer
FUERA_DE_LUGAR = "9999"  # an empresa that nobody has configured

Lineas = Callable[[], Iterable[Linea]]


def write(codigo_empresa: str, fecha: date, lineas: Iterable[Linea], seed: int) -> bytes:
    """Write a file as PMC does: its lines in no order that says anything."""
    shuffled = list(lineas)
    random.Random(f"archivo {seed} {fecha}").shuffle(shuffled)  # noqa: S311 — a story must repeat itself
    rows = list(escritura.write(codigo_empresa, fecha, (linea.cobro for linea in shuffled)))
    for n, linea in enumerate(shuffled, start=1):
        if linea.rota:
            rows[n] = rows[n][:_MOVIMIENTO] + b"7" + rows[n][_MOVIMIENTO + 1 :]
    return b"".join(rows)


class Correo:
    """Brings the files of the days; most kinds of fault are of one file each."""

    def __init__(
        self, codigo_empresa: str, fechas: Sequence[date], lineas_of: Callable[[date], Iterable[Linea]], seed: int
    ) -> None:
        self.codigo, self._fechas, self._lineas_of, self._seed = codigo_empresa, fechas, lineas_of, seed
        self.que: dict[date, str] = dict(zip(fechas[1:], FALLAS, strict=False))

    def envios(self) -> Iterator[Envio]:
        """Give all files in the order in which they come."""
        for fecha in self._fechas:
            yield from FALLAS.get(self.que.get(fecha, ""), _sound)(self, fecha)

    def _lineas(self, fecha: date) -> list[Linea]:
        return list(self._lineas_of(fecha))

    def good(self, fecha: date, at_utc: datetime | None = None, **said: object) -> Envio:
        """Bring the file as it is to be."""
        envio = Envio(
            at_utc=at_utc or at_night(fecha),
            fecha=fecha,
            nombre=escritura.nombre(self.codigo, fecha),
            data=lambda: write(self.codigo, fecha, self._lineas_of(fecha), self._seed),
        )
        return replace(envio, **said)  # type: ignore[arg-type]

    def spoiled(self, fecha: date, spoil: Callable[[bytes], bytes], *codigos: str, **said: object) -> Iterator[Envio]:
        """Bring it spoiled, then as it is to be."""
        whole = self.good(fecha).data
        bad = {"curso": "RECHAZADA", "negativa": "ARCHIVO_CON_FALLAS", "codigos": frozenset(codigos)}
        yield self.good(fecha, data=lambda: spoil(whole()), **{**bad, "que": self.que[fecha], **said})
        yield self.good(fecha, at_night(fecha) + MINUTE)

    def corrected(self, fecha: date, first: Callable[[list[Linea]], list[Linea]], *alertas: str) -> Iterator[Envio]:
        """Bring another file first, which nothing is wrong with but what it says; then the right one, in its place."""
        que = self.que[fecha]

        def other() -> bytes:
            return write(self.codigo, fecha, first(self._lineas(fecha)), self._seed)

        again = ("LINEA_INVALIDA",) if any(linea.rota for linea in self._lineas_of(fecha)) else ()  # told of each file
        yield self.good(fecha, data=other, que=f"{que}: el primero", alertas=(*alertas, *again))
        refused = {"curso": "RECHAZADA", "negativa": "OTRO_ARCHIVO_DEL_DIA"}
        yield self.good(fecha, at_night(fecha) + MINUTE, que=f"{que}: sin decirlo", **refused)
        yield self.good(fecha, at_night(fecha) + 2 * MINUTE, que=f"{que}: el que vale", replace=True)


def at_night(fecha: date) -> datetime:
    """Give when the file of a day comes."""
    return to_utc(datetime.combine(fecha, HORA_DEL_COB))


def _sound(correo: Correo, fecha: date) -> Iterator[Envio]:
    yield correo.good(fecha)


def _repeated(correo: Correo, fecha: date) -> Iterator[Envio]:
    yield correo.good(fecha)
    yield correo.good(fecha, at_night(fecha) + MINUTE, que="archivo repetido", curso="YA_ESTABA")


def _trailer(data: bytes, where: slice) -> bytes:
    """Count or add up wrong in the last line."""
    *rows, last = data.splitlines(keepends=True)
    text = last.decode()
    wrong = f"{int(text[where]) + 1:0{where.stop - where.start}d}"
    return b"".join(rows) + f"{text[: where.start]}{wrong}{text[where.stop :]}".encode()


def _elsewhere(correo: Correo, fecha: date) -> Iterator[Envio]:
    """Bring the file of an empresa that is not ours."""
    other = f"0400{FUERA_DE_LUGAR}".encode()

    def foreign(data: bytes) -> bytes:
        return data.replace(data[:8], other).replace(b"9" + data[1:8], b"9" + other[1:])

    nombre = escritura.nombre(FUERA_DE_LUGAR, fecha)
    return correo.spoiled(fecha, foreign, nombre=nombre, negativa="EMPRESA_INEXISTENTE")


def _one_centavo_off(lineas: list[Linea]) -> list[Linea]:
    n = _usual(lineas)
    wrong = replace(lineas[n].cobro, importe_centavos=lineas[n].cobro.importe_centavos + 1)
    return [*lineas[:n], replace(lineas[n], cobro=wrong), *lineas[n + 1 :]]


def _one_less(lineas: list[Linea]) -> list[Linea]:
    n = _usual(lineas)
    return [*lineas[:n], *lineas[n + 1 :]]


def _usual(lineas: list[Linea]) -> int:
    """Find a line that is simply conciliada, of a factura that has no other."""
    claves = [(linea.cobro.id_cliente, linea.cobro.id_factura) for linea in lineas]
    return next(
        n
        for n, linea in enumerate(lineas)
        if linea.desenlace is Desenlace.CONCILIADO and linea.cobro.id_factura and claves.count(claves[n]) == 1
    )


FALLAS: dict[str, Callable[[Correo, date], Iterator[Envio]]] = {
    "archivo repetido": _repeated,
    "archivo con la cantidad mal": lambda c, f: c.spoiled(f, lambda data: _trailer(data, _CANTIDAD), "COB-113"),
    "archivo con el total mal": lambda c, f: c.spoiled(f, lambda data: _trailer(data, _TOTAL), "COB-114"),
    "archivo cortado": lambda c, f: c.spoiled(f, lambda data: data[: len(data) // 2], "COB-110"),
    "archivo sin cierre": lambda c, f: c.spoiled(
        f, lambda data: b"".join(data.splitlines(keepends=True)[:-1]), "COB-110"
    ),
    "archivo con el nombre de otro día": lambda c, f: c.spoiled(
        f, lambda data: data, "COB-102", nombre=escritura.nombre(c.codigo, f + timedelta(days=1))
    ),
    "archivo corregido: había un importe mal": lambda c, f: c.corrected(f, _one_centavo_off, "DIF_IMPORTE"),
    "archivo corregido: faltaba una línea": lambda c, f: c.corrected(f, _one_less),
    "archivo de otra empresa": _elsewhere,
}
