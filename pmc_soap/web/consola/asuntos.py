"""What needs a person now: one line each, and where it is dealt with."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from flask import url_for

from pmc_soap.domain.alerta import explain
from pmc_soap.domain.entrega import EstadoEntrega
from pmc_soap.operations.tablero import Situacion
from pmc_soap.web.consola import enlaces
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.formato import fecha, numero, palabras, pesos

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_LATE_S = 15 * _MINUTE  # what goes by itself and did not in this time is worth a look


class Asunto(NamedTuple):
    """A matter: how it stands (ojo, mal), what it is, what to do, and where."""

    tono: str
    que: str
    hacer: str
    donde: str


def pending(casa: Casa, situacion: Situacion, empresa: str | None) -> Iterator[Asunto]:
    """Give what needs a person, the gravest first."""
    if detenidas := situacion.detenidas.cantidad:
        frenados = "Un aviso detenido" if detenidas == 1 else f"{numero(detenidas)} avisos detenidos"
        where = url_for("consola.avisos", estado=EstadoEntrega.DETENIDA, empresa=empresa)
        yield Asunto("mal", frenados, "Esperan que alguien mire por qué y los reenvíe.", where)
    yield from _files(situacion, empresa)
    if viejo := situacion.puente_viejo.cantidad:
        que = "Un pago" if viejo == 1 else f"{numero(viejo)} pagos"
        que += f" en el puente hace más de un día: {pesos(situacion.puente_viejo.centavos)}"
        yield Asunto("ojo", que, "Hay que imputarlos o devolverlos.", url_for("consola.puente", empresa=empresa))
    waits = situacion.por_entregar.desde_utc
    if waits is not None and age_s(waits, casa.clock.now()) > _LATE_S:
        que = f"El aviso más viejo espera {age(waits, casa.clock.now())}"
        yield Asunto("ojo", que, "Mirá por qué no sale.", url_for("consola.avisos", empresa=empresa))
    for motivo, cantidad in situacion.alertas.items():
        told = explain(motivo)
        que = f"{told.que_paso}: {_times(cantidad)} en el último día"
        yield Asunto("ojo", que, told.que_hacer, enlaces.to("consola.alertas", empresa=empresa))


def _files(situacion: Situacion, empresa: str | None) -> Iterator[Asunto]:
    for codigo, day in situacion.sin_cob.items():
        que = f"Falta el COB del {fecha(day)} de {codigo}"
        yield Asunto(
            "ojo", que, "Bajalo de PagoMisCuentas y subilo.", enlaces.to("consola.conciliacion", empresa=codigo)
        )
    for carga in situacion.cargas:
        que = f"La carga de {carga.nombre} quedó {palabras(carga.estado).lower()}"
        where = enlaces.to("consola.cargas", empresa=empresa)
        yield Asunto("ojo", que, "Mirá qué renglones tienen problemas y subila de nuevo.", where)


def age_s(since_utc: datetime, now: datetime) -> int:
    """Give how long it has been, in seconds."""
    return max(int((now - since_utc).total_seconds()), 0)


def age(since_utc: datetime, now: datetime) -> str:
    """Say how long it has been: "hace 3 h"."""
    seconds = age_s(since_utc, now)
    if seconds < _MINUTE:
        return "hace menos de un minuto"
    if seconds < _HOUR:
        return f"hace {seconds // _MINUTE} min"
    if seconds < 2 * _DAY:
        return f"hace {seconds // _HOUR} h"
    return f"hace {seconds // _DAY} días"


def _times(count: int) -> str:
    return "una vez" if count == 1 else f"{numero(count)} veces"
