"""The rules of a description: the document, what it imports, and its types."""

import re
from urllib.parse import urlsplit

from lxml import etree
from wsi.rules import ENCODING, SOAP, WSDL, XS, Rules
from wsi.subjects import local, qname

RULES = Rules()
_UTF = {"utf-8", "utf-16"}

# WSDL 1.1 §2: what may stand in what, and what each must say
_CHILDREN = {
    "definitions": {"documentation", "import", "types", "message", "portType", "binding", "service"},
    "types": {"documentation"},
    "message": {"documentation", "part"},
    "portType": {"documentation", "operation"},
    "binding": {"documentation", "operation"},
    "operation": {"documentation", "input", "output", "fault"},
    "service": {"documentation", "port"},
    **{name: {"documentation"} for name in ("import", "part", "input", "output", "fault", "port")},
}
_MUST_SAY = {
    "import": {"namespace", "location"},
    "port": {"name", "binding"},
    "binding": {"name", "type"},
    **{name: {"name"} for name in ("message", "part", "portType", "operation", "fault", "service")},
}
# WSDL 1.1 §3: where each element of the SOAP binding stands, what it must say, and what it may
_SOAP = {
    "binding": ("binding", set(), {"style", "transport"}),
    "operation": ("operation", set(), {"soapAction", "style"}),
    "body": ("input output", set(), {"parts", "use", "encodingStyle", "namespace"}),
    "header": ("input output", {"message", "part", "use"}, {"encodingStyle", "namespace", "parts"}),
    "headerfault": ("header", {"message", "part", "use"}, {"encodingStyle", "namespace", "parts"}),
    "fault": ("fault", set(), {"name", "use", "encodingStyle", "namespace"}),
    "address": ("port", {"location"}, set()),
}


# The document -------------------------------------------------------------------------------------------------------


@RULES("R2028")
def wsdl_elements(d):
    """Each element of the WSDL namespace stands where WSDL 1.1 has it, and says what it must."""
    for element in d.root.iter(f"{WSDL}*"):
        may_hold, must_say = _CHILDREN.get(local(element), set()), _MUST_SAY.get(local(element), set())
        yield from (child.tag for child in element.iterchildren(f"{WSDL}*") if local(child) not in may_hold)
        yield from (f"{local(element)} without {name}" for name in sorted(must_say - set(element.attrib)))


@RULES("R2029")
def soap_elements(d):
    """Each element of the SOAP binding stands where WSDL 1.1 has it, with its attributes and no others."""
    for element in d.root.iter(f"{SOAP}*"):
        where, must, may = _SOAP[local(element)]
        said = {name for name in element.attrib if not name.startswith("{")}
        if local(element.getparent()) not in where.split() or not must <= said <= must | may:
            yield etree.tostring(element)


@RULES("R2010")
def schema_encoding(d):
    """A schema document is in UTF-8 or UTF-16."""
    if d.root.tag == f"{XS}schema" and d.declaration[1].lower() not in _UTF:
        yield d.declaration


@RULES("R2011")
def schema_version(d):
    """A schema document is XML 1.0."""
    if d.root.tag == f"{XS}schema" and d.declaration[0] != "1.0":
        yield d.declaration


@RULES("R4003")
def wsdl_encoding(d):
    """A WSDL is in UTF-8 or UTF-16."""
    if d.root.tag == f"{WSDL}definitions" and d.declaration[1].lower() not in _UTF:
        yield d.declaration


@RULES("R4004")
def wsdl_version(d):
    """A WSDL is XML 1.0."""
    if d.root.tag == f"{WSDL}definitions" and d.declaration[0] != "1.0":
        yield d.declaration


@RULES("R4005")
def xml_prefix(d):
    """Nobody declares the prefix xml, which needs no declaration."""
    if re.search(rb"\sxmlns:xml\s*=", d.document):
        yield "xmlns:xml"


@RULES("R2030")
def documentation_first(d):
    """Documentation, where there is some, comes before its siblings."""
    yield from (said.getparent().tag for said in d.all("documentation") if said.getprevious() is not None)


@RULES("R2026")
def required_extensions(d):
    """No extension is marked as required."""
    yield from (element.tag for element in d.root.iter() if element.get(f"{WSDL}required") in {"true", "1"})


# Imports ------------------------------------------------------------------------------------------------------------


@RULES("R2001")
def imports_descriptions(d):
    """A wsdl:import brings in a WSDL and nothing else."""
    for element in d.all("import"):
        root = d.imported(element, "location")
        if root is not None and root.tag != f"{WSDL}definitions":
            yield root.tag


@RULES("R2002")
def imports_schemas(d):
    """A schema is brought in by xsd:import, never by wsdl:import."""
    for element in d.all("import"):
        root = d.imported(element, "location")
        if root is not None and root.tag == f"{XS}schema":
            yield element.get("location")


@RULES("R2003")
def schema_imports_in_schemas(d):
    """An xsd:import stands in a schema."""
    yield from (e.getparent().tag for e in d.root.iter(f"{XS}import") if e.getparent().tag != f"{XS}schema")


@RULES("R2004")
def schema_imports_schemas(d):
    """What an xsd:import locates is a schema."""
    for element in d.root.iter(f"{XS}import"):
        root = d.imported(element, "schemaLocation")
        if root is not None and root.tag != f"{XS}schema":
            yield root.tag


@RULES("R2005")
def imports_its_namespace(d):
    """An imported WSDL has the target namespace that the import names."""
    for element in d.all("import"):
        root = d.imported(element, "location")
        if root is not None and root.get("targetNamespace") != element.get("namespace"):
            yield element.get("location")


@RULES("R2007")
def imports_locate(d):
    """A wsdl:import says where what it imports is."""
    yield from (element.get("namespace") for element in d.all("import") if not element.get("location"))


@RULES("R2803")
def imports_absolute(d):
    """The namespace of a wsdl:import is an absolute URI."""
    yield from (e.get("namespace") for e in d.all("import") if not urlsplit(e.get("namespace", "")).scheme)


@RULES("R2022")
def imports_first(d):
    """The imports come first, after nothing but documentation."""
    yield from _late(d, "import", {"documentation", "import"})


@RULES("R2023")
def types_first(d):
    """The types come before messages, portTypes, bindings and services."""
    yield from _late(d, "types", {"documentation", "import", "types"})


def _late(d, name, may_precede):
    for element in d.all(name):
        before = {local(sibling) for sibling in element.itersiblings(preceding=True) if isinstance(sibling.tag, str)}
        yield from sorted(before - may_precede)


# Types --------------------------------------------------------------------------------------------------------------


@RULES("R2101")
def references_known_namespaces(d):
    """WSDL refers only to names of its own namespace, of its schemas, or of what it imports."""
    known = {d.root.get("targetNamespace"), XS[1:-1], *(schema.get("targetNamespace") for schema in d.schemas)}
    known |= {element.get("namespace") for element in (*d.all("import"), *d.root.iter(f"{XS}import"))}
    for element in d.root.iter(f"{WSDL}*", f"{SOAP}*"):
        for attribute in {"message", "element", "type", "binding"} & set(element.attrib):
            if qname(element, attribute)[0] not in known:
                yield element.get(attribute)


@RULES("R2102")
def schema_references_known_namespaces(d):
    """A schema refers only to names of its own namespace, or of what it imports itself."""
    for schema in d.schemas:
        known = {schema.get("targetNamespace"), XS[1:-1], *(e.get("namespace") for e in schema.iter(f"{XS}import"))}
        for element in schema.iter(f"{XS}*"):
            for attribute in {"type", "base", "ref", "itemType"} & set(element.attrib):
                if qname(element, attribute)[0] not in known:
                    yield element.get(attribute)


@RULES("R2105")
def schemas_have_a_namespace(d):
    """A schema that declares something has a target namespace."""
    idle = {f"{XS}import", f"{XS}annotation"}
    yield from (s.tag for s in d.schemas if not s.get("targetNamespace") and {child.tag for child in s} - idle)


@RULES("R2110")
def no_encoded_arrays(d):
    """No array is derived from the Array of SOAP encoding."""
    for element in d.root.iter(f"{XS}extension", f"{XS}restriction"):
        if element.get("base") and qname(element, "base") == (ENCODING, "Array"):
            yield element.get("base")


@RULES("R2111")
def no_array_type(d):
    """No type declaration uses wsdl:arrayType."""
    yield from (element.tag for element in d.root.iter() if element.get(f"{WSDL}arrayType") is not None)


@RULES("R2112")
def no_array_of(d):
    """No element is named ArrayOf-something."""
    names = (
        element.get("name", "") for schema in d.schemas for element in schema.iter(f"{XS}element", f"{XS}complexType")
    )
    yield from (name for name in names if name.startswith("ArrayOf"))


@RULES("R2800")
def schemas_are_right(d):
    """Each schema is a right schema of XML Schema 1.0."""
    for schema in d.schemas:
        try:
            etree.XMLSchema(schema)
        except etree.XMLSchemaParseError as error:
            yield error


@RULES("R2801")
def schemas_of_2001(d):
    """Schemas are written in XML Schema 1.0, in its namespace of 2001."""
    held = [child for types in d.all("types") for child in types] if d.root.tag.startswith(WSDL) else [d.root]
    yield from (child.tag for child in held if child.tag not in {f"{XS}schema", f"{WSDL}documentation"})
