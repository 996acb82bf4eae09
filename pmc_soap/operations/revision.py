"""A COB is read whole before anything is done with it: whether it can be trusted, and the lines that cannot be read."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Protocol

from pmc_soap.domain.cob import LineaLeida
from pmc_soap.domain.cobro import Cobro, RenglonCobro
from pmc_soap.domain.conciliacion import clave_of
from pmc_soap.operations.carga import PROBLEMAS_MAX, Gravedad, Problema


class ArchivoCobros(Protocol):
    """A COB that can be read more than once."""

    nombre: str

    @property
    def codigo_empresa(self) -> str | None:
        """Give the empresa of its header, or None."""

    @property
    def fecha(self) -> date | None:
        """Give the day of its header, on which the money is credited, or None."""

    def read(self) -> Iterator[RenglonCobro | Problema]:
        """Read it from the start; a line comes as its cobro or as its problems."""

    def textos(self, numeros: Collection[int]) -> Mapping[int, tuple[str, int]]:
        """Give these lines as they stand, each with its importe in centavos (0 where it has none)."""

    def sha256(self) -> str:
        """Give the hash of its bytes."""


@dataclass(kw_only=True, slots=True)
class Revision:
    """What a first reading found: buenas and malas count lines; the problems are the first of them, all are counted.

    malas: line → the codes of what is wrong with it.
    """

    sha256: str
    buenas: int = 0
    total_centavos: int = 0
    malas: dict[int, list[str]] = field(default_factory=dict)
    problemas: list[Problema] = field(default_factory=list)
    total_problemas: int = 0
    rechazado: bool = False

    @property
    def cantidad(self) -> int:
        """Count all lines."""
        return self.buenas + len(self.malas)


def review(archivo: ArchivoCobros) -> Revision:
    """Read the file from end to end, and change nothing."""
    revision = Revision(sha256=archivo.sha256())
    for item in archivo.read():
        if isinstance(item, RenglonCobro):
            revision.buenas += 1
            revision.total_centavos += item.cobro.importe_centavos
            continue
        revision.total_problemas += 1
        if len(revision.problemas) < PROBLEMAS_MAX:
            revision.problemas.append(item)
        if item.gravedad is Gravedad.ARCHIVO:
            revision.rechazado = True
        else:
            revision.malas.setdefault(item.linea, []).append(item.codigo)
    if not revision.rechazado:
        revision.total_centavos += sum(centavos for _, _, centavos in _read_malas(archivo, revision))
    return revision


def read_lineas(archivo: ArchivoCobros, codigo_empresa: str, fecha: date, revision: Revision) -> Iterator[LineaLeida]:
    """Read the lines of a file that was reviewed, those that are no cobro last; each with the clave that it keeps."""
    claves = _Claves(codigo_empresa, fecha)
    for item in archivo.read():
        if isinstance(item, RenglonCobro):
            cobro = item.cobro
            yield LineaLeida(
                clave=claves.of(cobro), linea=item.linea, importe_centavos=cobro.importe_centavos, cobro=cobro
            )
    for linea, texto, centavos in _read_malas(archivo, revision):
        codigos = ",".join(dict.fromkeys(revision.malas[linea]))
        clave = claves.of(texto)
        yield LineaLeida(clave=clave, linea=linea, importe_centavos=centavos, texto=texto, codigos=codigos)


def _read_malas(archivo: ArchivoCobros, revision: Revision) -> Iterator[tuple[int, str, int]]:
    numeros = iter(sorted(revision.malas))
    while some := list(islice(numeros, PROBLEMAS_MAX)):
        for linea, (texto, centavos) in sorted(archivo.textos(some).items()):
            yield linea, texto.replace("\x00", "·"), centavos  # PostgreSQL keeps no text with a NUL


class _Claves:
    """Names lines; equal ones are counted, for each is a payment."""

    def __init__(self, codigo_empresa: str, fecha: date) -> None:
        self._codigo_empresa = codigo_empresa
        self._fecha = fecha
        self._seen: dict[str, int] = {}

    def of(self, said: Cobro | str) -> str:
        named = clave_of(self._codigo_empresa, self._fecha, said, 1)
        self._seen[named] = self._seen.get(named, 0) + 1
        return clave_of(self._codigo_empresa, self._fecha, said, self._seen[named])
