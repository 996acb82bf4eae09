"""What is asked of every server, and what it must answer: to the centavo, and in the contract's order."""

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import mundo

from pmc_soap.domain.factura import Factura
from pmc_soap.domain.importe import to_decimal

PATH = "/soap/v1/pagomiscuentas"
NAMESPACE = "urn:pmc-soap:v1"
NUMBER = "@N@"  # carga.lua puts the next number here
TIMEOUT_S = 10
_ENVELOPE = (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><{name} xmlns="urn:pmc-soap:v1">'
    f"<Cabecera><CodigoEmpresa>{mundo.EMPRESA}</CodigoEmpresa><IdMensaje>M-{NUMBER}</IdMensaje>"
    f"<FechaHora>2026-01-15T12:00:00-03:00</FechaHora><Token>{mundo.TOKEN}</Token></Cabecera>"
    "{said}</{name}></soap:Body></soap:Envelope>"
)


@dataclass(frozen=True)
class Pedido:
    """One kind of request."""

    name: str
    operation: str
    document: str
    expected: tuple[tuple[str, str], ...]

    @property
    def headers(self) -> dict[str, str]:
        """Give the headers, the contract's own SOAPAction among them."""
        return {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{NAMESPACE}#{self.operation}"'}

    def check(self, port: int, number: int = 0) -> None:
        """Ask once, and hold the answer against what is right."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        body = self.document.replace(NUMBER, f"{number:07d}").encode()
        connection.request("POST", PATH, body, self.headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        assert answer.status == 200, (answer.status, text)
        told = tuple(_leaves(ET.fromstring(text)))  # noqa: S314 — from a server that this bench started
        missing = [pair for pair in self.expected if pair not in told]
        assert not missing, (self.name, missing, told)
        shown = [pair for pair in told if pair[0] in {"IdFactura", "ImporteExigible"}]
        assert shown == [pair for pair in self.expected if pair[0] in {"IdFactura", "ImporteExigible"}], shown


def _leaves(element: ET.Element) -> Iterator[tuple[str, str]]:
    children = list(element)
    if not children:
        yield element.tag.rpartition("}")[2], element.text or ""
    for child in children:
        yield from _leaves(child)


def _shown(factura: Factura) -> tuple[tuple[str, str], ...]:
    importe = str(to_decimal(factura.vencimientos[0].importe_centavos))
    return (
        ("IdCliente", factura.clave.id_cliente),
        ("IdFactura", factura.clave.id_factura),
        ("Moneda", factura.moneda),
        ("ImporteExigible", importe),
        ("NumeroVencimiento", "1"),
        ("Numero", "1"),
        ("Fecha", factura.vencimientos[0].fecha.isoformat()),
        ("Importe", importe),
        ("TipoImporte", factura.tipo_importe.value),
        ("DebePagarAnteriores", "false"),
        ("MensajePantalla", factura.mensaje_pantalla),
        ("MensajeTicket", factura.mensaje_ticket),
        ("Estado", factura.estado.value),
        ("CodigoBarras", factura.codigo_barras or ""),
    )


def _consulta(id_cliente: str, facturas: int) -> Pedido:
    shown = (pair for factura in mundo.owed(id_cliente) for pair in _shown(factura))
    return Pedido(
        name=f"consulta_{facturas}",
        operation="ConsultaDeuda",
        document=_ENVELOPE.format(name="ConsultaDeuda", said=f"<IdCliente>{id_cliente}</IdCliente>"),
        expected=(("Codigo", "00"), *shown, ("HayMas", "false"), ("NombreCliente", mundo.NOMBRE), ("Origen", "BASE")),
    )


_AVISO = (
    f"<IdCliente>C{NUMBER}</IdCliente><Moneda>ARS</Moneda><Importe>{to_decimal(mundo.PAGO_CENTAVOS)}</Importe>"
    f"<IdTransaccion>TX-{NUMBER}</IdTransaccion><IdFactura>P{NUMBER}</IdFactura>"
    "<CodigoMovimiento>2</CodigoMovimiento><FechaVencimiento>2035-12-31</FechaVencimiento>"
    "<FechaHoraPago>2026-01-15T11:58:30-03:00</FechaHoraPago><Canal>PC</Canal><NroControl>4821</NroControl>"
)
CONSULTA_1, CONSULTA_10 = (_consulta(id_cliente, facturas) for id_cliente, facturas in mundo.FACTURAS.items())
AVISO = Pedido(
    name="aviso",
    operation="AvisoPago",
    document=_ENVELOPE.format(name="AvisoPago", said=_AVISO),
    expected=(("Codigo", "00"), ("Estado", "APLICADO")),
)
PEDIDOS = (CONSULTA_1, CONSULTA_10, AVISO)
