"""The messages of the network's operations (contract.md §3)."""

from pmc_soap.soap import words as w
from pmc_soap.soap.messages.parts import Cabecera, Facturas, Message, Resultado, response_of
from pmc_soap.soap.words import optional, required


class ConsultaDeuda(Message):
    """¿Qué puede pagar hoy este cliente? Al menos uno de los tres identificadores."""

    Cabecera = required(Cabecera, "Quién pide y cuándo.")
    IdCliente = optional(w.IdCliente, "Id. de cliente que escribió el pagador.")
    IdFactura = optional(w.IdFactura, "Id. de la factura buscada.")
    CodigoBarras = optional(w.CodigoBarras, "Código de barras leído.")
    MaximoFacturas = optional(w.MaximoFacturas, "Cuántas facturas devolver, de 1 a 50; por defecto 20.")


class RespuestaConsultaDeuda(Message):
    """Lo que se puede pagar, con la cotización que queda registrada."""

    Resultado = required(Resultado, "Cómo terminó la consulta.")
    IdConsulta = required(w.IdConsulta, "Identificador de la consulta, para citar en el AvisoPago.")
    Facturas = required(Facturas, "Las facturas que se pueden pagar, la más antigua primero.")
    HayMas = required(w.Logico, "Verdadero si quedaron facturas sin mostrar.")
    NombreCliente = optional(w.Texto, "Nombre del cliente, si la empresa lo informó.")
    Origen = optional(w.Texto, "BASE si respondió la base informada; EMPRESA si respondió su sistema.")


class AvisoPago(Message):
    """Un pago ya hecho: el dinero ya se movió. Se guarda siempre y se acusa recibo."""

    Cabecera = required(Cabecera, "Quién avisa y cuándo.")
    IdCliente = required(w.IdCliente, "Id. de cliente.")
    Moneda = required(w.Moneda, "ARS, 0 o 032 son pesos; otra moneda queda en el puente.")
    Importe = required(w.Importe, "Importe pagado.")
    IdTransaccion = optional(w.IdTransaccion, "Identificador del pago en la red; repetido, no tiene un segundo efecto.")
    IdConsulta = optional(w.IdConsulta, "La consulta que dio origen al pago.")
    IdFactura = optional(w.IdFactura, "Id. de la factura; obligatorio salvo CodigoMovimiento 1.")
    CodigoMovimiento = optional(w.CodigoMovimiento, "1 pago sin factura, 2 pago con factura (por defecto).")
    FechaVencimiento = optional(w.Fecha, "Vencimiento de la factura.")
    FechaHoraPago = optional(w.FechaHora, "Cuándo pagó el usuario.")
    FechaAcreditacion = optional(w.Fecha, "Cuándo se acredita a la empresa.")
    Canal = optional(w.Canal, "Canal de pago: PC, HB, S1, u otro.")
    NroControl = optional(w.NroControl, "Número de control impreso en el ticket.")
    CodigoProvincia = optional(w.CodigoProvincia, "Provincia del cajero.")
    Descripcion = optional(w.Texto, "Texto libre, hasta 100 caracteres.")


class RespuestaAvisoPago(Message):
    """El acuse de recibo: el aviso está guardado."""

    Resultado = required(Resultado, "Cómo terminó el aviso.")
    IdAviso = required(w.IdAviso, "El identificador que le dimos.")
    Estado = required(w.Texto, "APLICADO, o el motivo por el que espera en el puente.")


class ReversaPago(Message):
    """Un pago que la red deja sin efecto, completo."""

    Cabecera = required(Cabecera, "Quién reversa y cuándo.")
    IdCliente = required(w.IdCliente, "Id. de cliente del pago original.")
    Importe = required(w.Importe, "El importe total del pago original.")
    IdTransaccion = optional(w.IdTransaccion, "Identificador de la reversa en la red.")
    IdTransaccionOriginal = optional(w.IdTransaccion, "La transacción del pago original.")
    IdFactura = optional(w.IdFactura, "Id. de la factura del pago original.")
    FechaHoraOriginal = optional(w.FechaHora, "Cuándo se hizo el pago original.")
    NroControlOriginal = optional(w.NroControl, "Número de control del pago original.")
    Motivo = optional(w.MotivoReversa, "Por qué se reversa.")


class RespuestaReversaPago(Message):
    """El acuse de recibo de la reversa."""

    Resultado = required(Resultado, "Cómo terminó la reversa.")
    IdAviso = required(w.IdAviso, "El identificador que le dimos.")
    EstadoFactura = optional(w.Texto, "Cómo quedó la factura.")


class Eco(Message):
    """¿Hay alguien ahí? No pide credencial."""

    Mensaje = required(w.Texto, "Texto que vuelve sin cambios, hasta 100 caracteres.")


class RespuestaEco(Message):
    """El mismo texto, con la versión y la hora."""

    Mensaje = required(w.Texto, "El texto recibido.")
    Version = required(w.Texto, "Versión de este servicio.")
    FechaHora = required(w.FechaHora, "Hora de este servicio.")


ConsultaDeudaResponse = response_of(ConsultaDeuda, RespuestaConsultaDeuda)
AvisoPagoResponse = response_of(AvisoPago, RespuestaAvisoPago)
ReversaPagoResponse = response_of(ReversaPago, RespuestaReversaPago)
EcoResponse = response_of(Eco, RespuestaEco)
