"""How a report leaves: on the screen (the first rows, and what all come to), or whole, as CSV, XLSX or JSON.

Whatever the way, its rows go by one at a time; a file is there whole, under its name, or not at all.
"""

import io
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from gettext import gettext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from pmc_soap.cli.session import say
from pmc_soap.domain.valor import value

if TYPE_CHECKING:
    from pmc_soap.files.tabla.columna import Columna, Tabla

F = TypeVar("F", bound=Callable[..., Any])

SHOWN_MAX = 50
WHOLE = 38  # characters of an IdAviso: texts in columns that are no wider are never broken
FOLDED = 24  # of wider columns, at least
STDOUT = Path("-")


@value
class Salida:
    """Where a report goes: to one of these; to none, the screen."""

    csv: Path | None = None
    xlsx: Path | None = None
    json: bool = False

    @property
    def es_archivo(self) -> bool:
        """Tell whether it is for a spreadsheet."""
        return (self.csv or self.xlsx) is not None


def con_salida(command: F) -> F:
    """Ask where a report goes; the command is handed a salida."""

    @click.option("--json", "as_json", is_flag=True, help="El resultado entero como un documento JSON.")
    @click.option(
        "--xlsx", "xlsx", type=click.Path(path_type=Path), metavar="F.xlsx", help="Lo deja entero en un libro de Excel."
    )
    @click.option(
        "--csv",
        "csv",
        type=click.Path(path_type=Path, allow_dash=True),
        metavar="[F.csv]",
        is_flag=False,
        flag_value="-",
        help="Lo deja entero en un CSV que Excel abre en castellano; sin nombre de archivo, por la salida.",
    )
    @wraps(command)
    def asked(*args: Any, csv: Path | None, xlsx: Path | None, as_json: bool, **said: Any) -> Any:
        if sum((csv is not None, xlsx is not None, as_json)) > 1:
            raise click.UsageError("Elegí --csv, --xlsx o --json: uno solo.")
        for option, path in (("--csv", csv), ("--xlsx", xlsx)):
            if path is not None and path != STDOUT:
                _check_place(option, path)
        return command(*args, salida=Salida(csv=csv, xlsx=xlsx, json=as_json), **said)

    return asked  # type: ignore[return-value]


def emit(salida: Salida, tablas: "Sequence[Tabla]", *, nada: str = "") -> None:
    """Hand out a report: its first table is the rows, the others sum them up. nada: what is said where it has none."""
    if salida.xlsx is not None:
        from pmc_soap.files.tabla import escritura_xlsx

        with _new(salida.xlsx) as file:
            escritura_xlsx.write(tablas, file)
        say(f"Listo: «{salida.xlsx}».")
    elif salida.csv is not None:
        _emit_csv(salida.csv, tablas[0])
    elif salida.json:
        from pmc_soap.files.tabla import escritura_json

        _write_text(sys.stdout.buffer, lambda text: escritura_json.write(tablas, text))
    else:
        _show(tablas, nada)


def _emit_csv(path: Path, tabla: "Tabla") -> None:
    from pmc_soap.files.tabla import escritura_csv

    if path == STDOUT:
        _write_text(sys.stdout.buffer, lambda text: escritura_csv.write(tabla, text))
        return
    with _new(path) as file:
        _write_text(file, lambda text: escritura_csv.write(tabla, text))
    say(f"Listo: «{path}».")


def _write_text(file: BinaryIO, write: Callable[[io.TextIOWrapper], object]) -> None:
    """Write text to a file of bytes, and leave that open."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        write(text)
        text.flush()
    finally:
        with suppress(ValueError):
            text.detach()


def _check_place(option: str, path: Path) -> None:
    """Refuse, before anything is read, a place where it would cover something or cannot be written."""
    if os.path.lexists(path):
        raise click.UsageError(f"Ya existe «{path}» y no se pisa: borralo, o dale otro nombre en {option}.")
    if not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        raise click.UsageError(f"No se puede escribir «{path}»: en «{path.parent}» no se pueden crear archivos.")


@contextmanager
def _new(path: Path) -> Iterator[BinaryIO]:
    """Write a file that gets its name when it is whole: what is cut half-way must not pass for a report."""
    parcial = path.with_name(f".{path.name}.{os.getpid()}.parcial")
    try:
        with parcial.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _name(parcial, path)
    except OSError as error:
        raise click.UsageError(f"No se puede escribir «{path}»: {gettext(error.strerror or str(error))}.") from error
    finally:
        parcial.unlink(missing_ok=True)


def _name(parcial: Path, path: Path) -> None:
    """Give a file its name, unless there is one of that name by now."""
    try:
        os.link(parcial, path)
    except FileExistsError:
        raise
    except OSError:  # not every disk can give a file a second name
        if os.path.lexists(path):
            raise
        parcial.rename(path)


def _show(tablas: "Sequence[Tabla]", nada: str) -> None:
    first, *others = tablas
    total = _show_tabla(first, SHOWN_MAX)
    if not total:
        click.echo(nada)
        return
    for tabla in others:
        _show_tabla(tabla, SHOWN_MAX)
    if total > SHOWN_MAX:
        say(f"Se muestran las primeras {SHOWN_MAX} filas de {total}. Para tenerlas todas: --xlsx F.xlsx o --csv F.csv")


def _show_tabla(tabla: "Tabla", limit: int) -> int:
    """Print the first rows, read all, and give how many there are."""
    columnas = [(n, columna) for n, columna in enumerate(tabla.columnas) if columna.pantalla]
    rows, count = [], 0
    for count, fila in enumerate(tabla.filas, start=1):
        if count <= limit:
            rows.append([_write(columna, fila[n]) for n, columna in columnas])
    if rows:
        _print(tabla.titulo, [columna for _, columna in columnas], rows)
    return count


def _print(titulo: str, columnas: "Sequence[Columna]", rows: Sequence[Sequence[str]]) -> None:
    """Print rows. On a narrow screen lines go on in the next: an importe or an id that is cut says something else."""
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    from pmc_soap.cli.liquidacion import console
    from pmc_soap.files.tabla.columna import ANCHOS

    shown, width = Table(title=Text(titulo)), 1
    for n, columna in enumerate(columnas):
        whole = (columna.ancho or ANCHOS[columna.tipo]) <= WHOLE
        words = [columna.titulo, *(row[n] for row in rows)]
        width += 3 + max(map(cell_len, words) if whole else (FOLDED,))
        right = columna.tipo in {"IMPORTE", "ENTERO", "PORCIENTO"}
        shown.add_column(Text(columna.titulo), justify="right" if right else "left", overflow="fold", no_wrap=whole)
    for row in rows:
        shown.add_row(*map(Text, row))
    out = console()
    out.width = max(out.width, width)
    out.print(shown)


def _write(columna: "Columna", valor: Any) -> str:
    return "" if valor is None else _celdas()[columna.tipo](valor)


def _celdas() -> Mapping[str, Callable[[Any], str]]:
    from pmc_soap.cli.operador import moment
    from pmc_soap.domain import importe

    return {
        "TEXTO": str,
        "IMPORTE": importe.format_es,
        "FECHA": "{:%d/%m/%Y}".format,
        "INSTANTE": moment,
        "ENTERO": str,
        "PORCIENTO": lambda valor: f"{importe.format(valor).replace('.', ',')} %",
    }
