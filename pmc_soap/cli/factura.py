"""pmc-soap facturas search, add, withdraw: single facturas, by hand."""

import json
import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.exportacion import empresa_of
from pmc_soap.cli.operador import LIMIT, acting, print_table, who, why
from pmc_soap.cli.session import FOUND_PROBLEMS, Session, confirm, fail, say

if TYPE_CHECKING:
    from pmc_soap.domain.factura import Factura, Vencimiento
    from pmc_soap.domain.resultado import Rejected
    from pmc_soap.operations.factura import Registro

_EMPRESA = click.option(
    "--empresa", "codigo_empresa", metavar="CÓDIGO", help="De qué empresa; no hace falta si hay una sola."
)
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="El resultado como un documento JSON.")
_BAJAS = ("PAGADA_OTRO_CANAL", "ANULADA", "VENCIDA", "OTRO")
_SHOWN = ("mensaje_pantalla", "mensaje_ticket", "tipo_importe", "codigo_barras", "nombre_cliente", "estado", "origen")
_RECHAZOS = {
    "EMPRESA_INEXISTENTE": "la empresa no está activa: activala en la configuración y volvé a intentar.",
    "FACTURA_INEXISTENTE": "no hay ninguna factura con ese cliente y ese id. Buscala con: pmc-soap facturas search",
    "VENCIMIENTOS_INVALIDOS": (
        "los vencimientos no valen: de 1 a 3, con fechas e importes que no bajen, y el importe mayor que cero."
    ),
}
_FINALES = {
    "FACTURA_EXISTENTE": "esa factura ya existe con otros datos: no se cambió nada.",
    "FACTURA_PAGADA": "esa factura ya está pagada: no se cambió nada.",
}


class _Vence(click.ParamType["Vencimiento"]):
    """A due date and what is due until then: 2026-03-31:1500.50."""

    name = "vencimiento"

    def convert(
        self, value: "str | Vencimiento", param: click.Parameter | None, ctx: click.Context | None
    ) -> "Vencimiento":
        from pmc_soap.domain import importe
        from pmc_soap.domain.factura import Vencimiento

        if not isinstance(value, str):
            return value
        fecha, _, cuanto = value.partition(":")
        try:
            return Vencimiento(fecha=date.fromisoformat(fecha), importe_centavos=importe.parse(cuanto))
        except ValueError:
            self.fail(f"«{value}» no es un vencimiento: se escribe AAAA-MM-DD:IMPORTE, como 2026-03-31:1500.50.")


@click.command(help="Busca facturas de la base, en cualquier estado: la más nueva primero.")
@_EMPRESA
@click.argument("id_", metavar="[ID]", required=False)
@click.option("--cliente", "id_cliente", metavar="ID", help="Las de ese cliente.")
@click.option("--factura", "id_factura", metavar="ID", help="La de ese id.")
@click.option("--barras", "codigo_barras", metavar="CÓDIGO", help="La de ese código de barras.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=LIMIT, show_default=True, help="Cuántas, a lo sumo.")
@_AS_JSON
@click.pass_obj
def search(
    session: Session,
    id_: str | None,
    *,
    codigo_empresa: str | None,
    id_cliente: str | None,
    id_factura: str | None,
    codigo_barras: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Search facturas."""
    from pmc_soap.domain.calendario import local_day
    from pmc_soap.domain.consulta import Busqueda

    said = {"id_cliente": id_cliente, "id_factura": id_factura, "codigo_barras": codigo_barras}
    if not (id_ or any(said.values())):
        raise click.UsageError(
            "Decí qué buscar: el ID de un cliente o de una factura, o --cliente, --factura, --barras."
        )
    if id_ and any(said.values()):
        raise click.UsageError("Un ID solo, o las opciones --cliente, --factura y --barras: no las dos cosas.")
    asked = [{name: id_} for name in said] if id_ else [said]
    with acting(session) as house:
        codigo, today = empresa_of(house, codigo_empresa).codigo_empresa, local_day(house.clock.now())
        found = [
            factura
            for each in asked
            for factura in house.facturas_a_mano.search(Busqueda(codigo_empresa=codigo, **each), limit + 1)
        ]
        found = list({factura.clave: factura for factura in found}.values())
    shown, more = found[:limit], len(found) > limit
    if as_json:
        rows = [_document(factura) for factura in shown]
        click.echo(json.dumps({"facturas": rows, "hay_mas": more}, ensure_ascii=False, indent=2))
        return
    if not shown:
        click.echo("No hay ninguna factura así.")
        return
    columns = ("Cliente", "Nombre", "Factura", "Concepto", "Vencimientos", "Estado", "Quién la informó")
    print_table(columns, [_row(factura, today) for factura in shown])
    if more:
        say(f"Hay más: se muestran las {limit} más nuevas. Para ver más, usá --limit.")


@click.command(
    help="Da de alta una factura, que se puede pagar en el acto. La misma otra vez no cambia nada. Queda escrito quién"
    " lo hizo y por qué."
)
@click.argument("id_cliente", metavar="ID_CLIENTE")
@click.argument("id_factura", metavar="ID_FACTURA")
@click.option(
    "--vence",
    "vencimientos",
    type=_Vence(),
    multiple=True,
    required=True,
    metavar="AAAA-MM-DD:IMPORTE",
    help="Hasta cuándo y cuánto; de una a tres veces.",
)
@click.option("--pantalla", default="", metavar="TEXTO", help="Lo que se ve al elegirla; hasta 15 caracteres.")
@click.option("--ticket", default="", metavar="TEXTO", help="Lo que se imprime en el ticket; hasta 40.")
@click.option("--barras", "codigo_barras", metavar="CÓDIGO", help="Su código de barras.")
@click.option("--nombre", "nombre_cliente", metavar="TEXTO", help="El nombre del cliente; hasta 40.")
@_EMPRESA
@why(required=True)
@who
@_AS_JSON
@click.pass_obj
def add(
    session: Session,
    id_cliente: str,
    id_factura: str,
    *,
    vencimientos: "tuple[Vencimiento, ...]",
    pantalla: str,
    ticket: str,
    codigo_barras: str | None,
    nombre_cliente: str | None,
    codigo_empresa: str | None,
    motivo: str,
    operador: str,
    as_json: bool,
) -> None:
    """Register a factura."""
    from pmc_soap.domain import identificador
    from pmc_soap.domain.factura import ClaveFactura, Factura
    from pmc_soap.domain.resultado import Rejected

    with acting(session) as house:
        codigo = empresa_of(house, codigo_empresa).codigo_vigente
        try:
            clave = ClaveFactura(
                codigo_empresa=codigo,
                id_cliente=identificador.validate(id_cliente, identificador.ID_CLIENTE_MAX),
                id_factura=identificador.validate(id_factura, identificador.ID_FACTURA_MAX),
            )
            barras = codigo_barras and identificador.validate(codigo_barras, identificador.CODIGO_BARRAS_MAX)
        except identificador.IdentificadorInvalido as invalid:
            raise click.UsageError(
                "Un id no vale: hasta 19 caracteres el del cliente y 20 el de la factura, sin espacios a los costados,"
                " acentos, «&» ni «<»."
            ) from invalid
        factura = Factura(
            clave=clave,
            vencimientos=vencimientos,
            mensaje_pantalla=pantalla,
            mensaje_ticket=ticket,
            codigo_barras=barras,
            nombre_cliente=nombre_cliente,
        )
        try:
            registro = house.facturas_a_mano.register(factura, operador=operador, motivo=motivo)
        except Rejected as rejected:
            fail(_why(rejected), FOUND_PROBLEMS)
    _end(registro, "Listo: ya se puede pagar.", as_json=as_json)


@click.command(help="Da de baja una factura, que ya no se puede pagar. Queda escrito quién lo hizo y por qué.")
@click.argument("id_cliente", metavar="ID_CLIENTE")
@click.argument("id_factura", metavar="ID_FACTURA")
@click.option("--baja", type=click.Choice(_BAJAS), default="OTRO", show_default=True, help="Qué clase de baja es.")
@click.option("--yes", is_flag=True, help="No pregunta.")
@_EMPRESA
@why(required=True)
@who
@_AS_JSON
@click.pass_obj
def withdraw(
    session: Session,
    id_cliente: str,
    id_factura: str,
    *,
    baja: str,
    yes: bool,
    codigo_empresa: str | None,
    motivo: str,
    operador: str,
    as_json: bool,
) -> None:
    """Withdraw a factura."""
    from pmc_soap.domain.factura import ClaveFactura, MotivoBaja
    from pmc_soap.domain.resultado import Rejected

    with acting(session) as house:
        codigo = empresa_of(house, codigo_empresa).codigo_vigente
        clave = ClaveFactura(codigo_empresa=codigo, id_cliente=id_cliente, id_factura=id_factura)
        if not yes:
            if as_json or not sys.stdin.isatty():
                fail("no se dio de baja: no se puede deshacer. Si estás seguro, agregá --yes.", FOUND_PROBLEMS)
            confirm(f"¿Damos de baja la factura {id_factura} del cliente {id_cliente}? No se puede deshacer.")
        try:
            registro = house.facturas_a_mano.withdraw(clave, MotivoBaja(baja), operador=operador, motivo=motivo)
        except Rejected as rejected:
            fail(_why(rejected), FOUND_PROBLEMS)
    _end(registro, "Listo: ya no se puede pagar.", as_json=as_json)


def _why(rejected: "Rejected") -> str:
    """Say why a factura was refused."""
    known = _RECHAZOS.get(rejected.ending.resultado)
    return known or f"el dato «{rejected.ending.campo}» no vale: revisá su largo y sus caracteres."


def _end(registro: "Registro", done: str, *, as_json: bool) -> None:
    refused = _FINALES.get(registro.ending.resultado)
    if as_json:
        said = {
            "resultado": registro.ending.resultado,
            "duplicado": registro.ending.duplicado,
            "estado": registro.estado,
        }
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
    elif refused is None:
        say("Ya estaba así: no se cambió nada." if registro.ending.duplicado else done)
    if refused is not None:
        fail(refused, FOUND_PROBLEMS)


def _row(factura: "Factura", today: date) -> tuple[object, ...]:
    from pmc_soap.domain import importe
    from pmc_soap.domain.factura import EstadoFactura, Origen

    due = "; ".join(f"{v.fecha:%d/%m/%Y} {importe.format_es(v.importe_centavos)}" for v in factura.vencimientos)
    passed = factura.estado is EstadoFactura.PENDIENTE and factura.ultimo_vencimiento < today
    estado = f"{factura.estado}{' (vencida)' if passed else ''}"
    told = "la empresa" if factura.origen is Origen.BASE else "su sistema, en una consulta"
    clave = factura.clave
    return (clave.id_cliente, factura.nombre_cliente, clave.id_factura, factura.mensaje_pantalla, due, estado, told)


def _document(factura: "Factura") -> dict[str, object]:
    from pmc_soap.domain import importe

    return {
        "codigo_empresa": factura.clave.codigo_empresa,
        "id_cliente": factura.clave.id_cliente,
        "id_factura": factura.clave.id_factura,
        "vencimientos": [
            {"fecha": v.fecha.isoformat(), "importe": importe.format(v.importe_centavos)} for v in factura.vencimientos
        ],
        **{name: getattr(factura, name) for name in _SHOWN},
    }
