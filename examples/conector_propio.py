"""A connector of your own: a system that keeps its debt and its cobros in two CSV files of one folder.

deuda.csv has a header with our words: id_cliente,id_factura,importe,vencimiento (the others: connectors/mapeo.py).
cobros.csv gets a line for each aviso; one process writes it. Configure it as "conector_propio:ConectorPropio", with
the option carpeta.
"""

import csv
import os
from pathlib import Path
from threading import Lock

from pmc_soap.connectors.mapeo import read_deuda
from pmc_soap.connectors.sobre import write_aviso
from pmc_soap.domain.consulta import Consulta, Deuda, SinRespuesta
from pmc_soap.domain.entrega import Comprobante, Envio, NoEntregado


class ConectorPropio:
    def __init__(self, *, carpeta: str) -> None:
        self._deuda, self._cobros = Path(carpeta) / "deuda.csv", Path(carpeta) / "cobros.csv"
        self._lock = Lock()  # avisos of different clientes come at the same time

    def find_deuda(self, consulta: Consulta, timeout_s: float) -> Deuda:  # noqa: ARG002 — a file answers at once
        """What does this cliente owe?"""
        asked = consulta.busqueda
        try:
            with self._deuda.open(encoding="utf-8", newline="") as file:
                filas = [f for f in csv.DictReader(file) if asked.id_cliente in {None, f["id_cliente"]}]
        except (OSError, KeyError) as error:
            raise SinRespuesta("no se puede leer deuda.csv") from error
        return read_deuda((f for f in filas if asked.id_factura in {None, f["id_factura"]}), asked)

    def deliver(self, envio: Envio) -> Comprobante:
        """Impute an aviso once, however often it comes: a repeat has the same id_aviso."""
        aviso = write_aviso(envio)
        try:
            with self._lock, self._cobros.open("a+", encoding="utf-8", newline="") as file:
                file.seek(0)
                if any(row["id_aviso"] == aviso["id_aviso"] for row in csv.DictReader(file)):
                    return Comprobante()
                lines = csv.DictWriter(file, aviso)
                if not file.tell():
                    lines.writeheader()
                lines.writerow(aviso)
                file.flush()
                os.fsync(file.fileno())  # only what is on the disk is imputed
        except OSError as error:
            raise NoEntregado("no se puede escribir cobros.csv") from error
        return Comprobante()
