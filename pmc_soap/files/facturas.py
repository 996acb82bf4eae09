"""Open a file of facturas for what it is: a FAC, a CSV or a workbook of Excel.

What it holds decides, and its name only where that does not: a file is often called what it is not.
"""

import re
from pathlib import Path

from pmc_soap.files.fac.archivo import FORMATO, ArchivoFac
from pmc_soap.files.lineas import BOM
from pmc_soap.files.planilla.archivo import ArchivoPlanilla
from pmc_soap.files.planilla.columnas import Planilla
from pmc_soap.files.planilla.filas import Lector
from pmc_soap.files.planilla.lector_csv import SEPARADORES, LectorCsv
from pmc_soap.files.planilla.lector_xlsx import LectorXlsx
from pmc_soap.operations.carga import Archivo

_START = 512
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX; what Excel wrote before, or with a password
_FAC = re.compile(rb"0[0-9 ]{3}[0-9A-Z ]{4}[0-9]{8}(?:[0 ]|\r|\n|$)")
_EXCEL = {".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"}


def open_facturas(
    path: Path,
    *,
    any_name: bool = False,
    codigo_empresa: str | None = None,
    unica: str | None = None,
    planilla: Planilla | None = None,
) -> Archivo:
    """Open the file. any_name: the name of a FAC says nothing. codigo_empresa: the only empresa it may speak for.

    unica: the empresa that a planilla which was given none is of, where there is only one. planilla: how it is written.
    """
    lector = _lector(path)
    if lector is None:
        return ArchivoFac.at(path, any_name=any_name, codigo_empresa=codigo_empresa)
    whose = codigo_empresa or unica
    return ArchivoPlanilla.at(path, lector, codigo_empresa=whose, planilla=planilla or Planilla())


def _lector(path: Path) -> Lector | None:
    """Give what reads the file; None for a FAC."""
    with path.open("rb") as file:
        start = file.read(_START).removeprefix(BOM)
    if start.startswith(_OFFICE) or path.suffix.lower() in _EXCEL:
        return LectorXlsx()
    if _FAC.match(start) or FORMATO.nombre.fullmatch(path.name):
        return None
    first = start.split(b"\n", 1)[0]
    is_csv = path.suffix.lower() in {".csv", ".tsv"} or any(separador.encode() in first for separador in SEPARADORES)
    return LectorCsv() if is_csv else None
