"""pmc-soap credencial: new secrets, shown once; the changing of one for another; those that there are.

Secrets go to stdout and nowhere else; the file is changed only where it is asked for.
"""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.session import CONFIG, USAGE, Session, confirm, fail, fail_config, say

if TYPE_CHECKING:
    from pmc_soap.config import ConLlamador
    from pmc_soap.config.edicion import Anotada, Edicion

DIAS_MAX = 90
VIVAS_MAX = 2
_RELOAD = (
    "Vale desde que los servidores vuelven a leerla: systemctl reload pmc-soap (o kill -HUP al proceso principal)."
)

_usuario = click.option("--usuario", required=True, help="El usuario: pagomiscuentas, o el código de la empresa.")
_de = click.option(
    "--de",
    metavar="QUIÉN",
    help="De quién es: pagomiscuentas, o el código de la empresa. Sin esto, el usuario lo dice.",
)
_yes = click.option("--yes", is_flag=True, help="Sin preguntar.")


@click.group(help="Credenciales de la red y de las empresas.")
def credencial() -> None:
    """Credentials."""


@credencial.command(help="Crea un secreto nuevo: lo muestra una sola vez, con la línea para la configuración.")
@click.option("--usuario", required=True, help="Usuario para HTTP Basic: pagomiscuentas, o el código de la empresa.")
@click.option("--write", is_flag=True, help="Escribe la línea en el archivo de configuración.")
@_de
@_yes
@click.pass_context
def issue(ctx: click.Context, *, usuario: str, write: bool, de: str | None, yes: bool) -> None:
    """Make a secret and its hash."""
    from pmc_soap.soap import credenciales

    if not credenciales.can_be_usuario(usuario):
        raise click.UsageError("el usuario va sin dos puntos y no puede estar vacío: HTTP Basic no lo podría llevar.")
    secreto = credenciales.issue()
    hash_ = credenciales.hash_secret(secreto)
    if write:
        edicion = _open(ctx)
        whose = _whose(edicion, usuario, de or usuario)
        _check_room(edicion, whose, usuario)
        edicion.add(whose, usuario, hash_)
        _save(edicion, whose, f"¿Agrego una credencial de «{usuario}» a {_named(whose)}?", yes=yes)
    _show(secreto)
    if not write:
        say("Agregá esta línea a «credenciales» en la configuración:")
        click.echo(f'{{ usuario = {json.dumps(usuario, ensure_ascii=False)}, hash = "{hash_}" }}')


@credencial.command(help="Cambia un secreto por otro sin cortes: el nuevo vale ya, y el anterior unos días más.")
@_usuario
@click.option(
    "--dias", default=7, show_default=True, type=click.IntRange(0, DIAS_MAX), help="Cuántos días vale el anterior."
)
@_de
@_yes
@click.pass_context
def rotate(ctx: click.Context, *, usuario: str, dias: int, de: str | None, yes: bool) -> None:
    """Add a second secret, and end the first on a day."""
    from pmc_soap.config.edicion import SIN_HASH
    from pmc_soap.soap import credenciales

    edicion, today = _open(ctx), _today()
    found = _find(edicion, usuario, de)
    live = [one for one in found if one.is_live(today)]
    if not live:
        fail(f"ninguna credencial de «{usuario}» vale hoy: creá una con pmc-soap credencial issue --write.", USAGE)
    _check_room(edicion, live[0].de, usuario)
    [old] = live
    last = min(filter(None, (old.hasta, today + timedelta(days=dias))))
    secreto = credenciales.issue()
    edicion.add(old.de, usuario, credenciales.hash_secret(secreto))
    edicion.end(old, last)
    edicion.remove([one for one in found if one not in live])
    if old.prefijo == SIN_HASH:
        say("La anterior nombra su «secreto»; la nueva se guarda como hash, y no sirve para PasswordDigest.")
    _save(edicion, old.de, f"¿Agrego un secreto nuevo de «{usuario}», y el anterior vale hasta el {last}?", yes=yes)
    _show(secreto)


@credencial.command(help="Quita credenciales de la configuración: dejan de valer.")
@_usuario
@click.option("--hash-prefix", metavar="HEX", help="Solo la que empieza así, como la muestra credencial list.")
@_de
@_yes
@click.pass_context
def revoke(ctx: click.Context, *, usuario: str, hash_prefix: str | None, de: str | None, yes: bool) -> None:
    """Take secrets out."""
    edicion = _open(ctx)
    found = [one for one in _find(edicion, usuario, de) if not hash_prefix or one.prefijo.startswith(hash_prefix[:8])]
    if not found:
        fail(f"ninguna credencial de «{usuario}» empieza con «{hash_prefix}».", USAGE)
    edicion.remove(found)
    told = ", ".join(one.prefijo for one in found)
    _save(edicion, found[0].de, f"¿Quito {len(found)} de «{usuario}» ({told})?", yes=yes)


@credencial.command(
    name="list", help="Las credenciales vigentes: de quién son, cómo se distinguen, hasta cuándo valen."
)
@click.pass_obj
def list_(session: Session) -> None:
    """List what is in force."""
    settings = session.settings()
    every: list[tuple[str, ConLlamador]] = [("pagomiscuentas", settings.pagomiscuentas), *settings.empresas.items()]
    for de, said in every:
        for line in _lines(said):
            click.echo(f"{de}\t{line}")


def _lines(said: "ConLlamador") -> list[str]:
    from pmc_soap.config.edicion import prefix

    today = _today()
    credenciales = [f"{one.usuario}\t{prefix(one.hash)}\t{_until(one.hasta, today)}" for one in said.credenciales]
    return [*credenciales, *(f"{subject}\tcertificado\tsiempre" for subject in said.certificados)]


def _until(hasta: date | None, today: date) -> str:
    if hasta is None:
        return "siempre"
    return f"hasta el {hasta}" if today <= hasta else f"venció el {hasta}"


def _today() -> date:
    from pmc_soap.domain.calendario import local_day

    return local_day(datetime.now(UTC))


def _open(ctx: click.Context) -> "Edicion":
    from pmc_soap import config
    from pmc_soap.config.edicion import Edicion

    path: Path | None = config.find_file(ctx.find_root().params["config_file"])
    if path is None:
        fail("no hay archivo de configuración que cambiar: nombralo con --config o PMC_CONFIG.", CONFIG)
    try:
        return Edicion(path)
    except config.ConfigError as error:
        fail_config(error)


def _find(edicion: "Edicion", usuario: str, de: str | None) -> "list[Anotada]":
    """Give the credentials of a user, all of one caller."""
    found = [one for one in edicion.credenciales() if one.usuario == usuario and de in {None, one.de}]
    owners = list(dict.fromkeys(one.de for one in found))
    if not found:
        fail(f"el archivo no tiene credenciales de «{usuario}».", USAGE)
    if len(owners) > 1:
        fail(f"«{usuario}» es usuario de {', '.join(owners)}: decí cuál con --de.", USAGE)
    return found


def _whose(edicion: "Edicion", usuario: str, de: str) -> str:
    if de not in edicion.llamadores():
        known = ", ".join(edicion.llamadores())
        fail(f"no se sabe de quién es «{usuario}»: decilo con --de ({known}).", USAGE)
    return de


def _check_room(edicion: "Edicion", de: str, usuario: str) -> None:
    """Refuse a third live secret: two are what a change needs, and one more is one more to lose."""
    live = [one for one in edicion.credenciales() if (one.de, one.usuario) == (de, usuario) and one.is_live(_today())]
    if len(live) >= VIVAS_MAX:
        fail(f"«{usuario}» ya tiene {len(live)} secretos vivos: quitá uno con pmc-soap credencial revoke.", USAGE)


def _save(edicion: "Edicion", whose: str, question: str, *, yes: bool) -> None:
    from pmc_soap.config import ConfigError

    if not yes:
        confirm(question)
    try:
        left = edicion.save(whose)
    except ConfigError as error:
        fail_config(error)
    for problem in left:
        say(f"A la configuración todavía le falta: {problem}")
    say(f"La configuración quedó escrita. {_RELOAD}")


def _named(whose: str) -> str:
    return "PagoMisCuentas" if whose == "pagomiscuentas" else f"la empresa {whose}"


def _show(secreto: str) -> None:
    say("Entregá este secreto a quien llama; no se vuelve a mostrar:")
    click.echo(secreto)
