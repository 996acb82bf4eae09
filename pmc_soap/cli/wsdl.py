"""pmc-soap wsdl: write the contract from the messages, check it, or save it for somebody."""

from gettext import gettext
from pathlib import Path

import click

from pmc_soap.cli.session import FOUND_PROBLEMS, fail, say


@click.command(help="El contrato publicado: --write lo escribe desde los mensajes, --check lo comprueba.")
@click.option("--write", "write_it", is_flag=True, help="Escribe wsdl/ desde los mensajes.")
@click.option("--check", "check_it", is_flag=True, help="Comprueba que wsdl/ sea lo que dicen los mensajes.")
@click.option("--save", metavar="CARPETA", help="Copia el contrato a una carpeta, para entregarlo.")
def wsdl(*, write_it: bool, check_it: bool, save: str | None) -> None:
    """Write, check or save the contract."""
    from pmc_soap.soap import contract

    if not (write_it or check_it or save):
        raise click.UsageError("elegí --write, --check o --save CARPETA")
    if write_it:
        for path in contract.write():
            say(f"escrito: {path}")
    if check_it:
        different = contract.differences()
        if different:
            fail(
                f"el contrato no es el de los mensajes: {', '.join(different)}. Corré: pmc-soap wsdl --write",
                FOUND_PROBLEMS,
            )
        say("El contrato es el de los mensajes.")
    if save:
        folder = Path(save)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file in contract.written():
                (folder / file).write_bytes(contract.committed(file))
                say(f"copiado: {folder / file}")
        except OSError as error:
            fail(f"no se puede escribir en «{folder}»: {gettext(error.strerror or str(error))}.", FOUND_PROBLEMS)
