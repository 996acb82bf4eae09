"""An entrega: what we owe the empresa, one for each aviso to impute and destino, and when to try again.

Nothing is ever dropped: what the empresa's system does not take is tried for ever, or waits, DETENIDA, for a person.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from pmc_soap.domain.aviso import Aviso, AvisoGuardado
from pmc_soap.domain.valor import value

ESPERAS = tuple(timedelta(seconds=s) for s in (5, 30, 120, 300, 900, 1_800, 3_600, 7_200, 14_400, 21_600))
JITTER = 20  # ± percent, so that a thousand that failed together do not come back together
RETRY_AFTER_MAX = timedelta(hours=1)
PERMANENTES_MAX = 3  # answers that will not change by waiting, before a person is asked
DETENIDO = "DETENIDO"  # how the attempt ended that was the last before a person
DEMORADA = timedelta(minutes=15)  # after that the operator is alerted


class EstadoEntrega(StrEnum):
    """PENDIENTE until a deliverer takes it (TOMADA, a lease); DETENIDA waits for a person; nothing is ever dropped."""

    PENDIENTE = "PENDIENTE"
    TOMADA = "TOMADA"
    ENTREGADA = "ENTREGADA"
    DETENIDA = "DETENIDA"


class EstadoImputacion(StrEnum):
    """What the empresa did with an aviso that it took."""

    IMPUTADO = "IMPUTADO"
    RECHAZADO = "RECHAZADO"


@value
class Comprobante:
    """What the empresa's system answered to an aviso: it took it, and imputed it or refused to."""

    estado: EstadoImputacion = EstadoImputacion.IMPUTADO
    nro_comprobante: str | None = None
    motivo: str | None = None


@value
class Entrega:
    """One aviso owed to one destino. permanentes counts the answers that waiting will not change."""

    id: int
    id_aviso: str
    codigo_empresa: str
    id_cliente: str
    destino: str
    estado: EstadoEntrega
    creada_utc: datetime
    proximo_intento_utc: datetime
    intentos: int = 0
    permanentes: int = 0
    entregada_utc: datetime | None = None
    comprobante: Comprobante | None = None
    motivo: str | None = None
    numero: int | None = None


@value
class Envio:
    """What a destino is handed. aviso names the factura that an operator assigned, where one was.

    codigo_empresa is the code that the empresa is called by now; original is the pago that a reversa takes back.
    """

    codigo_empresa: str
    guardado: AvisoGuardado
    aviso: Aviso
    original: AvisoGuardado | None = None


class NoEntregado(Exception):
    """The empresa's system did not take an aviso. motivo is Spanish, with no value of the aviso and no secret."""

    def __init__(self, motivo: str, *, permanente: bool = False, retry_after: timedelta | None = None) -> None:
        super().__init__(motivo)
        self.motivo = motivo
        self.permanente = permanente
        self.retry_after = retry_after


def next_wait(
    intentos: int, chance: float, retry_after: timedelta | None = None, esperas: tuple[timedelta, ...] = ESPERAS
) -> timedelta:
    """Give how long to wait after that many failed attempts (≥ 1); chance, in [0, 1), spreads it by ± JITTER percent.

    A Retry-After of the other side goes before the schedule, up to an hour.
    """
    if retry_after is not None:
        return min(max(retry_after, timedelta()), RETRY_AFTER_MAX)
    wait = esperas[min(intentos, len(esperas)) - 1]
    return wait * (100 - JITTER + 2 * JITTER * chance) / 100
