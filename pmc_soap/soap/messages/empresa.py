"""The messages of the empresa's operations (contract.md §4)."""

from pmc_soap.soap import words as w
from pmc_soap.soap.messages.parts import (
    Avisos,
    Cabecera,
    Confirmaciones,
    Factura,
    Message,
    Pagos,
    Pasos,
    Resultado,
    ResultadosConfirmacion,
    Vencimientos,
    response_of,
)
from pmc_soap.soap.words import optional, required


class AltaFactura(Message):
    """Una factura nueva, que se puede pagar de inmediato."""

    Cabecera = required(Cabecera, "Quién pide y cuándo.")
    IdCliente = required(w.IdCliente, "Id. de cliente con el que se la buscará.")
    IdFactura = required(w.IdFactura, "Id. de la factura en la empresa.")
    Moneda = required(w.Moneda, "ARS, 0 o 032: pesos.")
    Vencimientos = required(Vencimientos, "De uno a tres vencimientos.")
    MensajePantalla = required(w.Texto, "Hasta 15 caracteres.")
    MensajeTicket = required(w.Texto, "Hasta 40 caracteres.")
    CodigoBarras = optional(w.CodigoBarras, "Código de barras, hasta 60 caracteres.")
    NombreCliente = optional(w.Texto, "Nombre del cliente, hasta 40 caracteres.")
    CuitCliente = optional(w.Cuit, "CUIT del cliente, con dígito verificador.")
    TipoImporte = optional(w.TipoImporte, "CERRADO (por defecto), ABIERTO o RANGO.")
    ImporteMinimo = optional(w.Importe, "Mínimo a pagar; obligatorio si TipoImporte es RANGO.")
    ImporteMaximo = optional(w.Importe, "Máximo a pagar; obligatorio si TipoImporte es RANGO.")
    ReferenciaAnterior = optional(w.IdCliente, "El id. de cliente anterior, cuando cambió.")


class RespuestaAltaFactura(Message):
    """Cómo quedó la factura."""

    Resultado = required(Resultado, "Cómo terminó el alta.")
    Estado = required(w.Texto, "El estado de la factura; INEXISTENTE si no quedó registrada.")
    DisponibleDesde = optional(w.FechaHora, "Desde cuándo se puede pagar.")


class ModificacionFactura(Message):
    """Cambios a una factura pendiente: solo los campos que vienen."""

    Cabecera = required(Cabecera, "Quién pide y cuándo.")
    IdCliente = required(w.IdCliente, "Id. de cliente de la factura.")
    IdFactura = required(w.IdFactura, "Id. de la factura.")
    Moneda = optional(w.Moneda, "ARS, 0 o 032: pesos.")
    Vencimientos = optional(Vencimientos, "Los nuevos vencimientos, todos.")
    MensajePantalla = optional(w.Texto, "Hasta 15 caracteres.")
    MensajeTicket = optional(w.Texto, "Hasta 40 caracteres.")
    CodigoBarras = optional(w.CodigoBarras, "Código de barras, hasta 60 caracteres.")
    NombreCliente = optional(w.Texto, "Nombre del cliente, hasta 40 caracteres.")
    CuitCliente = optional(w.Cuit, "CUIT del cliente, con dígito verificador.")
    TipoImporte = optional(w.TipoImporte, "CERRADO, ABIERTO o RANGO.")
    ImporteMinimo = optional(w.Importe, "Mínimo a pagar, si TipoImporte es RANGO.")
    ImporteMaximo = optional(w.Importe, "Máximo a pagar, si TipoImporte es RANGO.")


class RespuestaModificacionFactura(Message):
    """Cómo quedó la factura."""

    Resultado = required(Resultado, "Cómo terminó la modificación.")
    Estado = required(w.Texto, "El estado de la factura; INEXISTENTE si no existe.")


class BajaFactura(Message):
    """Una factura que deja de poder pagarse."""

    Cabecera = required(Cabecera, "Quién pide y cuándo.")
    IdCliente = required(w.IdCliente, "Id. de cliente de la factura.")
    IdFactura = required(w.IdFactura, "Id. de la factura.")
    Motivo = required(w.MotivoBaja, "Por qué se da de baja.")


class RespuestaBajaFactura(Message):
    """Cómo quedó la factura."""

    Resultado = required(Resultado, "Cómo terminó la baja.")
    Estado = required(w.Texto, "El estado de la factura; INEXISTENTE si no existe.")


class ConsultaFactura(Message):
    """¿Cómo está esta factura?"""

    Cabecera = required(Cabecera, "Quién pide y cuándo.")
    IdCliente = required(w.IdCliente, "Id. de cliente de la factura.")
    IdFactura = required(w.IdFactura, "Id. de la factura.")


class RespuestaConsultaFactura(Message):
    """La factura, su estado y sus pagos."""

    Resultado = required(Resultado, "Cómo terminó la consulta.")
    Pagos = required(Pagos, "Los pagos de la factura, el más antiguo primero.")
    Factura = optional(Factura, "La factura, si existe.")


class ConsultaPago(Message):
    """¿Dónde está mi pago? Por IdAviso, por IdTransaccion, o por cliente y factura."""

    Cabecera = required(Cabecera, "Quién pide y cuándo.")
    IdAviso = optional(w.IdAviso, "El aviso buscado.")
    IdTransaccion = optional(w.IdTransaccion, "La transacción buscada.")
    IdCliente = optional(w.IdCliente, "El cliente buscado.")
    IdFactura = optional(w.IdFactura, "La factura buscada.")


class RespuestaConsultaPago(Message):
    """La historia del pago, paso a paso."""

    Resultado = required(Resultado, "Cómo terminó la consulta.")
    Pasos = required(Pasos, "La historia, en orden.")
    IdAviso = optional(w.IdAviso, "El aviso encontrado.")
    Estado = optional(w.Texto, "Cómo está el pago ahora.")


class ObtenerAvisos(Message):
    """Los avisos que la empresa retira, en orden; los mismos hasta que los confirme."""

    Cabecera = required(Cabecera, "Quién pide y cuándo.")
    DesdeSecuencia = optional(w.Secuencia, "Solo los posteriores a esta secuencia.")
    Maximo = optional(w.MaximoAvisos, "Cuántos avisos devolver, de 1 a 500; por defecto 100.")
    SoloPendientes = optional(w.Logico, "Verdadero: solo los no confirmados.")


class RespuestaObtenerAvisos(Message):
    """Los avisos y hasta dónde llegan."""

    Resultado = required(Resultado, "Cómo terminó el pedido.")
    Avisos = required(Avisos, "Los avisos, en orden.")
    UltimaSecuencia = required(w.Secuencia, "La secuencia del último aviso devuelto.")
    HayMas = required(w.Logico, "Verdadero si quedaron avisos sin devolver.")


class ConfirmarAvisos(Message):
    """Qué hizo la empresa con los avisos que retiró."""

    Cabecera = required(Cabecera, "Quién pide y cuándo.")
    Confirmaciones = required(Confirmaciones, "De una a quinientas confirmaciones.")


class RespuestaConfirmarAvisos(Message):
    """Un resultado por cada confirmación."""

    Resultado = required(Resultado, "Cómo terminó el pedido.")
    Confirmaciones = required(ResultadosConfirmacion, "Los resultados, en el mismo orden.")


AltaFacturaResponse = response_of(AltaFactura, RespuestaAltaFactura)
ModificacionFacturaResponse = response_of(ModificacionFactura, RespuestaModificacionFactura)
BajaFacturaResponse = response_of(BajaFactura, RespuestaBajaFactura)
ConsultaFacturaResponse = response_of(ConsultaFactura, RespuestaConsultaFactura)
ConsultaPagoResponse = response_of(ConsultaPago, RespuestaConsultaPago)
ObtenerAvisosResponse = response_of(ObtenerAvisos, RespuestaObtenerAvisos)
ConfirmarAvisosResponse = response_of(ConfirmarAvisos, RespuestaConfirmarAvisos)
