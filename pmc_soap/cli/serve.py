"""pmc-soap serve: processes with threads, one house a process, by gunicorn or by granian."""

import errno
import signal
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.servicio import Servicio, log_options, read_again
from pmc_soap.cli.session import CONFIG, UNREACHABLE, USAGE, Session, fail, fail_config, say

if TYPE_CHECKING:
    from pmc_soap.cli.companion import Beside
    from pmc_soap.config import Settings

SERVERS = {"gunicorn": "with_gunicorn", "granian": "with_granian"}


@click.command(help="Atiende a PagoMisCuentas y a la empresa por SOAP.")
@click.option("--bind", default="127.0.0.1:8080", show_default=True, help="Dirección y puerto, o unix:/ruta.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Procesos.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Hilos de cada proceso.")
@click.option(
    "--server",
    type=click.Choice(list(SERVERS)),
    default="gunicorn",
    show_default=True,
    help="Con qué servidor: granian es más rápido, y se instala con pmc-soap[fast].",
)
@click.option("--with-deliver", is_flag=True, help="También lleva los avisos a sus destinos, en otro proceso.")
@click.option("--db", "url", metavar="URL", help="sqlite:///archivo o postgresql+psycopg://…")
@click.option("--public-url", metavar="URL", help="La dirección que va en el WSDL.")
@log_options("json")
@click.pass_obj
def serve(
    session: Session,
    *,
    bind: str,
    workers: int,
    threads: int,
    server: str,
    with_deliver: bool,
    url: str | None,
    public_url: str | None,
    log_format: str,
    log_level: str,
) -> None:
    """Serve until told to stop."""
    from pmc_soap import wiring
    from pmc_soap.config import ConfigError, Mode
    from pmc_soap.wiring import registro

    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there is a server: what it would read again is being read
    run = load_server(server)
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
    check_contract()
    say(
        f"Sirviendo en {bind}: {settings.public_url}/soap/v1/pagomiscuentas?wsdl"
        f" y {settings.public_url}/soap/v1/empresa?wsdl"
    )
    registro.configure(level=log_level, texto=log_format == "texto")
    servicio = Servicio(
        settings,
        bind,
        workers,
        threads,
        log_level,
        reread=lambda: read_again(session, bind, db=url, public_url=public_url),
    )
    needed = _needs_deliverer(settings, asked=with_deliver)
    with _deliverer(session, settings, log_format, log_level) if needed else nullcontext() as beside:
        if beside is not None:
            servicio.on_renewed.append(lambda new: beside.renew({"PMC_DB": new.db}))
        run(servicio)


def load_server(name: str) -> Callable[[Servicio], None]:
    """Give what runs that server; it may not be installed."""
    try:
        run: Callable[[Servicio], None] = import_module(f"pmc_soap.cli.{SERVERS[name]}").run
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != name:
            raise
        fail(f"el servidor {name} no está instalado. Probá con: pip install 'pmc-soap[fast]'", USAGE)
    return run


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


def _deliverer(
    session: Session, settings: "Settings", log_format: str, log_level: str
) -> "AbstractContextManager[Beside]":
    from pmc_soap.cli.companion import beside

    how = ("--log-format", log_format, "--log-level", log_level)
    # in the environment, where a password is not in everybody's list of processes
    return beside("deliver", "--beside", *how, before=session.args, env={"PMC_DB": settings.db})


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


def check_contract() -> None:
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
