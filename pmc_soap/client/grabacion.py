"""What a client of ours said and was answered, as it went over the wire, and how long that took: for people to read.

Times are milliseconds. A secret is never shown: in its place stands what whoever asks wants there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from lxml import etree
from requests import Response
from zeep.transports import Transport

OCULTO = "…"
_TOKEN = "{urn:pmc-soap:v1}Token"  # noqa: S105 — an element's name
_PARSER = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True)


@dataclass(frozen=True, kw_only=True)
class Grabado:
    """One exchange. respuesta and estado, which is HTTP's, are None where nobody answered."""

    direccion: str
    accion: str
    pedido: bytes
    respuesta: bytes | None
    estado: int | None
    tiempo_ms: float


class Grabador(Transport):
    """A transport that keeps its last exchange."""

    ultimo: Grabado | None = None

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> Response:
        """Send as ever, and keep what went and what came."""
        began = perf_counter()
        answer: Response | None = None
        try:
            answer = super().post(address, message, headers)
        finally:
            self.ultimo = Grabado(
                direccion=address,
                accion=str(headers.get("SOAPAction", "")).strip('"'),
                pedido=message,
                respuesta=None if answer is None else answer.content,
                estado=None if answer is None else answer.status_code,
                tiempo_ms=(perf_counter() - began) * 1_000,
            )
        return answer


def pretty(xml: bytes, token: str = OCULTO) -> str:
    """Write XML one element a line, with that in the place of its secret; what is no XML, as it is."""
    try:
        root = etree.fromstring(xml, _PARSER)
    except etree.XMLSyntaxError:
        return xml.decode(errors="replace")
    for secret in root.iter(_TOKEN):
        secret.text = token
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")


def as_curl(grabado: Grabado, token: str) -> str:
    """Write the request as a command for a shell; it runs as it stands where that token is a good one."""
    return (
        f"curl -sS '{grabado.direccion}' -H 'Content-Type: text/xml; charset=utf-8' \\\n"
        f"  -H 'SOAPAction: \"{grabado.accion}\"' --data-binary @- <<'XML'\n"
        f"{pretty(grabado.pedido, token)}\nXML"
    )


def as_zeep(direccion: str, operacion: str, cabecera: Mapping[str, str], said: Mapping[str, Any]) -> str:
    """Write the request as a short Python script, likewise; cabecera is what it holds but for the time."""
    told = ", ".join(f'"{name}": "{value}"' for name, value in cabecera.items())
    return (
        "from datetime import datetime, timezone\nfrom zeep import Client\n\n"
        f'servicio = Client("{direccion}?wsdl").service\n'
        f'cabecera = {{{told}, "FechaHora": datetime.now(timezone.utc)}}\n'
        f"pedido = {dict(said)!r}\n"
        f"print(servicio.{operacion}(Cabecera=cabecera, **pedido))"
    )
