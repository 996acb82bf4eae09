"""pmc-soap alertas: what was left for a person to look at."""

import json
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.operador import LIMIT, acting, iso, moment, print_table, who, why
from pmc_soap.cli.seguir import codigos_of
from pmc_soap.cli.session import FOUND_PROBLEMS, Session, fail, say

if TYPE_CHECKING:
    from pmc_soap.operations.alertas import Alerta


@click.group(help="Lo que quedó para que lo mire una persona: verlo, y darlo por atendido.")
def alertas() -> None:
    """The notices."""


@alertas.command("list", help="Muestra las alertas que nadie atendió, la más nueva primero.")
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Solo las de esa empresa.")
@click.option("--todas", is_flag=True, help="También las atendidas.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=LIMIT, show_default=True, help="Cuántas, a lo sumo.")
@click.option("--json", "as_json", is_flag=True, help="El resultado como un documento JSON.")
@click.pass_obj
def list_(session: Session, *, codigo_empresa: str | None, todas: bool, limit: int, as_json: bool) -> None:
    """List notices."""
    with acting(session) as house:
        found = house.ledger.alertas.list(codigos_of(house, codigo_empresa), limit + 1, todas=todas)
    shown = found[:limit]
    if as_json:
        rows = [_document(each) for each in shown]
        click.echo(json.dumps({"alertas": rows, "hay_mas": len(found) > limit}, ensure_ascii=False, indent=2))
        return
    if not shown:
        click.echo("No hay alertas sin atender.")
        return
    print_table(("Id", "Cuándo", "Empresa", "Qué pasó", "Qué hacer", "IdAviso"), [_row(each) for each in shown])
    say('Para dar una por atendida: pmc-soap alertas dismiss ID --motivo "…"')


@alertas.command(help="Da alertas por atendidas. Queda escrito quién lo hizo y por qué.")
@click.argument("ids", metavar="ID…", type=click.IntRange(min=1), nargs=-1, required=True)
@why(required=True)
@who
@click.pass_obj
def dismiss(session: Session, ids: tuple[int, ...], *, motivo: str, operador: str) -> None:
    """Note that somebody dealt with notices."""
    from pmc_soap.domain.acta import Accion, Acta

    with acting(session) as house:
        acta = Acta(
            fecha_hora_utc=house.clock.now(),
            operador=operador,
            accion=Accion.ALERTA_ATENDIDA,
            codigo_empresa="",
            motivo=motivo,
            antes={},
            despues={"alertas": list(ids)},
        )
        count = house.ledger.alertas.attend(ids, acta)
    if not count:
        fail("no hay ninguna alerta sin atender con ese id: pmc-soap alertas list", FOUND_PROBLEMS)
    click.echo(f"Listo: {count} atendida{'s' if count > 1 else ''}.")


def _row(alerta: "Alerta") -> tuple[object, ...]:
    from pmc_soap.domain.alerta import explain

    que_paso, que_hacer = explain(alerta.motivo)
    detalle = alerta.motivo.partition(":")[2]
    told = f"{que_paso} ({detalle})" if detalle else que_paso
    return (alerta.id, moment(alerta.fecha_hora_utc), alerta.codigo_empresa, told, que_hacer, alerta.id_aviso)


def _document(alerta: "Alerta") -> dict[str, object]:
    return {
        "id": alerta.id,
        "codigo_empresa": alerta.codigo_empresa,
        "motivo": alerta.motivo,
        "id_aviso": alerta.id_aviso,
        "fecha_hora": iso(alerta.fecha_hora_utc),
        "atendida": iso(alerta.atendida_utc),
        "atendida_por": alerta.atendida_por,
    }
