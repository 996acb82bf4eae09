"""What stock Spyne does that may never be seen here: the rows of the edge's list, each as tests.

Whatever is sent, exactly one well-formed SOAP answer comes back (g.check_soap holds every one), it says nothing of
ours or of anybody else's, and a refused request changes nothing.
"""

import gzip
import re
import threading

import gateway as g
import pytest

from pmc_soap.domain.resultado import Resultado
from pmc_soap.operations.ports import Unavailable
from pmc_soap.soap import codec
from pmc_soap.soap.codigos import CODIGOS
from pmc_soap.soap.contract import element_names

ECO = f'<Eco xmlns="{g.NS}"><Mensaje>hola</Mensaje></Eco>'
BODY = f"<soap:Body>{ECO}</soap:Body>"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


@pytest.fixture(scope="module")
def shared(world, tmp_path_factory):
    with g.gateway_on(world, tmp_path_factory.mktemp("shared")) as opened:
        yield opened


def envelope(inside, more=""):
    return f'<soap:Envelope xmlns:soap="{g.ENVELOPE}" {more}>{inside}</soap:Envelope>'.encode()


def consulta(old, new):
    """Give a good ConsultaDeuda with one thing changed in its text."""
    text = g.pedido("ConsultaDeuda", IdCliente="1000001").decode()
    assert old in text
    return text.replace(old, new).encode()


# Row 3: what cannot be written --------------------------------------------------------------------------------------


def test_an_answer_that_cannot_be_written_is_a_server_fault_and_never_an_empty_envelope(gateway, monkeypatch):
    row = CODIGOS[Resultado.EXITOSA]
    monkeypatch.setitem(CODIGOS, Resultado.EXITOSA, row._replace(severidad=None))
    answer = gateway.ask("ConsultaDeuda", IdCliente="1000001")
    assert (answer.status, answer.falla) == (500, "PMC-9001")
    assert answer.said("faultcode") == "soap:Server"


@pytest.mark.parametrize("error", [ValueError, KeyError, RecursionError, MemoryError, AttributeError])
def test_whatever_breaks_in_the_encoder_becomes_a_server_fault(gateway, monkeypatch, error):
    def encode(*_):
        raise error("secreto-interno")

    monkeypatch.setattr(codec, "encode", encode)
    answer = gateway.ask("Eco", Mensaje="hola")
    assert answer.falla == "PMC-9001"
    assert b"secreto-interno" not in answer.body


@pytest.mark.parametrize(
    ("error", "falla"), [(Unavailable, "PMC-9002"), (ValueError, "PMC-9001"), (ZeroDivisionError, "PMC-9001")]
)
def test_whatever_breaks_below_becomes_a_server_fault_that_tells_nothing(gateway, monkeypatch, error, falla):
    def payable(*_):
        raise error("secreto-interno")

    monkeypatch.setattr(type(gateway.house.ledger), "payable", payable)
    answer = gateway.ask("ConsultaDeuda", IdCliente="1000001")
    assert (answer.status, answer.falla, answer.said("faultcode")) == (500, falla, "soap:Server")
    assert b"secreto-interno" not in answer.body


# Row 4: what used to end as an exception ----------------------------------------------------------------------------

BROKEN = {
    "an empty body": b"",
    "blanks": b" \r\n\t",
    "a NUL": b"\0",
    "a NUL in the text": g.pedido("Eco", Mensaje="a\0b"),
    "no XML": b"hola",
    "JSON": b'{"hola": 1}',
    "half a document": g.pedido("Eco", Mensaje="hola")[:-30],
    "two documents": g.pedido("Eco", Mensaje="hola") * 2,
    "an undeclared prefix": envelope("<soap:Body><x:Eco/></soap:Body>"),
    "an entity": consulta("1000001", "&cliente;"),
    "a character that is none": consulta("1000001", "&#0;"),
}
NOT_SOAP = {
    "another root": b"<a/>",
    "a root named Envelope in a Body": b"<Envelope/>",
    "an empty Envelope": envelope(""),
    "an empty Body": envelope("<soap:Body/>"),
    "a Body of text": envelope("<soap:Body>hola</soap:Body>"),
    "only a Header": envelope("<soap:Header/>"),
    "two operations": envelope(f"<soap:Body>{ECO}{ECO}</soap:Body>"),
    "two Bodies": envelope(BODY + BODY),
    "two Headers": envelope("<soap:Header/><soap:Header/>" + BODY),
    "the Header after the Body": envelope(BODY + "<soap:Header/>"),
    "more after the Body": envelope(f"{BODY}<x/>"),
    "more before the Body": envelope(f"<x/>{BODY}"),
    "a Body in no namespace": envelope(f"<Body>{ECO}</Body>"),
}
NO_OPERATION = {
    "a Fault": envelope("<soap:Body><soap:Fault><faultcode>a</faultcode></soap:Fault></soap:Body>"),
    "an operation in no namespace": envelope("<soap:Body><Eco/></soap:Body>"),
    "an operation in another namespace": envelope('<soap:Body><Eco xmlns="urn:x"/></soap:Body>'),
    "a response": envelope(f'<soap:Body><EcoResponse xmlns="{g.NS}"/></soap:Body>'),
    "the fault's detail": envelope(f'<soap:Body><Falla xmlns="{g.NS}"/></soap:Body>'),
    "an Envelope in the Body": envelope(f"<soap:Body>{envelope(BODY).decode()}</soap:Body>"),
    "a name that is no name of ours": envelope(f'<soap:Body><__class__ xmlns="{g.NS}"/></soap:Body>'),
    "an operation in other case": envelope(f'<soap:Body><eco xmlns="{g.NS}"/></soap:Body>'),
}
AGAINST_THE_CONTRACT = {
    "no Cabecera": (envelope(f'<soap:Body><Eco xmlns="{g.NS}"/></soap:Body>'), "Mensaje"),
    "an id of 20 characters": (consulta("1000001", "1" * 20), "IdCliente"),
    "an empty id": (consulta("M-1", ""), "IdMensaje"),
    "an id with accents": (consulta("1000001", "Ñ"), "IdCliente"),
    "an element within a value": (consulta("1000001", "<b/>"), "IdCliente"),
    "an href": (consulta("<IdCliente>", '<IdCliente href="#1">'), "IdCliente"),
    "an href cycle": (consulta("<IdCliente>1000001", '<IdCliente id="a" href="#a">'), "IdCliente"),
    "nil": (consulta("<IdMensaje>M-1", f'<IdMensaje xmlns:i="{XSI}" i:nil="true">'), "IdMensaje"),
    "nil with a value": (consulta("<IdCliente>", f'<IdCliente xmlns:i="{XSI}" i:nil="true">'), "IdCliente"),
    "another type": (consulta("<IdCliente>", f'<IdCliente xmlns:i="{XSI}" i:type="Cabecera">'), "IdCliente"),
    "an element twice": (consulta("</IdCliente>", "</IdCliente><IdCliente>1</IdCliente>"), "IdCliente"),
    "hour 24": (consulta("12:00:00-03:00", "24:00:00-03:00"), "FechaHora"),
    "no hour": (consulta("2025-07-15T12:00:00-03:00", "2025-07-15"), "FechaHora"),
    "the year 10000": (consulta("2025-07-15T", "10000-07-15T"), "FechaHora"),
    "a number in words": (
        g.pedido("ConsultaDeuda", IdCliente="1", MaximoFacturas="muchas"),
        "MaximoFacturas",
    ),
    "too many": (g.pedido("ConsultaDeuda", IdCliente="1", MaximoFacturas=51), "MaximoFacturas"),
    "digits of another script": (
        g.pedido("ConsultaDeuda", IdCliente="1", MaximoFacturas="١"),
        "MaximoFacturas",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_xml_gets_its_fault(shared, what):
    assert shared.post(g.PMC, BROKEN[what]).falla == "PMC-1001"


@pytest.mark.parametrize("what", NOT_SOAP)
def test_what_is_no_envelope_with_one_operation_gets_its_fault(shared, what):
    answer = shared.post(g.PMC, NOT_SOAP[what])
    assert answer.falla == ("PMC-1004" if what == "a root named Envelope in a Body" else "PMC-1003")


@pytest.mark.parametrize("what", NO_OPERATION)
def test_what_names_no_operation_of_ours_gets_its_fault(shared, what):
    assert shared.post(g.PMC, NO_OPERATION[what]).falla == "PMC-1006"


@pytest.mark.parametrize("what", AGAINST_THE_CONTRACT)
def test_what_breaks_the_contract_gets_its_fault_with_the_element_named(shared, what):
    body, campo = AGAINST_THE_CONTRACT[what]
    answer = shared.post(g.PMC, body)
    assert (answer.falla, answer.said("Campo")) == ("PMC-1008", campo)


@pytest.mark.parametrize("importe", ["1500,5", "1.500,50", "1500.555", "-1", "1E+3", "NaN", "INF", "$1500", "", "١٥"])
def test_an_importe_in_any_other_form_is_refused_with_its_name(shared, importe):
    answer = shared.ask("AvisoPago", **{**g.VALID["AvisoPago"], "Importe": importe})
    assert (answer.falla, answer.said("Campo")) == ("PMC-1008", "Importe")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "multipart/related; boundary=x"},
        {"Content-Type": "application/json"},
        {"Content-Type": "xml"},
        {"Content-Type": ";;;"},
        {**g.XML, "Content-Encoding": "gzip"},
        {**g.XML, "Content-Encoding": "br"},
    ],
)
def test_a_body_in_another_wrapping_gets_its_fault(shared, headers):
    assert shared.post(g.PMC, gzip.compress(g.pedido("Eco", Mensaje="hola")), headers).falla == "PMC-1010"


def test_a_body_over_the_limit_gets_its_fault_and_one_at_the_limit_does_not(shared):
    body = g.pedido("Eco", Mensaje="hola")
    full = body + b" " * (64 * 1024 - len(body))
    assert shared.post(g.PMC, full).status == 200
    assert shared.post(g.PMC, full + b" ").falla == "PMC-1009"
    asked = g.pedido("ConsultaFactura", **g.VALID["ConsultaFactura"])
    assert shared.post(g.EMPRESA, asked + b" " * len(full)).status == 200
    assert shared.post(g.EMPRESA, full + b" ").falla == "PMC-1009"  # who shows no credential is owed no more
    assert shared.post(g.EMPRESA, b" " * (512 * 1024 + 1)).falla == "PMC-1009"


# Row 6: DOCTYPE and processing instructions -------------------------------------------------------------------------

GOOD = g.pedido("Eco", Mensaje="hola").decode()
DECLARATION = '<?xml version="1.0"?>'
DOCTYPES = {
    "first": f"<!DOCTYPE a>{GOOD}",
    "after the declaration": f"{DECLARATION}<!DOCTYPE a>{GOOD}",
    "after blanks": f"{DECLARATION}\n\n  <!DOCTYPE a>{GOOD}",
    "after a comment": f"{DECLARATION}<!-- a --><!-- > --><!DOCTYPE a>{GOOD}",
    "with an entity": f'{DECLARATION}<!DOCTYPE a [<!ENTITY b "c">]>{GOOD.replace("hola", "&b;")}',
    "with bombs": f'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>{GOOD.replace("hola", "&c;")}',
    "with a file": f'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>{GOOD.replace("hola", "&b;")}',
    "with an address": f'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">{GOOD}',
}
INSTRUCTIONS = {
    "before the root": f"{DECLARATION}<?a b?>{GOOD}",
    "a stylesheet": f'{DECLARATION}<?xml-stylesheet href="a"?>{GOOD}',
    "in the Envelope": GOOD.replace("<soap:Body>", "<?a b?><soap:Body>"),
    "in the Body": GOOD.replace("<soap:Body>", "<soap:Body><?a b?>"),
    "in a value": GOOD.replace("hola", "ho<?a b?>la"),
    "after the root": f"{GOOD}<?a b?>",
}
MISPLACED = {
    "a DOCTYPE in the Body": GOOD.replace("<soap:Body>", "<soap:Body><!DOCTYPE a>"),
    "a DOCTYPE after the root": f"{GOOD}<!DOCTYPE a>",
    "a declaration in the Body": GOOD.replace("<soap:Body>", f"<soap:Body>{DECLARATION}"),
    "a doctype in small letters": f"<!doctype a>{GOOD}",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("text", [*DOCTYPES.values(), *INSTRUCTIONS.values()], ids=[*DOCTYPES, *INSTRUCTIONS])
def test_a_doctype_or_an_instruction_is_refused_wherever_it_stands(shared, text, encoding):
    answer = shared.post(g.PMC, text.encode(encoding), {"Content-Type": "text/xml"})
    assert answer.falla == "PMC-1002"
    assert b"root:" not in answer.body


@pytest.mark.parametrize("what", MISPLACED)
def test_where_xml_has_no_place_for_them_it_is_no_xml(shared, what):
    assert shared.post(g.PMC, MISPLACED[what].encode()).falla == "PMC-1001"


def test_what_looks_like_a_doctype_in_a_value_is_a_value(shared):
    text = "&lt;!DOCTYPE a&gt;<![CDATA[<!DOCTYPE a><?b?>]]><!-- <!DOCTYPE a> -->"
    assert shared.ask("Eco", Mensaje=text).said("Mensaje") == "<!DOCTYPE a><!DOCTYPE a><?b?>"


def test_a_schema_location_is_fetched_by_nobody(shared):
    import http.server

    asked = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    with http.server.HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        where = f"http://127.0.0.1:{server.server_port}/a.xsd"
        more = f'xmlns:i="{XSI}" i:schemaLocation="urn:x {where} {g.NS} {where}" i:noNamespaceSchemaLocation="{where}"'
        body = GOOD.replace(f'<Eco xmlns="{g.NS}">', f'<Eco xmlns="{g.NS}" {more}>')
        answer = shared.post(g.PMC, body.encode())
        server.shutdown()
    assert answer.status == 200
    assert asked == []


# Row 8: no fault tells of another request ---------------------------------------------------------------------------

THREADS, REQUESTS = 32, 100


def invalid(thread, number):
    """Give a request that breaks the contract in one of four elements, with a value that is only its own."""
    mark = f"marca-{thread:02d}-{number:03d}-{'x' * 60}"
    campo = ("IdCliente", "IdFactura", "CodigoBarras", "MaximoFacturas")[(thread + number) % 4]
    token = "mal" if number % 8 == 0 else "demo-pmc"
    return g.pedido("ConsultaDeuda", token=token, **{campo: mark}), campo


def test_no_fault_carries_another_request_s_element_nor_anybody_s_value(shared):
    wrong, seen = [], set()

    def run(thread):
        for number in range(REQUESTS):
            body, campo = invalid(thread, number)
            answer = shared.request("POST", g.PMC, body)
            seen.add(answer.said("IdPedido"))  # each has its own
            expected = ("PMC-2002", None) if number % 8 == 0 else ("PMC-1008", campo)
            if b"marca-" in answer.body or (answer.falla, answer.said("Campo")) != expected:
                wrong.append((thread, number, answer.body))

    threads = [threading.Thread(target=run, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(seen) == THREADS * REQUESTS


@pytest.mark.parametrize("canary", ["canario", "&lt;canario&gt;", "{urn:pmc-soap:v1}Canario", "canario' value 'x"])
@pytest.mark.parametrize("campo", ["IdCliente", "IdFactura", "MaximoFacturas"])
def test_a_fault_carries_no_value_of_its_own_request_either(shared, campo, canary):
    answer = shared.ask("ConsultaDeuda", **{campo: canary * 10})
    assert (answer.falla, answer.said("Campo")) == ("PMC-1008", campo)
    assert b"anari" not in answer.body


@pytest.mark.parametrize(
    "name", ["Canario", "canario.canario", "_canario", "Canario-" + "x" * 100, "x:Canario", "ConsultaDeudaCanario"]
)
def test_a_fault_carries_no_name_that_the_caller_invented(shared, name):
    element = f'<{name} xmlns:x="{g.NS}" xmlns="{g.NS}">1</{name}>'
    for place in ("</Cabecera>", "</IdCliente>"):
        answer = shared.post(g.PMC, consulta(place, f"{place}{element}"))
        assert answer.falla == "PMC-1008"
        assert answer.said("Campo") in {None, *element_names()}
        assert b"anario" not in answer.body


# Row 10: headers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["1", "true", " 1 "])
def test_a_header_that_must_be_understood_and_is_not_gets_its_fault(shared, value):
    header = f'<soap:Header><a xmlns="urn:x" soap:mustUnderstand="{value}"/></soap:Header>'
    answer = shared.post(g.PMC, envelope(header + BODY))
    assert (answer.falla, answer.said("faultcode")) == ("PMC-1005", "soap:MustUnderstand")


@pytest.mark.parametrize("attributes", ["", 'soap:mustUnderstand="0"', 'mustUnderstand="1"', 'soap:actor="urn:next"'])
def test_any_other_header_is_passed_over(shared, attributes):
    header = f'<soap:Header><a xmlns="urn:x" {attributes}>hola</a></soap:Header>'
    assert shared.post(g.PMC, envelope(header + BODY)).status == 200


def test_the_envelope_of_soap_1_2_is_another_version(shared):
    answer = shared.post(
        g.PMC,
        GOOD.replace(g.ENVELOPE, "http://www.w3.org/2003/05/soap-envelope").encode(),
        {"Content-Type": "application/soap+xml; charset=utf-8; action=Eco"},
    )
    assert (answer.falla, answer.said("faultcode")) == ("PMC-1004", "soap:VersionMismatch")


# Row 11: how a fault is laid out ------------------------------------------------------------------------------------


def test_a_fault_has_its_fields_in_the_detail_and_nothing_that_old_clients_stumble_over(shared):
    fault = shared.ask("ConsultaDeuda", IdCliente="1" * 20).operation
    assert [child.tag for child in fault] == ["faultcode", "faultstring", "detail"]
    [falla] = fault.find("detail")
    assert [child.tag for child in falla] == [f"{{{g.NS}}}{n}" for n in ("Codigo", "IdPedido", "QueHacer", "Campo")]
    assert fault.findtext("faultcode") == "soap:Client"
    assert re.fullmatch(r"PMC-1008: [A-Z].+\.", fault.findtext("faultstring"))
    assert re.fullmatch("[0-9a-f]{32}", falla.findtext(f"{{{g.NS}}}IdPedido"))


@pytest.mark.parametrize(
    "body",
    [
        envelope(f'<soap:Header><a xmlns="urn:x" soap:mustUnderstand="1"/></soap:Header>{BODY}'),
        GOOD.replace(g.ENVELOPE, "urn:x").encode(),
    ],
)
def test_a_fault_that_is_not_about_the_body_has_no_detail(shared, body):
    assert [child.tag for child in shared.post(g.PMC, body).operation] == ["faultcode", "faultstring"]


# Nothing changes ----------------------------------------------------------------------------------------------------


def test_no_refused_request_changes_anything(gateway):
    refused = [
        *BROKEN.values(),
        *NOT_SOAP.values(),
        *NO_OPERATION.values(),
        *(body for body, _ in AGAINST_THE_CONTRACT.values()),
        *(text.encode() for text in (*DOCTYPES.values(), *INSTRUCTIONS.values(), *MISPLACED.values())),
        g.pedido("ConsultaDeuda", token="mal", IdCliente="1000001"),
        g.pedido("AvisoPago", token="mal", **g.VALID["AvisoPago"]),
        g.pedido("AvisoPago", token="mal", **{**g.VALID["AvisoPago"], "Importe": "1500,5"}),
    ]
    before = gateway.everything()
    assert {gateway.post(g.PMC, body).status for body in refused} == {500}
    assert gateway.everything() == before


# Row 13: what the log may hold --------------------------------------------------------------------------------------


def test_no_log_holds_a_token_or_a_value_of_a_refused_request(gateway, caplog):
    caplog.set_level(0)
    gateway.ask("AvisoPago", **{**g.VALID["AvisoPago"], "Importe": "canario"})
    gateway.ask("ConsultaDeuda", token="canario", IdCliente="canario")
    gateway.post(g.PMC, b"<canario demo-pmc")
    assert "canario" not in caplog.text
    assert "demo-pmc" not in caplog.text
