"""The base: facturas in any state, one with all that was paid on it, and what a person adds or withdraws by hand."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pmc_soap.domain import identificador, importe
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.factura import (
    VENCIMIENTOS_MAX,
    ClaveFactura,
    EstadoFactura,
    Factura,
    MotivoBaja,
    TipoImporte,
    Vencimiento,
)
from pmc_soap.domain.resultado import Rejected, Resultado
from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.factura import Registro
from pmc_soap.operations.listado import FiltroDeFacturas
from pmc_soap.web import entrada
from pmc_soap.web.consola import pedido
from pmc_soap.web.consola.acceso import requires, usuario
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.mensajes import go

MOTIVO_MAX = 500
BAJAS = {
    MotivoBaja.PAGADA_OTRO_CANAL: "Se pagó por otro canal",
    MotivoBaja.ANULADA: "Se anuló",
    MotivoBaja.VENCIDA: "Venció",
    MotivoBaja.OTRO: "Otro motivo",
}
_RECHAZOS = {
    Resultado.EMPRESA_INEXISTENTE: "La empresa no está activa.",
    Resultado.FACTURA_INEXISTENTE: "No hay ninguna factura con ese cliente y ese id.",
    Resultado.VENCIMIENTOS_INVALIDOS: "Los vencimientos no valen: de 1 a 3, sin que bajen fechas ni importes.",
}
_FINALES = {
    Resultado.FACTURA_EXISTENTE: "Esa factura ya existe con otros datos: no se cambió nada.",
    Resultado.FACTURA_PAGADA: "Esa factura ya está pagada: no se cambió nada.",
}


class Mal(Exception):
    """What was typed is no factura; the text says why."""


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the pages."""

    @pages.get("/facturas")
    @requires(Permiso.VER)
    def facturas() -> str:
        return _list(casa)

    @pages.get("/facturas/alta")
    @requires(Permiso.CARGAR)
    def facturas_alta() -> str:
        return render_template("consola/factura_alta.html", error="", said=request.args, n_max=VENCIMIENTOS_MAX)

    @pages.post("/facturas/alta")
    @requires(Permiso.CARGAR)
    def facturas_alta_ya() -> ResponseReturnValue:
        try:
            return _register(casa)
        except Mal as mal:
            page = render_template(
                "consola/factura_alta.html", error=str(mal), said=request.form, n_max=VENCIMIENTOS_MAX
            )
            return page, 422

    @pages.get("/facturas/una")
    @requires(Permiso.VER)
    def facturas_una() -> str:
        return _one(casa, _asked(casa))

    @pages.post("/facturas/una")
    @requires(Permiso.CARGAR)
    def facturas_baja() -> Response:
        return _withdraw(casa, _asked(casa))


def _asked(casa: Casa) -> ClaveFactura:
    """Read which factura the address names; the ids of an empresa may hold anything, so they are no path."""
    one, id_cliente, id_factura = pedido.empresa(casa), pedido.text("cliente"), pedido.text("factura")
    if one is None or id_cliente is None or id_factura is None:
        abort(404)
    return ClaveFactura(codigo_empresa=one.codigo_empresa, id_cliente=id_cliente, id_factura=id_factura)


def _list(casa: Casa) -> str:
    before = pedido.text("antes")
    filtro = FiltroDeFacturas(
        codigos=pedido.codigos(casa),
        id_cliente=pedido.text("cliente"),
        id_factura=pedido.text("factura"),
        codigo_barras=pedido.text("barras"),
        estado=pedido.word("estado", EstadoFactura),
        vence_desde=pedido.day("desde"),
        vence_hasta=pedido.day("hasta"),
        before=int(before) if before and before.isdecimal() else None,
    )
    found = casa.listado.facturas(filtro, pedido.FILAS + 1)
    shown = found[: pedido.FILAS]
    return render_template(
        "consola/facturas.html",
        facturas=[factura for _, factura in shown],
        filtro=filtro,
        today=local_day(casa.clock.now()),
        first=pedido.address("consola.facturas", antes=None) if filtro.before else "",
        siguiente=pedido.address("consola.facturas", antes=shown[-1][0]) if len(found) > pedido.FILAS else "",
    )


def _one(casa: Casa, clave: ClaveFactura) -> str:
    try:
        ficha = casa.facturas_a_mano.show(clave)
    except Rejected:
        abort(404)
    day = local_day(casa.clock.now())
    return render_template(
        "consola/factura.html", ficha=ficha, factura=ficha.factura, exigible=ficha.factura.due_on(day), bajas=BAJAS
    )


def _register(casa: Casa) -> Response:
    motivo, one = pedido.text("motivo", MOTIVO_MAX), pedido.empresa(casa) or next(iter(casa.empresas.values()))
    if motivo is None:
        raise Mal("Decí por qué se da de alta a mano: queda escrito.")
    factura = _read(one.codigo_vigente)
    try:
        registro = casa.facturas_a_mano.register(factura, operador=usuario().usuario, motivo=motivo)
    except Rejected as rejected:
        raise Mal(_why(rejected)) from rejected
    return _end(registro, replace(factura.clave, codigo_empresa=one.codigo_empresa), "Listo: ya se puede pagar.")


def _withdraw(casa: Casa, clave: ClaveFactura) -> Response:
    motivo, baja = pedido.text("motivo", MOTIVO_MAX), pedido.word("baja", MotivoBaja)
    if motivo is None or baja is None:
        return go(_address(clave), "No se hizo: decí por qué se da de baja, queda escrito.", "mal")
    own = replace(clave, codigo_empresa=casa.empresas[clave.codigo_empresa].codigo_vigente)
    try:
        registro = casa.facturas_a_mano.withdraw(own, baja, operador=usuario().usuario, motivo=motivo)
    except Rejected as rejected:
        return go(_address(clave), _why(rejected), "mal")
    return _end(registro, clave, "Listo: ya no se puede pagar.")


def _end(registro: Registro, clave: ClaveFactura, done: str) -> Response:
    refused = _FINALES.get(registro.ending.resultado)
    told = refused or ("Ya estaba así: no se cambió nada." if registro.ending.duplicado else done)
    return go(_address(clave), told, "mal" if refused else "bien")


def _read(codigo_vigente: str) -> Factura:
    """Read the form of a factura; raises Mal."""
    try:
        clave = ClaveFactura(
            codigo_empresa=codigo_vigente,
            id_cliente=identificador.validate(pedido.text("cliente") or "", identificador.ID_CLIENTE_MAX),
            id_factura=identificador.validate(pedido.text("factura") or "", identificador.ID_FACTURA_MAX),
        )
    except identificador.IdentificadorInvalido as invalid:
        raise Mal(
            "Un id no vale: hasta 19 caracteres el del cliente y 20 el de la factura, sin espacios a los costados."
        ) from invalid
    tipo = pedido.word("tipo", TipoImporte) or TipoImporte.CERRADO
    es_rango = tipo is TipoImporte.RANGO
    return Factura(
        clave=clave,
        vencimientos=tuple(_vencimientos()),
        mensaje_pantalla=pedido.text("pantalla") or "",
        mensaje_ticket=pedido.text("ticket") or "",
        codigo_barras=pedido.text("barras"),
        nombre_cliente=pedido.text("nombre"),
        tipo_importe=tipo,
        importe_minimo_centavos=_pesos("minimo") if es_rango else None,
        importe_maximo_centavos=_pesos("maximo") if es_rango else None,
    )


def _vencimientos() -> list[Vencimiento]:
    found = []
    for n in range(1, VENCIMIENTOS_MAX + 1):
        said, fecha = pedido.text(f"importe_{n}"), pedido.text(f"vence_{n}")
        if said is None and fecha is None:
            continue
        try:
            dia = date.fromisoformat(fecha or "")
        except ValueError:
            raise Mal(f"El vencimiento {n} lleva una fecha.") from None
        found.append(Vencimiento(fecha=dia, importe_centavos=_pesos(f"importe_{n}") or 0))
    if not found:
        raise Mal("Falta el primer vencimiento.")
    return found


def _pesos(name: str) -> int | None:
    said = pedido.text(name)
    try:
        return None if said is None else entrada.pesos(said)
    except importe.ImporteInvalido:
        raise Mal(f"«{said}» no es un importe: se escribe 1500,50.") from None


def _address(clave: ClaveFactura) -> str:
    return url_for(
        "consola.facturas_una", empresa=clave.codigo_empresa, cliente=clave.id_cliente, factura=clave.id_factura
    )


def _why(rejected: Rejected) -> str:
    known = _RECHAZOS.get(rejected.ending.resultado)
    return known or f"El dato «{rejected.ending.campo}» no vale: revisá su largo y sus caracteres."
