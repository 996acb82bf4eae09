"""Puts together how the consola makes FACs for PMC: the folder that is configured, and the empresa's variante."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.exportacion import Exportacion
from pmc_soap.files.fac import rechazo
from pmc_soap.files.fac.guardados import Guardados
from pmc_soap.operations.exportacion import Corrida, Reparo, Salida
from pmc_soap.wiring.subidas import beside_database

if TYPE_CHECKING:
    from pmc_soap.wiring import House


def place(house: "House") -> Path:
    """Say where they are kept."""
    said = house.settings.fac_dir
    return Path(said) if said is not None else beside_database(house, "fac")


class Facs:
    """The FACs of all empresas, in one folder."""

    def __init__(self, house: "House") -> None:
        self._house = house
        self._guardados = Guardados(place(house))

    def export(self, empresa: Empresa, *, dia: date | None, novedades: bool, dry_run: bool) -> Corrida:
        """Make what can be paid a FAC, or as many as it takes; dry_run writes nothing.

        Raises Rechazada, EnMarcha and OSError.
        """
        exportaciones, salida = self._house.exportaciones, self._salida(empresa)
        with nullcontext() if dry_run else self._guardados.turn(empresa.codigo_empresa):
            if not dry_run:
                self._guardados.forget_old(self._house.clock.now())
            return exportaciones.export(empresa, salida, dia=dia, novedades=novedades, dry_run=dry_run)

    def reparos(self, empresa: Empresa, *, dia: date | None, novedades: bool) -> Iterator[Reparo]:
        """Give all that they cannot say, one by one. Raises Rechazada."""
        return self._house.exportaciones.reparos(empresa, self._salida(empresa), dia=dia, novedades=novedades)

    def open(self, exportacion: Exportacion) -> BinaryIO | None:
        """Open the file as it was made; None where it is not here any more, or was made elsewhere."""
        return self._guardados.open(exportacion)

    def tell_failed(self, empresa: Empresa) -> None:
        """Leave an alerta that a FAC was not made, where nobody waits to be told."""
        codigo, now = empresa.codigo_empresa, self._house.clock.now()
        self._house.ledger.write(codigo, None, lambda tx: tx.alert(codigo, "FAC_NO_GENERADO", None, now))

    def reject(self, nombre: str, file: BinaryIO) -> tuple[Exportacion, bool] | None:
        """Note that PMC refused a file, by that which it left; None where it names none of ours."""
        refused = rechazo.nombre_fac(nombre)
        return None if refused is None else self._house.exportaciones.reject(refused, rechazo.read(file))

    def _salida(self, empresa: Empresa) -> Salida:
        return self._house.salida_fac(self._guardados.carpeta, empresa)
