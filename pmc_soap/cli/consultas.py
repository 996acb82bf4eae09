"""pmc-soap consultas: what PMC asked, and what it may charge for."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from pmc_soap.cli import liquidacion
from pmc_soap.cli.fechas import Mes
from pmc_soap.cli.liquidacion import console, moment
from pmc_soap.cli.salida import Salida, con_salida, emit
from pmc_soap.cli.seguir import codigos_of
from pmc_soap.cli.session import Session, say

if TYPE_CHECKING:
    from pmc_soap.domain.facturable import ConsultaHecha
    from pmc_soap.domain.facturable import Mes as MesDelAno


@click.group(help="Las consultas de PagoMisCuentas: verlas, y saber cuáles puede cobrar.")
def consultas() -> None:
    """The consultas."""


@consultas.command("list", help="Las últimas consultas, la más nueva primero.")
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Solo las de esa empresa.")
@click.option("--cliente", "id_cliente", metavar="ID", help="Solo las que preguntaron por ese cliente.")
@click.option("--factura", "id_factura", metavar="ID", help="Solo las que preguntaron por esa factura o la mostraron.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Cuántas.")
@click.option("--json", "as_json", is_flag=True, help="El resultado como un documento JSON.")
@click.pass_obj
def list_(
    session: Session,
    *,
    codigo_empresa: str | None,
    id_cliente: str | None,
    id_factura: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List the newest consultas."""
    with session.house() as house:
        found = house.facturables.recent(codigos_of(house, codigo_empresa), limit, id_cliente, id_factura)
    if as_json:
        click.echo(json.dumps([_consulta(consulta) for consulta in found], ensure_ascii=False, indent=2))
        return
    _print_consultas(found)


@consultas.command(
    help="Las consultas de un mes que PagoMisCuentas puede cobrar: las que terminaron en un pago, cada una con su pago"
    " y por qué."
)
@click.option("--mes", type=Mes(), metavar="AAAA-MM", required=True, help="El mes de las consultas.")
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Solo las de esa empresa.")
@con_salida
@click.pass_obj
def facturables(session: Session, *, mes: "MesDelAno", codigo_empresa: str | None, salida: Salida) -> None:
    """Tell which consultas of a month PMC may charge."""
    with session.house() as house:
        found = [house.facturables.of_month(codigo, mes) for codigo in codigos_of(house, codigo_empresa)]
    if salida.json:
        click.echo(json.dumps([liquidacion.document(one) for one in found], ensure_ascii=False, indent=2))
    elif salida.es_archivo:
        from pmc_soap.files.informe import facturables as informe_facturables

        emit(salida, informe_facturables.tablas(found))
    else:
        for one in found:
            liquidacion.show(one)


def _print_consultas(found: Sequence["ConsultaHecha"]) -> None:
    from rich.table import Table
    from rich.text import Text

    from pmc_soap.domain import importe

    table = Table()
    for name in ("Cuándo", "Empresa", "Consulta", "Cliente", "Resultado", "Origen", "Mostró"):
        table.add_column(name, overflow="fold")
    for consulta in found:
        shown = "\n".join(f"{m.id_factura} {importe.format_es(m.importe_centavos)}" for m in consulta.mostradas)
        when, asked = moment(consulta.fecha_hora_utc), consulta.id_cliente or consulta.id_factura or ""
        cells = (
            when,
            consulta.codigo_empresa,
            consulta.id_consulta,
            asked,
            consulta.resultado,
            consulta.origen or "",
        )
        table.add_row(*(Text(cell) for cell in (*cells, shown)))
    if found:
        console().print(table)
    else:
        say("No hay consultas.")


def _consulta(consulta: "ConsultaHecha") -> dict[str, object]:
    from pmc_soap.domain import importe
    from pmc_soap.domain.calendario import to_local

    return {
        "id_consulta": consulta.id_consulta,
        "codigo_empresa": consulta.codigo_empresa,
        "fecha_hora": to_local(consulta.fecha_hora_utc).isoformat(),
        "id_cliente": consulta.id_cliente,
        "id_factura": consulta.id_factura,
        "resultado": consulta.resultado,
        "origen": consulta.origen,
        "mostradas": [
            {"id_cliente": m.id_cliente, "id_factura": m.id_factura, "importe": importe.format(m.importe_centavos)}
            for m in consulta.mostradas
        ],
    }
