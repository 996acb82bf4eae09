"""The company's own page: a factura is generated there, and found and paid in PagoMisCuentas by the ID it tells."""

from gateway import NS
from lxml import etree


def generate(mesa, **said):
    mesa.persona.get("/sandbox/empresa")
    mesa.persona.submit("Generar factura", **{"id_cliente": mesa.cliente, **said})


def follow(mesa, text):
    [link] = [a for a in mesa.persona.doc.iter("a") if a.text == text]
    mesa.persona.get(link.get("href"))


def test_a_factura_that_is_generated_is_payable_at_once_by_the_id_that_is_told(mesa):
    generate(mesa, importe="12.300,50", concepto="TURNO CANCHA")
    [told] = mesa.persona.doc.find_class("credencial")
    assert told.text == mesa.cliente
    assert "por $ 12.300,50" in mesa.persona.text
    follow(mesa, "Pagala en PagoMisCuentas")
    assert "TURNO CANCHA" in mesa.persona.text
    [form] = [f for f in mesa.persona.doc.forms if f.fields.get("importe") == "12300,50"]
    assert form.fields["id_factura"].startswith("WEB-")


def test_the_alta_is_soap_and_is_shown(mesa):
    generate(mesa)
    pedido = etree.fromstring(mesa.persona.doc.get_element_by_id("pedido-1").text)
    assert pedido.findtext(f".//{{{NS}}}AltaFactura/{{{NS}}}IdCliente") == mesa.cliente
    assert pedido.findtext(f".//{{{NS}}}Token") == "…"


def test_a_factura_is_changed_and_then_withdrawn(mesa):
    generate(mesa)
    mesa.persona.submit("Cambiar", importe="99,99")
    assert "El cambio ya rige" in mesa.persona.text
    assert "$ 99,99" in mesa.persona.text
    mesa.persona.submit("Anular la factura")
    assert "quedó anulada" in mesa.persona.text
    follow(mesa, "buscala")
    assert "07" in mesa.chips[0]


def test_what_cannot_be_read_is_told_beside_its_field_and_nothing_is_lost(mesa):
    generate(mesa, importe="gratis", concepto="COLONIA")
    assert "Escribilo como 18500,00." in mesa.persona.text
    [form] = [f for f in mesa.persona.doc.forms if "vence" in f.fields]
    assert (form.fields["importe"], form.fields["concepto"]) == ("gratis", "COLONIA")


def test_what_the_gateway_refuses_is_told_in_its_words_and_the_form_is_still_there(mesa):
    generate(mesa, id_cliente="ñandú")
    assert "PMC-1008" in mesa.persona.text
    assert mesa.persona.doc.find_class("credencial") == []
    mesa.persona.submit("Generar factura", id_cliente=mesa.cliente)
    assert mesa.persona.doc.find_class("credencial") != []
