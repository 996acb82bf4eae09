"""Which consultas of a month PMC may charge, each with the pago that followed it and why."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, Response, render_template

from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.facturable import Cruce, Mes
from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.facturables import Liquidacion
from pmc_soap.web.consola import pedido
from pmc_soap.web.consola.acceso import requires
from pmc_soap.web.consola.bajada import send
from pmc_soap.web.consola.calculos import Calculos
from pmc_soap.web.consola.casa import Casa


class _Mes(NamedTuple):
    """A month, worked out: what it came to, and each consulta and pago of it with why."""

    liquidaciones: Sequence[Liquidacion]
    filas: Sequence[tuple[str, Cruce, str]]


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the pages."""
    meses: Calculos[_Mes] = Calculos()

    @pages.get("/facturables")
    @requires(Permiso.VER)
    def facturables() -> str:
        mes, codigos = _mes(casa), pedido.codigos(casa)
        found = meses.get((str(mes), codigos), lambda: _of(casa, mes, codigos))
        if found is None:
            texto = f"Estamos cruzando las consultas de {mes} con los pagos."
            return render_template("consola/espera.html", titulo="Consultas facturables", texto=texto)
        filas = found.filas
        said = pedido.text("pagina") or ""
        page = max(int(said) if said.isdecimal() else 1, 1)
        start = (page - 1) * pedido.FILAS
        more = len(filas) > start + pedido.FILAS
        return render_template(
            "consola/facturables.html",
            mes=mes,
            liquidaciones=[one for one in found.liquidaciones if one.consultas or one.sin_consulta],
            filas=filas[start : start + pedido.FILAS],
            cuantas=len(filas),
            anterior=pedido.address("consola.facturables", pagina=page - 1) if page > 1 else "",
            siguiente=pedido.address("consola.facturables", pagina=page + 1) if more else "",
            bajar={each: pedido.address("consola.facturables_bajar", formato=each) for each in ("xlsx", "csv")},
        )

    @pages.get("/facturables/bajar")
    @requires(Permiso.EXPORTAR)
    def facturables_bajar() -> Response:
        mes = _mes(casa)
        found = [casa.facturables.of_month(codigo, mes) for codigo in pedido.codigos(casa)]
        return send(casa, f"facturables-{mes}", lambda formato: casa.bajadas.facturables(found, formato))


def _of(casa: Casa, mes: Mes, codigos: Sequence[str]) -> _Mes:
    found = [casa.facturables.of_month(each, mes) for each in codigos]
    return _Mes(found, [fila for one in found for fila in casa.explain_facturables(one)])


def _mes(casa: Casa) -> Mes:
    try:
        return Mes.parse(pedido.text("mes") or "")
    except ValueError:
        return Mes(local_day(casa.clock.now()).replace(day=1))
