"""The tablero, the exchanges and the search box, on what the gateway was really asked."""

import csv
import io
from datetime import timedelta

import gateway as g
import pytest

from pmc_soap.domain.alerta import explain
from pmc_soap.domain.usuario import Rol
from pmc_soap.operations.intercambios import Filtro


@pytest.fixture
def played(gateway):
    """A morning: a consulta that found debt, one for nobody, one with a wrong credential, a pago; their answers."""
    answers = {
        "deuda": gateway.ask("ConsultaDeuda", **g.VALID["ConsultaDeuda"]),
        "nadie": gateway.ask("ConsultaDeuda", **{**g.VALID["ConsultaDeuda"], "IdCliente": "99999999"}),
        "rota": gateway.ask("ConsultaDeuda", **g.VALID["ConsultaDeuda"], token="equivocado"),
        "pago": gateway.ask("AvisoPago", **g.VALID["AvisoPago"]),
    }
    gateway.house.grabador.flush()
    return answers


@pytest.fixture
def kept(gateway, played):
    """Give the newest exchange of an operation and code."""
    assert played
    book = gateway.house.ledger.intercambios
    return lambda operacion, codigo: book.recent(Filtro(operacion=operacion, codigo=codigo))[0]


def figure(persona, rotulo):
    """Give what a figure of the top shows."""
    [strong] = persona.doc.xpath(f"//div[span[@class='rotulo']='{rotulo}']/strong")
    return strong.text_content().strip()


# The tablero --------------------------------------------------------------------------------------------------------


def test_the_tablero_tells_what_the_day_brought(persona, played):
    before = len({"deuda", "nadie"} & set(played))
    persona.get("/consola/?empresa=DEMO")
    assert figure(persona, "Consultas") == str(before)
    assert figure(persona, "Sin falla técnica") == "100 %"
    assert "PMC-2002" in persona.text
    assert "De la base" in persona.text


def test_another_day_is_empty_and_leads_back_to_today(persona, played):
    assert played
    persona.get("/consola/?dia=2025-07-14")
    assert figure(persona, "Consultas") == "0"
    assert persona.doc.xpath("//*[@hx-get]") == []
    [later] = persona.doc.xpath("//a[@rel='next']/@href")
    persona.get(later)
    assert figure(persona, "Consultas") == "2"
    assert len(persona.doc.xpath("//*[@hx-get]")) == 1


@pytest.mark.parametrize("dia", ["mañana", "2999-01-01", "0001-01-01", ""])
def test_a_day_that_is_none_is_no_error(persona, dia):
    persona.get(f"/consola/?dia={dia}")


def test_what_needs_a_person_is_named_with_the_way_to_it(persona, gateway):
    gateway.clock.instant += timedelta(days=2)
    persona.get("/consola/")
    [link] = persona.doc.xpath("//section[@aria-labelledby='mirar']//a[contains(., 'puente')]/@href")
    persona.get(link)
    assert persona.page.request.path == "/consola/puente"


# Exchanges ----------------------------------------------------------------------------------------------------------


def test_what_was_left_for_a_person_is_told_in_words_with_what_to_do(persona):
    persona.get("/consola/")
    told = explain("DESCONOCIDA")
    assert f"{told.que_paso}: 2 veces en el último día" in persona.text
    assert told.que_hacer in persona.text


def test_exchanges_are_found_by_any_filter_of_the_address(persona, played):
    assert played
    for query, count in {
        "": 4,
        "operacion=AvisoPago": 1,
        "codigo=03": 1,
        "codigo=pmc-2002": 1,
        "problemas=1": 1,
        "cliente=99999999": 1,
        "lentos=5000": 0,
        "desde=2025-07-15&hasta=2025-07-15": 4,
        "hasta=2025-07-14": 0,
        "desde=0001-01-01&hasta=9999-12-31": 4,
        "lentos=x&desde=x&antes=x&codigo=%00": 0,
    }.items():
        persona.get(f"/consola/intercambios?{query}")
        assert len(persona.rows()) == count, query


def test_pages_of_exchanges_follow_one_another(persona, gateway):
    for n in range(60):
        gateway.ask("ConsultaDeuda", **{**g.VALID["ConsultaDeuda"], "IdCliente": f"{n}"})
    gateway.house.grabador.flush()
    persona.get("/consola/intercambios?operacion=ConsultaDeuda")
    seen = [row[-1] for row in persona.rows()]
    [address] = persona.doc.xpath("//a[@rel='next']/@href")
    persona.get(address)
    seen += [row[-1] for row in persona.rows()]
    assert (len(seen), len(set(seen))) == (60, 60)
    assert persona.doc.xpath("//a[@rel='next']") == []


def test_looking_live_polls_the_list_and_can_be_ended(persona, played):
    assert played
    persona.get("/consola/intercambios?codigo=03")
    [address] = persona.doc.xpath("//a[.='Mirar en vivo']/@href")
    persona.get(address)
    assert persona.doc.xpath("//*[@hx-trigger]/@hx-trigger") == ["every 2s"]
    assert len(persona.rows()) == 1
    [address] = persona.doc.xpath("//a[.='Dejar de mirar en vivo']/@href")
    persona.get(address)
    assert persona.doc.xpath("//*[@hx-trigger]") == []


def test_an_exchange_shows_both_documents_without_its_secret_and_how_to_send_it_again(persona, kept):
    persona.get(f"/consola/intercambios/{kept('ConsultaDeuda', '00').id_pedido}")
    assert g.VALID["ConsultaDeuda"]["IdCliente"] in persona.doc.get_element_by_id("pedido").text_content()
    assert "<Importe>" in persona.doc.get_element_by_id("respuesta").text_content()
    assert g.TOKEN_PMC not in persona.page.text
    assert "https://pmc.example/soap/v1/pagomiscuentas" in persona.doc.get_element_by_id("curl").text_content()
    compile(persona.doc.get_element_by_id("zeep").text_content(), "zeep", "exec")


def test_who_may_not_see_personal_data_sees_none_in_the_documents(entrar, kept, played):
    address = f"/consola/intercambios/{kept('ConsultaDeuda', '00').id_pedido}"
    assert played["deuda"].said("NombreCliente") == "Ana Muñoz"
    assert "Ana Mu" in entrar(Rol.OPERADOR).get(address).text
    assert "Ana Mu" not in entrar(Rol.INTEGRADOR).get(address).text


def test_an_exchange_that_is_not_kept_is_not_there(persona):
    persona.get("/consola/intercambios/nada", status=404)


def test_all_exchanges_of_a_filter_leave_as_a_file(persona, played):
    assert played
    with persona.client.get("/consola/intercambios/bajar?formato=csv&operacion=ConsultaDeuda") as page:
        text = page.get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))
    assert sorted(row["codigo"] for row in rows) == ['="00"', '="03"', "PMC-2002"]


# The search box -----------------------------------------------------------------------------------------------------


def test_an_exact_id_goes_straight_to_its_page(persona, kept, played):
    consulta = kept("ConsultaDeuda", "00")
    for text, path in {
        consulta.id_pedido: f"/consola/intercambios/{consulta.id_pedido}",
        f"  {consulta.id_pedido.upper()} ": f"/consola/intercambios/{consulta.id_pedido}",
        played["pago"].said("IdAviso"): "/consola/seguir",
        "TX-1000004": "/consola/seguir",
        consulta.id_consulta: "/consola/seguir",
        "1000001": "/consola/seguir",
    }.items():
        persona.get("/consola/")
        persona.submit("Buscar", q=text)
        assert persona.page.request.path == path, text


@pytest.mark.parametrize("text", ["", "no-existe", "<b>", "%00", "\x00", "x" * 500, "' OR 1=1 --"])
def test_what_is_nothing_is_told_what_can_be_written(persona, text):
    persona.client.get("/consola/buscar", query_string={"q": text})
    persona.page = persona.client.get("/consola/buscar", query_string={"q": text})
    assert persona.page.status_code == 200
    assert "Qué se puede escribir" in persona.text
