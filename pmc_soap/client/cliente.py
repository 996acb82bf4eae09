"""Our own contract, called with zeep: what a tester's script does, with less to type.

Amounts go in as text with a point ("1500.50") or Decimal, and come back as Decimal; dates and times are those of
datetime. A SOAP fault is raised as Fault, with the code and what to do; what kept a message from being sent or answered
is Unreachable, NotAGateway or NotSent, and no exception of the libraries below.
"""

import uuid
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import zeep
from requests import Session
from requests.exceptions import HTTPError, RequestException
from zeep.exceptions import Error as ZeepError
from zeep.exceptions import Fault as ZeepFault
from zeep.exceptions import ValidationError
from zeep.helpers import serialize_object
from zeep.wsdl import Document

from pmc_soap.client.grabacion import Grabado, Grabador

TIMEOUT_S = 10
_NAMESPACE = "urn:pmc-soap:v1"
_FALLA = f"{{{_NAMESPACE}}}Falla/{{{_NAMESPACE}}}"


class Fault(Exception):
    """The gateway answered with a SOAP fault."""

    def __init__(self, fault: ZeepFault) -> None:
        codigo, _, texto = fault.message.partition(": ")
        super().__init__(fault.message)
        self.codigo = codigo
        self.texto = texto
        self.que_hacer = self._detail(fault, "QueHacer")
        self.campo = self._detail(fault, "Campo")

    @staticmethod
    def _detail(fault: ZeepFault, name: str) -> str | None:
        return fault.detail.findtext(f"{_FALLA}{name}") if fault.detail is not None else None


class Unreachable(Exception):
    """There is no gateway at that address, or it did not answer in time."""


class NotAGateway(Unreachable):
    """That is no http address, or what answers there does not speak our contract."""


class NotSent(Exception):
    """The contract has no place for what was to be said."""


class _Port:
    _path: str
    _binding: str

    def __init__(
        self, url: str, codigo_empresa: str, token: str, contratos: MutableMapping[str, Document] | None = None
    ) -> None:
        """contratos: those that were read, by address, for who calls often; the service itself is called each time."""
        self._codigo_empresa = codigo_empresa
        self._token = token
        self._contratos = {} if contratos is None else contratos
        self._session = Session()
        try:
            self._service = self._connect(f"{url.rstrip('/')}{self._path}")
        except BaseException:
            self.close()
            raise

    def _connect(self, address: str) -> Any:
        if not address.startswith(("http://", "https://")):  # zeep would look for a file of that name
            raise NotAGateway(address)
        self._transport = Grabador(session=self._session, timeout=TIMEOUT_S, operation_timeout=TIMEOUT_S)
        try:
            client = zeep.Client(self._contratos.get(address) or f"{address}?wsdl", transport=self._transport)
            self._contratos[address] = client.wsdl
            # the published address may be one that only the network can see: call the one we were told
            return client.create_service(f"{{{_NAMESPACE}}}{self._binding}", address)
        except HTTPError as error:
            raise NotAGateway(str(error)) from error
        except RequestException as error:
            raise Unreachable(str(error)) from error
        except (ZeepError, ValueError, LookupError, OSError) as error:  # what zeep makes of an XML that is no WSDL
            raise NotAGateway(str(error)) from error

    @property
    def ultimo(self) -> Grabado | None:
        """Give the last exchange as it went over the wire, secrets and all; None before the first."""
        return self._transport.ultimo

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def eco(self, mensaje: str) -> Any:
        """Ask whether there is anybody."""
        return self._send("Eco", Mensaje=mensaje)

    def ask(self, operation: str, id_mensaje: str | None = None, **said: Any) -> Any:
        """Ask anything of the contract, each field by the name that it has there."""
        cabecera = {
            "CodigoEmpresa": self._codigo_empresa,
            "IdMensaje": id_mensaje or str(uuid.uuid4()),
            "FechaHora": datetime.now(UTC),
            "Token": self._token,
        }
        told = {name: value for name, value in said.items() if value is not None}
        return self._send(operation, Cabecera=cabecera, **told)

    def _send(self, operation: str, **said: Any) -> Any:
        try:
            return self._service[operation](**said)
        except ZeepFault as fault:
            raise Fault(fault) from fault
        except RequestException as error:
            raise Unreachable(str(error)) from error
        except (ValidationError, ValueError) as error:
            raise NotSent(str(error)) from error
        except ZeepError as error:
            raise NotAGateway(str(error)) from error


class PagoMisCuentas(_Port):
    """What the network asks."""

    _path = "/soap/v1/pagomiscuentas"
    _binding = "PagoMisCuentasBinding"

    def consulta_deuda(self, id_cliente: str | None = None, **said: Any) -> Any:
        """Ask what a cliente owes; said may hold IdFactura, CodigoBarras, MaximoFacturas."""
        return self.ask("ConsultaDeuda", IdCliente=id_cliente, **said)

    def aviso_pago(self, id_cliente: str, importe: Any, **said: Any) -> Any:
        """Tell of a pago; said may hold IdFactura, IdTransaccion, IdConsulta, Canal …"""
        return self.ask("AvisoPago", IdCliente=id_cliente, Importe=importe, **{"Moneda": "ARS", **said})

    def reversa_pago(self, id_cliente: str, importe: Any, **said: Any) -> Any:
        """Take a pago back; said may hold IdFactura, IdTransaccionOriginal, Motivo …"""
        return self.ask("ReversaPago", IdCliente=id_cliente, Importe=importe, **said)


class Empresa(_Port):
    """What the empresa asks."""

    _path = "/soap/v1/empresa"
    _binding = "EmpresaBinding"

    def alta_factura(self, id_cliente: str, id_factura: str, vencimientos: list[tuple[Any, Any]], **said: Any) -> Any:
        """Register a factura; vencimientos are (fecha, importe) pairs, the earliest first."""
        container = {"Vencimiento": _vencimientos(vencimientos)}
        told = {"Moneda": "ARS", "MensajePantalla": "FACTURA", "MensajeTicket": "FACTURA", **said}
        return self.ask("AltaFactura", IdCliente=id_cliente, IdFactura=id_factura, Vencimientos=container, **told)

    def modificacion_factura(self, id_cliente: str, id_factura: str, **said: Any) -> Any:
        """Change a factura; said holds the fields to change, vencimientos as pairs."""
        vencimientos = said.pop("vencimientos", None)
        if vencimientos is not None:
            said["Vencimientos"] = {"Vencimiento": _vencimientos(vencimientos)}
        return self.ask("ModificacionFactura", IdCliente=id_cliente, IdFactura=id_factura, **said)

    def baja_factura(self, id_cliente: str, id_factura: str, motivo: str = "OTRO", **said: Any) -> Any:
        """Withdraw a factura."""
        return self.ask("BajaFactura", IdCliente=id_cliente, IdFactura=id_factura, Motivo=motivo, **said)

    def consulta_factura(self, id_cliente: str, id_factura: str, **said: Any) -> Any:
        """Ask how a factura stands."""
        return self.ask("ConsultaFactura", IdCliente=id_cliente, IdFactura=id_factura, **said)

    def obtener_avisos(self, desde_secuencia: int | None = None, **said: Any) -> Any:
        """Come for the avisos that follow; said may hold Maximo, SoloPendientes."""
        return self.ask("ObtenerAvisos", DesdeSecuencia=desde_secuencia, **said)

    def confirmar_avisos(self, confirmaciones: list[dict[str, Any]], **said: Any) -> Any:
        """Say what was done with avisos: each has IdAviso and Estado, and may have NroComprobante, Motivo."""
        return self.ask("ConfirmarAvisos", Confirmaciones={"Confirmacion": confirmaciones}, **said)

    def consulta_pago(self, id_aviso: str | None = None, **said: Any) -> Any:
        """Ask what happened to a pago; said may hold IdTransaccion, or IdCliente and IdFactura."""
        return self.ask("ConsultaPago", IdAviso=id_aviso, **said)


def plain(answer: Any) -> dict[str, Any]:
    """Give an answer as plain dicts and lists."""
    said: dict[str, Any] = serialize_object(answer, dict)
    return said


def _vencimientos(pairs: list[tuple[Any, Any]]) -> list[dict[str, Any]]:
    return [
        {"Numero": numero, "Fecha": fecha, "Importe": importe} for numero, (fecha, importe) in enumerate(pairs, start=1)
    ]
