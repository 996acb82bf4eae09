"""The whole story, as people live it: PagoMisCuentas for a person, the company's web, and the consola behind them."""

import re

import gateway as g
from navegador.visita import enter
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento
from pmc_soap.files.fac import escritura


def search(page, id_cliente):
    page.goto("/sandbox/")
    page.get_by_label("ID de cliente").fill(id_cliente)
    page.get_by_role("button", name="Buscar", exact=True).click()


def pay(page, n=0):
    page.get_by_role("button", name="Pagar", exact=True).nth(n).click()


def lamp(page, name):
    return page.locator(".lamparas li", has_text=name)


def imputed(page):
    expect(lamp(page, re.compile("[Ii]mputado")).first).to_have_class(re.compile("bien"))


def book(page):
    """Read what the ERP has imputed: its own book."""
    page.goto("/sandbox/")
    return page.locator(".libro li").all_inner_texts()


def test_a_debt_is_searched_paid_and_imputed_and_told_twice_is_credited_once(page):
    search(page, "1000001")
    expect(page.get_by_text("$ 18.540,75").first).to_be_visible()
    pay(page)
    imputed(page)
    page.get_by_role("button", name=re.compile("[Rr]epetir")).first.click()
    expect(page.locator("main")).to_contain_text(re.compile("[Dd]uplicado|la misma respuesta"))
    assert len([line for line in book(page) if "F-1000001-1" in line]) == 1


def test_while_the_erp_is_off_the_aviso_waits_and_goes_by_itself_once_it_is_on(page):
    page.goto("/sandbox/")
    page.get_by_role("button", name="Apagado", exact=True).click()
    expect(page.get_by_text("El ERP está apagado").first).to_be_visible()
    search(page, "1000002")
    pay(page)
    expect(lamp(page, re.compile("bandeja")).first).to_have_class(re.compile("bien"))
    expect(lamp(page, re.compile("[Ii]mputado")).first).not_to_have_class(re.compile("bien"))
    page.get_by_role("button", name="Encendido", exact=True).click()
    imputed(page)


def test_what_the_company_s_web_generates_is_paid_in_pmc_at_once(page):
    page.goto("/sandbox/empresa")
    page.get_by_role("button", name=re.compile("[Gg]enerar")).first.click()
    page.get_by_role("link", name=re.compile("[Pp]ag")).first.click()
    expect(page.get_by_label("ID de cliente")).not_to_have_value("")
    pay(page)
    imputed(page)


def test_a_pago_of_the_puente_is_resolved_by_a_person(page):
    search(page, "1000009")
    page.get_by_label("Importe").first.fill("1")
    pay(page)
    enter(page, "finanzas")
    page.goto("/consola/puente")
    page.get_by_role("link", name=re.compile("Resolver")).first.click()
    page.get_by_role("button", name=re.compile("A cuenta")).click()
    page.get_by_label("Por qué").fill("lo pidió el cliente")
    page.get_by_role("button", name="Imputar", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Listo")
    page.goto("/consola/puente")
    expect(page.get_by_text("El puente está vacío")).to_be_visible()


def test_a_fac_with_two_bad_lines_is_reported_and_its_good_ones_loaded(page, tmp_path):
    path = tmp_path / escritura.nombre("DEMO", g.TODAY)
    path.write_bytes(a_fac_with_two_bad_lines())
    enter(page, "operador")
    page.goto("/consola/cargas/subir")
    page.get_by_label("Archivo", exact=True).set_input_files(path)
    page.get_by_role("button", name="Revisar").click()
    expect(page.get_by_text("2 líneas tienen problemas")).to_be_visible()
    assert page.locator("main table tbody tr").count() == 2
    page.get_by_role("button", name="Cargar las 4 buenas").click()
    expect(page.get_by_text("Listo: la base ya tiene lo que dice el archivo.")).to_be_visible()
    page.goto("/consola/facturas?cliente=88000")
    expect(page.locator("main table tbody tr")).to_have_count(1)


def a_fac_with_two_bad_lines():
    day = local_day(g.NOW)
    facturas = [
        Factura(
            clave=ClaveFactura(codigo_empresa="DEMO", id_cliente=f"8800{n}", id_factura=f"U-{n}"),
            vencimientos=(Vencimiento(fecha=day.replace(year=day.year + 5), importe_centavos=100_00 + n),),
            mensaje_pantalla="CUOTA",
            mensaje_ticket="CUOTA",
        )
        for n in range(6)
    ]
    lines = b"".join(escritura.write("DEMO", g.TODAY, facturas)).split(b"\r\n")
    for n in (2, 4):
        lines[n] = lines[n][:60] + b"XXXX" + lines[n][64:]
    return b"\r\n".join(lines)


def test_a_workbook_is_taken_and_holds_the_pagos(page, tmp_path):
    enter(page, "finanzas")
    page.goto("/consola/pagos")
    with page.expect_download() as download:
        page.get_by_role("link", name="Bajar en Excel").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("Pagos").to_python()
    assert sheet[0][0] == "Empresa"
    assert len(sheet) > 3


def test_the_keyboard_alone_is_enough_to_search_and_pay(page):
    page.goto("/sandbox/")
    page.get_by_label("ID de cliente").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("1000002")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pagar", exact=True).first).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Pagar":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".lamparas")).to_be_visible()


def test_without_javascript_one_searches_pays_and_sees_it_arrive(open_browser):
    page = open_browser(javascript=False)
    search(page, "1000003")
    pay(page)
    for _ in range(30):
        if "bien" in (lamp(page, re.compile("[Ii]mputado")).first.get_attribute("class") or ""):
            break
        page.wait_for_timeout(300)
        page.get_by_role("link", name="Actualizar").first.click()
    else:
        raise AssertionError("it was not imputed")
    enter(page, "operador")
    expect(page.get_by_role("heading", name="Tablero")).to_be_visible()


def test_the_cob_of_today_is_taken_from_the_sandbox_and_conciliated(open_browser, tmp_path):
    page = open_browser()
    names = {}
    for link in ("El COB de hoy", "El COB con sorpresas"):
        page.goto("/sandbox/")
        with page.expect_download() as taken:
            page.get_by_role("link", name=link, exact=True).click()
        names[link] = (tmp_path / link, taken.value.suggested_filename)
        taken.value.save_as(tmp_path / link)
    (plain, name), (surprising, _) = names.values()
    assert plain.read_bytes() != surprising.read_bytes()
    enter(page)
    page.goto("/consola/conciliacion/subir")
    file = {"name": name, "mimeType": "text/plain", "buffer": plain.read_bytes()}
    page.get_by_label("Archivo", exact=True).set_input_files(file)
    page.get_by_role("button", name="Revisar").click()
    page.get_by_role("button", name="Confirmar y conciliar").click()
    expect(page.get_by_text("quedó conciliado")).to_be_visible()
