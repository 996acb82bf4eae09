"""The settings read: every source on top of the one below it, and all that is wrong with them told at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pmc_soap.config import errores, fuentes, reglas, secretos
from pmc_soap.config.errores import ConfigError
from pmc_soap.config.fuentes import Fuente
from pmc_soap.config.instalacion import Mode, Settings

Told = tuple[tuple[str, ...], str]
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Leida:
    """Settings, and what each source told of them, the one that wins first."""

    settings: Settings
    fuentes: tuple[Fuente, ...]

    def source_of(self, path: tuple[str, ...]) -> str | None:
        """Name where a key was told, and where its secret is; None for one that no source tells."""
        for fuente in self.fuentes:
            if _holds(fuente.said, path):
                place = secretos.place(_at(fuente.said, path))
                return f"{fuente.of(path)} → {place}" if place else fuente.of(path)
        return None


def load(path: Path, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings, or raise ConfigError with everything that is wrong."""
    return read(fuentes.of_file(path), overrides).settings


def check(
    said: Mapping[str, Any], overrides: Mapping[str, Any] | None = None, source: str = "configuración"
) -> Settings:
    """Check settings from any source, with the environment and the overrides on top."""
    return read(Fuente(source, said, {}), overrides).settings


def read(base: Fuente, overrides: Mapping[str, Any] | None = None) -> Leida:
    """Put every source on top of the base, and check what they say; raises ConfigError."""
    sources, problems = _gather(base, overrides)
    said: dict[str, Any] = {}
    for fuente in reversed(sources):
        said = _on_top(said, fuente.said)
    settings, told = _validate(said)
    problems += [f"{_blame(sources, path)}: {text}" for path, text in told]
    if problems or settings is None:
        raise ConfigError(problems)
    return Leida(settings, tuple(sources))


def _gather(base: Fuente, overrides: Mapping[str, Any] | None) -> tuple[list[Fuente], list[str]]:
    """Give the sources, the one that wins first, and what could not be read of them."""
    sources = [fuentes.of_command_line(overrides), fuentes.of_environment()]
    problems = fuentes.strange_variables()
    folder = fuentes.secrets_folder([*sources, base])
    if folder is not None:
        try:
            sources.append(fuentes.of_secrets(folder))
        except ConfigError as error:
            problems += error.problems
    return [*sources, base], problems


def _on_top(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Put what is above on what is below, table by table."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        tables = isinstance(old, Mapping) and isinstance(value, Mapping)
        # a secret of the file may be a table that names its place: what is above replaces it, and is never in it
        merged[key] = _on_top(old, value) if tables else value  # type: ignore[arg-type] # both are Mappings
    return merged


def _validate(said: Mapping[str, Any]) -> tuple[Settings | None, list[Told]]:
    """Check the settings; what is broken is told and taken out, so that the rules tell the rest at once."""
    try:
        settings = Settings.model_validate(said)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_input=False)
        told = [(errores.key_path(Settings, error), errores.explain(Settings, error)) for error in errors]
        return None, [*told, *_also(said, [path for path, _ in told])]
    return settings, list(reglas.broken(settings))


def _also(said: Mapping[str, Any], paths: Sequence[tuple[str, ...]]) -> Iterator[Told]:
    """Give what the rules say of the rest, but for the keys that are told already."""
    left = dict(said)
    for top, *inside in paths:
        if top == "empresas" and inside and isinstance(left.get(top), Mapping):
            left[top] = {codigo: empresa for codigo, empresa in left[top].items() if codigo != inside[0]}
        elif top == "mode":
            left[top] = Mode.HOMOLOGACION  # the rules of the mode that was meant are not known
        else:
            left.pop(top, None)
    for path, text in reglas.broken(Settings.model_validate(left)):
        if not any(path == told[: len(path)] or told == path[: len(told)] for told in paths):
            yield path, text


def _blame(sources: Sequence[Fuente], path: tuple[str, ...]) -> str:
    """Name the source of a key; of one that nobody told, that of the table where it is missing."""
    for length in range(len(path), 0, -1):
        holding = [fuente for fuente in sources if _holds(fuente.said, path[:length])]
        if holding:
            return (holding[0] if length == len(path) else holding[-1]).of(path[:length])
    return sources[-1].source


def _holds(said: Any, path: Sequence[str]) -> bool:
    """Tell whether there is something at the path."""
    return _at(said, path) is not _NOTHING


def _at(said: Any, path: Sequence[str]) -> Any:
    for step in path:
        if isinstance(said, Mapping) and step in said:
            said = said[step]
        elif isinstance(said, (list, tuple)) and step.isdecimal() and int(step) < len(said):
            said = said[int(step)]
        else:
            return _NOTHING
    return said
