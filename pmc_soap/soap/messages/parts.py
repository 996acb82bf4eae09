"""What every message is made of: the header, the resultado, the data types and the lists of the contract."""

from collections.abc import Callable, Sequence
from typing import Any

import pmc_soap.soap.spyne_compat  # noqa: F401 — before any spyne

# isort: split
from spyne import ComplexModel

from pmc_soap.soap import words as w
from pmc_soap.soap.words import NAMESPACE, many, optional, required


class Message(ComplexModel):
    """The root of all messages. Each has a constructor of its own: spyne's costs ten times as much for plain fields."""

    __abstract__ = True
    __namespace__ = NAMESPACE

    def __init_subclass__(cls) -> None:
        if cls._type_info:  # spyne's own table; its copies of a message for other occurrences are never made one of
            cls.__init__ = _constructor(list(cls._type_info))  # type: ignore[method-assign]


def _constructor(names: Sequence[str]) -> Callable[..., None]:
    """Compile a constructor that takes the fields by name, and leaves None where nothing is said."""
    taken = ", ".join(f"{name}=None" for name in names)
    kept = ", ".join(f'"{name}": {name}' for name in names)
    made: dict[str, Any] = {}
    exec(f"def __init__(self, *, {taken}):\n    self.__dict__ = {{{kept}}}", made)  # noqa: S102 — our own names
    return made["__init__"]  # type: ignore[no-any-return] # what was just defined


class Cabecera(Message):
    """Quién pide, con qué mensaje y cuándo. Primer elemento de todo pedido."""

    CodigoEmpresa = required(w.CodigoEmpresa, "Código de la empresa en PagoMisCuentas: 4 letras mayúsculas o números.")
    IdMensaje = required(w.IdMensaje, "Identificador del mensaje; vuelve sin cambios en la respuesta.")
    FechaHora = required(w.FechaHora, "Cuándo se envió el mensaje; sin huso se lee como hora de Argentina.")
    Canal = optional(w.Canal, "Canal del pedido: PC, HB, S1, u otro.")
    Terminal = optional(w.Terminal, "Terminal del pedido.")
    Token = optional(w.Token, "Credencial de quien llama; también puede viajar como HTTP Basic.")


class Resultado(Message):
    """Cómo terminó el pedido. Primer elemento de toda respuesta."""

    Codigo = required(w.Texto, "Código de resultado de dos caracteres; 00 es éxito.")
    Descripcion = required(w.Texto, "El resultado en palabras, hasta 100 caracteres.")
    Severidad = required(w.Entero, "0 éxito, 1 rechazo de negocio, 2 dato o sistema en falta, 3 error interno.")
    Duplicado = required(w.Logico, "Verdadero si el pedido repite uno anterior y no tuvo un nuevo efecto.")
    IdMensaje = required(w.IdMensaje, "El IdMensaje del pedido, sin cambios.")
    FechaHora = required(w.FechaHora, "Cuándo se respondió, en hora de Argentina.")


class Vencimiento(Message):
    """Una fecha de vencimiento y lo que se debe hasta ese día inclusive."""

    Numero = required(w.NumeroVencimiento, "1, 2 o 3.")
    Fecha = required(w.Fecha, "Último día en que rige el importe.")
    Importe = required(w.Importe, "Pesos con dos decimales.")


class Vencimientos(Message):
    """De uno a tres vencimientos; ni las fechas ni los importes bajan."""

    Vencimiento = many(Vencimiento, "Un vencimiento.", lowest=1, highest=3)


class Factura(Message):
    """Una factura y lo que hoy se debe por ella."""

    IdCliente = required(w.IdCliente, "Id. de cliente: lo que el pagador escribe en PagoMisCuentas.")
    IdFactura = required(w.IdFactura, "Id. de la factura en la empresa.")
    Moneda = required(w.Moneda, "ARS: pesos argentinos.")
    ImporteExigible = required(w.Importe, "Lo que se debe hoy.")
    NumeroVencimiento = required(w.NumeroVencimiento, "Qué vencimiento rige hoy.")
    Vencimientos = required(Vencimientos, "Los vencimientos de la factura.")
    TipoImporte = required(w.Texto, "CERRADO: se paga el importe exacto; ABIERTO: cualquiera; RANGO: entre dos.")
    DebePagarAnteriores = required(w.Logico, "Verdadero si antes hay que pagar una factura más antigua.")
    MensajePantalla = required(w.Texto, "Lo que se muestra al elegir la factura, hasta 15 caracteres.")
    MensajeTicket = required(w.Texto, "Lo que se imprime en el ticket, hasta 40 caracteres.")
    Estado = required(w.Texto, "PENDIENTE, VENCIDA, PAGADA, BAJA o REEMPLAZADA.")
    ImporteMinimo = optional(w.Importe, "Mínimo a pagar, si TipoImporte es RANGO.")
    ImporteMaximo = optional(w.Importe, "Máximo a pagar, si TipoImporte es RANGO.")
    CodigoBarras = optional(w.CodigoBarras, "Código de barras de la factura.")


class Facturas(Message):
    """Lista de facturas; vacía si no hay ninguna."""

    Factura = many(Factura, "Una factura.")


class Pago(Message):
    """Un pago de una factura y cómo quedó."""

    IdAviso = required(w.IdAviso, "El identificador que dimos al aviso del pago.")
    Importe = required(w.Importe, "Lo que se pagó.")
    Moneda = required(w.Moneda, "La moneda que informó el aviso.")
    Estado = required(w.Texto, "APLICADO, REVERSADO, EN_PUENTE o DEVUELTO.")
    EstadoAviso = required(w.Texto, "Cómo se juzgó el aviso al recibirlo.")
    FechaHora = required(w.FechaHora, "Cuándo se pagó, según la red.")
    IdTransaccion = optional(w.IdTransaccion, "La transacción que informó la red.")


class Pagos(Message):
    """Lista de pagos; vacía si no hay ninguno."""

    Pago = many(Pago, "Un pago.")


class Aviso(Message):
    """Un aviso de pago o de reversa, tal como lo retira la empresa."""

    Secuencia = required(w.Secuencia, "Número de orden; crece siempre.")
    IdAviso = required(w.IdAviso, "Identificador único del aviso: la clave para no imputar dos veces.")
    Tipo = required(w.Texto, "PAGO o REVERSA.")
    Estado = required(w.Texto, "Cómo se juzgó el aviso.")
    IdCliente = required(w.IdCliente, "Id. de cliente.")
    Moneda = required(w.Moneda, "Moneda del importe.")
    Importe = required(w.Importe, "Importe pagado o reversado.")
    FechaHora = required(w.FechaHora, "Cuándo ocurrió, según la red.")
    IdFactura = optional(w.IdFactura, "Id. de la factura; falta en un pago sin factura.")
    IdTransaccion = optional(w.IdTransaccion, "La transacción que informó la red.")
    IdAvisoOriginal = optional(w.IdAviso, "En una reversa: el aviso del pago que anula.")
    Canal = optional(w.Canal, "Canal de pago.")
    NroControl = optional(w.NroControl, "Número de control impreso en el ticket.")


class Avisos(Message):
    """Lista de avisos; vacía si no hay ninguno."""

    Aviso = many(Aviso, "Un aviso.")


class Confirmacion(Message):
    """Qué hizo la empresa con un aviso."""

    IdAviso = required(w.IdAviso, "El aviso que se confirma.")
    Estado = required(w.EstadoImputacion, "IMPUTADO o RECHAZADO.")
    NroComprobante = optional(w.NroComprobante, "Comprobante de la empresa.")
    Motivo = optional(w.Texto, "Por qué se rechazó, hasta 100 caracteres.")


class Confirmaciones(Message):
    """De una a quinientas confirmaciones."""

    Confirmacion = many(Confirmacion, "Una confirmación.", lowest=1, highest=500)


class ResultadoConfirmacion(Message):
    """Cómo terminó la confirmación de un aviso."""

    IdAviso = required(w.IdAviso, "El aviso confirmado.")
    Codigo = required(w.Texto, "Código de resultado de dos caracteres.")
    Descripcion = required(w.Texto, "El resultado en palabras.")


class ResultadosConfirmacion(Message):
    """Un resultado por cada confirmación."""

    ResultadoConfirmacion = many(ResultadoConfirmacion, "Un resultado.")


class Paso(Message):
    """Un paso en la historia de un pago."""

    FechaHora = required(w.FechaHora, "Cuándo ocurrió.")
    Hecho = required(w.Texto, "Qué ocurrió, en una palabra fija.")
    Detalle = required(w.Texto, "Qué ocurrió, en una frase.")


class Pasos(Message):
    """La historia de un pago, en orden."""

    Paso = many(Paso, "Un paso.")


class Falla(Message):
    """El detalle de un error que no tiene respuesta de negocio."""

    Codigo = required(w.Texto, "Código estable del error: PMC-nnnn.")
    IdPedido = required(w.Texto, "Identificador de este pedido, para el soporte.")
    QueHacer = required(w.Texto, "Qué hacer para resolverlo.")
    Campo = optional(w.Texto, "El elemento en falta, si es uno.")


def response_of(pedido: type[Message], result: type[Message]) -> Any:
    """Declare the response wrapper of an operation: one element, the operation's name and Result."""
    name = pedido.__name__
    return type(f"{name}Response", (Message,), {f"{name}Result": required(result, result.__doc__ or "")})
