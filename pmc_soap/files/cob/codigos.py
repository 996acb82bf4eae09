"""Every way a COB can be wrong: a stable code, what happened and what to do. 1xx spoil the file, 2xx one line.

Up to x30 a number means what it means in a FAC. PMC made the file and money stands behind each line: no text tells
anybody to mend it by hand.
"""

from pmc_soap.files.problemas import CodigoProblema, Texto, tell
from pmc_soap.files.registro import Campo
from pmc_soap.operations.carga import Problema


class Codigo(CodigoProblema):
    """The codes of a COB."""

    NOMBRE_INVALIDO = "COB-101"
    NOMBRE_NO_COINCIDE = "COB-102"
    SIN_ENCABEZADO = "COB-103"
    ENTE_INVALIDO = "COB-104"
    EMPRESA_INVALIDA = "COB-105"
    FECHA_DE_ARCHIVO_INVALIDA = "COB-106"
    EMPRESA_DISTINTA = "COB-107"
    EMPRESA_INEXISTENTE = "COB-108"
    SIN_CIERRE = "COB-110"
    CIERRE_NO_COINCIDE = "COB-111"
    CIERRE_ILEGIBLE = "COB-112"
    CANTIDAD_NO_COINCIDE = "COB-113"
    TOTAL_NO_COINCIDE = "COB-114"
    TOTAL_SIN_COMPROBAR = "COB-115"
    DATOS_TRAS_EL_CIERRE = "COB-116"
    ENCABEZADO_REPETIDO = "COB-117"
    NO_ES_TEXTO = "COB-118"
    ACREDITACION_NO_COINCIDE = "COB-131"
    DOLARES_EN_EL_CIERRE = "COB-132"
    LINEA_CORTA = "COB-201"
    LINEA_LARGA = "COB-202"
    LINEA_VACIA = "COB-203"
    REGISTRO_DESCONOCIDO = "COB-204"
    CARACTER_INVALIDO = "COB-205"
    ID_CLIENTE_INVALIDO = "COB-211"
    ID_FACTURA_INVALIDO = "COB-212"
    MONEDA_NO_ADMITIDA = "COB-213"
    FECHA_INVALIDA = "COB-214"
    IMPORTE_INVALIDO = "COB-215"
    IMPORTE_CERO = "COB-216"
    MOVIMIENTO_DESCONOCIDO = "COB-231"
    SOBRA_FACTURA = "COB-232"
    FALTA_FACTURA = "COB-233"


_DOWNLOAD = "Volvé a bajar el archivo de PagoMisCuentas, entero y sin abrirlo con otro programa."
_ASK = "Si al bajarlo de nuevo sigue igual, pasale esta línea a PagoMisCuentas: hay un pago que no se pudo leer."

TEXTOS: dict[Codigo, Texto] = {
    Codigo.NOMBRE_INVALIDO: Texto(
        "El archivo no se llama como un COB: COB, código de empresa, punto y fecha ddmmaa.",
        "Ponele el nombre con que lo publica PagoMisCuentas, por ejemplo COB1234.180325.",
    ),
    Codigo.NOMBRE_NO_COINCIDE: Texto(
        "El nombre dice «{nombre}» y el encabezado, «{encabezado}».",
        "Verificá que sea el archivo que querías; si le cambiaste el nombre, volvé a bajarlo de PagoMisCuentas.",
    ),
    Codigo.SIN_ENCABEZADO: Texto(
        "La primera línea no es un encabezado COB (0, 400, empresa y fecha, en 100 columnas).",
        "Verificá que sea un archivo COB, y no un FAC. " + _DOWNLOAD,
    ),
    Codigo.ENTE_INVALIDO: Texto(
        "El ente tiene que ser 400 (PagoMisCuentas).",
        "El archivo es de otra red: buscá el que bajaste de PagoMisCuentas.",
    ),
    Codigo.EMPRESA_INVALIDA: Texto(
        "El código de empresa tiene que tener 4 letras mayúsculas o números.",
        _DOWNLOAD,
    ),
    Codigo.FECHA_DE_ARCHIVO_INVALIDA: Texto(
        "La fecha del encabezado no existe o no está como AAAAMMDD.",
        _DOWNLOAD,
    ),
    Codigo.EMPRESA_DISTINTA: Texto(
        "El archivo es de la empresa «{encontrada}» y pediste el de la «{esperada}».",
        "Elegí el archivo de esa empresa, o pedí la empresa del archivo.",
    ),
    Codigo.EMPRESA_INEXISTENTE: Texto(
        "Esa empresa no está configurada o no está activa.",
        "Agregala o activala en la configuración, y volvé a usar el archivo.",
    ),
    Codigo.SIN_CIERRE: Texto(
        "Falta la última línea, la de cierre (9, 400, empresa, fecha, cantidades y totales).",
        "El archivo está cortado y pueden faltar pagos. " + _DOWNLOAD,
    ),
    Codigo.CIERRE_NO_COINCIDE: Texto(
        "El cierre no repite el ente, la empresa y la fecha del encabezado («{encabezado}»).",
        "Puede que se hayan mezclado dos archivos. " + _DOWNLOAD,
    ),
    Codigo.CIERRE_ILEGIBLE: Texto(
        "El dato del cierre no es un número completo.",
        _DOWNLOAD,
    ),
    Codigo.CANTIDAD_NO_COINCIDE: Texto(
        "El cierre declara {declara} pagos y el archivo trae {trae}.",
        "Faltan o sobran líneas. " + _DOWNLOAD,
    ),
    Codigo.TOTAL_NO_COINCIDE: Texto(
        "El cierre declara un total de {declara} y los pagos suman {suman}.",
        "Falta o cambió alguna línea. " + _DOWNLOAD,
    ),
    Codigo.TOTAL_SIN_COMPROBAR: Texto(
        "No se puede comprobar el total de {declara}: hay líneas cuyo importe no se lee bien.",
        "Mirá primero esas líneas, que están en este mismo informe.",
    ),
    Codigo.DATOS_TRAS_EL_CIERRE: Texto(
        "Hay datos después de la línea de cierre; desde acá no se leyó nada más.",
        "Si pegaste dos archivos, usalos de a uno, como los publica PagoMisCuentas.",
    ),
    Codigo.ENCABEZADO_REPETIDO: Texto(
        "Hay otro encabezado en el medio del archivo.",
        "Si pegaste dos archivos, usalos de a uno, como los publica PagoMisCuentas.",
    ),
    Codigo.NO_ES_TEXTO: Texto(
        "No se encuentra el fin de una línea: no parece un archivo de texto. Desde acá no se leyó nada más.",
        "Verificá que no esté comprimido. " + _DOWNLOAD,
    ),
    Codigo.ACREDITACION_NO_COINCIDE: Texto(
        "La fecha de acreditación no es la del archivo, {esperada}.",
        "Puede que se hayan mezclado pagos de dos días. " + _DOWNLOAD,
    ),
    Codigo.DOLARES_EN_EL_CIERRE: Texto(
        "El cierre declara pagos en dólares, que PagoMisCuentas no admite.",
        "No uses el archivo: consultá a PagoMisCuentas qué significa ese dato.",
    ),
    Codigo.LINEA_CORTA: Texto(
        "La línea mide {largo} caracteres y tiene que medir 100.",
        _DOWNLOAD + " " + _ASK,
    ),
    Codigo.LINEA_LARGA: Texto(
        "La línea mide {largo} caracteres y tiene que medir 100.",
        _DOWNLOAD + " " + _ASK,
    ),
    Codigo.LINEA_VACIA: Texto(
        "Hay una línea vacía en el medio del archivo.",
        "Puede que se haya borrado un pago. " + _DOWNLOAD,
    ),
    Codigo.REGISTRO_DESCONOCIDO: Texto(
        "La línea no empieza con 5 (pago) ni con 9 (cierre).",
        _ASK,
    ),
    Codigo.CARACTER_INVALIDO: Texto(
        "El dato tiene caracteres de control o que no se pueden mostrar.",
        _ASK,
    ),
    Codigo.ID_CLIENTE_INVALIDO: Texto(
        "El número de referencia está vacío o tiene caracteres que no se admiten.",
        "Buscá el pago por su número de control y ponéselo al cliente a mano. " + _ASK,
    ),
    Codigo.ID_FACTURA_INVALIDO: Texto(
        "El id. de factura tiene caracteres que no se admiten.",
        "Buscá la factura por el cliente y el vencimiento, e imputale el pago a mano. " + _ASK,
    ),
    Codigo.MONEDA_NO_ADMITIDA: Texto(
        "La moneda tiene que ser 0 (pesos): PagoMisCuentas no admite otra.",
        "Puede que la línea esté corrida. " + _ASK,
    ),
    Codigo.FECHA_INVALIDA: Texto(
        "La fecha no existe o no está como AAAAMMDD.",
        _ASK,
    ),
    Codigo.IMPORTE_INVALIDO: Texto(
        "El importe no son 11 dígitos.",
        _ASK,
    ),
    Codigo.IMPORTE_CERO: Texto(
        "El importe de un pago no puede ser cero.",
        _ASK,
    ),
    Codigo.MOVIMIENTO_DESCONOCIDO: Texto(
        "El código de movimiento tiene que ser 1 (pago sin factura) o 2 (pago con factura).",
        _ASK,
    ),
    Codigo.SOBRA_FACTURA: Texto(
        "El movimiento dice pago sin factura (1) y la línea trae una factura o un vencimiento.",
        "No se sabe qué se pagó: preguntale a PagoMisCuentas e imputá el pago a mano.",
    ),
    Codigo.FALTA_FACTURA: Texto(
        "El movimiento dice pago con factura (2) y a la línea le falta la factura o su vencimiento.",
        "No se sabe qué se pagó: preguntale a PagoMisCuentas e imputá el pago a mano.",
    ),
}


def problema(codigo: Codigo, linea: int, campo: Campo | None = None, valor: str = "", **named: object) -> Problema:
    """Make the report of one problem; without a field it is the whole line's."""
    return tell(codigo, TEXTOS[codigo], linea, campo, valor, **named)
