"""What the configuration in force is, who may call, and a secret that is made and shown once."""

import re

import gateway as g
import pytest
from fakes import bases

from pmc_soap import config
from pmc_soap.domain.usuario import Rol
from pmc_soap.soap.credenciales import hash_secret

HASH = hash_secret(g.TOKEN_PMC, "bb")
SAID = g.SETTINGS | {
    "pagomiscuentas": {
        "credenciales": [
            {"usuario": "vieja", "hash": HASH, "hasta": g.TODAY.replace(day=14)},
            {"usuario": "pagomiscuentas", "hash": HASH, "hasta": g.TODAY},
        ],
        "certificados": ["CN=pmc.example"],
        "redes": ["200.16.0.0/24"],
    }
}


@pytest.fixture
def gateway(tmp_path):
    with g.gateway_on(g.make_template(tmp_path), tmp_path, SAID) as opened:
        yield opened


def rows(persona):
    return [
        [" ".join(cell.text_content().split()) for cell in row] for row in persona.doc.iterfind(".//main//tbody/tr")
    ]


def test_what_was_told_is_shown_key_by_key_with_what_it_is(persona):
    persona.get("/consola/configuracion")
    told = {row[0]: row[1:] for row in rows(persona)}
    assert told["mode"][0] == '"homologacion"'
    assert told["public_url"] == ['"https://pmc.example"', config.Settings.model_fields["public_url"].description]
    assert "puerta" not in told
    assert HASH.rpartition("$")[2] not in persona.page.text


def test_what_is_by_default_is_shown_where_it_is_asked_for(persona):
    persona.get("/consola/configuracion")
    persona.submit("Ver", todas="1")
    assert ["puerta", '"compilada" por defecto'] in [row[:2] for row in rows(persona)]
    persona.submit("Ver", clave="PLAZO_CONSULTA")
    found = {row[0]: row[1] for row in rows(persona)}
    assert found == {"plazo_consulta_ms": "500"}  # the last empresa, which tells it
    assert "4000 por defecto" in persona.text
    assert "LENT" in persona.text
    persona.submit("Ver", clave="no-hay-tal-clave")
    assert "Ninguna clave se llama así" in persona.text


def test_who_may_call_is_shown_with_how_long(persona):
    persona.get("/consola/credenciales")
    found = [row[1:] for row in rows(persona) if row[0].startswith("PagoMisCuentas")]
    start = HASH.rpartition("$")[2][:8]
    assert found == [
        ["vieja", start, "Venció el 14/07/2025", "200.16.0.0/24"],
        ["pagomiscuentas", start, "Hasta el 15/07/2025", "200.16.0.0/24"],
        ["certificado", "CN=pmc.example", "Siempre", "200.16.0.0/24"],
    ]
    assert HASH not in persona.page.text


def test_a_new_secret_is_shown_once_and_lets_in_where_its_line_is_written(persona, gateway):
    persona.get("/consola/credenciales")
    persona.submit("Crear", de="DEMO")
    [secreto, linea] = [persona.doc.get_element_by_id(each).text for each in ("secreto", "linea")]
    usuario, hash_ = re.fullmatch(r'\{ usuario = "(.*)", hash = "(.*)" \}', linea).groups()
    assert usuario == "DEMO"
    assert hash_ == hash_secret(secreto, hash_.split("$")[1])
    acta = bases.rows(gateway.url, "auditoria")[-1]
    assert (acta["accion"], acta["codigo_empresa"]) == ("CREDENCIAL_CREADA", "DEMO")
    assert secreto not in str(acta)
    assert hash_ not in str(acta)
    persona.get("/consola/credenciales")
    assert secreto not in persona.page.text


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"de": "DEMO", "usuario": "a:b"}, "El usuario va sin dos puntos"),
        ({"de": "NADIE"}, "Elegí de quién es."),
        ({"de": "DEMO", "usuario": "x" * 65}, "Elegí de quién es."),
    ],
)
def test_what_can_be_no_credential_is_told(persona, gateway, fields, why):
    persona.get("/consola/credenciales")
    persona.submit("Crear", 422, **fields)
    assert why in persona.text
    assert bases.rows(gateway.url, "auditoria") == []


@pytest.mark.parametrize("rol", [Rol.OPERADOR, Rol.FINANZAS])
def test_who_has_no_business_there_is_not_let_in(entrar, rol):
    who = entrar(rol)
    for page in ("configuracion", "credenciales"):
        assert who.client.get(f"/consola/{page}").status_code == 403
    who.get("/consola/")
    assert "Credenciales" not in who.page.text


@pytest.mark.parametrize("rol", [Rol.INTEGRADOR, Rol.AUDITOR])
def test_who_may_see_them_may_not_make_any(entrar, rol):
    who = entrar(rol)
    who.get("/consola/configuracion")
    who.get("/consola/credenciales")
    assert "Crear un secreto" not in who.text
    assert who.client.post("/consola/credenciales", data={"de": "DEMO", "csrf": who.csrf}).status_code == 403
