"""One thing, one word: the wire's CamelCase is the code's snake_case, and the glossary knows both."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from pmc_soap.domain.aviso import AvisoPago, ReversaPago
from pmc_soap.domain.consulta import Busqueda, Consulta
from pmc_soap.domain.factura import Factura, Vencimiento
from pmc_soap.soap.contract import XSD_FILE, committed
from pmc_soap.soap.messages import empresa, pagomiscuentas, parts

ROOT = Path(__file__).parents[2]
UNITS = ("", "_centavos", "_utc")
OF_THE_CLAVE = {"id_cliente", "id_factura"}
# IdCliente and IdFactura make a ClaveFactura; Cabecera is read apart
CARRIED = [
    (pagomiscuentas.AvisoPago, [AvisoPago]),
    (pagomiscuentas.ReversaPago, [ReversaPago]),
    (pagomiscuentas.ConsultaDeuda, [Consulta, Busqueda]),
    (empresa.AltaFactura, [Factura]),
    (parts.Vencimiento, [Vencimiento]),
]


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@pytest.mark.parametrize(("message", "records"), CARRIED, ids=lambda value: getattr(value, "__name__", ""))
def test_each_element_has_a_field_of_the_same_name(message, records):
    known = {field.name for record in records for field in fields(record)} | OF_THE_CLAVE | {"cabecera", "numero"}
    missing = [name for name in message._type_info if not {snake(name) + unit for unit in UNITS} & known]  # noqa: SLF001
    assert missing == []


def glossary():
    rows = re.findall(
        r"^\| (.+?) \| (.+?) \|", (ROOT / "docs" / "glosario.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    return [(wire, code) for wire, code in rows if "`" in code]


def test_the_glossary_names_what_is_on_the_wire_and_in_the_code():
    on_the_wire = set(re.findall(r'<xsd:element name="(\w+)"', committed(XSD_FILE).decode()))
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "pmc_soap").rglob("*.py"))
    for wire, words in glossary():
        for word in re.findall(r"`(\w+)`", wire):
            assert word in on_the_wire, word
        for word in re.findall(r"`(\w+)`", words):
            if word.isascii():
                assert re.search(rf"\b{word}", code), word


def test_every_field_of_an_aviso_is_ascii_and_unaccented():
    names = [field.name for record in (AvisoPago, ReversaPago, Factura) for field in fields(record)]
    assert [name for name in names if not name.isascii()] == []
