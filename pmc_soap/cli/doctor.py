"""pmc-soap doctor: how this installation stands, and what mends it."""

import json

import click

from pmc_soap.cli.operador import print_table
from pmc_soap.cli.session import FOUND_PROBLEMS, UNREACHABLE, Session, fail

_SHOWN = {"BIEN": "bien", "OJO": "ojo", "MAL": "MAL"}


@click.command(
    help="Revisa la instalación: configuración, base, contrato, reloj, disco, entregas, personas y conexiones. De los"
    " otros sistemas solo mira si atienden: no les pide nada. Termina con 1 si algo está mal."
)
@click.option("--json", "as_json", is_flag=True, help="El resultado como un documento JSON.")
@click.option("--sin-red", is_flag=True, help="No se conecta a ningún otro sistema.")
@click.pass_obj
def doctor(session: Session, *, as_json: bool, sin_red: bool) -> None:
    """Look at the installation."""
    from dataclasses import asdict

    from pmc_soap import wiring
    from pmc_soap.operations.diagnostico import Como, look
    from pmc_soap.wiring import diagnostico

    settings = session.settings()
    try:
        house = wiring.build(settings)
    except wiring.DATABASE_ERRORS as error:
        fail(f"la base de datos no está lista: {wiring.explain(error)}", UNREACHABLE)
    with house:
        found = look(diagnostico.revisiones(house), con_red=not sin_red)
    if as_json:
        click.echo(json.dumps({"hallazgos": [asdict(each) for each in found]}, ensure_ascii=False, indent=2))
    else:
        rows = [(_SHOWN[each.como], each.que, each.dicho, each.remedio) for each in found]
        print_table(("Cómo", "Qué", "Qué se vio", "Qué hacer"), rows)
    if any(each.como is Como.MAL for each in found):
        raise click.exceptions.Exit(FOUND_PROBLEMS)
