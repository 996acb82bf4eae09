"""One bounded HTTP call for every connector: it ends within its seconds, and reads at most CUERPO_MAX bytes."""

import base64
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path

from requests import Response, Session
from requests.exceptions import RequestException, SSLError
from urllib3.exceptions import HTTPError

from pmc_soap.connectors.llamada import CONNECT_S, Adaptador, FallaDeRed, FueraDeTiempo, Llamada, SinConexion
from pmc_soap.domain.consulta import SinRespuesta
from pmc_soap.domain.entrega import NoEntregado
from pmc_soap.domain.resultado import Resultado

CUERPO_MAX = 1024 * 1024
ENTREGA_S = 10.0  # a whole delivery
_TROZO = 64 * 1024
_CONEXIONES = 32  # kept alive to one system; more are opened where more threads call at once
_RETRY_AFTER_DIGITS = 9
_REINTENTAR = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(frozen=True, kw_only=True, slots=True)
class Contestacion:
    """An HTTP answer, whole; headers is read in any case of letters."""

    status: int
    headers: Mapping[str, str]
    cuerpo: bytes

    @property
    def ok(self) -> bool:
        """Tell whether it is a success."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def retry_after(self) -> timedelta | None:
        """Give how long the other side asks to be left alone, if it says so in a way that can be read."""
        said = self.headers.get("Retry-After", "").strip()
        if said.isascii() and said.isdecimal():
            wait = timedelta(seconds=int(said[:_RETRY_AFTER_DIGITS]))
        else:
            try:
                moment = parsedate_to_datetime(said)
            except (ValueError, OverflowError, LookupError):
                return None
            wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime.now(UTC)
        return wait if wait > timedelta() else None


class Canal:
    """The way to one system: kept-alive connections that threads share, TLS always verified, no proxy, no cookies.

    ca: a bundle of those who may vouch for it, instead of the usual ones. certificado: our certificate and its key.
    """

    def __init__(self, *, ca: Path | None = None, certificado: tuple[Path, Path] | None = None) -> None:
        # Its warnings tell the address, and in the address stands the cliente.
        logging.getLogger("urllib3").setLevel(logging.ERROR)
        self._session = _Session()
        self._session.trust_env = False
        self._session.verify = True if ca is None else str(ca)
        self._session.cert = None if certificado is None else (str(certificado[0]), str(certificado[1]))
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.update({"User-Agent": "pmc-soap", "Accept-Encoding": "identity"})
        for prefix in ("http://", "https://"):
            self._session.mount(prefix, Adaptador(pool_maxsize=_CONEXIONES))

    def call(
        self,
        metodo: str,
        url: str,
        *,
        timeout_s: float,
        cuerpo: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Contestacion:
        """Send a request and read its whole answer; raises FueraDeTiempo or SinConexion. Redirects are not followed."""
        with Llamada(timeout_s) as llamada:
            try:
                contestacion = self._exchange(llamada, metodo, url, cuerpo, dict(headers or {}))
            except (FallaDeRed, RequestException, HTTPError, OSError, UnicodeError) as error:
                raise (FueraDeTiempo() if llamada.expired else _tell(error)) from error
            if llamada.expired:  # an answer that ends with the connection looks whole when we have cut it ourselves
                raise FueraDeTiempo
            return contestacion

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _exchange(
        self, llamada: Llamada, metodo: str, url: str, cuerpo: bytes | None, headers: dict[str, str]
    ) -> Contestacion:
        # The deadline of the Llamada comes first; the socket's own is there to be longer.
        response = self._session.request(
            metodo,
            url,
            data=cuerpo,
            headers=headers,
            timeout=(CONNECT_S, llamada.left_s + 1),
            allow_redirects=False,
            stream=True,
        )
        with response:
            return Contestacion(status=response.status_code, headers=response.headers, cuerpo=_read(response))


class _Session(Session):
    def get_redirect_target(self, resp: Response) -> str | None:  # noqa: ARG002 — the signature is the library's
        """See no redirect anywhere: the library would read the body of one without a limit."""
        return None


def _read(response: Response) -> bytes:
    parts, size = [], 0
    for part in response.iter_content(_TROZO):
        size += len(part)
        if size > CUERPO_MAX:
            raise SinConexion("la respuesta del sistema de la empresa es demasiado larga")
        parts.append(part)
    return b"".join(parts)


def _tell(error: Exception) -> FallaDeRed:
    """Say what happened in our own words."""
    if isinstance(error, FallaDeRed):
        return error
    if isinstance(error, SSLError):
        return SinConexion("no se pudo acordar una conexión segura con el sistema de la empresa")
    return SinConexion("el sistema de la empresa cortó la conexión o contestó algo que no es HTTP")


def basic(usuario: str, clave: str) -> dict[str, str]:
    """Write the header of HTTP Basic."""
    return {"Authorization": "Basic " + base64.b64encode(f"{usuario}:{clave}".encode()).decode()}


def as_sin_respuesta(error: FallaDeRed) -> SinRespuesta:
    """Tell a consulta what came of its call."""
    late = isinstance(error, FueraDeTiempo)
    return SinRespuesta(error.motivo, Resultado.TIEMPO_EXCEDIDO if late else Resultado.EMPRESA_NO_DISPONIBLE)


def as_no_entregado(contestacion: Contestacion) -> NoEntregado:
    """Tell an entrega what an answer that is no success means: to come again later, or that waiting changes nothing."""
    status = contestacion.status
    again = status in _REINTENTAR or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return NoEntregado(
        f"el sistema de la empresa contestó HTTP {status}",
        permanente=not again,
        retry_after=contestacion.retry_after if again else None,
    )
