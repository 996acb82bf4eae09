"""pmc-soap demo: a whole world on this machine, ready to be played with; Ctrl-C ends it."""

import fcntl
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import click

from pmc_soap.cli.servicio import Servicio, log_options
from pmc_soap.cli.session import USAGE, fail, fail_config, say

PORT_MAX = 65535
ERP_STARTS_S, LOOK_S = 15, 0.05

ADDRESSES = """
  DEMOSTRACIÓN — empresa {empresa}, solo en esta máquina. Ctrl-C para terminar.

  {url}/sandbox/
      Empezá acá: jugá a ser PagoMisCuentas. Buscá, pagá y mirá llegar el dinero al ERP.
  {url}/sandbox/empresa
      La web de la empresa: generá una factura y pagala en PagoMisCuentas.
  {url}/consola/
      La consola, para operar y conciliar: se entra con un botón, en el rol que quieras.
  {url}/
      La portada: dónde está cada cosa.
  {url}/soap/v1/pagomiscuentas?wsdl
      La red: ConsultaDeuda, AvisoPago, ReversaPago, Eco. Token: {token_pagomiscuentas}
  {url}/soap/v1/empresa?wsdl
      La empresa: AltaFactura y sus cambios, ConsultaPago, ObtenerAvisos, ConfirmarAvisos. Token: {token_empresa}
  {url}/salud/listo
      Responde 200 cuando la pasarela puede atender.

  El ERP de la empresa, en su propio proceso (127.0.0.1:{erp_port}): conoce al cliente 1000003 e imputa los avisos.
  Se apaga y se enciende en el sandbox, o así:
      {command} erp show{there}
      {command} erp off{there}     apagalo, hacé un pago, y encendelo con «erp on»

  Lo mismo desde otra terminal:
      {command} simulate consulta 1000003{where}
      {inside}{command} seguir 1000004     ¿dónde está mi pago?
"""


@click.command(help="Levanta el mundo de demostración: base SQLite, un FAC cargado y la pasarela en 127.0.0.1.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="Puerto en 127.0.0.1.")
@click.option("--dir", "folder", default="var", show_default=True, help="Carpeta de la demostración.")
@click.option("--db", "url", metavar="URL", help="Otra base: postgresql+psycopg://…")
@click.option("--erp-port", type=click.IntRange(1, 65535), help="Puerto del ERP (si no, el siguiente a --port).")
@click.option("--erp", "modo", type=click.Choice(["on", "off", "slow", "errors"]), help="Cómo empieza el ERP.")
@click.option("--reset", is_flag=True, help="Empieza de nuevo, con las fechas de hoy.")
@log_options("texto")
def demo(
    *,
    port: int,
    folder: str,
    url: str | None,
    erp_port: int | None,
    modo: str | None,
    reset: bool,
    log_format: str,
    log_level: str,
) -> None:
    """Make the world, and serve it until told to stop."""
    from pmc_soap.cli import serve
    from pmc_soap.cli.companion import beside
    from pmc_soap.config import ConfigError, find_file
    from pmc_soap.demo import erp, world
    from pmc_soap.wiring import registro

    place, bind = Path(folder), f"127.0.0.1:{port}"
    serve.require_free(bind)
    erp_port = erp_port or _next_free(port)
    serve.require_free(f"127.0.0.1:{erp_port}")
    if reset and url:
        fail("--reset borra la base SQLite de la demostración; con --db, usá una base vacía", USAGE)
    _take(place)
    if reset:
        _forget(place)
    if reset or modo:
        erp.set_mode(place, erp.Modo(modo or "on"))
    os.environ[world.FOLDER_VARIABLE] = str(place)
    where_erp = place / world.ERP_PORT_FILE
    where_erp.write_text(str(erp_port), encoding="ascii")
    try:
        settings = world.settings({"db": url or f"sqlite:///{place / world.DATABASE}"}).at(bind)
    except ConfigError as error:
        fail_config(error)
    serve.make_world(settings, place)
    say(
        ADDRESSES.format(
            command=_command(),
            empresa=world.EMPRESA,
            url=settings.public_url,
            token_pagomiscuentas=world.TOKEN_PAGOMISCUENTAS,
            token_empresa=world.TOKEN_EMPRESA,
            erp_port=erp_port,
            inside=_inside(settings.db, is_usual=place == world.FOLDER and not url, has_file=bool(find_file(None))),
            there="" if folder == "var" else f" --dir {folder}",
            where="" if port == 8080 else f" --url {settings.public_url}",  # noqa: PLR2004 — simulate's default
        )
    )
    serve.check_contract()
    registro.configure(level=log_level, texto=log_format == "texto")
    how = ("--log-format", log_format, "--log-level", log_level)
    servicio = Servicio(settings, bind, workers=2, threads=4, log_level=log_level, erp=erp.Perilla(place))
    parent = os.getpid()
    try:
        with (
            beside("erp", "serve", "--dir", folder, "--port", str(erp_port)),
            beside("deliver", "--beside", *how, env={"PMC_DB": settings.db, "PMC_CONFIG": ""}),
        ):
            if erp.read_mode(place) is not erp.Modo.OFF:
                _await(erp_port)  # else who is quick is told that the empresa does not answer
            serve.load_server("gunicorn")(servicio)
    finally:  # gunicorn ends by SystemExit, and so does each worker, which was forked in here
        if os.getpid() == parent:
            where_erp.unlink(missing_ok=True)
            say(f"Listo, la demostración terminó. Lo que hiciste quedó en «{place}».")


def _inside(db: str, *, is_usual: bool, has_file: bool) -> str:
    """Say what puts a command into this world, where it would not find it by itself."""
    if has_file:
        return f"PMC_CONFIG= PMC_DB={db} "
    return "" if is_usual else f"PMC_DB={db} "


def _next_free(port: int) -> int:
    """Give the next port that nobody listens on; where all are taken, what is tried next says so."""
    from pmc_soap.cli import serve

    return next((n for n in range(port + 1, PORT_MAX) if serve.is_free(("127.0.0.1", n))), port)


def _await(port: int) -> None:
    """Wait until somebody listens there, but not for ever: without its ERP the demonstration still shows much."""
    until = monotonic() + ERP_STARTS_S
    while monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        sleep(LOOK_S)


def _command() -> str:
    """Name this command so that it can be typed from here: a venv's is not on the path."""
    run = Path(sys.argv[0]).absolute()
    return str(run.relative_to(Path.cwd())) if run.is_relative_to(Path.cwd()) else run.name


def _take(place: Path) -> None:
    """Hold the folder until this process ends: a --reset meanwhile would lose what it goes on acknowledging."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        lock = os.open(place / "demo.lock", os.O_RDWR | os.O_CREAT, 0o660)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fail(f"ya hay una demostración usando la carpeta «{place}»: cerrala, o elegí otra con --dir", USAGE)
    except OSError:
        fail(f"no se puede usar la carpeta «{place}»: elegí otra con --dir", USAGE)


def _forget(place: Path) -> None:
    """Remove the demonstration's own files, and nothing else that may be in the folder."""
    from pmc_soap.demo import erp, world

    for pattern in (f"{world.DATABASE}*", f"{erp.DATABASE}*", f"FAC{world.EMPRESA}.*"):
        for file in place.glob(pattern):
            file.unlink()
