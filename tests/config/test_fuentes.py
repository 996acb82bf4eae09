"""Where the settings come from: command line, environment, secret files, TOML file, the first that tells a key wins."""

import json
from pathlib import Path

import pytest
from tablas import HASH, MODE, WEBHOOK, empresa, problems, refused, with_destino, with_sistema

from pmc_soap import config
from pmc_soap.config import Mode, check, find_file, load, of_file, read, vista

TOML = """
mode = "homologacion"
db = "sqlite:///una.db"
[empresas.AGUA]
nombre = "Agua S.A."
[empresas.AGUA.sistema]
tipo = "soap"
url = "https://erp.example/pmc"
token = "del-archivo"
"""


def token(settings):
    return settings.empresas["AGUA"].sistema.token.get_secret_value()


@pytest.fixture
def secrets(tmp_path):
    """Make a folder of secret files."""
    folder = tmp_path / "secretos"
    folder.mkdir()

    def write(**files):
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
        return folder

    return write


def test_the_environment_is_above_the_file_and_the_command_line_above_both(write, monkeypatch):
    path = write(TOML)
    monkeypatch.setenv("PMC_DB", "postgresql+psycopg://entorno.example/pmc")
    monkeypatch.setenv("PMC_PUBLIC_URL", "https://entorno.example")
    monkeypatch.setenv("PMC_MODE", "demostracion")
    settings = load(path)
    assert (settings.db, settings.public_url, settings.mode) == (
        "postgresql+psycopg://entorno.example/pmc",
        "https://entorno.example",
        Mode.DEMOSTRACION,
    )
    told = load(path, {"db": "sqlite:///orden.db", "public_url": None})
    assert (told.db, told.public_url) == ("sqlite:///orden.db", "https://entorno.example")


def test_each_source_goes_before_the_one_below_it_key_by_key(write, secrets, monkeypatch):
    path = write(TOML)
    assert token(load(path)) == "del-archivo"
    monkeypatch.setenv("PMC_SECRETS", str(secrets(empresas__AGUA__sistema__token=" de-la-carpeta\n")))
    assert token(load(path)) == "de-la-carpeta"
    monkeypatch.setenv("PMC_EMPRESAS__AGUA__SISTEMA__TOKEN", "del-entorno")
    settings = load(path)
    assert token(settings) == "del-entorno"
    assert settings.empresas["AGUA"].nombre == "Agua S.A."


def test_the_folder_of_secrets_may_be_told_by_the_file_and_hold_what_is_not_ours(write, secrets):
    folder = secrets(empresas__agua__sistema__token="de-la-carpeta", otra_cosa="x", db="sqlite:///carpeta.db")
    settings = load(write(f'secretos_dir = "{folder}"\n{TOML}'.replace('db = "sqlite:///una.db"', "")))
    assert (token(settings), settings.db) == ("de-la-carpeta", "sqlite:///carpeta.db")


def test_a_list_and_a_table_of_the_environment_are_json(monkeypatch):
    monkeypatch.setenv("PMC_EMPRESAS__1234__SERVICIOS", '["AVISO"]')
    monkeypatch.setenv("PMC_PAGOMISCUENTAS__CREDENCIALES", json.dumps([{"usuario": "u", "hash": HASH}]))
    monkeypatch.setenv("PMC_EMPRESAS__1234__DESTINOS__ERP__ESPERAS_SEGUNDOS", "[1, 2]")
    monkeypatch.setenv("PMC_EMPRESAS__1234__DESTINOS__ERP__HILOS", "7")
    monkeypatch.setenv("PMC_EMPRESAS__1234__GRACIA_DIAS", "3")
    settings = check(with_destino("soap"))
    said = settings.empresas["1234"]
    assert (said.servicios, said.gracia_dias) == (["AVISO"], 3)
    assert (said.destinos["erp"].esperas_segundos, said.destinos["erp"].hilos) == ([1, 2], 7)
    assert settings.pagomiscuentas.credenciales[0].hash == HASH


def test_a_problem_names_the_variable_the_file_of_the_folder_or_the_command_line(write, secrets, monkeypatch):
    folder = secrets(empresas__AGUA__sistema__url="erp", empresas__AGUA__sistema__clve="x")
    monkeypatch.setenv("PMC_SECRETS", str(folder))
    monkeypatch.setenv("PMC_EMPRESAS__AGUA__GRACIA_DIAS", "muchos")
    monkeypatch.setenv("PMC_EMPRESAS__AGUA__SERVICIOS", "AVISO")
    monkeypatch.setenv("PMC_EMPRESAS__NUEV__ACTIVA", "true")
    path = write(TOML.replace('tipo = "soap"', 'tipo = "soap"\ntokn = "x"'))
    with refused() as broken:
        load(path, {"public_url": "x"})
    told = {problem.split("«")[1].split("»")[0]: problem.split(": ")[0] for problem in broken.value.problems}
    assert told == {
        "public_url": "línea de comandos (--public-url)",
        "empresas.AGUA.gracia_dias": "variable PMC_EMPRESAS__AGUA__GRACIA_DIAS",
        "empresas.AGUA.servicios": "variable PMC_EMPRESAS__AGUA__SERVICIOS",
        "empresas.AGUA.sistema.url": f"{folder}/empresas__AGUA__sistema__url",
        "empresas.AGUA.sistema.clve": f"{folder}/empresas__AGUA__sistema__clve",
        "empresas.AGUA.sistema.tokn": str(path),
        "empresas.NUEV.nombre": "variable PMC_EMPRESAS__NUEV__ACTIVA",
    }


def test_a_wrong_value_of_the_environment_is_told_like_any_other(monkeypatch):
    monkeypatch.setenv("PMC_MODE", "x")
    assert len(problems({})) == 1


def test_a_variable_that_is_almost_ours_is_told_and_any_other_is_somebody_elses(monkeypatch):
    monkeypatch.setenv("PMC_TEST_POSTGRES", "x")
    monkeypatch.setenv("PMC_REQUIRE_SERVERS", "1")
    assert check(MODE).mode is Mode.HOMOLOGACION
    monkeypatch.setenv("PMC_PUBIC_URL", "https://x")
    monkeypatch.setenv("PMC_EMPRESA__1234__NOMBRE", "x")
    assert problems(MODE) == [
        "entorno: «PMC_PUBIC_URL» no existe. ¿Quisiste decir «PMC_PUBLIC_URL»?",
        "entorno: «PMC_EMPRESA__1234__NOMBRE» no existe. ¿Quisiste decir «PMC_EMPRESAS»?",
    ]


def test_a_folder_of_secrets_that_is_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PMC_SECRETS", str(tmp_path / "nada"))
    assert problems(MODE) == [f"{tmp_path}/nada: la carpeta de secretos no existe."]


def test_a_folder_of_secrets_that_is_no_text_is_told_without_what_it_holds(secrets, monkeypatch):
    folder = secrets()
    (folder / "db").write_bytes(b"\xff\xfe")
    monkeypatch.setenv("PMC_SECRETS", str(folder))
    assert problems(MODE) == [f"{folder}: la carpeta de secretos no se puede leer."]


def test_a_secret_may_be_in_a_file_or_a_variable_that_the_settings_name(tmp_path, monkeypatch):
    (tmp_path / "webhook").write_text(f"\n  {WEBHOOK}\n", encoding="utf-8")
    monkeypatch.setenv("ERP_CLAVE", "la-clave")
    in_file = check(with_destino("json", secreto={"archivo": str(tmp_path / "webhook")}))
    in_variable = check(with_sistema("json", encabezados={"X-Api-Key": {"entorno": "ERP_CLAVE"}}))
    assert in_file.empresas["1234"].destinos["erp"].secretos == (WEBHOOK,)
    assert in_variable.empresas["1234"].sistema.encabezados["X-Api-Key"].get_secret_value() == "la-clave"
    (tmp_path / "db").write_text("postgresql+psycopg://u:p@x/y", encoding="utf-8")
    assert check({**MODE, "db": {"archivo": str(tmp_path / "db")}}).db == "postgresql+psycopg://u:p@x/y"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"archivo": "/no/esta"}, "pide el archivo «/no/esta», que no existe"),
        ({"archivo": "/"}, "pide el archivo «/», que no se puede leer"),
        ({"archivo": "/dev/null"}, "pide el archivo «/dev/null», que está vacío"),
        ({"archivo": "x\x00"}, "que no se puede leer"),
        ({"entorno": "PMC_NO_ESTA"}, "pide la variable de entorno «PMC_NO_ESTA», que no está definida"),
        ({"archivo": "x", "entorno": "y"}, 'se escribe como texto, { archivo = "/ruta" } o { entorno = "VARIABLE" }'),
        ({}, 'se escribe como texto, { archivo = "/ruta" } o { entorno = "VARIABLE" }'),
    ],
)
def test_a_place_that_holds_no_secret_is_told(said, problem):
    [told] = problems(with_sistema("soap", token=said))
    assert told.startswith("«empresas.1234.sistema.token» ")
    assert problem in told


def test_two_keys_sign_while_one_is_changed_for_the_other():
    other = "whsec_" + "QUJD" * 8
    settings = check(with_destino("json", secreto_anterior=other))
    assert settings.empresas["1234"].destinos["erp"].secretos == (WEBHOOK, other)


def test_no_repr_of_the_settings_shows_a_secret(monkeypatch):
    monkeypatch.setenv("PMC_EMPRESAS__1234__SISTEMA__TOKEN", "mi-secreto")
    settings = check(with_sistema("soap", usuario="u", clave="mi-secreto"))
    assert "mi-secreto" not in repr(settings) + str(settings)


def test_what_is_in_force_is_shown_with_its_source_and_without_secrets(write, tmp_path, monkeypatch):
    (tmp_path / "token").write_text("mi-secreto", encoding="utf-8")
    path = write(TOML.replace('token = "del-archivo"', f'token = {{ archivo = "{tmp_path}/token" }}'))
    monkeypatch.setenv("PMC_DB", "postgresql+psycopg://u:mi-secreto@x/y?password=mi-secreto&a=b")
    shown = {one.clave: (one.valor, one.fuente) for one in vista.show(read(of_file(path), {"public_url": "https://x"}))}
    assert shown["mode"] == ("homologacion", str(path))
    assert shown["db"] == ("postgresql+psycopg://u:•••@x/y?password=•••&a=•••", "variable PMC_DB")
    assert shown["public_url"] == ("https://x", "línea de comandos (--public-url)")
    assert shown["empresas.AGUA.gracia_dias"] == (0, "por defecto")
    assert shown["empresas.AGUA.sistema.token"] == ("•••", f"{path} → {tmp_path}/token")
    assert "mi-secreto" not in str(shown)


def test_the_options_of_an_empresas_own_code_and_the_hashes_are_not_shown():
    said = with_sistema("python", opciones={"clave": "mi-secreto"}) | {
        "pagomiscuentas": {"credenciales": [{"usuario": "u", "hash": HASH}]}
    }
    shown = {one.clave: one.valor for one in vista.show(read(config.Fuente("x", said, {})))}
    assert shown["empresas.1234.sistema.opciones"] == "•••"
    assert shown["pagomiscuentas.credenciales.0.hash"] == "•••"


def test_the_file_is_the_one_named_else_that_of_the_environment_else_the_one_that_is_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_file(None) is None
    (tmp_path / config.FILE_DEFAULT).touch()
    assert find_file(None) == Path(config.FILE_DEFAULT)
    monkeypatch.setenv("PMC_CONFIG", "otra.toml")
    assert find_file(None) == Path("otra.toml")
    assert find_file("mia.toml") == Path("mia.toml")
    monkeypatch.setenv("PMC_CONFIG", "")
    assert find_file(None) is None


def test_a_file_that_is_not_there_is_told_by_its_name(tmp_path):
    with pytest.raises(config.ConfigError, match="no existe"):
        load(tmp_path / "nada.toml")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(config.ConfigError, match="es una carpeta"):
        load(tmp_path)


def test_the_environment_alone_can_say_an_empresa(monkeypatch):
    monkeypatch.setenv("PMC_EMPRESAS__AGUA__NOMBRE", "Agua")
    assert check({**empresa()}).empresas["AGUA"].nombre == "Agua"


def test_a_file_of_an_editor_that_marks_its_encoding_is_read(tmp_path):
    path = tmp_path / "pmc-soap.toml"
    path.write_text(TOML, encoding="utf-8-sig")
    assert load(path).mode is Mode.HOMOLOGACION


def test_a_folder_of_secrets_as_kubernetes_mounts_it_is_read(secrets, monkeypatch):
    folder = secrets()
    (folder / "..2027").mkdir()
    (folder / "..2027" / "empresas__1234__sistema__token").write_text("montado", encoding="utf-8")
    (folder / "..data").symlink_to("..2027")
    (folder / "empresas__1234__sistema__token").symlink_to("..data/empresas__1234__sistema__token")
    monkeypatch.setenv("PMC_SECRETS", str(folder))
    leida = read(config.Fuente("x", with_sistema("soap"), {}))
    assert leida.settings.empresas["1234"].sistema.token.get_secret_value() == "montado"
    path = ("empresas", "1234", "sistema", "token")
    assert leida.source_of(path) == f"{folder}/empresas__1234__sistema__token"


@pytest.mark.parametrize(
    "url", ["postgresql://u:mi-secreto@x/y", "postgresql://u:mi@mi-secreto@x/y", "https://x/?token=mi-secreto"]
)
def test_a_password_inside_an_address_is_not_shown(url):
    shown = [one.valor for one in vista.show(read(config.Fuente("x", {**MODE, "db": url}, {})))]
    assert "mi-secreto" not in str(shown)
