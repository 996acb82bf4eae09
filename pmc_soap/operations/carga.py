"""A file of facturas becomes the base. The whole file is checked before anything is written.

The file is read twice, once to check and once to write, so that memory stays flat however long it is. What a file is
(FAC, CSV …) is an Archivo's secret; the rules of a factura are domain/factura.py's, whatever the file. Which files were
loaded is remembered: the same again is nothing, and one that was cut goes on where it was.
"""

import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from pmc_soap.domain.carga import EstadoCarga, Modo
from pmc_soap.domain.empresa import Empresa
from pmc_soap.operations.archivo import Archivo, Gravedad, Problema, Renglon
from pmc_soap.operations.carga_en_curso import PROBLEMAS_MAX, Avance, Carga, EnCurso, Escuchas, Fase
from pmc_soap.operations.libro_cargas import LibroDeCargas, Lote, OtraEnCurso, Turno, YaCargada
from pmc_soap.operations.ports import Clock, Empresas, Ledger, Loaded, Writing
from pmc_soap.operations.reemplazo import Retiro

__all__ = [
    "PROBLEMAS_MAX",
    "Archivo",
    "ArchivoCambiado",
    "Avance",
    "Carga",
    "Cargas",
    "Escuchas",
    "Fase",
    "Gravedad",
    "Problema",
    "Renglon",
]

LOOK_S = 0.5  # how often whoever waits for a turn looks


class ArchivoCambiado(Exception):
    """The file was changed while it was read; what was written of it stays, and it is not whole."""


class Cargas:
    """Loads files of facturas."""

    def __init__(
        self,
        ledger: Ledger,
        libro: LibroDeCargas,
        empresas: Empresas,
        clock: Clock,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ledger = ledger
        self._libro = libro
        self._empresas = empresas
        self._clock = clock
        self._pause = pause

    def load(
        self,
        archivo: Archivo,
        *,
        modo: Modo = Modo.NOVEDADES,
        dry_run: bool = False,
        partial: bool = False,
        again: bool = False,
        escuchas: Escuchas | None = None,
    ) -> Carga:
        """Check the file; write it if all of it is good, or its good lines if partial.

        A file whose header, trailer, count or total is wrong is never written. With dry_run each batch is undone. One
        that was loaded before is left alone, unless again. Raises OtraEnCurso, TurnoPerdido, ArchivoCambiado.
        """
        if partial and modo is Modo.REEMPLAZO:
            raise ValueError("a bad line would retire what it means to name: a reemplazo is loaded whole or not at all")
        empresa = self._empresas.get(archivo.codigo_empresa) if archivo.codigo_empresa else None
        empresa = empresa if empresa is not None and empresa.activa else None
        corrida = EnCurso(archivo, empresa, modo, escuchas or Escuchas(), partial=partial, dry_run=dry_run)
        carga = corrida.carga
        if empresa is not None:
            carga.previa = self._libro.find_completa(empresa.codigo_empresa, corrida.sha256, modo)
            if carga.previa is not None and not (again or dry_run):
                return carga
        corrida.review()
        if empresa is None:
            return carga
        if carga.archivo_rechazado or (carga.rechazadas and not partial):
            self._remember_refused(corrida, empresa)
            return carga
        carga.retiro = self._foresee(corrida, empresa)
        if dry_run:
            carga.loaded = self._try_out(corrida, empresa)
        elif _may_retire(corrida, empresa):
            try:
                self._write(corrida, empresa, self._begin(corrida, empresa, again=again))
            except YaCargada as before:
                carga.previa = before.carga
        return carga

    def _remember_refused(self, corrida: EnCurso, empresa: Empresa) -> None:
        if corrida.carga.dry_run:
            return
        now = self._clock.now()
        refused = replace(corrida.nueva(empresa, now), estado=EstadoCarga.RECHAZADA, terminada_utc=now)
        corrida.carga.guardada = self._libro.reject(refused)

    def _foresee(self, corrida: EnCurso, empresa: Empresa) -> Retiro | None:
        return corrida.reemplazo(self._libro, empresa).foresee() if corrida.carga.modo is Modo.REEMPLAZO else None

    def _write(self, corrida: EnCurso, empresa: Empresa, turno: Turno) -> None:
        carga = corrida.carga
        carga.cortada, carga.sigue_desde = turno.cortada, turno.carga.hasta_linea
        try:
            filas = turno.carga.escritas
            for lote in corrida.lotes(empresa, after=turno.carga.hasta_linea):
                self._libro.write(turno, lote, self._clock.now())
                filas += len(lote.facturas)
                corrida.tell(Fase.CARGA, filas, carga.aceptadas)
            _require_unchanged(corrida)
            if carga.retiro is not None:
                done = corrida.reemplazo(self._libro, empresa).retire(turno)
                corrida.tell(Fase.RETIRO, done, done)
            said = carga.guardada = self._libro.end(turno, self._clock.now())
        except BaseException:
            with suppress(Exception):  # then the lease ends by itself
                self._libro.leave(turno)
            raise
        carga.loaded = Loaded(said.nuevas, said.cambiadas, said.iguales, said.intocables)
        if carga.retiro is not None:
            carga.retiro = replace(carga.retiro, retiradas=said.retiradas)

    def _begin(self, corrida: EnCurso, empresa: Empresa, *, again: bool) -> Turno:
        """Take the turn. Who was killed renews his no more, and is waited for; who lives does, and is left alone."""
        left_s = math.inf
        while True:
            try:
                return self._libro.begin(corrida.nueva(empresa, self._clock.now()), again=again)
            except OtraEnCurso as otra:
                if otra.wait_s > left_s:
                    raise
                if left_s is math.inf:
                    corrida.escuchas.on_espera(otra)
                left_s = otra.wait_s
            self._pause(min(LOOK_S, left_s))

    def _try_out(self, corrida: EnCurso, empresa: Empresa) -> Loaded:
        loaded, filas = Loaded(), 0
        for lote in corrida.lotes(empresa):
            loaded += self._undone(lote, corrida.carga.nombre, empresa)
            filas += len(lote.facturas)
            corrida.tell(Fase.CARGA, filas, corrida.carga.aceptadas)
        return loaded

    def _undone(self, lote: Lote, nombre: str, empresa: Empresa) -> Loaded:
        at_utc = self._clock.now()

        def write(tx: Writing) -> Loaded:
            raise _Undo(tx.load(lote.facturas, nombre, at_utc))

        try:
            return self._ledger.write(empresa.codigo_empresa, None, write)
        except _Undo as undo:
            return undo.loaded


def _may_retire(corrida: EnCurso, empresa: Empresa) -> bool:
    carga = corrida.carga
    if carga.retiro is not None and carga.retiro.exceeds(empresa.retiro_maximo_porciento):
        carga.sin_permiso = not corrida.escuchas.may_retire(carga.retiro)
    return not carga.sin_permiso


def _require_unchanged(corrida: EnCurso) -> None:
    if corrida.archivo.sha256() != corrida.sha256:
        raise ArchivoCambiado


class _Undo(Exception):
    """Leave the transaction without a trace, but with what it would have done."""

    def __init__(self, loaded: Loaded) -> None:
        super().__init__(loaded)
        self.loaded = loaded
