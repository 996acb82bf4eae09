"""Every limit of the edge from both sides: the most that is admitted comes in, one more gets its fault.

At both ports, in every place of a document where what is not the contract's may stand, in every width of character.
"""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import gateway as g
import pytest
from journeys.process import serving
from lxml import etree

from pmc_soap.soap import limites
from pmc_soap.soap.fallas import Causa
from pmc_soap.soap.limites import LIMITES

ENCODINGS = ("utf-8", "utf-16", "iso-8859-1")
PORTS = {"PagoMisCuentas": g.PMC, "Empresa": g.EMPRESA}
OPERATIONS = {"PagoMisCuentas": "ConsultaDeuda", "Empresa": "ConsultaFactura"}
# how a document ends that keeps the limits, by the place of what the contract does not know
ADMITTED = {"header": None, "operation": "PMC-1008", "unknown": "PMC-1006"}
DEPTH_OF_PLACE = {"header": 2, "operation": 3, "unknown": 3}


@pytest.fixture(scope="module")
def shared(world, tmp_path_factory):
    with g.gateway_on(world, tmp_path_factory.mktemp("shared")) as opened:
        yield opened


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    with serving("serve", "--bind", "127.0.0.1:{port}", "--workers", "1", "--threads", "4", cwd=folder) as running:
        yield running


def document(port, place, more):
    operation = OPERATIONS[port]
    good = g.pedido(operation, **g.VALID[operation]).decode()
    if place == "header":
        return good.replace("<soap:Body>", f"<soap:Header>{more}</soap:Header><soap:Body>")
    if place == "operation":
        return good.replace("</IdCliente>", f"</IdCliente>{more}")
    return g.sobre(f'<x xmlns="urn:x">{more}</x>').decode()


def elements(port, place, how_many):
    there_are = sum(1 for _ in etree.fromstring(document(port, place, "")).iter())
    return "<a/>" * (how_many - there_are)


def markup(port, place, how_many):
    """Fill with comments, which are no elements."""
    return "<a/>" + "<!---->" * (how_many - document(port, place, "<a/>").count("<"))


def depth(_port, place, how_many):
    levels = how_many - DEPTH_OF_PLACE[place]
    return "<a>" * levels + "</a>" * levels


def attributes(_port, _place, how_many):
    return "<a {}/>".format(" ".join(f"a{number}=''" for number in range(how_many)))


def namespaces(port, place, how_many):
    """Declare as many as are not in force already."""
    document_of_it = etree.fromstring(document(port, place, "<a/>"))
    there_are = len(next(document_of_it.iter("{*}a")).nsmap)
    return "<a {}/>".format(" ".join(f"xmlns:n{number}='u'" for number in range(how_many - there_are)))


# what makes something of which there is so much, and the most of it
SHAPES = {
    "elements": (elements, limites.ELEMENTS_MAX),
    "markup": (markup, {port: limites.MARKUP_FACTOR * most for port, most in limites.ELEMENTS_MAX.items()}),
    "depth": (depth, limites.DEPTH_MAX),
    "attributes": (attributes, limites.ATTRIBUTES_MAX),
    "namespaces": (namespaces, limites.NAMESPACES_MAX),
    "an element's name": (lambda _port, _place, n: f"<{'a' * n}/>", limites.NAME_MAX),
    "an attribute's name": (lambda _port, _place, n: f"<a {'a' * n}=''/>", limites.NAME_MAX),
    "a prefix": (lambda _port, _place, n: f"<a xmlns:{'a' * n}='u'/>", limites.NAME_MAX),
    "an accented name": (lambda _port, _place, n: f"<{'ñ' * n}/>", limites.NAME_MAX),
    "a text": (lambda _port, _place, n: f"<a>{'x' * n}</a>", limites.TEXT_MAX),
    "a text after a child": (lambda _port, _place, n: f"<a><b/>{'x' * n}</a>", limites.TEXT_MAX),
    "an accented text": (lambda _port, _place, n: f"<a>{'ñ' * n}</a>", limites.TEXT_MAX),
    "a CDATA section": (lambda _port, _place, n: f"<a><![CDATA[{'<' * 9}{'x' * (n - 9)}]]></a>", limites.TEXT_MAX),
    "a text of references": (lambda _port, _place, n: f"<a>{'&lt;' * 9}{'x' * (n - 9)}</a>", limites.TEXT_MAX),
    "an attribute's value": (lambda _port, _place, n: f"<a b='{'x' * n}'/>", limites.TEXT_MAX),
    "a namespace": (lambda _port, _place, n: f"<a xmlns='{'x' * n}'/>", limites.TEXT_MAX),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("place", ADMITTED)
@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("what", SHAPES)
def test_the_most_that_is_admitted_comes_in_and_one_more_does_not(shared, what, port, place, encoding):
    make, most = SHAPES[what]
    most = most if isinstance(most, int) else most[port]
    headers = {"Content-Type": f"text/xml; charset={encoding}"}
    told = []
    for how_many in (most, most + 1):
        body = document(port, place, make(port, place, how_many)).encode(encoding)
        assert len(body) <= limites.BODY_MAX[port]
        told.append(shared.post(PORTS[port], body, headers).falla)
    assert told == [ADMITTED[place], "PMC-1012"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("port", PORTS)
def test_a_body_of_the_most_bytes_comes_in_and_one_of_two_more_does_not(shared, port, encoding):
    body = document(port, "header", "").encode(encoding)
    blank = " ".encode(encoding.replace("utf-16", "utf-16-le"))
    full = body + blank * ((limites.BODY_MAX[port] - len(body)) // len(blank))
    assert limites.BODY_MAX[port] - len(full) < len(blank)
    headers = {"Content-Type": f"text/xml; charset={encoding}"}
    assert [shared.post(PORTS[port], sent, headers).falla for sent in (full, full + blank)] == [None, "PMC-1009"]


def test_documents_at_and_beyond_every_limit_change_nothing(gateway):
    before = gateway.everything()
    for port, (make, most) in ((port, shape) for port in PORTS for shape in SHAPES.values()):
        most_here = most if isinstance(most, int) else most[port]
        for place in ("operation", "unknown"):
            for how_many in (most_here, most_here + 1):
                gateway.post(PORTS[port], document(port, place, make(port, place, how_many)).encode())
    assert gateway.everything() == before


def test_the_table_that_the_guide_shows_says_what_is_enforced():
    assert [(limite.maximo, limite.causa) for limite in LIMITES] == [
        (limites.BODY_MAX["PagoMisCuentas"], Causa.DEMASIADO_GRANDE),
        (limites.BODY_MAX["Empresa"], Causa.DEMASIADO_GRANDE),
        (limites.BODY_MAX["PagoMisCuentas"], Causa.DEMASIADO_GRANDE),
        (limites.ELEMENTS_MAX["PagoMisCuentas"], Causa.LIMITE),
        (limites.ELEMENTS_MAX["Empresa"], Causa.LIMITE),
        (limites.MARKUP_FACTOR, Causa.LIMITE),
        (limites.DEPTH_MAX, Causa.LIMITE),
        (limites.ATTRIBUTES_MAX, Causa.LIMITE),
        (limites.NAMESPACES_MAX, Causa.LIMITE),
        (limites.NAME_MAX, Causa.LIMITE),
        (limites.TEXT_MAX, Causa.LIMITE),
        (limites.READ_MAX_S, Causa.LENTO),
    ]


def test_every_constant_of_the_limits_has_its_row():
    constants = {name: value for name, value in vars(limites).items() if name.endswith(("_MAX", "_MAX_S", "_FACTOR"))}
    numbers = {n for value in constants.values() for n in (value.values() if isinstance(value, dict) else [value])}
    assert numbers == {limite.maximo for limite in LIMITES}


# The time to read ----------------------------------------------------------------------------------------------------

HEAD = (
    "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
)
LATE_S = limites.READ_MAX_S + 3  # a busy machine's grace


def talk(url, pieces, every_s, path=g.PMC, length=500):
    """Send a body piece by piece until an answer comes; give it, and how long that took."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=LATE_S * 2) as connection:
        connection.sendall(HEAD.format(path=path, length=length).encode())
        answered = threading.Event()
        sender = threading.Thread(target=_drip, args=(connection, pieces, every_s, answered))
        sender.start()
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
        took = time.monotonic() - began
        answered.set()
        sender.join()
    return answer, took


def _drip(connection, pieces, every_s, answered):
    for piece in pieces:
        if answered.is_set():
            return
        try:
            connection.sendall(piece)
        except OSError:  # it has been answered, and closed
            return
        answered.wait(every_s)


@pytest.mark.parametrize(
    ("pieces", "every_s"),
    [([b"<"] * 200, 0.1), ([b"<soap:"], 0.1), ([], 0.1), ([b"<"] * 8, 0.9)],
    ids=["byte by byte", "a start and then nothing", "nothing at all", "a byte a second"],
)
def test_a_body_that_does_not_come_gets_its_fault_in_time(served, pieces, every_s):
    with ThreadPoolExecutor(2) as both:
        answered = list(both.map(lambda path: talk(served.url, pieces, every_s, path), [g.PMC, g.EMPRESA]))
    for answer, took in answered:
        assert answer.startswith(b"HTTP/1.1 500 ")
        assert b"<faultstring>PMC-1013:" in answer
        assert limites.READ_MAX_S <= took < LATE_S


def test_a_body_that_comes_slowly_but_in_time_is_read(served):
    body = g.pedido("Eco", Mensaje="despacio")
    pieces = [body[at : at + 40] for at in range(0, len(body), 40)]
    answer, _ = talk(served.url, pieces, 0.8 * limites.READ_MAX_S / len(pieces), length=len(body))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"<Mensaje>despacio</Mensaje>" in answer


def test_while_some_do_not_finish_their_bodies_others_are_served(served):
    stalled = [threading.Thread(target=talk, args=(served.url, [b"<"], 0.1)) for _ in range(3)]
    for thread in stalled:
        thread.start()
    body = g.pedido("Eco", Mensaje="hola")
    took = [talk(served.url, [body], 0, length=len(body)) for _ in range(5)]
    assert {answer[:13] for answer, _ in took} == {b"HTTP/1.1 200 "}
    assert max(seconds for _, seconds in took) < limites.READ_MAX_S
    for thread in stalled:
        thread.join()
