"""What the empresa reports to PMC by file: the facturas that can be paid become FACs, as many as it takes.

A file made after PMC's hour, or on a day on which banks rest, is of the next día hábil (domain/calendario.py). What a
FAC cannot say is told of, factura by factura: nothing is left out in silence. A file that PMC refuses, which it does as
a whole, told it nothing: with novedades, its facturas go again.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain, islice
from typing import Protocol

from pmc_soap.domain.calendario import Calendario
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.exportacion import ARCHIVOS_MAX, FACTURAS_MAX, EstadoExportacion, Exportacion
from pmc_soap.domain.factura import ClaveFactura, Factura
from pmc_soap.domain.valor import value
from pmc_soap.operations.libro_exportaciones import LibroDeExportaciones, SinNumero
from pmc_soap.operations.ports import Clock, Ledger

LOTE = 1_000  # facturas noted in one transaction
CORTADA = timedelta(minutes=10)  # after which one that was begun is not being made any more
REPAROS_MAX = 1_000  # kept; all are counted, and all are told to on_reparo


class Negativa(StrEnum):
    """Why no file was made."""

    DIA_NO_HABIL = "DIA_NO_HABIL"
    DIA_PASADO = "DIA_PASADO"
    DEMASIADAS = "DEMASIADAS"
    YA_ESTABA = "YA_ESTABA"


class Rechazada(Exception):
    """No file was made, and nothing was noted."""

    def __init__(self, negativa: Negativa, dia: date) -> None:
        super().__init__(negativa)
        self.negativa = negativa
        self.dia = dia


class EnMarcha(Exception):
    """Another is making the FACs of the empresa, into the same folder."""


class YaEstaba(Exception):
    """There is a file of that name, which is never covered."""


@value
class Reparo:
    """A factura that a FAC cannot say, and why, in Spanish."""

    clave: ClaveFactura
    codigo: str
    campo: str
    valor: str
    que_pasa: str
    que_hacer: str


@value
class Borrador:
    """A file that is written and has no name yet."""

    lugar: str
    sha256: str


class Salida(Protocol):
    """Where FACs are written to, and how. Implemented in files/."""

    def check(self, factura: Factura) -> Reparo | None:
        """Tell what of a factura a FAC cannot say, if anything."""

    def occupied(self, codigo_empresa: str, day: date) -> Collection[int]:
        """Give the numbers of that day's files that are there."""

    def write(self, codigo_empresa: str, day: date, facturas: Iterable[Factura]) -> Borrador:
        """Write a file, to the disk."""

    def nombre(self, codigo_empresa: str, day: date, numero: int | None) -> str:
        """Name a file as PMC knows it; without a number where it is the only one of its day."""

    def publish(self, borradores: Sequence[tuple[Borrador, str]]) -> None:
        """Give the files their names, all or none; raises YaEstaba."""

    def discard(self, borradores: Sequence[Borrador]) -> None:
        """Take away what is not wanted."""


@dataclass(kw_only=True, slots=True)
class Corrida:
    """What an export came to. cortadas: files of the day that were begun and never finished."""

    codigo_archivo: str
    dia: date
    exportaciones: list[Exportacion] = field(default_factory=list)
    cantidad: int = 0
    total_centavos: int = 0
    reparos: list[Reparo] = field(default_factory=list)
    total_reparos: int = 0
    cortadas: Sequence[Exportacion] = ()


OnReparo = Callable[[Reparo], None]
OnAvance = Callable[[int], None]


class Exportaciones:
    """Makes FACs, and hears of those that PMC refuses."""

    def __init__(self, ledger: Ledger, libro: LibroDeExportaciones, clock: Clock, calendario: Calendario) -> None:
        self._ledger = ledger
        self._libro = libro
        self._clock = clock
        self._calendario = calendario

    def export(
        self,
        empresa: Empresa,
        salida: Salida,
        *,
        dia: date | None = None,
        novedades: bool = False,
        dry_run: bool = False,
        on_reparo: OnReparo = lambda _: None,
        on_avance: OnAvance = lambda _: None,
    ) -> Corrida:
        """Write what can be paid, all or none of it; dry_run writes nothing. Raises Rechazada."""
        day = self._day(dia)
        corrida = Corrida(codigo_archivo=empresa.codigo_vigente, dia=day)
        good = self._fitting(empresa, salida, corrida, novedades=novedades, on_reparo=on_reparo)
        if dry_run:
            _count(good, corrida)
            return corrida
        self._forget_cut(salida, corrida)
        borradores: list[Borrador] = []
        try:
            for some in _by_file(good):
                nueva = self._nueva(empresa, corrida, novedades=novedades)
                begun = self._libro.begin(nueva, salida.occupied(nueva.codigo_archivo, day))
                corrida.exportaciones.append(begun)
                told = _Told(self._libro, begun, some, on_avance)
                borradores.append(salida.write(begun.codigo_archivo, day, told))
                told.end()
                corrida.exportaciones[-1] = replace(told.exportacion, sha256=borradores[-1].sha256)
            if borradores:
                self._publish(salida, corrida, borradores)
        except BaseException as error:
            salida.discard(borradores)
            with suppress(Exception):  # then they are forgotten by the next
                self._libro.discard([each.id for each in corrida.exportaciones])
            if isinstance(error, SinNumero):
                raise Rechazada(Negativa.DEMASIADAS, day) from None
            if isinstance(error, YaEstaba):
                raise Rechazada(Negativa.YA_ESTABA, day) from None
            raise
        return corrida

    def reparos(
        self, empresa: Empresa, salida: Salida, *, dia: date | None = None, novedades: bool = False
    ) -> Iterator[Reparo]:
        """Give all that the FACs of that day cannot say, one by one. Raises Rechazada."""
        facturas = self._libro.payable(empresa.codigo_empresa, self._day(dia), novedades=novedades)
        return filter(None, (salida.check(factura) for factura, _ in facturas))

    def reject(self, nombre: str, texto: str) -> tuple[Exportacion, bool] | None:
        """Note that PMC refused a file, and leave a notice; gives it, and whether that is new. None: no such file."""
        found = self._libro.find(nombre)
        if found is None:
            return None
        now = self._clock.now()
        is_new = self._libro.reject(found.id, texto, now)
        if is_new:
            codigo, motivo = found.codigo_empresa, f"FAC_RECHAZADO:{found.nombre}"
            self._ledger.write(codigo, None, lambda tx: tx.alert(codigo, motivo, None, now))
        return self._libro.find(nombre) or found, is_new

    def _day(self, dia: date | None) -> date:
        first = self._calendario.day_of(self._clock.now())
        if dia is not None and dia < first:
            raise Rechazada(Negativa.DIA_PASADO, first)
        if dia is not None and not self._calendario.is_habil(dia):
            raise Rechazada(Negativa.DIA_NO_HABIL, self._calendario.next_habil(dia))
        return dia or first

    def _fitting(
        self, empresa: Empresa, salida: Salida, corrida: Corrida, *, novedades: bool, on_reparo: OnReparo
    ) -> Iterator[tuple[Factura, str]]:
        for factura, contenido in self._libro.payable(empresa.codigo_empresa, corrida.dia, novedades=novedades):
            reparo = salida.check(factura)
            if reparo is None:
                corrida.cantidad += 1
                corrida.total_centavos += factura.vencimientos[0].importe_centavos
                yield factura, contenido
                continue
            corrida.total_reparos += 1
            if len(corrida.reparos) < REPAROS_MAX:
                corrida.reparos.append(reparo)
            on_reparo(reparo)

    def _nueva(self, empresa: Empresa, corrida: Corrida, *, novedades: bool) -> Exportacion:
        return Exportacion(
            id=0,
            codigo_empresa=empresa.codigo_empresa,
            codigo_archivo=corrida.codigo_archivo,
            fecha=corrida.dia,
            numero=0,
            nombre="",
            sha256="",
            novedades=novedades,
            estado=EstadoExportacion.EN_CURSO,
            cantidad=0,
            total_centavos=0,
            generada_utc=self._clock.now(),
        )

    def _publish(self, salida: Salida, corrida: Corrida, borradores: Sequence[Borrador]) -> None:
        made = corrida.exportaciones
        only = len(made) == 1 and made[0].numero == 1
        named = [
            replace(
                each,
                nombre=salida.nombre(each.codigo_archivo, each.fecha, None if only else each.numero),
                estado=EstadoExportacion.GENERADA,
            )
            for each in made
        ]
        salida.publish([(borrador, each.nombre) for borrador, each in zip(borradores, named, strict=True)])
        self._libro.finish(named)
        corrida.exportaciones = named

    def _forget_cut(self, salida: Salida, corrida: Corrida) -> None:
        """Give the numbers back of files that were begun, and neither finished nor there."""
        before = self._clock.now() - CORTADA
        there = salida.occupied(corrida.codigo_archivo, corrida.dia)
        corrida.cortadas = self._libro.cut(corrida.codigo_archivo, corrida.dia, before)
        self._libro.discard([each.id for each in corrida.cortadas if each.numero not in there])


class _Told:
    """The facturas of one file as they are written, and noted as told of."""

    def __init__(
        self,
        libro: LibroDeExportaciones,
        exportacion: Exportacion,
        facturas: Iterable[tuple[Factura, str]],
        on_avance: OnAvance,
    ) -> None:
        self.exportacion = exportacion
        self._libro = libro
        self._facturas = facturas
        self._on_avance = on_avance
        self._noted: list[tuple[ClaveFactura, str]] = []

    def __iter__(self) -> Iterator[Factura]:
        codigo = self.exportacion.codigo_archivo
        for factura, contenido in self._facturas:
            said = self.exportacion
            total = said.total_centavos + factura.vencimientos[0].importe_centavos
            self.exportacion = replace(said, cantidad=said.cantidad + 1, total_centavos=total)
            self._noted.append((factura.clave, contenido))
            if len(self._noted) == LOTE:
                self.end()
            yield replace(factura, clave=replace(factura.clave, codigo_empresa=codigo))

    def end(self) -> None:
        """Note what is left to note."""
        self._libro.mark(self.exportacion.id, self._noted)
        self._on_avance(len(self._noted))
        self._noted = []


def _by_file(good: Iterator[tuple[Factura, str]]) -> Iterator[Iterator[tuple[Factura, str]]]:
    """Part facturas into files; each is to be read before the next is asked for."""
    for first in good:
        yield chain([first], islice(good, FACTURAS_MAX - 1))


def _count(good: Iterator[tuple[Factura, str]], corrida: Corrida) -> None:
    for _ in good:
        pass
    if corrida.cantidad > FACTURAS_MAX * ARCHIVOS_MAX:
        raise Rechazada(Negativa.DEMASIADAS, corrida.dia)
