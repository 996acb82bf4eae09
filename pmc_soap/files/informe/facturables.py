"""The month's facturables as tables: each consulta with its pago and the reason, and what the month comes to."""

from collections.abc import Iterator, Sequence

from pmc_soap.domain.facturable import Cita, Cruce, Vinculo
from pmc_soap.files.informe.pagos import in_pesos
from pmc_soap.files.tabla.columna import Columna, Fila, Tabla, Tipo
from pmc_soap.operations.facturables import Liquidacion

FACTURABLE, REVERSADO, SIN_CONSULTA = "FACTURABLE", "PAGO_REVERSADO", "SIN_CONSULTA"
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


def explain(cruce: Cruce) -> str:
    """Say why a consulta may be charged, or why a pago has none."""
    why = {
        Vinculo.CITADA: "IdConsulta citado por el aviso",
        Vinculo.ULTIMA_24_H: _when_made(cruce),
        Vinculo.SIN_CONSULTA: "no hubo consulta en las 24 h anteriores al pago",
        Vinculo.YA_USADA: "la consulta que hubo ya se usó para otro pago",
        Vinculo.CITADA_YA_USADA: "la consulta que cita ya se cuenta por otro pago",
    }[cruce.vinculo]
    about = {
        Cita.DESCONOCIDA: "; la que cita no está registrada",
        Cita.DE_OTRA_FACTURA: "; la que cita no mostró lo que se pagó",
    }
    return f"{why}{about.get(cruce.cita, '')}"


def _when_made(cruce: Cruce) -> str:
    if cruce.consulta is not None and cruce.consulta.fecha_hora_utc > cruce.pago.momento_utc:
        return "consulta de hasta 5 min después del pago: los relojes pueden diferir"
    return "última consulta de las 24 h anteriores al pago"


def rows(liquidacion: Liquidacion) -> Iterator[tuple[str, Cruce]]:
    """Give each consulta and pago of a month with its situation."""
    for situacion, cruces in (
        (FACTURABLE, liquidacion.facturables),
        (REVERSADO, liquidacion.reversadas),
        (SIN_CONSULTA, liquidacion.sin_consulta),
    ):
        for cruce in cruces:
            yield situacion, cruce


def totals(liquidacion: Liquidacion) -> dict[str, int]:
    """Count what a month comes to."""
    return {
        "consultas": liquidacion.consultas,
        "con_pago": liquidacion.con_pago,
        "facturables": len(liquidacion.facturables),
        "con_pago_reversado": len(liquidacion.reversadas),
        "sin_pago": liquidacion.sin_pago,
        "pagos_sin_consulta": len(liquidacion.sin_consulta),
        "citas_sin_registro": len(liquidacion.citas_sin_registro),
    }
