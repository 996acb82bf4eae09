"""How the month's facturables are told: on the screen, or as a document; informe_facturables.py has the sheet."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from pmc_soap.cli.seguir import WIDTH_WITHOUT_TERMINAL

if TYPE_CHECKING:
    from rich.console import Console

    from pmc_soap.domain.facturable import Cruce, PagoHecho
    from pmc_soap.operations.facturables import Liquidacion

FACTURABLE, REVERSADO, SIN_CONSULTA = "FACTURABLE", "PAGO_REVERSADO", "SIN_CONSULTA"


def explain(cruce: "Cruce") -> str:
    """Say why a consulta may be charged, or why a pago has none."""
    from pmc_soap.domain.facturable import Cita, Vinculo

    why = {
        Vinculo.CITADA: "IdConsulta citado por el aviso",
        Vinculo.ULTIMA_24_H: _when_made(cruce),
        Vinculo.SIN_CONSULTA: "no hubo consulta en las 24 h anteriores al pago",
        Vinculo.YA_USADA: "la consulta que hubo ya se usó para otro pago",
        Vinculo.CITADA_YA_USADA: "la consulta que cita ya se cuenta por otro pago",
    }[cruce.vinculo]
    about = {
        Cita.DESCONOCIDA: "; la que cita no está registrada",
        Cita.DE_OTRA_FACTURA: "; la que cita no mostró lo que se pagó",
    }
    return f"{why}{about.get(cruce.cita, '')}"


def _when_made(cruce: "Cruce") -> str:
    if cruce.consulta is not None and cruce.consulta.fecha_hora_utc > cruce.pago.momento_utc:
        return "consulta de hasta 5 min después del pago: los relojes pueden diferir"
    return "última consulta de las 24 h anteriores al pago"


def rows(liquidacion: "Liquidacion") -> Iterator[tuple[str, "Cruce"]]:
    """Give each consulta and pago of a month with its situation."""
    for situacion, cruces in (
        (FACTURABLE, liquidacion.facturables),
        (REVERSADO, liquidacion.reversadas),
        (SIN_CONSULTA, liquidacion.sin_consulta),
    ):
        for cruce in cruces:
            yield situacion, cruce


def totals(liquidacion: "Liquidacion") -> dict[str, int]:
    """Count what a month comes to."""
    return {
        "consultas": liquidacion.consultas,
        "con_pago": liquidacion.con_pago,
        "facturables": len(liquidacion.facturables),
        "con_pago_reversado": len(liquidacion.reversadas),
        "sin_pago": liquidacion.sin_pago,
        "pagos_sin_consulta": len(liquidacion.sin_consulta),
        "citas_sin_registro": len(liquidacion.citas_sin_registro),
    }


def document(liquidacion: "Liquidacion") -> dict[str, object]:
    """Write a month as JSON holds it."""
    from pmc_soap.cli.informe_facturables import COLUMNAS, fila
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
