"""The UsernameToken of a WS-Security header: a user name with its password, as text or as a digest.

Source: OASIS Web Services Security UsernameToken Profile 1.0. A digest comes with a Nonce (base64, at most NONCE_MAX
bytes) and the instant at which it was Created; one that lacks either is read as it is, and refused where it is judged.
"""

import base64
import binascii

from lxml import etree

from pmc_soap.soap.credenciales import Presented, Resumen

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
NONCE_MAX = 256
_TEXT, _DIGEST = "#PasswordText", "#PasswordDigest"


def read_username_token(security: etree._Element) -> Presented | None:
    """Read the UsernameToken of a Security header; None if there is none with a password of a kind that we know."""
    token = security.find(f"{{{WSSE}}}UsernameToken")
    password = token.find(f"{{{WSSE}}}Password") if token is not None else None
    if token is None or password is None:
        return None
    usuario, said = token.findtext(f"{{{WSSE}}}Username") or "", password.text or ""
    kind = (password.get("Type") or _TEXT).strip()
    if kind.endswith(_TEXT):
        return Presented(usuario=usuario, secreto=said)
    if not kind.endswith(_DIGEST):
        return None
    nonce = _decode(token.findtext(f"{{{WSSE}}}Nonce") or "")
    created = (token.findtext(f"{{{WSU}}}Created") or "").strip()
    return Presented(
        usuario=usuario,
        resumen=Resumen(nonce=nonce if len(nonce) <= NONCE_MAX else b"", created=created, digest=_decode(said)),
    )


def _decode(text: str) -> bytes:
    """Give the bytes of a base64 text, which some write in several lines; none if it is not base64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
