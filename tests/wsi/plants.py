"""One violation for each rule: documents with a change, wrong answers, and gateways that misbehave."""

import gateway as g
from wsi.rules import ENCODING

_PART = '<wsdl:part name="parameters" element="tns:ConsultaDeuda"/>'
_OTHER_PART = '<wsdl:part name="otra" element="tns:Eco"/>'
_BODY = '<soap:body use="literal"/>'
_FAULT = '<soap:fault name="Falla" use="literal"/>'
_HEADER = '<soap:header message="tns:Seguridad" part="Seguridad" use="literal"/>'
_TYPES = "  <wsdl:types>\n"
_SIMPLE = '<xsd:simpleType name="Canal">'
_PORT = "    </wsdl:port>\n"
_ASKED = '<wsdl:input message="tns:ConsultaDeuda"/>'
_ARRAY = (
    f'<xsd:complexType name="A"><xsd:complexContent><xsd:restriction xmlns:e="{ENCODING}" base="e:Array"/>'
    "</xsd:complexContent></xsd:complexType>"
)
_XSD_HEAD = '<?xml version="1.0" encoding="utf-8"?>'


def _import(location, namespace="urn:pmc-soap:v1"):
    return [(_TYPES, f'<wsdl:import namespace="{namespace}" location="{location}"/>{_TYPES}')]


WSDLS = {
    "R2028": [("<wsdl:part name", "<wsdl:part nombre")],
    "R2029": [(_FAULT, '<soap:fault name="Falla" uso="literal"/>')],
    "R4003": [('encoding="utf-8"', 'encoding="iso-8859-1"')],
    "R4004": [('version="1.0"', 'version="1.1"')],
    "R4005": [("<wsdl:definitions ", '<wsdl:definitions xmlns:xml="http://www.w3.org/XML/1998/namespace" ')],
    "R2030": [(_ASKED, f"{_ASKED}<wsdl:documentation>Tarde.</wsdl:documentation>")],
    "R2026": [('<soap:binding style="document"', '<soap:binding wsdl:required="true" style="document"')],
    "R2001": _import("pmc.xsd"),
    "R2002": _import("pmc.xsd"),
    "R2003": [(_TYPES, f'{_TYPES}<xsd:import namespace="urn:otra"/>')],
    "R2004": [(_SIMPLE, f'<xsd:import namespace="urn:otra" schemaLocation="empresa.wsdl"/>{_SIMPLE}')],
    "R2005": _import("empresa.wsdl", "urn:otra"),
    "R2007": _import(""),
    "R2803": _import("empresa.wsdl", "pmc-soap"),
    "R2022": [
        ("  <wsdl:service ", '  <wsdl:import namespace="urn:pmc-soap:v1" location="empresa.wsdl"/><wsdl:service ')
    ],
    "R2023": [(_TYPES, f'<wsdl:message name="Temprano"/>{_TYPES}')],
    "R2101": [(_PART, '<wsdl:part name="parameters" xmlns:x="urn:otra" element="x:ConsultaDeuda"/>')],
    "R2102": [('type="tns:Canal"', 'type="x:Canal" xmlns:x="urn:otra"')],
    "R2105": [(_TYPES, f'{_TYPES}<xsd:schema><xsd:element name="a"/></xsd:schema>')],
    "R2110": [
        (
            _SIMPLE,
            _ARRAY + _SIMPLE,
        )
    ],
    "R2111": [(_SIMPLE, f'<xsd:attribute name="a" wsdl:arrayType="xsd:int[]"/>{_SIMPLE}')],
    "R2112": [('complexType name="Facturas"', 'complexType name="ArrayOfFactura"')],
    "R2800": [('type="tns:Canal"', 'type="tns:NoExiste"')],
    "R2801": [
        (
            '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"',
            '<xsd:schema xmlns:xsd="http://www.w3.org/2000/10/XMLSchema"',
        )
    ],
    "R2201": [(_BODY, '<soap:body parts="parameters otra" use="literal"/>')],
    "R2204": [(_PART, '<wsdl:part name="parameters" type="tns:Cabecera"/>')],
    "R2205": [('<wsdl:part name="Falla" element="tns:Falla"/>', '<wsdl:part name="Falla" type="tns:Cabecera"/>')],
    "R2206": [(_PART, '<wsdl:part name="parameters" element="tns:Cabecera"/>')],
    "R2209": [(_PART, _PART + _OTHER_PART), (_BODY, '<soap:body parts="parameters" use="literal"/>')],
    "R2210": [(_PART, _PART + _OTHER_PART)],
    "R2306": [(_PART, '<wsdl:part name="parameters" type="tns:Cabecera" element="tns:ConsultaDeuda"/>')],
    "R2303": [(_ASKED, "")],
    "R2304": [('<wsdl:operation name="AvisoPago">', '<wsdl:operation name="ConsultaDeuda">')],
    "R2305": [
        ('element="tns:EcoResponse"/>', f'element="tns:EcoResponse"/>{_OTHER_PART}'),
        ('<wsdl:operation name="Eco">', '<wsdl:operation name="Eco" parameterOrder="">'),
    ],
    "R2401": [('<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>', "")],
    "R2701": [(' transport="http://schemas.xmlsoap.org/soap/http"', "")],
    "R2702": [("http://schemas.xmlsoap.org/soap/http", "http://schemas.xmlsoap.org/soap/smtp")],
    "R2705": [('#ConsultaDeuda" style="document"', '#ConsultaDeuda" style="rpc"')],
    "R2706": [(_BODY, '<soap:body use="encoded"/>')],
    "R2710": [(_PART, '<wsdl:part name="parameters" element="tns:AvisoPago"/>')],
    "R2711": [
        (
            _PORT,
            f'{_PORT}<wsdl:port name="Otro" binding="tns:PagoMisCuentasBinding"><soap:address location="http://127.0.0.1:8080/soap/v1/pagomiscuentas"/></wsdl:port>',
        )
    ],
    "R2716": [(_BODY, '<soap:body use="literal" namespace="urn:pmc-soap:v1"/>')],
    "R2718": [('<wsdl:operation name="Eco">', '<wsdl:operation name="Otra">')],
    "R2720": [(_HEADER, _HEADER.replace('part="Seguridad"', 'part="Seguridad Otra"'))],
    "R2749": [(_HEADER, _HEADER.replace('part="Seguridad"', 'part="Seguridad" parts="Seguridad"'))],
    "R2721": [(_FAULT, '<soap:fault use="literal"/>')],
    "R2754": [(_FAULT, '<soap:fault name="Otra" use="literal"/>')],
    "R2723": [(_FAULT, '<soap:fault name="Falla" use="encoded"/>')],
    "R2740": [(f'<wsdl:fault name="Falla">{_FAULT}</wsdl:fault>', "")],
}
"""Number → changes to pagomiscuentas.wsdl: what stands there, what to put in its place."""

XSDS = {
    "R2010": [(_XSD_HEAD, '<?xml version="1.0" encoding="iso-8859-1"?>')],
    "R2011": [(_XSD_HEAD, '<?xml version="1.1" encoding="utf-8"?>')],
}
"""The same for pmc.xsd."""

_ECO = f'<EcoResponse xmlns="{g.NS}"><EcoResult/></EcoResponse>'
_FAILED = "<soap:Fault><faultcode>soap:Client</faultcode><faultstring>PMC-1001: No.</faultstring></soap:Fault>"


def an_answer(old="", new="", *, fault=False, status=None, headers=None):
    """Write an answer that is right but for one change in its text, its status or its headers."""
    text = f'<?xml version="1.0" encoding="utf-8"?>\n{g.sobre(_FAILED if fault else _ECO).decode()}'
    assert old in text
    told = {"Content-Type": "text/xml; charset=utf-8", **(headers or {})}
    body = text.replace(old, new, 1).encode()
    told["Content-Length"] = str(len(body))
    return g.Answer(status or (500 if fault else 200), told, body)


_AFTER = "</soap:Body>"
_STYLE = f'soap:encodingStyle="{ENCODING}"'

ANSWERS = {
    "R9980": an_answer("<soap:Body>", "<soap:Cuerpo/><soap:Body>"),
    "R9981": an_answer(_ECO, _ECO * 2),
    "R1011": an_answer(_AFTER, f"{_AFTER}<a/>"),
    "R1014": an_answer(_ECO, "<EcoResponse/>"),
    "R1008": an_answer("<soap:Envelope", "<!DOCTYPE a><soap:Envelope"),
    "R1009": an_answer(_ECO, f"<?a b?>{_ECO}"),
    "R1033": an_answer("<soap:Body>", '<soap:Body xmlns:xml="http://www.w3.org/XML/1998/namespace">'),
    "R1032": an_answer("<soap:Body>", '<soap:Body soap:mustUnderstand="1">'),
    "R1005": an_answer("<soap:Body>", f"<soap:Body {_STYLE}>"),
    "R1006": an_answer("<EcoResponse", f"<EcoResponse {_STYLE}"),
    "R1013": an_answer(
        "<soap:Body>", '<soap:Header><a xmlns="urn:a" soap:mustUnderstand="true"/></soap:Header><soap:Body>'
    ),
    "R2113": an_answer("<EcoResult", f'<EcoResult xmlns:e="{ENCODING}" e:arrayType="a[1]"'),
    "R2712": an_answer(_ECO, f'<Eco xmlns="{g.NS}"/>'),
    "R1000": an_answer("</soap:Fault>", "<causa/></soap:Fault>", fault=True),
    "R1001": an_answer("<faultstring>", f'<faultstring xmlns="{g.ENVELOPE}">', fault=True),
    "R1004": an_answer("soap:Client", "Client", fault=True),
    "R1031": an_answer("soap:Client", "soap:Client.Contrato", fault=True),
    "R1012": an_answer("utf-8", "iso-8859-1"),
    "R1018": an_answer(headers={"Content-Type": "text/xml; charset=iso-8859-1"}),
    "R1108": an_answer(headers={"Man": '"urn:a"; ns=01'}),
    "R1111": an_answer(status=202),
    "R1124": an_answer(status=400),
    "R1126": an_answer(fault=True, status=400),
}
"""Number → an answer that breaks it."""

_NO, _YES = an_answer(fault=True), an_answer()
BEHAVIOURS = {
    **dict.fromkeys(("R1010", "R4001", "R1017", "R1127"), _NO),
    **dict.fromkeys(("R1015", "R1027", "R2725"), _NO),  # a fault, but of another code
    **dict.fromkeys(("R1025", "R1028", "R1029", "R1114", "R2724"), _YES),
}
"""Number → what a gateway that breaks it answers."""


class Deaf:
    """A gateway that gives one answer whatever it is asked, and always does something."""

    def __init__(self, answer):
        self._answer = answer
        self._done = 0

    def request(self, *_):
        self._done += 1
        return self._answer

    def everything(self):
        return {"aviso": self._done}
