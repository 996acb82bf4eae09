"""pmc-soap conciliacion: the files of what PMC collected meet the pagos, and finance closes each day."""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from gettext import gettext
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmc_soap.cli import informe_cob
from pmc_soap.cli.fechas import Dia, Mes
from pmc_soap.cli.operador import acting, who, why
from pmc_soap.cli.session import FOUND_PROBLEMS, Session, confirm, fail, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmc_soap.domain.empresa import Empresa
    from pmc_soap.domain.facturable import Mes as MesDelAno
    from pmc_soap.files.cob.archivo import ArchivoCob
    from pmc_soap.operations.cierre import DiaConciliado
    from pmc_soap.wiring import House

BYTES_MAX = 64 * 1024 * 1024  # 650,000 pagos; the file is held as it was when the command began


@click.group(help="Los archivos COB contra los pagos avisados: cruzarlos, ver qué no coincide, cerrar cada día.")
def conciliacion() -> None:
    """The conciliación."""


@conciliacion.command(
    help="Cruza uno o más archivos COB con los pagos avisados. Antes de hacer nada revisa cada archivo entero. Lo que"
    " el COB trae y nadie avisó se imputa, una sola vez, como si se hubiera avisado; lo que no coincide espera a una"
    " persona. Se puede repetir: el mismo archivo no cambia nada, y si se cortó, sigue donde quedó."
    "\n\nTermina con 0 si no quedó nada para ver, y con 1 si un archivo no se usó o hay líneas para una persona."
)
@click.argument("archivos", metavar="COB…", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Dice qué pasaría con cada línea, sin guardar nada.")
@click.option("--replace", is_flag=True, help="Es el archivo corregido de un día que ya se concilió con otro.")
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Exige que los archivos sean de esa empresa.")
@click.option("--any-name", is_flag=True, help="Acepta un archivo que no se llame COB<empresa>.<ddmmaa>.")
@click.option("--json", "as_json", is_flag=True, help="El resultado como un documento JSON.")
@click.pass_obj
def run(
    session: Session,
    *,
    archivos: Sequence[Path],
    dry_run: bool,
    replace: bool,
    codigo_empresa: str | None,
    any_name: bool,
    as_json: bool,
) -> None:
    """Run COBs."""
    cobs = [_open(path, codigo_empresa, any_name=any_name) for path in archivos]
    with _acting(session) as house, _progress() as on_avance:
        corridas = [
            house.conciliaciones.run(cob, dry_run=dry_run, replace=replace, on_avance=on_avance)
            for cob in sorted(cobs, key=lambda cob: (cob.fecha or date.max, cob.nombre))
        ]
    if as_json:
        documents = [informe_cob.corrida_document(each) for each in corridas]
        click.echo(json.dumps(documents, ensure_ascii=False, indent=2))
    else:
        for each in corridas:
            informe_cob.show_corrida(each)
    if any(map(informe_cob.needs_somebody, corridas)):
        raise click.exceptions.Exit(FOUND_PROBLEMS)


@conciliacion.command(
    help="Qué pasó con cada día: cinco montones con su cantidad y su suma, y las líneas y pagos que hay que mirar. Un"
    " día es el de la acreditación (el del archivo); los pagos sin COB están en el día en que se pagaron."
    "\n\nAntes mira qué cambió desde el último archivo: reversas, avisos que llegaron tarde, dinero que no llegó."
)
@click.option("--dia", type=Dia(), metavar="AAAA-MM-DD", help="Un día.")
@click.option("--mes", type=Mes(), metavar="AAAA-MM", help="Un mes.")
@click.option("--pendientes", is_flag=True, help="Solo lo que espera a una persona, de los últimos 120 días.")
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Solo esa empresa.")
@click.option("--json", "as_json", is_flag=True, help="El resultado como un documento JSON.")
@click.pass_obj
def report(
    session: Session,
    *,
    dia: date | None,
    mes: "MesDelAno | None",
    pendientes: bool,
    codigo_empresa: str | None,
    as_json: bool,
) -> None:
    """Report days."""
    if dia is not None and mes is not None:
        raise click.UsageError("Elegí --dia o --mes: uno solo.")
    days: list[DiaConciliado] = []
    with _acting(session) as house:
        desde, hasta = _range(house, dia, mes, pendientes=pendientes)
        for empresa in empresas_of(house, codigo_empresa):
            house.conciliaciones.sweep(empresa)
            days += [house.cierres.day(empresa, dia)] if dia else house.cierres.report(empresa, desde, hasta)
    if as_json:
        click.echo(json.dumps(informe_cob.document(days, pendientes=pendientes), ensure_ascii=False, indent=2))
    else:
        informe_cob.show(days, pendientes=pendientes)


@conciliacion.command(
    help="Cierra un día: ninguna corrida posterior lo cambia. Si algo espera a una persona, lo dice y pregunta antes."
    " Con --reopen lo vuelve a abrir. Queda escrito quién lo hizo y por qué."
)
@click.argument("dia", metavar="DIA", type=Dia())
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="De qué empresa, si hay más de una.")
@click.option("--reopen", is_flag=True, help="Vuelve a abrir un día cerrado.")
@click.option("--yes", is_flag=True, help="No pregunta, aunque algo espere a una persona.")
@why(required=True)
@who
@click.pass_obj
def close(
    session: Session,
    dia: date,
    *,
    codigo_empresa: str | None,
    reopen: bool,
    yes: bool,
    motivo: str,
    operador: str,
) -> None:
    """Close a day, or open it again."""
    with _acting(session) as house:
        empresa = _one_empresa(house, codigo_empresa)
        if reopen:
            house.cierres.reopen(empresa, dia, operador=operador, motivo=motivo)
            click.echo(f"Listo: el día {dia:%d/%m/%Y} de {empresa.codigo_empresa} está abierto otra vez.")
            return
        house.conciliaciones.sweep(empresa)
        _warn(house.cierres.day(empresa, dia), yes=yes)
        closed = house.cierres.close(empresa, dia, operador=operador, motivo=motivo)
    informe_cob.show([closed], pendientes=False)
    click.echo(f"Listo: el día {dia:%d/%m/%Y} de {empresa.codigo_empresa} quedó cerrado.")


@conciliacion.command(
    help="Resuelve una línea que espera a una persona. --pago: es un pago que nadie avisó, y se imputa como cualquiera"
    " (o va al puente). --descartar: ya se aclaró, y no hay nada más que hacer acá. El ID es el que muestra report."
)
@click.argument("id_linea", metavar="ID", type=click.IntRange(min=1))
@click.option("--pago", "es_pago", is_flag=True, help="Es un pago: imputarlo.")
@click.option("--descartar", is_flag=True, help="Ya se aclaró: no espera más.")
@why(required=True)
@who
@click.pass_obj
def resolve(session: Session, id_linea: int, *, es_pago: bool, descartar: bool, motivo: str, operador: str) -> None:
    """Resolve a line."""
    from pmc_soap.operations.cierre import Resolucion

    if es_pago is descartar:
        raise click.UsageError("Elegí --pago o --descartar: uno solo.")
    como = Resolucion.ES_PAGO if es_pago else Resolucion.DESCARTADA
    with _acting(session) as house:
        linea = house.cierres.resolve(id_linea, como, operador=operador, motivo=motivo)
    if not es_pago:
        click.echo(f"Listo: la línea {linea.linea} de {linea.nombre} ya no espera a nadie.")
        return
    stands = f"es el pago {linea.id_aviso}, que está {linea.estado_pago}"
    click.echo(f"Listo: la línea {linea.linea} de {linea.nombre} {stands}.")
    if linea.estado_pago == "EN_PUENTE":
        say(f'Para imputarlo: pmc-soap puente apply {linea.id_aviso} --motivo "…"')


@contextmanager
def _acting(session: Session) -> "Iterator[House]":
    """Act as any operator does; the alerts are told in the report, not line by line."""
    logging.getLogger("pmc_soap.alerta").addHandler(logging.NullHandler())
    with acting(session) as house:
        yield house


def _open(path: Path, codigo_empresa: str | None, *, any_name: bool) -> "ArchivoCob":
    from pmc_soap.files.cob.archivo import ArchivoCob

    try:
        if path.is_dir():
            raise click.UsageError(f"«{path}» es una carpeta: decí cuáles de sus archivos.")
        if not path.is_file():
            raise click.UsageError(f"No existe el archivo «{path}».")
        if path.stat().st_size > BYTES_MAX:
            raise click.UsageError(f"«{path}» pesa más de {BYTES_MAX // 2**20} MB: no puede ser un COB.")
        data = path.read_bytes()
    except OSError as error:
        raise click.UsageError(f"No se puede leer «{path}»: {gettext(error.strerror or str(error))}.") from error
    return ArchivoCob(
        path.name, lambda: BytesIO(data), size_bytes=len(data), any_name=any_name, codigo_empresa=codigo_empresa
    )


@contextmanager
def _progress() -> "Iterator[Callable[[int, int], None]]":
    """Show how far it is, to a person; a script sees nothing."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("Cruzando")
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _range(house: "House", dia: date | None, mes: "MesDelAno | None", *, pendientes: bool) -> tuple[date, date]:
    from pmc_soap.domain.calendario import local_day
    from pmc_soap.operations.barrido import HASTA

    today = local_day(house.clock.now())
    if dia is not None:
        return dia, dia
    if mes is not None:
        return mes.primer_dia, local_day(mes.until_utc) - timedelta(days=1)
    return (today - HASTA if pendientes else today.replace(day=1)), date.max - timedelta(days=1)


def empresas_of(house: "House", codigo: str | None) -> "Sequence[Empresa]":
    """Give the empresa of that code, or all."""
    found = [house.empresas.owner(each) for each in ([codigo] if codigo else house.settings.empresas)]
    if None in found:
        fail(f"no existe la empresa «{codigo}» en la configuración.", FOUND_PROBLEMS)
    return [empresa for empresa in found if empresa is not None]


def _one_empresa(house: "House", codigo: str | None) -> "Empresa":
    found = empresas_of(house, codigo)
    if len(found) != 1:
        raise click.UsageError("Hay más de una empresa: decí cuál con --empresa CÓDIGO.")
    return found[0]


def _warn(day: "DiaConciliado", *, yes: bool) -> None:
    """Say what waits for a person, and end the command unless the operator means it."""
    waiting = day.para_una_persona
    if not waiting:
        return
    informe_cob.show([day], pendientes=True)
    say(f"Ojo: de ese día, {len(waiting)} líneas esperan a una persona.")
    if not yes:
        confirm("¿Lo cerramos igual?")
