"""Where an empresa wants its avisos brought. Values only; wiring builds from them."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pmc_soap.config.conectores import TABLA_SQL, ConCodigo, ConCredencial, ConEncabezados
from pmc_soap.config.errores import wrong
from pmc_soap.config.repeticion import breaks_if_repeated
from pmc_soap.config.secretos import SecretoWebhook, UrlAmqp, UrlSql
from pmc_soap.config.tabla import Entero, Select, Tabla, Texto, Url
from pmc_soap.domain.entrega import ESPERAS

_ESPERAS_S = [int(espera.total_seconds()) for espera in ESPERAS]
_WEEK_S = 7 * 24 * 3600
_EXISTE = 'Por ejemplo: existe = "SELECT 1 FROM pago WHERE id_aviso = :id_aviso"'
_TIMEOUT_MAX_S = 15  # a database may be asked three statements, and all must end within the lease of an entrega: 60 s


class SiSeDetiene(StrEnum):
    """What becomes of a cliente's next avisos while one waits for a person."""

    ESPERA = "ESPERA"
    SALTEA = "SALTEA"


class Empujado(Tabla):
    """A destino that the gateway calls."""

    hilos: Entero = Field(
        default=4, ge=1, le=32, description="Cuántas entregas se hacen a la vez, como mucho.", examples=["8"]
    )
    esperas_segundos: list[Annotated[Entero, Field(ge=0, le=_WEEK_S)]] = Field(
        default=_ESPERAS_S,
        min_length=1,
        max_length=50,
        description="Cuánto se espera tras cada intento fallido; la última espera se repite para siempre.",
        examples=["[5, 30, 120, 600]"],
    )
    si_se_detiene: SiSeDetiene = Field(
        default=SiSeDetiene.ESPERA,
        description=(
            "Qué pasa con los avisos siguientes del mismo cliente cuando uno queda detenido:"
            " ESPERA (no se entregan, se conserva el orden) o SALTEA (siguen sin él)."
        ),
        examples=['"SALTEA"'],
    )

    @property
    def esperas(self) -> tuple[timedelta, ...]:
        """Give the schedule as the deliverer takes it."""
        return tuple(timedelta(seconds=seconds) for seconds in self.esperas_segundos)

    @property
    def saltea(self) -> bool:
        """Tell whether a stopped entrega lets its cliente's next go."""
        return self.si_se_detiene is SiSeDetiene.SALTEA


class ConPlazo(Empujado):
    """A destino that answers each attempt."""

    timeout_s: Entero = Field(
        default=10,
        ge=1,
        le=_TIMEOUT_MAX_S,
        description="Segundos que se espera la respuesta a cada intento.",
        examples=["5"],
    )


class DestinoSoap(ConPlazo, ConCredencial):
    """An empresa that is called by the same contract."""

    tipo: Literal["soap"] = Field(description="Otro servicio SOAP, con este mismo contrato.")
    url: Url = Field(
        description="Dirección del servicio, que atiende AvisoPago y ReversaPago según wsdl/pagomiscuentas.wsdl.",
        examples=['"https://erp.ejemplo.com.ar/pmc"'],
    )


class DestinoJson(ConPlazo, ConEncabezados):
    """An empresa that takes JSON over HTTP."""

    tipo: Literal["json"] = Field(description="Un servicio que recibe JSON por HTTP, firmado.")
    url: Url = Field(
        description="Dirección a la que se manda cada aviso con POST.", examples=['"https://erp.ejemplo.com.ar/avisos"']
    )
    secreto: SecretoWebhook = Field(
        description="Clave con que se firma cada aviso (Standard Webhooks): «whsec_» y de 24 a 64 bytes en base64.",
        examples=['{ archivo = "/run/secrets/webhook" }'],
    )
    secreto_anterior: SecretoWebhook | None = Field(
        default=None,
        description="La clave anterior, con que también se firma mientras se cambia de una a otra.",
        examples=['{ archivo = "/run/secrets/webhook_anterior" }'],
    )

    @property
    def secretos(self) -> tuple[str, ...]:
        """Give the keys that sign, the current one first."""
        return tuple(said.get_secret_value() for said in (self.secreto, self.secreto_anterior) if said)


class DestinoAmqp(Empujado):
    """An empresa that takes messages from a queue."""

    tipo: Literal["amqp"] = Field(description="Una cola de mensajes (RabbitMQ).")
    url: UrlAmqp = Field(
        description="Dirección del servidor, amqp:// o amqps://, con usuario y clave. Es un secreto.",
        examples=['{ entorno = "AMQP_URL" }'],
    )
    cola: Annotated[Texto, Field(max_length=255)] = Field(
        description="La cola (o, con «exchange», la clave de ruteo).", examples=['"pmc.avisos"']
    )
    exchange: str = Field(
        default="", max_length=255, description="El exchange; vacío, el de por defecto.", examples=['"pmc"']
    )
    declarar: bool = Field(default=True, description="Si la pasarela crea la cola cuando no está.", examples=["false"])


class DestinoSql(ConPlazo):
    """An empresa whose database is written to."""

    tipo: Literal["sql"] = Field(description="La base de datos de la empresa.")
    url: UrlSql = Field(description=TABLA_SQL, examples=['{ archivo = "/run/secrets/erp_url" }'])
    imputar: Texto = Field(
        description="La sentencia que imputa un pago; sus parámetros son los datos del aviso (:id_aviso, :importe…).",
        examples=['"INSERT INTO pago (id, cliente, importe) VALUES (:id_aviso, :id_cliente, :importe)"'],
    )
    reversar: Texto | None = Field(
        default=None,
        description="La sentencia que deshace un pago. Sin esta clave, «imputar» la recibe con :tipo = REVERSA.",
        examples=['"DELETE FROM pago WHERE id = :id_aviso_original"'],
    )
    existe: Select | None = Field(
        default=None,
        description=(
            "SELECT que da una fila si el aviso ya se imputó, para no imputarlo dos veces."
            " Hace falta si «imputar» o «reversar» es un INSERT que no admite que se lo repita."
        ),
        examples=['"SELECT 1 FROM pago WHERE id = :id_aviso"'],
    )

    @model_validator(mode="after")
    def _repeat(self) -> Self:
        for nombre, sentencia in (("imputar", self.imputar), ("reversar", self.reversar)):
            if sentencia and self.existe is None and breaks_if_repeated(sentencia):
                what = (
                    f"hace falta: un aviso puede llegar dos veces, y el INSERT de «{nombre}» no admite que se lo repita"
                )
                raise wrong(f"{what}. {_EXISTE}", "existe")
        return self


class DestinoPython(Empujado, ConCodigo):
    """An empresa with code of its own, which is a Destino of operations/ports.py."""

    tipo: Literal["python"] = Field(description="Código propio de la empresa.")


class DestinoPull(Tabla):
    """An empresa that comes for its avisos itself, with ObtenerAvisos."""

    tipo: Literal["pull"] = Field(description="La empresa los busca con ObtenerAvisos; se llama siempre «pull».")


Destino = Annotated[
    DestinoSoap | DestinoJson | DestinoAmqp | DestinoSql | DestinoPython | DestinoPull, Field(discriminator="tipo")
]
