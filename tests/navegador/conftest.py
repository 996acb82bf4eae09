"""A real browser before a real demonstration: Debian's Chromium, the command itself, its ERP and its deliverer.

Nothing but loopback is let through, and whatever a page complains of in its console fails the test.
"""

import shutil

import pytest
from journeys.process import free_port, serving
from playwright.sync_api import sync_playwright

NO_CHROMIUM = "chromium not found: the pages are not looked at in a browser (tests/navegador/install.sh)"
WAIT_MS = 15_000


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium")
    if path is None:
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo(chromium, tmp_path_factory):
    """A demonstration of the module's own; gives its address."""
    folder = tmp_path_factory.mktemp("demo")
    port = free_port()
    args = ("demo", "--port", "{port}", "--erp-port", str(free_port()), "--dir", str(folder / "var"))
    with serving(*args, cwd=folder, port=port) as gateway:
        yield gateway.url


@pytest.fixture
def open_browser(chromium, demo):
    """Open a window; at its end, nothing may have been complained of."""
    complaints, contexts = [], []

    def open_(width=1280, scheme="light", *, javascript=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale="es-AR",
            base_url=demo,
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        context.set_default_timeout(WAIT_MS)
        context.route("**/*", lambda route: _let_through(route, demo, complaints))
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: _listen(said, page, complaints))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_browser):
    return open_browser()


def _let_through(route, demo, complaints):
    if route.request.url.startswith((demo, "blob:", "data:")):
        route.continue_()
    else:
        complaints.append(f"asked for {route.request.url}")
        route.abort()


def _listen(said, page, complaints):
    expected = "the server responded with a status of 4"  # a form that is refused, on purpose
    if said.type == "error" and expected not in said.text:
        complaints.append(f"{page.url}: {said.text}")
