"""Which money does a message mean? The pago that a reversa takes back, and the reversa that came before its pago.

An id decides. Without one it takes what is told and equal; where more than one pago could be meant, none is taken:
to take back the wrong one makes a paid factura payable again (docs/divergencias.md#reversas).
"""

from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple

from pmc_soap.domain.aviso import (
    AvisoGuardado,
    AvisoPago,
    EstadoAviso,
    EstadoPago,
    Pago,
    ReversaPago,
    TipoAviso,
    identidad_of,
)
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.juicio import judge_reversa
from pmc_soap.operations.ports import Writing
from pmc_soap.operations.tardio import con_dinero

PAGOS_MAX = 200  # how far back a reversa without ids looks among the pagos of one cliente
_PREFERENCE = (EstadoPago.APLICADO, EstadoPago.EN_PUENTE, EstadoPago.REVERSADO, EstadoPago.DEVUELTO)


class Original(NamedTuple):
    """The pago that a reversa means, as it was told and where its money stands."""

    aviso: AvisoPago
    pago: Pago


def find_original(tx: Writing, reversa: ReversaPago) -> Original | None:
    """Find the pago that the reversa names by its id, else the only one that it can mean."""
    for id_transaccion in reversa.ids_original:
        named = tx.aviso_by_identidad(reversa.codigo_empresa, TipoAviso.PAGO, identidad_of(id_transaccion))
        pago = tx.pago(con_dinero(tx, named)) if named else None
        if named is not None and pago is not None and isinstance(named.aviso, AvisoPago) and reversa.means(named.aviso):
            return Original(named.aviso, pago)
    return _only_one(tx, reversa)


def find_reversa_before(waiting: Iterable[AvisoGuardado], empresa: Empresa, aviso: AvisoPago) -> AvisoGuardado | None:
    """Find the reversa that came first and would take this pago back if it came now, best one that names its id."""
    meant = [
        (aviso.id_transaccion not in said.ids_original, guardado)
        for guardado in waiting
        if isinstance(said := guardado.aviso, ReversaPago)
        and said.means(aviso)
        and judge_reversa(said, aviso, reversado=False, plazo=empresa.plazo_reversa)[0] is EstadoAviso.APLICADO
    ]
    return min(meant, key=itemgetter(0))[1] if meant else None


def _only_one(tx: Writing, reversa: ReversaPago) -> Original | None:
    """Find a pago by what else is told: of the reversa's importe if there is one, alive before parked, newest first."""
    candidates = [
        Original(guardado.aviso, pago)
        for guardado, pago in tx.pagos(reversa.codigo_empresa, reversa.id_cliente, PAGOS_MAX)
        if isinstance(guardado.aviso, AvisoPago)
        and guardado.estado is not EstadoAviso.CONFLICTO
        and reversa.means(guardado.aviso)
    ]
    if not candidates:
        return None

    def rank(candidate: Original) -> tuple[bool, int]:
        other_importe = candidate.aviso.importe_centavos != reversa.importe_centavos
        return other_importe, _PREFERENCE.index(candidate.pago.estado)

    best = min(map(rank, candidates))
    likely = [candidate for candidate in candidates if rank(candidate) == best]
    of_one_factura = len({candidate.aviso.clave for candidate in likely}) == 1 and likely[0].aviso.clave is not None
    return likely[0] if len(likely) == 1 or of_one_factura else None
