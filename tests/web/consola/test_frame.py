"""What all pages of the consola share."""

from persona import Persona

from pmc_soap.domain.usuario import Rol


def test_nobody_comes_in_without_a_session(gateway):
    assert Persona(gateway.app).client.get("/consola/").status_code in {302, 303, 401}


def test_a_page_says_the_mode_and_who_is_looking(entrar):
    persona = entrar(Rol.FINANZAS)
    page = persona.get("/consola/").text
    assert "HOMOLOGACIÓN" in page
    assert "Prueba de finanzas" in page
