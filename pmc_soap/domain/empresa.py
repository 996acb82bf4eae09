"""An empresa that collects through PMC: which services it bought and by which rules its money is judged."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Servicio(StrEnum):
    """PMC's three value-added services; each can be switched on alone."""

    CONSULTA = "CONSULTA"
    AVISO = "AVISO"
    ALTA = "ALTA"


@dataclass(frozen=True, kw_only=True, slots=True)
class Empresa:
    """One empresa as configured.

    con_base: it reports its facturas (PMC's "con base"); without, an aviso of a factura that was never reported
    is taken at its word. destinos: where its avisos are to be delivered.
    """

    codigo_empresa: str
    nombre: str
    servicios: frozenset[Servicio] = frozenset(Servicio)
    activa: bool = True
    con_base: bool = True
    pagar_en_orden: bool = False
    ventana_duplicado: timedelta = timedelta(minutes=10)
    plazo_reversa: timedelta = timedelta(hours=72)
    destinos: tuple[str, ...] = ("pull",)
