"""What the empresas are owed: each aviso at each destino, why one waits, and what an operator does about it."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pmc_soap.domain.acta import Impedido
from pmc_soap.domain.empresa import PULL
from pmc_soap.domain.entrega import EstadoEntrega
from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.operador import Filtro, Reenvio
from pmc_soap.web.consola import pedido
from pmc_soap.web.consola.acceso import requires, usuario
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.consola.impedimentos import IMPEDIMENTOS
from pmc_soap.web.consola.por_que import why
from pmc_soap.web.mensajes import go

MOTIVO_MAX = 500


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the pages."""

    @pages.get("/avisos")
    @requires(Permiso.VER)
    def avisos() -> str:
        return _list(casa)

    @pages.get("/avisos/<id_aviso>")
    @requires(Permiso.VER)
    def avisos_uno(id_aviso: str) -> str:
        try:
            legajo = casa.operador.show(id_aviso)
        except Impedido:
            abort(404)
        delante = casa.operador.delante([entrega for entrega, _ in legajo.entregas])
        now = casa.clock.now()
        return render_template(
            "consola/aviso.html",
            legajo=legajo,
            aviso=legajo.guardado.aviso,
            entregas=[(entrega, intentos, why(entrega, delante, now)) for entrega, intentos in legajo.entregas],
        )

    @pages.post("/avisos/<id_aviso>")
    @requires(Permiso.OPERAR)
    def avisos_hacer(id_aviso: str) -> ResponseReturnValue:
        return _act(casa, id_aviso)

    @pages.get("/avisos/recuperar")
    @requires(Permiso.OPERAR)
    def avisos_recuperar() -> str:
        return render_template("consola/recuperar.html", error="", now=casa.clock.now())

    @pages.post("/avisos/recuperar")
    @requires(Permiso.OPERAR)
    def avisos_recuperar_ya() -> ResponseReturnValue:
        return _recover(casa)


def _list(casa: Casa) -> str:
    one, after = pedido.empresa(casa), pedido.text("despues")
    filtro = Filtro(
        codigo_empresa=one.codigo_empresa if one else None,
        destino=pedido.text("destino"),
        estado=pedido.word("estado", EstadoEntrega),
        since_utc=pedido.instant("desde"),
        id_cliente=pedido.text("cliente"),
        after=int(after) if after and after.isdecimal() else None,
        limit=pedido.FILAS + 1,
    )
    found = casa.operador.list(filtro)
    shown = found[: pedido.FILAS]
    delante = casa.operador.delante([entrega for entrega, _ in shown])
    now = casa.clock.now()
    return render_template(
        "consola/avisos.html",
        entregas=[(entrega, guardado, why(entrega, delante, now)) for entrega, guardado in shown],
        filtro=filtro,
        estados=list(EstadoEntrega),
        first=pedido.address("consola.avisos", despues=None) if filtro.after else "",
        siguiente=pedido.address("consola.avisos", despues=shown[-1][0].id) if len(found) > pedido.FILAS else "",
    )


def _act(casa: Casa, id_aviso: str) -> ResponseReturnValue:
    accion, destino = request.form.get("accion"), pedido.text("destino")
    motivo, back = pedido.text("motivo", MOTIVO_MAX) or "", url_for("consola.avisos_uno", id_aviso=id_aviso)
    who = usuario().usuario
    try:
        match accion:
            case "reenviar":
                done = casa.operador.resend(id_aviso, destino, operador=who, motivo=motivo)
                return go(back, " ".join(f"{each.destino}: {_told(each)}" for each in done))
            case "detener" if motivo:
                casa.operador.stop(id_aviso, destino, motivo=motivo, operador=who)
                return go(back, "Detenido: los que le siguen de este cliente avanzan. Se puede reenviar después.")
            case "detener":
                return go(back, "No se hizo: decí por qué se detiene, queda escrito.", "mal")
            case _:
                abort(400)
    except Impedido as impedido:
        return go(back, f"No se hizo. {IMPEDIMENTOS[impedido.impedimento]}", "mal")


def _recover(casa: Casa) -> ResponseReturnValue:
    one, since = pedido.empresa(casa), pedido.instant("desde")
    motivo, destino = pedido.text("motivo", MOTIVO_MAX), pedido.text("destino")
    if one is None or since is None or motivo is None:
        error = "Falta algo: la empresa, desde cuándo, y por qué."
        return render_template("consola/recuperar.html", error=error, now=casa.clock.now()), 422
    if destino is not None and destino not in one.destinos:
        error = f"{one.nombre} no tiene un destino «{destino}». Tiene: {', '.join(one.destinos) or 'ninguno'}."
        return render_template("consola/recuperar.html", error=error, now=casa.clock.now()), 422
    done = casa.operador.recover(one.codigo_empresa, since, destino, operador=usuario().usuario, motivo=motivo)
    told = f"Listo: {done.entregas} avisos de {done.clientes} clientes se vuelven a entregar, en orden."
    if done.en_camino:
        told += f" Otros {done.en_camino} se estaban entregando y no se tocaron."
    if done.apartadas:
        told += f" {done.apartadas} siguen apartados, como los dejó un operador."
    return go(url_for("consola.avisos", empresa=one.codigo_empresa), told, "bien" if done.entregas else "ojo")


def _told(done: Reenvio) -> str:
    if done.destino == PULL:
        return "la empresa lo recibe la próxima vez que pida sus avisos."
    if done.despues is EstadoEntrega.TOMADA:
        return "se está entregando en este momento; no se tocó."
    if done.detras_de is None:
        return "se entrega enseguida."
    if done.frenada:
        return f"espera: antes va el aviso {done.detras_de}, que está detenido."
    return f"es el próximo: espera a que termine el aviso {done.detras_de}, del mismo cliente."
