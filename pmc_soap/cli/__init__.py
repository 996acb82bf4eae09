"""The command line: Spanish nouns, English verbs; data to stdout, talk to stderr.

Exit codes: 0 ok, 1 found problems, 2 usage, 3 configuration, 4 unreachable.
"""

import atexit
import gc
import gettext
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from pmc_soap import __version__
from pmc_soap.cli.session import Session, fail

_COMMANDS = {
    "demo": "Levanta el mundo de demostración, listo para probar.",
    "serve": "Atiende a PagoMisCuentas y a la empresa por SOAP.",
    "deliver": "Lleva los avisos a los destinos de cada empresa.",
    "erp": "El ERP de la demostración: apagarlo, hacerlo lento, ver qué imputó.",
    "seguir": "¿Dónde está mi pago? Su historia y el próximo paso, desde cualquier id.",
    "consultas": "Las consultas de PagoMisCuentas, y cuáles puede cobrar.",
    "intercambios": "Cada pedido que llegó y su respuesta, con su XML.",
    "listen": "Mirá pasar los pedidos y los avisos, en vivo.",
    "puente": "Los pagos que no se pudieron imputar: verlos, imputarlos, devolverlos.",
    "conciliacion": "Los archivos COB contra los pagos avisados, y el cierre de cada día.",
    "reportes": "Informes para administración: pagos, conciliación y tiempos; en pantalla, Excel, CSV o JSON.",
    "alertas": "Lo que quedó para que lo mire una persona.",
    "avisos": "Lo que se le debe a cada empresa: verlo, reenviarlo, recuperarlo.",
    "formatos": "Los formatos de los archivos: FAC, COB y planillas, campo por campo.",
    "facturas": "La base de facturas: cargar un archivo, buscar, dar de alta o de baja, generar el FAC.",
    "cargas": "Los archivos que se cargaron, y qué cambió con cada uno.",
    "simulate": "Jugá a ser PagoMisCuentas o la empresa: consulta, pago, reversa, alta.",
    "wsdl": "El contrato publicado: escribirlo o comprobarlo.",
    "errores": "Qué quiere decir cada error y cada código de resultado, y qué hacer.",
    "db": "La base de datos: migrarla o ver en qué versión está.",
    "doctor": "Revisa la instalación: qué está mal y cómo se arregla.",
    "credencial": "Credenciales de la red y de las empresas.",
    "usuario": "Quién entra a la consola, y con qué rol.",
    "config": "La configuración: comprobarla, o ver un ejemplo.",
}


class _Lazy(click.Group):
    """Loads a command's module when it is asked for, so that --help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"pmc_soap.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Comandos"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", "config_file", metavar="ARCHIVO", help="Archivo TOML de configuración (o PMC_CONFIG).")
@click.version_option(__version__, prog_name="pmc-soap", help="Muestra la versión.")
@click.pass_context
def cli(ctx: click.Context, config_file: str | None) -> None:
    """El lado de la empresa de PagoMisCuentas: Consulta de Deuda, Aviso de Pago y Alta de Factura en Línea."""
    ctx.obj = Session(config_file)


def main(args: list[str] | None = None) -> Any:
    """Run the command line; what is known to go wrong is told in Spanish, without a traceback."""
    _speak_spanish()
    atexit.register(gc.freeze)  # to look for garbage once more takes longer than many a command
    try:
        return cli.main(args, prog_name="pmc-soap", standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        fail("cancelado", 1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(1)


def _speak_spanish() -> None:
    """Have Click's own words in Spanish too, whatever the terminal's language: it asks gettext for them."""
    os.environ["LANGUAGE"] = "es"
    gettext.bindtextdomain("pmc-soap", str(Path(__file__).with_name("locale")))
    gettext.textdomain("pmc-soap")
