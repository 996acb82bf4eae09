"""How every answer looks on the wire, over real HTTP (interop.md, "The answer")."""

import base64
import http.client
import json
import socket
from io import BytesIO

import gateway as g
import pytest

from pmc_soap.wiring import registro

CHALLENGE = 'Basic realm="pmc-soap"'


@pytest.fixture(scope="module")
def shared(world, tmp_path_factory):
    with g.gateway_on(world, tmp_path_factory.mktemp("shared")) as opened:
        yield opened


@pytest.fixture(scope="module")
def server(shared):
    with g.serving(shared.app) as address:
        yield address


@pytest.fixture
def send(server):
    """Send one request over HTTP; a SOAP request unless told otherwise."""
    connection = http.client.HTTPConnection(*server, timeout=10)

    def send(path, body=None, method="POST", headers=g.XML):
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return g.Answer(status=response.status, headers=dict(response.getheaders()), body=response.read())

    yield send
    connection.close()


@pytest.fixture
def raw(server):
    """Send bytes to the socket, and give all that comes back."""

    def raw(request):
        with socket.create_connection(server, timeout=10) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    return raw


FAULTS = {
    "PMC-1001": (b"<no", g.XML),
    "PMC-1002": (b"<!DOCTYPE a><a/>", g.XML),
    "PMC-1003": (b"<a/>", g.XML),
    "PMC-1006": (g.sobre("<Nada/>"), g.XML),
    "PMC-1007": (g.pedido("Eco", Mensaje="hola"), {**g.XML, "SOAPAction": "urn:pmc-soap:v1#AvisoPago"}),
    "PMC-1008": (g.pedido("ConsultaDeuda", IdCliente="1" * 20), g.XML),
    "PMC-1009": (b" " * (64 * 1024 + 1), g.XML),
    "PMC-1010": (b"{}", {"Content-Type": "application/json"}),
    "PMC-2002": (g.pedido("ConsultaDeuda", token="mal", IdCliente="1"), g.XML),
}


@pytest.mark.parametrize("codigo", FAULTS)
def test_every_fault_is_soap_with_http_500_and_tells_its_code_in_the_faultstring(send, codigo):
    body, headers = FAULTS[codigo]
    answer = send(g.PMC, body, headers=headers)
    assert answer.status == 500
    assert answer.falla == codigo
    g.check_soap(answer)


def test_without_any_credential_the_fault_is_a_401_with_a_basic_challenge(send):
    answer = send(g.PMC, g.pedido("ConsultaDeuda", token=None, IdCliente="1"))
    assert (answer.status, answer.falla) == (401, "PMC-2001")
    assert answer.headers["WWW-Authenticate"] == CHALLENGE
    g.check_soap(answer)


def test_a_client_that_sends_basic_only_after_the_challenge_is_served(send):
    body = g.pedido("ConsultaDeuda", token=None, IdCliente="1000001")
    basic = base64.b64encode(b"pagomiscuentas:demo-pmc").decode()
    assert send(g.PMC, body).status == 401
    assert send(g.PMC, body, headers={**g.XML, "Authorization": f"Basic {basic}"}).status == 200


def test_a_wrong_credential_gets_no_challenge(send):
    answer = send(g.PMC, g.pedido("ConsultaDeuda", token="mal", IdCliente="1"))
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize("operation", g.VALID)
def test_every_business_answer_is_plain_soap_without_a_header(send, operation):
    answer = send(g.path_of(operation), g.pedido(operation, **g.VALID[operation]))
    assert answer.status == 200
    g.check_soap(answer)


def test_accents_travel_as_numeric_references(send):
    answer = send(g.PMC, g.pedido("Eco", Mensaje="Ñandú 中 😀"))
    assert b"&#209;and&#250; &#20013; &#128512;" in answer.body
    assert answer.said("Mensaje") == "Ñandú 中 😀"


def test_no_answer_is_compressed_unless_asked_nor_when_asked(send):
    headers = {**g.XML, "Accept-Encoding": "gzip, deflate"}
    assert "Content-Encoding" not in send(g.PMC, g.pedido("Eco", Mensaje="hola"), headers=headers).headers


@pytest.mark.parametrize("query", ["wsdl", "WSDL", "Wsdl", "wsdl=", "wsdl=1"])
@pytest.mark.parametrize(("path", "service"), [(g.PMC, "PagoMisCuentas"), (g.EMPRESA, "Empresa")])
def test_anyone_may_get_the_wsdl_in_any_case(send, path, service, query):
    answer = send(f"{path}?{query}", method="GET", headers={})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert f'<wsdl:service name="{service}">'.encode() in answer.body


def test_a_trailing_slash_finds_the_same_port(send):
    assert send(f"{g.PMC}/?wsdl", method="GET", headers={}).status == 200
    assert send(f"{g.PMC}/", g.pedido("Eco", Mensaje="hola")).status == 200


def test_head_gives_the_headers_of_the_contract_alone(send):
    get, head = (send(f"{g.PMC}?wsdl", method=method, headers={}) for method in ("GET", "HEAD"))
    assert head.body == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", [g.PMC, g.EMPRESA])
def test_any_other_method_gets_one_line_of_text(send, method, path):
    answer = send(path, method=method, headers={})
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert method == "HEAD" or (answer.body.count(b"\n") == 1 and b"<" not in answer.body)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_the_contract_is_only_read(send, method):
    assert send(f"{g.PMC}?wsdl", method=method, headers={}).status == 405


WRONG_PATHS = ["/nada", "/soap", "/soap/v1/otro", "/soap/v2/pagomiscuentas", "/<script>"]


@pytest.mark.parametrize(
    ("path", "media"),
    [("/", ""), ("/soap/v1/otro", "text/plain"), *((path, "text/xml") for path in WRONG_PATHS), ("/x", "a/soap+xml")],
)
def test_a_soap_client_on_a_wrong_path_gets_a_fault(shared, path, media):
    assert shared.post(path, b"<a/>", {"Content-Type": media}).falla == "PMC-1006"


@pytest.mark.parametrize("gone", [OSError, ValueError, RuntimeError])
def test_a_body_that_cannot_be_read_gets_a_fault(shared, monkeypatch, gone):
    class Broken(BytesIO):
        def read(self, *_):
            raise gone("secreto-interno")

    monkeypatch.setattr(g, "BytesIO", Broken)
    answer = shared.post(g.PMC, b"", {**g.XML, "Content-Length": ""})
    assert (answer.falla, b"secreto" in answer.body) == ("PMC-1001", False)


def test_each_request_leaves_one_line_that_tells_no_value_of_it(world, tmp_path, monkeypatch):
    lines = []
    monkeypatch.setattr(
        registro, "tell", lambda hechos, id_pedido, cifras: lines.append({**hechos, "id_pedido": id_pedido, **cifras})
    )
    with g.gateway_on(world, tmp_path) as gateway:
        gateway.ask("ConsultaDeuda", IdCliente="1000001")
        gateway.post(g.PMC, b"<no")
    asked, refused = map(registro.allowed, lines)
    assert (asked["operacion"], asked["empresa"], asked["http"], asked["codigo"]) == (
        "ConsultaDeuda",
        "DEMO",
        200,
        "00",
    )
    assert (refused["falla"], refused["http"], refused["bytes_in"]) == ("PMC-1001", 500, 3)
    phases = [key for key in asked if key.startswith("ms_")]
    assert phases == [
        f"ms_{phase}" for phase in ("lectura", "apertura", "credencial", "contrato", "operacion", "escritura")
    ]
    assert "1000001" not in json.dumps(asked)


@pytest.mark.parametrize("path", WRONG_PATHS)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_wrong_path_gets_one_line_of_text_and_never_html(send, path, method):
    answer = send(path, method=method, headers={})
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.body.count(b"\n") == 1
    assert b"<" not in answer.body


def http_1_0(body=b"", *headers):
    lines = ["POST /soap/v1/pagomiscuentas HTTP/1.0", "Content-Type: text/xml", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def test_a_body_that_no_length_announces_is_empty_and_nobody_waits_for_it(raw):
    assert b"PMC-1001" in raw(http_1_0())


def test_a_body_a_little_over_the_limit_is_refused_and_nobody_waits_for_more(raw):
    length = 64 * 1024 + 10
    assert b"PMC-1009" in raw(http_1_0(b" " * length, f"Content-Length: {length}"))


@pytest.mark.parametrize("length", ["x", "-1", "1.5", "1e3", "0x10", "+5", "９"])
def test_a_content_length_that_is_no_number_gets_a_fault(shared, length):
    answer = shared.post(g.PMC, g.pedido("Eco", Mensaje="hola"), {**g.XML, "Content-Length": length})
    assert answer.falla == "PMC-1011"


def test_a_content_length_beyond_all_bounds_reads_what_there_is(shared):
    answer = shared.post(g.PMC, g.pedido("Eco", Mensaje="hola"), {**g.XML, "Content-Length": "9" * 5000})
    assert answer.status == 200


def test_a_content_length_that_is_too_short_gets_a_fault(shared):
    answer = shared.post(g.PMC, g.pedido("Eco", Mensaje="hola"), {**g.XML, "Content-Length": "30"})
    assert answer.falla == "PMC-1001"


def test_a_body_in_chunks_has_no_length_and_is_read(shared):
    answer = shared.post(g.PMC, g.pedido("Eco", Mensaje="hola"), {**g.XML, "Content-Length": ""})
    assert answer.status == 200


def test_the_empresa_may_send_what_confirms_five_hundred_avisos(shared):
    one = "<Confirmacion><IdAviso>{:036d}</IdAviso><Estado>IMPUTADO</Estado></Confirmacion>"
    many = "".join(one.format(n) for n in range(500))
    answer = shared.post(g.EMPRESA, g.pedido("ConfirmarAvisos", raw=f"<Confirmaciones>{many}</Confirmaciones>"))
    assert answer.codigo == "00"
    one_more = f"<Confirmaciones>{many}{one.format(500)}</Confirmaciones>"
    assert shared.post(g.EMPRESA, g.pedido("ConfirmarAvisos", raw=one_more)).said("Campo") == "Confirmacion"


@pytest.mark.parametrize(
    "action",
    [
        "",
        '""',
        "*",
        '"*"',
        "urn:pmc-soap:v1#Eco",
        '"urn:pmc-soap:v1#Eco"',
        "Eco",
        "urn:pmc-soap:v1/Eco",
        "http://otro/cosa",
    ],
)
def test_a_soap_action_that_says_nothing_or_the_same_is_fine(shared, action):
    assert shared.post(g.PMC, g.pedido("Eco", Mensaje="hola"), {**g.XML, "SOAPAction": action}).status == 200


@pytest.mark.parametrize("action", ["urn:pmc-soap:v1#ConsultaDeuda", '"ConsultaDeuda"'])
def test_a_soap_action_of_another_operation_is_refused(shared, action):
    answer = shared.post(g.PMC, g.pedido("Eco", Mensaje="hola"), {**g.XML, "SOAPAction": action})
    assert answer.falla == "PMC-1007"


@pytest.mark.parametrize("media", [None, "", "text/xml", "TEXT/XML", "application/xml", "text/xml;action=x"])
def test_the_media_types_of_old_clients_are_fine(shared, media):
    headers = {} if media is None else {"Content-Type": media}
    assert shared.post(g.PMC, g.pedido("Eco", Mensaje="hola"), headers).status == 200
