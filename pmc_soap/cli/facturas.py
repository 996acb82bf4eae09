"""pmc-soap facturas: the base of facturas that the empresa reports."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic
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
    from pmc_soap.files.fac.archivo import ArchivoFac

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
    from pmc_soap.operations.ports import Unavailable

    with ExitStack() as stack:
        house = stack.enter_context(session.house())
        on_problema = stack.enter_context(_rejects(rejects)) if rejects else _ignore
        on_avance = stack.enter_context(_progress(dry_run=dry_run))
        try:
            return house.cargas.load(
                archivo, dry_run=dry_run, partial=partial, on_avance=on_avance, on_problema=on_problema
            )
        except Unavailable as error:
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
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[ritmo]}")
    console = Console(stderr=True)
    tasks: dict[Fase, tuple[TaskID, float]] = {}
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as progress:

        def show(avance: "Avance") -> None:
            if avance.fase not in tasks:
                tasks[avance.fase] = progress.add_task(titles[avance.fase], ritmo=""), monotonic()
            task, started = tasks[avance.fase]
            ritmo = f"{avance.filas / max(monotonic() - started, 0.001):,.0f} líneas/s".replace(",", ".")
            progress.update(task, completed=avance.filas, total=avance.total, ritmo=ritmo)

        yield show


def _document(carga: "Carga") -> dict[str, object]:
    from dataclasses import asdict

    from pmc_soap.domain import importe

    return {
        "archivo": carga.nombre,
        "codigo_empresa": carga.codigo_empresa,
        "dry_run": carga.dry_run,
        "guardado": carga.loaded is not None and not carga.dry_run,
        "aceptadas": carga.aceptadas,
        "rechazadas": carga.rechazadas,
        "importe_total": importe.format(carga.importe_total_centavos),
        **(asdict(carga.loaded) if carga.loaded is not None else {}),
        "total_problemas": carga.total_problemas,
        "problemas": [asdict(problema) for problema in carga.problemas],
    }


def _print(carga: "Carga") -> None:
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = WIDTH_WITHOUT_TERMINAL  # else every table in a log would be squeezed into 80 columns
    console.print(_summary(carga))
    if carga.problemas:
        console.print(_report(carga.problemas[:SHOWN_MAX]))
    hidden = carga.total_problemas - SHOWN_MAX
    if hidden > 0:
        say(f"… y {hidden} problemas más: para verlos todos, usá --rejects problemas.csv")
    say(_verdict(carga))


def _summary(carga: "Carga") -> "Table":
    from rich.table import Table
    from rich.text import Text

    from pmc_soap.domain import importe

    table = Table(title=Text(carga.nombre), show_header=False)
    rows = [
        ("Empresa", carga.codigo_empresa or "no se pudo leer"),
        ("Facturas aceptadas", carga.aceptadas),
        ("Líneas con problemas", carga.rechazadas),
        ("Total de las aceptadas (1er vto.)", importe.format_es(carga.importe_total_centavos)),
    ]
    if carga.loaded is not None:
        rows += [
            ("Nuevas", carga.loaded.nuevas),
            ("Cambiadas", carga.loaded.cambiadas),
            ("Iguales (sin cambios)", carga.loaded.iguales),
            ("Pagadas, de baja o reemplazadas (no se tocan)", carga.loaded.intocables),
        ]
    for name, value in rows:
        table.add_row(name, Text(str(value), justify="right"))
    return table


def _report(problemas: Sequence["Problema"]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Problemas")
    for name in ("Línea", "Col."):
        table.add_column(name, justify="right")
    for name in ("Código", "Campo", "Valor", "Qué pasa y qué hacer"):
        table.add_column(name, overflow="fold")
    for p in problemas:
        cells = (p.linea, p.columna, p.codigo, p.campo, p.valor, f"{p.que_pasa} {p.que_hacer}")
        table.add_row(*(Text(str(cell)) for cell in cells))
    return table


def _verdict(carga: "Carga") -> str:
    if carga.loaded is None:
        return "No se guardó nada. Corregí el archivo y volvé a cargarlo" + (
            "." if carga.archivo_rechazado else ", o cargá solo las líneas buenas con --partial."
        )
    return "Fue un ensayo: no se guardó nada." if carga.dry_run else "Listo: las facturas aceptadas ya se pueden pagar."
