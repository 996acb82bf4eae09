"""pmc-soap db: the database's schema."""

import click

from pmc_soap.cli.session import FOUND_PROBLEMS, UNREACHABLE, Session, fail


@click.group(help="La base de datos: migrarla o ver en qué versión está.")
def db() -> None:
    """The database."""


@db.command(help="Lleva la base de datos al esquema de esta versión. Se puede repetir.")
@click.option("--db", "url", metavar="URL", help="sqlite:///archivo o postgresql+psycopg://…")
@click.pass_obj
def migrate(session: Session, url: str | None) -> None:
    """Migrate to the newest schema."""
    from pmc_soap import wiring

    try:
        status = wiring.migrate(session.settings(db=url))
    except wiring.DATABASE_ERRORS as error:
        fail(f"no se pudo migrar: la base de datos {wiring.explain(error)}", UNREACHABLE)
    click.echo(f"esquema {status.current}")


@db.command(help="Muestra el esquema que tiene la base de datos y el que hace falta.")
@click.option("--db", "url", metavar="URL", help="sqlite:///archivo o postgresql+psycopg://…")
@click.pass_obj
def status(session: Session, url: str | None) -> None:
    """Tell which schema there is and which is needed."""
    from pmc_soap import wiring

    try:
        found = wiring.status(session.settings(db=url))
    except wiring.DATABASE_ERRORS as error:
        fail(f"no se pudo leer: la base de datos {wiring.explain(error)}", UNREACHABLE)
    click.echo(f"esquema {found.current or 'vacío'}; hace falta {found.head}")
    if not found.at_head:
        fail("corré: pmc-soap db migrate", FOUND_PROBLEMS)
