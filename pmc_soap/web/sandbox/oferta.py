"""What an answer to ConsultaDeuda shows, as a page needs it. Importes are centavos."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from pmc_soap.domain import importe
from pmc_soap.domain.factura import TipoImporte


class Vence(NamedTuple):
    """A due date, what is due until then, and whether it is the one that applies today."""

    fecha: date
    importe_centavos: int
    rige: bool


class Ofrecida(NamedTuple):
    """A factura that can be paid."""

    id_cliente: str
    id_factura: str
    pantalla: str
    ticket: str
    importe_centavos: int
    vencimientos: Sequence[Vence]
    tipo: str
    minimo_centavos: int | None
    maximo_centavos: int | None
    debe_anteriores: bool

    @property
    def abierto(self) -> bool:
        """Tell whether the payer says how much."""
        return self.tipo == TipoImporte.ABIERTO

    @property
    def cerrado(self) -> bool:
        """Tell whether only the exact importe settles it."""
        return self.tipo == TipoImporte.CERRADO

    @property
    def vence(self) -> date:
        """Give the day until which today's importe holds."""
        return next((v.fecha for v in self.vencimientos if v.rige), self.vencimientos[-1].fecha)


def read(dicho: Mapping[str, Any]) -> list[Ofrecida]:
    """Give the facturas of an answer, none if it has none."""
    return [_read(said) for said in (dicho.get("Facturas") or {}).get("Factura") or []]


def _read(said: Mapping[str, Any]) -> Ofrecida:
    return Ofrecida(
        id_cliente=said["IdCliente"],
        id_factura=said["IdFactura"],
        pantalla=said["MensajePantalla"],
        ticket=said["MensajeTicket"],
        importe_centavos=importe.from_decimal(said["ImporteExigible"]),
        vencimientos=[
            Vence(v["Fecha"], importe.from_decimal(v["Importe"]), v["Numero"] == said["NumeroVencimiento"])
            for v in said["Vencimientos"]["Vencimiento"]
        ],
        tipo=said["TipoImporte"],
        minimo_centavos=_maybe(said.get("ImporteMinimo")),
        maximo_centavos=_maybe(said.get("ImporteMaximo")),
        debe_anteriores=bool(said["DebePagarAnteriores"]),
    )


def _maybe(said: Decimal | None) -> int | None:
    return None if said is None else importe.from_decimal(said)
