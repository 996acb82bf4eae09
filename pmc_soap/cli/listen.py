"""pmc-soap listen: exchanges as they happen, one line each, until Ctrl-C."""

import threading
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.operador import acting
from pmc_soap.cli.session import Session, say

if TYPE_CHECKING:
    from pmc_soap.operations.intercambios import Intercambios

EVERY_S = 0.5
AT_ONCE = 500


@click.command(help="Mirá pasar los pedidos y los avisos, una línea cada uno, hasta Ctrl-C.")
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Solo esa empresa.")
@click.option("--json", "as_json", is_flag=True, help="En JSON, un objeto por línea.")
@click.pass_obj
def listen(session: Session, *, codigo_empresa: str | None, as_json: bool) -> None:
    """Look on until told to stop."""
    from pmc_soap.cli import companion

    stopped = threading.Event()
    with acting(session) as house:
        companion.on_signals(stopped.set)
        if house.settings.intercambios.guarda == "nada":
            say("Ojo: la configuración dice intercambios.guarda = «nada», y así no se va a ver ninguno.")
        say("Escuchando. Ctrl-C para terminar.")
        _follow(house.ledger.intercambios, codigo_empresa, stopped, as_json=as_json)


def _follow(
    intercambios: "Intercambios", codigo_empresa: str | None, stopped: threading.Event, *, as_json: bool
) -> None:
    from pmc_soap.cli.intercambios import as_line
    from pmc_soap.operations.intercambios import Filtro
    from pmc_soap.operations.ports import Unavailable

    filtro = Filtro(codigos_empresa=frozenset({codigo_empresa}) if codigo_empresa else None)
    last: int | None = None
    while True:
        try:
            if last is None:
                last = intercambios.last_id()
            for intercambio in intercambios.after(last, filtro, AT_ONCE):
                click.echo(as_line(intercambio, as_json=as_json))
                last = intercambio.id
        except Unavailable:
            say("La base de datos no responde: se sigue intentando.")
        if stopped.wait(EVERY_S):
            return
