"""Every way a planilla can be wrong: a stable code, what happened and what to do. 1xx spoil the file, 2xx one row.

Up to x30 a number means what it means in a FAC.
"""

from pmc_soap.files.problemas import CodigoProblema, Texto, report
from pmc_soap.operations.carga import Problema


class Codigo(CodigoProblema):
    """The codes of a planilla, CSV or XLSX."""

    SIN_ENCABEZADO = "PLA-103"
    EMPRESA_INVALIDA = "PLA-105"
    EMPRESA_INEXISTENTE = "PLA-108"
    NO_ES_TEXTO = "PLA-118"
    SIN_EMPRESA = "PLA-131"
    FALTA_COLUMNA = "PLA-132"
    COLUMNA_REPETIDA = "PLA-133"
    COLUMNA_PARECIDA = "PLA-134"
    COMILLAS = "PLA-135"
    EXCEL_ILEGIBLE = "PLA-136"
    EXCEL_GRANDE = "PLA-137"
    HOJA_INEXISTENTE = "PLA-138"
    SIN_LECTOR_DE_EXCEL = "PLA-139"
    FILA_CORTA = "PLA-201"
    FILA_LARGA = "PLA-202"
    CARACTER_INVALIDO = "PLA-205"
    FILA_PARTIDA = "PLA-206"
    ID_CLIENTE_INVALIDO = "PLA-211"
    ID_FACTURA_INVALIDO = "PLA-212"
    MONEDA_NO_ADMITIDA = "PLA-213"
    FECHA_INVALIDA = "PLA-214"
    IMPORTE_INVALIDO = "PLA-215"
    IMPORTE_CERO = "PLA-216"
    FECHAS_DESORDENADAS = "PLA-217"
    IMPORTES_DECRECIENTES = "PLA-218"
    VENCIMIENTO_SIN_FECHA = "PLA-219"
    VENCIMIENTO_SALTEADO = "PLA-220"
    REFERENCIA_ANTERIOR_INVALIDA = "PLA-221"
    CODIGO_BARRAS_INVALIDO = "PLA-222"
    FACTURA_REPETIDA = "PLA-223"
    DATO_INVALIDO = "PLA-224"
    IMPORTE_DUDOSO = "PLA-231"
    IMPORTE_CON_FRACCION = "PLA-232"
    NUMERO_REDONDEADO = "PLA-233"
    TEXTO_LARGO = "PLA-234"
    CUIT_INVALIDO = "PLA-235"
    TIPO_IMPORTE_INVALIDO = "PLA-236"
    RANGO_INVALIDO = "PLA-237"


_AS_TEXT = "Usá letras sin acento, números y signos, sin «&» ni «<»."

TEXTOS: dict[Codigo, Texto] = {
    Codigo.SIN_ENCABEZADO: Texto(
        "La primera fila no nombra ninguna de las columnas que se esperan.",
        "Poné una primera fila con los nombres: id_cliente, id_factura, vencimiento, importe… Si los tuyos son otros,"
        " decí cuáles en la configuración, en [empresas.CODIGO.planilla].",
    ),
    Codigo.EMPRESA_INVALIDA: Texto(
        "El código de empresa tiene que tener 4 letras mayúsculas o números.",
        "Poné en --empresa el código que te asignó PagoMisCuentas, con ceros a la izquierda si hace falta.",
    ),
    Codigo.EMPRESA_INEXISTENTE: Texto(
        "Esa empresa no está configurada o no está activa.",
        "Agregala o activala en la configuración, y volvé a cargar el archivo.",
    ),
    Codigo.NO_ES_TEXTO: Texto(
        "No se puede leer como texto: desde acá no se leyó nada más.",
        "Guardalo como «CSV UTF-8 (delimitado por comas)», sin comprimir. «Texto Unicode» no es CSV.",
    ),
    Codigo.SIN_EMPRESA: Texto(
        "Una planilla no dice de qué empresa es.",
        "Decilo con --empresa y su código de 4 caracteres.",
    ),
    Codigo.FALTA_COLUMNA: Texto(
        "Falta la columna «{pedida}».",
        "Agregala a la primera fila y a todas las demás. Si en tu archivo se llama de otro modo, decilo en la"
        " configuración, en [empresas.CODIGO.planilla].",
    ),
    Codigo.COLUMNA_REPETIDA: Texto(
        "La columna «{pedida}» está más de una vez.",
        "Dejá una sola: no podemos saber cuál es la correcta.",
    ),
    Codigo.COLUMNA_PARECIDA: Texto(
        "No hay una columna con este nombre. ¿Quisiste decir «{pedida}»?",
        "Corregí el nombre. Si es otra cosa, que no hay que leer, ponele un nombre que no se confunda.",
    ),
    Codigo.COMILLAS: Texto(
        "Las comillas no cierran bien: desde acá no se leyó nada más.",
        'Si un texto lleva comillas, va todo entre comillas y las de adentro, dobles: "PEÑA ""EL BUENO""".',
    ),
    Codigo.EXCEL_ILEGIBLE: Texto(
        "No se puede abrir como una planilla de Excel (.xlsx).",
        "Abrila y guardala como «Libro de Excel (.xlsx)», sin contraseña; o como CSV.",
    ),
    Codigo.EXCEL_GRANDE: Texto(
        "La planilla es demasiado grande: ocupa {celdas} celdas y se leen hasta {maximo}.",
        "Guardala como CSV, que no tiene límite. Si tiene pocas filas, borrá lo que haya quedado lejos, abajo o a la"
        " derecha.",
    ),
    Codigo.HOJA_INEXISTENTE: Texto(
        "El libro no tiene una hoja «{hoja}» a la vista. Tiene: {hojas}.",
        "Corregí el nombre de la hoja, o «hoja» en la configuración, en [empresas.CODIGO.planilla].",
    ),
    Codigo.SIN_LECTOR_DE_EXCEL: Texto(
        "Acá no está instalado lo que lee planillas de Excel.",
        "Instalalo con: pip install 'pmc-soap[excel]'. O guardá la planilla como CSV.",
    ),
    Codigo.FILA_CORTA: Texto(
        "La fila tiene {celdas} celdas y el encabezado, {columnas}.",
        "Puede estar cortada. Poné todos los separadores, también los de las celdas vacías.",
    ),
    Codigo.FILA_LARGA: Texto(
        "La fila tiene {celdas} celdas y el encabezado, {columnas}.",
        "Si un dato lleva el separador adentro, como un importe con coma, poné el dato entre comillas.",
    ),
    Codigo.CARACTER_INVALIDO: Texto(
        "El texto tiene caracteres de control o que no se pueden mostrar.",
        "Dejá solo letras, números, espacios y signos comunes.",
    ),
    Codigo.FILA_PARTIDA: Texto(
        "La fila sigue en otras líneas: hay un salto de línea, o una comilla sin cerrar, dentro de una celda.",
        "Sacá el salto de línea o la comilla, también si están en una columna que no se lee: pueden esconder filas.",
    ),
    Codigo.ID_CLIENTE_INVALIDO: Texto(
        "El id del cliente está vacío, tiene más de 19 caracteres o alguno que no se admite.",
        _AS_TEXT,
    ),
    Codigo.ID_FACTURA_INVALIDO: Texto(
        "El id de la factura está vacío, tiene más de 20 caracteres o alguno que no se admite.",
        _AS_TEXT,
    ),
    Codigo.MONEDA_NO_ADMITIDA: Texto(
        "La moneda tiene que ser ARS: PagoMisCuentas no admite otra.",
        "Pasá la factura a pesos.",
    ),
    Codigo.FECHA_INVALIDA: Texto(
        "La fecha no existe o no está escrita como se espera.",
        "Escribila así: 15/03/2025 o 2025-03-15; en Excel, con formato de fecha. Otra forma se dice en la"
        " configuración, en [empresas.CODIGO.planilla].",
    ),
    Codigo.IMPORTE_INVALIDO: Texto(
        "No es un importe en pesos.",
        "Escribilo así: 1500,50. Sin signo, y con hasta 12 enteros y 2 decimales.",
    ),
    Codigo.IMPORTE_CERO: Texto(
        "El importe de un vencimiento no puede ser cero.",
        "Poné lo que hay que pagar, o sacá la factura del archivo si no se debe nada.",
    ),
    Codigo.FECHAS_DESORDENADAS: Texto(
        "El vencimiento es anterior al que tiene antes.",
        "Ordená los vencimientos por fecha, del primero al último.",
    ),
    Codigo.IMPORTES_DECRECIENTES: Texto(
        "El importe es menor que el del vencimiento anterior.",
        "Quien paga más tarde no puede pagar menos: revisá los importes o el orden.",
    ),
    Codigo.VENCIMIENTO_SIN_FECHA: Texto(
        "Hay un importe sin la fecha de su vencimiento.",
        "Poné la fecha, o borrá también el importe si no hay otro vencimiento.",
    ),
    Codigo.VENCIMIENTO_SALTEADO: Texto(
        "Hay un 3er vencimiento y falta el 2do.",
        "Pasá el 3ro al lugar del 2do.",
    ),
    Codigo.REFERENCIA_ANTERIOR_INVALIDA: Texto(
        "El id anterior del cliente tiene más de 19 caracteres o alguno que no se admite.",
        "Poné el id viejo, o nada si el cliente no lo cambió.",
    ),
    Codigo.CODIGO_BARRAS_INVALIDO: Texto(
        "El código de barras tiene más de 60 caracteres o alguno que no se admite.",
        "Usá números o letras sin acento; si no hay código, no pongas nada.",
    ),
    Codigo.FACTURA_REPETIDA: Texto(
        "La misma factura del mismo cliente ya está en la fila {repite}.",
        "Dejá una sola fila para cada factura: no podemos saber cuál es la correcta.",
    ),
    Codigo.DATO_INVALIDO: Texto(
        "El dato no cumple las reglas de una factura, o la celda no dice un texto.",
        "Revisá la celda y la fila completa.",
    ),
    Codigo.IMPORTE_DUDOSO: Texto(
        "El importe se puede leer de dos modos: no se sabe si es un separador de miles o de decimales.",
        "Escribilo con dos decimales, o decí en la configuración cuál es «decimal», en [empresas.CODIGO.planilla].",
    ),
    Codigo.IMPORTE_CON_FRACCION: Texto(
        "El importe tiene más de dos decimales, aunque la planilla muestre menos.",
        "Redondealo en la planilla, por ejemplo con =REDONDEAR(…;2): acá no se redondea plata.",
    ),
    Codigo.NUMERO_REDONDEADO: Texto(
        "El dato está cargado como número y Excel guarda solo las primeras 15 cifras.",
        "Dale a la columna formato de texto y volvé a escribirlo.",
    ),
    Codigo.TEXTO_LARGO: Texto(
        "El texto tiene {largo} caracteres y se admiten {maximo}.",
        "Acortalo.",
    ),
    Codigo.CUIT_INVALIDO: Texto(
        "El CUIT no es válido: su último dígito no coincide con los demás.",
        "Revisalo, o no pongas nada si no lo tenés.",
    ),
    Codigo.TIPO_IMPORTE_INVALIDO: Texto(
        "El tipo de importe tiene que ser CERRADO, ABIERTO o RANGO.",
        "Elegí uno, o no pongas nada: es CERRADO.",
    ),
    Codigo.RANGO_INVALIDO: Texto(
        "El importe mínimo y el máximo no van con el tipo de importe, o no contienen el importe.",
        "Con RANGO poné los dos, el mínimo no mayor que el máximo y el importe entre ambos; sin RANGO, ninguno.",
    ),
}


def problema(
    codigo: Codigo, fila: int, columna: int = 0, nombre: str = "", valor: str = "", **named: object
) -> Problema:
    """Make the report of one problem; without a column it is the whole row's."""
    return report(codigo, TEXTOS[codigo], fila, columna, nombre or ("Fila" if fila else "Archivo"), valor, **named)
