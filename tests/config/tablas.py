"""A good table of each kind, and where each key of the catalogue stands in one."""

import copy
from contextlib import contextmanager

import pytest

from pmc_soap.config import ConfigError, check
from pmc_soap.soap.credenciales import hash_secret

HASH = hash_secret("secreto", "aa")
WEBHOOK = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MODE = {"mode": "homologacion"}
SISTEMAS = {
    "soap": {"tipo": "soap", "url": "https://erp.example/pmc", "token": "t"},
    "json": {
        "tipo": "json",
        "url": "https://erp.example/deuda/{id_cliente}",
        "campos": {"id_factura": "numero", "importe": "total", "vencimiento": "vence"},
    },
    "sql": {"tipo": "sql", "url": "mysql+pymysql://u:p@erp.example/base", "consulta": "SELECT 1"},
    "python": {"tipo": "python", "objeto": "mi_empresa.pmc:Deuda"},
}
DESTINOS = {
    "soap": {"tipo": "soap", "url": "https://erp.example/pmc", "usuario": "u", "clave": "c"},
    "json": {"tipo": "json", "url": "https://erp.example/avisos", "secreto": WEBHOOK},
    "amqp": {"tipo": "amqp", "url": "amqp://u:p@erp.example/", "cola": "pmc"},
    "sql": {"tipo": "sql", "url": "mysql+pymysql://u:p@erp.example/base", "imputar": "CALL imputar(:id_aviso)"},
    "python": {"tipo": "python", "objeto": "mi_empresa"},
    "pull": {"tipo": "pull"},
}


def empresa(**said):
    """Give settings with one empresa 1234 that says so."""
    return {**MODE, "empresas": {"1234": {"nombre": "Club Ejemplo", **said}}}


def with_sistema(tipo, **said):
    return empresa(sistema={**SISTEMAS[tipo], **said})


def with_destino(tipo, **said):
    name = "pull" if tipo == "pull" else "erp"
    return empresa(destinos={name: {**DESTINOS[tipo], **said}})


def problems(said, overrides=None):
    """Give what is wrong with settings, without their source."""
    with pytest.raises(ConfigError) as broken:
        check(said, overrides)
    return [problem.removeprefix("configuración: ") for problem in broken.value.problems]


def holding(clave, value):
    """Give settings that are good but for the value of one key of the catalogue, and the key's path there."""
    sistemas, destinos = "sistema" in clave.above, "destinos" in clave.above
    said = with_sistema(clave.tipo) if sistemas else with_destino(clave.tipo) if destinos else empresa()
    said = copy.deepcopy(said)
    said["calendario"], said["sandbox"], said["intercambios"] = {}, {}, {}
    said["pagomiscuentas"] = {"credenciales": [{"usuario": "u", "hash": HASH}]}
    said["empresas"]["1234"] |= {
        "credenciales": [{"usuario": "u", "hash": HASH}],
        "codigos": [{"codigo": "1234"}],
        "archivos": {},
        "planilla": {"columnas": {}},
    }
    named = {"CODIGO": "1234", "NOMBRE": "pull" if clave.tipo == "pull" else "erp", "N": "0"}
    path = [named.get(step, step) for step in clave.path]
    table = said
    for step in path[:-1]:
        table = table[int(step)] if isinstance(table, list) else table[step]
    table[path[-1]] = value
    return said, ".".join(path)


@contextmanager
def refused():
    """Expect a ConfigError; what it holds is for the caller."""
    with pytest.raises(ConfigError) as broken:
        yield broken
