"""The rules of an instance: how the gateway behaves. Each check asks a gateway something, and tells what is wrong."""

import gateway as g
from wsi.rules import Rules

RULES = Rules()
SOAP_12 = b"http://www.w3.org/2003/05/soap-envelope"
MANDATORY = '<soap:Header><a xmlns="urn:otra" soap:mustUnderstand="1"/></soap:Header>'
NO_OPERATION = f'<NoExiste xmlns="{g.NS}"/>'
ECO = f'<Eco xmlns="{g.NS}"><Mensaje>hola</Mensaje></Eco>'


def _aviso(header="", **said):
    """Write an AvisoPago that is right but for what is said, under a header."""
    pedido = g.pedido("AvisoPago", **g.VALID["AvisoPago"], **said)
    return pedido.replace(b"<soap:Body>", f"{header}<soap:Body>".encode())


def _unless(faultcode, gateway, body):
    """Tell what came instead of a fault of that code."""
    answer = gateway.request("POST", g.PMC, body)
    if answer.said("faultcode") != f"soap:{faultcode}":
        yield answer.body


def _unless_answered(gateway, body, headers=g.XML):
    answer = gateway.request("POST", g.PMC, body, headers)
    if answer.said("Mensaje") != "hola":
        yield answer.body


@RULES("R1010")
def xml_declaration(gateway):
    """A request with an XML declaration is accepted."""
    yield from _unless_answered(gateway, b'<?xml version="1.0" encoding="utf-8"?>' + g.sobre(ECO))


@RULES("R4001")
def byte_order_mark(gateway):
    """A request with a byte order mark is accepted."""
    yield from _unless_answered(gateway, b"\xef\xbb\xbf" + g.sobre(ECO))


@RULES("R1017")
def no_types_asked_for(gateway):
    """Nobody has to send xsi:type."""
    yield from _unless_answered(gateway, g.sobre(ECO))


@RULES("R1127")
def soap_action(gateway):
    """A request is understood without its SOAPAction."""
    for headers in (g.XML, {**g.XML, "SOAPAction": '""'}):
        yield from _unless_answered(gateway, g.sobre(ECO), headers)


@RULES("R1015")
def another_envelope(gateway):
    """An Envelope of another namespace gets a fault."""
    yield from _unless("VersionMismatch", gateway, g.sobre(ECO).replace(g.ENVELOPE.encode(), SOAP_12))


@RULES("R1027")
def mandatory_header(gateway):
    """A mandatory header that is not understood gets the fault MustUnderstand."""
    yield from _unless("MustUnderstand", gateway, g.sobre(ECO, MANDATORY))


@RULES("R1025")
def headers_before_all(gateway):
    """Mandatory headers are checked before anything is done."""
    yield from _changes(gateway, _aviso(MANDATORY))


@RULES("R1028")
def nothing_after_a_fault(gateway):
    """What got a fault has no other effect."""
    yield from _changes(gateway, _aviso(token="otro"))


def _changes(gateway, body):
    before = gateway.everything()
    gateway.request("POST", g.PMC, body)
    after = gateway.everything()
    yield from (table for table in before if after[table] != before[table])


@RULES("R1029")
def fault_instead_of_an_answer(gateway):
    """Where there would have been an answer, there is a fault."""
    yield from _unless("Client", gateway, g.sobre(ECO)[:-5])


@RULES("R1114")
def only_post(gateway):
    """What is not a POST gets 405."""
    for method in ("GET", "PUT", "DELETE"):
        if (status := gateway.request(method, g.PMC).status) != 405:
            yield method, status


@RULES("R2724")
def against_the_description(gateway):
    """What is not in the WSDL gets the fault Client."""
    yield from _unless("Client", gateway, g.sobre(NO_OPERATION))


@RULES("R2725")
def order_of_faults(gateway):
    """The version is checked first, then mandatory headers, then the rest."""
    wrong = g.sobre(NO_OPERATION, MANDATORY)
    yield from _unless("MustUnderstand", gateway, wrong)
    yield from _unless("VersionMismatch", gateway, wrong.replace(g.ENVELOPE.encode(), SOAP_12))
