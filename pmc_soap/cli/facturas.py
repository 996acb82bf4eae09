"""pmc-soap facturas: the base of facturas that the empresa reports."""

import sys
from pathlib import Path

import click

from pmc_soap.cli import carga_informe, carpeta, exportacion, factura, rechazos
from pmc_soap.cli.carga import MODOS, Pedido, check_input
from pmc_soap.cli.carga import load as load_file
from pmc_soap.cli.session import FOUND_PROBLEMS, Session


@click.group(help="La base de facturas: cargar un archivo, buscar, dar de alta o de baja, generar el FAC.")
def facturas() -> None:
    """The base of facturas."""


for command in (factura.search, factura.add, factura.withdraw, carpeta.watch):
    facturas.add_command(command)
facturas.add_command(exportacion.export)
facturas.add_command(exportacion.exports)
facturas.add_command(exportacion.rechazo)


@facturas.command(
    short_help="Cargar un archivo.",
    help="Carga un archivo de facturas: un FAC, o una planilla CSV o de Excel. Antes de guardar nada lo revisa entero:"
    " encabezado, cierre, cantidad, total y cada línea. El mismo archivo otra vez no hace nada; si la carga se cortó,"
    " sigue donde quedó."
    "\n\nTermina con 0 si todo está bien y con 1 si hay algún problema, aunque --partial haya cargado las demás"
    " líneas.",
)
@click.argument("archivo", type=click.Path(path_type=Path))
@click.option(
    "--modo",
    type=click.Choice(MODOS),
    default=MODOS[0],
    show_default=True,
    help="novedades: lo que el archivo no nombra queda como está. reemplazo: el archivo es la base entera, y las"
    " facturas pendientes que informaron otros archivos y este no nombra quedan de baja.",
)
@click.option("--dry-run", is_flag=True, help="Revisa y dice qué cambiaría, sin guardar nada.")
@click.option("--partial", is_flag=True, help="Carga las líneas buenas aunque haya otras con problemas.")
@click.option("--again", is_flag=True, help="Carga el archivo aunque ya se haya cargado.")
@click.option("--yes", is_flag=True, help="No pregunta, aunque un reemplazo dé de baja una gran parte de la base.")
@click.option("--rejects", type=click.Path(path_type=Path), metavar="F.csv", help="Deja ahí los problemas, si hay.")
@click.option(
    "--mend",
    type=click.Path(path_type=Path),
    metavar="F",
    help="Deja ahí las líneas con problemas, en el mismo formato (de una planilla, en CSV), para corregirlas y cargar"
    " ese archivo.",
)
@click.option(
    "--empresa",
    "codigo_empresa",
    metavar="CÓDIGO",
    help="De qué empresa es una planilla, que no lo dice; de un FAC, exige que sea de esa.",
)
@click.option("--any-name", is_flag=True, help="Acepta un archivo que no se llame FAC<empresa>.<ddmmaa>.")
@click.option("--json", "as_json", is_flag=True, help="El resultado como un documento JSON; no pregunta nunca.")
@click.pass_obj
def load(
    session: Session,
    archivo: Path,
    *,
    modo: str,
    dry_run: bool,
    partial: bool,
    again: bool,
    yes: bool,
    rejects: Path | None,
    mend: Path | None,
    codigo_empresa: str | None,
    any_name: bool,
    as_json: bool,
) -> None:
    """Load a file."""
    if partial and modo == "reemplazo":
        raise click.UsageError(
            "--partial no va con --modo reemplazo: lo que una línea mala quiso nombrar quedaría de baja."
            " Corregí el archivo, o cargá lo bueno con --modo novedades."
        )
    check_input(archivo)
    for option, place in (("--rejects", rejects), ("--mend", mend)):
        if place:
            rechazos.check_place(option, place, archivo)
    can_ask = not as_json and sys.stdin.isatty()
    pedido = Pedido(
        modo=modo,
        dry_run=dry_run,
        partial=partial,
        again=again,
        rejects=rejects,
        mend=mend,
        yes=yes,
        can_ask=can_ask,
    )
    with session.house() as house:
        opened = house.open_facturas(archivo, any_name=any_name, codigo_empresa=codigo_empresa)
        carga, vencidas = load_file(house, opened, pedido)
    carga_informe.tell(carga, vencidas, rejects, as_json=as_json)
    if carga.total_problemas or carga.sin_permiso or (carga.is_noop and carga.previa and carga.previa.rechazadas):
        raise click.exceptions.Exit(FOUND_PROBLEMS)
