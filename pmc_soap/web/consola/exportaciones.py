"""The FACs for PMC: those that were made, making one (looked at first), taking it, and noting that PMC refused it."""

import logging
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from threading import Lock, Thread
from typing import BinaryIO

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pmc_soap.domain.acta import Accion, Acta
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.exportacion import ARCHIVOS_MAX, FACTURAS_MAX, EstadoExportacion, Exportacion
from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.exportacion import CORTADA, Corrida, EnMarcha, Negativa, Rechazada
from pmc_soap.web.consola import pedido
from pmc_soap.web.consola.acceso import requires, usuario
from pmc_soap.web.consola.bajada import attachment, send
from pmc_soap.web.consola.calculos import Calculos
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.formato import fecha, numero, pesos
from pmc_soap.web.mensajes import go

TEXTO = "text/plain; charset=us-ascii"
QUE_LLEVA = (("", "Todo lo que se puede pagar"), ("1", "Solo lo nuevo y lo que cambió"))
ESTADOS = {
    EstadoExportacion.EN_CURSO: "En curso o cortado",
    EstadoExportacion.GENERADA: "Generado",
    EstadoExportacion.RECHAZADA: "Rechazado por PagoMisCuentas",
}
RECHAZO_MAX = 16 * 1024 * 1024  # of a form with what PMC says, which may repeat the whole FAC
NO_SE_PUDO = "No se pudo escribir en la carpeta de los FAC: mirá Estado. No se generó nada."
MIRADA_S = 10  # that a look is shown again: by then a factura may have been paid, or mended
ESPERA_S = 3.0  # that a page waits for its FAC; a longer one goes on by itself
Mirada = Corrida | Rechazada

log = logging.getLogger(__name__)


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the pages."""

    @pages.get("/exportaciones")
    @requires(Permiso.VER)
    def exportaciones() -> str:
        one = pedido.empresa(casa)
        found = casa.libro_exportaciones.exportaciones(one.codigo_empresa if one else None, pedido.FILAS)
        return render_template(
            "consola/exportaciones.html", exportaciones=found, estados=ESTADOS, sigue=_going(casa, found)
        )

    _add_making(pages, casa)
    _add_one(pages, casa)
    _add_refusals(pages, casa)


def _add_making(pages: Blueprint, casa: Casa) -> None:
    miradas: Calculos[Mirada] = Calculos(fresh_s=MIRADA_S)

    @pages.get("/exportaciones/generar")
    @requires(Permiso.CARGAR)
    def exportaciones_generar() -> str:
        empresa, dia, novedades = _asked(casa)
        mirada = None
        if empresa is not None:
            told = casa.libro_exportaciones.exportaciones(empresa.codigo_empresa, ARCHIVOS_MAX)
            cargas = casa.libro_cargas.cargas(empresa.codigo_empresa, 1)
            moved = (*((each.id, each.estado) for each in told), *(each.id for each in cargas))
            key = (empresa.codigo_empresa, dia, novedades, *moved)
            mirada = miradas.get(key, lambda: _look(casa, empresa, dia, novedades=novedades))
            if mirada is None:
                return render_template(
                    "consola/espera.html", titulo="Generar un FAC", texto="Estamos viendo qué saldría."
                )
        return _page(empresa, dia, novedades=novedades, mirada=mirada)

    @pages.post("/exportaciones/generar")
    @requires(Permiso.CARGAR)
    def exportaciones_generar_ya() -> ResponseReturnValue:
        empresa, dia, novedades = _asked(casa)
        if empresa is None:
            abort(400)
        trabajo = Trabajo(casa, empresa, usuario().usuario)
        ended = trabajo.run(lambda: casa.facs.export(empresa, dia=dia, novedades=novedades, dry_run=False))
        return _tell(empresa, dia, ended, novedades=novedades)


def _tell(
    empresa: Empresa, dia: date | None, ended: Corrida | Exception | None, *, novedades: bool
) -> ResponseReturnValue:
    """Say what became of a FAC; raises what has a page of its own."""
    match ended:
        case None:
            told = f"Se está generando el FAC de {empresa.nombre}: va a aparecer acá cuando esté."
            return go(url_for("consola.exportaciones"), told, "ojo")
        case EnMarcha():
            return go(url_for("consola.exportaciones"), "Ya se está generando uno: esperá a que termine.", "ojo")
        case Rechazada():
            return _page(empresa, dia, novedades=novedades, mirada=ended), 422
        case OSError():
            return _page(empresa, dia, novedades=novedades, error=NO_SE_PUDO), 500
        case Corrida():
            return go(url_for("consola.exportaciones"), _told(ended), "bien" if ended.exportaciones else "ojo")
    raise ended


def _add_one(pages: Blueprint, casa: Casa) -> None:
    @pages.get("/exportaciones/generar/reparos/bajar")
    @requires(Permiso.EXPORTAR)
    def exportaciones_reparos_bajar() -> Response:
        empresa, dia, novedades = _asked(casa)
        if empresa is None:
            abort(404)
        try:
            reparos = casa.facs.reparos(empresa, dia=dia, novedades=novedades)
        except Rechazada:
            abort(404)
        write = partial(casa.bajadas.fuera_del_fac, reparos)
        return send(casa, "fuera-del-fac", write, empresa.codigo_empresa)

    @pages.get("/exportaciones/<nombre>")
    @requires(Permiso.VER)
    def exportaciones_una(nombre: str) -> str:
        found = casa.libro_exportaciones.find(nombre) or abort(404)
        file = casa.facs.open(found)
        if file is not None:
            file.close()
        return render_template("consola/exportacion.html", exportacion=found, estados=ESTADOS, esta=file is not None)

    @pages.get("/exportaciones/<nombre>/bajar")
    @requires(Permiso.EXPORTAR)
    def exportaciones_bajar(nombre: str) -> Response:
        found = casa.libro_exportaciones.find(nombre) or abort(404)
        file = casa.facs.open(found) or abort(404)
        _note(casa, Accion.EXPORTACION, [found], usuario().usuario)
        return attachment(file, found.nombre, TEXTO)


def _add_refusals(pages: Blueprint, casa: Casa) -> None:
    @pages.get("/exportaciones/rechazo")
    @requires(Permiso.CARGAR)
    def exportaciones_rechazo() -> str:
        return render_template("consola/exportacion_rechazo.html", error="")

    @requires(Permiso.CARGAR)
    def exportaciones_rechazo_ya() -> ResponseReturnValue:
        sent = request.files.get("archivo")
        name = (sent.filename or "").replace("\\", "/").rpartition("/")[2] if sent else ""
        file: BinaryIO | None = sent.stream if sent else None  # type: ignore[assignment] # werkzeug's
        found = casa.facs.reject(name, file) if file is not None and name else None
        if found is None:
            error = (
                f"«{name}» no rechaza ningún FAC de los que se generaron. Se tiene que llamar como lo deja"
                " PagoMisCuentas: RECHAZADO_ y el nombre del FAC."
                if name
                else "Elegí el archivo."
            )
            return render_template("consola/exportacion_rechazo.html", error=error), 422
        exportacion, is_new = found
        here = url_for("consola.exportaciones_una", nombre=exportacion.nombre)
        if not is_new:
            return go(here, "Ya estaba anotado: no cambió nada.", "ojo")
        _note(casa, Accion.FAC_RECHAZADO, [exportacion], usuario().usuario)
        return go(here, "Anotado. Corregí lo que dice, y generá otro con lo nuevo: lo que iba en este vuelve a salir.")

    exportaciones_rechazo_ya.body_max = RECHAZO_MAX  # type: ignore[attr-defined] # web/app.py reads it
    pages.add_url_rule("/exportaciones/rechazo", view_func=exportaciones_rechazo_ya, methods=["POST"])


class Trabajo:
    """The making of FACs by a thread: 100,000 facturas take longer than a person waits for a page."""

    def __init__(self, casa: Casa, empresa: Empresa, operador: str) -> None:
        self._casa, self._empresa, self._operador = casa, empresa, operador
        self._ended: Corrida | Exception | None = None
        self._is_awaited, self._lock = True, Lock()

    def run(self, work: Callable[[], Corrida]) -> Corrida | Exception | None:
        """Give what it came to, or why it did not; None where it goes on, and then a failure is an alerta."""
        thread = Thread(target=self._work, args=(work,))  # no daemon: a process that ends waits for it
        thread.start()
        thread.join(ESPERA_S)
        with self._lock:
            self._is_awaited = False
            return self._ended

    def _work(self, work: Callable[[], Corrida]) -> None:
        ended: Corrida | Exception
        try:
            ended = work()
        except Exception as error:
            if not isinstance(error, Rechazada | EnMarcha):
                log.exception("a FAC could not be made")
            ended = error
        try:  # what cannot be noted does not unmake a FAC
            if isinstance(ended, Corrida):
                _note(self._casa, Accion.FAC_GENERADO, ended.exportaciones, self._operador)
            with self._lock:
                self._ended = ended
                if isinstance(ended, Exception) and not self._is_awaited:
                    self._casa.facs.tell_failed(self._empresa)
        except Exception:
            log.exception("what became of a FAC could not be noted: %s", self._empresa.codigo_empresa)
            self._ended = ended


def _going(casa: Casa, exportaciones: Sequence[Exportacion]) -> bool:
    """Tell whether one of them is being made now."""
    since = casa.clock.now() - CORTADA
    return any(each.estado is EstadoExportacion.EN_CURSO and each.generada_utc > since for each in exportaciones)


def _asked(casa: Casa) -> tuple[Empresa | None, date | None, bool]:
    """Read what to make: whose, of which day, and whether only what is new."""
    one = pedido.empresa(casa)
    if one is None and len(casa.empresas) == 1:
        [one] = casa.empresas.values()
    return one, pedido.day("dia"), request.values.get("novedades") == "1"


def _look(casa: Casa, empresa: Empresa, dia: date | None, *, novedades: bool) -> Mirada:
    try:
        return casa.facs.export(empresa, dia=dia, novedades=novedades, dry_run=True)
    except Rechazada as refused:
        return refused


def _page(
    empresa: Empresa | None, dia: date | None, *, novedades: bool, mirada: Mirada | None = None, error: str = ""
) -> str:
    refused = isinstance(mirada, Rechazada)
    return render_template(
        "consola/exportacion_generar.html",
        empresa=empresa,
        dia=dia,
        novedades=novedades,
        que_lleva=QUE_LLEVA,
        corrida=None if refused else mirada,
        archivos=-(-mirada.cantidad // FACTURAS_MAX) if isinstance(mirada, Corrida) else 0,
        error=_why(mirada) if isinstance(mirada, Rechazada) else error,
        filas=pedido.FILAS,
        bajar=pedido.address("consola.exportaciones_reparos_bajar", formato="csv"),
    )


def _why(refused: Rechazada) -> str:
    """Say why no file is made."""
    day = fecha(refused.dia)
    told: dict[Negativa, Callable[[], str]] = {
        Negativa.DIA_NO_HABIL: lambda: f"Ese día no hay bancos: el siguiente hábil es el {day}.",
        Negativa.DIA_PASADO: lambda: f"Ese día ya no se puede presentar: lo que se genera ahora es del {day}.",
        Negativa.DEMASIADAS: lambda: (
            f"No entra todo: PagoMisCuentas toma hasta {ARCHIVOS_MAX} archivos por día, de {numero(FACTURAS_MAX)}"
            f" facturas cada uno, y del {day} ya no quedan. No se generó nada. Probá con solo lo nuevo, o con otro día."
        ),
        Negativa.YA_ESTABA: lambda: "En la carpeta apareció un archivo con el mismo nombre, y no se pisó. Repetilo.",
    }
    return told[refused.negativa]()


def _told(done: Corrida) -> str:
    if not done.exportaciones:
        return "No hay nada que se pueda pagar y que no se haya dicho ya: no se generó ningún archivo."
    what = "un archivo" if len(done.exportaciones) == 1 else f"{len(done.exportaciones)} archivos"
    facturas = "una factura" if done.cantidad == 1 else f"{numero(done.cantidad)} facturas"
    said = f"Listo, {what} con {facturas} por {pesos(done.total_centavos)}, para el {fecha(done.dia)}."
    if done.cortadas:
        said += " Antes se había empezado otro que no se terminó: no lo mandes; este lo incluye."
    return f"{said} Bajalo y subilo a PagoMisCuentas."


def _note(casa: Casa, accion: Accion, exportaciones: list[Exportacion], operador: str) -> None:
    """Write down who did it, a file each."""
    for each in exportaciones:
        said: dict[str, object] = {"archivo": each.nombre}
        if accion is Accion.FAC_GENERADO:
            said |= {"facturas": each.cantidad, "importe": pesos(each.total_centavos), "novedades": each.novedades}
        casa.note(
            Acta(
                fecha_hora_utc=casa.clock.now(),
                operador=operador,
                accion=accion,
                codigo_empresa=each.codigo_empresa,
                motivo="",
                antes={"estado": EstadoExportacion.GENERADA.value} if accion is Accion.FAC_RECHAZADO else {},
                despues=said | {"estado": each.estado.value} if accion is not Accion.EXPORTACION else said,
            )
        )
