"""The pages of the money: pagos, puente, avisos, where a pago is, what PMC may charge; and what leaves as a file."""

import csv
import io

import gateway as g
import pytest
from fakes import bases
from python_calamine import CalamineWorkbook

from pmc_soap.domain.usuario import Rol

PERIOD = "desde=2025-07-01&hasta=2025-07-31"


@pytest.fixture
def parked(gateway):
    """Name a pago that waits in the puente."""
    [(guardado, _)] = gateway.house.puente.list("DEMO", 10)
    return guardado.id_aviso


def test_the_pagos_of_some_days_are_listed_with_what_they_come_to(persona):
    persona.get(f"/consola/pagos?{PERIOD}")
    shown = sum(centavos(row[3]) for row in persona.rows())
    sums = [centavos(each.text_content()) for each in persona.doc.xpath("//div[@class='cifras']//strong")]
    assert len(persona.rows()) > 3
    assert shown == sum(sums)
    persona.get("/consola/pagos?desde=1999-01-01&hasta=1999-01-02")
    assert "No hay pagos así en esos días" in persona.text


def centavos(text):
    return int("".join(c for c in text if c.isdigit()))


def test_a_filter_of_the_address_holds_on_the_page_and_in_the_files(persona):
    persona.get(f"/consola/pagos?{PERIOD}")
    cliente = persona.rows()[0][1]
    persona.get(f"/consola/pagos?{PERIOD}&cliente={cliente}")
    rows = persona.rows()
    assert {row[1] for row in rows} == {cliente}
    told = persona.client.get(f"/consola/pagos/bajar?{PERIOD}&cliente={cliente}&formato=csv", buffered=True).text
    written = list(csv.DictReader(io.StringIO(told.removeprefix("\ufeff")), delimiter=";"))
    assert len(written) == len(rows)
    assert {row["id_cliente"].strip('="') for row in written} == {cliente}


def test_a_page_goes_on_where_the_one_before_ended(persona, monkeypatch):
    monkeypatch.setattr("pmc_soap.web.consola.pedido.FILAS", 2)
    persona.get(f"/consola/pagos?{PERIOD}")
    seen = [tuple(row[:4]) for row in persona.rows()]
    while persona.doc.xpath("//a[@rel='next']"):
        persona.get(persona.doc.xpath("//a[@rel='next']/@href")[0])
        seen += [tuple(row[:4]) for row in persona.rows()]
    monkeypatch.undo()
    persona.get(f"/consola/pagos?{PERIOD}")
    assert seen == [tuple(row[:4]) for row in persona.rows()]


def test_a_workbook_has_all_rows_and_who_took_it_stays_written(persona, gateway):
    persona.get(f"/consola/pagos?{PERIOD}")
    count = len(persona.rows())
    answer = persona.client.get(f"/consola/pagos/bajar?{PERIOD}&formato=xlsx", buffered=True)
    assert answer.headers["Content-Disposition"].endswith('a-2025-07-31.xlsx"')
    book = CalamineWorkbook.from_object(io.BytesIO(answer.data))
    assert len(book.get_sheet_by_name("Pagos").to_python()) == count + 2  # with its header and its totals
    acta = bases.rows(gateway.url, "auditoria")[-1]
    assert (acta["accion"], "xlsx" in acta["despues"]) == ("EXPORTACION", True)


@pytest.mark.parametrize("address", ["pagos/bajar", "puente/bajar", "facturables/bajar"])
def test_who_may_not_take_files_is_refused_and_a_format_that_is_none_too(entrar, address):
    assert entrar(Rol.INTEGRADOR).client.get(f"/consola/{address}").status_code == 403
    assert entrar(Rol.FINANZAS).client.get(f"/consola/{address}?formato=exe").status_code == 400
    assert entrar(Rol.FINANZAS).client.get(f"/consola/{address}?formato=csv", buffered=True).status_code == 200


# The puente ---------------------------------------------------------------------------------------------------------


def test_a_pago_that_waits_is_seen_first_and_then_applied_with_a_reason(persona, gateway, parked):
    persona.get("/consola/puente")
    assert len(persona.rows()) == 1
    persona.get(f"/consola/puente/{parked}")
    [account] = [b.text_content() for b in persona.doc.iter("button") if "A cuenta" in b.text_content()]
    persona.submit(" ".join(account.split()))
    assert "¿Imputamos" in persona.text
    assert gateway.house.puente.list("DEMO", 10) != []
    persona.submit("Imputar", motivo="lo pidió el cliente")
    assert "Listo:" in persona.text
    assert gateway.house.puente.list("DEMO", 10) == []
    acta = bases.rows(gateway.url, "auditoria")[-1]
    assert (acta["operador"], acta["accion"], acta["motivo"]) == ("administrador", "APLICAR", "lo pidió el cliente")


def test_the_second_of_two_operators_is_told_that_it_was_done(persona, entrar, parked):
    other = entrar(Rol.FINANZAS)
    for each in (persona, other):
        each.get(f"/consola/puente/{parked}")
    persona.submit("Marcar como devuelto", motivo="no es de acá")
    other.submit("Marcar como devuelto", motivo="no es de acá")
    assert "No se hizo. Ese pago ya no está en el puente" in other.text


def test_a_pago_is_not_given_back_without_a_reason(persona, gateway, parked):
    persona.get(f"/consola/puente/{parked}")
    persona.submit("Marcar como devuelto", status=422)
    assert "Decí por qué" in persona.text
    assert gateway.house.puente.list("DEMO", 10) != []


def test_who_may_only_look_finds_no_button(entrar, parked):
    auditor = entrar(Rol.AUDITOR)
    auditor.get(f"/consola/puente/{parked}")
    assert "Marcar como devuelto" not in auditor.text
    word = auditor.csrf
    said = {"csrf": word, "motivo": "x"}
    assert auditor.client.post(f"/consola/puente/{parked}/devolver", data=said).status_code == 403


@pytest.mark.parametrize("address", ["puente/nada", "avisos/nada", "puente/%00", "avisos/<b>"])
def test_what_is_not_there_is_told_in_words(persona, address):
    assert "no existe" in persona.get(f"/consola/{address}", status=404).text


# Avisos -------------------------------------------------------------------------------------------------------------


def test_a_story_is_found_by_any_id_and_leads_to_what_can_be_done(persona, parked):
    persona.get(f"/consola/seguir?id={parked}")
    assert "En puente" in persona.text
    assert persona.doc.xpath(f"//a[@href='/consola/puente/{parked}']")
    assert "pmc-soap" not in persona.text
    persona.get("/consola/seguir?id=no-hay-nada")
    assert "No hay nada con el id" in persona.text


def test_the_month_tells_what_pmc_may_charge(persona, gateway):
    consulta = gateway.ask("ConsultaDeuda", IdCliente="1000001").said("IdConsulta")
    said = g.VALID["AvisoPago"]
    first = {name: said[name] for name in ("IdCliente", "Moneda", "Importe")}
    answer = gateway.ask("AvisoPago", **first, IdTransaccion="T-9", IdConsulta=consulta, IdFactura=said["IdFactura"])
    assert answer.codigo == "00"
    persona.get("/consola/facturables?mes=2025-07")
    [row] = [row for row in persona.rows() if row[0] == "Facturable"]
    assert (row[2], row[4]) == ("1000001", "$ 18.540,75")
    persona.get("/consola/facturables?mes=2020-01")
    assert "no hubo consultas con pago" in persona.text
