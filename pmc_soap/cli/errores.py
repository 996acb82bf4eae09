"""pmc-soap errores: what each error and each code means, on the wire or in a file; and the page docs/errores.md."""

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.session import USAGE, fail

if TYPE_CHECKING:
    from pmc_soap.web.ayuda import Ayuda, Codigo, Error


@click.group(help="Qué quiere decir cada error y cada código de resultado, y qué hacer.")
def errores() -> None:
    """The errors."""


@errores.command("list", help="Todos los errores, los códigos de resultado y los límites.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Como la página docs/errores.md.")
def list_(*, as_markdown: bool) -> None:
    """List what there is."""
    from pmc_soap.wiring.errores import read_ayuda

    ayuda = read_ayuda()
    click.echo("\n".join(markdown(ayuda) if as_markdown else _lines(ayuda)))


@errores.command(help="Explica un error (PMC-1008), un código de resultado (24) o el de un archivo (FAC-101, COB-108).")
@click.argument("codigo")
def show(*, codigo: str) -> None:
    """Explain one."""
    from pmc_soap.wiring.errores import read_ayuda

    ayuda = read_ayuda()
    error, resultado = ayuda.find(codigo), ayuda.find_codigo(codigo)
    if error is not None:
        click.echo("\n".join(_error(ayuda, error)))
    elif resultado is not None:
        click.echo("\n".join(_codigo(resultado)))
    elif lines := list(_of_file(codigo.upper())):
        click.echo("\n".join(lines))
    else:
        fail(
            f"«{codigo}» no es un error (PMC-1008), ni un código de resultado (24), ni el de un archivo (FAC-101):"
            " pmc-soap errores list, o pmc-soap formatos show FAC",
            USAGE,
        )


def markdown(ayuda: "Ayuda") -> Iterator[str]:
    """Give the lines of the page that shows every error, result code and limit."""
    yield "## Los errores"
    for titulo, group in ayuda.grupos():
        yield from ("", f"### {titulo}")
        for error in group:
            yield from ("", f"#### {error.codigo}", "", f"**{escape(error.texto)}** {escape(error.que_hacer)}", "")
            yield from (f"- {escape(caso)}" for caso in error.casos)
            yield from ("", f"*¿Se puede repetir el mismo pedido?* {error.repetir} *¿Dice qué campo?* {error.campo}")
            yield f"Llega con HTTP `{error.http}` y `soap:{error.faultcode}`: {error.falta}."
    yield from ("", "## Los códigos de resultado", "")
    yield from ("| código | severidad | qué quiere decir | qué hacer |", "|---|---|---|---|")
    for row in ayuda.codigos:
        yield f"| `{row.codigo}` | {row.severidad}: {row.gravedad} | {row.descripcion} | {row.que_hacer} |"
    yield from ("", "## Los límites", "", "| qué | hasta | si no |", "|---|---|---|")
    yield from (f"| {escape(limite.que)} | {limite.tope} | `{limite.codigo}` |" for limite in ayuda.limites)


def _lines(ayuda: "Ayuda") -> Iterator[str]:
    for titulo, group in ayuda.grupos():
        yield from (f"{titulo}:", *(f"  {error.codigo}  {error.texto}" for error in group), "")
    yield from ("Los códigos de resultado:", *(f"  {row.codigo}  {row.descripcion}" for row in ayuda.codigos), "")
    yield from ("Los límites:", *(f"  {row.que}: {row.tope} ({row.codigo})" for row in ayuda.limites))


def _of_file(codigo: str) -> Iterator[str]:
    """Explain what a file has wrong; several kinds of file share their codes."""
    from pmc_soap.files.catalogo import DISENOS

    found = {
        (que_pasa, que_hacer): diseno.nombre
        for diseno in reversed(list(DISENOS.values()))
        for known, que_pasa, que_hacer in diseno.problemas()
        if known == codigo
    }
    for (que_pasa, que_hacer), nombre in found.items():
        yield from (
            f"{codigo}: {que_pasa}",
            "",
            f"Qué hacer: {que_hacer}",
            f"El archivo: pmc-soap formatos show {nombre}",
        )


def _error(ayuda: "Ayuda", error: "Error") -> Iterator[str]:
    yield from (f"{error.codigo}: {error.texto}", "", f"Qué hacer: {error.que_hacer}")
    yield f"¿Se puede repetir el mismo pedido? {error.repetir}"
    yield f"¿Dice qué campo? {error.campo}"
    yield f"HTTP {error.http}, faultcode soap:{error.faultcode}: {error.falta}."
    yield from ("", "Cómo suele pasar:", *(f"  - {caso}" for caso in error.casos))
    yield from (f"Límite: {limite.que}: {limite.tope}." for limite in ayuda.limites_of(error))
    yield from ("", error.ejemplo)


def _codigo(row: "Codigo") -> Iterator[str]:
    yield from (f"{row.codigo}: {row.descripcion}", f"Severidad {row.severidad}: {row.gravedad}.", "")
    yield f"Qué hacer: {row.que_hacer}"
