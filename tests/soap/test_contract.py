"""The published contract: each rule of what legacy SOAP stacks need, on the bytes that are served.

One truth: what is committed, written from the messages, served and used to validate is the same.
"""

import copy
import hashlib
import os
import re
import subprocess
import sys
import threading

import gateway as g
import pytest
from lxml import etree

from pmc_soap.soap import contract, validation
from pmc_soap.soap.contract import PORTS, XSD_FILE, committed, served, written
from pmc_soap.soap.messages.parts import Falla
from pmc_soap.soap.wsdl import COMMITTED_ADDRESS

XS = "{http://www.w3.org/2001/XMLSchema}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
SOAP_12 = b"http://schemas.xmlsoap.org/wsdl/soap12/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
PYTHONS = os.environ.get("PMC_TEST_PYTHONS", "").split()

both = pytest.mark.parametrize("port", PORTS, ids=lambda port: port.name)
every_schema = pytest.mark.parametrize("schema", [XSD_FILE, *(port.file for port in PORTS)], indirect=True)


def document(port):
    return etree.fromstring(committed(port.file))


@pytest.fixture
def schema(request):
    """Our schema, from the XSD or from inside a WSDL."""
    root = etree.fromstring(committed(request.param))
    return root if root.tag == f"{XS}schema" else own_schema(root)


def own_schema(wsdl):
    [own] = wsdl.findall(f"{WSDL}types/{XS}schema[@targetNamespace='{g.NS}']")
    return own


def data_types(schema):
    return {t.get("name"): t for t in schema.findall(f"{XS}complexType")}


def wrappers(schema):
    return {e.get("name"): e for e in schema.findall(f"{XS}element")}


def fields(holder):
    return list(holder.iter(f"{XS}element")) if holder.tag != f"{XS}element" else list(holder.iter(f"{XS}element"))[1:]


def local(qname):
    return qname.partition(":")[2]


def reachable(schema, names):
    """Give the types that are used below these global elements."""
    types = {t.get("name"): t for t in schema if t.tag in {f"{XS}complexType", f"{XS}simpleType"}}
    found, ahead = {}, [wrappers(schema)[name] for name in names]
    while ahead:
        holder = ahead.pop()
        for field in [*fields(holder), *([holder] if holder.get("type") else [])]:
            prefix, _, name = field.get("type").partition(":")
            if prefix == "tns" and name not in found:
                found[name] = types[name]
                ahead.append(types[name])
    return found


def responses(schema):
    return [name for name in wrappers(schema) if name.endswith("Response")]


# The WSDL -----------------------------------------------------------------------------------------------------------


@both
def test_a_wsdl_has_one_service_with_one_soap_1_1_port(port):
    wsdl = document(port)
    [service] = wsdl.findall(f"{WSDL}service")
    [one] = service.findall(f"{WSDL}port")
    assert (service.get("name"), one.get("name")) == (port.name, f"{port.name}Port")
    assert len(wsdl.findall(f"{WSDL}binding")) == len(wsdl.findall(f"{WSDL}portType")) == 1
    assert len(one.findall(f"{SOAP}address")) == 1


@both
def test_its_parts_stand_in_the_order_that_every_stack_reads(port):
    order = list(dict.fromkeys(etree.QName(part).localname for part in document(port)))
    assert order == ["documentation", "types", "message", "portType", "binding", "service"]


@both
def test_soap_1_2_is_not_named_anywhere(port):
    assert SOAP_12 not in committed(port.file)
    assert b"soap12" not in committed(port.file).lower()


@both
def test_it_has_one_schema_of_our_namespace_and_imports_nothing(port):
    wsdl = document(port)
    assert wsdl.get("targetNamespace") == g.NS
    namespaces = [schema.get("targetNamespace") for schema in wsdl.iter(f"{XS}schema")]
    assert namespaces == [g.NS, WSSE]
    assert not list(wsdl.iter(f"{WSDL}import", f"{XS}import", f"{XS}include"))


@both
def test_each_operation_is_document_literal_wrapped(port):
    wsdl = document(port)
    [style] = wsdl.iter(f"{SOAP}binding")
    assert (style.get("style"), style.get("transport")) == ("document", "http://schemas.xmlsoap.org/soap/http")
    assert {body.get("use") for body in wsdl.iter(f"{SOAP}body", f"{SOAP}fault", f"{SOAP}header")} == {"literal"}
    messages = {m.get("name"): m for m in wsdl.findall(f"{WSDL}message")}
    for operation in wsdl.findall(f"{WSDL}portType/{WSDL}operation"):
        name = operation.get("name")
        for direction, element in (("input", name), ("output", f"{name}Response")):
            message = operation.find(f"{WSDL}{direction}").get("message")
            [part] = messages[local(message)]
            assert (part.get("name"), part.get("element")) == ("parameters", f"tns:{element}")


@both
def test_each_operation_has_its_own_soap_action(port):
    operations = document(port).findall(f"{WSDL}binding/{WSDL}operation")
    actions = {o.get("name"): o.find(f"{SOAP}operation").get("soapAction") for o in operations}
    assert actions == {name: f"urn:pmc-soap:v1#{name}" for name in actions}


@both
def test_each_operation_may_carry_a_security_header_and_answers_with_a_declared_fault(port):
    wsdl = document(port)
    for operation in wsdl.findall(f"{WSDL}binding/{WSDL}operation"):
        [header] = operation.findall(f"{WSDL}input/{SOAP}header")
        assert (header.get("message"), header.get("part")) == ("tns:Seguridad", "Seguridad")
        assert [fault.get("name") for fault in operation.findall(f"{WSDL}fault")] == ["Falla"]
    [part] = wsdl.findall(f"{WSDL}message[@name='Seguridad']/{WSDL}part")
    assert part.get("element") == "wsse:Security"
    [inside] = wsdl.findall(f".//{XS}element[@name='Security']//{XS}element")
    assert (inside.get("name"), inside.get("minOccurs")) == ("UsernameToken", "0")


@both
def test_the_operations_are_those_of_the_contract(port):
    expected = {"PagoMisCuentas": g.NETWORK_OPERATIONS, "Empresa": g.EMPRESA_OPERATIONS}[port.name]
    told = [o.get("name") for o in document(port).findall(f"{WSDL}portType/{WSDL}operation")]
    assert told == [*expected, "Eco"]


@both
def test_everything_is_documented(port):
    wsdl = document(port)
    assert wsdl.findtext(f"{WSDL}documentation")
    assert all(o.findtext(f"{WSDL}documentation") for o in wsdl.findall(f"{WSDL}portType/{WSDL}operation"))
    for element in own_schema(wsdl).iter(f"{XS}element"):
        if element.getparent().tag == f"{XS}sequence":
            assert element.findtext(f"{XS}annotation/{XS}documentation"), element.get("name")


# The schema ---------------------------------------------------------------------------------------------------------


@every_schema
def test_all_elements_are_qualified(schema):
    assert schema.get("elementFormDefault") == "qualified"
    assert schema.get("targetNamespace") == g.NS


@every_schema
def test_wrappers_are_anonymous_and_data_types_are_named(schema):
    for name, element in wrappers(schema).items():
        if name == "Falla":  # the detail of a fault is data; an anonymous type in a fault breaks Axis 1.4
            assert (element.get("type"), len(element)) == ("tns:DetalleFalla", 0)
        else:
            assert element.get("type") is None
            assert element.find(f"{XS}complexType").get("name") is None
    for holder in [*wrappers(schema).values(), *data_types(schema).values()]:
        for field in fields(holder):
            assert field.get("type"), f"{field.get('name')} has an anonymous type"


@every_schema
def test_each_response_holds_one_result_of_a_named_type_with_at_least_two_elements(schema):
    for name in responses(schema):
        [result] = fields(wrappers(schema)[name])
        assert result.get("name") == f"{name.removesuffix('Response')}Result"
        assert result.get("type") == f"tns:Respuesta{name.removesuffix('Response')}"
        assert len(fields(data_types(schema)[local(result.get("type"))])) >= 2  # zeep unwraps a lone one


@every_schema
def test_each_request_begins_with_the_cabecera_and_each_result_with_the_resultado(schema):
    for name, element in wrappers(schema).items():
        if name in {"Eco", "EcoResponse", "Falla"}:
            continue
        first, *_ = fields(element)
        if name.endswith("Response"):
            first, *_ = fields(data_types(schema)[local(first.get("type"))])
            assert first.get("type") == "tns:Resultado"
        else:
            assert first.get("type") == "tns:Cabecera"


@every_schema
def test_a_list_stands_alone_in_a_container_that_every_response_holds(schema):
    types = data_types(schema)
    containers = {
        name for name, holder in types.items() if any(field.get("maxOccurs", "1") != "1" for field in fields(holder))
    }
    assert containers
    assert all(len(fields(types[name])) == 1 for name in containers)
    in_responses = {name: t for name, t in reachable(schema, responses(schema)).items() if name in types}
    for holder in in_responses.values():
        for field in fields(holder):
            if local(field.get("type")) in containers:
                assert field.get("minOccurs", "1") == "1", field.get("name")
    repeated = [field for e in wrappers(schema).values() for field in fields(e) if field.get("maxOccurs", "1") != "1"]
    assert repeated == []


@every_schema
def test_nothing_is_nillable_and_required_elements_come_first(schema):
    assert not schema.xpath("//*[@nillable]")
    for holder in [*wrappers(schema).values(), *data_types(schema).values()]:
        optional = [field.get("minOccurs") == "0" for field in fields(holder) if field.get("maxOccurs", "1") == "1"]
        assert optional == sorted(optional)


@every_schema
def test_the_schema_keeps_to_the_words_that_every_stack_reads(schema):
    words = {etree.QName(element).localname for element in schema.iter(etree.Element)}
    facets = {
        "restriction",
        "minLength",
        "maxLength",
        "pattern",
        "enumeration",
        "minInclusive",
        "maxInclusive",
        "totalDigits",
        "fractionDigits",
    }
    words -= facets
    assert words == {"schema", "simpleType", "complexType", "sequence", "element", "annotation", "documentation"}
    attributes = {name for element in schema.iter(etree.Element) for name in element.attrib}
    plain = {"name", "type", "minOccurs", "maxOccurs", "base", "value", "targetNamespace", "elementFormDefault"}
    assert attributes == plain


@every_schema
def test_codes_and_states_in_responses_are_plain_strings(schema):
    closed = [name for name, t in reachable(schema, responses(schema)).items() if list(t.iter(f"{XS}enumeration"))]
    assert closed == []  # a value that is new to a client kills its call


@every_schema
def test_identifiers_exclude_what_old_clients_do_not_escape(schema):
    for word in schema.findall(f"{XS}simpleType"):
        restriction = word.find(f"{XS}restriction")
        if restriction.get("base") != "xsd:string" or restriction.find(f"{XS}enumeration") is not None:
            continue
        pattern = restriction.find(f"{XS}pattern").get("value")
        assert "\\d" not in pattern  # it admits the digits of every script
        assert not any(re.search(pattern, character) for character in "&<Ññé١\n")
        bounded = restriction.find(f"{XS}maxLength") is not None or not re.search(r"[*+]", pattern)
        assert bounded, word.get("name")


@every_schema
def test_amounts_are_decimals_of_twelve_and_two(schema):
    [importe] = schema.findall(f"{XS}simpleType[@name='Importe']/{XS}restriction")
    facets = {etree.QName(facet).localname: facet.get("value") for facet in importe}
    assert importe.get("base") == "xsd:decimal"
    assert facets == {
        "totalDigits": "14",
        "fractionDigits": "2",
        "minInclusive": "0",
        "maxInclusive": "999999999999.99",
    }
    for field in schema.iter(f"{XS}element"):
        if "Importe" in field.get("name") and field.get("name") != "TipoImporte":
            assert field.get("type") == "tns:Importe"


@every_schema
def test_names_are_short_ascii_and_unique_whatever_their_case(schema):
    names = {element.get("name") for element in schema.iter(etree.Element) if element.get("name")}
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9]{0,29}", name) for name in names)
    assert len({name.lower() for name in names}) == len(names)


@every_schema
def test_every_type_is_used_and_every_type_used_is_there(schema):
    named = [t.get("name") for t in schema if t.tag in {f"{XS}complexType", f"{XS}simpleType"}]
    assert len(named) == len(set(named))
    assert set(named) == set(reachable(schema, wrappers(schema)))


# One truth ----------------------------------------------------------------------------------------------------------


def test_what_is_committed_is_what_the_messages_say():
    assert contract.differences() == []
    assert {file: committed(file) for file in written()} == dict(written())
    for file in written():
        assert (g.ROOT / "wsdl" / file).read_bytes() == committed(file)


@both
def test_a_wsdl_holds_the_same_definitions_as_the_xsd(port):
    whole, part = normal(etree.fromstring(committed(XSD_FILE))), normal(own_schema(document(port)))
    assert part == {name: whole[name] for name in part}


@both
def test_what_is_served_is_what_is_committed_but_for_the_public_address(gateway, port):
    answer = gateway.request("GET", port.path, query="wsdl", headers={"Host": "evil.example"})
    assert answer.body == committed(port.file).replace(COMMITTED_ADDRESS.encode(), b"https://pmc.example")
    [address] = etree.fromstring(answer.body).iter(f"{SOAP}address")
    assert address.get("location") == f"https://pmc.example{port.path}"


@both
def test_the_schema_is_served_beside_it(gateway, port):
    assert gateway.request("GET", port.path, query="xsd").body == committed(XSD_FILE)


@both
def test_no_caller_s_host_enters_the_contract(gateway, port):
    told = [
        gateway.request("GET", port.path, query="wsdl", headers=headers).body
        for headers in (
            {"Host": "evil.example"},
            {"Host": "other.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "ftp"},
            {"Forwarded": "host=evil.example"},
        )
    ]
    assert len(set(told)) == 1
    assert b"evil" not in told[0]


def test_a_public_address_is_escaped_where_it_is_written():
    told = served(PORTS[0], 'https://pmc.example/a&b"/')
    [address] = etree.fromstring(told).iter(f"{SOAP}address")
    assert address.get("location") == f'https://pmc.example/a&b"{PORTS[0].path}'


def test_what_validates_a_request_is_what_is_committed(gateway, monkeypatch):
    narrow = committed(XSD_FILE).replace(b'<xsd:maxLength value="19"/>', b'<xsd:maxLength value="5"/>')
    monkeypatch.setattr(validation, "committed", lambda _: narrow)
    monkeypatch.setattr(validation, "_of_thread", threading.local())
    # the comment leads past the recogniser, which asks the messages and not the file
    assert gateway.ask("ConsultaDeuda", IdCliente="1000<!-- -->001").said("Campo") == "IdCliente"


PRINT_HASHES = """
import hashlib
from pmc_soap.soap.contract import written
print(*(hashlib.sha256(text).hexdigest() for text in written().values()))
"""


@pytest.mark.parametrize("python", [pytest.param(sys.executable, id="this"), *PYTHONS])
@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_the_text_is_the_same_for_every_hash_seed_and_python(python, seed):
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    told = subprocess.run(  # noqa: S603 — an interpreter that the environment names
        [python, "-c", PRINT_HASHES], cwd=g.ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == [hashlib.sha256(committed(file)).hexdigest() for file in written()]


def test_other_pythons_were_asked_too():
    if not PYTHONS:
        pytest.skip("set PMC_TEST_PYTHONS to interpreters that have our packages, to compare what they write")


# Spyne's own interface document -------------------------------------------------------------------------------------


def normal(schema):
    """Give what a schema says, however it is written: name → facets of a simple type, or elements of a message.

    Whether a message is an element's anonymous type or a named one is Spyne's choice or ours; its name is the same.
    """
    said = {t.get("name"): restriction(t) for t in schema.findall(f"{XS}simpleType")}
    for message in schema.findall(f"{XS}complexType"):
        said[message.get("name")] = sequence(message)
    for element in schema.findall(f"{XS}element"):
        inside = element.find(f"{XS}complexType")
        if inside is not None:
            said[element.get("name")] = sequence(inside)
        elif element.get("name") == "Falla":
            said["Falla"] = said.pop(local(element.get("type")))
        else:
            assert element.get("type") == f"tns:{element.get('name')}"
    return said


def sequence(complex_type):
    return [
        (e.get("name"), qname(e, e.get("type")), e.get("minOccurs", "1"), e.get("maxOccurs", "1"))
        for e in complex_type.iter(f"{XS}element")
    ]


def restriction(simple_type):
    [inside] = simple_type.findall(f"{XS}restriction")
    return qname(inside, inside.get("base")), sorted((etree.QName(f).localname, f.get("value")) for f in inside)


def qname(element, name):
    prefix, _, rest = name.partition(":")
    return f"{{{element.nsmap[prefix]}}}{rest}"


@pytest.fixture(scope="module")
def spyne_says():
    """What Spyne itself would publish of both services."""
    from spyne import Application
    from spyne.interface.xml_schema import XmlSchema
    from spyne.protocol.soap import Soap11

    said = {}
    for port in PORTS:
        application = Application([port.service], tns=g.NS, in_protocol=Soap11(), out_protocol=Soap11())
        interface = XmlSchema(application.interface)
        interface.build_interface_document()
        said |= normal(interface.schema_dict["tns"])
    return said


@pytest.fixture
def ours():
    """Our XSD without Falla: Spyne knows its faults only as exceptions."""
    schema = etree.fromstring(committed(XSD_FILE))
    schema.remove(wrappers(schema)["Falla"])
    schema.remove(data_types(schema)["DetalleFalla"])
    return schema


def test_the_contract_says_what_spyne_s_models_say(ours, spyne_says):
    assert normal(ours) == spyne_says


def test_the_fault_s_detail_says_what_its_model_says():
    told = [name for name, *_ in normal(etree.fromstring(committed(XSD_FILE)))["Falla"]]
    assert told == list(Falla._type_info)  # noqa: SLF001 — spyne's own table


def some_field(schema):
    """Give an element in the middle of a message: Importe in AvisoPago."""
    [field] = schema.xpath("//*[@name='AvisoPago']//*[@name='Importe']")
    return field


def rename(schema):
    some_field(schema).set("name", "Monto")


def drop(schema):
    some_field(schema).getparent().remove(some_field(schema))


def make_optional(schema):
    some_field(schema).set("minOccurs", "0")


def repeat(schema):
    some_field(schema).set("maxOccurs", "2")


def change_type(schema):
    some_field(schema).set("type", "xsd:decimal")


def change_base(schema):
    schema.find(f"{XS}simpleType[@name='Importe']/{XS}restriction").set("base", "xsd:double")


def change_facet(schema):
    schema.find(f"{XS}simpleType[@name='IdCliente']//{XS}maxLength").set("value", "20")


def drop_facet(schema):
    facet = schema.find(f"{XS}simpleType[@name='IdCliente']//{XS}pattern")
    facet.getparent().remove(facet)


def reorder(schema):
    field = some_field(schema)
    field.getparent().insert(0, field)


def add(schema):
    field = some_field(schema)
    extra = copy.deepcopy(field)
    extra.set("name", "Otro")
    field.addnext(extra)


def move_to_another_namespace(schema):
    some_field(schema).set("type", "xsd:Importe")


MUTATIONS = [
    rename,
    drop,
    make_optional,
    repeat,
    change_type,
    change_base,
    change_facet,
    drop_facet,
    reorder,
    add,
    move_to_another_namespace,
]


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_a_contract_that_drifts_from_the_models_is_caught(ours, spyne_says, mutate):
    mutate(ours)
    assert normal(ours) != spyne_says
