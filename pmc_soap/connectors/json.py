"""An empresa's system over JSON: any HTTP service that is asked for a debt, and one that is brought signed avisos.

The signature is that of Standard Webhooks (standardwebhooks.com); webhook-id is the IdAviso, constant over retries.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any, NoReturn

from jmespath.exceptions import JMESPathError
from standardwebhooks import Webhook

from pmc_soap.connectors.http import ENTREGA_S, Canal, Contestacion, as_no_entregado, as_sin_respuesta
from pmc_soap.connectors.llamada import FallaDeRed
from pmc_soap.connectors.mapeo import fold, read_deuda
from pmc_soap.connectors.plantilla import fill, fill_url, names
from pmc_soap.connectors.ruta_json import compile_path
from pmc_soap.connectors.sobre import write_aviso, write_moment
from pmc_soap.domain.consulta import Busqueda, Consulta, Deuda, SinRespuesta
from pmc_soap.domain.entrega import Comprobante, Envio, EstadoImputacion, NoEntregado
from pmc_soap.domain.resultado import Resultado

MOTIVO_MAX = 200
NRO_COMPROBANTE_MAX = 40
FACTURAS_MAX = 1_000
_JSON = {"Accept": "application/json"}
_NO_ES_JSON = "el sistema de la empresa contestó algo que no es la lista de facturas"


class SistemaJson:
    """Asks for a debt with a GET, or a POST of cuerpo where there is one.

    url and cuerpo may hold {id_cliente} {id_factura} {codigo_barras} {codigo_empresa}. lista: where in the answer the
    facturas are (JMESPath; none: the answer itself, or its "facturas"). campos: our word → where it is in one of them
    (none: they use our words). codigo_empresa: the code that the other side knows the empresa by.
    """

    def __init__(
        self,
        url: str,
        canal: Canal,
        *,
        codigo_empresa: str,
        cuerpo: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        lista: str | None = None,
        campos: Mapping[str, str] | None = None,
        en_centavos: bool = False,
        formato_fecha: str | None = None,
    ) -> None:
        self._url = url
        self._canal = canal
        self._codigo_empresa = codigo_empresa
        self._cuerpo = cuerpo
        self._headers = {**_JSON, **(headers or {})}
        self._lista = compile_path(lista) if lista else None
        self._campos = {campo: compile_path(where) for campo, where in (campos or {}).items()}
        self._en_centavos = en_centavos
        self._formato_fecha = formato_fecha
        self._named = (names(url) | names(cuerpo)) - {"codigo_empresa"}
        if not self._named:
            raise ValueError("ni la dirección ni el cuerpo dicen qué se busca")

    def find_deuda(self, consulta: Consulta, timeout_s: float) -> Deuda:
        """Ask what is owed; raises SinRespuesta."""
        busqueda = consulta.busqueda
        said = {
            "id_cliente": busqueda.id_cliente,
            "id_factura": busqueda.id_factura,
            "codigo_barras": busqueda.codigo_barras,
        }
        url = fill_url(self._url, {**said, "codigo_empresa": self._codigo_empresa})
        if url is None or not any(said[name] for name in self._named):
            return _unknown(busqueda)  # it cannot be asked for that
        try:
            contestacion = self._ask(url, said, timeout_s)
        except FallaDeRed as error:
            raise as_sin_respuesta(error) from error
        if contestacion.status == HTTPStatus.NOT_FOUND:
            return Deuda(resultado=Resultado.CLIENTE_INEXISTENTE)
        if not contestacion.ok:
            raise SinRespuesta(f"el sistema de la empresa contestó HTTP {contestacion.status}")
        filas = self._read(contestacion)
        if not filas:
            return Deuda(resultado=Resultado.SIN_DEUDA)
        return read_deuda(filas, busqueda, en_centavos=self._en_centavos, formato_fecha=self._formato_fecha)

    def _ask(self, url: str, said: Mapping[str, str | None], timeout_s: float) -> Contestacion:
        if self._cuerpo is None:
            return self._canal.call("GET", url, timeout_s=timeout_s, headers=self._headers)
        cuerpo = json.dumps(fill(self._cuerpo, {**said, "codigo_empresa": self._codigo_empresa})).encode()
        headers = {"Content-Type": "application/json", **self._headers}
        return self._canal.call("POST", url, timeout_s=timeout_s, cuerpo=cuerpo, headers=headers)

    def _read(self, contestacion: Contestacion) -> list[Mapping[str, object]]:
        try:
            answer = _load(contestacion.cuerpo)
            found = self._lista.search(answer) if self._lista else _facturas(answer)
            if not isinstance(found, list) or len(found) > FACTURAS_MAX or not all(isinstance(f, dict) for f in found):
                raise SinRespuesta(_NO_ES_JSON)
            if not self._campos:
                return found
            return [{campo: where.search(fila) for campo, where in self._campos.items()} for fila in found]
        except (ValueError, TypeError, ArithmeticError, LookupError, RecursionError, JMESPathError) as error:
            raise SinRespuesta(_NO_ES_JSON) from error


class DestinoJson:
    """Brings avisos with a signed POST. secretos: each signs (whsec_…), so that one can be changed without a gap."""

    def __init__(
        self,
        url: str,
        canal: Canal,
        *,
        secretos: Sequence[str],
        headers: Mapping[str, str] | None = None,
        timeout_s: float = ENTREGA_S,
    ) -> None:
        if not secretos:
            raise ValueError("hace falta al menos un secreto para firmar")
        self._url = url
        self._canal = canal
        self._signers = tuple(Webhook(secreto) for secreto in secretos)
        self._headers = dict(headers or {})
        self._timeout_s = timeout_s

    def deliver(self, envio: Envio) -> Comprobante:
        """Bring one aviso; raises NoEntregado. The body is the same at every attempt."""
        aviso = write_aviso(envio)
        told = {
            "type": f"aviso.{envio.aviso.tipo.value.lower()}",
            "timestamp": write_moment(envio.guardado.fecha_hora_utc),
            "data": aviso,
        }
        cuerpo = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        headers = {**_JSON, **self._headers, **self._sign(envio.guardado.id_aviso, cuerpo)}
        try:
            contestacion = self._canal.call(
                "POST", self._url, timeout_s=self._timeout_s, cuerpo=cuerpo.encode(), headers=headers
            )
        except FallaDeRed as error:
            raise NoEntregado(error.motivo) from error
        if not contestacion.ok:
            raise as_no_entregado(contestacion)
        return _read_comprobante(contestacion.cuerpo)

    def _sign(self, id_aviso: str, cuerpo: str) -> dict[str, str]:
        now = datetime.now(UTC)
        return {
            "Content-Type": "application/json",
            "webhook-id": id_aviso,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signer.sign(id_aviso, now, cuerpo) for signer in self._signers),
        }


def _read_comprobante(cuerpo: bytes) -> Comprobante:
    """Read what a success says; one that says nothing of ours has imputed it."""
    try:
        said = _load(cuerpo)
    except (ValueError, ArithmeticError, RecursionError):
        return Comprobante()
    if not isinstance(said, dict):
        return Comprobante()
    nro_comprobante = _text(said.get("nro_comprobante"), NRO_COMPROBANTE_MAX)
    if said.get("estado") != EstadoImputacion.RECHAZADO:
        return Comprobante(nro_comprobante=nro_comprobante)
    motivo = _text(said.get("motivo"), MOTIVO_MAX)
    return Comprobante(estado=EstadoImputacion.RECHAZADO, nro_comprobante=nro_comprobante, motivo=motivo)


def _text(value: object, max_length: int) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return fold(str(value), max_length) or None


def _unknown(busqueda: Busqueda) -> Deuda:
    by_cliente = busqueda.id_cliente is not None
    return Deuda(resultado=Resultado.CLIENTE_INEXISTENTE if by_cliente else Resultado.FACTURA_INEXISTENTE)


def _facturas(answer: Any) -> Any:
    return answer.get("facturas") if isinstance(answer, dict) else answer


def _load(cuerpo: bytes) -> Any:
    return json.loads(cuerpo, parse_float=Decimal, parse_constant=_refuse)


def _refuse(_: str) -> NoReturn:
    raise ValueError("NaN is not JSON")
