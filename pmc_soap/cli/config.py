"""pmc-soap config: check the settings, see those in force, explain a key, or show an example to start from."""

import json
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.session import USAGE, Session, fail, fail_config, say

if TYPE_CHECKING:
    from pmc_soap.config import Leida


@click.group(help="La configuración: comprobarla, verla, entender una clave, o ver un ejemplo.")
def config() -> None:
    """The configuration."""


@config.command(help="Comprueba la configuración y dice todo lo que está mal, de una vez.")
@click.pass_obj
def check(session: Session) -> None:
    """Check the settings."""
    settings = session.checked()
    empresas = len(settings.empresas)
    click.echo(f"La configuración es correcta: modo {settings.mode}, {empresas} empresa{'' if empresas == 1 else 's'}.")


@config.command(help="Muestra la configuración vigente, con la fuente de cada valor y sin los secretos.")
@click.option("--json", "as_json", is_flag=True, help="Como JSON: clave → valor y fuente.")
@click.pass_context
def show(ctx: click.Context, *, as_json: bool) -> None:
    """Show the settings in force."""
    from pmc_soap.config import toml, vista

    shown = list(vista.show(_read(ctx)))
    if as_json:
        told = {one.clave: {"valor": one.valor, "fuente": one.fuente} for one in shown}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for one in shown:
        click.echo(f"{one.clave} = {toml.write(one.valor)}  # {one.fuente}")


@config.command(help="Muestra una configuración de ejemplo, para empezar.")
def example() -> None:
    """Show an example."""
    from pmc_soap.config.ejemplo import EJEMPLO

    click.echo(EJEMPLO, nl=False)


@config.command(help="Explica una clave: gracia_dias, destinos.json.secreto… Sin CLAVE, las nombra a todas.")
@click.argument("clave", required=False)
@click.option("--markdown", is_flag=True, help="Todas, como la página docs/configuracion.md.")
def explain(*, clave: str | None, markdown: bool) -> None:
    """Explain a key."""
    from pmc_soap.config import explicacion

    if markdown and clave:
        raise click.UsageError("--markdown describe todas las claves: va sin CLAVE.")
    if markdown:
        click.echo("\n".join(explicacion.markdown()))
    elif clave is None:
        say("Las claves que hay (pmc-soap config explain CLAVE explica una):")
        click.echo("\n".join(explicacion.names()))
    else:
        try:
            click.echo(explicacion.explain(clave), nl=False)
        except explicacion.ClaveDesconocida as unknown:
            fail(str(unknown), USAGE)


def _read(ctx: click.Context) -> "Leida":
    """Read the settings with their sources; without any file, those of the demonstration."""
    from pmc_soap import config
    from pmc_soap.demo import world

    try:
        path = config.find_file(ctx.find_root().params["config_file"])
        if path is not None:
            return config.read(config.of_file(path))
        world.settings({})  # refuses another mode than the demonstration
        return config.read(config.Fuente("demostración", world.SETTINGS, {}))
    except config.ConfigError as error:
        fail_config(error)
