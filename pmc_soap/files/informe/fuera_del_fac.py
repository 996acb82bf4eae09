"""The facturas that a FAC cannot say, each with why and what to do."""

from collections.abc import Iterable

from pmc_soap.files.tabla.columna import Columna, Fila, Tabla
from pmc_soap.operations.exportacion import Reparo

COLUMNAS = (
    Columna(nombre="id_cliente", titulo="Cliente", ancho=20),
    Columna(nombre="id_factura", titulo="Factura", ancho=21),
    Columna(nombre="codigo", titulo="Código", ancho=10),
    Columna(nombre="campo", titulo="Dato", ancho=24),
    Columna(nombre="valor", titulo="Dice", ancho=30),
    Columna(nombre="que_pasa", titulo="Qué pasa", ancho=60),
    Columna(nombre="que_hacer", titulo="Qué hacer", ancho=60),
)


def tabla(reparos: Iterable[Reparo]) -> Tabla:
    """Put them into a table."""
    return Tabla(
        nombre="fuera_del_fac", titulo="No van en el FAC", columnas=COLUMNAS, filas=(_fila(each) for each in reparos)
    )


def _fila(reparo: Reparo) -> Fila:
    clave, said = reparo.clave, (reparo.codigo, reparo.campo, reparo.valor, reparo.que_pasa, reparo.que_hacer)
    return clave.id_cliente, clave.id_factura, *said
