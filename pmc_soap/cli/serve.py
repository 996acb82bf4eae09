"""pmc-soap serve: gunicorn with threads, one house a worker."""

import errno
import logging
import socket
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from pmc_soap.cli.session import CONFIG, UNREACHABLE, Session, fail, fail_config, say

if TYPE_CHECKING:
    from pmc_soap.config import Settings

TIMEOUT_S = 30
GRACEFUL_S = 15
KEEPALIVE_S = 5


@click.command(help="Atiende a PagoMisCuentas y a la empresa por SOAP.")
@click.option("--bind", default="127.0.0.1:8080", show_default=True, help="Dirección y puerto, o unix:/ruta.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Procesos.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Hilos de cada proceso.")
@click.option("--with-deliver", is_flag=True, help="También lleva los avisos a sus destinos, en otro proceso.")
@click.option("--db", "url", metavar="URL", help="sqlite:///archivo o postgresql+psycopg://…")
@click.option("--public-url", metavar="URL", help="La dirección que va en el WSDL.")
@click.pass_obj
def serve(
    session: Session,
    *,
    bind: str,
    workers: int,
    threads: int,
    with_deliver: bool,
    url: str | None,
    public_url: str | None,
) -> None:
    """Serve until told to stop."""
    from pmc_soap import wiring
    from pmc_soap.config import ConfigError, Mode

    try:
        settings = session.checked(db=url, public_url=public_url).at(bind)
    except ConfigError as error:
        fail_config(error)
    if settings.mode is Mode.DEMOSTRACION:
        require_loopback(bind)
    require_free(bind)
    if settings.mode is Mode.DEMOSTRACION:
        with TemporaryDirectory() as folder:
            make_world(settings, Path(folder))
    try:
        wiring.verify(settings)
    except wiring.DATABASE_ERRORS as error:
        fail(f"la base de datos no está lista: {wiring.explain(error)}\n  Probá con: pmc-soap db migrate", UNREACHABLE)
    say(f"Sirviendo {settings.public_url}/soap/v1/pagomiscuentas?wsdl y {settings.public_url}/soap/v1/empresa?wsdl")
    with _deliverer(session, settings) if _needs_deliverer(settings, asked=with_deliver) else nullcontext():
        run(settings, bind=bind, workers=workers, threads=threads)


def _needs_deliverer(settings: "Settings", *, asked: bool) -> bool:
    """Tell whether to run a deliverer beside this server; say so where there is none, or nothing for it to do."""
    from pmc_soap.config import DestinoPull

    destinos = [destino for empresa in settings.empresas.values() for destino in empresa.destinos.values()]
    brought = not all(isinstance(destino, DestinoPull) for destino in destinos)
    if asked and not brought:
        say("--with-deliver no hace falta: ninguna empresa tiene destinos a los que llevar avisos.")
    if brought and not asked:
        say("Este proceso no lleva los avisos a sus destinos: los lleva solo «pmc-soap deliver», o --with-deliver.")
    return asked and brought


def _deliverer(session: Session, settings: "Settings") -> AbstractContextManager[None]:
    from pmc_soap.cli.companion import beside

    # in the environment, where a password is not in everybody's list of processes
    return beside("deliver", "--beside", before=session.args, env={"PMC_DB": settings.db})


def make_world(settings: "Settings", folder: Path) -> None:
    """Make the demonstration's world in the database of the settings, and in no other's."""
    from pmc_soap import wiring
    from pmc_soap.demo import world
    from pmc_soap.operations.ports import Unavailable

    try:
        world.prepare(settings, folder, progress=say)
    except world.BaseAjena as error:
        fail(str(error), CONFIG)
    except (*wiring.DATABASE_ERRORS, Unavailable) as error:
        fail(f"la base de datos no está lista: {wiring.explain(error)}", UNREACHABLE)


def run(settings: "Settings", *, bind: str, workers: int, threads: int) -> None:
    """Run gunicorn in this process; the house is built in each worker, after the fork."""
    from gunicorn.app.base import BaseApplication

    _check_contract()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("pmc_soap").setLevel(logging.INFO)
    options = {
        "bind": bind,
        "workers": workers,
        "threads": threads,
        "worker_class": "pmc_soap.cli.worker.Worker",
        "timeout": TIMEOUT_S,
        "graceful_timeout": GRACEFUL_S,
        "keepalive": KEEPALIVE_S,
        "loglevel": "warning",
        "proc_name": "pmc-soap",
        "control_socket_disable": True,
    }

    class Server(BaseApplication):  # type: ignore[misc] # gunicorn is untyped
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from pmc_soap import wsgi

            return wsgi.create(settings, workers)

    Server().run()


def _check_contract() -> None:
    """Refuse to serve a contract that is not the messages'."""
    from pmc_soap.soap import contract

    different = contract.differences()
    if different:
        fail(f"el contrato publicado no es el de los mensajes: {', '.join(different)}", CONFIG)


def require_loopback(bind: str) -> None:
    """Refuse to show the demonstration's public credentials to a network."""
    host = bind.rpartition(":")[0].strip("[]")
    if not (bind.startswith("unix:") or host in {"127.0.0.1", "::1", "localhost"}):
        fail("el modo demostración usa credenciales públicas: solo atiende en 127.0.0.1", CONFIG)


def require_free(bind: str) -> None:
    """Refuse an address that cannot be served at, before anything is said of it."""
    from gunicorn.util import parse_address

    try:
        address = parse_address(bind)
    except RuntimeError:
        raise click.UsageError(f"«{bind}» no es una dirección: escribí 127.0.0.1:8080 o unix:/ruta.") from None
    if not isinstance(address, tuple):
        return
    try:
        _try(address)
    except (OSError, OverflowError) as error:
        taken = getattr(error, "errno", None) == errno.EADDRINUSE
        why = "otro programa ya atiende ahí; elegí otro puerto" if taken else "la dirección o el puerto no sirven"
        fail(f"no se puede atender en {bind}: {why}", UNREACHABLE)


def is_free(address: tuple[str, int]) -> bool:
    """Tell whether an address can be served at."""
    try:
        _try(address)
    except OSError:
        return False
    return True


def _try(address: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
        probe.bind(address)
