"""The puente: pagos that could not be imputed, and what a person decides: to see first, then to do."""

from collections.abc import Iterator

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pmc_soap.domain import importe
from pmc_soap.domain.acta import Impedido, Impedimento
from pmc_soap.domain.aviso import AvisoPago
from pmc_soap.domain.consulta import Busqueda
from pmc_soap.domain.factura import Factura, TipoImporte
from pmc_soap.domain.usuario import Permiso
from pmc_soap.domain.veredicto import explain_pago
from pmc_soap.operations.puente import Imputacion, Prevision, Reparo
from pmc_soap.web.consola import pedido
from pmc_soap.web.consola.acceso import requires, usuario
from pmc_soap.web.consola.bajada import send
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.consola.impedimentos import IMPEDIMENTOS
from pmc_soap.web.mensajes import go

CANDIDATAS = 20
MOTIVO_MAX = 500


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the pages."""

    @pages.get("/puente")
    @requires(Permiso.VER)
    def puente() -> str:
        one = pedido.empresa(casa)
        found = casa.puente.list(one.codigo_empresa if one else None, pedido.FILAS + 1)
        return render_template(
            "consola/puente.html",
            pagos=[
                (guardado, explain_pago(guardado, guardado.aviso).partition(": ")[2])
                for guardado, _ in found[: pedido.FILAS]
                if isinstance(guardado.aviso, AvisoPago)
            ],
            hay_mas=len(found) > pedido.FILAS,
            now=casa.clock.now(),
            bajar={each: pedido.address("consola.puente_bajar", formato=each) for each in ("xlsx", "csv")},
        )

    @pages.get("/puente/bajar")
    @requires(Permiso.EXPORTAR)
    def puente_bajar() -> Response:
        one = pedido.empresa(casa)
        codigo = one.codigo_empresa if one else None
        return send(
            casa,
            f"puente-{codigo}" if codigo else "puente",
            lambda formato: casa.bajadas.puente(codigo, formato),
            codigo or "",
        )

    @pages.get("/puente/<id_aviso>")
    @requires(Permiso.VER)
    def puente_uno(id_aviso: str) -> ResponseReturnValue:
        return _one(casa, id_aviso)

    @pages.post("/puente/<id_aviso>/imputar")
    @requires(Permiso.RESOLVER_PUENTE)
    def puente_imputar(id_aviso: str) -> ResponseReturnValue:
        imputacion, motivo = _imputacion(), pedido.text("motivo", MOTIVO_MAX)
        try:
            foreseen = casa.puente.foresee(id_aviso, imputacion)
            if motivo is None or not request.form.get("confirmo"):
                return _preview(casa, id_aviso, foreseen, imputacion, motivo)
            done = casa.puente.apply(id_aviso, imputacion, motivo=motivo, operador=usuario().usuario)
        except Impedido as impedido:
            return _refused(id_aviso, impedido)
        where = f"a la factura {done.id_factura}" if done.id_factura else "a cuenta"
        told = f"Listo: {importe.format_es(done.importe_centavos)} imputados {where} del cliente {done.id_cliente}."
        return go(url_for("consola.seguir", id=id_aviso), f"{told} La empresa va a recibir el aviso.")

    @pages.post("/puente/<id_aviso>/devolver")
    @requires(Permiso.RESOLVER_PUENTE)
    def puente_devolver(id_aviso: str) -> ResponseReturnValue:
        motivo = pedido.text("motivo", MOTIVO_MAX)
        if motivo is None:
            return _one(casa, id_aviso, error="Decí por qué se devuelve: queda escrito."), 422
        try:
            casa.puente.return_(id_aviso, motivo=motivo, operador=usuario().usuario)
        except Impedido as impedido:
            return _refused(id_aviso, impedido)
        told = "Listo: el pago figura como devuelto. Esto no mueve dinero: la devolución se hace por fuera."
        return go(url_for("consola.seguir", id=id_aviso), told)


def _one(casa: Casa, id_aviso: str, error: str = "") -> str:
    try:
        legajo = casa.operador.show(id_aviso)
    except Impedido:
        abort(404)
    aviso = legajo.guardado.aviso
    if not isinstance(aviso, AvisoPago):
        abort(404)
    id_cliente = pedido.text("cliente") or aviso.id_cliente
    busqueda = Busqueda(codigo_empresa=aviso.codigo_empresa, id_cliente=id_cliente, id_factura=pedido.text("factura"))
    return render_template(
        "consola/puente_uno.html",
        legajo=legajo,
        aviso=aviso,
        por_que=explain_pago(legajo.guardado, aviso).partition(": ")[2],
        id_cliente=id_cliente,
        candidatas=casa.facturas_a_mano.search(busqueda, CANDIDATAS),
        error=error,
    )


def _preview(
    casa: Casa, id_aviso: str, foreseen: Prevision, imputacion: Imputacion, motivo: str | None
) -> ResponseReturnValue:
    asked = request.form.get("confirmo") is not None
    return render_template(
        "consola/puente_prevision.html",
        id_aviso=id_aviso,
        prevision=foreseen,
        imputacion=imputacion,
        reparos=list(odd(foreseen)),
        error="Decí por qué: queda escrito." if asked and motivo is None else "",
        empresa=casa.empresas.get(foreseen.aviso.codigo_empresa),
    )


def _imputacion() -> Imputacion:
    a_cuenta = request.form.get("a_cuenta") == "1"
    return Imputacion(
        id_cliente=pedido.text("id_cliente"),
        id_factura=None if a_cuenta else pedido.text("id_factura"),
        a_cuenta=a_cuenta,
    )


def _refused(id_aviso: str, impedido: Impedido) -> Response:
    gone = impedido.impedimento in {Impedimento.NO_ESTA_EN_PUENTE, Impedimento.AVISO_INEXISTENTE}
    back = url_for("consola.seguir", id=id_aviso) if gone else url_for("consola.puente_uno", id_aviso=id_aviso)
    return go(back, f"No se hizo. {IMPEDIMENTOS[impedido.impedimento]}", "mal")


def odd(foreseen: Prevision) -> Iterator[str]:
    """Say what is odd about where a pago would go."""
    paid = importe.format_es(foreseen.aviso.importe_centavos)
    for reparo in foreseen.reparos:
        match reparo:
            case Reparo.FACTURA_NO_INFORMADA:
                yield f"Esa factura no está en la base. El pago es de {paid}."
            case Reparo.FACTURA_DE_BAJA:
                yield "Esa factura está dada de baja: va a seguir de baja, pero con este pago."
            case Reparo.MONEDA_DISTINTA:
                yield f"El pago no es en pesos: su moneda es {foreseen.aviso.moneda}."
            case Reparo.IMPORTE_DISTINTO:
                yield f"La factura {_due(foreseen.factura, foreseen.exigible_centavos)}, y el pago es de {paid}."


def _due(factura: Factura | None, exigible_centavos: int | None) -> str:
    if factura is not None and factura.tipo_importe is TipoImporte.RANGO:
        least, most = factura.importe_minimo_centavos or 0, factura.importe_maximo_centavos or 0
        return f"admite de {importe.format_es(least)} a {importe.format_es(most)}"
    return f"era de {importe.format_es(exigible_centavos or 0)}"
