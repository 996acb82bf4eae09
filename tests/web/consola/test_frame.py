"""What all pages of the consola share."""

from persona import Persona

from pmc_soap.domain.usuario import Rol
from pmc_soap.operations.ports import Unavailable


def test_nobody_comes_in_without_a_session(gateway):
    assert Persona(gateway.app).client.get("/consola/").status_code in {302, 303, 401}


def test_a_page_says_the_mode_and_who_is_looking(entrar):
    persona = entrar(Rol.FINANZAS)
    page = persona.get("/consola/").text
    assert "HOMOLOGACIÓN" in page
    assert "Prueba de finanzas" in page


def test_a_database_that_does_not_answer_is_told_in_words(gateway, entrar, monkeypatch):
    def away(*_args, **_said):
        raise Unavailable("secreto")

    persona = entrar()
    monkeypatch.setattr("pmc_soap.storage.listado.SqlListado.pagos", away)
    page = persona.get("/consola/pagos", status=503).text
    assert "La base de datos no respondió a tiempo" in page
    assert "secreto" not in page
