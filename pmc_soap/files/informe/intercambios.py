"""The exchanges with the network and the empresas, one a row; their documents are not in it."""

from collections.abc import Iterable

from pmc_soap.files.tabla.columna import Columna, Fila, Tabla, Tipo
from pmc_soap.operations.intercambios import Intercambio

COLUMNAS = (
    Columna(nombre="fecha_hora", titulo="Recibido", tipo=Tipo.INSTANTE),
    Columna(nombre="codigo_empresa", titulo="Empresa", ancho=9),
    Columna(nombre="operacion", titulo="Operación", ancho=20),
    Columna(nombre="codigo", titulo="Código", ancho=10),
    Columna(nombre="campo", titulo="Dato en falta", ancho=16),
    Columna(nombre="duplicado", titulo="Repetido", ancho=9),
    Columna(nombre="us", titulo="Tardó (µs)", tipo=Tipo.ENTERO),
    Columna(nombre="id_cliente", titulo="Cliente", ancho=20),
    Columna(nombre="id_factura", titulo="Factura", ancho=21),
    Columna(nombre="id_transaccion", titulo="IdTransaccion", ancho=38),
    Columna(nombre="id_consulta", titulo="IdConsulta", ancho=38),
    Columna(nombre="id_aviso", titulo="IdAviso", ancho=38),
    Columna(nombre="bytes_in", titulo="Bytes de ida", tipo=Tipo.ENTERO, ancho=12),
    Columna(nombre="bytes_out", titulo="Bytes de vuelta", tipo=Tipo.ENTERO, ancho=15),
    Columna(nombre="id_pedido", titulo="IdPedido", ancho=38),
)


def tabla(found: Iterable[Intercambio]) -> Tabla:
    """Put exchanges into a table."""
    return Tabla(nombre="intercambios", titulo="Intercambios", columnas=COLUMNAS, filas=map(_fila, found))


def _fila(one: Intercambio) -> Fila:
    return (
        one.fecha_hora_utc,
        one.codigo_empresa,
        one.operacion,
        one.falla or one.codigo,
        one.campo,
        "sí" if one.duplicado else "no",
        one.us,
        one.id_cliente,
        one.id_factura,
        one.id_transaccion,
        one.id_consulta,
        one.id_aviso,
        one.bytes_in,
        one.bytes_out,
        one.id_pedido,
    )
