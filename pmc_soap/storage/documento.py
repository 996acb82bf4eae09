"""How the documents of an exchange are kept: zlib, with the words that all of them have in common told beforehand.

The dictionary is part of what is stored: what was written with one can be read with that one only. To better it, add
another beside it; zlib names in each document which it needs.
"""

import zlib

_LEVEL = 1  # a higher one takes three times as long for a tenth
_MAX = 16 * 1024 * 1024  # bytes of a document that is read back
_WORDS = (
    b"</Avisos><Aviso><Secuencia><UltimaSecuencia><HayMas>false</HayMas></ObtenerAvisosResult></ObtenerAvisosResponse>"
    b"<soap:Fault><faultcode>soap:Client</faultcode><faultstring>PMC-1008: PMC-2002: PMC-9002: </faultstring><detail>"
    b'<Falla xmlns="urn:pmc-soap:v1"><Codigo>PMC-</Codigo><IdPedido></IdPedido><QueHacer></QueHacer><Campo></Campo>'
    b"</Falla></detail></soap:Fault><ReversaPagoResponse><ReversaPagoResult><IdTransaccionOriginal>"
    b"</AltaFacturaResult></AltaFacturaResponse><NombreCliente></NombreCliente><CuitCliente></CuitCliente>"
    b"<MensajePantalla></MensajePantalla><MensajeTicket></MensajeTicket><CodigoBarras></CodigoBarras>"
    b"<Vencimientos><Vencimiento><Numero>1</Numero><Fecha>2026-</Fecha><Importe></Importe></Vencimiento></Vencimientos>"
    b"<TipoImporte>CERRADO</TipoImporte><DebePagarAnteriores>false</DebePagarAnteriores></Factura></Facturas>"
    b"<Origen>BASE</Origen><IdConsulta></IdConsulta><ImporteExigible></ImporteExigible><NumeroVencimiento>"
    b"<Estado>APLICADO</Estado><IdAviso></IdAviso></AvisoPagoResult></AvisoPagoResponse>"
    b"<NroControl></NroControl><FechaHoraPago></FechaHoraPago><IdTransaccion></IdTransaccion><Moneda>ARS</Moneda>"
    b"<Canal>PC</Canal><Terminal></Terminal><Token>***</Token></Cabecera><IdCliente></IdCliente><IdFactura></IdFactura>"
    b"<Resultado><Codigo>00</Codigo><Descripcion>Operaci&#243;n exitosa</Descripcion><Severidad>0</Severidad>"
    b"<Duplicado>false</Duplicado><IdMensaje></IdMensaje><FechaHora>2026-T:00-03:00</FechaHora></Resultado>"
    b'<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
    b'<soap:Body><AvisoPago xmlns="urn:pmc-soap:v1"><ConsultaDeudaResponse xmlns="urn:pmc-soap:v1">'
    b'<ConsultaDeudaResult></ConsultaDeudaResult></ConsultaDeudaResponse><ConsultaDeuda xmlns="urn:pmc-soap:v1">'
    b"<Cabecera><CodigoEmpresa></CodigoEmpresa></soap:Body></soap:Envelope>"
)


def pack(document: bytes | None) -> bytes | None:
    """Write it small."""
    if not document:
        return None
    packer = zlib.compressobj(_LEVEL, zdict=_WORDS)
    return packer.compress(document) + packer.flush()


def unpack(packed: bytes | None) -> bytes | None:
    """Give it back."""
    return zlib.decompressobj(zdict=_WORDS).decompress(packed, _MAX) if packed else None
