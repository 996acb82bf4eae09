"""Holds an operation against the published schema. One schema a thread: the errors of a shared one are shared too.

libxml2 makes its table of built-in types with the first schema of a process, and two threads that make theirs at once
spoil it for good. So schemas are made one at a time (docs/adr/0007-schemas-one-at-a-time.md).
"""

import re
import threading
from io import BytesIO

from lxml import etree

from pmc_soap.soap.contract import XSD_FILE, committed, element_names
from pmc_soap.soap.fallas import Causa, FallaSoap
from pmc_soap.soap.words import NAMESPACE

_NAME_IN_ERROR = re.compile(rf"\{{{NAMESPACE}\}}(\w+)")
_EXPECTED = re.compile(rf"Expected is \( \{{{NAMESPACE}\}}(\w+) \)")
_making = threading.Lock()
_of_thread = threading.local()


def validate(operation: etree._Element) -> None:
    """Raise FallaSoap, naming the element at fault, unless the operation is the contract's."""
    schema = _schema()
    if not schema.validate(operation):
        raise FallaSoap(Causa.CONTRATO, _element_at_fault(schema))


def _schema() -> etree.XMLSchema:
    if not hasattr(_of_thread, "schema"):
        with _making:
            _of_thread.schema = etree.XMLSchema(etree.parse(BytesIO(committed(XSD_FILE))))
    schema: etree.XMLSchema = _of_thread.schema
    return schema


def _element_at_fault(schema: etree.XMLSchema) -> str | None:
    """Name the element of the first error, if it is the contract's; never a word of the caller's or the library's."""
    for error in schema.error_log:
        said = _NAME_IN_ERROR.findall(error.message)
        expected = _EXPECTED.search(error.message)  # where only one could stand there, that one is missing
        likely = [expected.group(1), *said] if expected else said[1:] if "Missing child" in error.message else said
        return next((name for name in likely if name in element_names()), None)
    return None
