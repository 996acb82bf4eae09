"""The help: a page for each error, the result codes and the limits, as the edge has them; in any browser, alone."""

import re

import gateway as g
import pytest
from lxml import etree, html
from werkzeug.test import Client

from pmc_soap.soap.codigos import CODIGOS
from pmc_soap.soap.fallas import Causa
from pmc_soap.soap.limites import LIMITES
from pmc_soap.web.app import build
from pmc_soap.web.ayuda import Limite
from pmc_soap.web.consejos import CASOS, QUE_HACER
from pmc_soap.wiring.errores import read_ayuda

AYUDA = read_ayuda()
FALLAS = [causa.value for causa in Causa]
INDEX, CODES = "/ayuda/errores/", "/ayuda/codigos"
PAGES = ["/", INDEX, CODES, *(f"{INDEX}{falla.codigo}" for falla in FALLAS)]

each_falla = pytest.mark.parametrize("falla", FALLAS, ids=lambda falla: falla.codigo)


@pytest.fixture(scope="module")
def client():
    paths = ["/soap/v1/pagomiscuentas", "/soap/v1/empresa"]
    return Client(build(ready=lambda: True, mode="demostracion", soap_paths=paths, ayuda=AYUDA))


def page(client, path):
    """Give a page as a tree."""
    response = client.get(path)
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8")
    return html.fromstring(response.text)


def words(tree):
    return " ".join(tree.text_content().split())


# What is shown is what is answered ----------------------------------------------------------------------------------


@each_falla
def test_the_page_of_an_error_says_all_that_its_row_says(client, falla):
    shown = page(client, f"{INDEX}{falla.codigo}")
    text = words(shown)
    for said in (falla.codigo, falla.texto, falla.que_hacer, falla.status, f"soap:{falla.faultcode}"):
        assert said in text
    answers = dict(zip((dt.text for dt in shown.iter("dt")), map(words, shown.iter("dd")), strict=True))
    assert answers["¿Se puede repetir el mismo pedido?"].startswith("Sí" if falla.repetible else "No")
    assert answers["¿Dice qué campo?"].startswith("Sí" if falla.nombra_campo else "No")


def test_the_example_of_an_error_is_the_answer_that_the_gateway_gives(client, gateway):
    answer = gateway.post(g.PMC, b"")
    told = re.sub(r"[0-9a-f]{32}", "0" * 32, answer.body.decode())
    said = page(client, f"{INDEX}{answer.falla}").find(".//pre").text_content()
    assert squeezed(etree.fromstring(told.encode())) == squeezed(etree.fromstring(said))


def squeezed(tree):
    return [(each.tag, (each.text or "").strip()) for each in tree.iter()]


def test_the_index_leads_to_every_error_and_tells_which_may_be_repeated(client):
    shown = page(client, INDEX)
    items = {item.find("a").text: item for item in shown.iterfind(".//ul[@class='cards']/li")}
    assert list(items) == sorted(falla.codigo for falla in FALLAS)
    for falla in FALLAS:
        assert items[falla.codigo].find("a").get("href") == f"{INDEX}{falla.codigo}"
        assert falla.texto in words(items[falla.codigo])
        assert ("se puede repetir" in words(items[falla.codigo])) == falla.repetible


def test_every_result_code_is_shown_with_its_text_and_what_to_do(client):
    rows = [[words(cell) for cell in row] for row in page(client, CODES).iterfind(".//tbody/tr")]
    assert [row[0] for row in rows] == [row.codigo for row in CODIGOS.values()]
    for row, (codigo, severidad, descripcion) in zip(rows, CODIGOS.values(), strict=True):
        assert row[1].startswith(f"{descripcion}{severidad} · ")
        assert row[2] == QUE_HACER[codigo]


def test_every_limit_is_shown_on_the_index_and_on_the_page_of_its_error(client):
    index = words(page(client, INDEX))
    for limite in LIMITES:
        own = words(page(client, f"{INDEX}{limite.causa.value.codigo}"))
        assert limite.que in index
        assert limite.que in own


@pytest.mark.parametrize(
    ("maximo", "unidad", "said"),
    [
        (65536, "bytes", "64 KiB (65.536 bytes)"),
        (1000, "bytes", "1.000 bytes"),
        (8000, "elementos", "8.000 elementos"),
        (3, "segundos", "3 segundos"),
    ],
)
def test_a_limit_is_written_as_people_read_numbers_here(maximo, unidad, said):
    assert Limite("Algo", maximo, unidad, "PMC-1009").tope == said


def test_every_error_has_its_usual_cases_and_every_code_its_advice_and_no_other_has():
    assert set(CASOS) == {falla.codigo for falla in FALLAS}
    assert set(QUE_HACER) == {row.codigo for row in CODIGOS.values()}
    assert [text for text in QUE_HACER.values() if not text.endswith(".")] == []
    assert [caso for casos in CASOS.values() for caso in casos if not caso.endswith(".")] == []


# How it is asked for ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/ayuda/errores", "/ayuda/errores/pmc-1008", "/ayuda/errores/PMC-1008/", f"{CODES}/"])
def test_a_page_is_found_however_its_address_is_written(client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("codigo", ["PMC-1999", "1008", "<b>", "%00", "PMC-1008%0d%0aX"])
def test_an_unknown_code_gets_one_line_in_spanish(client, codigo):
    response = client.get(f"{INDEX}{codigo}")
    assert (response.status_code, response.content_type) == (404, "text/plain; charset=utf-8")
    assert response.text == "404: no hay un error con ese código; están todos en /ayuda/errores/\n"


@pytest.mark.parametrize("path", PAGES[:4])
@pytest.mark.parametrize("headers", [g.XML, {"Content-Type": "text/plain"}, {}])
def test_a_post_to_a_page_never_gets_html(gateway, path, headers):
    answer = gateway.request("POST", path, g.pedido("Eco", Mensaje="hola"), headers)
    assert "html" not in answer.headers["Content-Type"]
    assert answer.status in {405, 500}


def test_the_gateway_serves_the_help(gateway):
    assert "PMC-1008" in gateway.request("GET", INDEX).body.decode()


# How it is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES[:5], "/static/estilo.css", "/salud/vivo", "/nada"])
def test_every_answer_is_closed_to_what_is_not_ours(client, path):
    headers = client.get(path, buffered=True).headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert policy[:3] == ["default-src 'none'", "style-src 'self'", "script-src 'self'"]
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_nothing_that_is_not_ours(client, path):
    shown = page(client, path)
    needed = [link.get("href") or link.get("src") for link in shown.iter("link", "img", "script", "iframe")]
    assert needed == ["/static/icono.svg", "/static/estilo.css", "/static/htmx.min.js", "/static/copiar.js"]
    assert shown.xpath("//style | //@style | //@*[starts-with(name(), 'on')] | //script[not(@src)]") == []
    assert [link for link in shown.xpath("//@href") if not re.match(r"/(?!/)|#", link)] == []
    assert shown.get("lang") == "es-AR"
    assert shown.xpath("//meta[@name='viewport']/@content") == ["width=device-width, initial-scale=1"]


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_leads_somewhere(client, path):
    shown = page(client, path)
    links = {link for link in shown.xpath("//@href") if not re.match("/soap|/consola|#", link)}
    assert {link: client.get(link, buffered=True).status_code for link in links} == dict.fromkeys(links, 200)
    assert [
        link for link in shown.xpath("//@href") if link[0] == "#" and not shown.xpath("//*[@id=$i]", i=link[1:])
    ] == []


def test_the_style_is_light_and_dark_and_fetches_nothing(client):
    style = client.get("/static/estilo.css", buffered=True)
    assert style.content_type == "text/css; charset=utf-8"
    assert "prefers-color-scheme: dark" in style.text
    assert "system-ui" in style.text
    assert not re.search(r"url\(|@import|@font-face|https?:", style.text)
