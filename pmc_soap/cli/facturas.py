"""pmc-soap facturas: the base of facturas that the empresa reports."""

import csv
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import cache
from gettext import gettext
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, TextIO

import click

from pmc_soap.cli.session import FOUND_PROBLEMS, UNREACHABLE, Session, fail, say

if TYPE_CHECKING:
    from rich.table import Table

    from pmc_soap.operations.carga import Archivo, Avance, Carga, Problema, Renglon

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
    "\n\nTermina con 0 si todo está bien y con 1 si hay algún problema, aunque --partial haya cargado las demás líneas."
)
@click.argument("archivo", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Revisa y dice qué cambiaría, sin guardar nada.")
@click.option("--partial", is_flag=True, help="Carga las líneas buenas aunque haya otras con problemas.")
@click.option("--rejects", type=click.Path(path_type=Path), metavar="F.csv", help="Deja ahí los problemas, si hay.")
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

    _check_input(archivo)
    if rejects:
        _check_rejects(rejects, archivo)
    fac = ArchivoFac.at(archivo, any_name=any_name, codigo_empresa=codigo_empresa)
    carga, vencidas = _load(session, fac, rejects, dry_run=dry_run, partial=partial)
    if as_json:
        click.echo(json.dumps(_document(carga, vencidas), ensure_ascii=False, indent=2))
    else:
        _print(carga, vencidas, rejects)
    if carga.total_problemas:
        raise click.exceptions.Exit(FOUND_PROBLEMS)


def _check_input(archivo: Path) -> None:
    try:
        if archivo.is_dir():
            raise click.UsageError(f"«{archivo}» es una carpeta: decí cuál de sus archivos hay que cargar.")
        if not archivo.is_file():
            raise click.UsageError(f"No existe el archivo «{archivo}».")
        archivo.open("rb").close()
    except OSError as error:
        raise click.UsageError(f"No se puede leer «{archivo}»: {_why(error)}.") from error


def _check_rejects(rejects: Path, archivo: Path) -> None:
    """Refuse, before anything is read, a place where the rejects would cover something or could not be written."""
    if rejects.exists() and rejects.samefile(archivo):
        raise click.UsageError("--rejects nombra el mismo archivo que se carga: dale otro nombre.")
    if os.path.lexists(rejects):
        raise click.UsageError(f"Ya existe «{rejects}» y no se pisa: borralo, o dale otro nombre en --rejects.")
    if not (rejects.parent.is_dir() and os.access(rejects.parent, os.W_OK)):
        raise click.UsageError(f"No se puede escribir «{rejects}»: en «{rejects.parent}» no se pueden crear archivos.")


def _why(error: OSError) -> str:
    return gettext(error.strerror or str(error))


class _Counted:
    """The archivo itself; as it is read, the facturas that are past their last due date are counted."""

    def __init__(self, archivo: "Archivo", today: date) -> None:
        self._archivo, self._today = archivo, today
        self.nombre, self.filas_estimadas = archivo.nombre, archivo.filas_estimadas
        self.codigo_empresa, self.explain = archivo.codigo_empresa, archivo.explain
        self.vencidas = 0

    def read(self) -> Iterator["Renglon | Problema"]:
        from pmc_soap.operations.carga import Renglon

        self.vencidas = 0
        for item in self._archivo.read():
            if isinstance(item, Renglon):
                self.vencidas += item.factura.ultimo_vencimiento < self._today
            yield item


def _load(
    session: Session, fac: "Archivo", rejects: Path | None, *, dry_run: bool, partial: bool
) -> tuple["Carga", int]:
    from pmc_soap.domain.calendario import local_day
    from pmc_soap.operations.ports import Unavailable

    with ExitStack() as stack:
        house = stack.enter_context(session.house())
        archivo = _Counted(fac, local_day(house.clock.now()))
        on_problema = stack.enter_context(_rejects(rejects)) if rejects else _ignore
        on_avance = stack.enter_context(_progress(dry_run=dry_run))
        try:
            carga = house.cargas.load(
                archivo, dry_run=dry_run, partial=partial, on_avance=on_avance, on_problema=on_problema
            )
        except Unavailable as error:
            fail(f"la carga se cortó: {error}\n  Cargá el archivo otra vez: lo ya guardado no cambia.", UNREACHABLE)
    return carga, archivo.vencidas


def _ignore(_: "Problema") -> None:
    pass


@contextmanager
def _rejects(path: Path) -> Iterator[Callable[["Problema"], None]]:
    """Write each problem as a line that an es-AR Excel opens by double click; without problems there is no file."""
    with ExitStack() as stack:

        @cache
        def writer() -> Callable[["Problema"], None]:
            try:
                return _csv_writer(stack.enter_context(path.open("x", encoding="utf-8-sig", newline="")))
            except OSError as error:
                raise click.UsageError(f"No se puede escribir «{path}»: {_why(error)}.") from error

        def write(problema: "Problema") -> None:
            writer()(problema)

        yield write


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


def _document(carga: "Carga", vencidas: int) -> dict[str, object]:
    from dataclasses import asdict

    from pmc_soap.domain import importe

    return {
        "archivo": carga.nombre,
        "codigo_empresa": carga.codigo_empresa,
        "dry_run": carga.dry_run,
        "guardado": carga.loaded is not None and not carga.dry_run,
        "aceptadas": carga.aceptadas,
        "rechazadas": carga.rechazadas,
        "vencidas": vencidas,
        "importe_total": importe.format(carga.importe_total_centavos),
        **(asdict(carga.loaded) if carga.loaded is not None else {}),
        "total_problemas": carga.total_problemas,
        "problemas": [asdict(problema) for problema in carga.problemas],
    }


def _print(carga: "Carga", vencidas: int, rejects: Path | None) -> None:
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = WIDTH_WITHOUT_TERMINAL  # else every table in a log would be squeezed into 80 columns
    console.print(_summary(carga, vencidas))
    if carga.problemas:
        console.print(_report(carga.problemas[:SHOWN_MAX]))
    hidden = carga.total_problemas - SHOWN_MAX
    if hidden > 0:
        say(f"… y {hidden} problemas más.")
    say(_verdict(carga, vencidas))
    if carga.total_problemas:
        where = f"están en «{rejects}»" if rejects else "para tenerlos en una planilla, usá --rejects problemas.csv"
        say(f"Líneas rechazadas: {carga.rechazadas}. Los problemas, {carga.total_problemas} en total: {where}.")


def _summary(carga: "Carga", vencidas: int) -> "Table":
    from rich.table import Table
    from rich.text import Text

    from pmc_soap.domain import importe

    table = Table(title=Text(carga.nombre), show_header=False)
    rows = [
        ("Empresa", carga.codigo_empresa or "no se pudo leer"),
        ("Facturas leídas bien", carga.aceptadas),
        ("Líneas con problemas", carga.rechazadas),
        ("Ya pasado su último vencimiento (no admiten pago)", vencidas),
        ("Total de las leídas bien (1er vto.)", importe.format_es(carga.importe_total_centavos)),
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


def _verdict(carga: "Carga", vencidas: int) -> str:
    if carga.loaded is None:
        return "No se guardó nada. Corregí el archivo y volvé a cargarlo" + (
            "." if carga.archivo_rechazado else ", o cargá solo las líneas buenas con --partial."
        )
    if carga.dry_run:
        return "Fue un ensayo: no se guardó nada."
    if not (carga.loaded.nuevas or carga.loaded.cambiadas):
        return "Listo: la base ya estaba así, no había nada que cambiar."
    if vencidas:
        return (
            "Listo: las facturas nuevas y las cambiadas ya se pueden pagar, menos las que pasaron su último vencimiento"
            f" (en el archivo, {vencidas} de {carga.aceptadas})."
        )
    return "Listo: las facturas nuevas y las cambiadas ya se pueden pagar."
