"""The rules of a description: its messages, portTypes, bindings and ports."""

import re
from collections import Counter

from wsi.rules import SOAP, WSDL, Rules
from wsi.subjects import local, qname

RULES = Rules()
HTTP = "http://schemas.xmlsoap.org/soap/http"
_NMTOKEN = re.compile(r"[\w.:-]+")


def _named(d, kind, element, attribute):
    """Find the WSDL component that a QName names; None where there is none here, or nobody to name it."""
    if element is None:
        return None
    name = qname(element, attribute)[1]
    return next((found for found in d.root.findall(f"{WSDL}{kind}") if found.get("name") == name), None)


def _parts(message):
    return [] if message is None else message.findall(f"{WSDL}part")


def _operations(d):
    """Give each operation of each binding beside the same of its portType: (binding, bound, abstract)."""
    for binding in d.root.findall(f"{WSDL}binding"):
        port_type = _named(d, "portType", binding, "type")
        abstract = {} if port_type is None else {e.get("name"): e for e in port_type.findall(f"{WSDL}operation")}
        for bound in binding.findall(f"{WSDL}operation"):
            yield binding, bound, abstract.get(bound.get("name"))


def _messages(d):
    """Give each bound input and output beside its message: (bound, parts, soap:body)."""
    for _, bound, abstract in _operations(d):
        for kind in ("input", "output"):
            held, said = bound.find(f"{WSDL}{kind}"), None if abstract is None else abstract.find(f"{WSDL}{kind}")
            if held is not None and said is not None:
                yield held, _parts(_named(d, "message", said, "message")), held.find(f"{SOAP}body")


def _in_body(parts, body):
    """Give the parts that a soap:body binds."""
    named = body.get("parts")
    return parts if named is None else [part for part in parts if part.get("name") in named.split()]


# Messages -----------------------------------------------------------------------------------------------------------


@RULES("R2201")
def one_part_listed(d):
    """A soap:body lists one part at the most."""
    yield from (body.get("parts") for body in d.soap("body") if len(body.get("parts", "").split()) > 1)


@RULES("R2204")
def body_parts_are_elements(d):
    """What is bound to a soap:body is a part that names an element."""
    for _, parts, body in _messages(d):
        yield from (part.get("name") for part in _in_body(parts, body) if part.get("element") is None)


@RULES("R2205")
def header_and_fault_parts_are_elements(d):
    """What is bound to a soap:header or a soap:fault is a part that names an element."""
    for header in d.soap("header", "headerfault"):
        parts = _parts(_named(d, "message", header, "message"))
        yield from (p.get("name") for p in parts if p.get("name") == header.get("part") and p.get("element") is None)
    for _, _, abstract in _operations(d):
        for fault in [] if abstract is None else abstract.findall(f"{WSDL}fault"):
            parts = _parts(_named(d, "message", fault, "message"))
            yield from (part.get("name") for part in parts if part.get("element") is None)


@RULES("R2206")
def parts_name_global_elements(d):
    """A part that names an element names a global one."""
    declared = {
        (schema.get("targetNamespace"), child.get("name"))
        for schema in d.schemas
        for child in schema
        if local(child) == "element"
    }
    yield from (p.get("element") for p in d.all("part") if p.get("element") and qname(p, "element") not in declared)


@RULES("R2209")
def every_part_is_bound(d):
    """Each part of a message is bound to the body, a header or a fault."""
    for bound, parts, body in _messages(d):
        headers = {header.get("part") for header in bound.iter(f"{SOAP}header", f"{SOAP}headerfault")}
        yield from (p.get("name") for p in parts if p not in _in_body(parts, body) and p.get("name") not in headers)


@RULES("R2210")
def one_part_unless_listed(d):
    """Where a soap:body lists no parts, its message has one at the most."""
    yield from (len(parts) for _, parts, body in _messages(d) if body.get("parts") is None and len(parts) > 1)


@RULES("R2306")
def type_or_element(d):
    """A part names a type or an element, never both."""
    yield from (part.get("name") for part in d.all("part") if {"type", "element"} <= set(part.attrib))


# PortTypes ----------------------------------------------------------------------------------------------------------


@RULES("R2303")
def asked_then_answered(d):
    """Each operation begins with an input: nothing is sent unasked."""
    for operation in d.root.iterfind(f"{WSDL}portType/{WSDL}operation"):
        if [local(child) for child in operation if local(child) in {"input", "output"}][:1] != ["input"]:
            yield operation.get("name")


@RULES("R2304")
def distinct_operations(d):
    """The operations of a portType have different names."""
    for port_type in d.all("portType"):
        names = Counter(operation.get("name") for operation in port_type.findall(f"{WSDL}operation"))
        yield from (name for name, times in names.items() if times > 1)


@RULES("R2305")
def parameter_order(d):
    """A parameterOrder leaves out one part of the output at the most."""
    for operation in d.root.iterfind(f"{WSDL}portType/{WSDL}operation[@parameterOrder]"):
        parts = _parts(_named(d, "message", operation.find(f"{WSDL}output"), "message"))
        if len({part.get("name") for part in parts} - set(operation.get("parameterOrder").split())) > 1:
            yield operation.get("name")


# Bindings -----------------------------------------------------------------------------------------------------------


@RULES("R2401")
def soap_bindings(d):
    """Every binding is a SOAP binding."""
    yield from (binding.get("name") for binding in d.all("binding") if binding.find(f"{SOAP}binding") is None)


@RULES("R2701")
def names_its_transport(d):
    """A soap:binding names its transport."""
    yield from (binding.tag for binding in d.soap("binding") if binding.get("transport") is None)


@RULES("R2702")
def over_http(d):
    """The transport is HTTP."""
    yield from (b.get("transport") for b in d.soap("binding") if b.get("transport", HTTP) != HTTP)


@RULES("R2705")
def one_style(d):
    """All operations of a binding have one style."""
    for binding in d.all("binding"):
        usual = next((said.get("style", "document") for said in binding.iter(f"{SOAP}binding")), "document")
        styles = {usual, *(said.get("style", usual) for said in binding.iter(f"{SOAP}operation"))}
        if len(styles) > 1:
            yield styles


@RULES("R2706")
def literal(d):
    """Bodies, headers and faults are literal, said or (R2707) left unsaid."""
    held = d.soap("body", "header", "headerfault", "fault")
    yield from (element.tag for element in held if element.get("use", "literal") != "literal")


@RULES("R2710")
def distinct_on_the_wire(d):
    """No two operations of a binding are called by the same element."""
    for binding in d.root.findall(f"{WSDL}binding"):
        called = Counter()
        for owner, bound, abstract in _operations(d):
            if owner is binding and abstract is not None:
                parts = _parts(_named(d, "message", abstract.find(f"{WSDL}input"), "message"))
                body = bound.find(f"{WSDL}input/{SOAP}body")
                called.update({tuple(qname(p, "element") for p in _in_body(parts, body) if p.get("element"))})
        yield from (signature for signature, times in called.items() if times > 1)


@RULES("R2711")
def distinct_addresses(d):
    """No two ports share an address."""
    addresses = Counter(address.get("location") for address in d.soap("address"))
    yield from (address for address, times in addresses.items() if times > 1)


@RULES("R2716")
def no_namespace_attribute(d):
    """In a document-literal binding, the schema gives the namespace: bodies, headers and faults say none."""
    held = d.soap("body", "header", "headerfault", "fault")
    yield from (element.tag for element in held if element.get("namespace") is not None)


@RULES("R2718")
def same_operations(d):
    """A binding has the operations of its portType, all and no others."""
    for binding in d.root.findall(f"{WSDL}binding"):
        port_type = _named(d, "portType", binding, "type")
        bound, said = ([e.get("name") for e in of.findall(f"{WSDL}operation")] for of in (binding, port_type))
        yield from sorted(set(bound) ^ set(said))


@RULES("R2720")
def headers_name_a_part(d):
    """A soap:header names one part, as a single word."""
    held = d.soap("header", "headerfault")
    yield from (h.get("part") for h in held if not _NMTOKEN.fullmatch(h.get("part", "")))


@RULES("R2749")
def headers_have_no_parts(d):
    """A soap:header does not use the attribute of the body, parts."""
    yield from (header.get("parts") for header in d.soap("header", "headerfault") if header.get("parts") is not None)


@RULES("R2721")
def faults_are_named(d):
    """A soap:fault has a name."""
    yield from (fault.getparent().get("name") for fault in d.soap("fault") if not fault.get("name"))


@RULES("R2754")
def faults_have_their_parent_s_name(d):
    """A soap:fault has the name of the wsdl:fault that holds it."""
    yield from (f.get("name") for f in d.soap("fault") if f.get("name") != f.getparent().get("name"))


@RULES("R2723")
def faults_are_literal(d):
    """A soap:fault that says its use says literal."""
    yield from (fault.get("name") for fault in d.soap("fault") if fault.get("use", "literal") != "literal")


@RULES("R2740")
def known_faults_are_bound(d):
    """Each fault that an operation declares is bound."""
    for _, bound, abstract in _operations(d):
        known = set() if abstract is None else {fault.get("name") for fault in abstract.findall(f"{WSDL}fault")}
        yield from sorted(known - {fault.get("name") for fault in bound.findall(f"{WSDL}fault")})
