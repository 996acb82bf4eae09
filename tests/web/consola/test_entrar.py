"""Coming into the consola, going out, and the forms that nobody else can send."""

from datetime import timedelta

import pytest
from persona import Persona

from pmc_soap.domain.usuario import PERMISOS, Permiso, Rol
from pmc_soap.wiring import paginas

CLAVE = "caballo grapa pila correcta"


@pytest.fixture
def browser(gateway):
    """Give a browser, and a person that may enter."""
    gateway.house.usuarios.add("ana", "Ana", Rol.ADMINISTRADOR, CLAVE, operador="prueba")
    return Persona(gateway.app)


def enter(browser, usuario="ana", clave=CLAVE, status=200, address="/consola/"):
    browser.get(address)
    return browser.submit("Entrar", status=status, usuario=usuario, clave=clave)


def test_who_enters_gets_to_the_page_that_was_asked_for(browser):
    enter(browser, address="/consola/auditoria?accion=ENTRADA")
    assert browser.page.request.path == "/consola/auditoria"
    assert "Entró a la consola" in browser.text
    assert browser.page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("said", [{"clave": "otra cosa larga"}, {"usuario": "nadie"}, {"usuario": "<b>"}])
def test_a_wrong_clave_and_a_stranger_are_told_the_same(browser, said):
    assert "El usuario o la clave no coinciden." in enter(browser, status=422, **said).text


def test_after_five_wrong_claves_even_the_right_one_waits_a_minute(browser):
    for _ in range(5):
        enter(browser, clave="equivocada del todo", status=422)
    assert "esperá un minuto" in enter(browser, status=422).text


def test_a_page_of_another_site_is_never_gone_to_after_entering(browser):
    for volver in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/consola/\\..",
        "/consola/%0d%0aX: 1",
    ):
        Persona(browser.client.application)
        address = f"/consola/entrar?volver={volver}"
        browser.get(address)
        assert browser.doc.forms[0].fields["volver"] == "/consola/"


def test_who_leaves_is_out_also_with_the_old_cookie(browser, gateway):
    enter(browser)
    token = browser.client.get_cookie("pmc_sesion").value
    browser.submit("Salir")
    assert "Saliste" in browser.text
    assert gateway.house.usuarios.who(token) is None
    assert browser.get("/consola/").request.path == "/consola/entrar"


def test_a_session_ends_by_itself_when_nobody_uses_it_and_after_twelve_hours(browser, gateway):
    token = gateway.house.usuarios.open(gateway.house.ledger.libro_usuarios.find("ana"))
    for _ in range(24):
        gateway.clock.instant += timedelta(minutes=29)
        assert gateway.house.usuarios.who(token)
    gateway.clock.instant += timedelta(minutes=29)
    assert gateway.house.usuarios.who(token) is None
    other = gateway.house.usuarios.open(gateway.house.ledger.libro_usuarios.find("ana"))
    gateway.clock.instant += timedelta(minutes=30)
    assert gateway.house.usuarios.who(other) is None


def test_the_cookie_of_a_session_is_for_http_alone_and_goes_to_no_other_site(browser):
    enter(browser)
    cookie = browser.client.get_cookie("pmc_sesion")
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")


def test_one_changes_ones_own_clave_and_enters_with_it(browser):
    enter(browser)
    browser.get("/consola/cuenta")
    browser.submit("Cambiar la clave", status=422, clave=CLAVE, nueva="corta", otra_vez="corta")
    assert "12 caracteres" in browser.text
    browser.submit("Cambiar la clave", status=422, clave="no es esa clave", nueva=CLAVE[::-1], otra_vez=CLAVE[::-1])
    assert "La clave de ahora no es esa." in browser.text
    browser.submit("Cambiar la clave", clave=CLAVE, nueva=CLAVE[::-1], otra_vez=CLAVE[::-1])
    assert "Entrá con la nueva" in browser.text
    enter(browser, clave=CLAVE[::-1])
    assert browser.page.request.path == "/consola/"


def test_a_new_person_enters_once_with_the_clave_shown_and_must_choose_another(browser, gateway):
    enter(browser)
    browser.get("/consola/usuarios")
    browser.submit("Dar entrada", usuario="Beto", nombre="Beto", rol="finanzas")
    [unica] = browser.doc.xpath("//p[@role='status']//code/text()")
    assert "beto" in browser.text
    beto = Persona(gateway.app)
    enter(beto, "beto", unica)
    assert beto.page.request.path == "/consola/cuenta"
    assert beto.get("/consola/").request.path == "/consola/cuenta"
    beto.get("/consola/cuenta")
    beto.submit("Cambiar la clave", clave=unica, nueva="otra frase bien larga", otra_vez="otra frase bien larga")
    enter(beto, "beto", "otra frase bien larga")
    assert beto.page.request.path == "/consola/"
    beto.get("/consola/usuarios", status=403)
    assert "Con el rol finanzas esto no se puede" in beto.text


def test_who_may_no_longer_enter_is_out_at_once_and_the_last_administrator_stays(browser, gateway):
    gateway.house.usuarios.add("beto", "Beto", Rol.OPERADOR, CLAVE, operador="prueba")
    beto = Persona(gateway.app)
    enter(beto, "beto")
    enter(browser)
    browser.get("/consola/usuarios")
    page = browser.client.post("/consola/usuarios/beto", data={"accion": "baja", "csrf": browser.csrf})
    assert page.status_code == 303
    assert beto.get("/consola/").request.path == "/consola/entrar"
    enter(beto, "beto", status=422)
    word = browser.get("/consola/usuarios") and browser.csrf
    browser.client.post("/consola/usuarios/ana", data={"accion": "baja", "csrf": word})
    assert "Es la única persona que administra" in browser.get("/consola/usuarios").text


def test_what_was_done_to_people_stays_written(browser, gateway):
    enter(browser)
    browser.get("/consola/usuarios")
    browser.submit("Dar entrada", usuario="beto", nombre="Beto", rol="auditor")
    browser.get("/consola/auditoria?accion=USUARIO_ALTA&operador=ana")
    assert [row[1:3] for row in browser.rows()] == [["ana", "Dio entrada a una persona"]]
    assert "auditor" in browser.rows()[0][4]


# Forms --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "headers"),
    [
        ("", {}),
        ("x" * 64, {}),
        (None, {"Origin": "https://evil.example"}),
        (None, {"Sec-Fetch-Site": "cross-site"}),
        (None, {"Sec-Fetch-Site": "same-site"}),
    ],
)
def test_a_form_of_another_site_changes_nothing(browser, gateway, word, headers):
    enter(browser)
    browser.get("/consola/usuarios")
    word = browser.csrf if word is None else word
    said = {"csrf": word, "usuario": "evil", "nombre": "", "rol": "administrador"}
    assert browser.client.post("/consola/usuarios", data=said, headers=headers).status_code == 403
    assert gateway.house.ledger.libro_usuarios.find("evil") is None


def test_a_word_that_was_planted_in_a_cookie_does_not_open_a_session_s_forms(browser, gateway):
    enter(browser)
    browser.client.set_cookie("pmc_csrf", "planted")
    said = {"csrf": "planted", "usuario": "evil", "nombre": "", "rol": "administrador"}
    assert browser.client.post("/consola/usuarios", data=said).status_code == 403


# Roles --------------------------------------------------------------------------------------------------------------


def test_every_page_opens_to_the_roles_of_its_permission_and_to_no_other(gateway, entrar):
    app = paginas.build(gateway.house, ["/soap/v1/pagomiscuentas"])
    views = {
        rule.rule: app.view_functions[rule.endpoint].permiso
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("consola.") and not rule.arguments and "GET" in rule.methods
        if hasattr(app.view_functions[rule.endpoint], "permiso")
    }
    for rol in Rol:
        person = entrar(rol)
        wrong = {
            address: permiso
            for address, permiso in views.items()
            if (person.client.get(address, buffered=True).status_code == 403) == (permiso in PERMISOS[rol])
        }
        assert wrong == {}, rol


def test_the_menu_offers_what_the_role_may_see(entrar):
    assert "Auditoría" in entrar(Rol.AUDITOR).get("/consola/").text
    assert "Auditoría" not in entrar(Rol.INTEGRADOR).get("/consola/").text
    assert Permiso.VER_PERSONALES not in PERMISOS[Rol.INTEGRADOR]
