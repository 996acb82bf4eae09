"""pmc-soap intercambios: what PagoMisCuentas and the empresas asked, and what they were answered."""

import json
from typing import TYPE_CHECKING, Any

import click

from pmc_soap.cli.operador import acting
from pmc_soap.cli.session import FOUND_PROBLEMS, Session, fail, say

if TYPE_CHECKING:
    from pmc_soap.operations.intercambios import Intercambio

_JSON = click.option("--json", "as_json", is_flag=True, help="En JSON, un objeto por línea.")


@click.group(help="Cada pedido que llegó y su respuesta, como quedaron guardados.")
def intercambios() -> None:
    """The exchanges."""


@intercambios.command("list", help="Los últimos, el más nuevo primero.")
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Solo esa empresa.")
@click.option("--operacion", metavar="NOMBRE", help="Solo esa operación, como ConsultaDeuda.")
@click.option("--codigo", metavar="CÓDIGO", help="Solo ese código de resultado.")
@click.option("--falla", metavar="PMC-NNNN", help="Solo esa falla.")
@click.option("--problemas", is_flag=True, help="Solo los que dan algo que arreglar.")
@click.option("--cliente", "id_cliente", metavar="ID", help="Solo ese ID de cliente.")
@click.option("--factura", "id_factura", metavar="ID", help="Solo esa factura.")
@click.option(
    "--desde-ms", "minimo_ms", type=click.IntRange(0), metavar="MS", help="Solo los que tardaron tanto o más."
)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1_000), help="Cuántos.")
@_JSON
@click.pass_obj
def list_(
    session: Session, /, *, codigo_empresa: str | None, problemas: bool, limit: int, as_json: bool, **said: Any
) -> None:
    """List exchanges."""
    with acting(session) as house:
        from pmc_soap.operations.intercambios import Filtro

        codigos = frozenset({codigo_empresa}) if codigo_empresa else None
        found = house.ledger.intercambios.recent(
            Filtro(codigos_empresa=codigos, con_problemas=problemas, **said), limit=limit
        )
        for intercambio in found:
            click.echo(as_line(intercambio, as_json=as_json))
    if not found:
        say("No hay ninguno guardado así.")


@intercambios.command(help="Uno entero, con el XML del pedido y el de la respuesta.")
@click.argument("id_pedido", metavar="ID")
@click.option("--mask", is_flag=True, help="Sin nombres ni CUIT.")
@_JSON
@click.pass_obj
def show(session: Session, *, id_pedido: str, mask: bool, as_json: bool) -> None:
    """Show one exchange."""
    with acting(session) as house:
        from pmc_soap.soap.presentacion import present

        found = house.ledger.intercambios.find(id_pedido.strip().lower())
        if found is None:
            fail(f"no hay ningún intercambio guardado con el id «{id_pedido}».", FOUND_PROBLEMS)
        intercambio, documentos = found
        shown = {
            name: present(document, con_datos_personales=not mask) if document else None
            for name, document in (("pedido", documentos.pedido), ("respuesta", documentos.respuesta))
        }
        if as_json:
            click.echo(json.dumps(members(intercambio) | shown, ensure_ascii=False))
            return
        click.echo(as_line(intercambio, as_json=False))
        if intercambio.fases_ms:
            click.echo("  ".join(f"{fase} {ms:.1f} ms" for fase, ms in intercambio.fases_ms.items()).replace(".", ","))
        for title, text in shown.items():
            click.echo(f"\n— {title} —\n{text or 'No se guardó su XML.'}")


def as_line(intercambio: "Intercambio", *, as_json: bool) -> str:
    """Tell of an exchange in one line."""
    if as_json:
        return json.dumps(members(intercambio), ensure_ascii=False)
    from pmc_soap.domain.calendario import to_local

    said = intercambio
    ending = said.falla or f"código {said.codigo or '—'}"
    ids = " ".join(each for each in (said.id_cliente, said.id_factura, said.id_aviso) if each)
    took = f"{said.ms:.1f} ms".replace(".", ",")
    marks = " (repetido)" if said.duplicado else ""
    when, what = f"{to_local(said.fecha_hora_utc):%d/%m/%Y %H:%M:%S}", said.operacion or "—"
    return f"{when}  {said.codigo_empresa or '—':4}  {what:19}  {ending}{marks}  {took}  {ids}  {said.id_pedido}"


def members(intercambio: "Intercambio") -> dict[str, Any]:
    """Give what is told of an exchange to a machine, by its names; instants are UTC."""
    names = (
        *("id_pedido", "puerto", "operacion", "codigo_empresa", "codigo", "severidad", "falla", "campo", "http"),
        *("duplicado", "id_cliente", "id_factura", "id_consulta", "id_aviso", "id_transaccion", "ms"),
        *("bytes_in", "bytes_out"),
    )
    told = {name: getattr(intercambio, name) for name in names}
    return {"fecha_hora_utc": intercambio.fecha_hora_utc.isoformat(), **told, "fases_ms": dict(intercambio.fases_ms)}
