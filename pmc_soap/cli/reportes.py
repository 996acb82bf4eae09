"""pmc-soap reportes: what finance takes to a spreadsheet. What they show is read in one moment, whatever goes on."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.conciliacion import empresas_of
from pmc_soap.cli.fechas import Periodo, con_periodo
from pmc_soap.cli.operador import acting, codigo_of
from pmc_soap.cli.salida import Salida, con_salida, emit
from pmc_soap.cli.seguir import codigos_of
from pmc_soap.cli.session import Session, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmc_soap.operations.cierre import DiaConciliado
    from pmc_soap.operations.tiempos import Registradas, Tiempos
    from pmc_soap.wiring import House

_EMPRESA = click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="Solo esa empresa.")


@click.group(
    help="Informes para administración: en pantalla, o enteros en un libro de Excel, un CSV o un documento JSON."
    "\n\nOtros dos salen igual de su propio comando: pmc-soap consultas facturables y pmc-soap puente list."
)
def reportes() -> None:
    """The reports."""


@reportes.command(
    help="Cada pago de esos días: cuándo se hizo y cuándo llegó, a qué factura, de cuánto, en qué está, si se entregó a"
    " la empresa y si ya vino en un COB. Y cuánto suman, por estado. El día es el del pago."
)
@con_periodo
@_EMPRESA
@con_salida
@click.pass_obj
def pagos(session: Session, *, periodo: Periodo, codigo_empresa: str | None, salida: Salida) -> None:
    """Report pagos."""
    with acting(session) as house:
        from pmc_soap.files.informe.pagos import InformeDePagos

        desde, hasta = periodo.days(house)
        informe = InformeDePagos(house.ledger.informes, codigos_of(house, codigo_empresa), desde, hasta)
        emit(salida, informe.tablas, nada=f"No hay pagos {_between(desde, hasta)}.")


@reportes.command(
    help="Cada línea de los COB de esos días y cada pago que ninguno trae, con lo que pasó y qué hacer; y los cinco"
    " montones de cada día. El día es el del archivo; el de un pago sin COB, el día en que se pagó."
)
@con_periodo
@_EMPRESA
@con_salida
@click.pass_obj
def conciliacion(session: Session, *, periodo: Periodo, codigo_empresa: str | None, salida: Salida) -> None:
    """Report the conciliación."""
    with acting(session) as house:
        from pmc_soap.files.informe.conciliacion import InformeDeConciliacion

        desde, hasta = periodo.days(house)
        dias: list[DiaConciliado] = []
        for empresa in empresas_of(house, codigo_empresa):
            house.conciliaciones.sweep(empresa)
            dias += house.cierres.report(empresa, desde, hasta)
        informe = InformeDeConciliacion(house.ledger.informes, house.ledger.conciliado, dias)
        emit(salida, informe.tablas, nada=f"No hay ningún COB conciliado {_between(desde, hasta)}.")


@reportes.command(
    help="Por día: cuántas consultas, avisos y reversas hubo, y cuánto tardaron los avisos en llegar a cada destino de"
    " la empresa, desde que se guardaron."
    "\n\nCuánto se tardó en contestarle a PagoMisCuentas sale de los intercambios guardados. De los días que ya no se"
    " guardan, o si no se guardan, sale del registro: pasá sus archivos con --registro (en JSON, como los escribe"
    " pmc-soap serve)."
)
@con_periodo
@_EMPRESA
@click.option(
    "--registro",
    "registros",
    type=click.Path(path_type=Path),
    metavar="ARCHIVO",
    multiple=True,
    help="Un archivo del registro; se puede repetir.",
)
@con_salida
@click.pass_obj
def tiempos(
    session: Session, *, periodo: Periodo, codigo_empresa: str | None, registros: tuple[Path, ...], salida: Salida
) -> None:
    """Report times."""
    for path in registros:
        if not (path.is_file() and os.access(path, os.R_OK)):
            raise click.UsageError(f"No existe el archivo «{path}», o no se puede leer: revisá --registro.")
    with acting(session) as house:
        from pmc_soap.cli import informe_tiempos

        desde, hasta = periodo.days(house)
        log = informe_tiempos.read_log(registros, desde, hasta, lambda codigo: codigo_of(house, codigo))
        if registros and not log:
            say("Ojo: en ese registro no hay ninguna respuesta de esos días. Tiene que ser JSON, con --log-level info.")
        measured = _measure(house, codigos_of(house, codigo_empresa), desde, hasta, log)
        emit(salida, [informe_tiempos.tabla(measured)], nada=f"No hubo nada {_between(desde, hasta)}.")


def _measure(
    house: "House", codigos: list[str], desde: "date", hasta: "date", log: "Registradas"
) -> "Iterator[Tiempos]":
    from datetime import timedelta

    from pmc_soap.operations.cifras import answered
    from pmc_soap.operations.tiempos import measure

    days = [desde + timedelta(days=n) for n in range((hasta - desde).days + 1)]
    log = {**answered(house.ledger.intercambios, codigos, days), **log}
    for codigo in codigos:
        yield from measure(house.ledger.informes, codigo, days, log)


def _between(desde: "date", hasta: "date") -> str:
    return f"del {desde:%d/%m/%Y} al {hasta:%d/%m/%Y}"
