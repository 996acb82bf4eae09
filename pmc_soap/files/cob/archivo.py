"""Read a COB: header, details, trailer, in one pass and flat memory.

What spoils the file may be told on its last line: whoever acts on the cobros reads it once before, to check.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Self

from pmc_soap.domain import identificador
from pmc_soap.domain.cobro import RenglonCobro
from pmc_soap.files.cob.codigos import Codigo, problema
from pmc_soap.files.cob.cuerpo import Cuerpo, importe_of
from pmc_soap.files.cob.registros import ANCHO, HEADER
from pmc_soap.files.lineas import Linea, SinFinDeLinea, read_lineas
from pmc_soap.files.registro import ENCABEZADO, ENTE, read_fecha
from pmc_soap.operations.carga import Problema

_NOMBRE = re.compile(r"COB([A-Z0-9]{4})\.([0-9]{6})", re.IGNORECASE)
_BYTES_A_LINE = ANCHO + 2
_HEADER_END = HEADER.campos["fecha"].end


class ArchivoCob:
    """A COB that can be opened again and again.

    any_name: its name says nothing (an upload). codigo_empresa: the only empresa it may speak for.
    """

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
        self.filas_estimadas = max(size_bytes // _BYTES_A_LINE - 2, 0)
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
    def codigo_empresa(self) -> str | None:
        """Give the empresa of its header, or None."""
        return self._header.get("codigo_empresa")

    @property
    def fecha(self) -> date | None:
        """Give the day of its header, on which the money is credited, or None."""
        return read_fecha(self._header.get("fecha", ""))

    @cached_property
    def _header(self) -> dict[str, str]:
        """Read the header; empty if it cannot be trusted."""
        with self._open() as file:
            try:
                first = next(read_lineas(file, ANCHO), None)
            except SinFinDeLinea:
                return {}
        return {} if first is None or _header_problem(first) is not None else HEADER.read(first.texto)

    def read(self) -> Iterator[RenglonCobro | Problema]:
        """Read it from the start; a line comes as its cobro or as its problems. Nothing follows a header that is none.

        Cobros are told even of a file that is spoiled: what to do with them is not the reader's to say.
        """
        with self._open() as file:
            lineas = read_lineas(file, ANCHO)
            try:
                first = next(lineas, Linea(1, ""))
                broken = _header_problem(first)
                if broken is not None:
                    yield broken
                    return
                fecha = read_fecha(HEADER.read(first.texto)["fecha"]) or date.min
                yield from self._check_name(first, fecha)
                yield from Cuerpo(first, fecha).read(lineas)
            except SinFinDeLinea as error:
                (numero,) = error.args
                yield problema(Codigo.NO_ES_TEXTO, numero)

    def textos(self, numeros: Collection[int]) -> Mapping[int, tuple[str, int]]:
        """Give these lines as they stand, each with its importe in centavos (0 where it is no detail, or has none)."""
        with self._open() as file:
            lineas = (linea for linea in read_lineas(file, ANCHO) if linea.numero in numeros)
            return {linea.numero: (linea.texto, importe_of(linea)) for linea in lineas}

    def sha256(self) -> str:
        """Give the hash of its bytes."""
        with self._open() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]

    def _check_name(self, first: Linea, fecha: date) -> Iterator[Problema]:
        found, campo = HEADER.read(first.texto)["codigo_empresa"], HEADER.campos["codigo_empresa"]
        if self._expected is not None and self._expected != found:
            yield problema(Codigo.EMPRESA_DISTINTA, 1, campo, found, encontrada=found, esperada=self._expected)
        if self._any_name:
            return
        named = _NOMBRE.fullmatch(self.nombre)
        if named is None:
            yield problema(Codigo.NOMBRE_INVALIDO, 0, valor=self.nombre)
            return
        encabezado, nombre = f"{found}.{fecha:%d%m%y}", f"{named[1].upper()}.{named[2]}"
        if nombre != encabezado:
            yield problema(Codigo.NOMBRE_NO_COINCIDE, 0, valor=self.nombre, nombre=nombre, encabezado=encabezado)


def _header_problem(first: Linea) -> Problema | None:
    """Tell why the first line is no header that can be trusted."""
    header, campos = HEADER.read(first.texto), HEADER.campos
    is_header = header["codigo_registro"] == ENCABEZADO and _HEADER_END <= len(first.texto.rstrip()) <= ANCHO
    if not is_header:
        return problema(Codigo.SIN_ENCABEZADO, 1, campos["codigo_registro"], first.texto)
    if header["ente"] != ENTE:
        return problema(Codigo.ENTE_INVALIDO, 1, campos["ente"], header["ente"])
    try:
        identificador.validate_codigo_empresa(header["codigo_empresa"])
    except identificador.IdentificadorInvalido:
        return problema(Codigo.EMPRESA_INVALIDA, 1, campos["codigo_empresa"], header["codigo_empresa"])
    if read_fecha(header["fecha"]) is None:
        return problema(Codigo.FECHA_DE_ARCHIVO_INVALIDA, 1, campos["fecha"], header["fecha"])
    return None
