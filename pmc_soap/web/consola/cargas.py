"""The files that become the base: those that did, and how a person sends one: look first, then load."""

from collections.abc import Mapping
from typing import Any, BinaryIO

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pmc_soap.domain.acta import Accion, Acta
from pmc_soap.domain.carga import Modo
from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.subidas import BYTES_MAX, Clase, EstadoSubida, Etapa, NoSePuede, Subida
from pmc_soap.web.consola import pedido
from pmc_soap.web.consola.acceso import requires, usuario
from pmc_soap.web.consola.bajada import attachment
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.mensajes import go

CSV = "text/csv; charset=utf-8"
_BODY_MORE = 1024 * 1024  # of a form, besides its file


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the pages."""

    @pages.get("/cargas")
    @requires(Permiso.VER)
    def cargas() -> str:
        one = pedido.empresa(casa)
        found = casa.libro_cargas.cargas(one.codigo_empresa if one else None, pedido.FILAS)
        return render_template(
            "consola/cargas.html", cargas=found, subidas=casa.subidas.list(Clase.FACTURAS), etapa=Etapa
        )

    @pages.get("/cargas/<int:id_carga>")
    @requires(Permiso.VER)
    def cargas_una(id_carga: int) -> str:
        found = casa.libro_cargas.carga(id_carga)
        return render_template("consola/carga.html", carga=found or abort(404))

    @pages.get("/cargas/subir")
    @requires(Permiso.CARGAR)
    def cargas_subir() -> str:
        return render_template("consola/cargas_subir.html", error="", bytes_max=BYTES_MAX)

    @requires(Permiso.CARGAR)
    def cargas_subir_ya() -> ResponseReturnValue:
        one = pedido.empresa(casa)
        try:
            subida = take(casa, Clase.FACTURAS, one.codigo_vigente if one else None)
        except NoSePuede as why:
            return render_template("consola/cargas_subir.html", error=str(why), bytes_max=BYTES_MAX), 422
        return go(url_for("consola.cargas_subida", id_=subida.id), f"Recibimos «{subida.nombre}».")

    cargas_subir_ya.body_max = BYTES_MAX + _BODY_MORE  # type: ignore[attr-defined] # web/app.py reads it
    pages.add_url_rule("/cargas/subir", view_func=cargas_subir_ya, methods=["POST"])

    @pages.get("/cargas/subidas/<id_>")
    @requires(Permiso.VER)
    def cargas_subida(id_: str) -> str:
        subida, estado = _found(casa, id_)
        only = request.headers.get("HX-Request") is not None
        template = "consola/_subida.html" if only else "consola/subida.html"
        return render_template(template, subida=subida, estado=estado, **progress(estado))

    @pages.post("/cargas/subidas/<id_>")
    @requires(Permiso.CARGAR)
    def cargas_confirmar(id_: str) -> Response:
        subida, _ = _found(casa, id_)
        return act(casa, subida, url_for("consola.cargas_subida", id_=id_), url_for("consola.cargas"))

    @pages.get("/cargas/subidas/<id_>/problemas")
    @requires(Permiso.CARGAR)
    def cargas_problemas(id_: str) -> Response:
        return _send(casa.subidas.problemas(id_), f"problemas-{_found(casa, id_)[0].nombre}.csv")

    @pages.get("/cargas/subidas/<id_>/corregir")
    @requires(Permiso.CARGAR)
    def cargas_corregir(id_: str) -> Response:
        found = casa.subidas.a_corregir(id_)
        return _send(found[1], found[0]) if found else abort(404)


def take(casa: Casa, clase: Clase, codigo_empresa: str | None) -> Subida:
    """Take the file of the form; raises NoSePuede."""
    sent = request.files.get("archivo")
    if sent is None or not sent.filename:
        raise NoSePuede("Elegí un archivo.")
    subida = Subida(
        id="",
        clase=clase,
        nombre=sent.filename,
        bytes=0,
        operador=usuario().usuario,
        subida_utc=casa.clock.now(),
        codigo_empresa=codigo_empresa,
        modo=pedido.word("modo", Modo) or Modo.NOVEDADES,
        reemplaza=request.form.get("reemplaza") == "1",
    )
    file: BinaryIO = sent.stream  # type: ignore[assignment] # werkzeug's
    return casa.subidas.add(subida, file)


def act(casa: Casa, subida: Subida, here: str, after: str) -> Response:
    """Do what the form asks of a file: load it, or forget it."""
    found = casa.subidas.get(subida.id)
    informe = (found and found[1].informe) or {}
    try:
        if request.form.get("accion") == "descartar":
            casa.subidas.discard(subida.id)
            return go(after, f"Listo: «{subida.nombre}» se descartó. No cambió nada.")
        asked = {name: request.form.get(name) == "1" for name in ("parcial", "may_retire")}
        before = _last(casa, subida, informe)
        casa.subidas.load(subida.id, **asked)
    except NoSePuede as why:
        return go(here, str(why), "mal")
    casa.note(
        Acta(
            fecha_hora_utc=casa.clock.now(),
            operador=usuario().usuario,
            accion=Accion.SUBIDA,
            codigo_empresa=subida.codigo_empresa or informe.get("codigo_empresa") or "",
            motivo="",
            antes=before,
            despues={"archivo": subida.nombre, "modo": subida.modo, **asked, **_seen(informe)},
        )
    )
    return go(here, "Empezó la carga." if subida.clase is Clase.FACTURAS else "Empezó la conciliación.")


def _last(casa: Casa, subida: Subida, informe: Mapping[str, Any]) -> dict[str, object]:
    """Tell what stood there before: the file that was loaded last, or that of the day of a COB."""
    if subida.clase is Clase.COB:
        return {"archivo": informe.get("previo")}
    codigo = subida.codigo_empresa or informe.get("codigo_empresa")
    own = next((own for own, empresa in casa.empresas.items() if codigo in {own, empresa.codigo_vigente}), None)
    cargas = casa.libro_cargas.cargas(own, 1) if own else ()
    return {"archivo": cargas[0].nombre if cargas else None}


def _seen(informe: Mapping[str, Any]) -> dict[str, object]:
    """Tell what the look at a file said that it would change; what it did change is in the book of cargas."""
    loaded, retiro = informe.get("loaded") or {}, informe.get("retiro") or {}
    told = {name: loaded[name] for name in ("nuevas", "cambiadas") if name in loaded}
    return told | ({"de_baja": retiro["retiradas"]} if retiro else {})


def progress(estado: EstadoSubida) -> dict[str, object]:
    """Give how fast it goes, in rows a second, and the seconds that are left; None while it cannot be told."""
    is_going = estado.etapa in {Etapa.REVISANDO, Etapa.CARGANDO}
    per_second = int(estado.filas / estado.segundos) if estado.segundos else 0
    left = (estado.total - estado.filas) // per_second if per_second else None
    return {"sigue": is_going, "por_segundo": per_second, "faltan_s": left if is_going else None}


def _found(casa: Casa, id_: str) -> tuple[Subida, EstadoSubida]:
    found = casa.subidas.get(id_)
    return found or abort(404)


def _send(file: BinaryIO | None, name: str) -> Response:
    return attachment(file, name, CSV if name.endswith(".csv") else "application/octet-stream") if file else abort(404)
