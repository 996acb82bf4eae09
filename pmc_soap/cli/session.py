"""What every command shares: the settings it was given, the house on them, and how it says that it cannot go on."""

import sys
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from pmc_soap.config import ConfigError, Settings
    from pmc_soap.wiring import House

FOUND_PROBLEMS, USAGE, CONFIG, UNREACHABLE = 1, 2, 3, 4


class Session:
    """One run of the command line."""

    def __init__(self, config_file: str | None) -> None:
        self._config_file = config_file

    @property
    def args(self) -> tuple[str, ...]:
        """Give what makes another command read the same settings."""
        return ("--config", self._config_file) if self._config_file else ()

    def settings(self, **overrides: object) -> "Settings":
        """Read the settings; without any file, those of the demonstration, said aloud."""
        from pmc_soap import config
        from pmc_soap.demo import world

        try:
            path = config.find_file(self._config_file)
            if path is not None:
                return config.load(path, overrides)
            settings = world.settings(overrides)
        except config.ConfigError as error:
            fail_config(error)
        say("Sin archivo de configuración: modo DEMOSTRACIÓN, con la empresa DEMO y credenciales públicas.")
        return settings

    def checked(self, **overrides: object) -> "Settings":
        """Read the settings, and see that every connector can be put together as they say."""
        from pmc_soap import wiring
        from pmc_soap.config import ConfigError, closed, doubtful

        settings = self.settings(**overrides)
        try:
            wiring.check(settings)
        except ConfigError as error:
            fail_config(error)
        for _, told in (*closed(settings), *doubtful(settings)):
            say(f"Ojo: {told}")
        return settings

    def house(self, **overrides: object) -> "House":
        """Build the house on the settings; its database must be there, with the schema of this version."""
        from pmc_soap import wiring

        settings = self.settings(**overrides)
        try:
            house = wiring.build(settings)
            house.ledger.verify()
        except wiring.DATABASE_ERRORS as error:
            fail(
                f"la base de datos no está lista: {wiring.explain(error)}\n  Probá con: pmc-soap db migrate",
                UNREACHABLE,
            )
        return house


def confirm(question: str) -> None:
    """Ask before something that cannot be undone, and end the command unless the answer is yes."""
    while True:
        said = click.prompt(f"{question} [s/N]", default="", show_default=False, err=True).strip().lower()
        if said in {"s", "si", "sí", "y"}:
            return
        if said in {"", "n", "no"}:
            raise click.Abort
        say("Contestá s o n.")


def say(text: str) -> None:
    """Talk to the person, aside from the data."""
    click.echo(text, err=True)


def fail_config(error: "ConfigError") -> NoReturn:
    """Say all that is wrong with the configuration, and end the command."""
    fail("la configuración tiene problemas:\n  " + "\n  ".join(error.problems), CONFIG)


def fail(text: str, code: int) -> NoReturn:
    """Say what stops the command, and end it."""
    click.echo(f"pmc-soap: {text}", err=True)
    sys.exit(code)
