"""The month's facturables as tables: each consulta with its pago and the reason, and what the month comes to."""

from collections.abc import Iterator, Sequence

from pmc_soap.cli.informe_pagos import in_pesos
from pmc_soap.cli.liquidacion import explain, rows, totals
from pmc_soap.domain.facturable import Cruce
from pmc_soap.files.tabla.columna import Columna, Fila, Tabla, Tipo
from pmc_soap.operations.facturables import Liquidacion

COLUMNAS = (
    Columna(nombre="codigo_empresa", titulo="Empresa", ancho=9),
    Columna(nombre="mes", titulo="Mes", ancho=9),
    Columna(nombre="situacion", titulo="Situación", ancho=16),
    Columna(nombre="motivo", titulo="Motivo", ancho=46),
    Columna(nombre="id_consulta", titulo="IdConsulta", ancho=38),
    Columna(nombre="fecha_hora_consulta", titulo="Consultada", tipo=Tipo.INSTANTE),
    Columna(nombre="origen", titulo="Contestó", ancho=10),
    Columna(nombre="id_cliente", titulo="Cliente", ancho=20),
    Columna(nombre="id_factura", titulo="Factura", ancho=21),
    Columna(nombre="importe_pagado", titulo="Importe pagado", tipo=Tipo.IMPORTE, suma=True),
    Columna(nombre="moneda", titulo="Moneda", ancho=8),
    Columna(nombre="importe_otra_moneda", titulo="Importe en otra moneda", tipo=Tipo.IMPORTE),
    Columna(nombre="fecha_hora_pago", titulo="Pagada", tipo=Tipo.INSTANTE),
    Columna(nombre="id_aviso", titulo="IdAviso", ancho=38),
    Columna(nombre="id_consulta_citada", titulo="IdConsulta que cita el aviso", ancho=38),
    Columna(nombre="estado_pago", titulo="Estado del pago", ancho=15),
)
RESUMEN = (
    Columna(nombre="codigo_empresa", titulo="Empresa", ancho=9),
    Columna(nombre="mes", titulo="Mes", ancho=9),
    Columna(nombre="que", titulo="Qué", ancho=24),
    Columna(nombre="cantidad", titulo="Cantidad", tipo=Tipo.ENTERO),
)


def tablas(found: Sequence[Liquidacion]) -> Sequence[Tabla]:
    """Put months into tables: the consultas and pagos, and the counts."""
    return (
        Tabla(nombre="filas", titulo="Facturables", columnas=COLUMNAS, filas=_filas(found)),
        Tabla(nombre="totales", titulo="Totales", columnas=RESUMEN, filas=_totales(found)),
    )


def fila(liquidacion: Liquidacion, situacion: str, cruce: Cruce) -> Fila:
    """Give the row of one consulta or pago."""
    consulta, pago = cruce.consulta, cruce.pago
    pesos, otra_moneda = in_pesos(pago.importe_centavos, pago.moneda)
    return (
        liquidacion.codigo_empresa,
        str(liquidacion.mes),
        situacion,
        explain(cruce),
        consulta.id_consulta if consulta else None,
        consulta.fecha_hora_utc if consulta else None,
        consulta.origen if consulta else None,
        pago.id_cliente,
        pago.id_factura,
        pesos,
        pago.moneda,
        otra_moneda,
        pago.momento_utc,
        pago.id_aviso,
        pago.id_consulta,
        pago.estado,
    )


def _filas(found: Sequence[Liquidacion]) -> Iterator[Fila]:
    for liquidacion in found:
        for situacion, cruce in rows(liquidacion):
            yield fila(liquidacion, situacion, cruce)


def _totales(found: Sequence[Liquidacion]) -> Iterator[Fila]:
    for liquidacion in found:
        for que, cantidad in totals(liquidacion).items():
            yield (liquidacion.codigo_empresa, str(liquidacion.mes), que.replace("_", " "), cantidad)
