"""What old callers do to XML, sent from a bare socket to the running gateway: it is read, or refused by name."""

import base64

import gateway as g
import pytest
import stacks
from caller import DUE, XML, alta, cabecera, consulta, due, sobre

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"


def prefixed(prefix, document):
    """Write the contract's elements with a prefix, as most toolkits do."""
    named = document.replace(f' xmlns="{g.NS}"', "").replace("</", f"</{prefix}:")
    return named.replace("<", f"<{prefix}:").replace(f"<{prefix}:/", "</")


def in_envelope(body, prefix="soap", declared="", header=""):
    p = f"{prefix}:" if prefix else ""
    xmlns = f"xmlns:{prefix}" if prefix else "xmlns"
    return f'<{p}Envelope {xmlns}="{g.ENVELOPE}" {declared}>{header}<{p}Body>{body}</{p}Body></{p}Envelope>'


def _writings(cliente):
    plain = consulta(cliente)
    inside = plain.replace(f'<ConsultaDeuda xmlns="{g.NS}">', "").replace("</ConsultaDeuda>", "")
    with_type = plain.replace("<IdCliente>", '<IdCliente xsi:type="xsd:string">')
    security = '<wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"/>'
    a_prefix = {
        f"{envelope} and {prefix}": in_envelope(prefixed(prefix, plain), envelope, f'xmlns:{prefix}="{g.NS}"')
        for envelope, prefix in (("SOAP-ENV", "ns1"), ("soapenv", "urn"), ("S", "ns2"), ("s", "tns"), ("env", "soap"))
    }
    return a_prefix | {
        "the envelope is the default namespace": in_envelope(plain, ""),
        "the contract is the default namespace of the envelope": in_envelope(
            plain.replace(f' xmlns="{g.NS}"', ""), "soap", f'xmlns="{g.NS}"'
        ),
        "the namespace said again on each element": sobre(
            plain.replace("<Cabecera>", f'<Cabecera xmlns="{g.NS}">').replace(
                "<IdCliente>", f'<IdCliente xmlns="{g.NS}">'
            )
        ),
        "namespaces that nobody uses": in_envelope(plain, "soap", f'{XSI} xmlns:enc="{ENCODING}" xmlns:x="urn:x"'),
        "a Header with nothing in it": in_envelope(plain, "soapenv", "", "<soapenv:Header/>"),
        "a Header that may be passed over": in_envelope(
            plain, header='<soap:Header><a xmlns="urn:x">1</a></soap:Header>'
        ),
        "a Security with nothing in it": in_envelope(plain, header=f"<soap:Header>{security}</soap:Header>"),
        "indented": sobre(plain.replace("><", ">\r\n\t  <")),
        "encodingStyle on the envelope": in_envelope(plain, "soap", f'soap:encodingStyle="{ENCODING}"'),
        "encodingStyle on the operation": sobre(
            plain.replace("<ConsultaDeuda", f'<ConsultaDeuda soap:encodingStyle="{ENCODING}"')
        ),
        "xsi:schemaLocation": in_envelope(plain, "soap", f'{XSI} xsi:schemaLocation="{g.NS} pmc.xsd"'),
        "xsi:schemaLocation on the operation": in_envelope(
            plain.replace("<ConsultaDeuda", f'<ConsultaDeuda xsi:schemaLocation="{g.NS} pmc.xsd"'), "soap", XSI
        ),
        "xsi:type of a built-in": in_envelope(with_type, "soap", XSI),
        "xsi:nil that is false": in_envelope(plain.replace("<IdCliente>", '<IdCliente xsi:nil="false">'), "soap", XSI),
        "an optional element that is nil": in_envelope(
            plain.replace("</ConsultaDeuda>", '<MaximoFacturas xsi:nil="true"/></ConsultaDeuda>'), "soap", XSI
        ),
        "an optional element that is empty": sobre(
            plain.replace("</ConsultaDeuda>", "<CodigoBarras></CodigoBarras></ConsultaDeuda>")
        ),
        "children in no namespace": sobre(f'<p:ConsultaDeuda xmlns:p="{g.NS}">{inside}</p:ConsultaDeuda>'),
        "blanks around a value": sobre(plain.replace(f">{cliente}<", f">\n  {cliente} \n<")),
        "base64, as SOAP::Lite writes accents": in_envelope(
            plain.replace(
                f"<IdCliente>{cliente}",
                f'<IdCliente xsi:type="xsd:base64Binary">{base64.b64encode(cliente.encode()).decode()}',
            ),
            "soap",
            XSI,
        ),
    }


WRITINGS = _writings("H-1")


@pytest.mark.parametrize("how", WRITINGS)
def test_the_same_request_is_read_however_it_is_written(phone, cliente, how):
    assert DUE == due(phone.call(g.PMC, WRITINGS[how], XML))


INSTANTS = ["2026-03-10T12:00:00", "2026-03-10T15:00:00Z", "2026-03-10T15:00:00+00:00", " 2026-03-10T12:00:00-03:00\n"]


@pytest.mark.parametrize("fecha_hora", [*INSTANTS, "2026-03-10T12:00:00.1234567-03:00", "2026-03-10T12:00:00.0"])
def test_every_way_to_write_an_instant_is_read(phone, cliente, fecha_hora):
    head = cabecera(stacks.TOKEN_RED, fecha_hora)
    assert DUE == due(phone.call(g.PMC, sobre(consulta(cliente, head)), XML))


FECHAS = ["2030-12-31Z", "2030-12-31-03:00", "2030-12-31+14:00", "2030-12-31T00:00:00", "2030-12-31T00:00:00Z"]


@pytest.mark.parametrize("fecha", [*FECHAS, "2030-12-31T00:00:00.000-03:00", " 2030-12-31 "])
def test_a_date_is_cut_and_never_moved_to_another_day(phone, fecha):
    id_cliente = f"H-{fecha.encode().hex()[-17:]}"
    assert "00" == phone.call(g.EMPRESA, sobre(alta(id_cliente, fecha=fecha)), XML).outcome
    assert "2030-12-31" == phone.call(g.PMC, sobre(consulta(id_cliente)), XML).said("Fecha")


@pytest.mark.parametrize("importe", ["1234.5", "+1234.50", "1234.5000", "01234.50", " 1234.50 "])
def test_an_amount_keeps_its_centavos_however_it_is_written(phone, importe):
    id_cliente = f"H-{importe.encode().hex()}"[:19]
    assert "00" == phone.call(g.EMPRESA, sobre(alta(id_cliente, importe=importe)), XML).outcome
    assert "1234.50" == phone.call(g.PMC, sobre(consulta(id_cliente)), XML).said("ImporteExigible")


# What is never guessed ----------------------------------------------------------------------------------------------

TWICE = '<IdCliente href="#c"/></ConsultaDeuda><IdCliente id="c">H-1</IdCliente>'
REFUSED = {
    "a decimal comma": (g.EMPRESA, sobre(alta("H-N", importe="1234,50")), "PMC-1008"),
    "thousands": (g.EMPRESA, sobre(alta("H-N", importe="1,234.50")), "PMC-1008"),
    "half a centavo": (g.EMPRESA, sobre(alta("H-N", importe="1234.505")), "PMC-1008"),
    "an exponent": (g.EMPRESA, sobre(alta("H-N", importe="1.2345E3")), "PMC-1008"),
    "a date the other way round": (g.EMPRESA, sobre(alta("H-N", fecha="31/12/2030")), "PMC-1008"),
    "a date with an hour": (g.EMPRESA, sobre(alta("H-N", fecha="2030-12-31T23:30:00Z")), "PMC-1008"),
    "a field that is not in the contract": (g.EMPRESA, sobre(alta("H-N", more="<Cuotas>3</Cuotas>")), "PMC-1008"),
    "fields in another order": (
        g.EMPRESA,
        sobre(
            alta("H-N")
            .replace("<IdCliente>H-N</IdCliente>", "")
            .replace("<Moneda>", "<IdCliente>H-N</IdCliente><Moneda>")
        ),
        "PMC-1008",
    ),
    "a required element that is nil": (
        g.EMPRESA,
        in_envelope(alta("H-N").replace("<Moneda>ARS", '<Moneda xsi:nil="true">'), "soap", XSI),
        "PMC-1008",
    ),
    "a value that is somewhere else": (
        g.PMC,
        sobre(consulta("H-1").replace("<IdCliente>H-1</IdCliente></ConsultaDeuda>", TWICE)),
        "PMC-1003",
    ),
    "a DOCTYPE": (g.PMC, "<!DOCTYPE x>" + sobre(consulta("H-1")), "PMC-1002"),
    "SOAP 1.2": (
        g.PMC,
        sobre(consulta("H-1")).replace(g.ENVELOPE, "http://www.w3.org/2003/05/soap-envelope"),
        "PMC-1004",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_could_mean_two_things_is_refused_by_name(phone, what):
    path, document, expected = REFUSED[what]
    answer = phone.call(path, document, XML)
    assert (500, expected) == (answer.status, answer.outcome)
    assert "03" == phone.call(g.PMC, sobre(consulta("H-N")), XML).outcome
