"""A file of facturas becomes the base. The whole file is checked before anything is written.

The file is read twice, once to check and once to write, so that memory stays flat however long it is. What a file is
(FAC, CSV …) is an Archivo's secret; the rules of a factura are domain/factura.py's, whatever the file.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Protocol

from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import ClaveFactura, Factura, validate
from pmc_soap.domain.resultado import Ending, Rejected, Resultado
from pmc_soap.domain.valor import value
from pmc_soap.operations.factura import contenido
from pmc_soap.operations.ports import Clock, Empresas, Ledger, Loaded, Writing

LOTE = 1_000  # facturas in one transaction: few commits, and an aviso never waits long for its turn
PROBLEMAS_MAX = 1_000  # problems kept for the report; all are counted, and all are told to on_problema


class Gravedad(StrEnum):
    """Whether a problem spoils the whole archivo, or only its línea."""

    ARCHIVO = "ARCHIVO"
    LINEA = "LINEA"


class Fase(StrEnum):
    """The two readings of a file."""

    REVISION = "REVISION"
    CARGA = "CARGA"


@value
class Problema:
    """What is wrong, where, and how to mend it, in Spanish. línea and columna count from 1; 0 is the file itself."""

    linea: int
    columna: int
    campo: str
    valor: str
    codigo: str
    que_pasa: str
    que_hacer: str
    gravedad: Gravedad


@value
class Renglon:
    """A factura and the line it came from.

    numeros: which of the file's vencimientos (1..3) each of the factura's was. repite: the earlier line of that clave.
    """

    linea: int
    factura: Factura
    numeros: tuple[int, ...] = (1, 2, 3)
    repite: int = 0


class Archivo(Protocol):
    """A file of facturas of one empresa, that can be read more than once."""

    @property
    def nombre(self) -> str:
        """Name it as people do."""

    @property
    def codigo_empresa(self) -> str | None:
        """Give the empresa it speaks for, or None if it cannot be told."""

    @property
    def filas_estimadas(self) -> int:
        """Guess how many lines it has, for the progress."""

    def read(self) -> Iterator[Renglon | Problema]:
        """Read it from the start; a line comes as its Renglon or as its problems."""

    def explain(self, ending: Ending, renglon: Renglon | None) -> Problema:
        """Put an ending into the words and places of this file."""


@dataclass(frozen=True, slots=True)
class Avance:
    """How far a reading is."""

    fase: Fase
    filas: int
    total: int


@dataclass(kw_only=True, slots=True)
class Carga:
    """What became of a file. loaded is None when nothing was to be written; with dry_run it tells what would be."""

    nombre: str
    codigo_empresa: str | None
    dry_run: bool
    aceptadas: int = 0
    rechazadas: int = 0
    importe_total_centavos: int = 0
    problemas: list[Problema] = field(default_factory=list)
    total_problemas: int = 0
    archivo_rechazado: bool = False
    loaded: Loaded | None = None


OnAvance = Callable[[Avance], None]
OnProblema = Callable[[Problema], None]


class Cargas:
    """Loads files of facturas."""

    def __init__(self, ledger: Ledger, empresas: Empresas, clock: Clock) -> None:
        self._ledger = ledger
        self._empresas = empresas
        self._clock = clock

    def load(
        self,
        archivo: Archivo,
        *,
        dry_run: bool = False,
        partial: bool = False,
        on_avance: OnAvance = lambda _: None,
        on_problema: OnProblema = lambda _: None,
    ) -> Carga:
        """Check the file; write it if all of it is good, or its good lines if partial. The same again changes nothing.

        A file whose header, trailer, count or total is wrong is never written. With dry_run each batch is undone.
        """
        carga = Carga(nombre=archivo.nombre, codigo_empresa=archivo.codigo_empresa, dry_run=dry_run)
        self._review(archivo, carga, on_avance, on_problema)
        if not carga.archivo_rechazado and (partial or not carga.rechazadas):
            carga.loaded = self._write(archivo, carga, on_avance)
        return carga

    def _review(self, archivo: Archivo, carga: Carga, on_avance: OnAvance, on_problema: OnProblema) -> None:
        last_bad = 0
        for item in self._items(archivo):
            if isinstance(item, Renglon):
                carga.aceptadas += 1
                carga.importe_total_centavos += item.factura.vencimientos[0].importe_centavos
            else:
                _note(carga, item)
                on_problema(item)
                if item.gravedad is Gravedad.LINEA and item.linea != last_bad:
                    carga.rechazadas += 1
                    last_bad = item.linea
            filas = carga.aceptadas + carga.rechazadas
            if filas % LOTE == 0:
                on_avance(Avance(Fase.REVISION, filas, max(filas, archivo.filas_estimadas)))
        filas = carga.aceptadas + carga.rechazadas
        on_avance(Avance(Fase.REVISION, filas, filas))

    def _items(self, archivo: Archivo) -> Iterator[Renglon | Problema]:
        empresa = self._empresa(archivo)
        if archivo.codigo_empresa and (empresa is None or not empresa.activa):
            yield archivo.explain(Ending(Resultado.EMPRESA_INEXISTENTE, campo="CodigoEmpresa"), None)
        yield from _judge(archivo)

    def _empresa(self, archivo: Archivo) -> Empresa | None:
        return self._empresas.get(archivo.codigo_empresa) if archivo.codigo_empresa else None

    def _write(self, archivo: Archivo, carga: Carga, on_avance: OnAvance) -> Loaded:
        at_utc, loaded, filas, empresa = self._clock.now(), Loaded(), 0, self._empresa(archivo)
        good = (_own(item.factura, empresa) for item in _judge(archivo) if isinstance(item, Renglon))
        while lote := [(factura, contenido(factura)) for factura in islice(good, LOTE)]:
            loaded += self._write_lote(lote, carga, at_utc)
            filas += len(lote)
            on_avance(Avance(Fase.CARGA, filas, carga.aceptadas))
        return loaded

    def _write_lote(self, lote: Sequence[tuple[Factura, str]], carga: Carga, at_utc: datetime) -> Loaded:
        def write(tx: Writing) -> Loaded:
            loaded = tx.load(lote, carga.nombre, at_utc)
            if carga.dry_run:
                raise _Undo(loaded)
            return loaded

        try:
            return self._ledger.write(lote[0][0].clave.codigo_empresa, None, write)
        except _Undo as undo:
            return undo.loaded


def _own(factura: Factura, empresa: Empresa | None) -> Factura:
    """Put a factura under the code that the empresa's data is kept under, where the file names another of its codes."""
    if empresa is None or factura.clave.codigo_empresa == empresa.codigo_empresa:
        return factura
    return replace(factura, clave=replace(factura.clave, codigo_empresa=empresa.codigo_empresa))


class _Undo(Exception):
    """Leave the transaction without a trace, but with what it would have done."""

    def __init__(self, loaded: Loaded) -> None:
        super().__init__(loaded)
        self.loaded = loaded


def _note(carga: Carga, problema: Problema) -> None:
    carga.total_problemas += 1
    if len(carga.problemas) < PROBLEMAS_MAX:
        carga.problemas.append(problema)
    if problema.gravedad is Gravedad.ARCHIVO:
        carga.archivo_rechazado = True


def _judge(archivo: Archivo) -> Iterator[Renglon | Problema]:
    """Hold each line to the rules of a factura. Of a clave named twice the first stands: which is right is not ours."""
    vistas = Vistas()
    for item in archivo.read():
        if isinstance(item, Problema):
            yield item
            continue
        try:
            validate(item.factura)
        except Rejected as rejected:
            yield archivo.explain(rejected.ending, item)
            continue
        earlier = vistas.note(item.factura.clave, item.linea)
        if earlier:
            yield archivo.explain(Ending(Resultado.FACTURA_EXISTENTE, campo="IdFactura"), replace(item, repite=earlier))
        else:
            yield item


class Vistas:
    """The claves seen and their lines: an open-addressed table of 8-byte hashes, 24 to 48 bytes a factura.

    A set of strings would take hundreds. Two claves of a million share a hash once in thirty million files, and then
    the second line is refused, never loaded wrongly.
    """

    def __init__(self) -> None:
        self._used = 0
        self._hashes = array("Q", bytes(8 << 12))
        self._lineas = array("I", bytes(4 << 12))

    def note(self, clave: ClaveFactura, linea: int) -> int:
        """Remember the clave; give the line that named it before, or 0."""
        if 2 * self._used >= len(self._hashes):
            self._grow()
        hashed = hash(clave) & 0xFFFF_FFFF_FFFF_FFFF or 1
        slot = self._slot(hashed)
        if self._hashes[slot]:
            return self._lineas[slot]
        self._hashes[slot], self._lineas[slot] = hashed, linea
        self._used += 1
        return 0

    def _slot(self, hashed: int) -> int:
        mask = len(self._hashes) - 1
        slot = hashed & mask
        while self._hashes[slot] not in {0, hashed}:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        hashes, lineas = self._hashes, self._lineas
        self._hashes = array("Q", bytes(16 * len(hashes)))
        self._lineas = array("I", bytes(8 * len(lineas)))
        for hashed, linea in zip(hashes, lineas, strict=True):
            if hashed:
                slot = self._slot(hashed)
                self._hashes[slot], self._lineas[slot] = hashed, linea
