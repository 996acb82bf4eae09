"""pmc-soap facturas: the base of facturas that the empresa reports."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from pmc_soap.cli.session import FOUND_PROBLEMS, UNREACHABLE, Session, fail, say

if TYPE_CHECKING:
    from rich.table import Table

    from pmc_soap.operations.carga import Archivo, Avance, Carga, Problema

SHOWN_MAX = 50
WIDTH_WITHOUT_TERMINAL = 160
COLUMNS = ("linea", "columna", "campo", "valor", "codigo", "que_pasa", "que_hacer")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.group(help="La base de facturas: cargar un archivo FAC.")
def facturas() -> None:
    """The base of facturas."""


@facturas.command(
    help="Carga un archivo FAC (el clásico, de 280 columnas). Antes de guardar nada lo revisa entero: encabezado,"
    " cierre, cantidad, total y cada línea. Se puede repetir: lo que ya está igual no cambia."
)
@click.argument("archivo", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Revisa y dice qué cambiaría, sin guardar nada.")
@click.option("--partial", is_flag=True, help="Carga las líneas buenas aunque haya otras con problemas.")
@click.option("--rejects", type=click.Path(path_type=Path), metavar="F.csv", help="Deja ahí todos los problemas.")
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Exige que el archivo sea de esa empresa.")
@click.option("--any-name", is_flag=True, help="Acepta un archivo que no se llame FAC<empresa>.<ddmmaa>.")
@click.option("--json", "as_json", is_flag=True, help="El resultado como un documento JSON.")
@click.pass_obj
def load(
    session: Session,
    archivo: Path,
    *,
    dry_run: bool,
    partial: bool,
    rejects: Path | None,
    codigo_empresa: str | None,
    any_name: bool,
    as_json: bool,
) -> None:
    """Load a FAC."""
    from pmc_soap.files.fac_archivo import ArchivoFac

    if not archivo.is_file():
        raise click.UsageError(f"No existe el archivo «{archivo}».")
    fac = ArchivoFac.at(archivo, any_name=any_name, codigo_empresa=codigo_empresa)
    carga = _load(session, fac, rejects, dry_run=dry_run, partial=partial)
    if as_json:
        click.echo(json.dumps(_document(carga), ensure_ascii=False, indent=2))
    else:
        _print(carga)
    if carga.total_problemas:
        raise click.exceptions.Exit(FOUND_PROBLEMS)


def _load(session: Session, archivo: "Archivo", rejects: Path | None, *, dry_run: bool, partial: bool) -> "Carga":
    from pmc_soap import wiring
    from pmc_soap.operations.carga import Cargar

    with ExitStack() as stack:
        house = stack.enter_context(session.house())
        on_problema = stack.enter_context(_rejects(rejects)) if rejects else _ignore
        on_avance = stack.enter_context(_progress(dry_run=dry_run))
        try:
            return Cargar(house.ledger, house.empresas, house.clock).load(
                archivo, dry_run=dry_run, partial=partial, on_avance=on_avance, on_problema=on_problema
            )
        except wiring.DATABASE_ERRORS as error:
            fail(f"la carga se cortó: {error}\n  Cargá el archivo otra vez: lo ya guardado no cambia.", UNREACHABLE)


def _ignore(_: "Problema") -> None:
    pass


@contextmanager
def _rejects(path: Path) -> Iterator[Callable[["Problema"], None]]:
    """Write each problem as a line that an es-AR Excel opens by double click."""
    try:
        file = path.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise click.UsageError(f"No se puede escribir «{path}»: {error.strerror}.") from error
    with file:
        yield _csv_writer(file)


def _csv_writer(file: TextIO) -> Callable[["Problema"], None]:
    writer = csv.writer(file, delimiter=";")
    writer.writerow(COLUMNS)

    def write(problema: "Problema") -> None:
        writer.writerow([_guard(str(getattr(problema, name))) for name in COLUMNS])

    return write


def _guard(value: str) -> str:
    """Keep a spreadsheet from taking what a stranger wrote for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


@contextmanager
def _progress(*, dry_run: bool) -> Iterator[Callable[["Avance"], None]]:
    """Show how far each reading is, to a person; a script sees nothing."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    from pmc_soap.operations.carga import Fase

    titles = {Fase.REVISION: "Revisando", Fase.CARGA: "Ensayando" if dry_run else "Cargando"}
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _filas_per_s(),
        TimeRemainingColumn(),
    )
    tasks: dict[Fase, TaskID] = {}
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:

        def show(avance: "Avance") -> None:
            if avance.fase not in tasks:
                tasks[avance.fase] = progress.add_task(titles[avance.fase])
            progress.update(tasks[avance.fase], completed=avance.filas, total=avance.total)

        yield show
