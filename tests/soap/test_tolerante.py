"""What the tolerant reader forgives, what it refuses, and that a correct request never comes to it (interop.md)."""

import base64
import re

import gateway as g
import pytest

from pmc_soap.soap import protocol
from pmc_soap.soap.tolerante import HABITOS

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
DECLARED = f'xmlns:xsi="{XSI}" xmlns:xsd="{XSD}" xmlns:soap="{g.ENVELOPE}"'


@pytest.fixture(scope="module")
def shared(world, tmp_path_factory):
    with g.gateway_on(world, tmp_path_factory.mktemp("shared")) as opened:
        yield opened


@pytest.fixture
def told(shared, monkeypatch):
    """Give what was told of each request: the tolerant reader says what it forgave."""
    seen = []
    forgive = protocol.forgive

    def spy(message, operation):
        seen.append(forgive(message, operation))
        return seen[-1]

    monkeypatch.setattr(protocol, "forgive", spy)
    return seen


def changed(operation, old, new, **said):
    """Give a good request with one thing changed in its text, and the usual prefixes declared."""
    text = g.pedido(operation, **{**g.VALID[operation], **said}).decode()
    text = text.replace(f'<{operation} xmlns="{g.NS}">', f'<{operation} xmlns="{g.NS}" {DECLARED}>')
    assert old in text
    return text.replace(old, new, 1).encode()


def typed(text, *, kind="xsd:string"):
    """Give every leaf of a request with an xsi:type, as SOAP::Lite does."""
    return re.sub(r"<(\w+)>([^<]+)</\1>", rf'<\1 xsi:type="{kind}">\2</\1>', text)


def unqualified(operation):
    """Give a request whose children are in no namespace, as old stacks send them."""
    text = g.pedido(operation, **g.VALID[operation]).decode()
    text = text.replace(f'<{operation} xmlns="{g.NS}">', f'<p:{operation} xmlns:p="{g.NS}">')
    return text.replace(f"</{operation}>", f"</p:{operation}>").encode()


def b64(text):
    return base64.b64encode(text.encode()).decode()


# operation, the bytes, which forgiveness, the code it ends with
FORGIVEN = {
    "xsi:type of the draft of 1999": (
        "Eco",
        changed("Eco", "<Mensaje>", '<Mensaje xmlns:x="http://www.w3.org/1999/XMLSchema" xsi:type="x:string">'),
        "tipo",
    ),
    "xsi:type that does not fit": (
        "ConsultaDeuda",
        changed("ConsultaDeuda", "<IdCliente>", '<IdCliente xsi:type="xsd:int">'),
        "tipo",
    ),
    "xsi:schemaLocation": (
        "Eco",
        changed("Eco", "<Mensaje>", '<Mensaje xsi:type="xsd:int" xsi:schemaLocation="urn:x http://127.0.0.1:9/x.xsd">'),
        "atributo",
    ),
    "encodingStyle": (
        "Eco",
        changed("Eco", "<Mensaje>", '<Mensaje soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">'),
        "atributo",
    ),
    "encodingStyle of the operation": (
        "ConsultaDeuda",
        changed("ConsultaDeuda", "<ConsultaDeuda ", '<ConsultaDeuda soap:encodingStyle="" '),
        "atributo",
    ),
    "nil that is false": (
        "ConsultaDeuda",
        changed("ConsultaDeuda", "<IdCliente>", '<IdCliente xsi:nil="false">'),
        "atributo",
    ),
    "an optional element that is nil": (
        "ConsultaDeuda",
        changed("ConsultaDeuda", "</IdCliente>", '</IdCliente><IdFactura xsi:nil="true"/>'),
        "ausente",
    ),
    "an optional element that is empty": (
        "ConsultaDeuda",
        changed("ConsultaDeuda", "</IdCliente>", "</IdCliente><IdFactura/>"),
        "ausente",
    ),
    "an optional number that is empty": (
        "ConsultaDeuda",
        changed("ConsultaDeuda", "</IdCliente>", "</IdCliente><MaximoFacturas> </MaximoFacturas>"),
        "ausente",
    ),
    "an optional date that is empty": (
        "AvisoPago",
        changed("AvisoPago", "</AvisoPago>", "<FechaVencimiento/></AvisoPago>"),
        "ausente",
    ),
    "an optional list that is empty": (
        "ModificacionFactura",
        changed("ModificacionFactura", "</IdFactura>", "</IdFactura><Vencimientos/>"),
        "ausente",
    ),
    "children in no namespace": ("ConsultaDeuda", unqualified("ConsultaDeuda"), "calificacion"),
    "lists in no namespace": ("AltaFactura", unqualified("AltaFactura"), "calificacion"),
    "an id as base64": (
        "ConsultaDeuda",
        changed("ConsultaDeuda", "<IdCliente>1000001<", f'<IdCliente xsi:type="xsd:base64Binary">{b64("1000001")}<'),
        "base64",
    ),
    "blanks around an id": ("ConsultaDeuda", changed("ConsultaDeuda", "1000001", " \n 1000001\t"), "recorte"),
    "blanks around a closed word": (
        "BajaFactura",
        changed("BajaFactura", "<Motivo>OTRO<", "<Motivo> OTRO <"),
        "recorte",
    ),
    "a date with hour zero": (
        "AvisoPago",
        changed("AvisoPago", "</AvisoPago>", "<FechaVencimiento>2025-07-25T00:00:00</FechaVencimiento></AvisoPago>"),
        "fecha",
    ),
    "a date with hour zero and an offset": (
        "AvisoPago",
        changed(
            "AvisoPago",
            "</AvisoPago>",
            "<FechaVencimiento>2025-07-25T00:00:00.000+05:00</FechaVencimiento></AvisoPago>",
        ),
        "fecha",
    ),
}


@pytest.mark.parametrize("name", FORGIVEN)
def test_a_habit_that_changes_no_meaning_is_forgiven(gateway, told, name):
    operation, body, habit = FORGIVEN[name]
    answer = gateway.post(g.path_of(operation), body)
    assert answer.falla is None
    assert answer.codigo in {None, "00"}
    assert [habit in forgiven for forgiven in told] == [True]


def test_every_habit_of_the_list_is_shown_here_or_by_the_importes():
    assert {habit for _, _, habit in FORGIVEN.values()} | {"decimal"} == set(HABITOS)


@pytest.mark.parametrize("operation", g.VALID)
def test_a_request_with_a_type_on_every_leaf_means_the_same_as_without(world, tmp_path_factory, operation):
    plain = g.pedido(operation, **g.VALID[operation])
    with_types = changed(operation, "<", "<").decode()
    answers = []
    for body in (plain, typed(with_types).encode()):
        with g.gateway_on(world, tmp_path_factory.mktemp("one")) as opened:
            answers.append(opened.post(g.path_of(operation), body).body)
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("said", "centavos"),
    [
        ("18540.75", 1854075),
        ("18540.750", 1854075),
        ("+18540.7500", 1854075),
        ("18540.5", 1854050),
        ("18540.", 1854000),
    ],
)
def test_an_importe_is_read_with_zeros_too_many_or_too_few(gateway, said, centavos):
    assert gateway.ask("AvisoPago", **{**g.VALID["AvisoPago"], "Importe": said}).codigo == "00"
    assert gateway.rows("aviso")[-1]["importe_centavos"] == centavos


@pytest.mark.parametrize(
    "said", ["18540,75", "18540.755", "18.540,75", "$18540.75", "1.8E4", "NaN", "INF", "-1.00", ""]
)
def test_an_importe_that_could_mean_another_is_refused(gateway, said):
    answer = gateway.ask("AvisoPago", **{**g.VALID["AvisoPago"], "Importe": said})
    assert (answer.falla, answer.said("Campo")) == ("PMC-1008", "Importe")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2025-07-25", "2025-07-25"),
        ("2025-07-25Z", "2025-07-25"),
        ("2025-07-25-03:00", "2025-07-25"),
        ("2025-07-25+14:00", "2025-07-25"),
        ("2025-07-25T00:00:00Z", "2025-07-25"),
        (" 2025-07-25T00:00:00-12:00 ", "2025-07-25"),
    ],
)
def test_a_date_is_cut_and_never_moved(gateway, said, kept):
    assert gateway.ask("AvisoPago", **g.VALID["AvisoPago"], FechaVencimiento=said).codigo == "00"
    assert gateway.rows("aviso")[-1]["fecha_vencimiento"] == kept


@pytest.mark.parametrize("said", ["2025-07-25T10:00:00", "2025-07-25T00:00:01Z", "25/07/2025", "2025-7-25", "20250725"])
def test_a_date_that_could_mean_another_is_refused(gateway, said):
    answer = gateway.ask("AvisoPago", **g.VALID["AvisoPago"], FechaVencimiento=said)
    assert (answer.falla, answer.said("Campo")) == ("PMC-1008", "FechaVencimiento")


def test_accents_sent_as_base64_arrive(gateway):
    name = '<NombreCliente xsi:type="xsd:base64Binary">'
    body = changed("AltaFactura", "</AltaFactura>", f"{name}{b64('Ñandú y Cía')}</NombreCliente></AltaFactura>")
    assert gateway.post(g.EMPRESA, body).codigo == "00"
    assert gateway.ask("ConsultaDeuda", IdCliente="3000001").said("NombreCliente") == "Ñandú y Cía"


def test_free_text_keeps_its_blanks(gateway):
    answer = gateway.post(g.PMC, changed("Eco", "<Mensaje>hola<", '<Mensaje xsi:type="xsd:string">  hola <'))
    assert answer.said("Mensaje") == "  hola "


REFUSED = {
    "a DOCTYPE": ("PMC-1002", b"<!DOCTYPE a>" + changed("Eco", "<", "<")),
    "an instruction": ("PMC-1002", changed("Eco", "hola", "<?a?>")),
    "an href": ("PMC-1008", changed("ConsultaDeuda", "<IdCliente>1000001", '<IdCliente href="#1">')),
    "an id": ("PMC-1008", changed("ConsultaDeuda", "<IdCliente>", '<IdCliente id="1">')),
    "another xsi:type": ("PMC-1008", changed("ConsultaDeuda", "<IdCliente>", '<IdCliente xsi:type="Cabecera">')),
    "an xsi:type of a namespace of the caller's": (
        "PMC-1008",
        changed("ConsultaDeuda", "<IdCliente>", '<IdCliente xmlns:y="urn:y" xsi:type="y:string">'),
    ),
    "nil on a required element": ("PMC-1008", changed("Eco", "<Mensaje>hola</Mensaje>", '<Mensaje xsi:nil="true"/>')),
    "nil with a value": ("PMC-1008", changed("ConsultaDeuda", "<IdCliente>", '<IdCliente xsi:nil="true">')),
    "a required element that is empty": ("PMC-1008", changed("AvisoPago", "18540.75", "")),
    "an unknown field": ("PMC-1008", changed("ConsultaDeuda", "</IdCliente>", "</IdCliente><Otro/>")),
    "another order": (
        "PMC-1008",
        changed("AvisoPago", "<Moneda>ARS</Moneda>", "").replace(b"</Importe>", b"</Importe><Moneda>ARS</Moneda>"),
    ),
    "base64 that is none": (
        "PMC-1008",
        changed("ConsultaDeuda", "<IdCliente>1000001", '<IdCliente xsi:type="xsd:base64Binary">***'),
    ),
    "base64 of bytes that are no text": (
        "PMC-1008",
        changed("ConsultaDeuda", "<IdCliente>1000001", '<IdCliente xsi:type="xsd:base64Binary">/w=='),
    ),
    "base64 of a character that XML does not have": (
        "PMC-1008",
        changed("ConsultaDeuda", "<IdCliente>1000001", '<IdCliente xsi:type="xsd:base64Binary">AA=='),
    ),
    "an id that is too long once decoded": (
        "PMC-1008",
        changed("ConsultaDeuda", "<IdCliente>1000001", f'<IdCliente xsi:type="xsd:base64Binary">{b64("1" * 20)}'),
    ),
    "a list with an item that is empty": (
        "PMC-1008",
        changed("AltaFactura", "</Vencimientos>", "<Vencimiento/></Vencimientos>"),
    ),
    "hour 24": ("PMC-1008", changed("ConsultaDeuda", "12:00:00-03:00", "24:00:00", IdCliente="1")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_change_the_meaning_is_refused(gateway, name):
    falla, body = REFUSED[name]
    before = gateway.everything()
    operation = re.search(rb"<(?:soap:)?Body><(\w+)", body).group(1).decode()
    assert gateway.post(g.path_of(operation), body).falla == falla
    kept = {"aviso_ilegible", "alerta"}
    assert {k: v for k, v in gateway.everything().items() if k not in kept} == {
        k: v for k, v in before.items() if k not in kept
    }


@pytest.mark.parametrize("operation", g.VALID)
def test_a_correct_request_never_comes_to_the_tolerant_reader(gateway, told, operation):
    gateway.ask(operation, **g.VALID[operation])
    assert told == []


def test_an_aviso_that_cannot_be_forgiven_is_kept_as_it_came(gateway):
    body = changed("AvisoPago", "<Importe>18540.75", '<Importe xsi:type="xsd:string">18540,75')
    assert gateway.post(g.PMC, body).falla == "PMC-1008"
    assert b'xsi:type="xsd:string">18540,75<' in gateway.rows("aviso_ilegible")[-1]["cuerpo"]


def test_an_empresa_is_never_let_in_as_one_and_read_as_another(gateway):
    spelt = f'<CodigoEmpresa xsi:type="xsd:base64Binary">{b64("DEMO")}<'
    answer = gateway.post(g.PMC, changed("AvisoPago", "<CodigoEmpresa>DEMO<", spelt))
    assert (answer.falla, answer.said("Campo")) == ("PMC-1008", "CodigoEmpresa")
    assert len(gateway.rows("aviso_ilegible")) == 1
