"""The wire's result codes: one row for each ending (contract.md §5)."""

from typing import NamedTuple

from pmc_soap.domain.resultado import Ending, Resultado

DESCRIPCION_MAX = 100


class Codigo(NamedTuple):
    """One row of the table: two characters, 0 (success) to 3 (internal error), es-AR text."""

    codigo: str
    severidad: int
    descripcion: str


CODIGOS: dict[Resultado, Codigo] = {
    Resultado.EXITOSA: Codigo("00", 0, "Operación exitosa"),
    Resultado.SIN_DEUDA: Codigo("02", 0, "Cliente sin deuda pendiente"),
    Resultado.CLIENTE_INEXISTENTE: Codigo("03", 1, "Cliente inexistente"),
    Resultado.FACTURA_INEXISTENTE: Codigo("04", 1, "Factura inexistente"),
    Resultado.FACTURA_VENCIDA: Codigo("05", 1, "Factura vencida, no admite pago"),
    Resultado.FACTURA_PAGADA: Codigo("06", 1, "Factura ya pagada"),
    Resultado.FACTURA_BAJA: Codigo("07", 1, "Factura dada de baja"),
    Resultado.PAGAR_ANTERIOR: Codigo("08", 1, "Debe pagar antes la factura más antigua"),
    Resultado.IMPORTE_FUERA_DE_RANGO: Codigo("09", 1, "Importe fuera de mínimo o máximo"),
    Resultado.MONEDA_NO_ADMITIDA: Codigo("11", 1, "Moneda no admitida"),
    Resultado.FACTURA_EXISTENTE: Codigo("16", 1, "Factura ya existe con otros datos"),
    Resultado.VENCIMIENTOS_INVALIDOS: Codigo("17", 1, "Vencimientos inválidos"),
    Resultado.FACTURA_NO_MODIFICABLE: Codigo("18", 1, "Factura no modificable"),
    Resultado.SERVICIO_NO_HABILITADO: Codigo("19", 1, "Servicio no habilitado para la empresa"),
    Resultado.EMPRESA_INEXISTENTE: Codigo("20", 1, "Empresa inexistente o inactiva"),
    Resultado.TRANSACCION_DISTINTA: Codigo("24", 2, "Misma transacción con datos distintos"),
    Resultado.PAGO_INEXISTENTE: Codigo("30", 1, "Pago original inexistente"),
    Resultado.IMPORTE_REVERSA_DISTINTO: Codigo("31", 1, "Importe de reversa distinto"),
    Resultado.REVERSA_FUERA_DE_TERMINO: Codigo("32", 1, "Reversa fuera de término"),
    Resultado.DATO_INVALIDO: Codigo("90", 2, "Dato inválido"),
    Resultado.EMPRESA_NO_DISPONIBLE: Codigo("91", 2, "Sistema de la empresa no disponible, reintentar"),
    Resultado.TIEMPO_EXCEDIDO: Codigo("92", 2, "Tiempo de respuesta excedido"),
    Resultado.ERROR_INTERNO: Codigo("99", 3, "Error interno, reintentar"),
}
_R = Resultado
_EMPRESA = (_R.SERVICIO_NO_HABILITADO, _R.EMPRESA_INEXISTENTE)
_TERMINOS = (_R.MONEDA_NO_ADMITIDA, _R.VENCIMIENTOS_INVALIDOS, _R.IMPORTE_FUERA_DE_RANGO, _R.DATO_INVALIDO)
_CERRADA = (_R.FACTURA_VENCIDA, _R.FACTURA_PAGADA, _R.FACTURA_BAJA, _R.PAGAR_ANTERIOR)
_SIN_RESPUESTA = (_R.EMPRESA_NO_DISPONIBLE, _R.TIEMPO_EXCEDIDO)
_NO_REVERSA = (_R.PAGO_INEXISTENTE, _R.IMPORTE_REVERSA_DISTINTO, _R.REVERSA_FUERA_DE_TERMINO)

# How each operation can end, besides well; Eco ends in no code. An internal error is none of them: it is a fault.
FINALES: dict[str, tuple[Resultado, ...]] = {
    "ConsultaDeuda": (
        *(_R.SIN_DEUDA, _R.CLIENTE_INEXISTENTE, _R.FACTURA_INEXISTENTE, *_CERRADA),
        *(_R.DATO_INVALIDO, *_EMPRESA, *_SIN_RESPUESTA),
    ),
    "AvisoPago": (_R.TRANSACCION_DISTINTA, *_EMPRESA),
    "ReversaPago": (_R.TRANSACCION_DISTINTA, *_NO_REVERSA, *_EMPRESA),
    "AltaFactura": (_R.FACTURA_PAGADA, _R.FACTURA_EXISTENTE, *_TERMINOS, *_EMPRESA),
    "ModificacionFactura": (_R.FACTURA_INEXISTENTE, _R.FACTURA_NO_MODIFICABLE, *_TERMINOS, *_EMPRESA),
    "BajaFactura": (_R.FACTURA_INEXISTENTE, _R.FACTURA_PAGADA, *_EMPRESA),
    "ConsultaFactura": (_R.FACTURA_INEXISTENTE, *_EMPRESA),
    "ConsultaPago": (_R.PAGO_INEXISTENTE, _R.DATO_INVALIDO, *_EMPRESA),
    "ObtenerAvisos": _EMPRESA,
    "ConfirmarAvisos": _EMPRESA,
}
_NAMES_ITS_FIELD = frozenset({Resultado.DATO_INVALIDO, Resultado.VENCIMIENTOS_INVALIDOS})


def finales(operation: str) -> list[Codigo]:
    """Give the rows of how an operation can end, success first."""
    if operation not in FINALES:
        return []
    return sorted(CODIGOS[resultado] for resultado in (Resultado.EXITOSA, *FINALES[operation]))


def describe(ending: Ending) -> str:
    """Give the text of an ending; where the table asks for it, with the field at fault."""
    descripcion = CODIGOS[ending.resultado].descripcion
    if ending.campo and ending.resultado in _NAMES_ITS_FIELD:
        descripcion = f"{descripcion}: {ending.campo}"
    return descripcion[:DESCRIPCION_MAX]
