"""What a server serves, whichever it is: the settings in force, how they are read again, and the callable on them."""

import gc
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from time import sleep
from typing import TYPE_CHECKING, Any
from wsgiref.types import WSGIApplication

import click

if TYPE_CHECKING:
    from pmc_soap.cli.session import Session
    from pmc_soap.config import Settings
    from pmc_soap.demo.erp import Perilla

GRACEFUL_S = 15  # for what is in flight when a server, or one of its processes, is told to end
AGAIN_S = 1  # before a process that could not be built is tried once more
_EACH_NEEDS = ("wsgi", "wiring.borde", "wiring.calendario", "wiring.conectores", "wiring.intercambios", "web.claves")
FORMATS, LEVELS = ("json", "texto"), ("debug", "info", "warning", "error")

log = logging.getLogger(__name__)
alerta = logging.getLogger("pmc_soap.alerta")


@dataclass
class Servicio:
    """One server's work, before it is divided among processes. reread: raises ConfigError, or a database's error.

    erp: the demonstration's, which the sandbox may switch off.
    """

    settings: "Settings"
    bind: str
    workers: int
    threads: int
    log_level: str = "info"
    reread: "Callable[[], Settings] | None" = None
    erp: "Perilla | None" = None
    on_renewed: "list[Callable[[Settings], None]]" = field(default_factory=list)

    def import_all(self) -> None:
        """Import what each process needs, once, before they are forked, and keep the collector away from it.

        What is imported is never garbage: else each process would copy it to look at it, and look at it again to end.
        """
        for name in _EACH_NEEDS:
            import_module(f"pmc_soap.{name}")
        if self.settings.con_sandbox:
            import_module("pmc_soap.wiring.sandbox")
        gc.collect()
        gc.freeze()

    def renew(self) -> None:
        """Take the settings as they are now, for the processes to come, unless they cannot be served with."""
        if self.reread is None:
            return
        settings = fit(self.reread)
        if settings is None:
            return
        self.settings = settings
        log.info("the configuration was read again")
        for tell in self.on_renewed:
            tell(settings)

    def app(self) -> WSGIApplication:
        """Build the callable, in a process that will serve; where that fails the process ends, and another is tried."""
        from pmc_soap import wsgi

        try:
            return wsgi.create(self.settings, self.workers, self.threads, self.erp)
        except Exception:
            log.exception("this process could not be built: another is tried")
            sleep(AGAIN_S)
            sys.exit(1)


def read_again(session: "Session", bind: str | None = None, **overrides: object) -> "Settings":
    """Read the settings, and see that they can be served with; raises ConfigError, or a database's error."""
    from pmc_soap import config, wiring
    from pmc_soap.demo import world

    path = config.find_file(session.args[1] if session.args else None)
    settings = config.load(path, overrides) if path is not None else world.settings(overrides)
    if bind is not None:
        settings = settings.at(bind)
    wiring.check(settings)
    wiring.verify(settings)
    return settings


def fit(reread: "Callable[[], Settings]") -> "Settings | None":
    """Read the settings again; where they will not do, that is an alert, and what serves goes on as it was."""
    from pmc_soap import wiring
    from pmc_soap.config import ConfigError

    try:
        return reread()
    except ConfigError as error:
        alerta.error(
            "motivo=%s problemas=%d the configuration in force goes on: see pmc-soap config check",
            "CONFIGURACION_INVALIDA",
            len(error.problems),
        )
    except wiring.DATABASE_ERRORS as error:
        alerta.error(
            "motivo=%s error=%s the configuration in force goes on: see pmc-soap db status",
            "BASE_NO_LISTA",
            type(error).__name__,
        )
    except Exception as error:  # noqa: BLE001 — whatever else is wrong with it must not end what serves well
        alerta.error(
            "motivo=%s error=%s the configuration in force goes on: see pmc-soap config check",
            "CONFIGURACION_INVALIDA",
            type(error).__name__,
        )
    return None


def log_options(formato: str) -> Callable[[Any], Any]:
    """Give a command the options of the log, in that format unless another is asked for."""

    def add(command: Any) -> Any:
        level = click.option(
            "--log-level",
            type=click.Choice(LEVELS),
            default="info",
            show_default=True,
            help="Desde qué nivel registra.",
        )
        kind = click.option(
            "--log-format",
            type=click.Choice(FORMATS),
            default=formato,
            show_default=True,
            help="Cómo registra, por la salida de errores.",
        )
        return kind(level(command))

    return add
