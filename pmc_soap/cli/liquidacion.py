"""How the month's facturables are told: on the screen, or as a document."""

from datetime import datetime
from typing import TYPE_CHECKING

from pmc_soap.cli.seguir import WIDTH_WITHOUT_TERMINAL

if TYPE_CHECKING:
    from rich.console import Console

    from pmc_soap.domain.facturable import PagoHecho
    from pmc_soap.operations.facturables import Liquidacion


def document(liquidacion: "Liquidacion") -> dict[str, object]:
    """Write a month as JSON holds it."""
    from pmc_soap.files.informe.facturables import COLUMNAS, fila, rows, totals
    from pmc_soap.files.tabla.escritura_json import row

    filas = (fila(liquidacion, situacion, cruce) for situacion, cruce in rows(liquidacion))
    return {
        "codigo_empresa": liquidacion.codigo_empresa,
        "mes": str(liquidacion.mes),
        "totales": totals(liquidacion),
        "filas": [row(COLUMNAS, each) for each in filas],
    }


def show(liquidacion: "Liquidacion") -> None:
    """Print a month as a table, and its totals."""
    from rich.table import Table
    from rich.text import Text

    from pmc_soap.files.informe.facturables import explain, rows, totals

    table = Table(title=Text(f"Empresa {liquidacion.codigo_empresa}, consultas de {liquidacion.mes}"))
    table.add_column("Situación y por qué", overflow="fold", ratio=1)
    for name in ("Consulta", "Cliente y factura"):
        table.add_column(name, overflow="fold", no_wrap=True)  # an id that is cut cannot be copied
    table.add_column("Pagado", justify="right", no_wrap=True)
    for situacion, cruce in rows(liquidacion):
        consulta, pago = cruce.consulta, cruce.pago
        made = (consulta.id_consulta, moment(consulta.fecha_hora_utc), consulta.origen or "") if consulta else ()
        paid = (_amount(pago), moment(pago.momento_utc))
        cells = ((situacion, explain(cruce)), made, (pago.id_cliente, pago.id_factura or "sin factura"), paid)
        table.add_row(*(Text("\n".join(cell)) for cell in cells))
    out = console()
    if table.row_count:
        out.print(table)
    counts = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in totals(liquidacion).items())
    out.print(Text(f"{liquidacion.codigo_empresa} {liquidacion.mes}: {counts}."))


def _amount(pago: "PagoHecho") -> str:
    from pmc_soap.domain import importe

    pesos = importe.format_es(pago.importe_centavos)
    return pesos if pago.moneda == importe.PESOS else pesos.replace("$", pago.moneda)


def moment(instant_utc: datetime) -> str:
    """Write an instant as a clock in Argentina shows it."""
    from pmc_soap.domain.calendario import to_local

    return f"{to_local(instant_utc):%d/%m/%Y %H:%M:%S}"


def console() -> "Console":
    """Open what a table is printed on."""
    from rich.console import Console

    out = Console(highlight=False)
    if not out.is_terminal:
        out.width = WIDTH_WITHOUT_TERMINAL  # else every table in a log would be squeezed into 80 columns
    return out
