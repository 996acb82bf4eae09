"""What became of an export, for a person and for a program."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pmc_soap.cli.operador import iso, moment, print_table
from pmc_soap.cli.session import say

if TYPE_CHECKING:
    from pmc_soap.domain.exportacion import Exportacion
    from pmc_soap.operations.exportacion import Corrida, Rechazada, Reparo

SHOWN_MAX = 50


def why(refused: "Rechazada", carpeta: Path) -> str:
    """Say why no file was made."""
    from pmc_soap.domain.exportacion import ARCHIVOS_MAX, FACTURAS_MAX

    day = f"{refused.dia:%d/%m/%Y}"
    most = f"{ARCHIVOS_MAX} archivos por día, de {FACTURAS_MAX} facturas cada uno".replace("15000", "15.000")
    return {
        "DIA_NO_HABIL": f"ese día no hay bancos: PagoMisCuentas no procesa archivos. El siguiente hábil es el {day}.",
        "DIA_PASADO": f"ese día ya no se puede presentar: lo que se genera ahora es del {day}.",
        "DEMASIADAS": (
            f"no entra todo: PagoMisCuentas toma hasta {most}, y del {day} ya no quedan. No se escribió nada."
            " Generá lo que falta otro día con --novedades, o con --dia para el siguiente."
        ),
        "YA_ESTABA": f"en «{carpeta}» apareció un archivo con el mismo nombre: no se pisó. Repetilo.",
    }[refused.negativa]


COLUMNS = ("Generado", "Empresa", "Día", "Archivo", "Qué lleva", "Facturas", "Importe", "Estado")
_REPAROS = ("Cliente", "Factura", "Código", "Dato", "Valor", "Qué pasa y qué hacer")
_ESTADOS = {"EN_CURSO": "en curso o cortada", "GENERADA": "generado", "RECHAZADA": "rechazado por PagoMisCuentas"}


def row(each: "Exportacion") -> tuple[object, ...]:
    """Give an export as a row."""
    from pmc_soap.domain import importe

    what, total = "novedades" if each.novedades else "todo", importe.format_es(each.total_centavos)
    when, day = moment(each.generada_utc), f"{each.fecha:%d/%m/%Y}"
    return (when, each.codigo_empresa, day, each.nombre, what, each.cantidad, total, _ESTADOS[each.estado])


def exportacion(each: "Exportacion") -> dict[str, object]:
    """Give an export as a document."""
    from dataclasses import asdict

    from pmc_soap.domain import importe

    said = {name: value for name, value in asdict(each).items() if not name.endswith("_utc")}
    said |= {"fecha": each.fecha.isoformat(), "total": importe.format(said.pop("total_centavos"))}
    return said | {"generada": iso(each.generada_utc), "rechazada": iso(each.rechazada_utc)}


def document(done: "Corrida", *, dry_run: bool) -> dict[str, object]:
    """Give a run as a document."""
    from pmc_soap.domain import importe

    return {
        "codigo_empresa": done.codigo_archivo,
        "dia": done.dia.isoformat(),
        "dry_run": dry_run,
        "facturas": done.cantidad,
        "importe_total": importe.format(done.total_centavos),
        "archivos": [exportacion(each) for each in done.exportaciones],
        "total_reparos": done.total_reparos,
        "reparos": [reparo_document(reparo) for reparo in done.reparos],
        "cortadas": [exportacion(each) for each in done.cortadas],
    }


def reparo_document(reparo: "Reparo") -> dict[str, str]:
    """Give what a FAC cannot say as a document."""
    said = {name: getattr(reparo, name) for name in ("codigo", "campo", "valor", "que_pasa", "que_hacer")}
    return {"id_cliente": reparo.clave.id_cliente, "id_factura": reparo.clave.id_factura, **said}


def tell(done: "Corrida", carpeta: Path, *, dry_run: bool, novedades: bool) -> None:
    """Tell of a run."""
    if done.exportaciones:
        print_table(COLUMNS, [row(each) for each in done.exportaciones])
    if done.reparos:
        rows = [_told(reparo) for reparo in done.reparos[:SHOWN_MAX]]
        print_table(_REPAROS, rows, title="No van en el FAC")
    for line in _talk(done, carpeta, dry_run=dry_run, novedades=novedades):
        say(line)


def _told(reparo: "Reparo") -> tuple[str, ...]:
    clave, what = reparo.clave, f"{reparo.que_pasa} {reparo.que_hacer}"
    return (clave.id_cliente, clave.id_factura, reparo.codigo, reparo.campo, reparo.valor, what)


def _talk(done: "Corrida", carpeta: Path, *, dry_run: bool, novedades: bool) -> Iterator[str]:
    from pmc_soap.domain import importe

    for cut in done.cortadas:
        when = moment(cut.generada_utc)
        yield f"Ojo: el {when} se empezó un FAC de ese día que no se terminó: no lo mandes; este lo incluye."
    if done.total_reparos:
        yield f"No van en el FAC {done.total_reparos} facturas, por lo que se dice arriba (todas, con --rejects F.csv)."
    total, day = importe.format_es(done.total_centavos), _of_day(done.dia)
    facturas = f"{done.cantidad} factura{'' if done.cantidad == 1 else 's'}"
    if dry_run:
        yield f"Fue un ensayo: saldrían {facturas}, por {total}, {day}. No se escribió nada."
    elif not done.exportaciones:
        yield "No hay nada " + ("nuevo " if novedades else "") + "que se pueda pagar: no se generó ningún archivo."
    else:
        yield f"Listo, en «{carpeta}»: {facturas}, por {total}, {day}. Subilo a PagoMisCuentas."


def _of_day(day: date) -> str:
    return f"para el {day:%d/%m/%Y}"
