"""An empresa's system that implements our own contract (wsdl/pagomiscuentas.wsdl): asked for a debt, brought avisos.

An aviso has an IdMensaje that is constant over retries, its IdAviso, so that the other side tells a repeat; and the
FechaHora of the network's own message, so that a reversa is not out of term because we came late. The messages are
handed in, since their library has its door in another room.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Protocol

from pmc_soap.connectors.deuda_soap import read_deuda
from pmc_soap.connectors.http import ENTREGA_S, Canal, Contestacion, as_no_entregado, as_sin_respuesta, basic
from pmc_soap.connectors.llamada import FallaDeRed
from pmc_soap.connectors.mapeo import fold
from pmc_soap.connectors.sobre import pago_original
from pmc_soap.domain import importe
from pmc_soap.domain.aviso import AvisoPago, ReversaPago
from pmc_soap.domain.calendario import to_local
from pmc_soap.domain.consulta import Consulta, Deuda, SinRespuesta
from pmc_soap.domain.entrega import Comprobante, Envio, EstadoImputacion, NoEntregado

MOTIVO_MAX = 200
_ID_MAX = 40
_IMPUTADO = "00"
_REINTENTAR = frozenset({"91", "92", "99"})
_NUNCA_ASI = frozenset({"19", "20", "90"})  # our access, or a datum that it will not read: a person is to look at it
_NUNCA = frozenset({"Client", "VersionMismatch", "MustUnderstand"})  # faults of a message that will never do
_NO_ES_DEL_CONTRATO = "el sistema de la empresa contestó algo que no es del contrato"


class Mensajes(Protocol):
    """The contract's messages; client.erp.MensajesErp."""

    def write(self, operation: str, said: Mapping[str, object]) -> tuple[bytes, dict[str, str]]:
        """Write a request, and the HTTP headers that go with it; raises ValueError if the contract has no place."""

    def read(self, operation: str, cuerpo: bytes) -> dict[str, Any]:
        """Read an answer as plain dicts, or {"Fault": its faultcode}; raises ValueError if it is none of ours."""


class PuertoErp:
    """Where an empresa's system listens, how it calls the empresa (its current code), and what it knows us by."""

    def __init__(
        self,
        url: str,
        canal: Canal,
        mensajes: Mensajes,
        *,
        codigo_empresa: str,
        token: str | None = None,
        usuario: tuple[str, str] | None = None,
    ) -> None:
        self._url = url
        self._canal = canal
        self._mensajes = mensajes
        self._codigo_empresa = codigo_empresa
        self._token = token
        self._headers = basic(*usuario) if usuario else {}

    def call(
        self, operation: str, id_mensaje: str, at_utc: datetime, said: Mapping[str, object], timeout_s: float
    ) -> Contestacion:
        """Send a message; raises ValueError if the contract has no place for it, or a FallaDeRed."""
        cabecera = {
            "CodigoEmpresa": self._codigo_empresa,
            "IdMensaje": id_mensaje,
            "FechaHora": to_local(at_utc),
            **({"Token": self._token} if self._token else {}),
        }
        cuerpo, headers = self._mensajes.write(operation, {"Cabecera": cabecera, **said})
        return self._canal.call(
            "POST", self._url, timeout_s=timeout_s, cuerpo=cuerpo, headers={**headers, **self._headers}
        )

    def read(self, operation: str, contestacion: Contestacion) -> dict[str, Any]:
        """Read an answer, or {"Fault": its faultcode}; raises ValueError."""
        return self._mensajes.read(operation, contestacion.cuerpo)


class SistemaSoap:
    """Asks for a debt with ConsultaDeuda."""

    def __init__(self, puerto: PuertoErp) -> None:
        self._puerto = puerto

    def find_deuda(self, consulta: Consulta, timeout_s: float) -> Deuda:
        """Ask what is owed; raises SinRespuesta."""
        busqueda = consulta.busqueda
        said = {
            "IdCliente": busqueda.id_cliente,
            "IdFactura": busqueda.id_factura,
            "CodigoBarras": busqueda.codigo_barras,
            "MaximoFacturas": consulta.maximo_facturas,
        }
        try:
            contestacion = self._puerto.call("ConsultaDeuda", consulta.id_mensaje, datetime.now(UTC), said, timeout_s)
            if not contestacion.ok:
                raise SinRespuesta(f"el sistema de la empresa contestó HTTP {contestacion.status}")
            answer = self._puerto.read("ConsultaDeuda", contestacion)
        except FallaDeRed as error:
            raise as_sin_respuesta(error) from error
        except ValueError as error:
            raise SinRespuesta(_NO_ES_DEL_CONTRATO) from error
        return read_deuda(answer, busqueda)


class DestinoSoap:
    """Brings avisos with AvisoPago and ReversaPago."""

    def __init__(self, puerto: PuertoErp, *, timeout_s: float = ENTREGA_S) -> None:
        self._puerto = puerto
        self._timeout_s = timeout_s

    def deliver(self, envio: Envio) -> Comprobante:
        """Bring one aviso; raises NoEntregado."""
        operation, said = _write(envio)
        id_mensaje, at_utc = envio.guardado.id_aviso, envio.aviso.fecha_hora_mensaje_utc
        try:
            contestacion = self._puerto.call(operation, id_mensaje, at_utc, said, self._timeout_s)
        except FallaDeRed as error:
            raise NoEntregado(error.motivo) from error
        except ValueError as error:
            raise NoEntregado("el aviso no se puede escribir como dice el contrato", permanente=True) from error
        if not contestacion.ok and contestacion.status != HTTPStatus.INTERNAL_SERVER_ERROR:
            raise as_no_entregado(contestacion)
        try:
            answer = self._puerto.read(operation, contestacion)
        except ValueError as error:
            raise (NoEntregado(_NO_ES_DEL_CONTRATO) if contestacion.ok else as_no_entregado(contestacion)) from error
        return _read_comprobante(answer, contestacion)


def _write(envio: Envio) -> tuple[str, dict[str, object]]:
    aviso, id_aviso = envio.aviso, envio.guardado.id_aviso
    both = {
        "IdCliente": aviso.id_cliente,
        "Importe": importe.to_decimal(aviso.importe_centavos),
        "IdTransaccion": aviso.id_transaccion or id_aviso,
    }
    if isinstance(aviso, AvisoPago):
        return "AvisoPago", {**both, **_write_pago(aviso)}
    return "ReversaPago", {**both, **_write_reversa(aviso, envio)}


def _write_pago(aviso: AvisoPago) -> dict[str, object]:
    return {
        "Moneda": aviso.moneda,
        "IdConsulta": aviso.id_consulta,
        "IdFactura": aviso.id_factura,
        "CodigoMovimiento": aviso.codigo_movimiento,
        "FechaVencimiento": aviso.fecha_vencimiento,
        "FechaHoraPago": to_local(aviso.momento_utc),
        "FechaAcreditacion": aviso.fecha_acreditacion,
        "Canal": aviso.canal,
        "NroControl": aviso.nro_control,
        "CodigoProvincia": aviso.codigo_provincia,
        "Descripcion": aviso.descripcion,
    }


def _write_reversa(aviso: ReversaPago, envio: Envio) -> dict[str, object]:
    """Name the pago as the other side was told of it."""
    pago = pago_original(envio)
    original, momento_utc = aviso.id_transaccion_original, aviso.fecha_hora_original_utc
    if pago and envio.original:
        original, momento_utc = pago.id_transaccion or envio.original.id_aviso, pago.momento_utc
    return {
        "IdTransaccionOriginal": original,
        "IdFactura": aviso.id_factura or (pago.id_factura if pago else None),
        "FechaHoraOriginal": to_local(momento_utc) if momento_utc else None,
        "NroControlOriginal": aviso.nro_control_original or (pago.nro_control if pago else None),
        "Motivo": aviso.motivo.value if aviso.motivo else None,
    }


def _read_comprobante(answer: dict[str, Any], contestacion: Contestacion) -> Comprobante:
    fault = answer.get("Fault")
    if fault is not None:
        again = fault not in _NUNCA
        wait = contestacion.retry_after if again else None
        raise NoEntregado("el sistema de la empresa contestó con un error", permanente=not again, retry_after=wait)
    if not contestacion.ok:
        raise as_no_entregado(contestacion)
    resultado = answer.get("Resultado") or {}
    codigo = fold(str(resultado.get("Codigo") or ""), 2)
    if not codigo:
        raise NoEntregado(_NO_ES_DEL_CONTRATO)
    nro_comprobante = fold(str(answer.get("IdAviso") or ""), _ID_MAX) or None
    if codigo == _IMPUTADO:
        return Comprobante(nro_comprobante=nro_comprobante)
    motivo = fold(f"{codigo} {resultado.get('Descripcion') or ''}", MOTIVO_MAX)
    if codigo in _REINTENTAR | _NUNCA_ASI:
        raise NoEntregado(f"el sistema de la empresa contestó {codigo}", permanente=codigo in _NUNCA_ASI)
    return Comprobante(estado=EstadoImputacion.RECHAZADO, nro_comprobante=nro_comprobante, motivo=motivo)
