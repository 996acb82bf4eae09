"""Open a file of facturas for what it is."""

from pathlib import Path

from pmc_soap.files.fac.archivo import ArchivoFac
from pmc_soap.operations.carga import Archivo


def open_facturas(path: Path, *, any_name: bool = False, codigo_empresa: str | None = None) -> Archivo:
    """Open the file. any_name: its name says nothing. codigo_empresa: the only empresa it may speak for."""
    return ArchivoFac.at(path, any_name=any_name, codigo_empresa=codigo_empresa)
