"""Makes the pictures of the README of the pages as they are: a demonstration, a little movement, Debian's Chromium.

make pictures writes docs/imagenes/*.png; with a folder, every page goes there, wide and narrow, light and dark:
    .venv/bin/python tests/navegador/fotos.py FOLDER
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from journeys.process import free_port, serving  # noqa: E402 — they are the tests' own
from navegador.paginas import moved  # noqa: E402
from navegador.visita import enter  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

HERE = ROOT / "docs" / "imagenes"
WIDE, NARROW, HEIGHT = 1280, 375, 900


def main() -> None:
    """Make them."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Falta Chromium: sh tests/navegador/install.sh")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        port, place = free_port(), Path(folder)
        args = ("demo", "--port", "{port}", "--erp-port", str(free_port()), "--dir", str(place / "var"))
        with serving(*args, cwd=place, port=port) as gateway:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            pages = moved(browser, gateway.url)
            if len(sys.argv) > 1:
                _every(browser, gateway.url, pages, Path(sys.argv[1]))
            else:
                _of_the_readme(browser, gateway.url)
            browser.close()


def _of_the_readme(browser, url: str) -> None:
    page = _open(browser, url, WIDE, "light")
    page.goto("/sandbox/")
    page.get_by_label("ID de cliente").fill("1000003")
    page.get_by_role("button", name="Buscar", exact=True).click()
    page.get_by_role("button", name="Pagar", exact=True).first.click()
    page.locator(".lamparas li.bien", has_text="mputado").wait_for()
    page.screenshot(path=HERE / "sandbox.png", clip={"x": 0, "y": 0, "width": WIDE, "height": 1000}, full_page=True)
    page.goto("/consola/")
    page.screenshot(path=HERE / "consola.png", clip={"x": 0, "y": 0, "width": WIDE, "height": 1000}, full_page=True)
    for name in ("sandbox", "consola"):
        print(f"docs/imagenes/{name}.png: {(HERE / f'{name}.png').stat().st_size // 1024} KB")


def _every(browser, url: str, pages: dict[str, str], place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for width in (WIDE, NARROW):
        for scheme in ("light", "dark"):
            page = _open(browser, url, width, scheme)
            for name, address in pages.items():
                page.goto(address)
                page.screenshot(path=place / f"{name}-{width}-{scheme}.png", full_page=True)
            print(f"{len(pages)} pages, {width} {scheme}")


def _open(browser, url: str, width: int, scheme: str):
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, locale="es-AR", base_url=url
    )
    page = context.new_page()
    enter(page)
    return page


if __name__ == "__main__":
    main()
