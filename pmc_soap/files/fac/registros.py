"""The FAC, classic layout: what an empresa reports to PMC, 280 columns a line. Importes are centavos.

Source: the public integrations named S1…S8 in docs/divergencias.md#archivos; where they disagree, the field says so.
"""

from pmc_soap.files.registro import Campo, Registro, Tipo

ANCHO = 280
TOTAL_WIDTH = 16
TOTAL_WIDTHS = (16, 11, 19)  # S1, S2, S7 · S4, S5, S6 · S8: a reader takes the one that agrees with the lines

_N, _AN = Tipo.N, Tipo.AN
_ALL = "S1=S2=S3=S4=S5=S6=S7"

HEADER = Registro(
    ANCHO,
    Campo("codigo_registro", 1, 1, _N, "Código Registro", _ALL),
    Campo("ente", 2, 3, _N, "Ente", _ALL),
    Campo("codigo_empresa", 5, 4, _AN, "Código Empresa", "S1: numérico; con letras en la práctica"),
    Campo("fecha", 9, 8, _N, "Fecha", _ALL),
    Campo("filler", 17, 264, _N, "Filler", "S8: espacios"),
)

DETAIL = Registro(
    ANCHO,
    Campo("codigo_registro", 1, 1, _N, "Código Registro", _ALL),
    Campo("id_cliente", 2, 19, _AN, "Nro. Referencia", _ALL),
    Campo("id_factura", 21, 20, _AN, "Id. Factura", _ALL),
    Campo("moneda", 41, 1, _N, "Código Moneda", _ALL),
    Campo("fecha_1", 42, 8, _N, "Fecha 1er Vto", _ALL),
    Campo("importe_1", 50, 11, _N, "Importe 1er Vto", _ALL),
    Campo("fecha_2", 61, 8, _N, "Fecha 2do Vto", "S5, S6: ceros si no hay; S1 a S4: repite el 1ro"),
    Campo("importe_2", 69, 11, _N, "Importe 2do Vto", "S5, S6: ceros si no hay; S1 a S4: repite el 1ro"),
    Campo("fecha_3", 80, 8, _N, "Fecha 3er Vto", "S5: nunca un 3ro sin 2do"),
    Campo("importe_3", 88, 11, _N, "Importe 3er Vto", "S5: nunca un 3ro sin 2do"),
    Campo("filler_1", 99, 19, _N, "Filler1", _ALL),
    Campo("referencia_anterior", 118, 19, _AN, "Nro. Referencia Ant.", _ALL),
    Campo("mensaje_ticket", 137, 40, _AN, "Mensaje Ticket", _ALL),
    Campo("mensaje_pantalla", 177, 15, _AN, "Mensaje Pantalla", _ALL),
    Campo("codigo_barras", 192, 60, _AN, "Código Barras", "S1"),
    Campo("filler_2", 252, 29, _N, "Filler2", "S1"),
)


def trailer(total_width: int = TOTAL_WIDTH) -> Registro:
    """Give the trailer; the sources disagree on the width of its total."""
    rest = 31 + total_width
    return Registro(
        ANCHO,
        Campo("codigo_registro", 1, 1, _N, "Código Registro", _ALL),
        Campo("ente", 2, 3, _N, "Ente", _ALL),
        Campo("codigo_empresa", 5, 4, _AN, "Código Empresa", _ALL),
        Campo("fecha", 9, 8, _N, "Fecha", _ALL),
        Campo("cantidad", 17, 7, _N, "Cantidad de Registros", _ALL),
        Campo("filler_1", 24, 7, _N, "Filler1", _ALL),
        Campo("total", 31, total_width, _N, "Total Importe", "S1, S2, S7: 16; S4, S5, S6: 11; S8: 19"),
        Campo("filler_2", rest, ANCHO + 1 - rest, _N, "Filler2", "S8: espacios"),
    )


TRAILER = trailer()
