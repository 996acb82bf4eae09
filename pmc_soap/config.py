"""The settings: a TOML file, then the environment (PMC_…), then the command line. Rooms are handed plain values."""

import os
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from pmc_soap.domain.empresa import Empresa, Servicio

FILE_DEFAULT = "pmc-soap.toml"
FILE_VARIABLE = "PMC_CONFIG"
_ANYWHERE = frozenset({"", "0.0.0.0", "[::]"})  # noqa: S104 — compared
_FROM_ENVIRONMENT = {"PMC_DB": "db", "PMC_PUBLIC_URL": "public_url", "PMC_MODE": "mode"}
DEMO_SALT = b"demostracion".hex()  # whose secrets are public
_HASH = r"^sha256\$[0-9a-f]+\$[0-9a-f]{64}$"


class Mode(StrEnum):
    """How much is at stake."""

    DEMOSTRACION = "demostracion"
    HOMOLOGACION = "homologacion"
    PRODUCCION = "produccion"

    @property
    def label(self) -> str:
        """Name it as people read it."""
        return {"demostracion": "Demostración", "homologacion": "Homologación"}.get(self, "Producción")


class ConfigError(Exception):
    """What is wrong with the configuration, all of it, one Spanish line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CredencialSettings(_Table):
    """A live secret: as printed by `pmc-soap credencial issue`."""

    usuario: str
    hash: Annotated[str, StringConstraints(pattern=_HASH)]


class NetworkSettings(_Table):
    """PagoMisCuentas, the network that calls us."""

    credenciales: list[CredencialSettings] = []


class EmpresaSettings(_Table):
    """One empresa of this installation."""

    nombre: str
    activa: bool = True
    servicios: list[Servicio] = list(Servicio)
    con_base: bool = True
    pagar_en_orden: bool = False
    ventana_duplicado_minutos: Annotated[int, Field(ge=0, le=24 * 60)] = 10
    plazo_reversa_horas: Annotated[int, Field(ge=1, le=24 * 365)] = 72
    credenciales: list[CredencialSettings] = []

    def empresa(self, codigo_empresa: str) -> Empresa:
        """Give the empresa as the operations know it."""
        return Empresa(
            codigo_empresa=codigo_empresa,
            nombre=self.nombre,
            servicios=frozenset(self.servicios),
            activa=self.activa,
            con_base=self.con_base,
            pagar_en_orden=self.pagar_en_orden,
            ventana_duplicado=timedelta(minutes=self.ventana_duplicado_minutos),
            plazo_reversa=timedelta(hours=self.plazo_reversa_horas),
        )


class Settings(_Table):
    """One installation."""

    mode: Mode = Mode.PRODUCCION
    db: str = "sqlite:///var/pmc.db"
    public_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$")] | None = None
    pagomiscuentas: NetworkSettings = NetworkSettings()
    empresas: dict[Annotated[str, StringConstraints(pattern="^[A-Z0-9]{4}$")], EmpresaSettings] = {}

    def at(self, bind: str) -> "Settings":
        """Where no public address is configured, publish the one that is served at; raises ConfigError.

        A unix socket or all addresses at once is none that a caller could use; the demonstration's callers are here.
        """
        if self.public_url:
            return self
        host, _, port = bind.rpartition(":")
        if bind.startswith("unix:") or host in _ANYWHERE:
            if self.mode is not Mode.DEMOSTRACION:
                raise ConfigError([f"falta «public_url»: «{bind}» no es una dirección que pueda ir en el WSDL."])
            host, port = "127.0.0.1", port if port.isdecimal() else "8080"
        return self.model_copy(update={"public_url": f"http://{host}:{port}"})


def find_file(named: str | None) -> Path | None:
    """Find the settings file: as named, else as PMC_CONFIG says, else ./pmc-soap.toml if it is there."""
    told = named or os.environ.get(FILE_VARIABLE)
    if told:
        return Path(told)
    return Path(FILE_DEFAULT) if Path(FILE_DEFAULT).exists() else None


def load(path: Path, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings, or raise ConfigError with everything that is wrong."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError([f"{path}: el archivo no existe."]) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError([f"{path}: no se puede leer como TOML: {error}"]) from None
    return check(said, overrides, source=str(path))


def check(
    said: Mapping[str, Any], overrides: Mapping[str, Any] | None = None, source: str = "configuración"
) -> Settings:
    """Check settings from any source, with the environment and the overrides on top."""
    told = {key: value for key, value in (overrides or {}).items() if value is not None}
    try:
        settings = Settings.model_validate({**said, **environment(), **told})
    except ValidationError as invalid:
        raise ConfigError([_explain(source, error) for error in invalid.errors()]) from None
    if settings.mode is not Mode.DEMOSTRACION and (keys := _public(settings)):
        raise ConfigError([f"{source}: «{key}» es la credencial pública de la demostración." for key in keys])
    return settings


def environment() -> dict[str, str]:
    """Give the settings that the environment tells."""
    return {key: os.environ[name] for name, key in _FROM_ENVIRONMENT.items() if name in os.environ}


def _public(settings: Settings) -> list[str]:
    """Name the credentials that everybody knows."""
    tables = {"pagomiscuentas": settings.pagomiscuentas.credenciales}
    tables |= {f"empresas.{codigo}": empresa.credenciales for codigo, empresa in settings.empresas.items()}
    return [
        f"{key}.credenciales.{n}"
        for key, credenciales in tables.items()
        for n, credencial in enumerate(credenciales)
        if credencial.hash.split("$")[1] == DEMO_SALT
    ]


def _explain(source: str, error: Any) -> str:
    *parents, last = (str(step) for step in error["loc"])
    key = ".".join([*parents, last])
    match error["type"]:
        case "extra_forbidden":
            near = get_close_matches(last, _keys_beside(parents), n=1)
            return f"{source}: «{key}» no existe." + (f" ¿Quisiste decir «{near[0]}»?" if near else "")
        case "missing":
            return f"{source}: falta «{key}»."
        case "string_pattern_mismatch":
            return f"{source}: «{key}» no tiene la forma esperada ({error['ctx']['pattern']})."
        case "enum":
            return f"{source}: «{key}» admite {error['ctx']['expected'].replace(' or ', ' o ')}."
        case _:
            return f"{source}: «{key}» no es válido ({error['type']})."


def _keys_beside(parents: list[str]) -> list[str]:
    match parents:
        case []:
            return list(Settings.model_fields)
        case ["empresas", _]:
            return list(EmpresaSettings.model_fields)
        case ["pagomiscuentas"]:
            return list(NetworkSettings.model_fields)
        case _:
            return list(CredencialSettings.model_fields)
