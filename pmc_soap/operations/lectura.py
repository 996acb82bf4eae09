"""The lines of a file held to the rules of a factura, and put into lotes under the empresa's own code."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import Factura, validate
from pmc_soap.domain.resultado import Ending, Rejected, Resultado
from pmc_soap.operations.archivo import Archivo, Problema, Renglon
from pmc_soap.operations.factura import contenido
from pmc_soap.operations.libro_cargas import Lote
from pmc_soap.operations.vistas import Vistas

LOTE = 1_000  # facturas in one transaction: few commits, and an aviso never waits long for its turn


def judge(archivo: Archivo, vistas: Vistas) -> Iterator[Renglon | Problema]:
    """Hold each line to the rules of a factura. Of a clave named twice the first stands: which is right is not ours."""
    for item in archivo.read():
        if isinstance(item, Problema):
            yield item
            continue
        try:
            validate(item.factura)
        except Rejected as rejected:
            yield archivo.explain(rejected.ending, item)
            continue
        earlier = vistas.note(item.factura.clave, item.linea)
        if earlier:
            yield archivo.explain(Ending(Resultado.FACTURA_EXISTENTE, campo="IdFactura"), replace(item, repite=earlier))
        else:
            yield item


def lotes(archivo: Archivo, empresa: Empresa, vistas: Vistas, *, after: int = 0) -> Iterator[Lote]:
    """Give the good lines after that one, some at a time."""
    good = (item for item in judge(archivo, vistas) if isinstance(item, Renglon) and item.linea > after)
    while some := list(islice(good, LOTE)):
        facturas = [own(item.factura, empresa) for item in some]
        yield Lote(facturas=[(factura, contenido(factura)) for factura in facturas], hasta_linea=some[-1].linea)


def own(factura: Factura, empresa: Empresa) -> Factura:
    """Put a factura under the code that the empresa's data is kept under, where the file names another of its codes."""
    if factura.clave.codigo_empresa == empresa.codigo_empresa:
        return factura
    return replace(factura, clave=replace(factura.clave, codigo_empresa=empresa.codigo_empresa))
