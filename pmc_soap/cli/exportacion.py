"""pmc-soap facturas export, exports, rechazo: the FACs that are made for PMC, and those that it refuses."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmc_soap.cli import exportacion_informe, rechazos
from pmc_soap.cli.operador import LIMIT, acting, codigo_of, print_table
from pmc_soap.cli.session import FOUND_PROBLEMS, Session, fail, say

if TYPE_CHECKING:
    from pmc_soap.domain.empresa import Empresa
    from pmc_soap.wiring import House

_REJECTS = ("id_cliente", "id_factura", "codigo", "campo", "valor", "que_pasa", "que_hacer")
_EMPRESA = click.option(
    "--empresa", "codigo_empresa", metavar="CÓDIGO", help="De qué empresa; no hace falta si hay una sola."
)
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="El resultado como un documento JSON.")


@click.command(
    short_help="Generar el FAC para PagoMisCuentas.",
    help="Genera el archivo FAC de lo que se puede pagar, para subirlo a PagoMisCuentas: hasta 15.000 facturas por"
    " archivo y 9 archivos por día. Lo que se hace después de las 14:30, o un día sin bancos, es del día hábil"
    " siguiente. Nunca pisa un archivo. Lo que un FAC no puede decir se informa, factura por factura, y termina con 1.",
)
@_EMPRESA
@click.option(
    "--dir", "carpeta", type=click.Path(path_type=Path), default=Path(), help="En qué carpeta; por defecto, acá."
)
@click.option("--dia", type=click.DateTime(["%Y-%m-%d"]), metavar="AAAA-MM-DD", help="De qué día hábil; desde hoy.")
@click.option(
    "--novedades", is_flag=True, help="Solo lo nuevo y lo que cambió desde los FAC que PagoMisCuentas no rechazó."
)
@click.option(
    "--rejects", type=click.Path(path_type=Path), metavar="F.csv", help="Deja ahí las facturas que no van en el FAC."
)
@click.option("--dry-run", is_flag=True, help="Dice cuánto saldría, sin escribir nada.")
@_AS_JSON
@click.pass_obj
def export(
    session: Session,
    *,
    codigo_empresa: str | None,
    carpeta: Path,
    dia: datetime | None,
    novedades: bool,
    rejects: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write FACs."""
    from pmc_soap.operations.exportacion import Rechazada

    if carpeta.exists() and not carpeta.is_dir():
        raise click.UsageError(f"«{carpeta}» no es una carpeta.")
    if rejects:
        rechazos.check_place("--rejects", rejects)
    with acting(session) as house, rechazos.report(rejects, _REJECTS) as on_reparo:
        empresa = empresa_of(house, codigo_empresa)
        salida = house.salida_fac(carpeta, empresa)
        day = dia.date() if dia else None
        try:
            done = house.exportaciones.export(
                empresa,
                salida,
                dia=day,
                novedades=novedades,
                dry_run=dry_run,
                on_reparo=lambda reparo: on_reparo(exportacion_informe.reparo_document(reparo)),
            )
        except Rechazada as refused:
            fail(exportacion_informe.why(refused, carpeta), FOUND_PROBLEMS)
        except OSError as error:
            raise click.UsageError(f"No se puede escribir en «{carpeta}»: {rechazos.why(error)}.") from error
    if as_json:
        click.echo(json.dumps(exportacion_informe.document(done, dry_run=dry_run), ensure_ascii=False, indent=2))
    else:
        exportacion_informe.tell(done, carpeta, dry_run=dry_run, novedades=novedades)
    if done.total_reparos:
        raise click.exceptions.Exit(FOUND_PROBLEMS)


@click.command(help="Muestra los FAC que se generaron, el más nuevo primero.")
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Solo los de esa empresa.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=LIMIT, show_default=True, help="Cuántos, a lo sumo.")
@_AS_JSON
@click.pass_obj
def exports(session: Session, *, codigo_empresa: str | None, limit: int, as_json: bool) -> None:
    """List FACs."""
    with acting(session) as house:
        own = codigo_empresa and codigo_of(house, codigo_empresa)
        found = house.ledger.libro_exportaciones.exportaciones(own, limit + 1)
    shown, more = found[:limit], len(found) > limit
    if as_json:
        rows = [exportacion_informe.exportacion(each) for each in shown]
        click.echo(json.dumps({"exportaciones": rows, "hay_mas": more}, ensure_ascii=False, indent=2))
        return
    if not shown:
        click.echo("Todavía no se generó ningún FAC. Para generar uno: pmc-soap facturas export")
        return
    print_table(exportacion_informe.COLUMNS, [exportacion_informe.row(each) for each in shown])
    if more:
        say(f"Hay más: se muestran los {limit} más nuevos. Para ver más, usá --limit.")


@click.command(
    short_help="Anotar que PagoMisCuentas rechazó un FAC.",
    help="Anota que PagoMisCuentas rechazó un FAC, con el archivo RECHAZADO_FAC… que dejó. Se guarda y se muestra lo"
    " que dice; lo que iba en ese FAC vuelve a salir con: pmc-soap facturas export --novedades",
)
@click.argument("archivo", type=click.Path(path_type=Path))
@_AS_JSON
@click.pass_obj
def rechazo(session: Session, archivo: Path, *, as_json: bool) -> None:
    """Note a refusal."""
    from pmc_soap.cli.carga import check_input
    from pmc_soap.files.fac import rechazo as refusal

    check_input(archivo)
    nombre = refusal.nombre_fac(archivo.name)
    if nombre is None:
        raise click.UsageError(f"El archivo se tiene que llamar {refusal.PREFIX}FAC…, como lo deja PagoMisCuentas.")
    with archivo.open("rb") as file:
        texto = refusal.read(file)
    with acting(session) as house:
        found = house.exportaciones.reject(nombre, texto)
    if found is None:
        fail(
            f"no se generó ningún FAC que se llame «{nombre}»: no se anotó nada. Para ver los que hay:"
            " pmc-soap facturas exports",
            FOUND_PROBLEMS,
        )
    exportacion, is_new = found
    if as_json:
        click.echo(
            json.dumps(
                exportacion_informe.exportacion(exportacion) | {"es_nuevo": is_new}, ensure_ascii=False, indent=2
            )
        )
        return
    click.echo(texto.rstrip() or "(el archivo está vacío)")
    if not is_new:
        say(f"Ya estaba anotado: «{exportacion.nombre}» figura como rechazado.")
        return
    say(
        f"Anotado: PagoMisCuentas rechazó «{exportacion.nombre}», con {exportacion.cantidad} facturas. Corregí lo que"
        " dice, y volvé a mandarlas con: pmc-soap facturas export --novedades"
    )


def empresa_of(house: "House", codigo_empresa: str | None) -> "Empresa":
    """Give the empresa that was named, or the only one that there is."""
    own = {codigo: said.empresa(codigo) for codigo, said in house.settings.empresas.items()}
    if codigo_empresa is None and len(own) != 1:
        raise click.UsageError(f"Hay varias empresas ({', '.join(own)}): decí cuál con --empresa.")
    [*_, last] = own.values()
    empresa = last if codigo_empresa is None else house.empresas.get(codigo_empresa) or own.get(codigo_empresa)
    if empresa is None:
        raise click.UsageError(f"La empresa «{codigo_empresa}» no está en la configuración.")
    return empresa
