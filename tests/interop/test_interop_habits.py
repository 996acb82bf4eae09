"""What old callers do to HTTP, sent from a bare socket to the running gateway: it is read, whatever its characters."""

import base64
import codecs

import gateway as g
import pytest
import stacks
from caller import DUE, XML, cabecera, consulta, due, post, sobre

MENSAJE = "Ñandú, pingüino, ¿año?"


# HTTP ---------------------------------------------------------------------------------------------------------------

ACTIONS = ["", '""', '"urn:pmc-soap:v1#ConsultaDeuda"', "urn:pmc-soap:v1#ConsultaDeuda", '"*"', "*", "ConsultaDeuda"]
ACTIONS += ['"http://tempuri.org/IPagos/Consultar"']
TYPES = ["text/xml", 'text/xml; charset="utf-8"', "TEXT/XML;CHARSET=UTF-8", "text/xml; charset=utf8", "application/xml"]
TYPES += ['text/xml; charset=utf-8; action="urn:pmc-soap:v1#ConsultaDeuda"']


@pytest.mark.parametrize("action", ACTIONS)
def test_any_soapaction_is_read_that_names_no_other_operation(phone, cliente, action):
    assert DUE == due(phone.call(g.PMC, sobre(consulta(cliente)), XML, f"SOAPAction: {action}"))


def test_no_soapaction_is_needed(phone, cliente):
    assert DUE == due(phone.call(g.PMC, sobre(consulta(cliente)), XML))


def test_a_soapaction_that_names_another_operation_is_refused(phone, cliente):
    action = 'SOAPAction: "urn:pmc-soap:v1#AvisoPago"'
    assert "PMC-1007" == phone.call(g.PMC, sobre(consulta(cliente)), XML, action).outcome


@pytest.mark.parametrize("media", TYPES)
def test_every_way_to_say_text_xml_is_read(phone, cliente, media):
    assert DUE == due(phone.call(g.PMC, sobre(consulta(cliente)), f"Content-Type: {media}"))


def test_no_content_type_is_text_xml(phone, cliente):
    assert DUE == due(phone.call(g.PMC, sobre(consulta(cliente))))


@pytest.mark.parametrize("more", [(), ("Connection: keep-alive",), ("Host: 127.0.0.1",)])
def test_http_1_0_is_answered(phone, cliente, more):
    assert DUE == due(phone.call(g.PMC, sobre(consulta(cliente)), XML, *more, version="1.0"))


def test_who_asks_whether_to_continue_is_told_to(phone, cliente):
    body = sobre(consulta(cliente)).encode()
    phone.send(post(g.PMC, XML, f"Content-Length: {len(body)}", "Expect: 100-continue"))
    assert phone.read_interim().startswith(b"HTTP/1.1 100 ")
    phone.send(body)
    assert DUE == due(phone.read())


@pytest.mark.parametrize("size", [1, 100, 4096])
def test_a_body_in_chunks_is_read(phone, cliente, size):
    body = sobre(consulta(cliente)).encode()
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    phone.send(post(g.PMC, XML, "Transfer-Encoding: chunked"))
    phone.send(b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks), b"0\r\n\r\n")
    assert DUE == due(phone.read())


def test_a_connection_is_used_again(phone, cliente):
    asked = [phone.call(g.PMC, sobre(consulta(cliente)), XML) for _ in range(3)]
    assert [DUE] * 3 == [due(answer) for answer in asked]


def test_headers_are_read_in_any_case(phone, cliente):
    body = sobre(consulta(cliente)).encode()
    said = b"POST %s HTTP/1.1\r\nHOST:127.0.0.1\r\ncontent-TYPE:  text/xml;charset=utf-8 \r\nCONTENT-length:%d\r\n\r\n"
    phone.send(said % (g.PMC.encode(), len(body)), body)
    assert DUE == due(phone.read())


def test_a_post_to_the_address_of_the_wsdl_is_a_call(phone, cliente):
    assert DUE == due(phone.call(f"{g.PMC}?wsdl", sobre(consulta(cliente)), XML))


def test_a_basic_credential_is_asked_for_and_then_taken(phone, cliente):
    head = cabecera("").replace("<Token></Token>", "")
    asked = phone.call(g.PMC, sobre(consulta(cliente, head)), XML)
    assert (401, "PMC-2001") == (asked.status, asked.outcome)
    assert asked.headers["www-authenticate"].startswith("Basic ")
    credential = base64.b64encode(f"pagomiscuentas:{stacks.TOKEN_RED}".encode()).decode()
    assert DUE == due(phone.call(g.PMC, sobre(consulta(cliente, head)), XML, f"Authorization: Basic {credential}"))


@pytest.mark.parametrize("query", ["wsdl", "WSDL", "Wsdl", "wsdl="])
@pytest.mark.parametrize("path", [g.PMC, g.EMPRESA])
def test_the_contract_is_given_to_anybody_with_the_address_of_the_configuration(phone, url, path, query):
    phone.send(f"GET {path}?{query} HTTP/1.0\r\n\r\n".encode())
    given = phone.read("GET")
    assert (200, "text/xml; charset=utf-8") == (given.status, given.headers["content-type"])
    assert f'<soap:address location="{url}{path}"/>'.encode() in given.body


@pytest.mark.parametrize("asked", ["C1", "H-1", "C" * 20])
def test_every_answer_has_the_form_that_old_callers_read(phone, cliente, asked):
    answer = phone.call(g.PMC, sobre(consulta(asked)), XML)
    g.check_soap(g.Answer(answer.status, {k.title(): v for k, v in answer.headers.items()}, answer.body))
    assert "content-encoding" not in answer.headers


# Characters ---------------------------------------------------------------------------------------------------------


def eco(mensaje=MENSAJE, declared=None):
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return declaration + sobre(f'<Eco xmlns="{g.NS}"><Mensaje>{mensaje}</Mensaje></Eco>')


CHARACTERS = {
    "utf-8": (eco().encode(), "text/xml; charset=utf-8"),
    "utf-8 with a BOM": (codecs.BOM_UTF8 + eco().encode(), "text/xml"),
    "utf-8 with a BOM and a declaration": (codecs.BOM_UTF8 + eco(declared="UTF-8").encode(), "text/xml; charset=utf-8"),
    "iso-8859-1 by the header": (eco().encode("iso-8859-1"), "text/xml; charset=ISO-8859-1"),
    "iso-8859-1 by the declaration": (eco(declared="ISO-8859-1").encode("iso-8859-1"), "text/xml"),
    "windows-1252 by the header": (eco().encode("cp1252"), "text/xml; charset=windows-1252"),
    "windows-1252 by the declaration": (eco(declared="Windows-1252").encode("cp1252"), "text/xml"),
    "utf-16, little end first": (codecs.BOM_UTF16_LE + eco(declared="utf-16").encode("utf-16-le"), "text/xml"),
    "utf-16, big end first": (codecs.BOM_UTF16_BE + eco().encode("utf-16-be"), "text/xml; charset=utf-16"),
    "numeric references": (eco().encode("ascii", "xmlcharrefreplace"), "text/xml; charset=us-ascii"),
    "blank lines before it": (b"\r\n\r\n  \n" + eco(declared="utf-8").encode(), "text/xml"),
    "blank lines after it": (eco(declared="utf-8").encode() + b"\r\n\r\n", "text/xml"),
    "standalone": (b'<?xml version="1.0" standalone="yes"?>' + eco().encode(), "text/xml"),
    "a comment before it": (b"<!-- de un viejo ESB -->" + eco().encode(), "text/xml"),
    "CDATA": (eco(f"<![CDATA[{MENSAJE}]]>").encode(), "text/xml"),
    "CDATA and text": (eco(f"{MENSAJE[:5]}<![CDATA[{MENSAJE[5:]}]]>").encode(), "text/xml"),
    "a comment inside": (eco(f"{MENSAJE[:5]}<!-- nada -->{MENSAJE[5:]}").encode(), "text/xml"),
}


@pytest.mark.parametrize("how", CHARACTERS)
def test_accents_arrive_however_they_are_written(phone, how):
    body, media = CHARACTERS[how]
    assert MENSAJE == phone.call(g.PMC, body, f"Content-Type: {media}").said("Mensaje")
