"""pmc-soap formatos: how each kind of file is made, for a terminal or as the page docs/formatos.md."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.session import USAGE, fail

if TYPE_CHECKING:
    from rich.table import Table

    from pmc_soap.files.catalogo import Diseno
    from pmc_soap.files.registro import Campo

_WIDTH = 160
_HEADS = ("columnas", "largo", "tipo", "relleno", "campo", "qué dice", "fuente")


@click.group(help="Los formatos de los archivos: FAC, COB y planillas, campo por campo.")
def formatos() -> None:
    """The formats."""


@formatos.command("list", help="Qué archivos se leen y se escriben.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Todo, como la página docs/formatos.md.")
def list_(*, as_markdown: bool) -> None:
    """List what there is."""
    from pmc_soap.files.catalogo import DISENOS

    if as_markdown:
        click.echo("\n".join(markdown()))
        return
    for nombre, diseno in DISENOS.items():
        click.echo(f"{nombre:<10} {diseno.que_es}")


@formatos.command(help="Un formato, campo por campo: FAC, FAC-ancha, COB o planilla.")
@click.argument("formato")
@click.option("--errores", "with_errores", is_flag=True, help="También lo que puede estar mal, código por código.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Como en la página docs/formatos.md.")
@click.option("--json", "as_json", is_flag=True, help="Como un documento JSON.")
def show(*, formato: str, with_errores: bool, as_markdown: bool, as_json: bool) -> None:
    """Show one."""
    from pmc_soap.files.catalogo import DISENOS, find

    diseno = find(formato)
    if diseno is None:
        fail(f"«{formato}» no es un formato. Hay: {', '.join(DISENOS)}.", USAGE)
    if as_json:
        click.echo(json.dumps(_document(diseno), ensure_ascii=False, indent=2))
    elif as_markdown:
        click.echo("\n".join(_markdown(diseno)))
    else:
        _print(diseno, with_errores=with_errores)


def markdown() -> Iterator[str]:
    """Give the lines of the page that shows every format."""
    from pmc_soap.files.catalogo import DISENOS

    for diseno in DISENOS.values():
        yield from (*_markdown(diseno), "")
    shown: set[str] = set()
    for diseno in DISENOS.values():
        problemas = [row for row in diseno.problemas() if row[0] not in shown]
        shown.update(codigo for codigo, *_ in problemas)
        if problemas:
            yield from (f"## Qué puede estar mal en {_article(diseno)}", "", "| código | qué pasa | qué hacer |")
            yield "|---|---|---|"
            yield from (_row(f"`{codigo}`", pasa, hacer) for codigo, pasa, hacer in problemas)
            yield ""


def _article(diseno: "Diseno") -> str:
    return "una planilla" if diseno.columnas else f"un {diseno.nombre}"


def _markdown(diseno: "Diseno") -> Iterator[str]:
    yield from (f"## {diseno.nombre}", "", diseno.que_es, "", f"- Cómo se llama: {diseno.se_llama.rstrip('.')}.")
    yield f"- Un ejemplo: [{diseno.ejemplo}](../{diseno.ejemplo})."
    for nombre, registro in diseno.registros.items():
        yield from ("", f"### {nombre}", "", _row(*_HEADS), _row(*["---"] * len(_HEADS)))
        yield from (_row(*_cells(campo)) for campo in registro.campos.values())
    if diseno.columnas:
        yield from ("", "### Las columnas", "", "| columna | qué dice | ¿tiene que estar? |", "|---|---|---|")
        for nombre, columna in diseno.columnas.items():
            names = " o ".join(f"`{name}`" for name in (nombre, *columna.also))
            yield _row(names, columna.about, "sí" if columna.required else "no")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(campo: "Campo") -> tuple[str, ...]:
    from pmc_soap.files.catalogo import relleno

    place = f"{campo.start}–{campo.end}" if campo.length > 1 else str(campo.start)
    return place, str(campo.length), campo.tipo, relleno(campo), campo.meaning, campo.about, campo.source


def _document(diseno: "Diseno") -> dict[str, object]:
    from dataclasses import asdict

    return {
        "formato": diseno.nombre,
        "que_es": diseno.que_es,
        "se_llama": diseno.se_llama,
        "registros": {
            nombre: [{**asdict(campo), "end": campo.end} for campo in registro.campos.values()]
            for nombre, registro in diseno.registros.items()
        },
        "columnas": {nombre: columna._asdict() for nombre, columna in diseno.columnas.items()},
        "problemas": [
            {"codigo": codigo, "que_pasa": pasa, "que_hacer": hacer} for codigo, pasa, hacer in diseno.problemas()
        ],
    }


def _print(diseno: "Diseno", *, with_errores: bool) -> None:
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH
    console.print(f"{diseno.nombre}: {diseno.que_es}\nCómo se llama: {diseno.se_llama}\n", highlight=False)
    for nombre, registro in diseno.registros.items():
        console.print(_table(nombre, _HEADS, [_cells(campo) for campo in registro.campos.values()]))
    if diseno.columnas:
        rows = [(name, c.about, "sí" if c.required else "no") for name, c in diseno.columnas.items()]
        console.print(_table("Las columnas", ("columna", "qué dice", "¿tiene que estar?"), rows))
    if with_errores:
        console.print(_table("Qué puede estar mal", ("código", "qué pasa", "qué hacer"), diseno.problemas()))


def _table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads, title=title)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
