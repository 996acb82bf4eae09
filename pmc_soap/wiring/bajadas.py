"""The reports that the consola sends as files: the tables of files/, written to a file without a name."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO

from pmc_soap.files.informe.conciliacion import InformeDeConciliacion
from pmc_soap.files.informe.facturables import tablas as tablas_de_facturables
from pmc_soap.files.informe.fuera_del_fac import tabla as tabla_de_reparos
from pmc_soap.files.informe.intercambios import tabla as tabla_de_intercambios
from pmc_soap.files.informe.pagos import InformeDePagos
from pmc_soap.files.informe.puente import tabla as tabla_de_puente
from pmc_soap.files.tabla import escritura_csv, escritura_xlsx
from pmc_soap.files.tabla.columna import Tabla
from pmc_soap.operations.cierre import DiaConciliado
from pmc_soap.operations.exportacion import Reparo
from pmc_soap.operations.facturables import Liquidacion
from pmc_soap.operations.informes import PagoInformado
from pmc_soap.operations.intercambios import Filtro, every
from pmc_soap.operations.listado import FiltroDePagos

if TYPE_CHECKING:
    from datetime import date

    from pmc_soap.wiring import House


@dataclass(frozen=True)
class _Some:
    """The Informes port, of whose pagos only some are meant."""

    informes: Any
    filtro: FiltroDePagos

    def pagos(self, codigo_empresa: str, desde: "date", hasta: "date") -> Iterator[PagoInformado]:
        return filter(self.filtro.admits, self.informes.pagos(codigo_empresa, desde, hasta))


class Bajadas:
    """Each report as a file: csv holds its first table, xlsx all."""

    def __init__(self, house: "House") -> None:
        self._house = house

    def pagos(self, filtro: FiltroDePagos, formato: str) -> BinaryIO:
        """Write pagos, the oldest first, and what they come to."""
        some: Any = _Some(self._house.ledger.informes, filtro)
        return _write(InformeDePagos(some, filtro.codigos, filtro.desde, filtro.hasta).tablas, formato)

    def intercambios(self, filtro: Filtro, formato: str) -> BinaryIO:
        """Write exchanges, the newest first."""
        return _write([tabla_de_intercambios(every(self._house.ledger.intercambios, filtro))], formato)

    def puente(self, codigo_empresa: str | None, formato: str) -> BinaryIO:
        """Write what waits in the puente."""
        return _write([tabla_de_puente(self._house.ledger.informes.en_puente(codigo_empresa))], formato)

    def facturables(self, found: Sequence[Liquidacion], formato: str) -> BinaryIO:
        """Write what PMC may charge."""
        return _write(tablas_de_facturables(found), formato)

    def fuera_del_fac(self, reparos: Iterable[Reparo], formato: str) -> BinaryIO:
        """Write what a FAC cannot say."""
        return _write([tabla_de_reparos(reparos)], formato)

    def conciliacion(self, dias: Sequence[DiaConciliado], formato: str) -> BinaryIO:
        """Write days of the COBs."""
        ledger = self._house.ledger
        return _write(InformeDeConciliacion(ledger.informes, ledger.conciliado, list(dias)).tablas, formato)


def _write(tablas: Sequence[Tabla], formato: str) -> BinaryIO:
    file = TemporaryFile()  # noqa: SIM115 — who is handed it closes it
    try:
        if formato == "xlsx":
            escritura_xlsx.write(tablas, file)
        else:
            text = io.TextIOWrapper(file, encoding="utf-8", newline="")
            escritura_csv.write(tablas[0], text)
            text.flush()
            text.detach()
    except BaseException:
        file.close()
        raise
    return file
