"""pmc-soap avisos: what the empresas are owed, and what a person does about it."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from pmc_soap.cli import legajo
from pmc_soap.cli.operador import LIMIT, Momento, acting, codigo_of, iso, moment, print_table, who, why
from pmc_soap.cli.session import FOUND_PROBLEMS, Session, confirm, fail, say

if TYPE_CHECKING:
    from pmc_soap.domain.aviso import AvisoGuardado
    from pmc_soap.domain.entrega import Entrega
    from pmc_soap.operations.operador import Recupero, Reenvio

_ESTADOS = ("PENDIENTE", "TOMADA", "DETENIDA", "ENTREGADA")
_DESTINO = click.option("--destino", metavar="NOMBRE", help="Solo en ese destino; por defecto, en todos.")
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="El resultado como un documento JSON.")


@click.group(help="Los avisos que se le deben a cada empresa: verlos, reenviarlos, detenerlos o recuperarlos.")
def avisos() -> None:
    """What is owed."""


@avisos.command(
    "list",
    short_help="Lo que falta entregar.",
    help="Muestra lo que todavía no se entregó, lo más viejo primero; con --estado, otra cosa.",
)
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Solo los de esa empresa.")
@_DESTINO
@click.option("--estado", type=click.Choice(_ESTADOS), help="Solo los que están así.")
@click.option("--since", "since_utc", type=Momento(), metavar="MOMENTO", help="Solo los que se deben desde entonces.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=LIMIT, show_default=True, help="Cuántos, a lo sumo.")
@_AS_JSON
@click.pass_obj
def list_(
    session: Session,
    *,
    codigo_empresa: str | None,
    destino: str | None,
    estado: str | None,
    since_utc: datetime | None,
    limit: int,
    as_json: bool,
) -> None:
    """List entregas."""
    from pmc_soap.domain.entrega import EstadoEntrega
    from pmc_soap.operations.operador import Filtro

    with acting(session) as house:
        filtro = Filtro(
            codigo_empresa=codigo_empresa and codigo_of(house, codigo_empresa),
            destino=destino,
            estado=EstadoEntrega(estado) if estado else None,
            since_utc=since_utc,
            limit=limit + 1,
        )
        found = house.operador.list(filtro)
    shown = found[:limit]
    if as_json:
        rows = [_document(*each) for each in shown]
        click.echo(json.dumps({"entregas": rows, "hay_mas": len(found) > limit}, ensure_ascii=False, indent=2))
        return
    if not shown:
        click.echo("No hay avisos así." if estado else "No hay avisos por entregar: está todo al día.")
        return
    columns = ("Desde", "Empresa", "Destino", "Cliente", "Tipo", "Importe", "Estado", "Intentos", "Qué pasó", "IdAviso")
    print_table(columns, [_row(*each) for each in shown])
    if len(found) > limit:
        say(f"Hay más: se muestran los {limit} más viejos. Para ver más, usá --limit.")


@avisos.command(
    short_help="Todo lo de un aviso.",
    help="Muestra todo lo de un aviso: su pago, sus entregas con cada intento, y lo que hizo un operador.",
)
@click.argument("id_aviso", metavar="ID_AVISO")
@_AS_JSON
@click.pass_obj
def show(session: Session, id_aviso: str, *, as_json: bool) -> None:
    """Show one aviso."""
    with acting(session) as house:
        found = house.operador.show(id_aviso)
    if as_json:
        click.echo(json.dumps(legajo.document(found), ensure_ascii=False, indent=2))
    else:
        legajo.show(found)


@avisos.command(
    short_help="Volver a entregar un aviso.",
    help="Vuelve a entregar un aviso, aunque ya se haya entregado: la empresa reconoce por el IdAviso los que ya tiene."
    " Conserva su lugar en la fila de su cliente.",
)
@click.argument("id_aviso", metavar="ID_AVISO")
@_DESTINO
@why(required=False)
@who
@click.pass_obj
def resend(session: Session, id_aviso: str, *, destino: str | None, motivo: str, operador: str) -> None:
    """Send one again."""
    with acting(session) as house:
        done = house.operador.resend(id_aviso, destino, operador=operador, motivo=motivo)
    for each in done:
        click.echo(f"{each.destino}: {_told(each)}")


@avisos.command(
    short_help="Apartar un aviso, para que los que le siguen avancen.",
    help="Aparta un aviso para que no se entregue: los que le siguen del mismo cliente avanzan. No se borra: se puede"
    " volver a entregar con resend.",
)
@click.argument("id_aviso", metavar="ID_AVISO")
@_DESTINO
@why(required=True)
@who
@click.pass_obj
def stop(session: Session, id_aviso: str, *, destino: str | None, motivo: str, operador: str) -> None:
    """Set one aside."""
    with acting(session) as house:
        done = house.operador.stop(id_aviso, destino, motivo=motivo, operador=operador)
    for each in done:
        click.echo(f"{each.destino}: detenido. Los que le siguen de este cliente avanzan.")


@avisos.command(
    short_help="Volver a entregar todo desde un momento.",
    help="Vuelve a entregar, en orden, todo lo que se debía o se entregó desde un momento: para cuando el sistema de la"
    " empresa volvió a una copia de seguridad. Lo que un operador apartó con stop queda apartado. Se puede repetir.",
)
@click.argument("codigo_empresa", metavar="EMPRESA")
@click.option(
    "--since", "since_utc", type=Momento(), metavar="MOMENTO", required=True, help="AAAA-MM-DD o AAAA-MM-DDTHH:MM."
)
@_DESTINO
@click.option("--yes", is_flag=True, help="No pregunta.")
@_AS_JSON
@why(required=False)
@who
@click.pass_obj
def recover(
    session: Session,
    codigo_empresa: str,
    *,
    since_utc: datetime,
    destino: str | None,
    yes: bool,
    as_json: bool,
    motivo: str,
    operador: str,
) -> None:
    """Send all since then again."""
    where = f"al destino {destino}" if destino else "a todos sus destinos"

    def on_avance(so_far: "Recupero") -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{so_far.entregas} avisos…", nl=False, err=True)

    with acting(session) as house:
        codigo = codigo_of(house, codigo_empresa)
        destinos = house.operador.destinos(codigo)
        if destino is not None and destino not in destinos:
            fail(f"{codigo_empresa} no tiene un destino «{destino}». Tiene: {', '.join(destinos)}.", FOUND_PROBLEMS)
        if not yes:
            since = moment(since_utc)
            confirm(f"Se le va a volver a entregar a {codigo_empresa}, {where}, todo desde el {since}. ¿Seguimos?")
        done = house.operador.recover(codigo, since_utc, destino, operador=operador, motivo=motivo, on_avance=on_avance)
    if as_json:
        click.echo(json.dumps(asdict(done), indent=2))
    elif not done.entregas and not done.en_camino:
        click.echo(f"No había nada que recuperar desde el {moment(since_utc)}.")
    else:
        click.echo(f"Listo: {done.entregas} avisos de {done.clientes} clientes se vuelven a entregar, en orden.")
    if done.en_camino:
        say(f"Otros {done.en_camino} se estaban entregando en ese momento y no se tocaron.")
    if done.apartadas:
        say(
            f"Apartados por un operador, que siguen así: {done.apartadas}. Para verlos:"
            f" pmc-soap avisos list --empresa {codigo} --estado DETENIDA\n"
            "Para volver a entregar uno: pmc-soap avisos resend ID_AVISO"
        )


def _told(done: "Reenvio") -> str:
    from pmc_soap.domain.empresa import PULL

    if done.destino == PULL:
        return "la empresa lo recibe la próxima vez que pida sus avisos."
    if done.despues == "TOMADA":
        return "se está entregando en este momento; no se tocó."
    if done.detras_de is None:
        return "se entrega enseguida."
    if done.frenada:
        return (
            f"espera: la fila de este cliente está frenada por el aviso {done.detras_de}, que está detenido."
            " Reenvialo con resend, o apartalo con stop."
        )
    return f"es el próximo: espera a que termine el aviso {done.detras_de}, del mismo cliente."


def _row(entrega: "Entrega", guardado: "AvisoGuardado") -> Sequence[object]:
    from pmc_soap.domain import importe

    return (
        moment(entrega.creada_utc),
        entrega.codigo_empresa,
        entrega.destino,
        entrega.id_cliente,
        guardado.aviso.tipo,
        importe.format_es(guardado.aviso.importe_centavos),
        entrega.estado,
        entrega.intentos,
        entrega.motivo,
        entrega.id_aviso,
    )


def _document(entrega: "Entrega", guardado: "AvisoGuardado") -> dict[str, object]:
    from pmc_soap.domain import importe

    return {
        **legajo.entrega_document(entrega),
        "id_aviso": entrega.id_aviso,
        "codigo_empresa": entrega.codigo_empresa,
        "id_cliente": entrega.id_cliente,
        "tipo": guardado.aviso.tipo,
        "importe": importe.format(guardado.aviso.importe_centavos),
        "proximo_intento": iso(entrega.proximo_intento_utc),
    }
