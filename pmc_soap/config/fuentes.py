"""The sources of the settings, and what each of them tells: command line, environment, secret files, TOML file."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NestedSecretsSettingsSource,
    SecretsSettingsSource,
    SettingsError,
)

from pmc_soap.config import toml
from pmc_soap.config.errores import ConfigError, did_you_mean
from pmc_soap.config.instalacion import Settings

FILE_DEFAULT = "pmc-soap.toml"
FILE_VARIABLE = "PMC_CONFIG"
SECRETS_VARIABLE = "PMC_SECRETS"
PREFIX, LEVEL = "PMC_", "__"
_ALMOST = 0.85  # how like one of ours a variable is that was meant to be it: PMC_TEST_… is not


@dataclass(frozen=True, slots=True)
class Fuente:
    """What one source tells. names: where each of its keys was told, by path; none: where is all from the source."""

    source: str
    said: Mapping[str, Any]
    names: Mapping[tuple[str, ...], str]

    def of(self, path: tuple[str, ...]) -> str:
        """Name where a key was told; of a table told in parts, the first of them."""
        above = (path[:length] for length in range(len(path), 0, -1))
        told = next((self.names[upper] for upper in above if upper in self.names), None)
        inside = (name for below, name in self.names.items() if below[: len(path)] == path)
        return told or next(inside, self.source)


@cache
def _schema() -> type[BaseSettings]:
    """Give the settings as pydantic-settings wants them; only its sources are used, never the class itself."""

    class Schema(Settings, BaseSettings):  # type: ignore[misc] # its model_config is a wider TypedDict
        pass

    return Schema


class _AsWritten:
    """Reads a list as JSON, as pydantic-settings does; what is no JSON is left for the validation to refuse."""

    def decode_complex_value(self, field_name: str, field: Any, value: Any) -> Any:
        try:
            return super().decode_complex_value(field_name, field, value)  # type: ignore[misc] # of the source
        except ValueError:
            return value


class _Environment(_AsWritten, EnvSettingsSource):
    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {
            PREFIX + _written(name.removeprefix(PREFIX)): value
            for name, value in os.environ.items()
            if name.startswith(PREFIX)
        }


class _Secrets(_AsWritten, NestedSecretsSettingsSource):
    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {_written(name): value for path in self.secrets_paths for name, value in self.load_secrets(path).items()}


def _written(name: str) -> str:
    """Give a key's name as a file would write it: in lower case, but for the code of an empresa."""
    steps = name.lower().split(LEVEL)
    if steps[0] == "empresas" and len(steps) > 1:
        steps[1] = steps[1].upper()
    return LEVEL.join(steps)


def environment() -> dict[str, Any]:
    """Give the settings that the environment tells."""
    return _Environment(_schema(), case_sensitive=True, env_prefix=PREFIX, env_nested_delimiter=LEVEL)()


def of_environment() -> Fuente:
    """Read the environment."""
    told = {path: f"variable {name}" for path, name in _variables().items()}
    said = environment()
    if folder := os.environ.get(SECRETS_VARIABLE):
        said["secretos_dir"], told[("secretos_dir",)] = folder, f"variable {SECRETS_VARIABLE}"
    return Fuente("entorno", said, told)


def strange_variables() -> list[str]:
    """Tell of each variable that is almost one of ours; any other PMC_… may be somebody else's."""
    known = [*(PREFIX + key.upper() for key in Settings.model_fields), FILE_VARIABLE, SECRETS_VARIABLE]
    strange = [name for (top, *_), name in _variables().items() if PREFIX + top.upper() not in known]
    near = {name: did_you_mean(name.partition(LEVEL)[0], known, _ALMOST) for name in strange}
    return [f"entorno: «{name}» no existe.{meant}" for name, meant in near.items() if meant]


def _variables() -> dict[tuple[str, ...], str]:
    ours = [name for name in os.environ if name.startswith(PREFIX)]
    return {tuple(_written(name.removeprefix(PREFIX)).split(LEVEL)): name for name in ours}


def secrets_folder(sources: Sequence[Fuente]) -> str | None:
    """Name the folder of secret files, if one is told; of the sources, the one that wins comes first."""
    told = (fuente.said.get("secretos_dir") for fuente in sources)
    return next((folder for folder in told if isinstance(folder, str) and folder), None)


def of_secrets(folder: str) -> Fuente:
    """Read a folder of secret files; raises ConfigError."""
    place = Path(folder)
    if not place.is_dir():
        raise ConfigError([f"{folder}: la carpeta de secretos no existe."])
    try:
        source = _Secrets(
            SecretsSettingsSource(_schema(), secrets_dir=place, case_sensitive=True),
            secrets_nested_delimiter=LEVEL,
            secrets_case_sensitive=True,
        )
        said = source()
        names = [str(file.relative_to(place)) for file in place.rglob("*") if file.is_file()]
    except (OSError, ValueError, SettingsError):
        raise ConfigError([f"{folder}: la carpeta de secretos no se puede leer."]) from None
    return Fuente(folder, said, {tuple(_written(name).split(LEVEL)): str(place / name) for name in names})


def of_command_line(overrides: Mapping[str, Any] | None) -> Fuente:
    """Take what the command line says."""
    said = {key: value for key, value in (overrides or {}).items() if value is not None}
    return Fuente(
        "línea de comandos",
        said,
        {(key,): f"línea de comandos (--{key.replace('_', '-')})" for key in said},
    )


def of_file(path: Path) -> Fuente:
    """Read the TOML file; raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors of Windows begin a file with a mark
    except FileNotFoundError:
        raise ConfigError([f"{path}: el archivo no existe."]) from None
    except IsADirectoryError:
        raise ConfigError([f"{path}: es una carpeta, no un archivo."]) from None
    except UnicodeDecodeError:
        raise ConfigError([f"{path}: no se puede leer como TOML: no está escrito en UTF-8."]) from None
    except OSError:
        raise ConfigError([f"{path}: no se puede leer: revisá sus permisos."]) from None
    try:
        return Fuente(str(path), tomllib.loads(text), {})
    except (ValueError, RecursionError) as error:  # also a whole number of more digits than Python reads
        raise ConfigError([f"{path}: no se puede leer como TOML: {toml.explain(str(error), text)}"]) from None


def find_file(named: str | None) -> Path | None:
    """Find the settings file: as named, else as PMC_CONFIG says (empty: none), else ./pmc-soap.toml if it is there."""
    told = named or os.environ.get(FILE_VARIABLE)
    if told is not None:
        return Path(told) if told else None
    return Path(FILE_DEFAULT) if Path(FILE_DEFAULT).exists() else None
