"""pmc-soap deliver: bring the empresas what they are owed. As many of these as you like, on any machine."""

import logging

import click

from pmc_soap.cli.session import CONFIG, Session, fail, fail_config, say


@click.command(help="Lleva los avisos a los destinos de cada empresa. Puede haber varios a la vez, en varias máquinas.")
@click.option("--once", is_flag=True, help="Entrega lo que está para entregar ahora, y termina.")
@click.option("--db", "url", metavar="URL", help="sqlite:///archivo o postgresql+psycopg://…")
@click.option("--beside", is_flag=True, hidden=True, help="Termina cuando termina quien lo levantó.")
@click.pass_obj
def deliver(session: Session, *, once: bool, url: str | None, beside: bool) -> None:
    """Deliver until told to stop."""
    from pmc_soap.cli import companion
    from pmc_soap.config import ConfigError

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
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
        companion.on_signals(repartidor.stop)
        if beside:
            companion.until_parent_ends(repartidor.stop)
        else:
            say(
                "Llevando avisos a "
                + ", ".join(f"{ruta.codigo_empresa}/{ruta.nombre}" for ruta in rutas)
                + ". Ctrl-C para terminar."
            )
        repartidor.run()
