"""One detail line of a COB: a cobro, or all that is wrong with it."""

from datetime import date

from pmc_soap.domain import identificador
from pmc_soap.domain.aviso import PAGO_CON_FACTURA, PAGO_SIN_FACTURA
from pmc_soap.domain.cobro import Cobro, CobroInvalido, RenglonCobro, validate
from pmc_soap.files.cob.codigos import Codigo, problema
from pmc_soap.files.cob.registros import ANCHO, DETAIL
from pmc_soap.files.lineas import Linea
from pmc_soap.files.registro import MONEDA_PESOS, is_number, read_fecha
from pmc_soap.operations.carga import Problema

LARGO_MIN = DETAIL.campos["filler"].start - 1  # only the trailing filler may be missing
_BLANK = "0 "


def read_detail(linea: Linea, fecha: date) -> RenglonCobro | list[Problema]:
    """Read the cobro of the line, or tell every problem of it. fecha is the header's: what it must be credited on."""
    largo = len(linea.texto)
    if not LARGO_MIN <= largo <= ANCHO:
        codigo = Codigo.LINEA_CORTA if largo < ANCHO else Codigo.LINEA_LARGA
        return [problema(codigo, linea.numero, valor=linea.texto, largo=largo)]
    return _Detail(linea).read(fecha)


class _Detail:
    """One line being read; its problems gather on the way."""

    def __init__(self, linea: Linea) -> None:
        self._linea = linea
        self._raw = DETAIL.read(linea.texto)
        self._problemas: list[Problema] = []

    def read(self, fecha: date) -> RenglonCobro | list[Problema]:
        if self._raw["moneda"] != MONEDA_PESOS:
            self._blame(Codigo.MONEDA_NO_ADMITIDA, "moneda")
        cobro = Cobro(
            id_cliente=self._id("id_cliente", identificador.ID_CLIENTE_MAX, Codigo.ID_CLIENTE_INVALIDO),
            id_factura=self._id_factura(),
            primer_vencimiento=self._vencimiento(),
            fecha_aplicacion=self._fecha("fecha_aplicacion"),
            importe_centavos=self._number("importe_centavos", Codigo.IMPORTE_INVALIDO),
            codigo_movimiento=self._number("codigo_movimiento", Codigo.MOVIMIENTO_DESCONOCIDO),
            fecha_acreditacion=self._acreditacion(fecha),
            canal=self._text("canal"),
            nro_control=self._text("nro_control"),
            codigo_provincia=self._text("codigo_provincia"),
        )
        if not self._problemas:
            self._judge(cobro)
        return self._problemas or RenglonCobro(linea=self._linea.numero, cobro=cobro)

    def _judge(self, cobro: Cobro) -> None:
        try:
            validate(cobro)
        except CobroInvalido as error:
            self._blame(_codigo(cobro, error.campo), error.campo)

    def _blame(self, codigo: Codigo, name: str, **named: object) -> None:
        self._problemas.append(problema(codigo, self._linea.numero, DETAIL.campos[name], self._raw[name], **named))

    def _id(self, name: str, max_length: int, codigo: Codigo) -> str:
        try:
            return identificador.validate(self._raw[name], max_length)
        except identificador.IdentificadorInvalido:
            self._blame(codigo, name)
            return ""

    def _id_factura(self) -> str | None:
        """Read it; a factura may be called "0", but not where the movimiento says that there is none."""
        sin_factura = self._raw["codigo_movimiento"] == str(PAGO_SIN_FACTURA)
        if not self._raw["id_factura"].strip(_BLANK if sin_factura else " "):
            return None
        return self._id("id_factura", identificador.ID_FACTURA_MAX, Codigo.ID_FACTURA_INVALIDO)

    def _vencimiento(self) -> date | None:
        return self._fecha("primer_vencimiento") if self._raw["primer_vencimiento"].strip(_BLANK) else None

    def _fecha(self, name: str) -> date:
        fecha = read_fecha(self._raw[name])
        if fecha is None:
            self._blame(Codigo.FECHA_INVALIDA, name)
        return fecha or date.min

    def _acreditacion(self, fecha: date) -> date:
        if read_fecha(self._raw["fecha_acreditacion"]) not in {None, fecha}:
            self._blame(Codigo.ACREDITACION_NO_COINCIDE, "fecha_acreditacion", esperada=f"{fecha:%d/%m/%Y}")
        return self._fecha("fecha_acreditacion")

    def _number(self, name: str, codigo: Codigo) -> int:
        if is_number(self._raw[name]):
            return int(self._raw[name])
        self._blame(codigo, name)
        return 0

    def _text(self, name: str) -> str | None:
        text = self._linea.mend(self._raw[name]).strip()
        if not text.isprintable():
            self._blame(Codigo.CARACTER_INVALIDO, name)
        return text or None


def _codigo(cobro: Cobro, campo: str) -> Codigo:
    """Give the code of the rule that was broken at that field."""
    match campo:
        case "importe_centavos":
            return Codigo.IMPORTE_CERO
        case "codigo_movimiento":
            return Codigo.MOVIMIENTO_DESCONOCIDO
    return Codigo.FALTA_FACTURA if cobro.codigo_movimiento == PAGO_CON_FACTURA else Codigo.SOBRA_FACTURA
