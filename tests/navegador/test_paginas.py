"""Every page, wide and narrow, light and dark: axe finds nothing serious, nothing moves sideways.

Two of the four are walked each time, the second of them only for what another width and another scheme may change;
PMC_PAGINAS=todas walks all, whole.
"""

import os
import re

import gateway as g
import pytest
from axe_playwright_python.sync_playwright import Axe
from navegador.paginas import ALL, NO_PAGE, WITHOUT_SESSION, moved
from navegador.visita import enter

from pmc_soap.wiring import paginas

SERIOUS = {"serious", "critical"}
WHOLE, CHANGED = {}, {"runOnly": ["color-contrast", "target-size", "scrollable-region-focusable"]}
WALKS = [(1280, "light", WHOLE), (375, "dark", CHANGED)]
if os.environ.get("PMC_PAGINAS") == "todas":
    WALKS = [(width, scheme, WHOLE) for width in (1280, 375) for scheme in ("light", "dark")]


@pytest.fixture
def gateway_with_all(tmp_path):
    said = {"sandbox": {"activo": True, "empresa": "DEMO", "token": g.TOKEN_PMC, "token_empresa": g.TOKEN_DEMO}}
    with g.gateway_on(g.make_template(tmp_path), tmp_path, g.SETTINGS | said) as opened:
        yield opened


@pytest.fixture(scope="module")
def world(chromium, demo):
    """Make what there is to see: some payments, one of which waits in the puente; gives the addresses of all pages."""
    return moved(chromium, demo)


@pytest.mark.parametrize(("width", "scheme", "rules"), WALKS)
def test_nothing_serious_is_wrong_with_any_page(open_browser, world, width, scheme, rules):
    page = open_browser(width, scheme)
    enter(page)
    wrong, titles = {}, {}
    for name, address in world.items():
        page.goto(address)
        found = Axe().run(page, options=rules).response["violations"]
        bad = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in SERIOUS]
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if bad or sideways > 0:
            wrong[name] = (bad, sideways)
        titles.setdefault(page.title(), []).append(name)
    assert wrong == {}
    assert [names for names in titles.values() if len({re.sub(r"_.*", "", name) for name in names}) > 1] == []


def test_with_javascript_off_every_page_of_the_consola_works(open_browser, world):
    page = open_browser(javascript=False)
    enter(page)
    for address in world.values():
        answer = page.goto(address)
        assert answer.status == 200, address
        assert page.locator("h1").count() == 1


def test_no_page_is_forgotten(gateway_with_all):
    app = paginas.build(gateway_with_all.house, [g.PMC, g.EMPRESA])
    there = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    pages = {endpoint for endpoint in there if not NO_PAGE.fullmatch(endpoint)}
    assert pages == {*ALL, *WITHOUT_SESSION}
