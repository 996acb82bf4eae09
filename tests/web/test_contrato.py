"""The contract's pages say the whole contract, to anybody."""

import io
import zipfile

import pytest
from persona import Persona

from pmc_soap.soap.codigos import CODIGOS, FINALES, finales
from pmc_soap.soap.contract import PORTS, element_names, operation_names
from pmc_soap.web.app import build
from pmc_soap.wiring.contrato import read_contrato
from pmc_soap.wiring.errores import read_ayuda


@pytest.fixture
def persona():
    paths = [port.path for port in PORTS]
    app = build(ready=lambda: True, mode="demostración", soap_paths=paths, ayuda=read_ayuda(), contrato=read_contrato())
    return Persona(app)


def read(persona):
    """Give the words of the page; those of two cells are two."""
    return set(" ".join(persona.doc.find(".//main").itertext()).replace("/", " ").split())


def test_every_operation_element_and_code_of_the_contract_is_on_its_pages(persona):
    persona.get("/contrato/")
    codes = {e.text for e in persona.doc.iterfind(".//main//a[@class='code']")}
    words = read(persona)
    anchors = set()
    for port in PORTS:
        persona.get(f"/contrato/{port.path.rsplit('/', 1)[-1]}")
        words |= read(persona)
        anchors |= {e.get("id") for e in persona.doc.iter("h2")}
    assert {row.codigo for row in CODIGOS.values()} <= codes
    assert operation_names() == anchors
    assert element_names() - words == set()


def test_each_operation_tells_the_codes_that_it_can_end_in_and_no_other(persona):
    told = {}
    for port in PORTS:
        persona.get(f"/contrato/{port.path.rsplit('/', 1)[-1]}")
        for link in persona.doc.xpath("//main//h3[text()='Cómo puede terminar']/following-sibling::ul[1]//a"):
            [operation] = link.xpath("preceding::h2[1]/@id")
            told.setdefault(operation, []).append(link.text)
    assert told == {operation: [row.codigo for row in finales(operation)] for operation in FINALES}
    assert set(told) == operation_names() - {"Eco"}


def test_the_contract_is_downloaded_whole_with_a_sample_of_each_operation(persona):
    with zipfile.ZipFile(io.BytesIO(persona.get("/contrato/descargar").data)) as bundle:
        assert bundle.testzip() is None
        names = set(bundle.namelist())
    samples = {f"ejemplos/{name}.{kind}.xml" for name in operation_names() for kind in ("pedido", "respuesta")}
    assert names == samples | {"wsdl/pmc.xsd", "wsdl/pagomiscuentas.wsdl", "wsdl/empresa.wsdl"}


def test_a_service_that_is_not_there_has_no_page(persona):
    persona.get("/contrato/otro", status=404)
