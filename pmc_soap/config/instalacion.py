"""One installation: what is at stake, where its data is, who calls it, and its empresas."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from pmc_soap.config.calendario import CalendarioSettings
from pmc_soap.config.empresa import CodigoEmpresa, EmpresaSettings
from pmc_soap.config.errores import ConfigError
from pmc_soap.config.intercambios import IntercambiosSettings
from pmc_soap.config.llamadores import ConLlamador, Red
from pmc_soap.config.sandbox import SandboxSettings
from pmc_soap.config.secretos import Nombrado
from pmc_soap.config.tabla import Tabla, Texto, Url

DEMO_SALT = b"demostracion".hex()  # whose secrets are public
Encabezado = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$")]
_ANYWHERE = frozenset({"", "0.0.0.0", "[::]"})  # noqa: S104 — compared


class Mode(StrEnum):
    """How much is at stake."""

    DEMOSTRACION = "demostracion"
    HOMOLOGACION = "homologacion"
    PRODUCCION = "produccion"

    @property
    def label(self) -> str:
        """Name it as people read it."""
        return {"demostracion": "Demostración", "homologacion": "Homologación"}.get(self, "Producción")


class PuertaSoap(StrEnum):
    """Which code takes a SOAP request to its operation; the answers are the same."""

    COMPILADA = "compilada"
    SPYNE = "spyne"


class NetworkSettings(ConLlamador):
    """PagoMisCuentas, the network that calls us."""


class Settings(Tabla):
    """One installation."""

    mode: Mode = Field(
        default=Mode.PRODUCCION,
        description="Cuánto hay en juego. Producción es la más exigente; demostración usa credenciales públicas.",
        examples=['"homologacion"'],
    )
    db: Nombrado = Field(
        default="sqlite:///var/pmc.db",
        description=(
            "URL de la base de datos. PostgreSQL, o SQLite para una sola máquina."
            ' Si lleva una clave: { archivo = "…" }, o la variable PMC_DB.'
        ),
        examples=['"postgresql+psycopg://pmc@localhost/pmc"'],
    )
    acepta_sqlite: bool = Field(
        default=False, description="Si en producción se acepta una base SQLite.", examples=["true"]
    )
    public_url: Url | None = Field(
        default=None,
        description="La dirección con que nos llaman, la que va en el WSDL. En producción hace falta.",
        examples=['"https://pagos.ejemplo.com.ar"'],
    )
    secretos_dir: Texto | None = Field(
        default=None,
        description=(
            "Carpeta de secretos: cada archivo se llama como la clave, con «__» entre niveles"
            " (empresas__1234__sistema__clave). También la variable PMC_SECRETS."
        ),
        examples=['"/run/secrets"'],
    )
    subidas_dir: Texto | None = Field(
        default=None,
        description=(
            "Carpeta donde quedan, por siete días, los archivos que se suben por la consola."
            " Sin esto, «subidas» al lado de la base SQLite, o var/subidas."
        ),
        examples=['"/var/lib/pmc-soap/subidas"'],
    )
    fac_dir: Texto | None = Field(
        default=None,
        description=(
            "Carpeta donde quedan, por noventa días, los FAC para PagoMisCuentas que se generan en la consola."
            " Sin esto, «fac» al lado de la base SQLite, o var/fac."
        ),
        examples=['"/var/lib/pmc-soap/fac"'],
    )
    puerta: PuertaSoap = Field(
        default=PuertaSoap.COMPILADA,
        description=(
            "Quién lleva cada pedido SOAP a su operación: «compilada», la nuestra, o «spyne», la de la biblioteca,"
            " varias veces más lenta y con las mismas respuestas."
        ),
        examples=['"spyne"'],
    )
    proxies: list[Red] = Field(
        default=[],
        description=(
            "Las direcciones o redes de los proxies propios: solo a ellos, y a quien llega por un socket unix, se les"
            " cree X-Forwarded-For."
        ),
        examples=['["127.0.0.1"]'],
    )
    encabezado_certificado: Encabezado = Field(
        default="X-Cliente-Certificado",
        description=(
            "El encabezado HTTP en que el proxy pasa el sujeto del certificado de cliente."
            " Solo se le cree a quien llega por un socket unix."
        ),
        examples=['"X-SSL-Client-S-DN"'],
    )
    encabezado_verificado: Encabezado = Field(
        default="X-Cliente-Verificado",
        description="El encabezado HTTP en que el proxy pasa SUCCESS si comprobó ese certificado.",
        examples=['"X-SSL-Client-Verify"'],
    )
    pagomiscuentas: NetworkSettings = Field(default=NetworkSettings(), description="La red, que nos llama.")
    calendario: CalendarioSettings = Field(
        default=CalendarioSettings(), description="El calendario de los bancos, con el que se fechan los archivos."
    )
    sandbox: SandboxSettings = Field(
        default=SandboxSettings(), description="El sandbox, para jugar a ser PagoMisCuentas desde un navegador."
    )
    intercambios: IntercambiosSettings = Field(
        default=IntercambiosSettings(), description="Qué se guarda de cada pedido y su respuesta, y cuánto tiempo."
    )
    empresas: dict[CodigoEmpresa, EmpresaSettings] = Field(
        default={}, description="Las empresas, cada una con el código con que se guardan sus datos."
    )

    def at(self, bind: str) -> "Settings":
        """Where no public address is configured, publish the one that is served at; raises ConfigError.

        A unix socket or all addresses at once is none that a caller could use; the demonstration's callers are here.
        """
        if not bind.startswith("unix:") and (key := self._certificados()):
            raise ConfigError(
                [f"«{key}» solo vale detrás de un proxy que llega por un socket unix: serví con --bind unix:/ruta."]
            )
        if self.public_url:
            return self
        host, _, port = bind.rpartition(":")
        if bind.startswith("unix:") or host in _ANYWHERE:
            if self.mode is not Mode.DEMOSTRACION:
                raise ConfigError([f"falta «public_url»: «{bind}» no es una dirección que pueda ir en el WSDL."])
            host, port = "127.0.0.1", port if port.isdecimal() else "8080"
        return self.model_copy(update={"public_url": f"http://{host}:{port}"})

    @property
    def con_sandbox(self) -> bool:
        """Tell whether there is a sandbox."""
        said = self.sandbox.activo
        return self.mode is Mode.DEMOSTRACION if said is None else said

    def _certificados(self) -> str | None:
        """Name a key that tells of client certificates, if there is one."""
        llamadores: dict[str, ConLlamador] = {"pagomiscuentas": self.pagomiscuentas}
        llamadores |= {f"empresas.{codigo}": empresa for codigo, empresa in self.empresas.items()}
        return next((f"{key}.certificados" for key, said in llamadores.items() if said.certificados), None)
