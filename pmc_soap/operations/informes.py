"""What a report asks of the ledger: rows of any number, one by one, as one moment has them. It changes nothing."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from pmc_soap.domain.aviso import AvisoGuardado, EstadoAviso, EstadoPago, Pago, TipoAviso
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.valor import value
from pmc_soap.operations.cobranza import LineaInformada


class EntregaPago(StrEnum):
    """How far a pago is on its way to all destinos of the empresa; what still waits goes before what does not.

    NO_SE_DEBE: the empresa is not told of it (it waits in the puente, or was taken back before).
    """

    NO_SE_DEBE = "NO_SE_DEBE"
    DETENIDA = "DETENIDA"
    PENDIENTE = "PENDIENTE"
    RECHAZADA = "RECHAZADA"
    ENTREGADA = "ENTREGADA"


@value
class PagoInformado:
    """A pago as it stands: what was told of it, where its money is, and what came after.

    id_cliente and id_factura are those it was imputed to, which an operator may have assigned. momento_utc is by the
    network's clock; por_cob: no aviso told of it first, a COB did. desenlace: what its line in the COB came to.
    """

    codigo_empresa: str
    id_aviso: str
    recibido_utc: datetime
    momento_utc: datetime
    id_cliente: str
    id_factura: str | None
    importe_centavos: int
    moneda: str
    estado: EstadoPago
    juicio: EstadoAviso
    entrega: EntregaPago
    id_transaccion: str | None = None
    canal: str | None = None
    nro_control: str | None = None
    por_cob: bool = False
    reversado_utc: datetime | None = None
    entregado_utc: datetime | None = None
    archivo_cob: str | None = None
    desenlace: Desenlace | None = None


@value
class EntregaHecha:
    """An aviso on its way to one destino: when it came to us, and when that took it."""

    tipo: TipoAviso
    destino: str
    recibido_utc: datetime
    entregado_utc: datetime | None


class Informes(Protocol):
    """The rows of reports. An iterator holds the ledger open until it ends: nobody is called meanwhile."""

    def pagos(self, codigo_empresa: str, desde: date, hasta: date) -> Iterator[PagoInformado]:
        """Give the pagos made on these days, in the order in which they came."""

    def en_puente(self, codigo_empresa: str | None) -> Iterator[tuple[AvisoGuardado, Pago]]:
        """Give all pagos that wait, of one empresa or of all, the oldest first."""

    def lineas(self, codigo_empresa: str, desde: date, hasta: date) -> Iterator[LineaInformada]:
        """Give the lines of the COBs of these days, those that a corrected file has no more left out."""

    def entregas(self, codigo_empresa: str, dia: date) -> Iterator[EntregaHecha]:
        """Give what was owed to the destinos of the avisos that came that day."""

    def consultas(self, codigo_empresa: str, dia: date) -> int:
        """Count the consultas of that day."""

    def avisos(self, codigo_empresa: str, dia: date, tipo: TipoAviso) -> int:
        """Count the avisos of that day, but for those that only a COB told of."""
