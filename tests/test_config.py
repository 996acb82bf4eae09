"""The settings: a file, the environment above it, the command line above both; and every mistake told at once."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from pmc_soap import config
from pmc_soap.config import ConfigError, Mode, Settings, check, find_file, load
from pmc_soap.demo import world
from pmc_soap.domain.empresa import Servicio
from pmc_soap.soap.credenciales import hash_secret

HASH = hash_secret("secreto", "aa")
WHOLE = f"""
mode = "homologacion"
db = "sqlite:///una.db"
public_url = "https://pmc.example/base"

[[pagomiscuentas.credenciales]]
usuario = "pagomiscuentas"
hash = "{HASH}"

[empresas.AGUA]
nombre = "Agua S.A."
servicios = ["CONSULTA", "AVISO"]
con_base = false
pagar_en_orden = true
ventana_duplicado_minutos = 0
plazo_reversa_horas = 24

[[empresas.AGUA.credenciales]]
usuario = "AGUA"
hash = "{HASH}"
"""


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for name in ("PMC_CONFIG", "PMC_DB", "PMC_PUBLIC_URL", "PMC_MODE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "pmc-soap.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems(said, **overrides):
    """Give what is wrong with settings, without their source."""
    with pytest.raises(ConfigError) as broken:
        check(said, overrides)
    return [problem.removeprefix("configuración: ") for problem in broken.value.problems]


def test_a_whole_file_becomes_settings_and_an_empresa_of_the_domain(write):
    settings = load(write(WHOLE))
    assert (settings.mode, settings.db) == (Mode.HOMOLOGACION, "sqlite:///una.db")
    agua = settings.empresas["AGUA"].empresa("AGUA")
    assert agua.servicios == {Servicio.CONSULTA, Servicio.AVISO}
    assert (agua.con_base, agua.pagar_en_orden, agua.activa) == (False, True, True)
    assert agua.ventana_duplicado.total_seconds() == 0
    assert agua.plazo_reversa.total_seconds() == 24 * 3600
    assert [c.hash for c in settings.pagomiscuentas.credenciales] == [HASH]


def test_an_empty_file_is_production_with_all_services_for_nobody(write):
    settings = load(write(""))
    assert (settings.mode, settings.empresas) == (Mode.PRODUCCION, {})
    assert settings.pagomiscuentas.credenciales == []


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"pubic_url": "https://x"}, "«pubic_url» no existe. ¿Quisiste decir «public_url»?"),
        ({"empresas": {"AGUA": {"nombre": "x", "servicio": []}}}, "¿Quisiste decir «servicios»?"),
        ({"empresas": {"AGUA": {"nombre": "x", "credencial": []}}}, "¿Quisiste decir «credenciales»?"),
        ({"pagomiscuentas": {"credencial": []}}, "¿Quisiste decir «credenciales»?"),
        (
            {"pagomiscuentas": {"credenciales": [{"usuari": "x", "usuario": "x", "hash": HASH}]}},
            "«pagomiscuentas.credenciales.0.usuari» no existe. ¿Quisiste decir «usuario»?",
        ),
        ({"qwertyuiop": 1}, "«qwertyuiop» no existe."),
    ],
)
def test_an_unknown_key_is_refused_and_the_near_one_is_named(said, problem):
    [told] = problems(said)
    assert told.endswith(problem)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"empresas": {"AGUA": {}}}, "falta «empresas.AGUA.nombre»."),
        ({"mode": "prueba"}, "«mode» admite 'demostracion', 'homologacion' o 'produccion'."),
        ({"empresas": {"AGUA": {"nombre": "x", "servicios": ["TODO"]}}}, "«empresas.AGUA.servicios.0» admite"),
        ({"public_url": "pmc.example"}, "«public_url» no tiene la forma esperada"),
        ({"public_url": 'https://x"y'}, "«public_url» no tiene la forma esperada"),
        ({"public_url": "https://x <y>"}, "«public_url» no tiene la forma esperada"),
        ({"pagomiscuentas": {"credenciales": [{"usuario": "x", "hash": "demo"}]}}, "no tiene la forma esperada"),
        ({"empresas": {"AGUA": {"nombre": "x", "plazo_reversa_horas": 0}}}, "«empresas.AGUA.plazo_reversa_horas»"),
        ({"empresas": {"AGUA": {"nombre": "x", "ventana_duplicado_minutos": -1}}}, "ventana_duplicado_minutos"),
        ({"empresas": {"AGUA": {"nombre": "x", "activa": "quizás"}}}, "«empresas.AGUA.activa» no es válido"),
        ({"db": 5}, "«db» no es válido"),
        ({"empresas": []}, "«empresas» no es válido"),
    ],
)
def test_a_wrong_value_is_refused_with_its_key(said, problem):
    [told] = problems(said)
    assert problem in told


@pytest.mark.parametrize("codigo", ["agua", "AGU", "AGUAS", "AG A", "ÑANU", ""])
def test_a_codigo_empresa_that_the_contract_does_not_know_is_refused(codigo):
    [told] = problems({"empresas": {codigo: {"nombre": "x"}}})
    assert "no tiene la forma esperada ([A-Z0-9]{4})" in re.sub(r"[\^$]", "", told)


def test_every_mistake_is_told_at_once_each_with_its_source(write):
    path = write('mode = "x"\nbd = "y"\n[empresas.AGUA]\nactiva = "z"\n')
    with pytest.raises(ConfigError) as broken:
        load(path)
    assert len(broken.value.problems) == 4
    assert all(problem.startswith(f"{path}: «") or "falta" in problem for problem in broken.value.problems)
    assert str(broken.value).splitlines() == broken.value.problems


def test_no_problem_shows_a_secret():
    told = problems({"pagomiscuentas": {"credenciales": [{"usuario": "x", "hash": "mi-secreto", "token": "otro"}]}})
    assert "mi-secreto" not in "".join(told)


def test_the_environment_is_above_the_file_and_the_command_line_above_both(write, monkeypatch):
    path = write(WHOLE)
    monkeypatch.setenv("PMC_DB", "sqlite:///entorno.db")
    monkeypatch.setenv("PMC_PUBLIC_URL", "https://entorno.example")
    monkeypatch.setenv("PMC_MODE", "produccion")
    settings = load(path)
    assert (settings.db, settings.public_url, settings.mode) == (
        "sqlite:///entorno.db",
        "https://entorno.example",
        Mode.PRODUCCION,
    )
    told = load(path, {"db": "sqlite:///orden.db", "public_url": None})
    assert (told.db, told.public_url) == ("sqlite:///orden.db", "https://entorno.example")


def test_a_wrong_value_of_the_environment_is_told_like_any_other(monkeypatch):
    monkeypatch.setenv("PMC_MODE", "x")
    assert len(problems({})) == 1


def test_the_file_is_the_one_named_else_that_of_the_environment_else_the_one_that_is_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_file(None) is None
    (tmp_path / config.FILE_DEFAULT).touch()
    assert find_file(None) == Path(config.FILE_DEFAULT)
    monkeypatch.setenv("PMC_CONFIG", "otra.toml")
    assert find_file(None) == Path("otra.toml")
    assert find_file("mia.toml") == Path("mia.toml")


@pytest.mark.parametrize("content", [b"a = ", b"\xff\xfe", b"a = 1\na = 2"])
def test_a_file_that_is_no_toml_is_told_in_one_line(tmp_path, content):
    path = tmp_path / "rota.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as broken:
        load(path)
    [problem] = broken.value.problems
    assert problem.startswith(f"{path}: no se puede leer como TOML: ")


def test_a_file_that_is_not_there_is_told_by_its_name(tmp_path):
    with pytest.raises(ConfigError, match="no existe"):
        load(tmp_path / "nada.toml")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(ConfigError):
        load(tmp_path)


@pytest.mark.parametrize(
    ("bind", "address"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("pmc.local:8080", "http://pmc.local:8080"),
    ],
)
def test_without_a_public_address_the_one_served_at_is_published(bind, address):
    assert Settings().at(bind).public_url == address


@pytest.mark.parametrize("bind", ["0.0.0.0:80", "[::]:80", ":9000", "unix:/run/pmc.sock"])
def test_an_address_that_no_caller_could_use_is_not_published(bind):
    with pytest.raises(ConfigError, match="public_url"):
        Settings().at(bind)
    assert Settings(mode=Mode.DEMOSTRACION).at(bind).public_url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("mode", [Mode.HOMOLOGACION, Mode.PRODUCCION])
def test_the_public_credentials_of_the_demonstration_are_refused_in_any_other_mode(mode):
    assert problems({**world.SETTINGS, "mode": mode}) == [
        "«pagomiscuentas.credenciales.0» es la credencial pública de la demostración.",
        "«empresas.DEMO.credenciales.0» es la credencial pública de la demostración.",
    ]


def test_without_a_file_another_mode_than_the_demonstration_needs_one(monkeypatch):
    assert world.settings({}).mode is Mode.DEMOSTRACION
    monkeypatch.setenv("PMC_MODE", "produccion")
    with pytest.raises(ConfigError, match="hace falta un archivo de configuración"):
        world.settings({})


def test_a_public_address_is_not_replaced():
    assert Settings(public_url="https://pmc.example").at("0.0.0.0:80").public_url == "https://pmc.example"


def test_settings_do_not_change_once_read():
    with pytest.raises(ValidationError):
        Settings().db = "otra"
