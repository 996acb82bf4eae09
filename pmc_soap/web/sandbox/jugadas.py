"""The plays: what a person can do with an aviso, and in words what came of it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from pmc_soap.domain.aviso import AvisoGuardado, EstadoAviso, ReversaPago
from pmc_soap.domain.importe import MAX_CENTAVOS
from pmc_soap.web.sandbox.puertas import Intercambio

_DE_MAS = 100_00


class Jugada(StrEnum):
    """What is done with an aviso."""

    PAGAR = "pagar"
    EQUIVOCADO = "equivocado"
    DOS = "dos"
    REPETIR = "repetir"
    DISTINTO = "distinto"
    OTRA = "otra"
    REVERSAR = "reversar"

    def importe(self, centavos: int) -> int:
        """Give the centavos that this play tells of."""
        if self is Jugada.EQUIVOCADO and centavos > _DE_MAS:
            return centavos - _DE_MAS
        if self in {Jugada.DISTINTO, Jugada.EQUIVOCADO}:
            return min(centavos + _DE_MAS, MAX_CENTAVOS)
        return centavos


class Opcion(NamedTuple):
    """A play that is offered: what its button says, and beside it what it is."""

    jugada: Jugada
    titulo: str
    texto: str


_DEL_PAGO = (
    Opcion(Jugada.REPETIR, "Repetir el mismo aviso", "La red no supo si llegó y lo manda otra vez."),
    Opcion(Jugada.DOS, "Mandar dos a la vez", "El mismo aviso, dos veces en el mismo instante."),
    Opcion(Jugada.OTRA, "Pagar otra vez", "Otro pago, de una factura que ya está paga."),
    Opcion(Jugada.DISTINTO, "Repetir con $ 100 más", "La misma transacción, con otro importe."),
)
_TRAS_LA_REVERSA = (
    Opcion(Jugada.OTRA, "Pagar de nuevo", "Con otra transacción: la factura se debe otra vez."),
    Opcion(Jugada.REPETIR, "Repetir el pago reversado", "El aviso viejo, que llega tarde: no revive."),
)


def options(guardado: AvisoGuardado) -> Sequence[Opcion]:
    """Give what can be done after that aviso with the pago that it is, or takes back."""
    return _TRAS_LA_REVERSA if isinstance(guardado.aviso, ReversaPago) else _DEL_PAGO


_PAGO = {
    EstadoAviso.APLICADO: "PagoMisCuentas ya tiene su respuesta. Al ERP se le lleva aparte, sin hacer esperar a nadie.",
    EstadoAviso.CONFLICTO: "Misma transacción y otros datos: se guarda aparte, no se imputa y una persona lo mira.",
}
_EN_PUENTE = "El dinero ya se movió: un pago no se rechaza nunca. Espera en el puente a que una persona decida."
_REVERSA = "El pago quedó sin efecto y la factura se puede volver a pagar. Al ERP se le avisa igual que del pago."


def told_of(guardado: AvisoGuardado, intercambios: Sequence[Intercambio]) -> str:
    """Say what a person should see in the answers."""
    if len(intercambios) > 1:
        if len({each.dicho.get("IdAviso") for each in intercambios if each.dicho}) == 1:
            return f"Llegaron {len(intercambios)} pedidos a la vez y hay un solo aviso: un solo crédito."
        return "Los pedidos no recibieron lo mismo: mirá las respuestas."
    if any(each.resultado.get("Duplicado") for each in intercambios):
        return "Es el mismo aviso: la misma respuesta, con Duplicado, y ningún segundo crédito."
    if isinstance(guardado.aviso, ReversaPago):
        return _REVERSA if guardado.estado is EstadoAviso.APLICADO else "La reversa quedó guardada, sin efecto."
    return _PAGO.get(guardado.estado, _EN_PUENTE)
