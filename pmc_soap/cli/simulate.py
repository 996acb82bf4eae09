"""pmc-soap simulate: play PagoMisCuentas, or the empresa, against a running gateway."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click

from pmc_soap.cli.session import FOUND_PROBLEMS, UNREACHABLE, USAGE, fail, say
from pmc_soap.demo import world
from pmc_soap.domain import importe
from pmc_soap.domain.factura import MotivoBaja, TipoImporte

Command = Callable[..., Any]


def _reaching(token: str) -> Callable[[Command], Command]:
    """Add what every simulation needs: where the gateway is, and who calls."""
    options = (
        click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="Dirección de la pasarela."),
        click.option("--empresa", default=world.EMPRESA, show_default=True, help="CodigoEmpresa."),
        click.option("--token", default=token, envvar="PMC_TOKEN", help="Credencial (o PMC_TOKEN)."),
        click.option("--json", "as_json", is_flag=True, help="La respuesta como JSON."),
    )

    def decorate(command: Command) -> Command:
        for option in options:
            command = option(command)
        return command

    return decorate


class Importe(click.ParamType[str]):
    """Pesos with a point, like the wire: 1500.50."""

    name = "importe"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the amount, or tell how it is written."""
        try:
            return importe.format(importe.parse(value))
        except importe.ImporteInvalido:
            self.fail(f"«{value}» no es un importe; se escribe con punto y hasta dos decimales, como 1500.50")


class Fecha(click.ParamType[date]):
    """A day as the wire writes it: 2030-12-31."""

    name = "AAAA-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the day, or tell how it is written."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"«{value}» no es una fecha AAAA-MM-DD")


@click.group(
    help="Jugá a ser PagoMisCuentas o la empresa, contra una pasarela en marcha."
    "\n\nTermina con 0 si la pasarela contestó que sí, 1 si contestó que no (Severidad 1 o más, o una falla), 2 si el"
    " comando está mal escrito y 4 si no hay una pasarela en esa dirección."
)
def simulate() -> None:
    """The simulations."""


@simulate.command(help="PagoMisCuentas pregunta qué debe un cliente.")
@click.argument("id_cliente", required=False)
@click.option("--factura", "id_factura", help="Buscar por IdFactura.")
@_reaching(world.TOKEN_PAGOMISCUENTAS)
def consulta(*, id_cliente: str | None, id_factura: str | None, as_json: bool, **caller: str) -> None:
    """Ask what a cliente owes."""
    with _network(**caller) as network:
        answer = network.consulta_deuda(id_cliente, IdFactura=id_factura)
    _print(answer, as_json)
    for factura in answer.Facturas.Factura if answer.Facturas and not as_json else []:
        _print_factura(factura)
    _end(answer)


@simulate.command(help="PagoMisCuentas avisa un pago. Repetilo con el mismo --transaccion: no se imputa dos veces.")
@click.argument("id_cliente")
@click.argument("id_factura")
@click.argument("importe_pagado", metavar="IMPORTE", type=Importe())
@click.option("--transaccion", help="IdTransaccion del pago.")
@click.option("--canal", default="PC", show_default=True)
@_reaching(world.TOKEN_PAGOMISCUENTAS)
def pago(
    *,
    id_cliente: str,
    id_factura: str,
    importe_pagado: str,
    transaccion: str | None,
    canal: str,
    as_json: bool,
    **caller: str,
) -> None:
    """Tell of a pago."""
    with _network(**caller) as network:
        answer = network.aviso_pago(
            id_cliente, importe_pagado, IdFactura=id_factura, IdTransaccion=transaccion, Canal=canal
        )
    _print(answer, as_json, "IdAviso", "Estado")
    if answer.Resultado.Duplicado:
        say("Es el pago que ya se había avisado. Uno nuevo, también después de una reversa, lleva otro --transaccion.")
    _end(answer)


@simulate.command(help="PagoMisCuentas reversa un pago: la factura se puede volver a pagar.")
@click.argument("id_cliente")
@click.argument("id_factura")
@click.argument("importe_pagado", metavar="IMPORTE", type=Importe())
@click.option("--original", help="IdTransaccion del pago que se reversa.")
@_reaching(world.TOKEN_PAGOMISCUENTAS)
def reversa(
    *, id_cliente: str, id_factura: str, importe_pagado: str, original: str | None, as_json: bool, **caller: str
) -> None:
    """Take a pago back."""
    with _network(**caller) as network:
        answer = network.reversa_pago(id_cliente, importe_pagado, IdFactura=id_factura, IdTransaccionOriginal=original)
    _print(answer, as_json, "IdAviso", "EstadoFactura")
    _end(answer)


@simulate.command(help="La empresa da de alta una factura, que se puede pagar de inmediato.")
@click.argument("id_cliente")
@click.argument("id_factura")
@click.argument("importe_debido", metavar="IMPORTE", type=Importe())
@click.option("--vence", type=Fecha(), required=True, help="Vencimiento.")
@click.option("--pantalla", default="FACTURA", show_default=True, help="Mensaje en pantalla, hasta 15 caracteres.")
@click.option("--tipo", type=click.Choice([*TipoImporte]), help="Tipo de importe; RANGO lleva --minimo y --maximo.")
@click.option("--minimo", type=Importe(), help="Mínimo a pagar, si es RANGO.")
@click.option("--maximo", type=Importe(), help="Máximo a pagar, si es RANGO.")
@_reaching(world.TOKEN_EMPRESA)
def alta(
    *,
    id_cliente: str,
    id_factura: str,
    importe_debido: str,
    vence: date,
    pantalla: str,
    tipo: str | None,
    minimo: str | None,
    maximo: str | None,
    as_json: bool,
    **caller: str,
) -> None:
    """Register a factura."""
    with _company(**caller) as company:
        answer = company.alta_factura(
            id_cliente,
            id_factura,
            [(vence, importe_debido)],
            MensajePantalla=pantalla,
            TipoImporte=tipo,
            ImporteMinimo=minimo,
            ImporteMaximo=maximo,
        )
    _print(answer, as_json, "Estado")
    _end(answer)


@simulate.command(help="La empresa da de baja una factura.")
@click.argument("id_cliente")
@click.argument("id_factura")
@click.option("--motivo", type=click.Choice([*MotivoBaja]), default=MotivoBaja.OTRO, show_default=True)
@_reaching(world.TOKEN_EMPRESA)
def baja(*, id_cliente: str, id_factura: str, motivo: str, as_json: bool, **caller: str) -> None:
    """Withdraw a factura."""
    with _company(**caller) as company:
        answer = company.baja_factura(id_cliente, id_factura, motivo)
    _print(answer, as_json, "Estado")
    _end(answer)


@contextmanager
def _network(**caller: str) -> Iterator[Any]:
    from pmc_soap.client.cliente import PagoMisCuentas

    with _calling(PagoMisCuentas, **caller) as port:
        yield port


@contextmanager
def _company(**caller: str) -> Iterator[Any]:
    from pmc_soap.client.cliente import Empresa

    with _calling(Empresa, **caller) as port:
        yield port


@contextmanager
def _calling(port_class: Any, *, url: str, empresa: str, token: str) -> Iterator[Any]:
    from pmc_soap.client.cliente import Fault, NotAGateway, NotSent, Unreachable

    try:
        port = port_class(url, empresa, token)
        try:
            yield port
        finally:
            port.close()
    except Fault as fault:
        campo = f" ({fault.campo})" if fault.campo else ""
        fail(f"{fault}{campo}\n  {fault.que_hacer or ''}".rstrip(), FOUND_PROBLEMS)
    except NotSent as error:
        fail(f"eso no se puede enviar: el contrato no lo admite ({error}).", USAGE)
    except NotAGateway:
        fail(
            f"en «{url}» no contesta una pasarela. --url lleva solo el comienzo de su dirección, con http://, como"
            " http://127.0.0.1:8080",
            UNREACHABLE,
        )
    except Unreachable:
        fail(f"no hay una pasarela en {url}. Levantala con: pmc-soap demo", UNREACHABLE)


def _print(answer: Any, as_json: bool, *fields: str) -> None:
    if as_json:
        _print_json(answer)
        return
    _print_resultado(answer)
    for field in fields:
        if getattr(answer, field) is not None:
            click.echo(f"  {field}: {getattr(answer, field)}")


def _end(answer: Any) -> None:
    """Let a script see a refusal in the exit code."""
    if answer.Resultado.Severidad:
        raise click.exceptions.Exit(FOUND_PROBLEMS)


def _print_resultado(answer: Any) -> None:
    resultado = answer.Resultado
    repeated = " — repetido, sin un segundo efecto" if resultado.Duplicado else ""
    click.echo(f"{resultado.Codigo} {resultado.Descripcion}{repeated}")


def _print_factura(factura: Any) -> None:
    due = _pesos(factura.ImporteExigible)
    if factura.TipoImporte == TipoImporte.ABIERTO:
        due = "importe abierto"
    elif factura.TipoImporte == TipoImporte.RANGO:
        lowest, highest = (
            importe.format_es(importe.from_decimal(a)) for a in (factura.ImporteMinimo, factura.ImporteMaximo)
        )
        due = f"{due} (entre {lowest} y {highest})"
    applies = next(v for v in factura.Vencimientos.Vencimiento if v.Numero == factura.NumeroVencimiento)
    click.echo(f"  {factura.IdFactura:<20} {factura.MensajePantalla:<15} {due}, vence el {applies.Fecha:%d/%m/%Y}")


def _pesos(amount: Decimal) -> str:
    return importe.format_es(importe.from_decimal(amount))


def _print_json(answer: Any) -> None:
    from pmc_soap.client.cliente import plain

    click.echo(json.dumps(plain(answer), default=_plain, ensure_ascii=False, indent=2))


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(value)
