"""pmc-soap puente: the pagos that could not be imputed, and what a person decides about them."""

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.operador import LIMIT, acting, codigo_of, iso, moment, print_table, who, why
from pmc_soap.cli.salida import Salida, con_salida, emit
from pmc_soap.cli.session import FOUND_PROBLEMS, Session, confirm, fail, say

if TYPE_CHECKING:
    from pmc_soap.domain.aviso import AvisoGuardado
    from pmc_soap.operations.puente import Aplicado, Prevision


@click.group(help="Los pagos que no se pudieron imputar: verlos, imputarlos o devolverlos.")
def puente() -> None:
    """The puente."""


@puente.command("list", help="Muestra los pagos que esperan en el puente, el más viejo primero.")
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Solo los de esa empresa.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=LIMIT,
    show_default=True,
    help="Cuántos, a lo sumo; en un archivo van todos.",
)
@con_salida
@click.pass_obj
def list_(session: Session, *, codigo_empresa: str | None, limit: int, salida: Salida) -> None:
    """List what waits."""
    from pmc_soap.files.informe import puente as informe_puente

    with acting(session) as house:
        codigo = codigo_empresa and codigo_of(house, codigo_empresa)
        if salida.es_archivo:
            emit(salida, [informe_puente.tabla(house.ledger.informes.en_puente(codigo))])
            return
        found = house.puente.list(codigo, limit + 1)
    rows = [_document(guardado) for guardado, _ in found[:limit]]
    if salida.json:
        click.echo(json.dumps({"pagos": rows, "hay_mas": len(found) > limit}, ensure_ascii=False, indent=2))
        return
    if not rows:
        click.echo("El puente está vacío: no hay pagos sin imputar.")
        return
    print_table(
        ("Recibido", "Empresa", "Cliente", "Factura", "Importe", "Por qué", "Qué se puede hacer", "IdAviso"),
        [_row(guardado) for guardado, _ in found[:limit]],
    )
    if len(found) > limit:
        say(f"Hay más: se muestran los {limit} más viejos. Para ver más, usá --limit.")
    say(
        'Para imputar uno: pmc-soap puente apply ID_AVISO --motivo "…"\n'
        'Para devolverlo:  pmc-soap puente return ID_AVISO --motivo "…"'
    )


@puente.command(
    help="Imputa un pago que espera: a su factura, a otra, o a cuenta del cliente. La empresa recibe el aviso como"
    " cualquier otro. Queda escrito quién lo hizo y por qué. Si algo no cierra (la factura no está en la base o está de"
    " baja, o el importe o la moneda no son los suyos), lo dice y pregunta antes."
)
@click.argument("id_aviso", metavar="ID_AVISO")
@click.option("--cliente", "id_cliente", metavar="ID", help="A otro cliente; por defecto, el del aviso.")
@click.option("--factura", "id_factura", metavar="ID", help="A otra factura; por defecto, la del aviso.")
@click.option("--a-cuenta", "a_cuenta", is_flag=True, help="A cuenta del cliente, sin factura.")
@click.option("--yes", is_flag=True, help="No pregunta, aunque algo no cierre.")
@click.option("--json", "as_json", is_flag=True, help="El resultado como un documento JSON; no pregunta nunca.")
@why(required=True)
@who
@click.pass_obj
def apply(
    session: Session,
    id_aviso: str,
    *,
    id_cliente: str | None,
    id_factura: str | None,
    a_cuenta: bool,
    yes: bool,
    as_json: bool,
    motivo: str,
    operador: str,
) -> None:
    """Apply a pago."""
    from pmc_soap.operations.puente import Imputacion

    if a_cuenta and id_factura:
        raise click.UsageError("--a-cuenta es sin factura: elegí --factura o --a-cuenta.")
    imputacion = Imputacion(id_cliente=id_cliente, id_factura=id_factura, a_cuenta=a_cuenta)
    with acting(session) as house:
        _warn(house.puente.foresee(id_aviso, imputacion), yes=yes, can_ask=not as_json and sys.stdin.isatty())
        done = house.puente.apply(id_aviso, imputacion, motivo=motivo, operador=operador)
    if as_json:
        click.echo(json.dumps(_applied_document(done), ensure_ascii=False, indent=2))
    else:
        _print_applied(done)


def _warn(foreseen: "Prevision", *, yes: bool, can_ask: bool) -> None:
    """Say what is odd, and end the command unless the operator means it."""
    for odd in _odd(foreseen):
        say(f"Ojo: {odd}.")
    if yes or not foreseen.reparos:
        return
    if not can_ask:
        fail("no se imputó. Si igual lo querés imputar, agregá --yes.", FOUND_PROBLEMS)
    confirm("¿Lo imputamos igual?")


def _odd(foreseen: "Prevision") -> Iterator[str]:
    from pmc_soap.domain import importe
    from pmc_soap.operations.puente import Reparo

    paid = importe.format_es(foreseen.aviso.importe_centavos)
    named = f"la factura {foreseen.clave.id_factura} del cliente {foreseen.id_cliente}" if foreseen.clave else ""
    for reparo in foreseen.reparos:
        match reparo:
            case Reparo.FACTURA_NO_INFORMADA:
                yield f"{named} no está en la base, y el pago es de {paid}"
            case Reparo.FACTURA_DE_BAJA:
                yield f"{named} está dada de baja"
            case Reparo.MONEDA_DISTINTA:
                yield f"el pago no es en pesos: su moneda es {foreseen.aviso.moneda}"
            case Reparo.IMPORTE_DISTINTO:
                yield f"{named} {_due(foreseen)}, y el pago es de {paid}"


def _due(foreseen: "Prevision") -> str:
    from pmc_soap.domain import importe
    from pmc_soap.domain.factura import TipoImporte

    factura = foreseen.factura
    if factura is not None and factura.tipo_importe is TipoImporte.RANGO:
        least, most = factura.importe_minimo_centavos or 0, factura.importe_maximo_centavos or 0
        return f"admite de {importe.format_es(least)} a {importe.format_es(most)}"
    return f"era de {importe.format_es(foreseen.exigible_centavos or 0)}"


def _print_applied(done: "Aplicado") -> None:
    from pmc_soap.domain import importe

    where = f"a la factura {done.id_factura}" if done.id_factura else "a cuenta"
    click.echo(f"Listo: {importe.format_es(done.importe_centavos)} imputados {where} del cliente {done.id_cliente}.")
    if done.id_factura and done.estado_factura is None:
        say("Esa factura todavía no está en la base: cuando la empresa la informe, ya va a figurar como pagada.")
    elif done.estado_factura == "BAJA":
        say("La factura sigue dada de baja, pero con este pago.")
    say("La empresa va a recibir el aviso en sus destinos.")


@puente.command("return", help="Deja escrito que el dinero se devolvió a quien lo pagó. A la empresa no se le avisa.")
@click.argument("id_aviso", metavar="ID_AVISO")
@why(required=True)
@who
@click.pass_obj
def return_(session: Session, id_aviso: str, *, motivo: str, operador: str) -> None:
    """Note that a pago was given back."""
    with acting(session) as house:
        house.puente.return_(id_aviso, motivo=motivo, operador=operador)
    click.echo("Listo: el pago figura como devuelto y salió del puente.")
    say("Esto no mueve dinero: la devolución se hace por fuera de este programa.")


def _applied_document(done: "Aplicado") -> dict[str, object]:
    from pmc_soap.domain import importe

    return {
        "id_aviso": done.id_aviso,
        "codigo_empresa": done.codigo_empresa,
        "id_cliente": done.id_cliente,
        "id_factura": done.id_factura,
        "importe": importe.format(done.importe_centavos),
        "estado_factura": done.estado_factura,
    }


def _row(guardado: "AvisoGuardado") -> tuple[object, ...]:
    from pmc_soap.domain import importe
    from pmc_soap.files.informe import puente as informe_puente

    said = informe_puente.said(guardado)
    amount = importe.format_es(said.importe_centavos)
    return (
        moment(guardado.fecha_hora_utc),
        said.codigo_empresa,
        said.id_cliente,
        said.id_factura or "sin factura",
        amount if said.moneda == importe.PESOS else f"{amount} ({said.moneda})",
        informe_puente.why(guardado),
        informe_puente.QUE_HACER[guardado.estado],
        guardado.id_aviso,
    )


def _document(guardado: "AvisoGuardado") -> dict[str, object]:
    from pmc_soap.domain import importe
    from pmc_soap.files.informe import puente as informe_puente

    said = informe_puente.said(guardado)
    return {
        "id_aviso": guardado.id_aviso,
        "codigo_empresa": said.codigo_empresa,
        "id_cliente": said.id_cliente,
        "id_factura": said.id_factura,
        "id_transaccion": said.id_transaccion,
        "importe": importe.format(said.importe_centavos),
        "moneda": said.moneda,
        "estado_aviso": guardado.estado,
        "por_que": informe_puente.why(guardado),
        "que_se_puede_hacer": informe_puente.QUE_HACER[guardado.estado],
        "fecha_hora": iso(guardado.fecha_hora_utc),
    }
