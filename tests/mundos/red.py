"""The network, as it calls: each message of a story written as SOAP and sent over one connection that is kept."""

import http.client
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Self
from xml.sax.saxutils import escape

from pmc_soap.domain import importe
from pmc_soap.domain.aviso import AvisoPago, ReversaPago
from pmc_soap.domain.consulta import Busqueda

PATH = "/soap/v1/pagomiscuentas"
_SOBRE = (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    '<{operacion} xmlns="urn:pmc-soap:v1"><Cabecera><CodigoEmpresa>{empresa}</CodigoEmpresa>'
    "<IdMensaje>{id_mensaje}</IdMensaje><FechaHora>{fecha_hora}</FechaHora><Token>{token}</Token></Cabecera>"
    "{dicho}</{operacion}></soap:Body></soap:Envelope>"
)


class Red:
    """One connection of the network."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=20)
        self._token = token

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, busqueda: Busqueda, at_utc: datetime) -> str:
        """Ask what a cliente owes, and give the IdConsulta."""
        said = {"IdCliente": busqueda.id_cliente}
        return self._send("ConsultaDeuda", busqueda.codigo_empresa, f"Q-{at_utc.timestamp():.0f}", at_utc, said)[
            "IdConsulta"
        ]

    def tell(self, dicho: AvisoPago | ReversaPago) -> None:
        """Tell of a payment, or take one back; whatever comes of it, it must be answered."""
        said = _pago(dicho) if isinstance(dicho, AvisoPago) else _reversa(dicho)
        operacion = "AvisoPago" if isinstance(dicho, AvisoPago) else "ReversaPago"
        told = self._send(operacion, dicho.codigo_empresa, dicho.id_mensaje, dicho.fecha_hora_mensaje_utc, said)
        assert told["Codigo"] in {"00", "30"}, (dicho, told)

    def _send(
        self, operacion: str, empresa: str, id_mensaje: str, at_utc: datetime, said: Mapping[str, object]
    ) -> dict[str, str]:
        dicho = "".join(f"<{name}>{escape(str(word))}</{name}>" for name, word in said.items() if word is not None)
        body = _SOBRE.format(
            operacion=operacion,
            empresa=empresa,
            id_mensaje=id_mensaje,
            fecha_hora=at_utc.isoformat(),
            token=self._token,
            dicho=dicho,
        )
        self._connection.request("POST", PATH, body.encode(), {"Content-Type": "text/xml; charset=utf-8"})
        response = self._connection.getresponse()
        text = response.read().decode()
        assert response.status == 200, text
        return dict(re.findall(r"<(Codigo|IdConsulta|IdAviso)>([^<]*)<", text))


def _pago(pago: AvisoPago) -> dict[str, object]:
    return {
        "IdCliente": pago.id_cliente,
        "Moneda": pago.moneda,
        "Importe": importe.format(pago.importe_centavos),
        "IdTransaccion": pago.id_transaccion,
        "IdConsulta": pago.id_consulta,
        "IdFactura": pago.id_factura,
        "CodigoMovimiento": pago.codigo_movimiento,
        "FechaVencimiento": pago.fecha_vencimiento,
        "FechaHoraPago": pago.fecha_hora_pago_utc and pago.fecha_hora_pago_utc.isoformat(),
        "Canal": pago.canal,
        "NroControl": pago.nro_control,
        "CodigoProvincia": pago.codigo_provincia,
    }


def _reversa(reversa: ReversaPago) -> dict[str, object]:
    return {
        "IdCliente": reversa.id_cliente,
        "Importe": importe.format(reversa.importe_centavos),
        "IdTransaccionOriginal": reversa.id_transaccion_original,
        "IdFactura": reversa.id_factura,
        "NroControlOriginal": reversa.nro_control_original,
    }
