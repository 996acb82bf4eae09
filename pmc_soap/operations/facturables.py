"""Which consultas PMC may charge in a month, each with the pago that followed it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.domain.facturable import Cita, ConsultaHecha, Cruce, Mes, PagoHecho, match
from pmc_soap.domain.valor import value

# A month is not alone: a consulta of its last day is paid in the next, and pagos of its neighbours use up consultas.
MARGEN = timedelta(days=7)
DEMORA_MAX = timedelta(days=31)  # an aviso that comes later than that after its month changes nothing


class Consultado(Protocol):
    """What was asked and what was paid, as it was written down."""

    def consultas(self, codigo_empresa: str, since_utc: datetime, until_utc: datetime) -> Sequence[ConsultaHecha]:
        """Give the consultas made in that time."""

    def consultas_by_id(self, codigo_empresa: str, ids: Collection[str]) -> Sequence[ConsultaHecha]:
        """Give the consultas of that empresa that have one of those ids."""

    def pagos(self, codigo_empresa: str, since_utc: datetime, until_utc: datetime) -> Sequence[PagoHecho]:
        """Give the pagos told in that time, but for those whose identity was another's (CONFLICTO)."""

    def recent(
        self, codigos: Collection[str], limit: int, id_cliente: str | None = None, id_factura: str | None = None
    ) -> Sequence[ConsultaHecha]:
        """Give the newest consultas, of all or of one cliente, that asked for or showed that factura."""


@value
class Liquidacion:
    """What a month comes to. sin_consulta holds the month's pagos that no consulta can be charged for."""

    codigo_empresa: str
    mes: Mes
    consultas: int
    facturables: tuple[Cruce, ...]
    reversadas: tuple[Cruce, ...]
    sin_consulta: tuple[Cruce, ...]

    @property
    def con_pago(self) -> int:
        """Count the consultas that a pago followed, also where it was reversed since."""
        return len(self.facturables) + len(self.reversadas)

    @property
    def sin_pago(self) -> int:
        """Count the consultas that nobody paid after."""
        return self.consultas - self.con_pago

    @property
    def citas_sin_registro(self) -> tuple[Cruce, ...]:
        """Give the pagos that quote a consulta which is not recorded, whatever consulta was found for them."""
        cruces = (*self.facturables, *self.reversadas, *self.sin_consulta)
        return tuple(cruce for cruce in cruces if cruce.cita is Cita.DESCONOCIDA)


class Facturables:
    """Tells which consultas of a month PMC may charge, and why."""

    def __init__(self, consultado: Consultado) -> None:
        self._consultado = consultado

    def of_month(self, codigo_empresa: str, mes: Mes) -> Liquidacion:
        """Match the month's consultas with the pagos that followed; codigo_empresa is the one data is kept under."""
        since, until = mes.since_utc - MARGEN, mes.until_utc
        consultas = self._consultado.consultas(codigo_empresa, since, until + MARGEN)
        pagos = self._consultado.pagos(codigo_empresa, since, until + DEMORA_MAX)
        known = {consulta.id_consulta for consulta in consultas}
        quoted = {pago.id_consulta for pago in pagos if pago.id_consulta is not None} - known
        cruces = match([*consultas, *self._consultado.consultas_by_id(codigo_empresa, quoted)], pagos)
        of_month = [cruce for cruce in cruces if cruce.consulta and mes.holds(cruce.consulta.fecha_hora_utc)]
        return Liquidacion(
            codigo_empresa=codigo_empresa,
            mes=mes,
            consultas=sum(mes.holds(consulta.fecha_hora_utc) for consulta in consultas),
            facturables=tuple(cruce for cruce in of_month if not _reversado(cruce)),
            reversadas=tuple(cruce for cruce in of_month if _reversado(cruce)),
            sin_consulta=tuple(
                cruce for cruce in cruces if cruce.consulta is None and mes.holds(cruce.pago.momento_utc)
            ),
        )

    def recent(
        self, codigos: Collection[str], limit: int, id_cliente: str | None = None, id_factura: str | None = None
    ) -> Sequence[ConsultaHecha]:
        """Give the newest consultas of those empresas, the newest first."""
        return self._consultado.recent(codigos, limit, id_cliente, id_factura)


def _reversado(cruce: Cruce) -> bool:
    return cruce.pago.estado is EstadoPago.REVERSADO
