"""pmc-soap erp: the demonstration's company. It can be switched off, made slow or wrong, and looked into."""

import json
from pathlib import Path

import click

from pmc_soap.cli.session import UNREACHABLE, fail, say

_FOLDER = click.option("--dir", "folder", default="var", show_default=True, help="Carpeta de la demostración.")
_MODES = {
    "on": ("Contesta e imputa.", "El ERP está encendido: lo que esperaba se entrega solo."),
    "off": (
        "Deja de atender, como una máquina apagada.",
        "El ERP está apagado: los avisos se guardan, se confirman a PMC y esperan.",
    ),
    "slow": (
        "Contesta, pero tarda 6 segundos.",
        "El ERP tarda 6 segundos: más de lo que espera una consulta, menos que una entrega.",
    ),
    "errors": ("Contesta un error en HTML a todo.", "El ERP contesta errores: las entregas se reintentan."),
}


@click.group(help="El ERP de la demostración: apagarlo, hacerlo lento, ver qué imputó.")
def erp() -> None:
    """The ERP."""


def _add_mode(name: str, help_: str, told: str) -> None:
    @erp.command(name, help=help_)
    @_FOLDER
    def switch(folder: str) -> None:
        from pmc_soap.demo.erp import Modo, set_mode

        set_mode(_there(folder), Modo(name))
        say(told)


for _name, _texts in _MODES.items():
    _add_mode(_name, *_texts)


@erp.command(help="Muestra los datos propios del ERP: qué avisos imputó, una sola vez cada uno.")
@_FOLDER
@click.option("--json", "as_json", is_flag=True, help="Como JSON.")
def show(folder: str, *, as_json: bool) -> None:
    """Show what it imputed."""
    from pmc_soap.demo.erp import Erp, read_mode
    from pmc_soap.domain import importe

    place = _there(folder)
    imputaciones = Erp(place).imputaciones()
    if as_json:
        click.echo(json.dumps([imputacion._asdict() for imputacion in imputaciones], ensure_ascii=False, indent=2))
        return
    say(f"El ERP está en «{read_mode(place)}» y tiene {len(imputaciones)} imputaciones.")
    for each in imputaciones:
        pesos, id_factura = importe.format_es(each.importe_centavos), each.id_factura or "sin factura"
        click.echo(f"{each.comprobante:>6} {each.tipo:<8} {each.id_cliente:<10} {id_factura:<20} {pesos:>16}")


@erp.command(hidden=True, help="Levanta el ERP; lo hace demo.")
@_FOLDER
@click.option("--port", type=click.IntRange(1, 65535), required=True)
def serve(folder: str, port: int) -> None:
    """Serve until whoever started us ends."""
    import threading

    from pmc_soap.cli import companion
    from pmc_soap.demo import erp as company

    stopping = threading.Event()
    companion.on_signals(stopping.set)
    companion.until_parent_ends(stopping.set)
    company.serve(Path(folder), port, stopping)


def _there(folder: str) -> Path:
    from pmc_soap.demo.erp import DATABASE

    place = Path(folder)
    if not (place / DATABASE).exists():
        fail(
            f"en «{place}» no hay una demostración: levantala con «pmc-soap demo», o elegí otra con --dir", UNREACHABLE
        )
    return place
