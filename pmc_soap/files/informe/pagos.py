"""The report of pagos: each as it stands, and what they come to."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pmc_soap.domain import importe
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.cob import Suma
from pmc_soap.files.tabla.columna import Columna, Fila, Tabla, Tipo

if TYPE_CHECKING:
    from datetime import date

    from pmc_soap.operations.informes import Informes, PagoInformado

IMPORTE = Columna(nombre="importe", titulo="Importe", tipo=Tipo.IMPORTE, suma=True)
OTRA_MONEDA = Columna(nombre="importe_otra_moneda", titulo="Importe en otra moneda", tipo=Tipo.IMPORTE, pantalla=False)
PAGOS = (
    Columna(nombre="codigo_empresa", titulo="Empresa", ancho=9),
    Columna(nombre="dia", titulo="Día del pago", tipo=Tipo.FECHA),
    Columna(nombre="fecha_hora_pago", titulo="Pagado", tipo=Tipo.INSTANTE, pantalla=False),
    Columna(nombre="fecha_hora_recibido", titulo="Recibido", tipo=Tipo.INSTANTE, pantalla=False),
    Columna(nombre="id_cliente", titulo="Cliente", ancho=20),
    Columna(nombre="id_factura", titulo="Factura", ancho=21),
    IMPORTE,
    Columna(nombre="estado", titulo="Estado del pago", ancho=15),
    Columna(nombre="juicio", titulo="Cómo se juzgó", ancho=17, pantalla=False),
    Columna(nombre="entrega", titulo="Entrega a la empresa", ancho=14),
    Columna(nombre="fecha_hora_entregado", titulo="Entregado", tipo=Tipo.INSTANTE, pantalla=False),
    Columna(nombre="fecha_hora_reversado", titulo="Reversado", tipo=Tipo.INSTANTE, pantalla=False),
    Columna(nombre="canal", titulo="Canal", ancho=7, pantalla=False),
    Columna(nombre="nro_control", titulo="Nro. de control", ancho=9, pantalla=False),
    Columna(nombre="origen", titulo="Quién lo informó", ancho=10, pantalla=False),
    Columna(nombre="conciliacion", titulo="En el COB", ancho=22),
    Columna(nombre="archivo_cob", titulo="Archivo COB", ancho=16, pantalla=False),
    Columna(nombre="moneda", titulo="Moneda", ancho=8, pantalla=False),
    OTRA_MONEDA,
    Columna(nombre="id_transaccion", titulo="IdTransaccion", ancho=38, pantalla=False),
    Columna(nombre="id_aviso", titulo="IdAviso", ancho=38),
)
RESUMEN = (
    Columna(nombre="codigo_empresa", titulo="Empresa", ancho=9),
    Columna(nombre="estado", titulo="Estado del pago", ancho=15),
    Columna(nombre="moneda", titulo="Moneda", ancho=8),
    Columna(nombre="cantidad", titulo="Cantidad", tipo=Tipo.ENTERO, suma=True),
    IMPORTE,
    OTRA_MONEDA,
)


class InformeDePagos:
    """The pagos of some empresas and days, and what they come to by state."""

    def __init__(self, informes: "Informes", codigos: Sequence[str], desde: "date", hasta: "date") -> None:
        self._informes = informes
        self._codigos, self._desde, self._hasta = codigos, desde, hasta
        self._sumas: dict[tuple[str, str, str], Suma] = {}

    @property
    def tablas(self) -> Sequence[Tabla]:
        """Give the pagos, then what those that were read come to."""
        return (
            Tabla(nombre="pagos", titulo="Pagos", columnas=PAGOS, filas=self._pagos()),
            Tabla(nombre="resumen", titulo="Resumen", columnas=RESUMEN, filas=self._resumen()),
        )

    def _pagos(self) -> Iterator[Fila]:
        for codigo in self._codigos:
            for pago in self._informes.pagos(codigo, self._desde, self._hasta):
                key = (pago.codigo_empresa, pago.estado.value, pago.moneda)
                one = Suma(cantidad=1, centavos=pago.importe_centavos)
                self._sumas[key] = self._sumas.get(key, Suma()) + one
                yield _pago(pago)

    def _resumen(self) -> Iterator[Fila]:
        for (codigo, estado, moneda), suma in sorted(self._sumas.items()):
            yield (codigo, estado, moneda, suma.cantidad, *in_pesos(suma.centavos, moneda))


def in_pesos(centavos: int, moneda: str) -> tuple[int | None, int | None]:
    """Put an importe where pesos are added up, or where another moneda is only told."""
    return (centavos, None) if moneda == importe.PESOS else (None, centavos)


def _pago(pago: "PagoInformado") -> Fila:
    pesos, otra_moneda = in_pesos(pago.importe_centavos, pago.moneda)
    return (
        pago.codigo_empresa,
        local_day(pago.momento_utc),
        None if pago.por_cob else pago.momento_utc,  # of a line of the COB only the day is known
        pago.recibido_utc,
        pago.id_cliente,
        pago.id_factura,
        pesos,
        pago.estado,
        pago.juicio,
        pago.entrega,
        pago.entregado_utc,
        pago.reversado_utc,
        pago.canal,
        pago.nro_control,
        "COB" if pago.por_cob else "AVISO",
        pago.desenlace,
        pago.archivo_cob,
        pago.moneda,
        otra_moneda,
        pago.id_transaccion,
        pago.id_aviso,
    )
