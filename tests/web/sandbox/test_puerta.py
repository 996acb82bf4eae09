"""Who may play: all on the machine of the demonstration; elsewhere nobody unless it is switched on, and then few."""

from contextlib import ExitStack
from dataclasses import replace

import gateway as g
import pytest
from persona import Persona

from pmc_soap import config, wiring
from pmc_soap.domain.usuario import Rol, Usuario
from pmc_soap.wiring import paginas

TOKENS = {"token": g.TOKEN_PMC, "token_empresa": g.TOKEN_DEMO}


@pytest.fixture
def play(world, tmp_path):
    """Serve the world of the tests, in homologation, with a sandbox of those settings and that role looking."""
    with ExitStack() as stack:

        def begin(rol=Rol.INTEGRADOR, **sandbox):
            url, doors = stack.enter_context(g.serving_later())
            said = {"sandbox": {"empresa": "DEMO", "url": url, **sandbox}}
            gateway = stack.enter_context(g.gateway_on(world, tmp_path, g.SETTINGS | said))
            doors.append(gateway.app)
            persona = Persona(pages(gateway.house, Usuario(usuario=str(rol), nombre="Prueba", rol=rol)))
            persona.gateway = gateway
            return persona

        yield begin


def pages(house, who):
    """Build the pages as that person sees them."""
    casa = replace(paginas.build_casa(house), quien=lambda _: who and (who, False))
    return paginas.build_with(house, [g.PMC, g.EMPRESA], casa)


@pytest.mark.parametrize("address", ["/sandbox", "/sandbox/", "/sandbox/empresa", "/sandbox/erp"])
def test_off_there_is_nothing_there(gateway, address):
    assert Persona(gateway.app).client.get(address).status_code == 404


@pytest.mark.parametrize(("sandbox", "status"), [({}, 404), ({"activo": False}, 404), ({"activo": True}, 200)])
def test_production_has_no_sandbox_unless_it_is_switched_on(tmp_path, sandbox, status):
    said = g.SETTINGS | {"mode": "produccion", "acepta_sqlite": True, "db": f"sqlite:///{tmp_path / 'x.db'}"}
    who = Usuario(usuario="ana", nombre="Ana", rol=Rol.ADMINISTRADOR)
    with wiring.build(config.check(said | {"sandbox": sandbox})) as house:
        assert Persona(pages(house, who)).client.get("/sandbox/").status_code == status


def test_nobody_plays_without_a_session_where_it_is_no_demonstration(world, tmp_path):
    with g.gateway_on(world, tmp_path, g.SETTINGS | {"sandbox": {"activo": True}}) as gateway:
        assert Persona(pages(gateway.house, None)).client.get("/sandbox/").status_code in {302, 303, 401}


@pytest.mark.parametrize(
    ("rol", "status"),
    [
        (Rol.INTEGRADOR, 200),
        (Rol.OPERADOR, 200),
        (Rol.ADMINISTRADOR, 200),
        (Rol.FINANZAS, 403),
        (Rol.AUDITOR, 403),
    ],
)
def test_in_homologation_only_some_roles_may_play(play, rol, status):
    persona = play(rol, activo=True, **TOKENS)
    assert persona.client.get("/sandbox/").status_code == status
    assert persona.client.post("/sandbox/pago").status_code == 403


def test_where_money_is_no_toy_it_is_said_and_no_secret_is_shown(play):
    persona = play(activo=True, **TOKENS)
    persona.get("/sandbox/?id_cliente=1000001")
    assert "Prueba" in persona.doc.find_class("quien")[0].text_content()
    assert "Acá no hay dinero de juguete" in persona.text
    assert "$ 18.540,75" in persona.text
    assert "TU_TOKEN" in persona.text
    for secret in TOKENS.values():
        assert secret not in persona.page.text
    assert "El sistema de la empresa" not in persona.text
    persona.get("/sandbox/empresa")
    persona.submit("Generar factura", vence="2025-08-01")
    assert "AltaFactura" in persona.text
    for secret in TOKENS.values():
        assert secret not in persona.page.text


def test_without_the_credential_of_the_empresa_its_page_is_not_there(play):
    persona = play(activo=True, token=g.TOKEN_PMC)
    persona.get("/sandbox/")
    assert "Ir a la web de la empresa" not in persona.text
    assert persona.client.get("/sandbox/empresa").status_code == 404


def test_a_credential_that_is_refused_and_a_gateway_that_is_not_there_are_told_in_words(play):
    persona = play(activo=True, token="otro", url="http://127.0.0.1:1")
    persona.get("/sandbox/?id_cliente=1000001")
    assert "No se pudo leer el contrato en http://127.0.0.1:1." in persona.text


def test_a_wrong_credential_is_told_with_what_to_do(play):
    persona = play(activo=True, token="otro")
    persona.get("/sandbox/?id_cliente=1000001")
    assert "PMC-2002" in persona.text


def test_who_sent_an_aviso_that_counts_stays_written(play):
    persona = play(Rol.OPERADOR, activo=True, **TOKENS)
    persona.get("/sandbox/?id_cliente=1000001")
    persona.submit("Pagar y avisar dos veces a la vez")
    actas = [dict(row) for row in persona.gateway.rows("auditoria")]
    assert [(row["operador"], row["accion"], row["motivo"]) for row in actas] == [
        ("operador", "SIMULACION", "AvisoPago desde el sandbox")
    ] * 2
    assert len({row["id_aviso"] for row in actas}) == 1
    assert "18540.75" in str(actas[0]["despues"])
    assert TOKENS["token"] not in str(actas)


@pytest.mark.parametrize(("rol", "sees"), [(Rol.INTEGRADOR, False), (Rol.OPERADOR, True)])
def test_the_name_of_a_cliente_is_shown_to_who_may_see_it_and_veiled_to_others(play, rol, sees):
    persona = play(rol, activo=True, **TOKENS)
    page = persona.get("/sandbox/?id_cliente=1000001").text
    assert page.count("Ana Muñoz") == (2 if sees else 0)
    assert "NombreCliente" in page


def test_where_pagos_are_real_nobody_plays_at_settling_them(play):
    persona = play(activo=True, **TOKENS)
    persona.get("/sandbox/")
    assert "El COB de hoy" not in persona.text
    assert persona.client.get("/sandbox/cob").status_code == 404
