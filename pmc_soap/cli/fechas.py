"""Days and months as a person types them, and the time that a report is about."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pmc_soap.domain.valor import value

if TYPE_CHECKING:
    from pmc_soap.domain.facturable import Mes as MesDelAno
    from pmc_soap.wiring import House

F = TypeVar("F", bound=Callable[..., Any])

DIAS_MAX = 3 * 366
PRIMERO, ULTIMO = date(2000, 1, 1), date(2100, 12, 31)


class Dia(click.ParamType[date]):
    """A day: 2026-03-18."""

    name = "día"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read it."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"«{value}» no es un día: se escribe AAAA-MM-DD, como 2026-03-18.", param, ctx)


class Mes(click.ParamType["MesDelAno"]):
    """A month: 2026-03."""

    name = "mes"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> "MesDelAno":
        """Read it."""
        from pmc_soap.domain.facturable import Mes as MesDelAno

        try:
            return MesDelAno.parse(value)
        except ValueError:
            self.fail(f"«{value}» no es un mes: se escribe AAAA-MM, como 2026-03.", param, ctx)


@value
class Periodo:
    """What was asked for; what is None is found out when the day is known."""

    desde: date | None = None
    hasta: date | None = None

    def days(self, house: "House") -> tuple[date, date]:
        """Give the first and the last day: of this month until today, unless others were asked for."""
        from pmc_soap.domain.calendario import local_day

        today = local_day(house.clock.now())
        hasta = self.hasta or max(today, self.desde or today)
        desde = self.desde or hasta.replace(day=1)
        if desde < PRIMERO or hasta > ULTIMO:
            raise click.UsageError(f"Los días van de {PRIMERO} a {ULTIMO}.")
        if desde > hasta:
            raise click.UsageError("--desde es posterior a --hasta.")
        if (hasta - desde).days >= DIAS_MAX:
            raise click.UsageError("Hasta tres años por informe: acortá --desde o --hasta.")
        return desde, hasta


def con_periodo(command: F) -> F:
    """Ask which days; the command is handed a periodo."""

    @click.option("--desde", type=Dia(), metavar="AAAA-MM-DD", help="Desde ese día; por defecto, el 1 del mes.")
    @click.option("--hasta", type=Dia(), metavar="AAAA-MM-DD", help="Hasta ese día inclusive; por defecto, hoy.")
    @click.option("--mes", type=Mes(), metavar="AAAA-MM", help="Un mes entero, en vez de --desde y --hasta.")
    @wraps(command)
    def asked(*args: Any, desde: date | None, hasta: date | None, mes: "MesDelAno | None", **said: Any) -> Any:
        if mes is None:
            return command(*args, periodo=Periodo(desde=desde, hasta=hasta), **said)
        if desde or hasta:
            raise click.UsageError("Elegí --mes, o --desde y --hasta.")
        return command(*args, periodo=Periodo(desde=mes.primer_dia, hasta=_last_day(mes)), **said)

    return asked  # type: ignore[return-value]


def _last_day(mes: "MesDelAno") -> date:
    return (mes.primer_dia + timedelta(days=31)).replace(day=1) - timedelta(days=1)
