"""Secrets: written in the file, or named there by the file or the environment variable that holds them; never shown."""

import base64
import binascii
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from pmc_soap.config.errores import wrong

SECRETO_MAX = 64 * 1024  # bytes of a secret's file
_WEBHOOK_BYTES = range(24, 65)  # Standard Webhooks, "Signature scheme"


def resolve(said: Any) -> Any:
    """Give what is said, or what the { archivo = … } or { entorno = … } that it names holds."""
    if not isinstance(said, Mapping):
        return said
    match dict(said):
        case {"archivo": str(path), **rest} if not rest:
            return _of_file(path)
        case {"entorno": str(name), **rest} if not rest:
            if not os.environ.get(name):
                raise wrong(f"pide la variable de entorno «{name}», que no está definida")
            return os.environ[name]
    raise wrong('se escribe como texto, { archivo = "/ruta" } o { entorno = "VARIABLE" }')


def place(said: Any) -> str | None:
    """Name where a secret is that a source only names; None for anything else."""
    match said:
        case {"archivo": str(where), **rest} if not rest:
            return where
        case {"entorno": str(where), **rest} if not rest:
            return f"variable {where}"
    return None


def _of_file(path: str) -> str:
    try:
        content = Path(path).read_bytes()
        text = content.decode().strip()
    except FileNotFoundError:
        raise wrong(f"pide el archivo «{path}», que no existe") from None
    except (OSError, ValueError):
        raise wrong(f"pide el archivo «{path}», que no se puede leer") from None
    if not text or len(content) > SECRETO_MAX:
        raise wrong(f"pide el archivo «{path}», que está vacío o es demasiado grande")
    return text


def _like(pattern: str, what: str) -> Callable[[SecretStr], SecretStr]:
    def check(said: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, said.get_secret_value()):
            raise wrong(what)
        return said

    return check


def _is_webhook(said: SecretStr) -> SecretStr:
    head, _, key = said.get_secret_value().partition("_")
    try:
        length = len(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError):
        length = 0
    if head != "whsec" or length not in _WEBHOOK_BYTES:
        raise wrong("tiene que ser «whsec_» y de 24 a 64 bytes en base64 (Standard Webhooks)")
    return said


Nombrado = Annotated[str, BeforeValidator(resolve)]
Secreto = Annotated[SecretStr, BeforeValidator(resolve), Field(min_length=1)]
SecretoWebhook = Annotated[Secreto, AfterValidator(_is_webhook)]
UrlSql = Annotated[
    Secreto,
    AfterValidator(
        _like(r"[A-Za-z0-9_+]+:///?\S+", "tiene que ser una URL de SQLAlchemy: motor+driver://usuario@host/base")
    ),
]
UrlAmqp = Annotated[Secreto, AfterValidator(_like(r"amqps?://\S+", "tiene que ser una dirección amqp:// o amqps://"))]
