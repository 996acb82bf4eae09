"""The recogniser knows less than the parser and the schema, and never other: what it reads, they read the same."""

import random
import re
import time

import gateway as g
import mutaciones
import pytest

from pmc_soap.soap import codec
from pmc_soap.soap.contract import PORTS
from pmc_soap.soap.envelope import open_envelope
from pmc_soap.soap.reconocedor import compile_recogniser
from pmc_soap.soap.validation import validate

MESSAGES = {
    each.in_message.get_type_name(): codec.original(each.in_message) for port in PORTS for each in port.operations
}
WITH_LISTS = {"AltaFactura", "ModificacionFactura", "ConfirmarAvisos"}
ELEMENTS_MAX = 400
SEED, HOW_MANY = 20251125, 4000
recognise = compile_recogniser(MESSAGES)


def plain(value):
    return {name: plain(said) for name, said in vars(value).items()} if hasattr(value, "_type_info") else value


def read_in_full(body):
    """Read as the parser, the schema and the decoder do; raises if any of them refuses."""
    element = open_envelope(body, None, ELEMENTS_MAX).operation
    name = element.tag.rpartition("}")[2]
    validate(element)
    return name, plain(codec.decode(MESSAGES[name], element))


def recognised(body):
    found = recognise(body)
    return found and (found[0], plain(found[1]))


@pytest.mark.parametrize("operation", sorted(set(g.VALID) - WITH_LISTS))
def test_the_plainest_request_of_each_operation_is_recognised_and_means_the_same(operation):
    body = g.pedido(operation, **g.VALID[operation])
    assert recognised(body) is not None
    assert recognised(body) == read_in_full(body)


@pytest.mark.parametrize("operation", sorted(WITH_LISTS))
def test_a_request_that_holds_a_list_is_left_to_the_parser(operation):
    assert recognise(g.pedido(operation, **g.VALID[operation])) is None


def test_most_fixtures_of_the_network_are_recognised():
    bodies = [body for port, body in mutaciones.seeds() if port == g.PMC and b"Fault" not in body]
    assert sum(recognise(body) is not None for body in bodies) > len(bodies) / 2


CONSULTA = g.pedido("ConsultaDeuda", IdCliente="1000001").decode()
ENVELOPE_URI, NS_URI = f'"{g.ENVELOPE}"', f'"{g.NS}"'


def prefixed(prefix):
    return re.sub("(</?)soap:", rf"\1{prefix}", CONSULTA)


SAME = {
    "a declaration": f'<?xml version="1.0" encoding="utf-8"?>\n{CONSULTA}',
    "blanks between elements": CONSULTA.replace("><", ">\r\n  <"),
    "another prefix": prefixed("SOAP-ENV:").replace("xmlns:soap=", "xmlns:SOAP-ENV="),
    "a prefix for ours": re.sub(r"(</?)(?!soap)(\w)", r"\1ns1:\2", CONSULTA).replace("xmlns=", "xmlns:ns1="),
    "an empty Header": CONSULTA.replace("<soap:Body>", "<soap:Header/><soap:Body>"),
    "a Header of blanks": CONSULTA.replace("<soap:Body>", "<soap:Header> </soap:Header><soap:Body>"),
    "namespaces that nobody uses": CONSULTA.replace("<soap:Envelope", '<soap:Envelope xmlns:x="urn:x" xmlns:y="urn:y"'),
    "blanks in a tag": CONSULTA.replace("<soap:Body>", "<soap:Body >").replace("</soap:Body>", "</soap:Body\n>"),
}


@pytest.mark.parametrize("name", SAME)
def test_the_usual_forms_are_recognised_and_mean_the_same(name):
    body = SAME[name].encode()
    assert recognised(body) == read_in_full(body)


LEFT = {
    "an apostrophe that closes a quote": CONSULTA.replace(ENVELOPE_URI, f"'{g.ENVELOPE}'"),
    "no prefix for the envelope": prefixed("").replace("xmlns:soap=", "xmlns="),
    "a prefix that stands for another": CONSULTA.replace(NS_URI, '"urn:pmc-soap:v2"'),
    "a prefix that nobody declared": prefixed("soap2:"),
    "a namespace told twice": CONSULTA.replace("<ConsultaDeuda", f"<ConsultaDeuda xmlns={NS_URI}"),
    "an envelope of another version": CONSULTA.replace(g.ENVELOPE, "http://www.w3.org/2003/05/soap-envelope"),
    "a declaration that says nothing": CONSULTA.replace('"><soap:Body>', '" xmlns><soap:Body>'),
    "a declaration cut short": CONSULTA.replace('"><Cabecera>', '" xmlns:a="urn:x><Cabecera>'),
    "an instruction cut short": f"<?xml version='1.0'{CONSULTA}",
    "a Header cut short": CONSULTA.replace("<soap:Body>", "<soap:Header><soap:Body>"),
    "an element cut short": CONSULTA.replace("</IdCliente>", "</IdCliente><IdFactura>F-1"),
    "the envelope's prefix told again": CONSULTA.replace("<ConsultaDeuda", '<ConsultaDeuda xmlns:soap="urn:x"'),
    "the envelope's prefix told right only inside": CONSULTA.replace(ENVELOPE_URI, '"urn:x"').replace(
        "<ConsultaDeuda", f"<ConsultaDeuda xmlns:soap={ENVELOPE_URI}"
    ),
    "an attribute": CONSULTA.replace("<IdCliente>", '<IdCliente a="b">'),
    "a comment": CONSULTA.replace("1000001", "1000<!-- -->001"),
    "CDATA": CONSULTA.replace("1000001", "<![CDATA[1000001]]>"),
    "a reference": CONSULTA.replace("1000001", "1000&#48;01"),
    "an accent": CONSULTA.replace("1000001", "Ñ"),
    "a DOCTYPE": f"<!DOCTYPE a>{CONSULTA}",
    "an instruction": f"{CONSULTA}<?a?>",
    "a second operation": CONSULTA.replace("</soap:Body>", "<a/></soap:Body>"),
    "a Header with something": CONSULTA.replace("<soap:Body>", "<soap:Header><a/></soap:Header><soap:Body>"),
    "another order": CONSULTA.replace("<CodigoEmpresa>DEMO</CodigoEmpresa>", "").replace(
        "<Token>", "<CodigoEmpresa>DEMO</CodigoEmpresa><Token>"
    ),
    "an id that is too long": CONSULTA.replace("1000001", "1" * 20),
    "a blank at the end of an id": CONSULTA.replace("1000001", "1000001 "),
    "an empty id": CONSULTA.replace("1000001", ""),
    "a day that no month has": CONSULTA.replace("2025-07-15T", "2025-02-30T"),
    "hour 24": CONSULTA.replace("T12:", "T24:"),
    "an offset of 14 hours": CONSULTA.replace("-03:00", "+14:00"),
    "an empresa in small letters": CONSULTA.replace("DEMO", "demo"),
    "too many facturas": CONSULTA.replace("</IdCliente>", "</IdCliente><MaximoFacturas>51</MaximoFacturas>"),
    "more namespaces than the limit": CONSULTA.replace(
        "<soap:Envelope", "<soap:Envelope" + "".join(f' xmlns:n{n}="urn:x"' for n in range(40))
    ),
    "more blanks than the limit": CONSULTA.replace("<soap:Body>", " " * 20_000 + "<soap:Body>"),
    "a form feed between elements": CONSULTA.replace("><", ">\x0c<"),
    "a vertical tab in a tag": CONSULTA.replace("<soap:Body>", "<soap:Body\x0b>"),
    "the namespace of xml": CONSULTA.replace(
        "<soap:Envelope", '<soap:Envelope xmlns:a="http://www.w3.org/XML/1998/namespace"'
    ),
    "the namespace of xmlns": CONSULTA.replace(
        "<soap:Envelope", '<soap:Envelope xmlns:a="http://www.w3.org/2000/xmlns/"'
    ),
    "a namespace that is no URI": CONSULTA.replace("<soap:Envelope", '<soap:Envelope xmlns:a="::"'),
    "a BOM": f"\ufeff{CONSULTA}",
    "text in the Body": CONSULTA.replace("<soap:Body>", "<soap:Body>hola"),
    "half of it": CONSULTA[:-20],
    "a response": CONSULTA.replace("ConsultaDeuda", "ConsultaDeudaResponse"),
}


@pytest.mark.parametrize("name", LEFT)
def test_anything_else_is_left_to_the_parser(name):
    assert recognise(LEFT[name].encode()) is None


def shaken(rng, body):
    """Change one to three characters to others that requests are made of: near misses of the plainest form."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(body))
        new = rng.choice(
            (
                b"",
                b" ",
                b"0",
                b"9",
                b"-",
                b":",
                b".",
                b"/",
                b"<",
                b">",
                b'"',
                b"A",
                b"z",
                b"\n",
                b"&",
                b"]",
                b"\x0c",
                b"\x0b",
            )
        )
        body = body[:at] + new + body[at + rng.choice((0, 1)) :]
    return body


def test_whatever_is_recognised_of_documents_that_went_wrong_means_the_same_in_full():
    rng = random.Random(SEED)  # noqa: S311 — chance to be had again
    good = [g.pedido(operation, **g.VALID[operation]) for operation in sorted(set(g.VALID) - WITH_LISTS)]
    bodies = [body for _, body in mutaciones.documents(SEED, HOW_MANY // 2)]
    bodies += [shaken(rng, rng.choice(good)) for _ in range(HOW_MANY)]
    seen = 0
    for body in bodies:
        found = recognised(body)
        if found is not None:
            seen += 1
            assert found == read_in_full(body), body
    assert seen > HOW_MANY / 20  # else this would have compared nothing


@pytest.mark.parametrize(
    "filler", ["\n", "> ", "<soap:Body>", "<soap:Body><", ' xmlns:a="b"', "\t<Eco>", "A", "<?xml "]
)
@pytest.mark.parametrize("place", [0, 1, 60, 130, 200])
def test_no_document_makes_it_try_long(filler, place):
    body = (CONSULTA[:place] + filler * (16_000 // len(filler)) + CONSULTA[place:]).encode()[: 16 * 1024]
    took = []
    for _ in range(3):
        began = time.thread_time()
        recognise(body)
        took.append(time.thread_time() - began)
    assert min(took) < 0.05
