"""Serves with gunicorn: processes with threads. HUP reads the configuration again; TERM lets what is in flight end."""

from typing import Any

from gunicorn.app.base import BaseApplication

from pmc_soap.cli.servicio import GRACEFUL_S, Servicio
from pmc_soap.soap.aforo import Aforo

TIMEOUT_S = 30
KEEPALIVE_S = 5
CONNECTIONS_MAX = 512  # of one process, idle ones too; each that waits is answered, or refused, within a second
BACKLOG = 1024  # of connections that no process has taken yet


class Server(BaseApplication):  # type: ignore[misc] # gunicorn is untyped
    """One service; gunicorn forks its workers from the process that reads the configuration."""

    def __init__(self, servicio: Servicio) -> None:
        self._servicio = servicio
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn how."""
        threads = Aforo.of(self._servicio.threads).threads
        options = {
            "bind": self._servicio.bind,
            "workers": self._servicio.workers,
            "threads": threads,
            "worker_class": "pmc_soap.cli.worker.Worker",
            "logger_class": "pmc_soap.cli.worker.Logger",
            "timeout": TIMEOUT_S,
            "graceful_timeout": GRACEFUL_S,
            "keepalive": KEEPALIVE_S,
            "worker_connections": threads + CONNECTIONS_MAX,
            "backlog": BACKLOG,
            "loglevel": "debug" if self._servicio.log_level == "debug" else "warning",
            "proc_name": "pmc-soap",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def reload(self) -> None:
        """Read the configuration again, before new workers are forked."""
        self._servicio.renew()
        super().reload()

    def load(self) -> Any:
        """Build the callable, after the fork."""
        return self._servicio.app()


def run(servicio: Servicio) -> None:
    """Serve until told to stop."""
    servicio.import_all()
    Server(servicio).run()
