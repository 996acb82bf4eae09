"""One detail line of a FAC: a factura, or all that is wrong with it."""

from pmc_soap.domain import identificador
from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento
from pmc_soap.files.fac.codigos import Codigo, problema
from pmc_soap.files.fac.registros import ANCHO, DETAILS, Variante
from pmc_soap.files.fac.variante import LARGO_MIN
from pmc_soap.files.lineas import Linea
from pmc_soap.files.registro import MONEDA_PESOS, Registro, is_number, read_fecha
from pmc_soap.operations.carga import Problema, Renglon

_NUMEROS = (1, 2, 3)
_BLANK = "0 "
_LARGO_ID = identificador.ID_CLIENTE_MAX  # S5 fills the repeated id with ones, by mistake: it is no other id


def read_detail(linea: Linea, codigo_empresa: str, variante: Variante = Variante.CLASICA) -> Renglon | list[Problema]:
    """Read the factura of the line, or tell every problem of it."""
    largo = len(linea.texto)
    if not LARGO_MIN[variante] <= largo <= ANCHO:
        codigo = Codigo.LINEA_CORTA if largo < ANCHO else Codigo.LINEA_LARGA
        return [problema(codigo, linea.numero, valor=linea.texto, largo=largo)]
    return _Detail(linea, DETAILS[variante]).read(codigo_empresa)


class _Detail:
    """One line being read; its problems gather on the way."""

    def __init__(self, linea: Linea, registro: Registro) -> None:
        self._linea = linea
        self._campos = registro.campos
        self._raw = registro.read(linea.texto)
        self._problemas: list[Problema] = []

    def read(self, codigo_empresa: str) -> Renglon | list[Problema]:
        if self._raw["moneda"] != MONEDA_PESOS:
            self._blame(Codigo.MONEDA_NO_ADMITIDA, "moneda")
        id_cliente = self._id("id_cliente", identificador.ID_CLIENTE_MAX, Codigo.ID_CLIENTE_INVALIDO)
        id_factura = self._id("id_factura", identificador.ID_FACTURA_MAX, Codigo.ID_FACTURA_INVALIDO)
        vencimientos, numeros = self._vencimientos()
        anterior = self._optional_id(
            "referencia_anterior", identificador.ID_CLIENTE_MAX, Codigo.REFERENCIA_ANTERIOR_INVALIDA
        )
        factura = Factura(
            clave=ClaveFactura(codigo_empresa=codigo_empresa, id_cliente=id_cliente, id_factura=id_factura),
            vencimientos=vencimientos,
            mensaje_ticket=self._text("mensaje_ticket"),
            mensaje_pantalla=self._text("mensaje_pantalla"),
            codigo_barras=self._optional_id(
                "codigo_barras", identificador.CODIGO_BARRAS_MAX, Codigo.CODIGO_BARRAS_INVALIDO
            ),
            referencia_anterior=None if anterior in {id_cliente, id_cliente.ljust(_LARGO_ID, "1")} else anterior,
        )
        return self._problemas or Renglon(linea=self._linea.numero, factura=factura, numeros=numeros)

    def _blame(self, codigo: Codigo, name: str, **named: object) -> None:
        self._problemas.append(problema(codigo, self._linea.numero, self._campos[name], self._raw[name], **named))

    def _id(self, name: str, max_length: int, codigo: Codigo) -> str:
        try:
            return identificador.validate(self._raw[name], max_length)
        except identificador.IdentificadorInvalido:
            self._blame(codigo, name)
            return ""

    def _optional_id(self, name: str, max_length: int, codigo: Codigo) -> str | None:
        return self._id(name, max_length, codigo) if self._raw[name].strip(_BLANK) else None

    def _text(self, name: str) -> str:
        text = self._linea.mend(self._raw[name]).strip()
        if not text.isprintable():
            self._blame(Codigo.CARACTER_INVALIDO, name)
        return text

    def _vencimientos(self) -> tuple[tuple[Vencimiento, ...], tuple[int, ...]]:
        """Read up to three; a later one of zeros, or equal to the one before it, is none (files.md §2.1)."""
        found: list[Vencimiento] = []
        numeros: list[int] = []
        for numero in _NUMEROS:
            if numero > 1 and not self._is_told(numero):
                continue
            vencimiento = self._vencimiento(numero)
            if vencimiento is not None and (not found or vencimiento != found[-1]):
                found.append(vencimiento)
                numeros.append(numero)
        return tuple(found), tuple(numeros)

    def _is_told(self, numero: int) -> bool:
        if not self._raw[f"fecha_{numero}"].strip(_BLANK):
            told = self._raw[f"importe_{numero}"]
            if told.strip(_BLANK) and told != self._raw[f"importe_{numero - 1}"]:
                self._blame(Codigo.VENCIMIENTO_SIN_FECHA, f"fecha_{numero}")
            return False
        if numero == len(_NUMEROS) and not self._raw["fecha_2"].strip(_BLANK):
            self._blame(Codigo.VENCIMIENTO_SALTEADO, "fecha_2")
        return True

    def _vencimiento(self, numero: int) -> Vencimiento | None:
        fecha = read_fecha(self._raw[f"fecha_{numero}"])
        if fecha is None:
            self._blame(Codigo.FECHA_INVALIDA, f"fecha_{numero}")
        centavos = self._raw[f"importe_{numero}"]
        if not is_number(centavos):
            name = f"importe_{numero}"
            self._blame(Codigo.IMPORTE_INVALIDO, name, digitos=self._campos[name].length)
            return None
        return Vencimiento(fecha=fecha, importe_centavos=int(centavos)) if fecha else None
