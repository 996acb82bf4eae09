"""What is noted of an exchange at its end, in a moment; and, later and aside, what is kept of that.

A note holds what it needs and nothing of the connection. µs are microseconds.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pmc_soap.operations.intercambios import PROBLEMA, TECNICA, Documentos, Intercambio
from pmc_soap.soap.pedido import Pedido, Respuesta
from pmc_soap.soap.secretos import without_secrets, without_token

STRANGER_MAX = 4 * 1024  # bytes that are kept of who has not shown a right credential
_OURS = "PMC-9"
_MS_US = 1_000
_US_MAX = 2**31 - 1
_IDS = ("IdCliente", "IdFactura", "IdConsulta", "IdAviso", "IdTransaccion")
_COLUMNS = {name: f"id_{name[2:].lower()}" for name in _IDS}
_SAID = re.compile(r"<(?:[\w.-]{1,40}:)?(Id(?:Cliente|Factura|Consulta|Aviso|Transaccion))>\s*([^<>]{1,60}?)\s*<")


class Anotado(NamedTuple):
    """One exchange, as it ended. mensaje and valor: what was read of the request and of our answer, if anything."""

    puerto: str | None
    id_pedido: str
    operacion: str | None
    codigo_empresa: str | None
    codigo: str | None
    severidad: int | None
    falla: str | None
    campo: str | None
    http: str
    duplicado: bool
    conocido: bool
    mensaje: Any
    valor: Any
    tolerado: bool
    charset: str | None
    ms: float
    fases_ms: Mapping[str, float]
    pedido: bytes
    respuesta: bytes

    @property
    def is_strangers(self) -> bool:
        """Tell whether nobody knows who asked: what we keep of such must be bounded. Our own failures are kept."""
        return not self.conocido and not (self.falla or "").startswith(_OURS)


Keep = Callable[[Anotado], None]


def annotate(puerto: str | None, pedido: Pedido, respuesta: Respuesta) -> Anotado:
    """Note an exchange."""
    return Anotado(
        puerto,
        pedido.id_pedido,
        pedido.operacion,
        pedido.empresa,
        pedido.codigo,
        pedido.severidad,
        pedido.falla,
        pedido.campo,
        respuesta.status,
        pedido.duplicado,
        pedido.conocido,
        pedido.mensaje,
        pedido.valor,
        bool(pedido.tolerado),
        pedido.charset,
        pedido.ms_until_now(),
        pedido.ms,
        pedido.body,
        respuesta.body,
    )


def read_intercambio(
    anotado: Anotado, at_utc: datetime, owner: Mapping[str, str], *, con_xml: bool
) -> tuple[Intercambio, Documentos]:
    """Give what is kept of a note. owner: the code that an empresa's data is kept under, by each it is called by."""
    pedido = _kept(anotado) if con_xml or anotado.mensaje is None else b""
    codigo = anotado.codigo_empresa
    intercambio = Intercambio(
        id_pedido=anotado.id_pedido,
        fecha_hora_utc=at_utc,
        puerto=anotado.puerto,
        operacion=anotado.operacion,
        codigo_empresa=owner.get(codigo, codigo) if codigo else None,
        codigo=anotado.codigo,
        severidad=_severidad(anotado),
        falla=anotado.falla,
        campo=anotado.campo,
        http=int(anotado.http[:3]),
        duplicado=bool(anotado.duplicado),
        us=_us(anotado.ms),
        fases_us={phase.removeprefix("ms_"): _us(ms) for phase, ms in anotado.fases_ms.items()},
        bytes_in=len(anotado.pedido),
        bytes_out=len(anotado.respuesta),
        **_ids(anotado, pedido),
    )
    if not con_xml:
        return intercambio, Documentos()
    return intercambio, Documentos(pedido=pedido or None, respuesta=anotado.respuesta)  # which holds no secret


def _kept(anotado: Anotado) -> bytes:
    if anotado.mensaje is not None and not anotado.tolerado:
        return without_token(anotado.pedido, anotado.charset)
    return without_secrets(anotado.pedido if anotado.conocido else anotado.pedido[:STRANGER_MAX], anotado.charset)


def _severidad(anotado: Anotado) -> int:
    if anotado.falla is None:
        return anotado.severidad or 0
    return TECNICA if anotado.falla.startswith(_OURS) else PROBLEMA


def _us(ms: float) -> int:
    return min(max(round(ms * _MS_US), 0), _US_MAX)


def _ids(anotado: Anotado, pedido: bytes) -> dict[str, Any]:
    """Give the ids that the request or the answer names; of a request that could not be read, those that it shows."""
    if anotado.mensaje is None:
        shown: dict[str, str] = {}
        for name, text in _SAID.findall(pedido.decode("utf-8", "replace")) if anotado.operacion else ():
            if text.isprintable():
                shown.setdefault(_COLUMNS[name], text)
        return shown
    result = getattr(anotado.valor, f"{anotado.operacion}Result", None)
    return {
        column: getattr(anotado.mensaje, name, None) or getattr(result, name, None) for name, column in _COLUMNS.items()
    }
