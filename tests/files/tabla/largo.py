"""A table of any length, written each way in flat memory; prints the kilobytes that this process took at most."""

import resource
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from pmc_soap.files.tabla import escritura_csv, escritura_json, escritura_xlsx
from pmc_soap.files.tabla.columna import Columna, Tabla, Tipo

COLUMNAS = (
    Columna(nombre="id_cliente", titulo="Cliente"),
    Columna(nombre="importe", titulo="Importe", tipo=Tipo.IMPORTE, suma=True),
    Columna(nombre="dia", titulo="Día", tipo=Tipo.FECHA),
    Columna(nombre="recibido", titulo="Recibido", tipo=Tipo.INSTANTE),
)
DIA, RECIBIDO = date(2026, 3, 10), datetime(2026, 3, 10, 12, tzinfo=UTC)


def write_all(count):
    """Write it each way, in the folder where we are."""

    def tabla():
        filas = ((f"{n:011d}", 100 + n, DIA, RECIBIDO) for n in range(count))
        return Tabla(nombre="pagos", titulo="Pagos", columnas=COLUMNAS, filas=filas)

    with Path("f.csv").open("w", encoding="utf-8", newline="") as out:
        escritura_csv.write(tabla(), out)
    with Path("f.json").open("w", encoding="utf-8") as out:
        escritura_json.write([tabla()], out)
    with Path("f.xlsx").open("wb") as out:
        escritura_xlsx.write([tabla()], out)
    sys.stdout.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
