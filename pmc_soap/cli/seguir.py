"""pmc-soap seguir: one id, the whole story of a pago, and what comes next."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.session import FOUND_PROBLEMS, Session, fail, say

if TYPE_CHECKING:
    from pmc_soap.operations.historial import Caso
    from pmc_soap.operations.seguimiento import Coincidencia, Hallado, Historia
    from pmc_soap.wiring import House

WIDTH_WITHOUT_TERMINAL = 160
NADIE = "nadie lo pagó todavía"


@click.command(
    help="¿Dónde está mi pago? Cuenta su historia, paso a paso, y qué sigue."
    "\n\nID puede ser un IdAviso, un IdTransaccion, un IdConsulta, un IdFactura o un IdCliente; con ID_FACTURA, ID es"
    " el cliente. Termina con 1 si no hay nada con ese id."
)
@click.argument("id_", metavar="ID")
@click.argument("id_factura", metavar="[ID_FACTURA]", required=False)
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Busca solo en esa empresa.")
@click.option("--json", "as_json", is_flag=True, help="El resultado como un documento JSON.")
@click.pass_obj
def seguir(session: Session, id_: str, id_factura: str | None, *, codigo_empresa: str | None, as_json: bool) -> None:
    """Follow a pago."""
    with session.house() as house:
        hallado = house.seguimiento.find(codigos_of(house, codigo_empresa), id_, id_factura)
    if as_json:
        click.echo(json.dumps(_document(hallado), ensure_ascii=False, indent=2))
    elif hallado.coincidencias:
        _print(hallado, id_)
    if not hallado.coincidencias:
        asked = f"«{id_}»" + (f", factura «{id_factura}»" if id_factura else "")
        hint = "" if id_factura else " Si la factura no fue informada, probá con: pmc-soap seguir ID_CLIENTE ID_FACTURA"
        fail(f"no hay nada con el id {asked}.{hint}", FOUND_PROBLEMS)


def codigos_of(house: "House", codigo_empresa: str | None) -> list[str]:
    """Give the codes that data is kept under: that empresa's, or those of all."""
    if codigo_empresa is None:
        return sorted({*house.settings.empresas, *house.ledger.empresas()})
    empresa = house.empresas.get(codigo_empresa)
    return [empresa.codigo_empresa if empresa else codigo_empresa]


def _print(hallado: "Hallado", id_: str) -> None:
    first, *others = hallado.coincidencias
    if hallado.historia is not None:
        _print_historia(hallado.historia, first, id_)
        rest = [caso for caso in first.casos if caso is not hallado.historia.caso]
        if rest:
            say("También se informaron, de lo mismo:")
            _list(rest)
    else:
        _print_several([c for c in hallado.coincidencias if c.clase is first.clase], id_)
        others = [c for c in others if c.clase is not first.clase]
    for other in others:
        say(f"«{id_}» también es un {_name(other)}:")
        _list(other.casos)


def _print_historia(historia: "Historia", found: "Coincidencia", id_: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from pmc_soap.domain.calendario import to_local

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH_WITHOUT_TERMINAL
    table = Table()
    for name in ("Cuándo", "Hecho", "Qué pasó"):
        table.add_column(name, overflow="fold")
    for paso in historia.pasos:
        who = f" ({paso.operador})" if paso.operador else ""
        moment = f"{to_local(paso.fecha_hora_utc):%d/%m/%Y %H:%M:%S}"
        table.add_row(*(Text(cell) for cell in (moment, paso.hecho, f"{paso.detalle}{who}")))
    for line in _head(historia, found, id_):
        console.print(Text(line))
    console.print(table)
    for step in historia.proximos:
        console.print(Text(f"Próximo paso: {step}"))


def _head(historia: "Historia", found: "Coincidencia", id_: str) -> Iterator[str]:
    from pmc_soap.domain.calendario import to_local

    yield f"«{id_}» es un {_name(found)}."
    if historia.caso is not None:
        yield f"{_row(historia.caso)}."
    elif found.clave is not None:
        clave = found.clave
        yield f"Empresa {clave.codigo_empresa}, cliente {clave.id_cliente}, factura {clave.id_factura}."
    if found.consulta is not None:
        yield f"La consulta se hizo el {to_local(found.consulta.fecha_hora_utc):%d/%m/%Y %H:%M}."


def _print_several(found: list["Coincidencia"], id_: str) -> None:
    for coincidencia in found:
        click.echo(f"«{id_}» es un {_name(coincidencia)}{'' if coincidencia.casos else f': {NADIE}'}.")
        for caso in coincidencia.casos:
            click.echo(f"  {_row(caso)}")
    if any(coincidencia.casos for coincidencia in found):
        say("Para ver la historia de uno: pmc-soap seguir ID_AVISO")


def _list(casos: "list[Caso] | tuple[Caso, ...]") -> None:
    for caso in casos:
        say(f"  {_row(caso)}")
    if not casos:
        say(f"  {NADIE}")


def _name(found: "Coincidencia") -> str:
    clave = found.clave
    if clave is None:
        return str(found.clase)
    return f"{found.clase} (empresa {clave.codigo_empresa}, cliente {clave.id_cliente})"


def _assigned(caso: "Caso") -> str:
    """Say where a pago went, if an operator sent it elsewhere than the network told."""
    clave = caso.pago.clave if caso.pago else None
    if clave is None or clave == caso.guardado.aviso.clave:
        return ""
    return f" (imputado a la factura {clave.id_factura} del cliente {clave.id_cliente})"


def _row(caso: "Caso") -> str:
    from pmc_soap.domain.calendario import to_local
    from pmc_soap.domain.historia import amount

    aviso = caso.guardado.aviso
    moment = getattr(aviso, "momento_utc", aviso.fecha_hora_mensaje_utc)
    return (
        f"{aviso.tipo} {caso.guardado.id_aviso}: empresa {aviso.codigo_empresa}, cliente {aviso.id_cliente},"
        f" {f'factura {aviso.id_factura}' if aviso.id_factura else 'sin factura'}{_assigned(caso)},"
        f" {amount(aviso)}, {to_local(moment):%d/%m/%Y %H:%M},"
        f" {caso.pago.estado if caso.pago else caso.guardado.estado}"
    )


def _document(hallado: "Hallado") -> dict[str, object]:
    from pmc_soap.domain.calendario import to_local

    historia = hallado.historia
    return {
        "coincidencias": [
            {
                "clase": found.clase,
                "id_cliente": found.clave and found.clave.id_cliente,
                "id_factura": found.clave and found.clave.id_factura,
                "pagos": [_caso(caso) for caso in found.casos],
            }
            for found in hallado.coincidencias
        ],
        "historia": historia
        and {
            "pago": historia.caso and _caso(historia.caso),
            "pasos": [
                {
                    "fecha_hora": to_local(paso.fecha_hora_utc).isoformat(),
                    "hecho": paso.hecho,
                    "detalle": paso.detalle,
                    "operador": paso.operador,
                }
                for paso in historia.pasos
            ],
            "proximos_pasos": list(historia.proximos),
        },
    }


def _caso(caso: "Caso") -> dict[str, object]:
    from pmc_soap.domain import importe
    from pmc_soap.domain.calendario import to_local

    aviso = caso.guardado.aviso
    return {
        "id_aviso": caso.guardado.id_aviso,
        "tipo": aviso.tipo,
        "codigo_empresa": aviso.codigo_empresa,
        "id_cliente": aviso.id_cliente,
        "id_factura": aviso.id_factura,
        "id_transaccion": aviso.id_transaccion,
        "importe": importe.format(aviso.importe_centavos),
        "fecha_hora": to_local(getattr(aviso, "momento_utc", aviso.fecha_hora_mensaje_utc)).isoformat(),
        "estado": caso.pago.estado if caso.pago else caso.guardado.estado,
        "estado_aviso": caso.guardado.estado,
    }
