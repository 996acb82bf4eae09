"""pmc-soap usuario: who enters the consola. A clave is asked for at the terminal or read of stdin."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.operador import acting, iso, print_table, who
from pmc_soap.cli.session import FOUND_PROBLEMS, Session, fail, say

if TYPE_CHECKING:
    from pmc_soap.wiring import House

_ROLES = ["integrador", "operador", "finanzas", "auditor", "administrador"]
_usuario = click.argument("usuario", metavar="USUARIO")
_rol = click.option("--rol", type=click.Choice(_ROLES), default="operador", show_default=True, help="Qué puede hacer.")
_stdin = click.option("--stdin", "from_stdin", is_flag=True, help="Lee la clave de la entrada estándar.")


@click.group(help="Quién entra a la consola, y con qué rol.")
def usuario() -> None:
    """People of the consola."""


@usuario.command(
    help="Da entrada a una persona. Si no le das una clave con --stdin, muestra una de un solo uso, que se cambia al"
    " entrar por primera vez."
)
@_usuario
@_rol
@click.option("--nombre", default="", metavar="TEXTO", help="Cómo se llama.")
@_stdin
@who
@click.pass_obj
def add(session: Session, usuario: str, *, rol: str, nombre: str, from_stdin: bool, operador: str) -> None:
    """Add a person."""
    from pmc_soap.domain.usuario import Rol

    with _people(session) as house:
        clave = _read_clave() if from_stdin else None
        _show(house.usuarios.add(usuario, nombre, Rol(rol), clave, operador=operador))
    say(f"Listo: «{usuario.strip().lower()}» entra como {rol}.")


@usuario.command("list", help="Todas las personas.")
@click.option("--json", "as_json", is_flag=True, help="Como JSON.")
@click.pass_obj
def list_(session: Session, *, as_json: bool) -> None:
    """List everybody."""
    with _people(session) as house:
        found = house.usuarios.list()
    if as_json:
        rows = [
            {
                "usuario": each.usuario,
                "nombre": each.nombre,
                "rol": each.rol,
                "activo": each.activo,
                "debe_cambiar": each.debe_cambiar,
                "creado": iso(each.creado_utc),
            }
            for each in found
        ]
        click.echo(json.dumps({"usuarios": rows}, ensure_ascii=False, indent=2))
        return
    if not found:
        say("Todavía no hay nadie: pmc-soap usuario add NOMBRE --rol administrador")
        return
    rows_ = [(each.usuario, each.nombre, each.rol, "entra" if each.activo else "no entra") for each in found]
    print_table(("Usuario", "Nombre", "Rol", "Estado"), rows_)


@usuario.command(
    help="Cambia una clave: la pide dos veces, la lee con --stdin, o con --unica muestra una de un solo uso."
)
@_usuario
@_stdin
@click.option("--unica", is_flag=True, help="Una de un solo uso, que se cambia al entrar.")
@who
@click.pass_obj
def password(session: Session, usuario: str, *, from_stdin: bool, unica: bool, operador: str) -> None:
    """Change a clave."""
    with _people(session) as house:
        clave = None if unica else _read_clave() if from_stdin else _ask_clave()
        _show(house.usuarios.set_clave(usuario, clave, operador=operador))
    say(f"Listo: cambió la clave de «{usuario}», y sus sesiones terminaron.")


@usuario.command(help="Cambia el rol de una persona.")
@_usuario
@click.argument("rol", type=click.Choice(_ROLES))
@who
@click.pass_obj
def role(session: Session, usuario: str, rol: str, *, operador: str) -> None:
    """Change a role."""
    from pmc_soap.domain.usuario import Rol

    with _people(session) as house:
        house.usuarios.change(usuario, rol=Rol(rol), operador=operador)
    say(f"Listo: «{usuario}» es {rol}.")


@usuario.command(help="Una persona no entra más; lo que hizo queda escrito.")
@_usuario
@who
@click.pass_obj
def disable(session: Session, usuario: str, *, operador: str) -> None:
    """Let in no more."""
    with _people(session) as house:
        house.usuarios.change(usuario, activo=False, operador=operador)
    say(f"Listo: «{usuario}» no entra más.")


@usuario.command(help="Una persona vuelve a entrar.")
@_usuario
@who
@click.pass_obj
def enable(session: Session, usuario: str, *, operador: str) -> None:
    """Let in again."""
    with _people(session) as house:
        house.usuarios.change(usuario, activo=True, operador=operador)
    say(f"Listo: «{usuario}» vuelve a entrar.")


@contextmanager
def _people(session: Session) -> "Iterator[House]":
    from pmc_soap.operations.libro_usuarios import Negado
    from pmc_soap.web.consola.reparos import REPAROS

    with acting(session) as house:
        try:
            yield house
        except Negado as negado:
            fail(REPAROS[negado.reparo], FOUND_PROBLEMS)


def _read_clave() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _ask_clave() -> str:
    asked: str = click.prompt("Clave", hide_input=True, confirmation_prompt="Otra vez", err=True)
    return asked


def _show(made_up: str | None) -> None:
    if made_up is not None:
        say("La clave, para entrar una vez y cambiarla; no se vuelve a mostrar:")
        click.echo(made_up)
