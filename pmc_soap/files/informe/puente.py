"""The pagos that wait in the puente, each with the reason and what a person can do about it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pmc_soap.domain.aviso import AvisoGuardado, AvisoPago, Pago
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.veredicto import explain_pago
from pmc_soap.files.informe.pagos import IMPORTE, OTRA_MONEDA, in_pesos
from pmc_soap.files.tabla.columna import Columna, Fila, Tabla, Tipo

if TYPE_CHECKING:
    from collections.abc import Mapping

QUE_HACER: "Mapping[str, str]" = {
    "YA_PAGADA": "imputarlo a otra factura o a cuenta, o devolverlo",
    "IMPORTE_DISTINTO": "imputarlo a su factura, a otra o a cuenta, o devolverlo",
    "MONEDA_DISTINTA": "devolverlo, o imputarlo si la empresa lo acepta",
    "BAJA": "imputarlo a su factura (queda de baja), a otra o a cuenta, o devolverlo",
    "VENCIDA": "imputarlo a su factura, a otra o a cuenta, o devolverlo",
    "DESCONOCIDA": "imputarlo a la factura y el cliente que corresponda, o devolverlo",
    "CONFLICTO": "aclararlo con PagoMisCuentas: el primer aviso con esa identificación es otro",
}
COLUMNAS = (
    Columna(nombre="codigo_empresa", titulo="Empresa", ancho=9),
    Columna(nombre="fecha_hora", titulo="Recibido", tipo=Tipo.INSTANTE),
    Columna(nombre="dia", titulo="Día del pago", tipo=Tipo.FECHA),
    Columna(nombre="id_cliente", titulo="Cliente", ancho=20),
    Columna(nombre="id_factura", titulo="Factura", ancho=21),
    IMPORTE,
    Columna(nombre="moneda", titulo="Moneda", ancho=8),
    OTRA_MONEDA,
    Columna(nombre="estado_aviso", titulo="Motivo", ancho=17),
    Columna(nombre="por_que", titulo="Por qué", ancho=50),
    Columna(nombre="que_se_puede_hacer", titulo="Qué se puede hacer", ancho=60),
    Columna(nombre="id_transaccion", titulo="IdTransaccion", ancho=38),
    Columna(nombre="id_aviso", titulo="IdAviso", ancho=38),
)


def tabla(waiting: Iterable[tuple[AvisoGuardado, Pago]]) -> Tabla:
    """Put what waits into a table."""
    return Tabla(nombre="puente", titulo="Puente", columnas=COLUMNAS, filas=(_fila(each) for each, _ in waiting))


def said(guardado: AvisoGuardado) -> AvisoPago:
    """Give the pago that waits."""
    if not isinstance(guardado.aviso, AvisoPago):
        raise TypeError("only pagos are in the puente")
    return guardado.aviso


def why(guardado: AvisoGuardado) -> str:
    """Say why it waits."""
    return explain_pago(guardado, said(guardado)).partition(": ")[2]


def _fila(guardado: AvisoGuardado) -> Fila:
    aviso = said(guardado)
    pesos, otra_moneda = in_pesos(aviso.importe_centavos, aviso.moneda)
    return (
        aviso.codigo_empresa,
        guardado.fecha_hora_utc,
        local_day(aviso.momento_utc),
        aviso.id_cliente,
        aviso.id_factura,
        pesos,
        aviso.moneda,
        otra_moneda,
        guardado.estado,
        why(guardado),
        QUE_HACER[guardado.estado],
        aviso.id_transaccion,
        guardado.id_aviso,
    )
