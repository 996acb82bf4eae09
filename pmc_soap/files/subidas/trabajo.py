"""The Subidas port: each file is looked at and loaded by a thread of the process that was asked, and told as it goes.

A load that a killed process left goes on where it was, as by the command: the ledger's lease sees to that.
"""

import csv
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from io import TextIOWrapper
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any, BinaryIO, Self

from pmc_soap.files import a_corregir
from pmc_soap.files.cob.archivo import ArchivoCob
from pmc_soap.files.subidas.carpeta import A_CORREGIR, PROBLEMAS, Carpeta
from pmc_soap.files.tabla.escritura_csv import keep_text
from pmc_soap.operations.archivo import Archivo, Problema
from pmc_soap.operations.carga import ArchivoCambiado, Avance, Cargas, Escuchas, Fase
from pmc_soap.operations.conciliacion import Conciliaciones
from pmc_soap.operations.libro_cargas import OtraEnCurso, TurnoPerdido
from pmc_soap.operations.ports import Clock, Unavailable
from pmc_soap.operations.rechazadas import Rechazadas
from pmc_soap.operations.subidas import Clase, EstadoSubida, Etapa, NoSePuede, Subida

TOLD_EVERY_S = 0.3
SHOWN_MAX = 200  # problems that a page shows; the file has all
_COLUMNS = ("linea", "columna", "campo", "valor", "codigo", "que_pasa", "que_hacer")

_BROKEN = "Algo se rompió de nuestro lado y quedó en el registro. No se perdió nada: se puede volver a intentar."
_FASE = Fase.CARGA
_OF_CARGA = (
    "nombre",
    "codigo_empresa",
    "modo",
    "aceptadas",
    "rechazadas",
    "importe_total_centavos",
    "total_problemas",
    "archivo_rechazado",
    "sin_permiso",
    "sigue_desde",
    "is_noop",
)

Open = Callable[[Path, str | None], Archivo]

log = logging.getLogger(__name__)


class SubidasEnDisco:
    """Files that were sent, on this machine's disk. open_facturas opens one that speaks for that empresa."""

    def __init__(
        self, carpeta: Carpeta, cargas: Cargas, conciliaciones: Conciliaciones, open_facturas: Open, clock: Clock
    ) -> None:
        self._carpeta = carpeta
        self._cargas = cargas
        self._conciliaciones = conciliaciones
        self._open = open_facturas
        self._clock = clock

    def add(self, subida: Subida, file: BinaryIO) -> Subida:
        """Keep a file, and begin to look at it; raises NoSePuede."""
        self._carpeta.forget_old(self._clock.now())
        kept = self._carpeta.add(subida, file)
        self._begin(kept, Etapa.REVISANDO)
        return kept

    def get(self, id_: str) -> tuple[Subida, EstadoSubida] | None:
        """Give one, and how far it is."""
        return self._carpeta.get(id_)

    def list(self, clase: Clase) -> Sequence[tuple[Subida, EstadoSubida]]:
        """Give those that are kept, the newest first."""
        return self._carpeta.list(clase)

    def load(self, id_: str, *, parcial: bool = False, may_retire: bool = False) -> None:
        """Begin to load one that was looked at, or go on with one that was cut; raises NoSePuede."""
        found = self._carpeta.get(id_)
        if found is None:
            raise NoSePuede("Ese archivo ya no está: subilo otra vez.")
        subida, estado = found
        if estado.etapa not in {Etapa.REVISADA, Etapa.CORTADA, Etapa.FALLIDA}:
            raise NoSePuede("Ese archivo ya se cargó, o se está cargando.")
        self._begin(subida, Etapa.CARGANDO, parcial=parcial, may_retire=may_retire)

    def problemas(self, id_: str) -> BinaryIO | None:
        """Open the list of all that is wrong with it."""
        return self._file(id_, PROBLEMAS)

    def a_corregir(self, id_: str) -> tuple[str, BinaryIO] | None:
        """Open its bad lines, to be mended, with the name of that file."""
        found, file = self._carpeta.get(id_), self._file(id_, A_CORREGIR)
        return (f"corregir-{found[0].nombre}", file) if found and file else None

    def discard(self, id_: str) -> None:
        """Forget one; raises NoSePuede while it is worked at."""
        self._carpeta.remove(id_)

    def _file(self, id_: str, name: str) -> BinaryIO | None:
        found = self._carpeta.get(id_)
        if found is None:
            return None
        try:
            return self._carpeta.path(found[0], name).open("rb")
        except OSError:
            return None

    def _begin(self, subida: Subida, etapa: Etapa, **asked: bool) -> None:
        """Take its lock here, so that who asks twice is told; work at it elsewhere."""
        stack = ExitStack()
        stack.enter_context(self._carpeta.held(subida))
        self._carpeta.tell(subida, EstadoSubida(etapa=etapa))
        Thread(target=self._work, args=(subida, etapa, stack), kwargs=asked, daemon=True).start()

    def _work(self, subida: Subida, etapa: Etapa, stack: ExitStack, **asked: bool) -> None:
        with stack:
            try:
                work = self._work_at_cob if subida.clase is Clase.COB else self._work_at_facturas
                informe = work(subida, dry_run=etapa is Etapa.REVISANDO, **asked)
                end = Etapa.REVISADA if etapa is Etapa.REVISANDO else Etapa.LISTA
                estado = EstadoSubida(etapa=end, informe=informe)
            except Exception as error:
                told = _explain(error)
                if told is None:
                    log.exception("a file that was sent could not be worked at")
                estado = EstadoSubida(etapa=Etapa.FALLIDA, error=told or _BROKEN)
            self._carpeta.tell(subida, estado)

    def _work_at_facturas(
        self, subida: Subida, *, dry_run: bool, parcial: bool = False, may_retire: bool = False
    ) -> Mapping[str, Any]:
        archivo = self._open(self._carpeta.path(subida), subida.codigo_empresa)
        rechazadas, avance = Rechazadas(), self._teller(subida, dry_run=dry_run)
        with _Report(self._carpeta.path(subida, PROBLEMAS)) as report:

            def note(problema: Problema) -> None:
                rechazadas.note(problema)
                report.write(problema)

            escuchas = Escuchas(on_avance=avance, on_problema=note, may_retire=lambda _: may_retire)
            carga = self._cargas.load(archivo, modo=subida.modo, dry_run=dry_run, partial=parcial, escuchas=escuchas)
        can_mend = rechazadas.lineas and not rechazadas.is_spoiled and not rechazadas.is_full
        if can_mend:
            with self._carpeta.path(subida, A_CORREGIR).open("wb") as file:
                file.writelines(a_corregir.write(archivo, rechazadas.lineas))
        said = {name: getattr(carga, name) for name in _OF_CARGA}
        for name in ("loaded", "retiro", "previa", "guardada"):
            value = getattr(carga, name)
            said[name] = asdict(value) if value is not None else None
        problemas = [asdict(each) for each in carga.problemas[:SHOWN_MAX]]
        return said | {"problemas": problemas, "se_puede_corregir": bool(can_mend)}

    def _work_at_cob(self, subida: Subida, *, dry_run: bool, **_: bool) -> Mapping[str, Any]:
        path, avance = self._carpeta.path(subida), self._teller(subida, dry_run=dry_run)
        archivo = ArchivoCob(path.name, lambda: path.open("rb"), size_bytes=subida.bytes)
        corrida = self._conciliaciones.run(
            archivo,
            dry_run=dry_run,
            replace=subida.reemplaza,
            on_avance=lambda done, total: avance(Avance(_FASE, done, total)),
        )
        with _Report(self._carpeta.path(subida, PROBLEMAS)) as report:
            for problema in corrida.problemas:
                report.write(problema)
        return {
            "curso": corrida.curso,
            "negativa": corrida.negativa,
            "codigo_empresa": corrida.codigo_empresa,
            "fecha": corrida.fecha and corrida.fecha.isoformat(),
            "cantidad": corrida.cantidad,
            "total_centavos": corrida.total_centavos,
            "cuadro": {desenlace: asdict(suma) for desenlace, suma in corrida.cuadro.items()},
            "problemas": [asdict(each) for each in corrida.problemas[:SHOWN_MAX]],
            "total_problemas": corrida.total_problemas,
            "previo": corrida.previo and corrida.previo.nombre,
        }

    def _teller(self, subida: Subida, *, dry_run: bool) -> Callable[[Avance], None]:
        began = monotonic()
        told = began
        etapa = Etapa.REVISANDO if dry_run else Etapa.CARGANDO

        def tell(avance: Avance) -> None:
            nonlocal told
            now = monotonic()
            if now - told < TOLD_EVERY_S:
                return
            told = now
            at = EstadoSubida(etapa=etapa, filas=avance.filas, total=avance.total, segundos=round(now - began, 1))
            self._carpeta.tell(subida, at)

        return tell


class _Report:
    """All that is wrong with a file, as an es-AR Excel opens it by double click."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._file = TextIOWrapper(self._path.open("wb"), encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, delimiter=";")
        self._writer.writerow(_COLUMNS)
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, problema: Problema) -> None:
        """Write one problem."""
        self._writer.writerow([keep_text(str(getattr(problema, name))) for name in _COLUMNS])


def _explain(error: Exception) -> str | None:
    """Say why a file could not be worked at; None for what is no known reason."""
    match error:
        case OtraEnCurso():
            return f"Se está cargando otro archivo de la empresa, «{error.carga.nombre}»: esperá a que termine."
        case TurnoPerdido():
            return "Otro proceso siguió con esta carga. Mirala en la lista de cargas."
        case ArchivoCambiado():
            return "El archivo cambió mientras se cargaba: subilo otra vez."
        case Unavailable():
            return "La base de datos no respondió y la carga se cortó. Seguila: continúa donde quedó."
        case NoSePuede():
            return str(error)
    return None
