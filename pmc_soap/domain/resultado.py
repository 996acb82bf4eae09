"""Every way an operation can end. A new ending needs a code, a text, a severity and a fixture (soap/codigos.py)."""

from dataclasses import dataclass
from enum import StrEnum


class Resultado(StrEnum):
    """The closed list of business endings; the wire's two-character codes live in soap/codigos.py."""

    EXITOSA = "EXITOSA"
    SIN_DEUDA = "SIN_DEUDA"
    CLIENTE_INEXISTENTE = "CLIENTE_INEXISTENTE"
    FACTURA_INEXISTENTE = "FACTURA_INEXISTENTE"
    FACTURA_VENCIDA = "FACTURA_VENCIDA"
    FACTURA_PAGADA = "FACTURA_PAGADA"
    FACTURA_BAJA = "FACTURA_BAJA"
    PAGAR_ANTERIOR = "PAGAR_ANTERIOR"
    IMPORTE_FUERA_DE_RANGO = "IMPORTE_FUERA_DE_RANGO"
    MONEDA_NO_ADMITIDA = "MONEDA_NO_ADMITIDA"
    FACTURA_EXISTENTE = "FACTURA_EXISTENTE"
    VENCIMIENTOS_INVALIDOS = "VENCIMIENTOS_INVALIDOS"
    FACTURA_NO_MODIFICABLE = "FACTURA_NO_MODIFICABLE"
    SERVICIO_NO_HABILITADO = "SERVICIO_NO_HABILITADO"
    EMPRESA_INEXISTENTE = "EMPRESA_INEXISTENTE"
    TRANSACCION_DISTINTA = "TRANSACCION_DISTINTA"
    PAGO_INEXISTENTE = "PAGO_INEXISTENTE"
    IMPORTE_REVERSA_DISTINTO = "IMPORTE_REVERSA_DISTINTO"
    REVERSA_FUERA_DE_TERMINO = "REVERSA_FUERA_DE_TERMINO"
    DATO_INVALIDO = "DATO_INVALIDO"
    EMPRESA_NO_DISPONIBLE = "EMPRESA_NO_DISPONIBLE"
    TIEMPO_EXCEDIDO = "TIEMPO_EXCEDIDO"
    ERROR_INTERNO = "ERROR_INTERNO"


@dataclass(frozen=True, slots=True)
class Ending:
    """How one request ended: its resultado, whether it repeats an earlier one, and the field at fault (wire name)."""

    resultado: Resultado = Resultado.EXITOSA
    duplicado: bool = False
    campo: str | None = None


EXITO = Ending()


class Rejected(Exception):
    """Stop an operation that changed nothing, with the ending that the caller is told."""

    def __init__(self, resultado: Resultado, campo: str | None = None) -> None:
        super().__init__(resultado, campo)
        self.ending = Ending(resultado, campo=campo)
