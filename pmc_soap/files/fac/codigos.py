"""Every way a FAC can be wrong: a stable code, what happened and what to do. 1xx spoil the file, 2xx one line.

FAC-109 refused the wide variante while it was not read; no code is given another meaning.
"""

from pmc_soap.files.problemas import CodigoProblema, Texto, tell
from pmc_soap.files.registro import Campo
from pmc_soap.operations.carga import Problema


class Codigo(CodigoProblema):
    """The codes of a FAC."""

    NOMBRE_INVALIDO = "FAC-101"
    NOMBRE_NO_COINCIDE = "FAC-102"
    SIN_ENCABEZADO = "FAC-103"
    ENTE_INVALIDO = "FAC-104"
    EMPRESA_INVALIDA = "FAC-105"
    FECHA_DE_ARCHIVO_INVALIDA = "FAC-106"
    EMPRESA_DISTINTA = "FAC-107"
    EMPRESA_INEXISTENTE = "FAC-108"
    SIN_CIERRE = "FAC-110"
    CIERRE_NO_COINCIDE = "FAC-111"
    CIERRE_ILEGIBLE = "FAC-112"
    CANTIDAD_NO_COINCIDE = "FAC-113"
    TOTAL_NO_COINCIDE = "FAC-114"
    TOTAL_SIN_COMPROBAR = "FAC-115"
    DATOS_TRAS_EL_CIERRE = "FAC-116"
    ENCABEZADO_REPETIDO = "FAC-117"
    NO_ES_TEXTO = "FAC-118"
    VARIANTES_MEZCLADAS = "FAC-119"
    VARIANTE_DUDOSA = "FAC-120"
    LINEA_CORTA = "FAC-201"
    LINEA_LARGA = "FAC-202"
    LINEA_VACIA = "FAC-203"
    REGISTRO_DESCONOCIDO = "FAC-204"
    CARACTER_INVALIDO = "FAC-205"
    ID_CLIENTE_INVALIDO = "FAC-211"
    ID_FACTURA_INVALIDO = "FAC-212"
    MONEDA_NO_ADMITIDA = "FAC-213"
    FECHA_INVALIDA = "FAC-214"
    IMPORTE_INVALIDO = "FAC-215"
    IMPORTE_CERO = "FAC-216"
    FECHAS_DESORDENADAS = "FAC-217"
    IMPORTES_DECRECIENTES = "FAC-218"
    VENCIMIENTO_SIN_FECHA = "FAC-219"
    VENCIMIENTO_SALTEADO = "FAC-220"
    REFERENCIA_ANTERIOR_INVALIDA = "FAC-221"
    CODIGO_BARRAS_INVALIDO = "FAC-222"
    FACTURA_REPETIDA = "FAC-223"
    DATO_INVALIDO = "FAC-224"


TEXTOS: dict[Codigo, Texto] = {
    Codigo.NOMBRE_INVALIDO: Texto(
        "El archivo no se llama como un FAC: FAC, código de empresa, punto y fecha ddmmaa.",
        "Renombralo, por ejemplo FAC1234.100325, o cargalo con --any-name si el contenido es correcto.",
    ),
    Codigo.NOMBRE_NO_COINCIDE: Texto(
        "El nombre dice «{nombre}» y el encabezado, «{encabezado}».",
        "Verificá que sea el archivo que querías cargar y corregí el que esté mal: el nombre o el encabezado.",
    ),
    Codigo.SIN_ENCABEZADO: Texto(
        "La primera línea no es un encabezado FAC (0, 400, empresa y fecha).",
        "Verificá que sea un archivo FAC completo, sin comprimir y guardado como texto.",
    ),
    Codigo.ENTE_INVALIDO: Texto(
        "El ente tiene que ser 400 (PagoMisCuentas).",
        "Revisá para qué red se generó el archivo y volvé a generarlo para PagoMisCuentas.",
    ),
    Codigo.EMPRESA_INVALIDA: Texto(
        "El código de empresa tiene que tener 4 letras mayúsculas o números.",
        "Poné el código que te asignó PagoMisCuentas, con ceros a la izquierda si hace falta.",
    ),
    Codigo.FECHA_DE_ARCHIVO_INVALIDA: Texto(
        "La fecha del encabezado no existe o no está como AAAAMMDD.",
        "Poné la fecha de generación, por ejemplo 20250310.",
    ),
    Codigo.EMPRESA_DISTINTA: Texto(
        "El archivo es de la empresa «{encontrada}» y pediste cargar la «{esperada}».",
        "Elegí el archivo de esa empresa o cambiá --empresa.",
    ),
    Codigo.EMPRESA_INEXISTENTE: Texto(
        "Esa empresa no está configurada o no está activa.",
        "Agregala o activala en la configuración, y volvé a cargar el archivo.",
    ),
    Codigo.SIN_CIERRE: Texto(
        "Falta la última línea, la de cierre (9, 400, empresa, fecha, cantidad y total).",
        "El archivo puede estar cortado: volvé a generarlo o a copiarlo entero.",
    ),
    Codigo.CIERRE_NO_COINCIDE: Texto(
        "El cierre no repite el ente, la empresa y la fecha del encabezado («{encabezado}»).",
        "Puede que se hayan mezclado dos archivos: volvé a generarlo.",
    ),
    Codigo.CIERRE_ILEGIBLE: Texto(
        "El dato del cierre no es un número completo.",
        "Completá la cantidad (columnas 17 a 23) y el total (desde la 31) con ceros a la izquierda.",
    ),
    Codigo.CANTIDAD_NO_COINCIDE: Texto(
        "El cierre declara {declara} facturas y el archivo trae {trae}.",
        "Faltan o sobran líneas: volvé a generar el archivo. Se cuentan solo las que empiezan con 5.",
    ),
    Codigo.TOTAL_NO_COINCIDE: Texto(
        "El cierre no declara el total de los primeros vencimientos, que es {total}.",
        "Revisá si falta o cambió alguna línea, y volvé a generar el archivo.",
    ),
    Codigo.TOTAL_SIN_COMPROBAR: Texto(
        "No se puede comprobar el total: hay líneas cuyo importe del 1er vencimiento no se lee bien.",
        "Corregí primero esas líneas, que están en este mismo informe.",
    ),
    Codigo.DATOS_TRAS_EL_CIERRE: Texto(
        "Hay datos después de la línea de cierre.",
        "Dejá un solo archivo: encabezado, facturas y cierre. Si pegaste dos, separalos.",
    ),
    Codigo.ENCABEZADO_REPETIDO: Texto(
        "Hay otro encabezado en el medio del archivo.",
        "Si pegaste dos archivos, separalos y cargalos de a uno.",
    ),
    Codigo.NO_ES_TEXTO: Texto(
        "No se encuentra el fin de una línea: no parece un archivo de texto.",
        "Verificá que no esté comprimido y que cada línea termine con un salto de línea.",
    ),
    Codigo.VARIANTES_MEZCLADAS: Texto(
        "El archivo venía en la variante {variante} del FAC y esta línea es de la otra; desde acá no se leyó nada más.",
        "Generá todo el archivo igual: los importes, de 11 dígitos en la clásica y de 14 en la ancha.",
    ),
    Codigo.VARIANTE_DUDOSA: Texto(
        "No se puede saber si el archivo es de la variante clásica o de la ancha, y cambiaría los importes.",
        "Repetí el Nro. Referencia en Nro. Referencia Ant. en las facturas cuyo cliente no cambió de id.",
    ),
    Codigo.LINEA_CORTA: Texto(
        "La línea mide {largo} caracteres y tiene que medir 280.",
        "Completá cada campo hasta su largo: los números con ceros a la izquierda, los textos con espacios.",
    ),
    Codigo.LINEA_LARGA: Texto(
        "La línea mide {largo} caracteres y tiene que medir 280.",
        "Buscá el campo que se pasó de largo y cortalo. Los importes no se cortan.",
    ),
    Codigo.LINEA_VACIA: Texto(
        "Hay una línea vacía en el medio del archivo.",
        "Borrala. Solo puede haber líneas vacías al final.",
    ),
    Codigo.REGISTRO_DESCONOCIDO: Texto(
        "La línea no empieza con 5 (factura) ni con 9 (cierre).",
        "Si es una factura, el primer carácter tiene que ser 5; si no, borrá la línea.",
    ),
    Codigo.CARACTER_INVALIDO: Texto(
        "El texto tiene caracteres de control o que no se pueden mostrar.",
        "Dejá solo letras, números, espacios y signos comunes.",
    ),
    Codigo.ID_CLIENTE_INVALIDO: Texto(
        "El número de referencia está vacío o tiene caracteres que no se admiten.",
        "Usá letras sin acento, números y signos, sin «&» ni «<», y alinealo a la izquierda.",
    ),
    Codigo.ID_FACTURA_INVALIDO: Texto(
        "El id. de factura está vacío o tiene caracteres que no se admiten.",
        "Usá letras sin acento, números y signos, sin «&» ni «<», y alinealo a la izquierda.",
    ),
    Codigo.MONEDA_NO_ADMITIDA: Texto(
        "La moneda tiene que ser 0 (pesos): PagoMisCuentas no admite otra.",
        "Pasá la factura a pesos. Si la moneda está bien, puede que la línea esté corrida.",
    ),
    Codigo.FECHA_INVALIDA: Texto(
        "La fecha no existe o no está como AAAAMMDD.",
        "Poné una fecha del calendario, por ejemplo 20250315. Sin 2do o 3er vencimiento, completá con ceros.",
    ),
    Codigo.IMPORTE_INVALIDO: Texto(
        "El importe no son {digitos} dígitos.",
        "Escribilo en centavos, sin punto, coma ni signo, con ceros a la izquierda: $ 1.500,50 termina en 00150050.",
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
        "Poné la fecha, o completá también el importe con ceros si no hay otro vencimiento.",
    ),
    Codigo.VENCIMIENTO_SALTEADO: Texto(
        "Hay un 3er vencimiento y falta el 2do.",
        "Pasá el 3ro al lugar del 2do y completá el 3ro con ceros.",
    ),
    Codigo.REFERENCIA_ANTERIOR_INVALIDA: Texto(
        "El número de referencia anterior tiene caracteres que no se admiten.",
        "Repetí ahí el número de referencia, o poné el viejo si el cliente lo cambió.",
    ),
    Codigo.CODIGO_BARRAS_INVALIDO: Texto(
        "El código de barras tiene caracteres que no se admiten.",
        "Usá números o letras sin acento; si no hay código, dejá los 60 espacios.",
    ),
    Codigo.FACTURA_REPETIDA: Texto(
        "La misma factura del mismo cliente ya está en la línea {repite}.",
        "Dejá una sola línea para cada factura: no podemos saber cuál es la correcta.",
    ),
    Codigo.DATO_INVALIDO: Texto(
        "El dato no cumple las reglas de una factura.",
        "Revisá la línea completa con el formato del FAC.",
    ),
}


def problema(codigo: Codigo, linea: int, campo: Campo | None = None, valor: str = "", **named: object) -> Problema:
    """Make the report of one problem; without a field it is the whole line's."""
    return tell(codigo, TEXTOS[codigo], linea, campo, valor, **named)
