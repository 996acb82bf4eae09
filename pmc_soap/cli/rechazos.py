"""What was rejected of a file, left beside it: a report that a spreadsheet opens, and the lines, to be mended."""

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from gettext import gettext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from pmc_soap.operations.carga import Archivo
    from pmc_soap.operations.rechazadas import Rechazadas

COLUMNS = ("linea", "columna", "campo", "valor", "codigo", "que_pasa", "que_hacer")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def check_place(option: str, rejects: Path, archivo: Path | None = None) -> None:
    """Refuse, before anything is read, a place where the rejects would cover something or could not be written."""
    if archivo and rejects.exists() and rejects.samefile(archivo):
        raise click.UsageError(f"{option} nombra el mismo archivo que se carga: dale otro nombre.")
    if os.path.lexists(rejects):
        raise click.UsageError(f"Ya existe «{rejects}» y no se pisa: borralo, o dale otro nombre en {option}.")
    if not (rejects.parent.is_dir() and os.access(rejects.parent, os.W_OK)):
        raise click.UsageError(f"No se puede escribir «{rejects}»: en «{rejects.parent}» no se pueden crear archivos.")


def why(error: OSError) -> str:
    """Say in Spanish what the system would not do."""
    return gettext(error.strerror or str(error))


@contextmanager
def report(path: Path | None, columns: Sequence[str] = COLUMNS) -> Iterator[Callable[[Mapping[str, object]], None]]:
    """Write each as a line that an es-AR Excel opens by double click; where there is none there is no file."""
    with ExitStack() as stack:

        @cache
        def writer() -> Callable[[Mapping[str, object]], None]:
            if path is None:
                return lambda _: None
            try:
                return _csv_writer(stack.enter_context(path.open("x", encoding="utf-8-sig", newline="")), columns)
            except OSError as error:
                raise click.UsageError(f"No se puede escribir «{path}»: {why(error)}.") from error

        def write(row: Mapping[str, object]) -> None:
            writer()(row)

        yield write


def _csv_writer(file: TextIO, columns: Sequence[str]) -> Callable[[Mapping[str, object]], None]:
    writer = csv.writer(file, delimiter=";")
    writer.writerow(columns)

    def write(row: Mapping[str, object]) -> None:
        writer.writerow([_guard(str(row[name])) for name in columns])

    return write


def _guard(value: str) -> str:
    """Keep a spreadsheet from taking what a stranger wrote for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def mend(path: Path, archivo: "Archivo", rechazadas: "Rechazadas") -> str:
    """Leave the refused lines there, to be mended; tell in Spanish what was left, or why nothing was."""
    from pmc_soap.files import a_corregir

    if rechazadas.is_spoiled:
        return "No se dejó nada para corregir línea por línea: lo que está mal es el archivo entero."
    if rechazadas.is_full:
        return f"No se dejó nada para corregir: son más de {len(rechazadas.lineas)} líneas. Rehacé el archivo."
    if not rechazadas.lineas:
        return ""
    try:
        with path.open("xb") as file:
            file.writelines(a_corregir.write(archivo, rechazadas.lineas))
    except OSError as error:
        raise click.UsageError(f"No se puede escribir «{path}»: {why(error)}.") from error
    return f"Las líneas a corregir están en «{path}». Corregilas ahí, y cargá ese archivo con --any-name."
