"""The days of the COBs: what matched, what did not, what finance does about a line, and the close of a day."""

from collections.abc import Callable
from datetime import date, timedelta
from time import monotonic

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pmc_soap.domain.acta import Impedido
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.cierre import DiaConciliado, Resolucion
from pmc_soap.operations.subidas import COB_BYTES_MAX, Clase, NoSePuede
from pmc_soap.web.consola import pedido
from pmc_soap.web.consola.acceso import requires, usuario
from pmc_soap.web.consola.bajada import send
from pmc_soap.web.consola.cargas import act, progress, take
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.consola.impedimentos import IMPEDIMENTOS
from pmc_soap.web.mensajes import go

DIAS = 13  # before today
SWEEP_S = 30
Sweep = Callable[[Empresa], None]
MOTIVO_MAX = 500
_BODY_MORE = 1024 * 1024
QUE_HACER = {
    "SOLO_EN_COB": "Nada: el pago se tomó del COB. Si llega el aviso, no suma.",
    "DIF_FECHA": "Nada, salvo que se repita: entonces preguntale a PagoMisCuentas.",
    "DIF_IMPORTE": "Aclaralo con PagoMisCuentas, corregí la imputación en tu sistema y descartá la línea.",
    "REVERSADO_PERO_EN_COB": "Preguntale a PagoMisCuentas: si el pago vale, tomalo como pago; si no, descartalo.",
    "DUPLICADO_EN_COB": "Preguntale a PagoMisCuentas: si son dos pagos, tomalo como pago; si no, descartalo.",
    "LINEA_INVALIDA": "Pasale la línea a PagoMisCuentas, imputá el pago a mano en tu sistema y descartala.",
}
NEGATIVAS = {
    "ARCHIVO_CON_FALLAS": "El archivo tiene fallas que lo abarcan entero.",
    "EMPRESA_INEXISTENTE": "La empresa del archivo no está en la configuración.",
    "OTRO_ARCHIVO_DEL_DIA": "Ese día ya se concilió con otro archivo. Si este lo corrige, marcalo al subirlo.",
    "DIA_CERRADO": "Ese día está cerrado: abrilo antes.",
    "ARCHIVO_CAMBIO": "El archivo cambió mientras se leía: subilo otra vez.",
}


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the pages."""
    sweep = _sweeper(casa)

    @pages.get("/conciliacion")
    @requires(Permiso.VER)
    def conciliacion() -> str:
        desde, hasta = pedido.days(casa, DIAS)
        dias = _days(casa, sweep, desde, hasta, whole=False)
        return render_template(
            "consola/conciliacion.html",
            dias=list(reversed(dias)),
            faltan=_missing(casa, dias, desde, hasta),
            desde=desde,
            hasta=hasta,
            subidas=casa.subidas.list(Clase.COB),
            bajar={each: pedido.address("consola.conciliacion_bajar", formato=each) for each in ("xlsx", "csv")},
        )

    @pages.get("/conciliacion/bajar")
    @requires(Permiso.EXPORTAR)
    def conciliacion_bajar() -> Response:
        desde, hasta = pedido.days(casa, DIAS)
        dias = _days(casa, sweep, desde, hasta)
        return send(casa, f"conciliacion-{desde}-a-{hasta}", lambda formato: casa.bajadas.conciliacion(dias, formato))

    @pages.get("/conciliacion/subir")
    @requires(Permiso.CONCILIAR)
    def conciliacion_subir() -> str:
        return render_template("consola/conciliacion_subir.html", error="")

    @requires(Permiso.CONCILIAR)
    def conciliacion_subir_ya() -> ResponseReturnValue:
        try:
            subida = take(casa, Clase.COB, None)
        except NoSePuede as why:
            return render_template("consola/conciliacion_subir.html", error=str(why)), 422
        return go(url_for("consola.conciliacion_subida", id_=subida.id), f"Recibimos «{subida.nombre}».")

    conciliacion_subir_ya.body_max = COB_BYTES_MAX + _BODY_MORE  # type: ignore[attr-defined] # web/app.py reads it
    pages.add_url_rule("/conciliacion/subir", view_func=conciliacion_subir_ya, methods=["POST"])

    @pages.get("/conciliacion/subidas/<id_>")
    @requires(Permiso.VER)
    def conciliacion_subida(id_: str) -> str:
        subida, estado = casa.subidas.get(id_) or abort(404)
        only = request.headers.get("HX-Request") is not None
        template = "consola/_subida_cob.html" if only else "consola/subida_cob.html"
        return render_template(template, subida=subida, estado=estado, negativas=NEGATIVAS, **progress(estado))

    @pages.post("/conciliacion/subidas/<id_>")
    @requires(Permiso.CONCILIAR)
    def conciliacion_confirmar(id_: str) -> Response:
        subida, _ = casa.subidas.get(id_) or abort(404)
        return act(casa, subida, url_for("consola.conciliacion_subida", id_=id_), url_for("consola.conciliacion"))

    _add_days(pages, casa, sweep)


def _add_days(pages: Blueprint, casa: Casa, sweep: Sweep) -> None:
    @pages.get("/conciliacion/<codigo>/<dia>")
    @requires(Permiso.VER)
    def conciliacion_dia(codigo: str, dia: str) -> str:
        empresa, fecha = _of(casa, codigo, dia)
        sweep(empresa)
        found = casa.cierres.day(empresa, fecha)
        return render_template(
            "consola/conciliacion_dia.html", dia=found, empresa=empresa, que_hacer=QUE_HACER, filas=pedido.FILAS
        )

    @pages.post("/conciliacion/<codigo>/<dia>")
    @requires(Permiso.CONCILIAR)
    def conciliacion_cerrar(codigo: str, dia: str) -> Response:
        empresa, fecha = _of(casa, codigo, dia)
        motivo, who = pedido.text("motivo", MOTIVO_MAX), usuario().usuario
        here = url_for("consola.conciliacion_dia", codigo=codigo, dia=dia)
        if motivo is None:
            return go(here, "No se hizo: decí por qué, queda escrito.", "mal")
        try:
            if request.form.get("accion") == "abrir":
                casa.cierres.reopen(empresa, fecha, operador=who, motivo=motivo)
                return go(here, "Listo: el día está abierto otra vez.")
            casa.conciliaciones.sweep(empresa)
            casa.cierres.close(empresa, fecha, operador=who, motivo=motivo)
        except Impedido as impedido:
            return go(here, f"No se hizo. {IMPEDIMENTOS[impedido.impedimento]}", "mal")
        return go(here, "Listo: el día quedó cerrado. Ninguna corrida posterior lo cambia.")

    @pages.post("/conciliacion/<codigo>/<dia>/lineas/<int:id_linea>")
    @requires(Permiso.CONCILIAR)
    def conciliacion_resolver(codigo: str, dia: str, id_linea: int) -> Response:
        here = url_for("consola.conciliacion_dia", codigo=codigo, dia=dia)
        como, motivo = pedido.word("como", Resolucion), pedido.text("motivo", MOTIVO_MAX)
        if como is None or motivo is None:
            return go(here, "No se hizo: decí por qué, queda escrito.", "mal")
        try:
            linea = casa.cierres.resolve(id_linea, como, operador=usuario().usuario, motivo=motivo)
        except Impedido as impedido:
            return go(here, f"No se hizo. {IMPEDIMENTOS[impedido.impedimento]}", "mal")
        if como is Resolucion.DESCARTADA:
            return go(here, f"Listo: la línea {linea.linea} ya no espera a nadie.")
        where = "y espera en el puente" if linea.estado_pago == "EN_PUENTE" else "y se imputó"
        return go(here, f"Listo: la línea {linea.linea} es un pago, {where}.")


def _days(casa: Casa, sweep: Sweep, desde: date, hasta: date, *, whole: bool = True) -> list[DiaConciliado]:
    one = pedido.empresa(casa)
    dias: list[DiaConciliado] = []
    for empresa in [one] if one else casa.empresas.values():
        sweep(empresa)
        look = casa.cierres.report if whole else casa.cierres.summary
        dias += look(empresa, desde, hasta)
    return sorted(dias, key=lambda dia: (dia.fecha, dia.codigo_empresa))


def _sweeper(casa: Casa) -> Sweep:
    """Give what sees what moved since the last run, at most once in SWEEP_S: many may look at a page."""
    swept: dict[str, float] = {}

    def sweep(empresa: Empresa) -> None:
        now = monotonic()
        if now - swept.get(empresa.codigo_empresa, -SWEEP_S) >= SWEEP_S:
            swept[empresa.codigo_empresa] = now
            casa.conciliaciones.sweep(empresa)

    return sweep


def _missing(casa: Casa, dias: list[DiaConciliado], desde: date, hasta: date) -> list[tuple[date, str]]:
    """Name the business days, since the first file, for which an empresa that has files has none."""
    having: dict[str, set[date]] = {}
    for dia in dias:
        if dia.cobs:
            having.setdefault(dia.codigo_empresa, set()).add(dia.fecha)
    yesterday = local_day(casa.clock.now()) - timedelta(days=1)
    found = []
    for codigo, there in having.items():
        day = min(there)
        while day <= min(hasta, yesterday):
            if day >= desde and day not in there and casa.is_habil(day):
                found.append((day, codigo))
            day += timedelta(days=1)
    return sorted(found, reverse=True)


def _of(casa: Casa, codigo: str, dia: str) -> tuple[Empresa, date]:
    empresa = casa.empresas.get(codigo)
    try:
        fecha = date.fromisoformat(dia)
    except ValueError:
        fecha = None
    if empresa is None or fecha is None:
        abort(404)
    return empresa, fecha
