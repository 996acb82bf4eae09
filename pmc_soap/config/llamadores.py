"""Who may call, and with what he shows who he is: the network and each empresa say it with the same keys."""

import ipaddress
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from pmc_soap.config.errores import wrong
from pmc_soap.config.secretos import Nombrado, Secreto
from pmc_soap.config.tabla import Tabla, Texto

_HASH = r"^sha256\$[0-9a-f]+\$[0-9a-f]{64}$"


def _is_red(said: str) -> str:
    try:
        red = ipaddress.ip_network(said)
    except ValueError:
        red = None
    if red is None or (red.version == 6 and red.network_address.ipv4_mapped):  # noqa: PLR2004 — IPv6
        raise wrong('tiene que ser una dirección IP o una red, como "200.16.0.7" o "200.16.0.0/24"')
    return said


def _is_named(said: Any) -> Any:
    if not isinstance(said, Mapping):
        raise wrong('no se escribe acá: va como { archivo = "/ruta" } o { entorno = "VARIABLE" }')
    return said


Red = Annotated[str, AfterValidator(_is_red)]


class CredencialSettings(Tabla):
    """A live secret: as printed by `pmc-soap credencial issue`, or where the secret itself is."""

    usuario: Texto = Field(description="Usuario con que se presenta quien llama.", examples=['"pagomiscuentas"'])
    hash: Annotated[Nombrado, StringConstraints(pattern=_HASH)] | None = Field(
        default=None,
        description="El hash del secreto: «pmc-soap credencial issue» escribe la línea entera.",
        examples=['"sha256$<sal>$<64 dígitos hexadecimales>"'],
        json_schema_extra={"secreto": True},
    )
    secreto: Annotated[Secreto, BeforeValidator(_is_named)] | None = Field(
        default=None,
        description=(
            "En lugar de «hash», dónde está el secreto mismo: solo así se acepta un UsernameToken con resumen"
            " (PasswordDigest)."
        ),
        examples=['{ archivo = "/run/secrets/pagomiscuentas" }'],
    )
    hasta: date | None = Field(
        default=None,
        description="Último día en que se acepta, para cambiar de secreto sin cortes. Sin esta clave, siempre.",
        examples=["2027-03-31"],
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.hash is None) == (self.secreto is None):
            raise wrong("lleva «hash» o «secreto»: uno de los dos")
        return self


class ConLlamador(Tabla):
    """Somebody who calls us."""

    credenciales: list[CredencialSettings] = Field(
        default=[],
        description="Con qué se presenta quien llama. Puede haber dos vivas a la vez, para cambiarlas sin cortes.",
        examples=['[{ usuario = "pagomiscuentas", hash = "sha256$…" }]'],
    )
    certificados: list[Texto] = Field(
        default=[],
        description=(
            "Los sujetos de sus certificados de cliente, exactos, como los pasa el proxy que los comprobó por un"
            " socket unix; con uno de ellos no hace falta otra credencial."
        ),
        examples=['["CN=pagomiscuentas,O=Ejemplo,C=AR"]'],
    )
    redes: list[Red] = Field(
        default=[],
        description=(
            "Las direcciones o redes IP desde las que puede llamar; nunca se las bloquea por intentos fallidos."
            " Sin esta clave, cualquiera."
        ),
        examples=['["200.16.0.0/24", "2800:1::/32"]'],
    )
