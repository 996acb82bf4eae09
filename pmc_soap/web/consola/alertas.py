"""What was left for a person to look at: in words, where it is dealt with, and that it was."""

from flask import Blueprint, Response, render_template, request, url_for

from pmc_soap.domain.acta import Accion, Acta
from pmc_soap.domain.alerta import explain
from pmc_soap.domain.usuario import Permiso
from pmc_soap.web.consola import pedido
from pmc_soap.web.consola.acceso import requires, usuario
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.mensajes import go

MOTIVO_MAX = 500


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the page."""

    @pages.get("/alertas")
    @requires(Permiso.VER)
    def alertas() -> str:
        todas, before = request.args.get("todas") == "1", pedido.text("antes")
        found = casa.alertas.list(
            pedido.codigos(casa),
            pedido.FILAS + 1,
            todas=todas,
            motivo=pedido.text("motivo"),
            before_id=int(before) if before and before.isdecimal() else None,
        )
        shown = found[: pedido.FILAS]
        return render_template(
            "consola/alertas.html",
            alertas=[(each, *explain(each.motivo), each.motivo.partition(":")[2]) for each in shown],
            todas=todas,
            first=pedido.address("consola.alertas", antes=None) if before else "",
            siguiente=pedido.address("consola.alertas", antes=shown[-1].id) if len(found) > pedido.FILAS else "",
        )

    @pages.post("/alertas")
    @requires(Permiso.OPERAR)
    def alertas_atender() -> Response:
        ids = [int(said) for said in request.form.getlist("id") if said.isdecimal()][: pedido.FILAS]
        motivo, back = pedido.text("motivo", MOTIVO_MAX), url_for("consola.alertas")
        if not ids or motivo is None:
            return go(back, "No se hizo: elegí al menos una, y decí qué se hizo.", "mal")
        acta = Acta(
            fecha_hora_utc=casa.clock.now(),
            operador=usuario().usuario,
            accion=Accion.ALERTA_ATENDIDA,
            codigo_empresa="",
            motivo=motivo,
            antes={},
            despues={"alertas": ids},
        )
        count = casa.alertas.attend(ids, acta)
        return go(back, f"Listo: {count} atendida{'' if count == 1 else 's'}.")
