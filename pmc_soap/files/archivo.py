"""Read one of PMC's files in one pass and flat memory; what differs from kind to kind is in its tables.

What spoils the file may be told on its last line: whoever acts on the lines reads it once before, to check.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, ClassVar, Generic, Self, TypeVar

from pmc_soap.domain import identificador
from pmc_soap.files.cuerpo import Cuerpo, centavos_of
from pmc_soap.files.formato import Detalles, Falla, Formato
from pmc_soap.files.lineas import Linea, SinFinDeLinea, read_lineas
from pmc_soap.files.registro import ENCABEZADO, ENTE, read_fecha
from pmc_soap.operations.carga import Problema

R = TypeVar("R")


class ArchivoDePmc(ABC, Generic[R]):
    """A file that can be opened again and again.

    any_name: its name says nothing (an upload). codigo_empresa: the only empresa it may speak for.
    """

    _tablas: ClassVar[Formato]

    def __init__(
        self,
        nombre: str,
        opener: Callable[[], AbstractContextManager[BinaryIO]],
        *,
        size_bytes: int = 0,
        any_name: bool = False,
        codigo_empresa: str | None = None,
    ) -> None:
        self.nombre = nombre
        self.filas_estimadas = max(size_bytes // (self._tablas.ancho + 2) - 2, 0)
        self._open = opener
        self._any_name = any_name
        self._expected = codigo_empresa

    @classmethod
    def at(cls, path: Path, *, any_name: bool = False, codigo_empresa: str | None = None) -> Self:
        """Take the file of that path."""
        return cls(
            path.name,
            lambda: path.open("rb"),
            size_bytes=path.stat().st_size,
            any_name=any_name,
            codigo_empresa=codigo_empresa,
        )

    @property
    def formato(self) -> str:
        """Name what kind of file it is."""
        return self._tablas.prefijo

    @property
    def codigo_empresa(self) -> str | None:
        """Give the empresa of its header, or None."""
        return self._header.get("codigo_empresa")

    @property
    def fecha(self) -> date | None:
        """Give the day of its header, or None."""
        return read_fecha(self._header.get("fecha", ""))

    @cached_property
    def _header(self) -> Mapping[str, str]:
        """Read the header; empty if it cannot be trusted."""
        with self._open() as file:
            try:
                first = next(read_lineas(file, self._tablas.ancho), None)
            except SinFinDeLinea:
                return {}
        trusted = first is not None and self._header_problem(first) is None
        return self._tablas.header.read(first.texto) if first is not None and trusted else {}

    def read(self) -> Iterator[R | Problema]:
        """Read it from the start; a line comes as what it says or as its problems. Nothing follows no header.

        Lines are told even of a file that is spoiled: what to do with them is not the reader's to say.
        """
        with self._open() as file:
            lineas = read_lineas(file, self._tablas.ancho)
            try:
                first = next(lineas, Linea(1, ""))
                broken = self._header_problem(first)
                if broken is not None:
                    yield broken
                    return
                yield from self._check_name(first)
                detalles = self._detalles(self._tablas.header.read(first.texto))
                if isinstance(detalles, Problema):
                    yield detalles
                    return
                yield from Cuerpo(self._tablas, first, detalles).read(lineas)
            except SinFinDeLinea as error:
                (numero,) = error.args
                yield self._tablas.tell(Falla.NO_ES_TEXTO, numero)

    def textos(self, numeros: Collection[int]) -> Mapping[int, tuple[str, int]]:
        """Give these lines as they stand, each with its importe in centavos (0 where it is no detail, or has none)."""
        detalles = self._detalles(self._header)
        with self._open() as file:
            lineas = (linea for linea in read_lineas(file, self._tablas.ancho) if linea.numero in numeros)
            if isinstance(detalles, Problema):
                return {linea.numero: (linea.texto, 0) for linea in lineas}
            return {linea.numero: (linea.texto, centavos_of(linea, detalles.importe)) for linea in lineas}

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open its bytes."""
        return self._open()

    def sha256(self) -> str:
        """Give the hash of its bytes."""
        with self._open() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]

    def explain_empresa(self) -> Problema:
        """Tell that nobody here is the empresa of the header."""
        campo = self._tablas.header.campos["codigo_empresa"]
        return self._tablas.tell(Falla.EMPRESA_INEXISTENTE, 1, campo, self.codigo_empresa or "")

    @abstractmethod
    def _detalles(self, header: Mapping[str, str]) -> Detalles[R] | Problema:
        """Give how the details of this file are read, or why they cannot be."""

    def _check_name(self, first: Linea) -> Iterator[Problema]:
        header, tell = self._tablas.header.read(first.texto), self._tablas.tell
        found, campo = header["codigo_empresa"], self._tablas.header.campos["codigo_empresa"]
        if self._expected is not None and self._expected != found:
            yield tell(Falla.EMPRESA_DISTINTA, 1, campo, found, encontrada=found, esperada=self._expected)
        if self._any_name:
            return
        named = self._tablas.nombre.fullmatch(self.nombre)
        if named is None:
            yield tell(Falla.NOMBRE_INVALIDO, 0, valor=self.nombre)
            return
        fecha = read_fecha(header["fecha"]) or date.min
        encabezado, nombre = f"{found}.{fecha:%d%m%y}", f"{named[1].upper()}.{named[2]}"
        if nombre != encabezado:
            yield tell(Falla.NOMBRE_NO_COINCIDE, 0, valor=self.nombre, nombre=nombre, encabezado=encabezado)

    def _header_problem(self, first: Linea) -> Problema | None:
        """Tell why the first line is no header that can be trusted."""
        tablas, campos = self._tablas, self._tablas.header.campos
        header = tablas.header.read(first.texto)
        if header["codigo_registro"] != ENCABEZADO or not tablas.is_header(first.texto):
            return tablas.tell(Falla.SIN_ENCABEZADO, 1, campos["codigo_registro"], first.texto)
        if header["ente"] != ENTE:
            return tablas.tell(Falla.ENTE_INVALIDO, 1, campos["ente"], header["ente"])
        try:
            identificador.validate_codigo_empresa(header["codigo_empresa"])
        except identificador.IdentificadorInvalido:
            return tablas.tell(Falla.EMPRESA_INVALIDA, 1, campos["codigo_empresa"], header["codigo_empresa"])
        if read_fecha(header["fecha"]) is None:
            return tablas.tell(Falla.FECHA_DE_ARCHIVO_INVALIDA, 1, campos["fecha"], header["fecha"])
        return None
