"""The COB: what PMC says it collected, 100 columns a line. Importes are centavos.

Source: the public integrations named S1…S8 in docs/divergencias.md#archivos. S1 has the text of the layout; who else
reads a field is named with it.
"""

from pmc_soap.files.registro import Campo, Registro, Tipo

ANCHO = 100

_N, _AN = Tipo.N, Tipo.AN

HEADER = Registro(
    ANCHO,
    Campo("codigo_registro", 1, 1, _N, "Código Registro", "S1", "Siempre 0: es el encabezado"),
    Campo("ente", 2, 3, _N, "Ente", "S1", "Siempre 400: PagoMisCuentas"),
    Campo(
        "codigo_empresa",
        5,
        4,
        _AN,
        "Código Empresa",
        "S1: numérico; con letras en la práctica",
        "El que PagoMisCuentas le dio a la empresa",
    ),
    Campo(
        "fecha",
        9,
        8,
        _N,
        "Fecha",
        "S1: la de acreditación",
        "El día en que se acredita la plata, AAAAMMDD: el de su nombre",
    ),
    Campo("filler", 17, 84, _N, "Filler", "S1", "Relleno"),
)

DETAIL = Registro(
    ANCHO,
    Campo("codigo_registro", 1, 1, _N, "Código Registro", "S1", "Siempre 5: es un pago"),
    Campo("id_cliente", 2, 19, _AN, "Nro. Referencia", "S1=S2", "El id del cliente: lo que escribió quien pagó"),
    Campo(
        "id_factura",
        21,
        20,
        _AN,
        "Id. Factura",
        "S1=S2; espacios en un pago sin factura",
        "La factura que se pagó; espacios en un pago sin factura",
    ),
    Campo(
        "primer_vencimiento",
        41,
        8,
        _N,
        "Fecha vencimiento",
        "S1: siempre el 1ro; ceros en un pago sin factura",
        "Siempre el primero de la factura, aunque se haya pagado en otro; ceros en un pago sin factura",
    ),
    Campo("moneda", 49, 1, _N, "Código moneda", "S1: siempre 0, pesos", "Siempre 0: pesos"),
    Campo(
        "fecha_aplicacion", 50, 8, _N, "Fecha aplicación", "S1=S4: el día del pago", "El día en que se pagó, AAAAMMDD"
    ),
    Campo(
        "importe_centavos",
        58,
        11,
        _N,
        "Importe",
        "S1=S2=S5; S4 corre los decimales una columna",
        "Lo que se pagó, en centavos",
    ),
    Campo(
        "codigo_movimiento",
        69,
        1,
        _N,
        "Código movimiento",
        "S1: 1 sin factura, 2 con factura",
        "1: pago sin factura; 2: pago con factura",
    ),
    Campo(
        "fecha_acreditacion",
        70,
        8,
        _N,
        "Fecha acreditación",
        "S1=S4; S5 la toma por la de pago",
        "La del encabezado, AAAAMMDD",
    ),
    Campo(
        "canal",
        78,
        2,
        _AN,
        "Canal pago",
        "S1=S2: PC, HB, S1; lista abierta",
        "PC: PagoMisCuentas; HB: home banking; S1: cajero; puede haber otros",
    ),
    Campo("nro_control", 80, 4, _AN, "Nro control", "S1=S2: el del ticket", "El que está en el ticket de quien pagó"),
    Campo(
        "codigo_provincia",
        84,
        3,
        _AN,
        "Código provincia",
        "S1: del cajero; si no, espacios",
        "La del cajero; espacios si no fue en un cajero",
    ),
    Campo("filler", 87, 14, _N, "Filler", "S1: AN, con ceros", "Relleno"),
)

TRAILER = Registro(
    ANCHO,
    Campo("codigo_registro", 1, 1, _N, "Código Registro", "S1", "Siempre 9: es el cierre"),
    Campo("ente", 2, 3, _N, "Ente", "S1", "Siempre 400: PagoMisCuentas"),
    Campo("codigo_empresa", 5, 4, _AN, "Código Empresa", "S1", "El del encabezado"),
    Campo("fecha", 9, 8, _N, "Fecha", "S1", "La del encabezado"),
    Campo("cantidad_pesos", 17, 7, _N, "Cantidad en pesos", "S1", "Cuántos pagos trae el archivo"),
    Campo("cantidad_dolares", 24, 7, _N, "Cantidad en dólares", "S1: siempre 0", "Siempre ceros"),
    Campo("total_pesos_centavos", 31, 11, _N, "Total en pesos", "S1", "La suma de los pagos, en centavos"),
    Campo("total_dolares_centavos", 42, 11, _N, "Total en dólares", "S1: siempre 0", "Siempre ceros"),
    Campo("filler", 53, 48, _N, "Filler", "S1", "Relleno"),
)
