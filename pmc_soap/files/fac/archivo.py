"""Read a FAC: header, details, trailer, in one pass and flat memory. It is an operations.carga.Archivo."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Self

from pmc_soap.domain import identificador
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.files.fac.codigos import Codigo, problema
from pmc_soap.files.fac.cuerpo import Cuerpo
from pmc_soap.files.fac.registros import ANCHO, DETAIL, HEADER
from pmc_soap.files.lineas import Linea, SinFinDeLinea, read_lineas
from pmc_soap.files.registro import ENCABEZADO, ENTE, read_fecha
from pmc_soap.operations.carga import Problema, Renglon

_NOMBRE = re.compile(r"FAC([A-Z0-9]{4})\.([0-9]{6})(?:\.[0-9]{1,2})?", re.IGNORECASE)
_BYTES_A_LINE = ANCHO + 2
_HEADER_END = HEADER.campos["fecha"].end


class ArchivoFac:
    """A FAC that can be opened again and again.

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

    @cached_property
    def codigo_empresa(self) -> str | None:
        """Give the empresa of its header, or None."""
        with self._open() as file:
            try:
                first = next(read_lineas(file, ANCHO), None)
            except SinFinDeLinea:
                return None
        if first is None or _header_problem(first) is not None:
            return None
        return HEADER.read(first.texto)["codigo_empresa"]

    def read(self) -> Iterator[Renglon | Problema]:
        """Read it from the start. After a header that is none, or a line of the wide variant, nothing more is read."""
        with self._open() as file:
            lineas = read_lineas(file, ANCHO)
            try:
                first = next(lineas, Linea(1, ""))
                broken = _header_problem(first)
                if broken is not None:
                    yield broken
                    return
                yield from self._check_name(first)
                yield from Cuerpo(first).read(lineas)
            except SinFinDeLinea as error:
                (numero,) = error.args
                yield problema(Codigo.NO_ES_TEXTO, numero)

    def explain(self, ending: Ending, renglon: Renglon | None) -> Problema:
        """Put an ending into the words and columns of the FAC."""
        if renglon is None:
            return problema(Codigo.EMPRESA_INEXISTENTE, 1, HEADER.campos["codigo_empresa"], self.codigo_empresa or "")
        factura = renglon.factura
        match ending.resultado:
            case Resultado.FACTURA_EXISTENTE:
                id_factura = factura.clave.id_factura
                campo = DETAIL.campos["id_factura"]
                return problema(Codigo.FACTURA_REPETIDA, renglon.linea, campo, id_factura, repite=renglon.repite)
            case Resultado.VENCIMIENTOS_INVALIDOS:
                codigo, name, valor = _vencimiento_at_fault(renglon, ending.campo)
                return problema(codigo, renglon.linea, DETAIL.campos[name], valor)
        return problema(Codigo.DATO_INVALIDO, renglon.linea, valor=ending.campo or "")

    def _check_name(self, first: Linea) -> Iterator[Problema]:
        header = HEADER.read(first.texto)
        found, campo = header["codigo_empresa"], HEADER.campos["codigo_empresa"]
        if self._expected is not None and self._expected != found:
            yield problema(Codigo.EMPRESA_DISTINTA, 1, campo, found, encontrada=found, esperada=self._expected)
        if self._any_name:
            return
        named = _NOMBRE.fullmatch(self.nombre)
        if named is None:
            yield problema(Codigo.NOMBRE_INVALIDO, 0, valor=self.nombre)
            return
        fecha = read_fecha(header["fecha"]) or date.min
        encabezado = f"{found}.{fecha:%d%m%y}"
        nombre = f"{named[1].upper()}.{named[2]}"
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


def _vencimiento_at_fault(renglon: Renglon, campo: str | None) -> tuple[Codigo, str, str]:
    """Find which vencimiento broke the rule: its code, its field in the file and what it says."""
    vencimientos = renglon.factura.vencimientos
    previous = (vencimientos[0], *vencimientos)
    for numero, earlier, later in zip(renglon.numeros, previous, vencimientos, strict=False):
        if campo == "Fecha" and later.fecha < earlier.fecha:
            return Codigo.FECHAS_DESORDENADAS, f"fecha_{numero}", f"{later.fecha:%Y%m%d}"
        if campo == "Importe" and not later.importe_centavos:
            return Codigo.IMPORTE_CERO, f"importe_{numero}", f"{later.importe_centavos:011d}"
        if campo == "Importe" and later.importe_centavos < earlier.importe_centavos:
            return Codigo.IMPORTES_DECRECIENTES, f"importe_{numero}", f"{later.importe_centavos:011d}"
    return Codigo.DATO_INVALIDO, "fecha_1", campo or ""
