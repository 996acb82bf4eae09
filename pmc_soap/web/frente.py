"""What our own proxies say of who is at the other end: the address, and whether the way there is TLS.

They are believed where the SOAP edge believes them: over a unix socket, or from an address that is configured.
"""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from pmc_soap.domain.direcciones import Redes, behind_proxies, normalize

_SCHEMES = frozenset({"http", "https"})


def behind(pages: WSGIApplication, proxies: Redes) -> WSGIApplication:
    """Give the pages, which see whoever is behind our proxies."""

    def door(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        peer = environ.get("REMOTE_ADDR")
        direccion = normalize(peer) if peer else None
        if peer == "" or (direccion is not None and direccion in proxies):
            real = behind_proxies(direccion, environ.get("HTTP_X_FORWARDED_FOR", ""), proxies)
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "")
            environ = environ | {"REMOTE_ADDR": real or ""}
            if scheme in _SCHEMES:
                environ["wsgi.url_scheme"] = scheme
        return pages(environ, start_response)

    return door
