"""The first five minutes: search, pay, see the money arrive once; whatever is repeated, reversed, or switched off."""

import pytest
from gateway import NS
from lxml import etree

PAGO, REVERSA, CENTAVOS = "PAGO", "REVERSA", 18_540_75
ALL_LIT = dict.fromkeys(("Aviso recibido", "Guardado", "En bandeja", "Entregado al ERP", "Imputado"), "bien")


def test_the_search_comes_filled_in_and_shows_what_is_due_from_where_and_in_how_many_ms(mesa):
    mesa.persona.get("/sandbox")
    mesa.persona.submit("Buscar")
    text = mesa.persona.text
    assert "CUOTA DEL MES" in text
    assert "$ 18.540,75" in text
    assert mesa.chips[:2] == ["00 · hay deuda", "contestó la base informada"]
    assert mesa.chips[2].endswith(" ms")


def test_who_is_only_in_the_erp_is_answered_by_the_erp(mesa):
    mesa.search("1000003")
    assert "contestó el sistema de la empresa" in mesa.chips


def test_the_request_and_the_answer_stand_beside_what_was_found(mesa):
    mesa.search("1000002")
    pedido, respuesta = (mesa.persona.doc.get_element_by_id(f"{name}-1").text for name in ("pedido", "respuesta"))
    assert etree.fromstring(pedido).findtext(f".//{{{NS}}}IdCliente") == "1000002"
    assert etree.fromstring(pedido).findtext(f".//{{{NS}}}Token") == "…"
    assert len(etree.fromstring(respuesta).findall(f".//{{{NS}}}Factura")) == 3


def test_a_pago_lights_its_lamps_one_by_one_as_far_as_it_has_come(mesa):
    mesa.pay()
    assert mesa.chips[:2] == ["00 · Operación exitosa", "Aplicado"]
    lit = dict(mesa.lamps)
    assert (lit.pop("Entregado al ERP"), lit.pop("Imputado")) == ("ojo", "nada")
    assert set(lit.values()) == {"bien"}
    mesa.deliver()
    mesa.refresh()
    assert mesa.lamps == ALL_LIT
    assert mesa.book() == [(PAGO, mesa.factura, CENTAVOS)]
    assert f"Pago {mesa.cliente} este {mesa.factura} $ 18.540,75" in mesa.persona.text


def test_the_same_aviso_again_or_two_at_once_credit_once(mesa):
    mesa.pay()
    mesa.persona.submit("Repetir el mismo aviso")
    assert "Duplicado" in mesa.chips
    assert "ningún segundo crédito" in mesa.persona.text
    mesa.persona.submit("Mandar dos a la vez")
    assert mesa.chips.count("Duplicado") == 2
    mesa.deliver()
    assert mesa.book() == [(PAGO, mesa.factura, CENTAVOS)]


def test_two_first_avisos_at_the_same_moment_are_one_pago(mesa):
    mesa.search()
    mesa.persona.submit("Pagar y avisar dos veces a la vez")
    assert "Llegaron 2 pedidos a la vez y hay un solo aviso" in mesa.persona.text
    assert mesa.chips.count("Duplicado") == 1
    mesa.deliver()
    assert mesa.book() == [(PAGO, mesa.factura, CENTAVOS)]


def test_a_reversa_goes_to_the_erp_and_the_factura_is_due_again(mesa):
    mesa.pay()
    mesa.persona.submit("Reversar")
    assert "se puede volver a pagar" in mesa.persona.text
    mesa.persona.submit("Repetir la reversa")
    assert "Duplicado" in mesa.chips
    while mesa.deliver():
        pass
    assert mesa.book() == [(PAGO, mesa.factura, CENTAVOS), (REVERSA, mesa.factura, CENTAVOS)]
    mesa.persona.submit("Repetir el pago reversado")
    assert "ningún segundo crédito" in mesa.persona.text
    mesa.search()
    assert "$ 18.540,75" in mesa.persona.text


@pytest.mark.parametrize(
    ("button", "estado"), [("Pagar otra vez", "Ya pagada"), ("Repetir con $ 100 más", "Conflicto")]
)
def test_money_that_cannot_be_imputed_waits_in_the_puente(mesa, button, estado):
    mesa.pay()
    mesa.persona.submit(button)
    assert estado in mesa.chips
    assert mesa.lamps["Guardado"] == "ojo"
    mesa.deliver()
    assert mesa.book() == [(PAGO, mesa.factura, CENTAVOS)]


def test_a_wrong_importe_waits_in_the_puente_and_the_factura_is_still_due(mesa):
    mesa.search()
    mesa.persona.submit("Avisar $ 100 menos")
    assert "Importe distinto" in mesa.chips
    assert "$ 18.440,75" in mesa.persona.text
    mesa.search()
    assert "hay deuda" in mesa.persona.text


def test_an_open_amount_is_paid_as_it_is_written_here(mesa):
    mesa.search("1000008")
    mesa.persona.submit("Pagar", importe="$ 2.500,50")
    assert "Aplicado" in mesa.chips
    assert "$ 2.500,50" in mesa.persona.text


def test_an_importe_that_is_none_is_told_so_and_nothing_is_sent(mesa):
    mesa.search()
    mesa.persona.submit("Pagar", importe="mucho")
    assert "Ese importe no se entiende" in mesa.persona.text
    assert "$ 18.540,75" in mesa.persona.text


def test_with_the_erp_off_the_aviso_waits_and_goes_by_itself_once_it_is_on(mesa):
    mesa.persona.get("/sandbox/")
    mesa.persona.submit("El ERP apagado")
    assert "El ERP está apagado" in mesa.persona.text
    mesa.await_erp(on=False)
    mesa.pay()
    mesa.deliver()
    assert mesa.chips[0] == "00 · Operación exitosa"
    mesa.refresh()
    assert "El ERP no lo tomó" in mesa.persona.text
    mesa.persona.submit("Encendido")
    assert "El ERP está encendido" in mesa.persona.text
    mesa.await_erp(on=True)
    mesa.deliver()
    mesa.refresh()
    assert mesa.lamps == ALL_LIT
    assert mesa.book() == [(PAGO, mesa.factura, CENTAVOS)]


def test_where_nobody_answers_it_is_said_in_words(mesa):
    mesa.search("9999999")
    assert "03" in mesa.chips[0]
    mesa.persona.get("/sandbox/?id_cliente=" + "9" * 30)
    assert "PMC-1008" in mesa.persona.text


def test_an_aviso_that_does_not_exist_has_no_page(mesa):
    assert mesa.persona.client.get("/sandbox/aviso/nada").status_code == 404
    assert mesa.persona.client.get("/sandbox/aviso/nada/lamparas").status_code == 404


def test_the_switch_is_there_for_a_script_too_and_leads_back_to_where_it_was_pressed(mesa):
    mesa.pay()
    here = mesa.persona.doc.find(".//form[@class='segmentos']").fields["volver"]
    assert here.startswith("/sandbox/aviso/")
    fragment = mesa.persona.client.get(f"/sandbox/erp?aviso={here.rpartition('/')[2]}").text
    assert f'value="{here}"' in fragment
    mesa.search()
    here = mesa.persona.doc.find(".//form[@class='segmentos']").fields["volver"]
    assert here.startswith(f"/sandbox/?id_cliente={mesa.cliente}")


@pytest.mark.parametrize("elsewhere", ["https://otro.example/", "//otro.example", "/sandbox/\\otro", "/consola/"])
def test_the_switch_leads_nowhere_else(mesa, elsewhere):
    mesa.persona.get("/sandbox/")
    mesa.persona.submit("Errores", volver=elsewhere)
    assert mesa.persona.page.request.path == "/sandbox/"


def test_a_mode_that_there_is_not_is_refused(mesa):
    mesa.persona.get("/sandbox/")
    [form] = [f for f in mesa.persona.doc.forms if f.get("class") == "segmentos"]
    sent = {"csrf": form.fields["csrf"], "modo": "roto"}
    assert mesa.persona.client.post("/sandbox/erp", data=sent).status_code == 400


def test_a_while_of_movement_gives_the_consola_something_to_show(mesa):
    before = len(mesa.perilla.last(1_000))
    mesa.persona.get("/sandbox/")
    mesa.persona.submit("Un rato de movimiento")
    assert "Listo: 27 pedidos de 8 clientes inventados." in mesa.persona.text
    while mesa.deliver():
        pass
    news = mesa.perilla.last(len(mesa.perilla.last(1_000)) - before)
    mine = [each for each in news if each.id_factura.startswith("MOV-")]
    assert sorted(each.tipo for each in mine) == [PAGO] * 6 + [REVERSA]
    assert len({each.id_factura for each in mine}) == 6


def test_the_page_of_an_aviso_shows_the_exchange_that_it_came_in_with_as_it_was_kept(mesa):
    mesa.pay()
    sent = mesa.persona.doc.get_element_by_id("pedido-1").text
    mesa.persona.submit("Repetir el mismo aviso")
    mesa.house.grabador.flush()
    mesa.refresh()
    kept = mesa.persona.doc.get_element_by_id("pedido-1").text
    id_mensaje = f".//{{{NS}}}IdMensaje"
    assert etree.fromstring(kept.encode()).findtext(id_mensaje) == etree.fromstring(sent).findtext(id_mensaje)
    assert "demo-pmc" not in mesa.persona.page.text
    assert "Repetirlo con curl" not in mesa.persona.text
