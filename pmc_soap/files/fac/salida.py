"""A folder that FACs are written to: each whole before it has its name, and none over another."""

import hashlib
import os
import re
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pmc_soap.domain.factura import Factura, TipoImporte
from pmc_soap.domain.identificador import IdentificadorInvalido
from pmc_soap.files.fac import escritura
from pmc_soap.files.fac.registros import Variante
from pmc_soap.files.registro import NoCabe
from pmc_soap.operations.exportacion import Borrador, Reparo, YaEstaba

_NUMBERED = re.compile(r"\.([0-9]{1,2})")
_A_DAY = date(2000, 1, 3)  # what a factura is tried out on


class Texto(NamedTuple):
    """What a person reads."""

    codigo: str
    que_pasa: str
    que_hacer: str


REPAROS: Mapping[str, Texto] = {
    "importe": Texto(
        "EXP-201",
        "El importe no entra en el FAC.",
        "Usá la variante ancha, si PagoMisCuentas te la pide, o partí la factura en dos.",
    ),
    "tipo_importe": Texto(
        "EXP-202",
        "El importe es abierto o tiene mínimo y máximo, y un FAC solo puede decir importes cerrados.",
        "Se puede pagar por la consulta en línea; para que vaya en el FAC, informala con importe cerrado.",
    ),
    "id": Texto(
        "EXP-203",
        "Un id o el código de barras no entra en el FAC, o tiene caracteres que no se admiten.",
        "Cambialo por uno de letras sin acento, números y signos, que entre en su campo.",
    ),
    "otro": Texto("EXP-299", "El dato no entra en el FAC.", "Revisá la factura con el formato del FAC."),
}
_IDS = {"id_cliente", "id_factura", "referencia_anterior", "codigo_barras"}


class CarpetaFac:
    """A folder of FACs, written in one variante."""

    def __init__(self, carpeta: Path, variante: Variante = Variante.CLASICA, total_width: int | None = None) -> None:
        self._carpeta = carpeta
        self._variante = variante
        self._total_width = total_width

    def check(self, factura: Factura) -> Reparo | None:
        """Tell what of a factura a FAC cannot say, if anything."""
        if factura.tipo_importe is not TipoImporte.CERRADO:
            return _reparo("tipo_importe", factura, "Tipo de importe", factura.tipo_importe)
        try:
            for _ in self._lines(factura.clave.codigo_empresa, _A_DAY, [factura]):
                pass
        except NoCabe as cannot:
            name = cannot.campo.name
            kind = "importe" if name.startswith("importe") else "id" if name in _IDS else "otro"
            return _reparo(kind, factura, cannot.campo.meaning, cannot.valor)
        except IdentificadorInvalido as cannot:
            return _reparo("id", factura, "Id", str(cannot))
        return None

    def occupied(self, codigo_empresa: str, day: date) -> Collection[int]:
        """Give the numbers of that day's files that are there; one without a number is the first."""
        plain = escritura.nombre(codigo_empresa, day)
        if not self._carpeta.is_dir():
            return ()
        rests = [path.name[len(plain) :] for path in self._carpeta.iterdir() if path.name.startswith(plain)]
        numbered = (_NUMBERED.fullmatch(rest) for rest in rests)
        return {1 for rest in rests if not rest} | {int(found[1]) for found in numbered if found}

    def write(self, codigo_empresa: str, day: date, facturas: Iterable[Factura]) -> Borrador:
        """Write a file, to the disk, under a name that nobody takes for one of PMC's."""
        self._carpeta.mkdir(parents=True, exist_ok=True)
        path = self._carpeta / f".{escritura.nombre(codigo_empresa, day)}.{secrets.token_hex(4)}.part"
        digest = hashlib.sha256()
        try:
            with path.open("xb") as file:
                for line in self._lines(codigo_empresa, day, facturas):
                    digest.update(line)
                    file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Borrador(lugar=str(path), sha256=digest.hexdigest())

    def nombre(self, codigo_empresa: str, day: date, numero: int | None) -> str:
        """Name a file as PMC knows it; without a number where it is the only one of its day."""
        plain = escritura.nombre(codigo_empresa, day)
        return plain if numero is None else f"{plain}.{numero:02d}"

    def publish(self, borradores: Sequence[tuple[Borrador, str]]) -> None:
        """Give the files their names, all or none; raises YaEstaba."""
        done: list[Path] = []
        try:
            for borrador, nombre in borradores:
                path = self._carpeta / nombre
                os.link(borrador.lugar, path)  # refuses where something is, which a rename would cover
                done.append(path)
        except OSError as error:
            for path in done:
                path.unlink()
            if isinstance(error, FileExistsError):
                raise YaEstaba from error
            raise
        self.discard([borrador for borrador, _ in borradores])
        _sync(self._carpeta)

    def discard(self, borradores: Sequence[Borrador]) -> None:
        """Take away what is not wanted."""
        for borrador in borradores:
            with suppress(OSError):  # a name that begins with a point and ends in .part is nobody's file
                Path(borrador.lugar).unlink(missing_ok=True)

    def _lines(self, codigo_empresa: str, day: date, facturas: Iterable[Factura]) -> Iterable[bytes]:
        return escritura.write(codigo_empresa, day, facturas, variante=self._variante, total_width=self._total_width)


def _sync(carpeta: Path) -> None:
    """Have the names on the disk too."""
    descriptor = os.open(carpeta, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reparo(kind: str, factura: Factura, campo: str, valor: str) -> Reparo:
    codigo, que_pasa, que_hacer = REPAROS[kind]
    return Reparo(clave=factura.clave, codigo=codigo, campo=campo, valor=valor, que_pasa=que_pasa, que_hacer=que_hacer)
