"""The FAC: what an empresa reports to PMC, 280 columns a line, in two variantes. Importes are centavos.

Source: the public integrations named S1…S8 in docs/divergencias.md#archivos; where they disagree, the field says so.
"""

from collections.abc import Mapping
from enum import StrEnum

from pmc_soap.files.registro import Campo, Registro, Tipo

ANCHO = 280
TOTAL_WIDTHS = (16, 11, 19)  # S1, S2, S7 · S4, S5, S6 · S8: a reader takes the one that agrees with the lines


class Variante(StrEnum):
    """How wide the importes of a FAC are: 11 digits in the classic layout, 14 in the wide one."""

    CLASICA = "CLASICA"
    ANCHA = "ANCHA"


TOTAL_WIDTH: Mapping[Variante, int] = {Variante.CLASICA: 16, Variante.ANCHA: 19}  # what is written unless asked

_N, _AN = Tipo.N, Tipo.AN
_ALL = "S1=S2=S3=S4=S5=S6=S7"
_WIDE = "S8"
_ES_DETALLE, _PESOS = "Siempre 5: es una factura", "Siempre 0: pesos"
_ID_CLIENTE = "El id del cliente: lo que escribe quien paga"
_ID_FACTURA = "El id que la empresa le da a la factura"
_VTO_1, _IMPORTE_1 = "El primer día en que vence, AAAAMMDD", "Lo que se paga hasta ese día, en centavos"
_VTO_2, _IMPORTE_2 = "El segundo; ceros si no hay", "Lo que se paga hasta el 2do, no menos que antes"
_VTO_3, _IMPORTE_3 = (
    "El tercero, si hay 2do; ceros si no hay",
    "Lo que se paga hasta el 3ro, no menos que antes",
)
_ANTERIOR = "Se repite el Nro. Referencia; si el cliente cambió de id, una vez, el anterior"
_TICKET, _PANTALLA = "Lo que se imprime en el ticket", "Lo que se ve al elegir la factura"
_BARRAS, _NADA = "El código de barras de la factura; espacios si no hay", "Relleno"
_REPITE = "S5, S6: ceros si no hay; S1 a S4: repite el 1ro"

_ENCABEZADO = (
    Campo("codigo_registro", 1, 1, _N, "Código Registro", _ALL, "Siempre 0: es el encabezado"),
    Campo("ente", 2, 3, _N, "Ente", _ALL, "Siempre 400: PagoMisCuentas"),
    Campo(
        "codigo_empresa",
        5,
        4,
        _AN,
        "Código Empresa",
        "S1: numérico; con letras en la práctica",
        "El que PagoMisCuentas le dio a la empresa",
    ),
    Campo("fecha", 9, 8, _N, "Fecha", _ALL, "El día del archivo, AAAAMMDD: el de su nombre"),
)
HEADERS: Mapping[Variante, Registro] = {
    Variante.CLASICA: Registro(ANCHO, *_ENCABEZADO, Campo("filler", 17, 264, _N, "Filler", _ALL, _NADA)),
    Variante.ANCHA: Registro(ANCHO, *_ENCABEZADO, Campo("filler", 17, 264, _AN, "Filler", _WIDE, _NADA)),
}
HEADER = HEADERS[Variante.CLASICA]  # the variantes differ only in what fills it

DETAILS: Mapping[Variante, Registro] = {
    Variante.CLASICA: Registro(
        ANCHO,
        Campo("codigo_registro", 1, 1, _N, "Código Registro", _ALL, _ES_DETALLE),
        Campo("id_cliente", 2, 19, _AN, "Nro. Referencia", _ALL, _ID_CLIENTE),
        Campo("id_factura", 21, 20, _AN, "Id. Factura", _ALL, _ID_FACTURA),
        Campo("moneda", 41, 1, _N, "Código Moneda", _ALL, _PESOS),
        Campo("fecha_1", 42, 8, _N, "Fecha 1er Vto", _ALL, _VTO_1),
        Campo("importe_1", 50, 11, _N, "Importe 1er Vto", _ALL, _IMPORTE_1),
        Campo("fecha_2", 61, 8, _N, "Fecha 2do Vto", _REPITE, _VTO_2),
        Campo("importe_2", 69, 11, _N, "Importe 2do Vto", _REPITE, _IMPORTE_2),
        Campo("fecha_3", 80, 8, _N, "Fecha 3er Vto", "S5: nunca un 3ro sin 2do", _VTO_3),
        Campo("importe_3", 88, 11, _N, "Importe 3er Vto", "S5: nunca un 3ro sin 2do", _IMPORTE_3),
        Campo("filler_1", 99, 19, _N, "Filler1", _ALL, _NADA),
        Campo("referencia_anterior", 118, 19, _AN, "Nro. Referencia Ant.", _ALL, _ANTERIOR),
        Campo("mensaje_ticket", 137, 40, _AN, "Mensaje Ticket", _ALL, _TICKET),
        Campo("mensaje_pantalla", 177, 15, _AN, "Mensaje Pantalla", _ALL, _PANTALLA),
        Campo("codigo_barras", 192, 60, _AN, "Código Barras", "S1", _BARRAS),
        Campo("filler_2", 252, 29, _N, "Filler2", "S1", _NADA),
    ),
    Variante.ANCHA: Registro(
        ANCHO,
        Campo("codigo_registro", 1, 1, _N, "Código Registro", _WIDE, _ES_DETALLE),
        Campo("id_cliente", 2, 19, _AN, "Nro. Referencia", _WIDE, _ID_CLIENTE),
        Campo("id_factura", 21, 20, _AN, "Id. Factura", _WIDE, _ID_FACTURA),
        Campo("moneda", 41, 1, _N, "Código Moneda", _WIDE, _PESOS),
        Campo("fecha_1", 42, 8, _N, "Fecha 1er Vto", _WIDE, _VTO_1),
        Campo("importe_1", 50, 14, _N, "Importe 1er Vto", _WIDE, _IMPORTE_1),
        Campo("fecha_2", 64, 8, _N, "Fecha 2do Vto", _WIDE, _VTO_2),
        Campo("importe_2", 72, 14, _N, "Importe 2do Vto", _WIDE, _IMPORTE_2),
        Campo("fecha_3", 86, 8, _N, "Fecha 3er Vto", _WIDE, _VTO_3),
        Campo("importe_3", 94, 14, _N, "Importe 3er Vto", _WIDE, _IMPORTE_3),
        Campo("filler_1", 108, 22, _N, "Filler1", _WIDE, _NADA),
        Campo("referencia_anterior", 130, 19, _AN, "Nro. Referencia Ant.", _WIDE, _ANTERIOR),
        Campo("mensaje_ticket", 149, 40, _AN, "Mensaje Ticket", _WIDE, _TICKET),
        Campo("mensaje_pantalla", 189, 15, _AN, "Mensaje Pantalla", _WIDE, _PANTALLA),
        Campo("codigo_barras", 204, 60, _AN, "Código Barras", _WIDE, _BARRAS),
        Campo("filler_2", 264, 17, _AN, "Filler2", _WIDE, _NADA),
    ),
}
DETAIL = DETAILS[Variante.CLASICA]


def trailer(total_width: int = TOTAL_WIDTH[Variante.CLASICA], variante: Variante = Variante.CLASICA) -> Registro:
    """Give the trailer; the sources disagree on the width of its total, and on what fills it."""
    rest = 31 + total_width
    if variante is Variante.CLASICA:
        fillers = [Campo("filler_2", rest, ANCHO + 1 - rest, _N, "Filler2", _ALL, _NADA)]
    else:
        zeros, spaces = Campo("filler_2", rest, 19, _N, "Filler2", _WIDE, _NADA), rest + 19
        fillers = [zeros, Campo("filler_3", spaces, ANCHO + 1 - spaces, _AN, "Filler3", _WIDE, _NADA)]
    return Registro(
        ANCHO,
        Campo("codigo_registro", 1, 1, _N, "Código Registro", _ALL, "Siempre 9: es el cierre"),
        *(campo for campo in _ENCABEZADO if campo.start > 1),
        Campo("cantidad", 17, 7, _N, "Cantidad de Registros", _ALL, "Cuántas facturas trae el archivo"),
        Campo("filler_1", 24, 7, _N, "Filler1", _ALL, _NADA),
        Campo(
            "total",
            31,
            total_width,
            _N,
            "Total Importe",
            "S1, S2, S7: 16; S4, S5, S6: 11; S8: 19",
            "La suma de los importes del 1er vencimiento, en centavos",
        ),
        *fillers,
    )


TRAILER = trailer()
