"""The settings as a whole: a file becomes values, with what the domain needs, and every mistake is told at once."""

import re
from datetime import date, timedelta

import pytest
from pydantic import ValidationError
from tablas import HASH, MODE, empresa, problems, with_destino

from pmc_soap.config import ConfigError, Mode, Settings, check, load
from pmc_soap.demo import world
from pmc_soap.domain.empresa import CodigoAdmitido, PoliticaConsulta, PoliticaImporte, Servicio

WHOLE = f"""
mode = "homologacion"
db = "sqlite:///una.db"
public_url = "https://pmc.example/base"

[[pagomiscuentas.credenciales]]
usuario = "pagomiscuentas"
hash = "{HASH}"
hasta = 2027-03-31

[empresas.AGUA]
nombre = "Agua S.A."
servicios = ["CONSULTA", "AVISO"]
con_base = false
pagar_en_orden = true
ventana_duplicado_minutos = 0
plazo_reversa_horas = 24
codigos = [{{ codigo = "1234" }}, {{ codigo = "0987", hasta = 2027-03-31 }}]
politica_consulta = "AMBAS"
politica_importe = "ADMITE_MAYOR"
gracia_dias = 5
plazo_consulta_ms = 2500
memoria_consulta_minutos = 60
codigos_resultado = {{ "05" = "12" }}

[[empresas.AGUA.credenciales]]
usuario = "AGUA"
hash = "{HASH}"

[empresas.AGUA.sistema]
tipo = "sql"
url = "oracle+oracledb://u:p@erp.example/base"
consulta = "with x as (select 1) select * from x"

[empresas.AGUA.destinos.erp]
tipo = "soap"
url = "https://erp.example/pmc"

[empresas.AGUA.destinos.cola-2]
tipo = "amqp"
url = "amqps://u:p@cola.example/"
cola = "pmc"
hilos = 8
esperas_segundos = [0, 60]
si_se_detiene = "SALTEA"
"""  # noqa: S608 — the SELECT is an empresa's


def test_a_whole_file_becomes_settings_and_an_empresa_of_the_domain(write):
    settings = load(write(WHOLE))
    assert (settings.mode, settings.db) == (Mode.HOMOLOGACION, "sqlite:///una.db")
    said = settings.empresas["AGUA"]
    agua = said.empresa("AGUA")
    assert agua.servicios == {Servicio.CONSULTA, Servicio.AVISO}
    assert (agua.con_base, agua.pagar_en_orden, agua.activa) == (False, True, True)
    assert agua.ventana_duplicado.total_seconds() == 0
    assert agua.plazo_reversa.total_seconds() == 24 * 3600
    assert agua.codigos == (CodigoAdmitido(codigo="1234"), CodigoAdmitido(codigo="0987", hasta=date(2027, 3, 31)))
    assert (agua.politica_consulta, agua.politica_importe) == (PoliticaConsulta.AMBAS, PoliticaImporte.ADMITE_MAYOR)
    assert (agua.gracia_dias, agua.plazo_consulta) == (5, timedelta(seconds=2.5))
    assert agua.memoria_consulta == timedelta(hours=1)
    assert agua.destinos == ("erp", "cola-2")
    assert said.codigos_resultado == {"05": "12"}
    assert [(c.hash, c.hasta) for c in settings.pagomiscuentas.credenciales] == [(HASH, date(2027, 3, 31))]
    cola = said.destinos["cola-2"]
    assert (cola.hilos, cola.saltea) == (8, True)
    assert cola.esperas == (timedelta(), timedelta(minutes=1))
    assert said.sistema.url.get_secret_value() == "oracle+oracledb://u:p@erp.example/base"


def test_an_empresa_that_says_only_its_name_is_one_with_the_defaults_of_the_domain():
    from pmc_soap.domain.empresa import Empresa

    settings = check(empresa())
    assert settings.empresas["1234"].empresa("1234") == Empresa(codigo_empresa="1234", nombre="Club Ejemplo")


def test_a_destino_that_says_nothing_else_has_the_schedule_of_the_domain():
    from pmc_soap.domain.entrega import ESPERAS

    erp = check(with_destino("soap")).empresas["1234"].destinos["erp"]
    assert (erp.esperas, erp.saltea, erp.hilos) == (ESPERAS, False, 4)


def test_an_empty_file_is_production_with_all_services_for_nobody(write):
    settings = load(write(""), {"db": "postgresql+psycopg://x/y", "public_url": "https://pmc.example"})
    assert (settings.mode, settings.empresas) == (Mode.PRODUCCION, {})
    assert settings.pagomiscuentas.credenciales == []


@pytest.mark.parametrize("codigo", ["agua", "AGU", "AGUAS", "AG A", "ÑANU", ""])
def test_a_codigo_empresa_that_the_contract_does_not_know_is_refused(codigo):
    [told] = problems({**MODE, "empresas": {codigo: {"nombre": "x"}}})
    assert "no tiene la forma esperada ([A-Z0-9]{4})" in re.sub(r"[\^$]", "", told)


def test_every_mistake_is_told_at_once_each_with_its_source(write):
    path = write('mode = "x"\nbd = "y"\n[empresas.AGUA]\nactiva = "z"\n')
    with pytest.raises(ConfigError) as broken:
        load(path)
    assert len(broken.value.problems) == 4
    assert all(problem.startswith(f"{path}: «") or "falta" in problem for problem in broken.value.problems)
    assert str(broken.value).splitlines() == broken.value.problems


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


def test_a_public_address_is_not_replaced():
    assert Settings(public_url="https://pmc.example").at("0.0.0.0:80").public_url == "https://pmc.example"


def test_without_a_file_another_mode_than_the_demonstration_needs_one(monkeypatch):
    assert world.settings({}).mode is Mode.DEMOSTRACION
    monkeypatch.setenv("PMC_MODE", "produccion")
    with pytest.raises(ConfigError, match="hace falta un archivo de configuración"):
        world.settings({})


def test_settings_do_not_change_once_read():
    with pytest.raises(ValidationError):
        Settings().db = "otra"
