"""The settings: command line, environment (PMC_…), secret files, a TOML file. Rooms are handed plain values.

Each table of the file is a class; the tables hold values only, and wiring builds from them.
"""

from pmc_soap.config.archivos import ArchivosSettings
from pmc_soap.config.calendario import CalendarioSettings
from pmc_soap.config.destinos import (
    Destino,
    DestinoAmqp,
    DestinoJson,
    DestinoPull,
    DestinoPython,
    DestinoSoap,
    DestinoSql,
    SiSeDetiene,
)
from pmc_soap.config.empresa import CodigoSettings, EmpresaSettings
from pmc_soap.config.errores import ConfigError
from pmc_soap.config.fuentes import FILE_DEFAULT, FILE_VARIABLE, Fuente, environment, find_file, of_file
from pmc_soap.config.instalacion import DEMO_SALT, Mode, NetworkSettings, Settings
from pmc_soap.config.intercambios import Guarda, IntercambiosSettings
from pmc_soap.config.lectura import Leida, check, load, read
from pmc_soap.config.llamadores import ConLlamador, CredencialSettings
from pmc_soap.config.planilla import PlanillaSettings
from pmc_soap.config.reglas import closed, doubtful
from pmc_soap.config.sandbox import SandboxSettings
from pmc_soap.config.sistemas import CamposSettings, Sistema, SistemaJson, SistemaPython, SistemaSoap, SistemaSql

__all__ = [
    "DEMO_SALT",
    "FILE_DEFAULT",
    "FILE_VARIABLE",
    "ArchivosSettings",
    "CalendarioSettings",
    "CamposSettings",
    "CodigoSettings",
    "ConLlamador",
    "ConfigError",
    "CredencialSettings",
    "Destino",
    "DestinoAmqp",
    "DestinoJson",
    "DestinoPull",
    "DestinoPython",
    "DestinoSoap",
    "DestinoSql",
    "EmpresaSettings",
    "Fuente",
    "Guarda",
    "IntercambiosSettings",
    "Leida",
    "Mode",
    "NetworkSettings",
    "PlanillaSettings",
    "SandboxSettings",
    "Settings",
    "SiSeDetiene",
    "Sistema",
    "SistemaJson",
    "SistemaPython",
    "SistemaSoap",
    "SistemaSql",
    "check",
    "closed",
    "doubtful",
    "environment",
    "find_file",
    "load",
    "of_file",
    "read",
]
