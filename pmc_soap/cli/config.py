"""pmc-soap config: check the settings, or show an example to start from."""

import click

from pmc_soap.cli.session import Session

EXAMPLE = """\
# Configuración de pmc-soap. Los secretos se crean con: pmc-soap credencial issue --usuario …

mode = "produccion"                                       # demostracion | homologacion | produccion
db = "postgresql+psycopg://pmc@localhost/pmc"             # o sqlite:///var/pmc.db
public_url = "https://pagos.ejemplo.com.ar"               # la dirección que va en el WSDL

[pagomiscuentas]                                          # la red, que nos llama
credenciales = []                                         # { usuario = "pagomiscuentas", hash = "sha256$…" }

[empresas.DEMO]                                           # el código de 4 caracteres en PagoMisCuentas
nombre = "Empresa de ejemplo"
servicios = ["CONSULTA", "AVISO", "ALTA"]                 # cada uno se contrata por separado
con_base = true                                           # informa sus facturas; si no, los avisos valen por sí solos
pagar_en_orden = false                                    # exigir primero la factura más antigua
ventana_duplicado_minutos = 10                            # un aviso igual, sin identificadores, es el mismo
plazo_reversa_horas = 72                                  # después, la reversa se contesta 32
credenciales = []                                         # { usuario = "DEMO", hash = "sha256$…" }
"""


@click.group(help="La configuración: comprobarla, o ver un ejemplo.")
def config() -> None:
    """The configuration."""


@config.command(help="Comprueba la configuración y dice todo lo que está mal, de una vez.")
@click.pass_obj
def check(session: Session) -> None:
    """Check the settings."""
    settings = session.settings()
    click.echo(f"La configuración es correcta: modo {settings.mode}, {len(settings.empresas)} empresa(s).")


@config.command(help="Muestra una configuración de ejemplo, para empezar.")
def example() -> None:
    """Show an example."""
    click.echo(EXAMPLE, nl=False)
