"""pmc-soap cargas: which files became the base, and how."""

import json
from typing import TYPE_CHECKING

import click

from pmc_soap.cli import carga_informe
from pmc_soap.cli.operador import LIMIT, acting, codigo_of, moment, print_table
from pmc_soap.cli.session import FOUND_PROBLEMS, Session, fail, say

if TYPE_CHECKING:
    from pmc_soap.domain.carga import CargaGuardada

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="El resultado como un documento JSON.")
_COLUMNS = ("Id", "Empezó", "Empresa", "Archivo", "Modo", "Estado", "Facturas", "Nuevas", "Cambiadas", "De baja")


@click.group(help="Los archivos de facturas que se cargaron: verlos, y qué cambió con cada uno.")
def cargas() -> None:
    """The cargas."""


@cargas.command("list", help="Muestra los archivos que se cargaron o se rechazaron, el más nuevo primero.")
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Solo los de esa empresa.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=LIMIT, show_default=True, help="Cuántos, a lo sumo.")
@_AS_JSON
@click.pass_obj
def list_(session: Session, *, codigo_empresa: str | None, limit: int, as_json: bool) -> None:
    """List cargas."""
    with acting(session) as house:
        own = codigo_empresa and codigo_of(house, codigo_empresa)
        found = house.ledger.libro_cargas.cargas(own, limit + 1)
    shown, more = found[:limit], len(found) > limit
    if as_json:
        rows = [carga_informe.guardada(carga) for carga in shown]
        click.echo(json.dumps({"cargas": rows, "hay_mas": more}, ensure_ascii=False, indent=2))
        return
    if not shown:
        click.echo("Todavía no se cargó ningún archivo. Para cargar uno: pmc-soap facturas load ARCHIVO")
        return
    print_table(_COLUMNS, [_row(carga) for carga in shown])
    if more:
        say(f"Hay más: se muestran los {limit} más nuevos. Para ver más, usá --limit.")


@cargas.command(help="Muestra todo lo que se recuerda de una carga.")
@click.argument("id_carga", metavar="ID", type=int)
@_AS_JSON
@click.pass_obj
def show(session: Session, id_carga: int, *, as_json: bool) -> None:
    """Show one carga."""
    with acting(session) as house:
        found = house.ledger.libro_cargas.carga(id_carga)
    if found is None:
        fail("no hay ninguna carga con ese id. Para ver las que hay: pmc-soap cargas list", FOUND_PROBLEMS)
    if as_json:
        click.echo(json.dumps(carga_informe.guardada(found), ensure_ascii=False, indent=2))
    else:
        print_table(("Dato", "Valor"), carga_informe.rows(found), title=f"Carga {found.id}")


def _row(carga: "CargaGuardada") -> tuple[object, ...]:
    when, facturas = moment(carga.empezada_utc), f"{carga.escritas} de {carga.aceptadas}"
    said = (carga.codigo_empresa, carga.nombre, carga.modo, carga_informe.ESTADOS[carga.estado], facturas)
    return (carga.id, when, *said, carga.nuevas, carga.cambiadas, carga.retiradas)
