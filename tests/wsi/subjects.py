"""What the rules are held against: a description, which is a WSDL or an XSD, and a message, which is an answer."""

import re
from collections.abc import Mapping
from functools import cached_property

from lxml import etree
from wsi.rules import ENVELOPE, SOAP, WSDL, XS

_DECLARATION = re.compile(rb"""^\s*<\?xml version=["']([^"']*)["'](?: encoding=["']([^"']*)["'])?""")


class Description:
    """A WSDL or an XSD as bytes, beside the documents that it may import: location → bytes."""

    def __init__(self, document: bytes, beside: Mapping[str, bytes]) -> None:
        self.document = document
        self.root = etree.fromstring(document)
        self.beside = beside

    @cached_property
    def schemas(self):
        """Give every schema: those in the WSDL, or the XSD itself."""
        return [self.root] if self.root.tag == f"{XS}schema" else self.root.findall(f"{WSDL}types/{XS}schema")

    @property
    def declaration(self):
        """Give the version and the encoding that the document declares, or what XML takes for granted."""
        found = _DECLARATION.match(self.document)
        return tuple(
            (said or b"").decode() or usual for said, usual in zip(found.groups(), ("1.0", "utf-8"), strict=True)
        )

    def all(self, name):
        """Give the elements of that name of the WSDL namespace, wherever they stand."""
        return self.root.iter(f"{WSDL}{name}")

    def soap(self, *names):
        """Give the elements of those names of the SOAP binding's namespace."""
        return self.root.iter(*(f"{SOAP}{name}" for name in names))

    def imported(self, element, attribute):
        """Give the root of what an import names; None for what is not beside it."""
        document = self.beside.get(element.get(attribute, ""))
        return None if document is None else etree.fromstring(document)


def local(element):
    return etree.QName(element).localname


def qname(element, attribute):
    """Resolve a QName: (namespace, local name); an undeclared prefix has the namespace None."""
    prefix, _, name = element.get(attribute).rpartition(":")
    return element.nsmap.get(prefix or None), name


class Message:
    """An answer, parsed once. status, headers, body: as gateway.Answer has them."""

    def __init__(self, answer):
        self.status, self.headers, self.body = answer.status, answer.headers, answer.body
        self.root = etree.fromstring(self.body)
        self.soap_body = self.root.find(f"{{{ENVELOPE}}}Body")
        self.inside = [] if self.soap_body is None else list(self.soap_body.iterchildren("*"))
        self.fault = None if self.soap_body is None else self.soap_body.find(f"{{{ENVELOPE}}}Fault")
