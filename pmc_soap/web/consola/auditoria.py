"""What was done by hand: who, when, why, and how things stood before and after."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for

from pmc_soap.domain.acta import Accion, Acta
from pmc_soap.domain.calendario import to_utc
from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.auditoria import FiltroDeActas
from pmc_soap.web.consola.acceso import requires
from pmc_soap.web.consola.casa import Casa

FILAS = 50
ACCIONES = {
    Accion.APLICAR: "Imputó un pago del puente",
    Accion.DEVOLVER: "Devolvió un pago del puente",
    Accion.REENVIAR: "Reenvió un aviso",
    Accion.RECUPERAR: "Recuperó avisos",
    Accion.DETENER: "Detuvo un aviso",
    Accion.RESOLVER_LINEA: "Resolvió una línea de un COB",
    Accion.CERRAR_DIA: "Cerró un día",
    Accion.REABRIR_DIA: "Abrió un día cerrado",
    Accion.ALTA_FACTURA: "Dio de alta una factura",
    Accion.BAJA_FACTURA: "Dio de baja una factura",
    Accion.EXPORTACION: "Bajó un informe",
    Accion.SUBIDA: "Cargó un archivo",
    Accion.FAC_GENERADO: "Generó un FAC",
    Accion.FAC_RECHAZADO: "Anotó el rechazo de un FAC",
    Accion.ALERTA_ATENDIDA: "Dio por atendida una alerta",
    Accion.CREDENCIAL_CREADA: "Creó un secreto",
    Accion.SIMULACION: "Mandó algo desde el sandbox",
    Accion.ENTRADA: "Entró a la consola",
    Accion.CLAVE_CAMBIO: "Cambió una clave",
    Accion.USUARIO_ALTA: "Dio entrada a una persona",
    Accion.USUARIO_CAMBIO: "Cambió a una persona",
}


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the page."""

    @pages.get("/auditoria")
    @requires(Permiso.VER_AUDITORIA)
    def auditoria() -> str:
        asked = request.args
        accion = asked.get("accion", "")
        filtro = FiltroDeActas(
            operador=asked.get("operador", "").strip() or None,
            accion=Accion(accion) if accion in set(Accion) else None,
            codigo_empresa=asked.get("empresa") or None,
            id_aviso=asked.get("id_aviso", "").strip() or None,
            since_utc=_midnight(asked.get("desde")),
            until_utc=_midnight(asked.get("hasta"), days=1),
            before_id=asked.get("antes", type=int),
        )
        found = casa.auditoria.list(filtro, FILAS + 1)
        shown = found[:FILAS]
        rest: dict[str, Any] = {name: value for name, value in asked.items() if name != "antes" and value}
        more = len(found) > FILAS
        return render_template(
            "consola/auditoria.html",
            actas=[(each.acta, list(changes(each.acta))) for each in shown],
            acciones=ACCIONES,
            asked=asked,
            first=url_for("consola.auditoria", **rest) if filtro.before_id else "",
            siguiente=url_for("consola.auditoria", **rest, antes=shown[-1].id) if more else "",
        )


def changes(acta: Acta) -> Iterator[tuple[str, object, object]]:
    """Give each thing that an act tells: its name, how it stood before and how it stands after."""
    for name in dict.fromkeys((*acta.antes, *acta.despues)):
        before, after = acta.antes.get(name), acta.despues.get(name)
        yield name, before, after


def _midnight(said: str | None, days: int = 0) -> datetime | None:
    """Read a day of the address; what is none asks for nothing."""
    try:
        day = date.fromisoformat(said or "")
        return to_utc(datetime.combine(day + timedelta(days=days), time.min))
    except (ValueError, OverflowError):
        return None
