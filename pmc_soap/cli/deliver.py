"""pmc-soap deliver: bring the empresas what they are owed. As many of these as you like, on any machine."""

import os
import sys
import threading
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.servicio import fit, log_options, read_again
from pmc_soap.cli.session import CONFIG, Session, fail, fail_config, say

if TYPE_CHECKING:
    from pmc_soap.operations.entrega import Repartidor


@click.command(help="Lleva los avisos a los destinos de cada empresa. Puede haber varios a la vez, en varias máquinas.")
@click.option("--once", is_flag=True, help="Entrega lo que está para entregar ahora, y termina.")
@click.option("--db", "url", metavar="URL", help="sqlite:///archivo o postgresql+psycopg://…")
@click.option("--beside", is_flag=True, hidden=True, help="Termina cuando termina quien lo levantó.")
@log_options("json")
@click.pass_obj
def deliver(session: Session, *, once: bool, url: str | None, beside: bool, log_format: str, log_level: str) -> None:
    """Deliver until told to stop."""
    from pmc_soap.cli import companion
    from pmc_soap.config import ConfigError
    from pmc_soap.wiring import registro

    with session.house(db=url) as house:
        try:
            rutas = house.rutas
        except ConfigError as error:
            fail_config(error)
        if not rutas:
            fail("ninguna empresa tiene destinos a los que llevar avisos: mirá «destinos» en la configuración", CONFIG)
        repartidor = house.repartidor
        if once:
            click.echo(f"{repartidor.deliver_due()} entregados")
            return
        registro.configure(level=log_level, texto=log_format == "texto")
        companion.on_signals(repartidor.stop)
        again = threading.Event()
        if beside:
            companion.on_hangup(lambda: None)  # who runs us beside it starts us again
            companion.until_parent_ends(repartidor.stop)
        else:
            companion.on_hangup(lambda: _renew(session, url, repartidor, again))
            say(
                "Llevando avisos a "
                + ", ".join(f"{ruta.codigo_empresa}/{ruta.nombre}" for ruta in rutas)
                + ". Ctrl-C para terminar."
            )
        repartidor.run()
    if again.is_set():
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 — ourselves, as we were called


def _renew(session: Session, url: str | None, repartidor: "Repartidor", again: threading.Event) -> None:
    """End what is under way and begin anew, if the configuration can be delivered with as it is now."""
    if fit(lambda: read_again(session, db=url)) is not None:
        again.set()
        repartidor.stop()
