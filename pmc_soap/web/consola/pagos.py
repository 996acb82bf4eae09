"""The pagos: some days of them, where each stands, and what they come to."""

from flask import Blueprint, Response, render_template

from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.listado import FiltroDePagos
from pmc_soap.web.consola import pedido
from pmc_soap.web.consola.acceso import requires
from pmc_soap.web.consola.bajada import send
from pmc_soap.web.consola.casa import Casa

DIAS = 6  # before today


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the pages."""

    @pages.get("/pagos")
    @requires(Permiso.VER)
    def pagos() -> str:
        filtro = read(casa)
        found = casa.listado.pagos(filtro, pedido.FILAS + 1)
        shown = found[: pedido.FILAS]
        more = len(found) > pedido.FILAS
        return render_template(
            "consola/pagos.html",
            pagos=[pago for _, pago in shown],
            sumas=casa.listado.sumas(filtro),
            filtro=filtro,
            estados=list(EstadoPago),
            first=pedido.address("consola.pagos", antes=None) if filtro.before else "",
            siguiente=pedido.address("consola.pagos", antes=shown[-1][0]) if more else "",
            bajar={each: pedido.address("consola.pagos_bajar", formato=each, antes=None) for each in ("xlsx", "csv")},
        )

    @pages.get("/pagos/bajar")
    @requires(Permiso.EXPORTAR)
    def pagos_bajar() -> Response:
        filtro = read(casa)
        one = filtro.codigos[0] if len(filtro.codigos) == 1 else ""
        nombre = "-".join(filter(None, ("pagos", one, f"{filtro.desde}", "a", f"{filtro.hasta}")))
        return send(casa, nombre, lambda formato: casa.bajadas.pagos(filtro, formato), one)


def read(casa: Casa) -> FiltroDePagos:
    """Read which pagos the address asks for."""
    desde, hasta = pedido.days(casa, DIAS)
    before = pedido.text("antes")
    return FiltroDePagos(
        codigos=pedido.codigos(casa),
        desde=desde,
        hasta=hasta,
        estado=pedido.word("estado", EstadoPago),
        id_cliente=pedido.text("cliente"),
        id_factura=pedido.text("factura"),
        before=int(before) if before and before.isdecimal() else None,
    )
