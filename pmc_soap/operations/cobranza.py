"""What the conciliación needs of the ledger: the COBs, their lines and what became of each, the days that are closed.

Cobranza is what one transaction can do; Conciliado is what is asked apart, and locks nothing. storage/ implements both.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from pmc_soap.domain.cob import Cob, Cuadro, EstadoCob, LineaGuardada, LineaLeida, Suma
from pmc_soap.domain.conciliacion import Desenlace, PagoConocido, Regla
from pmc_soap.domain.valor import value


@value
class Asiento:
    """What is written of a line: how it ended, and the pago it has. alertado: what a person was told of it."""

    id_linea: int
    desenlace: Desenlace
    regla: Regla | None
    id_aviso: str | None
    alertado: Desenlace | None


@value
class LineaInformada:
    """A line as a person is shown it. id_aviso and importe_aviso_centavos are of the pago that it has."""

    id: int
    linea: int
    nombre: str
    codigo_empresa: str
    fecha: date
    desenlace: Desenlace
    regla: Regla | None
    id_cliente: str | None
    id_factura: str | None
    fecha_aplicacion: date | None
    importe_centavos: int
    canal: str | None
    nro_control: str | None
    texto: str | None
    codigos: str | None
    id_aviso: str | None
    importe_aviso_centavos: int | None
    estado_pago: str | None
    resuelta: bool


@value
class PagoSinLinea:
    """A pago that no line tells of, and the day by which its money was to come."""

    id_aviso: str
    codigo_empresa: str
    id_cliente: str
    id_factura: str | None
    importe_centavos: int
    moneda: str
    dia: date
    alertado: bool


class Cobranza(Protocol):
    """The COBs in one transaction."""

    def last_cob(self, codigo_archivo: str, fecha: date) -> Cob | None:
        """Give the file that stands of that day."""

    def add_cob(self, cob: Cob) -> Cob:
        """Add a file, and give it with its id; raises Collision if that version was added meanwhile."""

    def move_cob(self, cob: Cob, after: EstadoCob, at_utc: datetime) -> bool:
        """Move a file on, and tell so; one that is there already stays."""

    def stage(self, cob: Cob, lineas: Sequence[LineaLeida]) -> None:
        """Keep lines of that file; one that an earlier version had becomes this one's, with its desenlace."""

    def lineas(self, codigo_empresa: str, clientes: Collection[str], desde: date) -> Sequence[LineaGuardada]:
        """Give the clientes' lines of payments made since that day, but for those of no file any more."""

    def conocidos(
        self, codigo_empresa: str, clientes: Collection[str], desde_utc: datetime
    ) -> Sequence[tuple[PagoConocido, int | None]]:
        """Give the clientes' pagos in pesos made since then, each with the id of the line that has it."""

    def decided(self, claves: Sequence[str], codigo_empresa: str) -> Sequence[tuple[Desenlace, int]]:
        """Give how these lines ended, each with its importe in centavos."""

    def settle_lineas(self, asientos: Sequence[Asiento]) -> None:
        """Write what became of lines; what one leaves another may have at once."""

    def resolve_linea(self, id_linea: int, at_utc: datetime) -> None:
        """Note that a person has dealt with a line."""

    def alert_once(self, codigo_empresa: str, motivo: str, id_aviso: str, at_utc: datetime) -> bool:
        """Leave a notice for the operator, unless one of that motivo was left before; tell whether it was."""

    def is_closed(self, codigo_empresa: str, fecha: date) -> bool:
        """Tell whether that day is closed."""

    def close_day(self, codigo_empresa: str, fecha: date, operador: str, at_utc: datetime) -> None:
        """Close a day; raises Collision if it was closed meanwhile."""

    def reopen_day(self, codigo_empresa: str, fecha: date) -> None:
        """Open a closed day again."""


class Conciliado(Protocol):
    """What is asked of the COBs apart from any transaction."""

    def cob(self, codigo_archivo: str, fecha: date) -> Cob | None:
        """Give the file that stands of that day."""

    def cobs(self, codigo_empresa: str, desde: date, hasta: date) -> Sequence[Cob]:
        """Give the files that stand of these days, oldest first."""

    def first_day(self, codigo_empresa: str) -> date | None:
        """Give the day of the empresa's first COB: of what was paid before, no line is to be expected."""

    def to_meet(self, cob: Cob, limit: int) -> Sequence[str]:
        """Name clientes whose lines in that file, or in one that it corrects, are not decided; in order."""

    def swept_until(self, codigo_empresa: str) -> datetime | None:
        """Give when the newest run began that came to its end: it saw all that had moved before."""

    def to_meet_again(
        self, codigo_empresa: str, since_utc: datetime, after: str, limit: int
    ) -> Sequence[tuple[str, date]]:
        """Name clientes after that one with lines that a person is to look at, or whose pago moved since.

        Each with the day of the oldest of those payments.
        """

    def oldest(self, cob: Cob) -> date | None:
        """Give the day of the oldest payment in that file and those that it corrects, or None."""

    def cuadro(self, cob: Cob) -> Cuadro:
        """Add up what became of the lines of that file; those not decided are in none."""

    def informadas(self, cob: Cob, desenlaces: Collection[Desenlace], limit: int) -> Sequence[LineaInformada]:
        """Give the lines of that file that ended so, in its order."""

    def sin_linea(
        self, codigo_empresa: str, desde: date, hasta: date, limit: int, *, sin_alerta: bool = False
    ) -> Sequence[PagoSinLinea]:
        """Give the pagos that stand, made on these days, which no line tells of, oldest first.

        sin_alerta: only those of which no person was told.
        """

    def sumas_sin_linea(self, codigo_empresa: str, desde: date, hasta: date) -> Mapping[date, Suma]:
        """Count, by the day of the payment, the pagos that stand which no line tells of, and add up those in pesos."""

    def linea(self, id_linea: int) -> LineaInformada | None:
        """Give one line."""

    def cerrados(self, codigo_empresa: str, desde: date, hasta: date) -> Collection[date]:
        """Tell which of these days are closed."""
