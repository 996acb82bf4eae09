"""pmc-soap credencial: new secrets, shown once."""

import json

import click

from pmc_soap.cli.session import say


@click.group(help="Credenciales de la red y de las empresas.")
def credencial() -> None:
    """Credentials."""


@credencial.command(help="Crea un secreto nuevo: lo muestra una sola vez, con la línea para la configuración.")
@click.option("--usuario", required=True, help="Usuario para HTTP Basic: pagomiscuentas, o el código de la empresa.")
def issue(usuario: str) -> None:
    """Make a secret and its hash."""
    from pmc_soap.soap import credenciales

    if not usuario.strip() or ":" in usuario or not usuario.isprintable():
        raise click.UsageError("el usuario va sin dos puntos y no puede estar vacío: HTTP Basic no lo podría llevar.")
    secreto = credenciales.issue()
    say("Entregá este secreto a quien llama; no se vuelve a mostrar:")
    click.echo(secreto)
    say("Agregá esta línea a «credenciales» en la configuración:")
    click.echo(
        f'{{ usuario = {json.dumps(usuario, ensure_ascii=False)}, hash = "{credenciales.hash_secret(secreto)}" }}'
    )
