"""All of one aviso on the screen, or as a document: pmc-soap avisos show."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.operador import iso, moment, print_table
from pmc_soap.cli.session import say

if TYPE_CHECKING:
    from pmc_soap.domain.entrega import Entrega
    from pmc_soap.operations.operador import Legajo

_ACCIONES = {
    "APLICAR": "imputó el pago",
    "DEVOLVER": "lo devolvió",
    "REENVIAR": "lo reenvió",
    "RECUPERAR": "lo recuperó",
    "DETENER": "lo detuvo",
}


def show(legajo: "Legajo") -> None:
    """Print it."""
    print_table(("Dato", "Valor"), _facts(legajo), title=f"Aviso {legajo.guardado.id_aviso}")
    rows = [
        (
            entrega.destino,
            entrega.estado,
            entrega.intentos,
            moment(entrega.proximo_intento_utc) if entrega.estado == "PENDIENTE" else "",
            entrega.comprobante and entrega.comprobante.nro_comprobante,
            entrega.motivo,
        )
        for entrega, _ in legajo.entregas
    ]
    if rows:
        columns = ("Destino", "Estado", "Intentos", "Próximo intento", "Comprobante", "Qué pasó")
        print_table(columns, rows, title="Entregas")
    else:
        say("No se le debe a la empresa.")
    intentos = [
        (moment(each.fecha_hora_utc), entrega.destino, each.resultado, each.detalle)
        for entrega, intentos in legajo.entregas
        for each in intentos
    ]
    if intentos:
        print_table(("Cuándo", "Destino", "Resultado", "Detalle"), intentos, title="Intentos")
    for acta in legajo.actas:
        click.echo(f"{moment(acta.fecha_hora_utc)}: {acta.operador} {_ACCIONES[acta.accion]}. {acta.motivo}".rstrip())


def _facts(legajo: "Legajo") -> Iterator[tuple[str, object]]:
    from pmc_soap.domain import importe

    guardado, said = legajo.guardado, legajo.guardado.aviso
    yield "Recibido", moment(guardado.fecha_hora_utc)
    yield "Empresa", said.codigo_empresa
    yield "Tipo", said.tipo
    yield "Cliente", said.id_cliente
    yield "Factura", said.id_factura or "sin factura"
    yield "Importe", importe.format_es(said.importe_centavos)
    if said.id_transaccion:
        yield "IdTransaccion", said.id_transaccion
    yield "Cómo se juzgó", guardado.estado
    if legajo.pago is not None:
        yield "Cómo está el pago", legajo.pago.estado
    if (legajo.id_cliente, legajo.id_factura) != (said.id_cliente, said.id_factura):
        yield "Imputado a", f"cliente {legajo.id_cliente}, {legajo.id_factura or 'a cuenta'}"
    for other in legajo.relacionados:
        yield "Ver también", f"{other.aviso.tipo} {other.id_aviso} ({other.estado})"
    if legajo.repeticiones:
        yield "Repetido", f"{len(legajo.repeticiones)} veces; la última, {moment(legajo.repeticiones[-1])}"


def document(legajo: "Legajo") -> dict[str, object]:
    """Give it as plain values."""
    from pmc_soap.domain import importe

    guardado, said = legajo.guardado, legajo.guardado.aviso
    return {
        "id_aviso": guardado.id_aviso,
        "codigo_empresa": said.codigo_empresa,
        "tipo": said.tipo,
        "id_cliente": said.id_cliente,
        "id_factura": said.id_factura,
        "importe": importe.format(said.importe_centavos),
        "id_transaccion": said.id_transaccion,
        "estado_aviso": guardado.estado,
        "fecha_hora": iso(guardado.fecha_hora_utc),
        "pago": legajo.pago
        and {"estado": legajo.pago.estado, "id_cliente": legajo.id_cliente, "id_factura": legajo.id_factura},
        "entregas": [
            entrega_document(entrega)
            | {
                "intentos_hechos": [
                    {"fecha_hora": iso(each.fecha_hora_utc), "resultado": each.resultado, "detalle": each.detalle}
                    for each in intentos
                ]
            }
            for entrega, intentos in legajo.entregas
        ],
        "repeticiones": [iso(each) for each in legajo.repeticiones],
        "relacionados": [
            {"id_aviso": each.id_aviso, "tipo": each.aviso.tipo, "estado_aviso": each.estado}
            for each in legajo.relacionados
        ],
        "actas": [
            {
                "fecha_hora": iso(acta.fecha_hora_utc),
                "operador": acta.operador,
                "accion": acta.accion,
                "motivo": acta.motivo,
                "antes": acta.antes,
                "despues": acta.despues,
            }
            for acta in legajo.actas
        ],
    }


def entrega_document(entrega: "Entrega") -> dict[str, object]:
    """Give one entrega as plain values."""
    return {
        "destino": entrega.destino,
        "estado": entrega.estado,
        "intentos": entrega.intentos,
        "creada": iso(entrega.creada_utc),
        "entregada": iso(entrega.entregada_utc),
        "respuesta": entrega.comprobante and entrega.comprobante.estado,
        "nro_comprobante": entrega.comprobante and entrega.comprobante.nro_comprobante,
        "motivo": entrega.motivo,
        "secuencia": entrega.numero,
    }
