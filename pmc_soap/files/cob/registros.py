"""The COB: what PMC says it collected, 100 columns a line. Importes are centavos.

Source: the public integrations named S1…S8 in docs/divergencias.md#archivos. S1 has the text of the layout; who else
reads a field is named with it.
"""

from pmc_soap.files.registro import Campo, Registro, Tipo

ANCHO = 100

_N, _AN = Tipo.N, Tipo.AN

HEADER = Registro(
    ANCHO,
    Campo("codigo_registro", 1, 1, _N, "Código Registro", "S1"),
    Campo("ente", 2, 3, _N, "Ente", "S1"),
    Campo("codigo_empresa", 5, 4, _AN, "Código Empresa", "S1: numérico; con letras en la práctica"),
    Campo("fecha", 9, 8, _N, "Fecha", "S1: la de acreditación"),
    Campo("filler", 17, 84, _N, "Filler", "S1"),
)

DETAIL = Registro(
    ANCHO,
    Campo("codigo_registro", 1, 1, _N, "Código Registro", "S1"),
    Campo("id_cliente", 2, 19, _AN, "Nro. Referencia", "S1=S2"),
    Campo("id_factura", 21, 20, _AN, "Id. Factura", "S1=S2; espacios en un pago sin factura"),
    Campo("primer_vencimiento", 41, 8, _N, "Fecha vencimiento", "S1: siempre el 1ro; ceros en un pago sin factura"),
    Campo("moneda", 49, 1, _N, "Código moneda", "S1: siempre 0, pesos"),
    Campo("fecha_aplicacion", 50, 8, _N, "Fecha aplicación", "S1=S4: el día del pago"),
    Campo("importe_centavos", 58, 11, _N, "Importe", "S1=S2=S5; S4 corre los decimales una columna"),
    Campo("codigo_movimiento", 69, 1, _N, "Código movimiento", "S1: 1 sin factura, 2 con factura"),
    Campo("fecha_acreditacion", 70, 8, _N, "Fecha acreditación", "S1=S4; S5 la toma por la de pago"),
    Campo("canal", 78, 2, _AN, "Canal pago", "S1=S2: PC, HB, S1; lista abierta"),
    Campo("nro_control", 80, 4, _AN, "Nro control", "S1=S2: el del ticket"),
    Campo("codigo_provincia", 84, 3, _AN, "Código provincia", "S1: del cajero; si no, espacios"),
    Campo("filler", 87, 14, _N, "Filler", "S1: AN, con ceros"),
)

TRAILER = Registro(
    ANCHO,
    Campo("codigo_registro", 1, 1, _N, "Código Registro", "S1"),
    Campo("ente", 2, 3, _N, "Ente", "S1"),
    Campo("codigo_empresa", 5, 4, _AN, "Código Empresa", "S1"),
    Campo("fecha", 9, 8, _N, "Fecha", "S1"),
    Campo("cantidad_pesos", 17, 7, _N, "Cantidad en pesos", "S1"),
    Campo("cantidad_dolares", 24, 7, _N, "Cantidad en dólares", "S1: siempre 0"),
    Campo("total_pesos_centavos", 31, 11, _N, "Total en pesos", "S1"),
    Campo("total_dolares_centavos", 42, 11, _N, "Total en dólares", "S1: siempre 0"),
    Campo("filler", 53, 48, _N, "Filler", "S1"),
)
