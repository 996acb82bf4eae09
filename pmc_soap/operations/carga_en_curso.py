"""One file on its way to becoming the base: how it is read, what is told meanwhile, and what becomes of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from pmc_soap.domain.carga import CargaGuardada, EstadoCarga, Modo
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.operations.archivo import Archivo, Gravedad, Problema, Renglon
from pmc_soap.operations.lectura import LOTE, judge, lotes
from pmc_soap.operations.libro_cargas import LibroDeCargas, Lote, OtraEnCurso
from pmc_soap.operations.ports import Loaded
from pmc_soap.operations.reemplazo import Reemplazo, Retiro
from pmc_soap.operations.vistas import Vistas

PROBLEMAS_MAX = 1_000  # problems kept for the report; all are counted, and all are told to on_problema


class Fase(StrEnum):
    """The two readings of a file, and what comes after them where it replaces the base."""

    REVISION = "REVISION"
    CARGA = "CARGA"
    RETIRO = "RETIRO"


@dataclass(frozen=True, slots=True)
class Avance:
    """How far a reading is."""

    fase: Fase
    filas: int
    total: int


@dataclass(kw_only=True, slots=True)
class Carga:
    """What became of a file. loaded is None when nothing was to be written; with dry_run it tells what would be.

    previa: the same file was loaded before, and so, unless again, nothing was done. retiro: what a reemplazo takes out
    of PMC; sin_permiso: so much that nobody allowed it. guardada: as it is remembered. sigue_desde: the line after
    which it went on, having been cut. cortada: another file, that was left in the middle.
    """

    nombre: str
    codigo_empresa: str | None
    dry_run: bool
    modo: Modo = Modo.NOVEDADES
    aceptadas: int = 0
    rechazadas: int = 0
    importe_total_centavos: int = 0
    problemas: list[Problema] = field(default_factory=list)
    total_problemas: int = 0
    archivo_rechazado: bool = False
    loaded: Loaded | None = None
    retiro: Retiro | None = None
    sin_permiso: bool = False
    previa: CargaGuardada | None = None
    guardada: CargaGuardada | None = None
    sigue_desde: int = 0
    cortada: CargaGuardada | None = None

    @property
    def is_noop(self) -> bool:
        """Tell whether nothing was done because the same file was loaded before."""
        return self.previa is not None and self.guardada is None and self.loaded is None and not self.sin_permiso


@dataclass(kw_only=True, slots=True)
class Escuchas:
    """Who is told how it goes, and asked whether so many facturas may be retired."""

    on_avance: Callable[[Avance], None] = lambda _: None
    on_problema: Callable[[Problema], None] = lambda _: None
    on_espera: Callable[[OtraEnCurso], None] = lambda _: None
    may_retire: Callable[[Retiro], bool] = lambda _: False


class EnCurso:
    """One file on its way, and what becomes of it."""

    def __init__(
        self, archivo: Archivo, empresa: Empresa | None, modo: Modo, escuchas: Escuchas, *, partial: bool, dry_run: bool
    ) -> None:
        self.archivo = archivo
        self.escuchas = escuchas
        self.sha256 = archivo.sha256()
        self.carga = Carga(nombre=archivo.nombre, codigo_empresa=archivo.codigo_empresa, dry_run=dry_run, modo=modo)
        self._is_known = empresa is not None
        self._partial = partial
        self._vistas = Vistas()
        self._mudadas = Vistas()

    def review(self) -> None:
        """Read it from end to end, and change nothing."""
        carga, last_bad = self.carga, 0
        if self.archivo.codigo_empresa and not self._is_known:
            self._note(self.archivo.explain(Ending(Resultado.EMPRESA_INEXISTENTE, campo="CodigoEmpresa"), None))
        for item in judge(self.archivo, self._vistas):
            if isinstance(item, Renglon):
                carga.aceptadas += 1
                carga.importe_total_centavos += item.factura.vencimientos[0].importe_centavos
                self._note_moved(item)
            else:
                self._note(item)
                if item.gravedad is Gravedad.LINEA and item.linea != last_bad:
                    carga.rechazadas += 1
                    last_bad = item.linea
            filas = carga.aceptadas + carga.rechazadas
            if filas % LOTE == 0:
                self.tell(Fase.REVISION, filas, max(filas, self.archivo.filas_estimadas))
        filas = carga.aceptadas + carga.rechazadas
        self.tell(Fase.REVISION, filas, filas)

    def lotes(self, empresa: Empresa, *, after: int = 0) -> Iterator[Lote]:
        """Read it again, from after that line on, to be written."""
        self._vistas = Vistas()  # the first reading's go first: of a million lines they are 48 MB
        return lotes(self.archivo, empresa, self._vistas, after=after)

    def reemplazo(self, libro: LibroDeCargas, empresa: Empresa) -> Reemplazo:
        """Give what it does to the facturas that it does not name."""
        return Reemplazo(libro, empresa.codigo_empresa, self._vistas, self._mudadas)

    def nueva(self, empresa: Empresa, at_utc: datetime) -> CargaGuardada:
        """Give it as it is remembered, before anything is written."""
        return CargaGuardada(
            id=0,
            codigo_empresa=empresa.codigo_empresa,
            nombre=self.archivo.nombre,
            sha256=self.sha256,
            formato=self.archivo.formato,
            modo=self.carga.modo,
            parcial=self._partial,
            estado=EstadoCarga.EN_CURSO,
            aceptadas=self.carga.aceptadas,
            rechazadas=self.carga.rechazadas,
            importe_total_centavos=self.carga.importe_total_centavos,
            empezada_utc=at_utc,
        )

    def tell(self, fase: Fase, filas: int, total: int) -> None:
        """Tell how far it is."""
        self.escuchas.on_avance(Avance(fase, filas, total))

    def _note(self, problema: Problema) -> None:
        carga = self.carga
        carga.total_problemas += 1
        if len(carga.problemas) < PROBLEMAS_MAX:
            carga.problemas.append(problema)
        if problema.gravedad is Gravedad.ARCHIVO:
            carga.archivo_rechazado = True
        self.escuchas.on_problema(problema)

    def _note_moved(self, renglon: Renglon) -> None:
        anterior = renglon.factura.referencia_anterior
        if self.carga.modo is Modo.REEMPLAZO and anterior is not None:
            self._mudadas.note(replace(renglon.factura.clave, id_cliente=anterior), renglon.linea)
