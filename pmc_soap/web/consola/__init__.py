"""The consola: what an operator, finance, an integrator or an auditor sees of the gateway and does with it.

Each page is a module with add(pages, casa); acceso says who may come in.
"""

from flask import Blueprint

from pmc_soap.web.consola import (
    acceso,
    alertas,
    auditoria,
    avisos,
    buscar,
    cargas,
    conciliacion,
    configuracion,
    credenciales,
    entrada,
    estado,
    exportaciones,
    facturables,
    facturas,
    inicio,
    intercambios,
    pagos,
    personas,
    puente,
    seguir,
)
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.consola.secciones import SECCIONES

PAGINAS = (
    *(entrada, inicio, intercambios, buscar, alertas, avisos, seguir),
    *(pagos, puente, conciliacion, facturables, facturas, cargas, exportaciones, estado, configuracion, credenciales),
    *(personas, auditoria),
)


def build(casa: Casa) -> Blueprint:
    """Build the pages on what they ask."""
    pages = Blueprint("consola", __name__, url_prefix="/consola")
    acceso.add(pages, casa)
    for pagina in PAGINAS:
        pagina.add(pages, casa)

    @pages.context_processor
    def frame() -> dict[str, object]:
        return {"secciones": SECCIONES, "empresas": casa.empresas}

    return pages
