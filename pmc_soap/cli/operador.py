"""What the commands of an operator share: who does it and why, how moments are written, and why an act is refused."""

import getpass
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pmc_soap.cli.session import FOUND_PROBLEMS, UNREACHABLE, Session, fail

if TYPE_CHECKING:
    from pmc_soap.wiring import House

F = TypeVar("F", bound=Callable[..., Any])

WIDTH_WITHOUT_TERMINAL = 240
LIMIT = 50
MOTIVO_MAX = 500

_IMPEDIMENTOS = {
    "AVISO_INEXISTENTE": "no hay ningún aviso con ese id. Para ver los que hay: pmc-soap avisos list",
    "EMPRESA_INEXISTENTE": "la empresa no está en la configuración: agregala y volvé a intentar.",
    "NO_ES_PAGO": "ese aviso es una reversa: en el puente solo hay pagos.",
    "NO_ESTA_EN_PUENTE": "ese pago no está en el puente: ya se imputó, se devolvió o se reversó.",
    "SIN_FACTURA": "el pago no dice de qué factura es: decila con --factura, o imputalo con --a-cuenta.",
    "FACTURA_INEXISTENTE": "esa factura no está en la base: revisá --factura y --cliente, o usá --a-cuenta.",
    "FACTURA_PAGADA": "esa factura ya tiene un pago: elegí otra con --factura, imputalo con --a-cuenta, o devolvelo.",
    "FACTURA_REEMPLAZADA": "esa factura pasó a otro id de cliente: decilo con --cliente.",
    "NO_SE_DEBE": "ese aviso no se le debe a la empresa, o no ahí. Miralo con: pmc-soap avisos show ID_AVISO",
    "EN_CAMINO": "se está entregando en este momento: esperá un minuto y miralo con pmc-soap avisos show ID_AVISO",
    "YA_ENTREGADA": "ya se entregó: no hay nada que detener.",
    "LINEA_INEXISTENTE": "no hay ninguna línea con ese ID. Las que hay: pmc-soap conciliacion report --pendientes",
    "LINEA_NO_ESPERA": "esa línea no espera a una persona: ya se resolvió, o cambió desde que la miraste.",
    "LINEA_SIN_PAGO": "esa línea no se puede tomar como un pago: corregilo en tu sistema y descartala con --descartar.",
    "LINEA_YA_ES_PAGO": "de esa línea ya se hizo un pago. Miralo con: pmc-soap conciliacion report",
    "DIA_SIN_COB": "de ese día no hay ningún COB conciliado: no hay nada que cerrar.",
    "COB_A_MEDIAS": "el COB de ese día quedó a medias: volvé a correrlo y después cerrá el día.",
    "DIA_CERRADO": 'ese día está cerrado. Para abrirlo: pmc-soap conciliacion close DIA --reopen --motivo "…"',
    "DIA_ABIERTO": "ese día no está cerrado: no hay nada que abrir.",
}


class Momento(click.ParamType[datetime]):
    """A moment in Argentina: 2026-03-10 or 2026-03-10T15:30."""

    name = "momento"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it in Argentine time, and give the instant."""
        from pmc_soap.domain.calendario import to_utc

        if isinstance(value, datetime):
            return value
        try:
            return to_utc(datetime.fromisoformat(value))
        except (ValueError, OverflowError):
            self.fail(f"«{value}» no es un momento: se escribe AAAA-MM-DD o AAAA-MM-DDTHH:MM.", param, ctx)


def who(command: F) -> F:
    """Ask who does it: the login name, unless another is said."""
    option = click.option(
        "--operador", metavar="NOMBRE", default=_login, help="Quién lo hace; por defecto, el usuario de la máquina."
    )
    return option(command)


def why(*, required: bool) -> Callable[[F], F]:
    """Ask why it is done; it stays written down for good."""
    if required:
        return click.option("--motivo", metavar="TEXTO", required=True, callback=_motivo, help="Por qué.")
    return click.option("--motivo", metavar="TEXTO", default="", callback=_motivo, help="Por qué.")


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise click.UsageError("No se sabe quién sos: decilo con --operador NOMBRE.") from None


def _motivo(_: click.Context, __: click.Parameter, value: str) -> str:
    text = value.strip()
    if value and not text:
        raise click.BadParameter("decí por qué.")
    if len(text) > MOTIVO_MAX:
        raise click.BadParameter(f"hasta {MOTIVO_MAX} caracteres.")
    return text


@contextmanager
def acting(session: Session) -> "Iterator[House]":
    """Open the house, and tell in Spanish why an act was refused or the ledger does not answer."""
    from pmc_soap.domain.acta import Impedido
    from pmc_soap.operations.ports import Unavailable

    with session.house() as house:
        try:
            yield house
        except Impedido as refused:
            fail(_IMPEDIMENTOS[refused.impedimento], FOUND_PROBLEMS)
        except Unavailable:
            fail("la base de datos no responde: no se hizo, o se hizo entero. Volvé a intentar.", UNREACHABLE)


def codigo_of(house: "House", codigo: str) -> str:
    """Give the code that the data of an empresa is kept under; one that is not configured may have left avisos."""
    empresa = house.empresas.get(codigo)
    return empresa.codigo_empresa if empresa else codigo


def moment(instant_utc: datetime) -> str:
    """Write an instant as a person in Argentina reads it."""
    from pmc_soap.domain.calendario import to_local

    return f"{to_local(instant_utc):%d/%m/%Y %H:%M:%S}"


def iso(instant_utc: datetime | None) -> str | None:
    """Write an instant for a program, in Argentine time with its offset."""
    from pmc_soap.domain.calendario import to_local

    return to_local(instant_utc).isoformat() if instant_utc else None


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """Print a table; what a stranger wrote is text, never markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH_WITHOUT_TERMINAL
    table = Table(title=Text(title) if title else None)
    for name in columns:
        right = name in {"Importe", "Importe avisado", "Intentos", "Líneas"}
        table.add_column(name, justify="right" if right else "left", overflow="fold", no_wrap=right)
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console.print(table)
