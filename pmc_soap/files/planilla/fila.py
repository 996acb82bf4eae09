"""One row of a planilla: a factura, or all that is wrong with it."""

from stdnum.ar import cuit
from stdnum.exceptions import ValidationError

from pmc_soap.domain import identificador, importe
from pmc_soap.domain.factura import (
    MENSAJE_PANTALLA_MAX,
    MENSAJE_TICKET_MAX,
    NOMBRE_CLIENTE_MAX,
    VENCIMIENTOS_MAX,
    ClaveFactura,
    Factura,
    TipoImporte,
    Vencimiento,
)
from pmc_soap.files.planilla.celda import Celda, CeldaInvalida, read_fecha, read_importe, read_text, show
from pmc_soap.files.planilla.codigos import Codigo, problema
from pmc_soap.files.planilla.columnas import Encabezado, Planilla
from pmc_soap.files.planilla.filas import Fila
from pmc_soap.operations.carga import Problema, Renglon


class LectorDeFilas:
    """Reads the rows of one file."""

    def __init__(self, planilla: Planilla, encabezado: Encabezado, codigo_empresa: str) -> None:
        self._planilla = planilla
        self._encabezado = encabezado
        self._codigo_empresa = codigo_empresa

    def read(self, fila: Fila) -> Renglon | list[Problema]:
        """Read the factura of the row, or tell every problem of it."""
        columnas, celdas = len(self._encabezado.names), len(_without_empty(fila, len(self._encabezado.names)))
        if fila.hasta > fila.numero:
            return [problema(Codigo.FILA_PARTIDA, fila.numero, valor=show(fila.celdas[0]))]
        if celdas != columnas:
            codigo = Codigo.FILA_CORTA if celdas < columnas else Codigo.FILA_LARGA
            return [problema(codigo, fila.numero, valor=show(fila.celdas[0]), celdas=celdas, columnas=columnas)]
        return _Fila(fila, self._planilla, self._encabezado).read(self._codigo_empresa)


def place_of(encabezado: Encabezado, campo: str) -> tuple[int, str]:
    """Give the number of a column, from 1, and what the file calls it; 0 and our own name where it has none."""
    place = encabezado.places.get(campo)
    return (0, campo) if place is None else (place + 1, encabezado.names[place].strip())


def _without_empty(fila: Fila, columnas: int) -> list[Celda]:
    """Drop the empty cells after the last column: Excel leaves them where something once was."""
    celdas = list(fila.celdas)
    while len(celdas) > columnas and celdas[-1] == "":
        celdas.pop()
    return celdas


class _Fila:
    """One row being read; its problems gather on the way."""

    def __init__(self, fila: Fila, planilla: Planilla, encabezado: Encabezado) -> None:
        self._fila = fila
        self._planilla = planilla
        self._encabezado = encabezado
        self._problemas: list[Problema] = []

    def read(self, codigo_empresa: str) -> Renglon | list[Problema]:
        moneda = importe.compact_moneda(self._text("moneda", 3, Codigo.MONEDA_NO_ADMITIDA) or importe.PESOS)
        if moneda != importe.PESOS:
            self._blame(Codigo.MONEDA_NO_ADMITIDA, "moneda")
        clave = ClaveFactura(
            codigo_empresa=codigo_empresa,
            id_cliente=self._id("id_cliente", identificador.ID_CLIENTE_MAX, Codigo.ID_CLIENTE_INVALIDO),
            id_factura=self._id("id_factura", identificador.ID_FACTURA_MAX, Codigo.ID_FACTURA_INVALIDO),
        )
        vencimientos, numeros = self._vencimientos()
        barras = identificador.CODIGO_BARRAS_MAX
        anterior = self._optional_id(
            "referencia_anterior", identificador.ID_CLIENTE_MAX, Codigo.REFERENCIA_ANTERIOR_INVALIDA
        )
        factura = Factura(
            clave=clave,
            vencimientos=vencimientos,
            mensaje_ticket=self._mensaje("mensaje_ticket", MENSAJE_TICKET_MAX),
            mensaje_pantalla=self._mensaje("mensaje_pantalla", MENSAJE_PANTALLA_MAX),
            codigo_barras=self._optional_id("codigo_barras", barras, Codigo.CODIGO_BARRAS_INVALIDO),
            nombre_cliente=self._mensaje("nombre_cliente", NOMBRE_CLIENTE_MAX) or None,
            cuit_cliente=self._cuit(),
            referencia_anterior=None if anterior == clave.id_cliente else anterior,
            tipo_importe=self._tipo_importe(),
            importe_minimo_centavos=self._optional_importe("importe_minimo"),
            importe_maximo_centavos=self._optional_importe("importe_maximo"),
        )
        return self._problemas or Renglon(linea=self._fila.numero, factura=factura, numeros=numeros)

    def _celda(self, campo: str) -> Celda:
        place = self._encabezado.places.get(campo)
        return "" if place is None else self._fila.celdas[place]

    def _is_told(self, campo: str) -> bool:
        celda = self._celda(campo)
        return celda.strip() != "" if isinstance(celda, str) else True

    def _blame(self, codigo: Codigo, campo: str, **named: object) -> None:
        columna, nombre = place_of(self._encabezado, campo)
        self._problemas.append(problema(codigo, self._fila.numero, columna, nombre, show(self._celda(campo)), **named))

    def _text(self, campo: str, max_length: int, codigo: Codigo) -> str:
        """Read a text; codigo is told of one that is too long, and of an id in a cell of another kind."""
        celda = self._celda(campo)
        if celda == "":  # most cells of most planillas
            return ""
        try:
            text = read_text(celda)
        except CeldaInvalida as invalida:
            is_own = codigo is not Codigo.TEXTO_LARGO and invalida.codigo is Codigo.DATO_INVALIDO
            self._blame(codigo if is_own else invalida.codigo, campo)
            return ""
        if not text.isprintable():
            self._blame(Codigo.CARACTER_INVALIDO, campo)
            return ""
        if len(text) > max_length:
            self._blame(codigo, campo, largo=len(text), maximo=max_length)
            return ""
        return text

    def _mensaje(self, campo: str, max_length: int) -> str:
        return self._text(campo, max_length, Codigo.TEXTO_LARGO)

    def _id(self, campo: str, max_length: int, codigo: Codigo) -> str:
        before = len(self._problemas)
        text = self._text(campo, max_length, codigo)
        try:
            return identificador.validate(text, max_length)
        except identificador.IdentificadorInvalido:
            if len(self._problemas) == before:
                self._blame(codigo, campo)
            return ""

    def _optional_id(self, campo: str, max_length: int, codigo: Codigo) -> str | None:
        return self._id(campo, max_length, codigo) if self._is_told(campo) else None

    def _cuit(self) -> str | None:
        if not self._is_told("cuit_cliente"):
            return None
        try:
            return str(cuit.validate(self._text("cuit_cliente", 15, Codigo.CUIT_INVALIDO)))
        except ValidationError:
            self._blame(Codigo.CUIT_INVALIDO, "cuit_cliente")
            return None

    def _tipo_importe(self) -> TipoImporte:
        text = self._text("tipo_importe", 10, Codigo.TIPO_IMPORTE_INVALIDO).upper()
        try:
            return TipoImporte(text or TipoImporte.CERRADO)
        except ValueError:
            self._blame(Codigo.TIPO_IMPORTE_INVALIDO, "tipo_importe")
            return TipoImporte.CERRADO

    def _optional_importe(self, campo: str) -> int | None:
        return self._importe(campo) if self._is_told(campo) else None

    def _importe(self, campo: str) -> int:
        try:
            return read_importe(self._celda(campo), self._planilla.decimal)
        except CeldaInvalida as invalida:
            self._blame(invalida.codigo, campo)
            return 0

    def _vencimientos(self) -> tuple[tuple[Vencimiento, ...], tuple[int, ...]]:
        """Read up to three; one that repeats the one before it is none, as in a FAC."""
        found: list[Vencimiento] = []
        numeros: list[int] = []
        for numero in range(1, VENCIMIENTOS_MAX + 1):
            fecha, cuanto = columns_of(numero)
            if numero > 1 and not self._is_told(fecha):
                if self._is_told(cuanto):
                    self._blame(Codigo.VENCIMIENTO_SIN_FECHA, fecha)
                continue
            if numero == VENCIMIENTOS_MAX and not self._is_told(columns_of(2)[0]):
                self._blame(Codigo.VENCIMIENTO_SALTEADO, columns_of(2)[0])
            vencimiento = self._vencimiento(fecha, cuanto)
            if vencimiento is not None and (not found or vencimiento != found[-1]):
                found.append(vencimiento)
                numeros.append(numero)
        return tuple(found), tuple(numeros)

    def _vencimiento(self, fecha: str, cuanto: str) -> Vencimiento | None:
        try:
            day = read_fecha(self._celda(fecha), self._planilla.fechas)
        except CeldaInvalida as invalida:
            self._blame(invalida.codigo, fecha)
            day = None
        before = len(self._problemas)
        centavos = self._importe(cuanto)
        return Vencimiento(fecha=day, importe_centavos=centavos) if day and len(self._problemas) == before else None


def columns_of(numero: int) -> tuple[str, str]:
    """Name the columns of the date and the importe of a vencimiento, 1 to 3."""
    return ("vencimiento", "importe") if numero == 1 else (f"vencimiento_{numero}", f"importe_{numero}")
