"""What the connectors of an empresa share: how its own system is reached, whoever calls it."""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from pmc_soap.config.errores import wrong
from pmc_soap.config.secretos import Secreto
from pmc_soap.config.tabla import Archivo, Tabla, Texto

_A_DAY = date(2027, 3, 31)


_OF_THE_YEAR = ("%Y", "%y", "%x", "%c", "%G")


def _is_formato(said: str) -> str:
    read = None
    if any(code in said for code in _OF_THE_YEAR):  # Python 3.13 warns of a day that is read without its year
        with suppress(ValueError):
            read = datetime.strptime(_A_DAY.strftime(said), said).replace(tzinfo=UTC).date()
    if read != _A_DAY:
        raise wrong("tiene que decir día, mes y año, como «%d/%m/%Y» o «%Y%m%d»")
    return said


Formato = Annotated[str, AfterValidator(_is_formato)]


class ConTls(Tabla):
    """Something that is reached over HTTP, perhaps with certificates of its own."""

    ca: Archivo | None = Field(
        default=None,
        description="Certificado (PEM) de la autoridad que firmó el del otro lado. Sin esta clave, las del sistema.",
        examples=['"/etc/pmc-soap/erp-ca.pem"'],
    )
    certificado: Archivo | None = Field(
        default=None,
        description="Certificado (PEM) con que la pasarela se presenta.",
        examples=['"/etc/pmc-soap/cliente.pem"'],
    )
    clave_certificado: Archivo | None = Field(
        default=None,
        description="Clave privada (PEM) de «certificado», si no está en el mismo archivo.",
        examples=['"/etc/pmc-soap/cliente.key"'],
    )

    @model_validator(mode="after")
    def _certificate(self) -> Self:
        if self.clave_certificado and not self.certificado:
            raise wrong("necesita «certificado»", "clave_certificado")
        return self


class ConCredencial(ConTls):
    """Something that is called with the contract's own credentials."""

    usuario: Texto | None = Field(
        default=None, description="Usuario con que la pasarela se presenta (HTTP Basic).", examples=['"pmc"']
    )
    clave: Secreto | None = Field(
        default=None, description="La clave de «usuario».", examples=['{ archivo = "/run/secrets/erp_clave" }']
    )
    token: Secreto | None = Field(
        default=None,
        description="El Token que la pasarela pone en la Cabecera de cada mensaje.",
        examples=['{ entorno = "ERP_TOKEN" }'],
    )

    @model_validator(mode="after")
    def _pair(self) -> Self:
        if (self.usuario is None) != (self.clave is None):
            there, missing = ("clave", "usuario") if self.usuario is None else ("usuario", "clave")
            raise wrong(f"necesita «{missing}»", there)
        return self


class ConEncabezados(ConTls):
    """Something that is called with headers of its own."""

    encabezados: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_|~-]+$")], Secreto] = Field(
        default={},
        description="Encabezados HTTP que se agregan a cada pedido. Sus valores se tratan como secretos.",
        examples=['{ X-Api-Key = { entorno = "ERP_API_KEY" } }'],
    )


class ConCodigo(Tabla):
    """Something that the empresa wrote itself."""

    objeto: str = Field(
        pattern=r"^[A-Za-z_][\w.-]*(:[A-Za-z_][\w.]*)?$",
        description="Tu código: «paquete.modulo:Clase», o el nombre de un entry point.",
        examples=['"mi_empresa.pmc:Deuda"'],
    )
    opciones: dict[str, Any] = Field(
        default={},
        description="Lo que se le pasa a tu código, tal cual. «config show» no lo muestra: puede tener secretos.",
        examples=["{ sucursal = 7 }"],
        json_schema_extra={"secreto": True},
    )


TABLA_SQL = "URL de SQLAlchemy de la base de la empresa, con usuario y clave. Es un secreto."
EN_CENTAVOS = "Si la empresa dice los importes en centavos enteros; si no, en pesos con punto decimal."
FORMATO_FECHA = "Cómo escribe la empresa las fechas, con los códigos de strptime. Sin esta clave, AAAA-MM-DD."
