"""The addresses of all pages, in a world in which each has something to show."""

import re
from datetime import date, timedelta

from navegador.visita import enter
from playwright.sync_api import expect

from pmc_soap.domain.aviso import PAGO_CON_FACTURA
from pmc_soap.domain.cobro import Cobro
from pmc_soap.files.cob import escritura as cob

# what is no page: files, pieces of pages, probes
NO_PAGE = re.compile(r"static|alive|is_ready|.*_bajar|.*_problemas|.*_corregir|.*_lamparas|.*descarg.*|sandbox\.erp")
FIXED = {
    "home": "/",
    "codigos": "/ayuda/codigos",
    "errores": "/ayuda/errores/",
    "error": "/ayuda/errores/PMC-1008",
    "consola.inicio": "/consola/",
    "consola.alertas": "/consola/alertas",
    "consola.auditoria": "/consola/auditoria",
    "consola.avisos": "/consola/avisos?estado=ENTREGADA",
    "consola.avisos_recuperar": "/consola/avisos/recuperar",
    "consola.buscar": "/consola/buscar?q=no-hay-nada",
    "consola.cargas": "/consola/cargas",
    "consola.cargas_una": "/consola/cargas/1",
    "consola.cargas_subir": "/consola/cargas/subir",
    "consola.conciliacion": "/consola/conciliacion",
    "consola.conciliacion_subir": "/consola/conciliacion/subir",
    "consola.configuracion": "/consola/configuracion?todas=1",
    "consola.credenciales": "/consola/credenciales",
    "consola.cuenta": "/consola/cuenta",
    "consola.estado": "/consola/estado?red=1",
    "consola.exportaciones": "/consola/exportaciones",
    "consola.exportaciones_generar": "/consola/exportaciones/generar?empresa=DEMO",
    "consola.exportaciones_rechazo": "/consola/exportaciones/rechazo",
    "consola.facturables": "/consola/facturables",
    "consola.facturas": "/consola/facturas",
    "consola.facturas_alta": "/consola/facturas/alta",
    "consola.facturas_una": "/consola/facturas/una?empresa=DEMO&cliente=1000002&factura=F-1000002-1",
    "consola.intercambios": "/consola/intercambios",
    "consola.pagos": "/consola/pagos",
    "consola.puente": "/consola/puente",
    "consola.usuarios": "/consola/usuarios",
    "contrato.inicio": "/contrato/",
    "contrato.servicio": "/contrato/pagomiscuentas",
    "sandbox.inicio": "/sandbox/?id_cliente=1000002",
    "sandbox.empresa": "/sandbox/empresa",
}
# found by the first link of another page that matches
LINKED = {
    "consola.avisos_uno": ("consola.avisos", r"/consola/avisos/[0-9a-f-]{36}"),
    "consola.exportaciones_una": ("consola.exportaciones", r"/consola/exportaciones/FAC[0-9A-Z.]+"),
    "consola.intercambios_uno": ("consola.intercambios", r"/consola/intercambios/[0-9a-f]{32}"),
    "consola.puente_uno": ("consola.puente", r"/consola/puente/[0-9a-f-]{36}"),
    "consola.seguir": ("consola.pagos", r"/consola/seguir\?id=[0-9a-f-]{36}"),
}
MADE = ("consola.cargas_subida", "consola.conciliacion_subida", "consola.conciliacion_dia", "sandbox.aviso")
WITHOUT_SESSION = ("consola.entrar",)
ALL = (*FIXED, *LINKED, *MADE)


def moved(browser, url):
    """Make the world, and give the address of each page."""
    context = browser.new_context(base_url=url, locale="es-AR")
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto("/sandbox/")
    page.get_by_role("button", name="Un rato de movimiento").click()
    expect(page.locator("main")).to_contain_text("Listo")
    page.goto("/sandbox/?id_cliente=1000009")
    page.get_by_label("Importe").first.fill("1")
    page.get_by_role("button", name="Pagar", exact=True).first.click()
    expect(page.locator(".lamparas")).to_be_visible()
    made = {"sandbox.aviso": f"/sandbox/aviso/{_match(page, r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')}"}
    enter(page)
    made |= _sent(page)
    page.goto(FIXED["consola.exportaciones_generar"])
    page.get_by_role("button", name="Generar", exact=True).click()
    expect(page.get_by_text("Listo, un archivo")).to_be_visible()
    found = FIXED | made
    for name, (where, pattern) in LINKED.items():
        page.goto(FIXED[where])
        found[name] = _match(page, pattern).replace("&amp;", "&")
    context.close()
    return found


def _sent(page):
    """Send a file of facturas that is only looked at, and a COB that is conciliated."""
    page.goto("/consola/cargas/subir")
    page.get_by_label("Archivo", exact=True).set_input_files(
        {"name": "FACDEMO.010125", "mimeType": "text/plain", "buffer": b"esto no es un FAC\n"}
    )
    page.get_by_role("button", name="Revisar").click()
    expect(page.get_by_text("no se puede usar")).to_be_visible()
    carga = page.url
    today = date.today()  # noqa: DTZ011 — the demonstration's own day, whatever it is
    told = Cobro(
        id_cliente="1000004",
        id_factura="F-1000004-1",
        primer_vencimiento=today + timedelta(days=20),
        fecha_aplicacion=today - timedelta(days=1),
        fecha_acreditacion=today,
        importe_centavos=1,
        codigo_movimiento=PAGO_CON_FACTURA,
        canal="PC",
    )
    page.goto("/consola/conciliacion/subir")
    data = b"".join(cob.write("DEMO", today, [told, told]))
    page.get_by_label("Archivo", exact=True).set_input_files(
        {"name": cob.nombre("DEMO", today), "mimeType": "text/plain", "buffer": data}
    )
    page.get_by_role("button", name="Revisar").click()
    page.get_by_role("button", name="Confirmar y conciliar").click()
    expect(page.get_by_text("quedó conciliado")).to_be_visible()
    return {
        "consola.cargas_subida": carga,
        "consola.conciliacion_subida": page.url,
        "consola.conciliacion_dia": f"/consola/conciliacion/DEMO/{today}",
    }


def _match(page, pattern):
    found = re.search(pattern, page.content())
    assert found, f"{page.url} has no {pattern}"
    return found[0]
