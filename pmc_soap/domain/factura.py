"""A factura: what is owed, until when, and what is due on a given day.

Importes are centavos. Source: the FAC layout (files.md §2.1) and contract.md §2.
"""

from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from stdnum.ar import cuit
from stdnum.exceptions import ValidationError

from pmc_soap.domain import importe
from pmc_soap.domain.empresa import PoliticaImporte
from pmc_soap.domain.resultado import Rejected, Resultado
from pmc_soap.domain.valor import value

VENCIMIENTOS_MAX = 3
MENSAJE_TICKET_MAX = 40
MENSAJE_PANTALLA_MAX = 15
NOMBRE_CLIENTE_MAX = 40


class EstadoFactura(StrEnum):
    """Stored states. Vencida is read from the calendar, never stored."""

    PENDIENTE = "PENDIENTE"
    PAGADA = "PAGADA"
    BAJA = "BAJA"
    REEMPLAZADA = "REEMPLAZADA"


class Origen(StrEnum):
    """Which instance tells of a factura: the base that the empresa reported, or its own system when it was asked."""

    BASE = "BASE"
    EMPRESA = "EMPRESA"


class TipoImporte(StrEnum):
    """Whether the payer must pay the exact importe, any, or one between a minimum and a maximum."""

    CERRADO = "CERRADO"
    ABIERTO = "ABIERTO"
    RANGO = "RANGO"


class MotivoBaja(StrEnum):
    """Why an empresa withdraws a factura (known.md §1.6)."""

    PAGADA_OTRO_CANAL = "PAGADA_OTRO_CANAL"
    ANULADA = "ANULADA"
    VENCIDA = "VENCIDA"
    OTRO = "OTRO"


@value
class Vencimiento:
    """One due date and what is due until the end of that day, in Argentina."""

    fecha: date
    importe_centavos: int


@value
class Exigible:
    """What is due on a day, and which vencimiento (1..3) says so."""

    numero: int
    importe_centavos: int


@value
class ClaveFactura:
    """What names a factura: the empresa, the cliente and the empresa's own id of it."""

    codigo_empresa: str
    id_cliente: str
    id_factura: str


@value
class Factura:
    """One factura as the empresa reported it."""

    clave: ClaveFactura
    vencimientos: tuple[Vencimiento, ...]
    mensaje_pantalla: str
    mensaje_ticket: str
    moneda: str = importe.PESOS
    tipo_importe: TipoImporte = TipoImporte.CERRADO
    importe_minimo_centavos: int | None = None
    importe_maximo_centavos: int | None = None
    codigo_barras: str | None = None
    nombre_cliente: str | None = None
    cuit_cliente: str | None = None
    referencia_anterior: str | None = None
    estado: EstadoFactura = EstadoFactura.PENDIENTE
    origen: Origen = Origen.BASE

    @property
    def ultimo_vencimiento(self) -> date:
        """Give the last day on which it can be paid."""
        return self.vencimientos[-1].fecha

    def due_on(self, day: date, gracia_dias: int = 0) -> Exigible | None:
        """Give what is due on that day; None once the last due date, and the grace after it, have passed."""
        for numero, vencimiento in enumerate(self.vencimientos, start=1):
            if day <= vencimiento.fecha:
                return Exigible(numero=numero, importe_centavos=vencimiento.importe_centavos)
        if day > self.ultimo_vencimiento + timedelta(days=gracia_dias):
            return None
        return Exigible(numero=len(self.vencimientos), importe_centavos=self.vencimientos[-1].importe_centavos)

    def accepts(
        self,
        importe_centavos: int,
        day: date,
        politica: PoliticaImporte = PoliticaImporte.EXACTO,
        gracia_dias: int = 0,
    ) -> bool:
        """Tell whether a payment of that importe on that day settles it."""
        exigible = self.due_on(day, gracia_dias)
        if exigible is None or importe_centavos <= 0:
            return False
        if politica is PoliticaImporte.ADMITE_CUALQUIERA:
            return True
        match self.tipo_importe:
            case TipoImporte.CERRADO:
                more = politica is PoliticaImporte.ADMITE_MAYOR and importe_centavos > exigible.importe_centavos
                return more or importe_centavos == exigible.importe_centavos
            case TipoImporte.ABIERTO:
                return True
            case TipoImporte.RANGO:
                minimo, maximo = self.importe_minimo_centavos or 0, self.importe_maximo_centavos or 0
                return minimo <= importe_centavos <= maximo


def validate(factura: Factura) -> Factura:
    """Return the factura, or raise Rejected with the first rule it breaks and the field at fault."""
    if factura.moneda != importe.PESOS:
        raise Rejected(Resultado.MONEDA_NO_ADMITIDA, "Moneda")
    _validate_vencimientos(factura)
    _validate_rango(factura)
    _validate_texts(factura)
    return factura


def _validate_vencimientos(factura: Factura) -> None:
    vencimientos = factura.vencimientos
    importe_minimo = 1 if factura.tipo_importe is TipoImporte.CERRADO else 0
    if not 1 <= len(vencimientos) <= VENCIMIENTOS_MAX:
        raise Rejected(Resultado.VENCIMIENTOS_INVALIDOS, "Vencimientos")
    if any(not importe_minimo <= v.importe_centavos <= importe.MAX_CENTAVOS for v in vencimientos):
        raise Rejected(Resultado.VENCIMIENTOS_INVALIDOS, "Importe")
    for earlier, later in pairwise(vencimientos):
        if later.fecha < earlier.fecha:
            raise Rejected(Resultado.VENCIMIENTOS_INVALIDOS, "Fecha")
        if later.importe_centavos < earlier.importe_centavos:
            raise Rejected(Resultado.VENCIMIENTOS_INVALIDOS, "Importe")


def _validate_rango(factura: Factura) -> None:
    minimo, maximo = factura.importe_minimo_centavos, factura.importe_maximo_centavos
    if factura.tipo_importe is not TipoImporte.RANGO:
        if minimo is not None or maximo is not None:
            raise Rejected(Resultado.DATO_INVALIDO, "TipoImporte")
        return
    if minimo is None or maximo is None:
        raise Rejected(Resultado.DATO_INVALIDO, "ImporteMinimo" if minimo is None else "ImporteMaximo")
    suggested = [v.importe_centavos for v in factura.vencimientos if v.importe_centavos]
    if not 0 < minimo <= maximo or any(not minimo <= amount <= maximo for amount in suggested):
        raise Rejected(Resultado.IMPORTE_FUERA_DE_RANGO, "ImporteMinimo")


def _validate_texts(factura: Factura) -> None:
    limits = (
        ("MensajePantalla", factura.mensaje_pantalla, MENSAJE_PANTALLA_MAX),
        ("MensajeTicket", factura.mensaje_ticket, MENSAJE_TICKET_MAX),
        ("NombreCliente", factura.nombre_cliente or "", NOMBRE_CLIENTE_MAX),
    )
    for campo, text, max_length in limits:
        if len(text) > max_length:
            raise Rejected(Resultado.DATO_INVALIDO, campo)
    if factura.cuit_cliente is not None:
        try:
            cuit.validate(factura.cuit_cliente)
        except ValidationError:
            raise Rejected(Resultado.DATO_INVALIDO, "CuitCliente") from None
