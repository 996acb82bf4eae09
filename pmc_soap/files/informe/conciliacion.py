"""The report of the conciliación: the lines of the COBs, the pagos that none tells of, and each day's five heaps."""

from collections.abc import Iterator, Sequence

from pmc_soap.domain.cob import Balde
from pmc_soap.domain.conciliacion import SOLO_EN_AVISO
from pmc_soap.domain.importe import PESOS
from pmc_soap.files.tabla.columna import Columna, Fila, Tabla, Tipo
from pmc_soap.operations.cierre import DiaConciliado
from pmc_soap.operations.cobranza import Conciliado, LineaInformada, PagoSinLinea
from pmc_soap.operations.informes import Informes

QUE_ES = {
    "CONCILIADO": "el COB y el aviso dicen lo mismo",
    "SOLO_EN_COB": "nadie lo avisó: el pago se tomó del COB",
    "DIF_FECHA": "es el mismo pago, con más de un día hábil de diferencia",
    "DIF_IMPORTE": "la factura es la misma y el importe no",
    "REVERSADO_PERO_EN_COB": "PagoMisCuentas lo reversó y lo rindió igual",
    "DUPLICADO_EN_COB": "repite palabra por palabra otra línea",
    "LINEA_INVALIDA": "no se puede leer como un pago",
    "SOLO_EN_AVISO": "se avisó y ningún COB lo trae",
}
QUE_HACER = {
    "SOLO_EN_COB": "nada; si llega el aviso, no suma",
    "DIF_FECHA": "nada, salvo que se repita: entonces preguntale a PagoMisCuentas",
    "DIF_IMPORTE": "aclaralo con PagoMisCuentas, corregí la imputación en tu sistema y descartá la línea",
    "REVERSADO_PERO_EN_COB": "preguntale a PagoMisCuentas: si el pago vale, resolvela con --pago; si no, descartala",
    "DUPLICADO_EN_COB": "preguntale a PagoMisCuentas: si son dos pagos, resolvela con --pago; si no, descartala",
    "LINEA_INVALIDA": "pasale la línea a PagoMisCuentas, imputá el pago a mano en tu sistema y descartala",
    "SOLO_EN_AVISO": "si ya pasaron dos días hábiles, reclamale el dinero a PagoMisCuentas",
}
ESPERAR = "esperar: el dinero llega a los dos días hábiles"
BALDES = ("Conciliado", "Solo en el COB", "Solo en avisos", "Diferencias", "Líneas inválidas")  # as domain/cob.Balde
LINEAS = (
    Columna(nombre="codigo_empresa", titulo="Empresa", ancho=9),
    Columna(nombre="dia", titulo="Día", tipo=Tipo.FECHA),
    Columna(nombre="que_paso", titulo="Qué pasó", ancho=24),
    Columna(nombre="id_cliente", titulo="Cliente", ancho=20),
    Columna(nombre="id_factura", titulo="Factura", ancho=21),
    Columna(nombre="dia_del_pago", titulo="Día del pago", tipo=Tipo.FECHA),
    Columna(nombre="importe_cob", titulo="Importe en el COB", tipo=Tipo.IMPORTE, suma=True),
    Columna(nombre="importe_aviso", titulo="Importe avisado", tipo=Tipo.IMPORTE, suma=True),
    Columna(nombre="que_hacer", titulo="Qué hacer", ancho=60),
    Columna(nombre="resuelta", titulo="Resuelta", ancho=9, pantalla=False),
    Columna(nombre="estado_pago", titulo="Estado del pago", ancho=15, pantalla=False),
    Columna(nombre="archivo", titulo="Archivo", ancho=16, pantalla=False),
    Columna(nombre="linea", titulo="Línea", tipo=Tipo.ENTERO, pantalla=False),
    Columna(nombre="regla", titulo="Cómo se encontraron", ancho=16, pantalla=False),
    Columna(nombre="canal", titulo="Canal", ancho=7, pantalla=False),
    Columna(nombre="nro_control", titulo="Nro. de control", ancho=9, pantalla=False),
    Columna(nombre="id_aviso", titulo="IdAviso", ancho=38),
    Columna(nombre="codigos", titulo="Códigos de la línea inválida", ancho=14, pantalla=False),
    Columna(nombre="texto", titulo="Texto de la línea inválida", ancho=40, pantalla=False),
)
DIAS = (
    Columna(nombre="codigo_empresa", titulo="Empresa", ancho=9),
    Columna(nombre="dia", titulo="Día", tipo=Tipo.FECHA),
    Columna(nombre="archivos", titulo="Archivos", ancho=20),
    *(
        columna
        for nombre, titulo in zip(
            ("conciliado", "solo_en_cob", "solo_en_aviso", "diferencias", "invalidas"), BALDES, strict=True
        )
        for columna in (
            Columna(
                nombre=f"{nombre}_cantidad", titulo=f"{titulo}: cantidad", tipo=Tipo.ENTERO, suma=True, pantalla=False
            ),
            Columna(nombre=f"{nombre}_importe", titulo=f"{titulo}: importe", tipo=Tipo.IMPORTE, suma=True),
        )
    ),
    Columna(nombre="cob_cantidad", titulo="Total del COB: cantidad", tipo=Tipo.ENTERO, suma=True),
    Columna(nombre="cob_importe", titulo="Total del COB: importe", tipo=Tipo.IMPORTE, suma=True),
    Columna(nombre="cerrado", titulo="Cerrado", ancho=9),
)
SIN_LINEA_MAX = 1_000_000  # of one day


class InformeDeConciliacion:
    """The COBs of an empresa and some days."""

    def __init__(self, informes: Informes, conciliado: Conciliado, dias: Sequence[DiaConciliado]) -> None:
        self._informes, self._conciliado, self._dias = informes, conciliado, dias

    @property
    def tablas(self) -> Sequence[Tabla]:
        """Give the lines and the pagos without a line, then the days."""
        return (
            Tabla(nombre="lineas", titulo="Líneas", columnas=LINEAS, filas=self._lineas()),
            Tabla(nombre="dias", titulo="Días", columnas=DIAS, filas=map(_dia, self._dias)),
        )

    def _lineas(self) -> Iterator[Fila]:
        for dia in self._dias:
            yield from map(_linea, self._informes.lineas(dia.codigo_empresa, dia.fecha, dia.fecha))
            late = bool(dia.vencidos)  # all were paid on the same day
            for pago in self._sin_linea(dia):
                yield _pago(pago, late=late)

    def _sin_linea(self, dia: DiaConciliado) -> Sequence[PagoSinLinea]:
        if len(dia.sin_linea) == dia.baldes[Balde.SOLO_EN_AVISO].cantidad:
            return dia.sin_linea
        return self._conciliado.sin_linea(dia.codigo_empresa, dia.fecha, dia.fecha, SIN_LINEA_MAX)


def _linea(linea: LineaInformada) -> Fila:
    return (
        linea.codigo_empresa,
        linea.fecha,
        linea.desenlace or "SIN_DECIDIR",  # its file was cut half-way: run it again
        linea.id_cliente,
        linea.id_factura,
        linea.fecha_aplicacion,
        linea.importe_centavos,
        linea.importe_aviso_centavos,
        que_hacer(linea) if linea.desenlace else "volver a correr el archivo, que quedó a medias",
        "sí" if linea.resuelta else None,
        linea.estado_pago,
        linea.nombre,
        linea.linea,
        linea.regla,
        linea.canal,
        linea.nro_control,
        linea.id_aviso,
        linea.codigos,
        linea.texto,
    )


def _pago(pago: PagoSinLinea, *, late: bool) -> Fila:
    pesos = pago.importe_centavos if pago.moneda == PESOS else None
    told = (pago.id_cliente, pago.id_factura, pago.dia, None, pesos)
    que = QUE_HACER[SOLO_EN_AVISO] if late else ESPERAR
    return (pago.codigo_empresa, pago.dia, SOLO_EN_AVISO, *told, que, *(None,) * 7, pago.id_aviso, None, None)


def _dia(dia: DiaConciliado) -> Fila:
    heaps = (part for suma in dia.baldes.values() for part in (suma.cantidad, suma.centavos))
    return (
        dia.codigo_empresa,
        dia.fecha,
        ", ".join(cob.nombre for cob in dia.cobs),
        *heaps,
        dia.total.cantidad,
        dia.total.centavos,
        "sí" if dia.cerrado else "no",
    )


def que_hacer(linea: LineaInformada) -> str | None:
    """Say what a person is to do about a line, if anything."""
    if linea.resuelta:
        return None
    if linea.desenlace == "SOLO_EN_COB" and linea.estado_pago == "EN_PUENTE":
        return f"está en el puente: pmc-soap puente apply {linea.id_aviso}"
    return QUE_HACER.get(linea.desenlace)
