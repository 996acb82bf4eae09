"""The rules across keys: each one broken alone, and the settings that break none."""

import copy

import pytest
from tablas import DESTINOS, HASH, MODE, SISTEMAS, empresa, problems, with_destino, with_sistema

from pmc_soap.config import Mode, check, doubtful
from pmc_soap.demo import world

LIVE = [{"usuario": "u", "hash": HASH}]
PRODUCCION = {
    "mode": "produccion",
    "db": "postgresql+psycopg://pmc@localhost/pmc",
    "public_url": "https://pmc.example",
    "pagomiscuentas": {"credenciales": LIVE},
    "empresas": {
        "1234": {
            "nombre": "Club Ejemplo",
            "credenciales": LIVE,
            "sistema": SISTEMAS["soap"],
            "destinos": {"erp": DESTINOS["soap"], "pull": {"tipo": "pull"}},
        }
    },
}


def produccion(path="", value=None):
    """Give good settings of production, but for one key; no value takes the key out."""
    said = copy.deepcopy(PRODUCCION)
    *above, last = path.split(".")
    table = said
    for step in above:
        table = table[step]
    if value is None:
        table.pop(last, None)
    else:
        table[last] = value
    return said


def test_good_settings_of_production_break_no_rule():
    assert check(PRODUCCION).mode is Mode.PRODUCCION


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (produccion("db", "sqlite:///x.db"), "«db» es SQLite: en producción usá PostgreSQL"),
        (produccion("db"), "«db» es SQLite: en producción usá PostgreSQL"),
        (produccion("public_url"), "falta «public_url»: en producción hace falta."),
        (produccion("public_url", "http://pmc.example"), "«public_url» es http:// y sale de esta máquina"),
        (produccion("pagomiscuentas"), "falta «pagomiscuentas.credenciales»: PagoMisCuentas llama a 1234."),
        (
            produccion("empresas.1234.credenciales"),
            "falta «empresas.1234.credenciales»: la empresa llama (ALTA o pull)",
        ),
        (
            produccion("empresas.1234.sistema.url", "http://erp.example/pmc"),
            "«empresas.1234.sistema.url» es http:// y sale de esta máquina: en producción usá https://.",
        ),
        (
            produccion("empresas.1234.destinos.erp.url", "http://10.0.0.1/pmc"),
            "«empresas.1234.destinos.erp.url» es http:// y sale de esta máquina: en producción usá https://.",
        ),
    ],
)
def test_production_refuses_what_a_trial_admits(said, problem):
    [told] = problems(said)
    assert told.startswith(problem)
    assert check({**said, **MODE}).mode is Mode.HOMOLOGACION


@pytest.mark.parametrize(
    "said",
    [
        {**produccion("db", "sqlite:///x.db"), "acepta_sqlite": True},
        produccion("empresas.1234.sistema.url", "http://127.0.0.1:8000/pmc"),
        produccion("empresas.1234.sistema.url", "http://localhost/pmc"),
        produccion("empresas.1234.destinos.erp.url", "http://[::1]:8000/pmc"),
        {**PRODUCCION, "empresas": {"1234": {"nombre": "x", "activa": False}}, "pagomiscuentas": {}},
        {**PRODUCCION, "empresas": {"1234": {"nombre": "x", "servicios": ["CONSULTA"]}}},
        {
            **PRODUCCION,
            "pagomiscuentas": {},
            "empresas": {"1234": produccion()["empresas"]["1234"] | {"servicios": ["ALTA"], "destinos": {}}},
        },
        {
            **PRODUCCION,
            "empresas": {"1234": {"nombre": "x", "servicios": ["AVISO"], "destinos": {"erp": DESTINOS["soap"]}}},
        },
    ],
)
def test_production_admits_what_needs_no_more(said):
    assert check(said).mode is Mode.PRODUCCION


@pytest.mark.parametrize("mode", [Mode.HOMOLOGACION, Mode.PRODUCCION])
def test_the_public_credentials_of_the_demonstration_are_refused_in_any_other_mode(mode):
    away = {"db": "postgresql+psycopg://x/y", "public_url": "https://pmc.example"}
    assert problems({**world.SETTINGS, "mode": mode}, away) == [
        "«pagomiscuentas.credenciales.0» es la credencial pública de la demostración.",
        "«empresas.DEMO.credenciales.0» es la credencial pública de la demostración.",
    ]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (
            empresa(politica_consulta="EMPRESA_LUEGO_BASE"),
            "«empresas.1234.politica_consulta» pregunta al sistema de la empresa: falta «empresas.1234.sistema».",
        ),
        (empresa(politica_consulta="AMBAS"), "«empresas.1234.politica_consulta» pregunta al sistema de la empresa"),
        (
            empresa(servicios=["CONSULTA"], destinos={"pull": {"tipo": "pull"}}),
            "«empresas.1234.destinos» no sirve sin AVISO en «empresas.1234.servicios».",
        ),
        (
            empresa(destinos={"erp": {"tipo": "pull"}}),
            "«empresas.1234.destinos.erp»: el destino de tipo pull se llama «pull», y solo él.",
        ),
        (
            empresa(destinos={"pull": DESTINOS["soap"]}),
            "«empresas.1234.destinos.pull»: el destino de tipo pull se llama «pull», y solo él.",
        ),
        (
            empresa(codigos=[{"codigo": "0987"}, {"codigo": "0987"}]),
            "«empresas.1234.codigos» repite el código «0987».",
        ),
    ],
)
def test_keys_that_do_not_go_together_are_refused_in_every_mode(said, problem):
    [told] = problems(said)
    assert told.startswith(problem)


@pytest.mark.parametrize("politica", ["SOLO_BASE", "BASE_LUEGO_EMPRESA"])
def test_a_policy_that_can_do_without_the_empresas_system_does(politica):
    assert check(empresa(politica_consulta=politica)).empresas["1234"].sistema is None
    assert check(with_sistema("json", url="http://x/") | MODE).empresas["1234"].sistema.metodo == "GET"


def test_no_code_belongs_to_two_empresas():
    one, other = {"nombre": "a", "codigos": [{"codigo": "0987"}]}, {"nombre": "b", "codigos": [{"codigo": "0987"}]}
    assert problems({**MODE, "empresas": {"AAAA": one, "BBBB": other}}) == [
        "el código «0987» es de «empresas.AAAA» y «empresas.BBBB»: puede ser de una sola."
    ]
    other = {"nombre": "b", "codigos": [{"codigo": "BBBB"}, {"codigo": "AAAA"}]}
    assert problems({**MODE, "empresas": {"AAAA": {"nombre": "a"}, "BBBB": other}}) == [
        "el código «AAAA» es de «empresas.AAAA» y «empresas.BBBB»: puede ser de una sola."
    ]


def test_a_broken_rule_is_told_beside_a_broken_value_and_not_because_of_it():
    said = produccion("empresas.1234.gracia_dias", -1)
    said["empresas"]["AGUA"] = {"nombre": "x", "servicios": ["ALTA"]}
    said["public_url"] = "x"
    said["pagomiscuentas"]["credenciales"] = [{"usuario": "u", "hash": "x"}]
    told = problems(said)
    assert [problem.split("«")[1].split("»")[0] for problem in told] == [
        "public_url",
        "pagomiscuentas.credenciales.0.hash",
        "empresas.1234.gracia_dias",
        "empresas.AGUA.credenciales",
    ]


def test_the_destinos_of_an_empresa_are_in_the_order_of_the_file_and_pull_if_there_is_none():
    several = empresa(destinos={"z": DESTINOS["soap"], "a": DESTINOS["json"], "pull": {"tipo": "pull"}})
    assert check(several).empresas["1234"].empresa("1234").destinos == ("z", "a", "pull")
    assert check(empresa()).empresas["1234"].empresa("1234").destinos == ("pull",)
    assert check(with_destino("pull")).empresas["1234"].empresa("1234").destinos == ("pull",)


def test_the_sandbox_is_on_in_the_demonstration_and_elsewhere_only_if_it_is_switched_on():
    assert check(world.SETTINGS).con_sandbox
    assert not check(PRODUCCION).con_sandbox
    assert not check(PRODUCCION | {"mode": "homologacion"}).con_sandbox
    assert check(PRODUCCION | {"sandbox": {"activo": True}}).con_sandbox
    assert not check({**world.SETTINGS, "sandbox": {"activo": False}}).con_sandbox


def test_a_sandbox_in_production_is_no_error_but_is_told_of():
    assert list(doubtful(check(PRODUCCION))) == []
    [(path, told)] = doubtful(check(PRODUCCION | {"sandbox": {"activo": True}}))
    assert (path, "cuentan como los demás" in told) == (("sandbox", "activo"), True)


def test_a_sandbox_plays_with_an_empresa_that_there_is():
    said = PRODUCCION | {"sandbox": {"empresa": "9999"}}
    assert "«sandbox.empresa» nombra a «9999», que no está en «empresas»." in "".join(problems(said))
