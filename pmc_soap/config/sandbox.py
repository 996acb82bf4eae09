"""The sandbox, as a table of the file: whether a person may play PagoMisCuentas here, and with whose credentials."""

from pydantic import Field

from pmc_soap.config.secretos import Secreto
from pmc_soap.config.tabla import Tabla, Texto, Url


class SandboxSettings(Tabla):
    """Where people play PagoMisCuentas and the empresa, with avisos that count like any other."""

    activo: bool | None = Field(
        default=None,
        description=(
            "Si se atiende /sandbox, donde una persona juega a ser PagoMisCuentas: sus pagos son avisos de verdad."
            " Sin esta clave, solo en el modo demostración."
        ),
        examples=["true"],
    )
    url: Url | None = Field(
        default=None,
        description="Con qué dirección se llama a sí misma la pasarela. Sin esta clave, «public_url».",
        examples=['"http://127.0.0.1:8080"'],
    )
    empresa: Texto | None = Field(
        default=None,
        description="Con qué CodigoEmpresa se juega. Sin esta clave, con la primera empresa.",
        examples=['"1234"'],
    )
    token: Secreto | None = Field(
        default=None,
        description="La credencial de PagoMisCuentas con que llama. Sin ella no se puede jugar a ser la red.",
        examples=['{ archivo = "/run/secrets/sandbox_pmc" }'],
    )
    token_empresa: Secreto | None = Field(
        default=None,
        description="La credencial de la empresa con que llama. Sin ella no hay página de la empresa.",
        examples=['{ archivo = "/run/secrets/sandbox_empresa" }'],
    )
