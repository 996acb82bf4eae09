"""How what the COBs came to is told: tables, documents, and for each desenlace what it means and what to do."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.operador import print_table
from pmc_soap.cli.session import say
from pmc_soap.files.informe.conciliacion import BALDES, ESPERAR, QUE_ES, QUE_HACER, que_hacer

if TYPE_CHECKING:
    from pmc_soap.domain.cob import Suma
    from pmc_soap.operations.cierre import DiaConciliado
    from pmc_soap.operations.cobranza import LineaInformada, PagoSinLinea
    from pmc_soap.operations.corrida import Corrida

SHOWN_MAX = 50

_CURSO = {
    "HECHA": "Listo: el archivo quedó conciliado.",
    "YA_ESTABA": "Ese archivo ya estaba conciliado: no cambió nada. Esto es lo que había quedado.",
    "PRUEBA": "Fue un ensayo: no se guardó nada.",
}
_NEGATIVAS = {
    "ARCHIVO_CON_FALLAS": "No se hizo nada: el archivo tiene fallas que lo abarcan entero, las de arriba.",
    "EMPRESA_INEXISTENTE": "No se hizo nada: la empresa del archivo no está en la configuración.",
    "OTRO_ARCHIVO_DEL_DIA": "No se hizo nada: ese día ya se concilió con otro archivo, {previo}. Si este lo corrige,"
    " corrélo con --replace.",
    "DIA_CERRADO": "No se hizo nada: ese día está cerrado. Para cambiarlo, primero abrilo: pmc-soap conciliacion close"
    ' {dia} --reopen --motivo "…"',
    "ARCHIVO_CAMBIO": "El archivo cambió mientras se leía y no se cruzó nada: volvé a correrlo cuando esté quieto.",
}


def needs_somebody(corrida: "Corrida") -> bool:
    """Tell whether a person has something to see."""
    from pmc_soap.domain.conciliacion import PARA_UNA_PERSONA

    waits = any(corrida.cuadro[desenlace].cantidad for desenlace in PARA_UNA_PERSONA & corrida.cuadro.keys())
    return corrida.negativa is not None or waits


def corrida_document(corrida: "Corrida") -> dict[str, object]:
    """Write a run as JSON holds it."""
    from dataclasses import asdict

    from pmc_soap.domain import importe

    return {
        "archivo": corrida.nombre,
        "codigo_empresa": corrida.codigo_empresa,
        "fecha": corrida.fecha and corrida.fecha.isoformat(),
        "resultado": corrida.curso,
        "motivo": corrida.negativa,
        "lineas": corrida.cantidad,
        "total": importe.format(corrida.total_centavos),
        "cuadro": {desenlace: _suma(suma) for desenlace, suma in sorted(corrida.cuadro.items())},
        "total_problemas": corrida.total_problemas,
        "problemas": [asdict(problema) for problema in corrida.problemas],
    }


def show_corrida(corrida: "Corrida") -> None:
    """Print a run."""
    from pmc_soap.domain import importe

    if corrida.problemas:
        print_table(
            ("Línea", "Col.", "Código", "Campo", "Valor", "Qué pasa y qué hacer"),
            [
                (p.linea, p.columna, p.codigo, p.campo, p.valor, f"{p.que_pasa} {p.que_hacer}")
                for p in corrida.problemas[:SHOWN_MAX]
            ],
            title=f"{corrida.nombre}: problemas",
        )
        if corrida.total_problemas > SHOWN_MAX:
            say(f"… y {corrida.total_problemas - SHOWN_MAX} problemas más.")
    if corrida.negativa is not None:
        dia = corrida.fecha and corrida.fecha.isoformat()
        say(f"{corrida.nombre}: {_NEGATIVAS[corrida.negativa].format(previo=_previo(corrida), dia=dia)}")
        return
    rows = [
        (desenlace, suma.cantidad, importe.format_es(suma.centavos), QUE_ES[desenlace])
        for desenlace, suma in sorted(corrida.cuadro.items(), key=lambda each: list(QUE_ES).index(each[0]))
    ]
    total = ("Total del archivo", corrida.cantidad, importe.format_es(corrida.total_centavos), "")
    print_table(("Qué pasó", "Líneas", "Importe", "Qué quiere decir"), [*rows, total], title=corrida.nombre)
    say(_CURSO[corrida.curso])
    if needs_somebody(corrida):
        say("Hay líneas que esperan a una persona: pmc-soap conciliacion report --pendientes")


def _previo(corrida: "Corrida") -> str:
    from pmc_soap.cli.operador import moment

    previo = corrida.previo
    return f"{previo.nombre} del {moment(previo.recibido_utc)}" if previo else "otro"


def document(days: Sequence["DiaConciliado"], *, pendientes: bool) -> dict[str, object]:
    """Write days as JSON holds them."""
    return {"dias": [_day_document(day, pendientes=pendientes) for day in days]}


def _day_document(day: "DiaConciliado", *, pendientes: bool) -> dict[str, object]:
    lineas, pagos = _listed(day, pendientes=pendientes)
    return {
        "codigo_empresa": day.codigo_empresa,
        "fecha": day.fecha.isoformat(),
        "cerrado": day.cerrado,
        "archivos": [cob.nombre for cob in day.cobs],
        "total": _suma(day.total),
        "baldes": {balde: _suma(suma) for balde, suma in day.baldes.items()},
        "cuadro": {desenlace: _suma(suma) for desenlace, suma in sorted(day.cuadro.items())},
        "lineas": [_linea_document(linea) for linea in lineas],
        "pagos_sin_cob": [_pago_document(pago, vencido=pago.id_aviso in day.vencidos) for pago in pagos],
    }


def _listed(day: "DiaConciliado", *, pendientes: bool) -> tuple[Sequence["LineaInformada"], Sequence["PagoSinLinea"]]:
    if not pendientes:
        return day.lineas, day.sin_linea
    return day.para_una_persona, [pago for pago in day.sin_linea if pago.id_aviso in day.vencidos]


def _linea_document(linea: "LineaInformada") -> dict[str, object]:
    from pmc_soap.domain import importe

    paid = linea.importe_aviso_centavos
    return {
        "id": linea.id,
        "archivo": linea.nombre,
        "linea": linea.linea,
        "desenlace": linea.desenlace,
        "regla": linea.regla,
        "resuelta": linea.resuelta,
        "id_cliente": linea.id_cliente,
        "id_factura": linea.id_factura,
        "fecha_aplicacion": linea.fecha_aplicacion and linea.fecha_aplicacion.isoformat(),
        "importe": importe.format(linea.importe_centavos),
        "canal": linea.canal,
        "nro_control": linea.nro_control,
        "id_aviso": linea.id_aviso,
        "importe_aviso": importe.format(paid) if paid is not None else None,
        "estado_pago": linea.estado_pago,
        "texto": linea.texto,
        "codigos": linea.codigos,
        "que_hacer": que_hacer(linea),
    }


def _pago_document(pago: "PagoSinLinea", *, vencido: bool) -> dict[str, object]:
    from pmc_soap.domain import importe

    return {
        "id_aviso": pago.id_aviso,
        "id_cliente": pago.id_cliente,
        "id_factura": pago.id_factura,
        "dia": pago.dia.isoformat(),
        "importe": importe.format(pago.importe_centavos),
        "moneda": pago.moneda,
        "vencido": vencido,
    }


def _suma(suma: "Suma") -> dict[str, object]:
    from pmc_soap.domain import importe

    return {"cantidad": suma.cantidad, "importe": importe.format(suma.centavos)}


def show(days: Sequence["DiaConciliado"], *, pendientes: bool) -> None:
    """Print days: their five heaps, then what is to be looked at."""
    from pmc_soap.domain import importe

    if days and not pendientes:
        print_table(
            ("Día", "Empresa", *BALDES, "Total del COB", "Cerrado"),
            [
                (
                    f"{day.fecha:%d/%m/%Y}",
                    day.codigo_empresa,
                    *(f"{suma.cantidad}: {importe.format_es(suma.centavos)}" for suma in day.baldes.values()),
                    f"{day.total.cantidad}: {importe.format_es(day.total.centavos)}",
                    "sí" if day.cerrado else "no",
                )
                for day in days
            ],
        )
    rows = [row for day in days for row in _rows(day, pendientes=pendientes)]
    if rows:
        print_table(
            ("ID", "Qué pasó", "Dónde", "Cliente", "Factura", "Pagado", "Importe", "Importe avisado", "Qué hacer"),
            rows[:SHOWN_MAX],
        )
        if len(rows) > SHOWN_MAX:
            say(f"… y {len(rows) - SHOWN_MAX} más: para verlos todos, usá --json.")
    elif pendientes:
        click.echo("No hay nada que espere a una persona.")
    elif not days:
        click.echo("No hay ningún COB conciliado en esas fechas.")


def _rows(day: "DiaConciliado", *, pendientes: bool) -> Iterator[tuple[object, ...]]:
    from pmc_soap.domain import importe

    lineas, pagos = _listed(day, pendientes=pendientes)
    for linea in lineas:
        paid = linea.importe_aviso_centavos
        differs = paid is not None and paid != linea.importe_centavos
        yield (
            linea.id,
            linea.desenlace + (" (resuelta)" if linea.resuelta else ""),
            f"{linea.nombre}, línea {linea.linea}",
            linea.id_cliente or linea.texto,
            linea.id_factura or ("" if linea.texto else "sin factura"),
            f"{linea.fecha_aplicacion:%d/%m/%Y}" if linea.fecha_aplicacion else "",
            importe.format_es(linea.importe_centavos),
            importe.format_es(paid) if differs and paid is not None else "",
            que_hacer(linea) or "",
        )
    for pago in pagos:
        late = pago.id_aviso in day.vencidos
        yield (
            "",
            "SOLO_EN_AVISO",
            pago.id_aviso,
            pago.id_cliente,
            pago.id_factura or "sin factura",
            f"{pago.dia:%d/%m/%Y}",
            "",
            importe.format_es(pago.importe_centavos),
            QUE_HACER["SOLO_EN_AVISO"] if late else ESPERAR,
        )
