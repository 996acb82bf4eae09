"""An entrega: what we owe the empresa, one for each aviso to impute and destination of the empresa."""

from enum import StrEnum


class EstadoEntrega(StrEnum):
    """PENDIENTE until a deliverer takes it (TOMADA, a lease); DETENIDA waits for a person; nothing is ever dropped."""

    PENDIENTE = "PENDIENTE"
    TOMADA = "TOMADA"
    ENTREGADA = "ENTREGADA"
    DETENIDA = "DETENIDA"
