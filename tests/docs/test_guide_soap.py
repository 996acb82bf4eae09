"""The guide of SOAP: an ERP that implements the contract is another gateway."""

import re

import gateway as g
import guias
import pytest
from connectors import servers
from lxml import etree


@pytest.fixture
def erp(sqlite_template, tmp_path):
    """An ERP that implements the contract: another gateway, with books of its own."""
    books = tmp_path / "erp.db"
    books.write_bytes(sqlite_template.read_bytes())
    empresa = {"nombre": "Club Ejemplo", "servicios": ["CONSULTA", "AVISO", "ALTA"]}
    gateway = g.Gateway(books, {**g.SETTINGS, "empresas": {"1234": empresa}}, first_id=1)
    gateway.clock.instant = guias.NOW
    gateway.house.facturas.register(guias.FACTURA)
    yield gateway
    gateway.close()


def _same_xml(one, other):
    def canonical(document):
        root = etree.fromstring(document, etree.XMLParser(remove_blank_text=True))
        return [(element.tag, element.text) for element in root.iter()]

    return canonical(one) == canonical(other)


def test_an_erp_with_the_contract_is_asked_and_is_told_once(living, erp):
    seen = []

    def door(environ, start_response):
        environ["PATH_INFO"] = g.PMC
        seen.append(environ["HTTP_SOAPACTION"])
        return erp.app(environ, start_response)

    with (
        g.serving(door) as (host, port),
        living("conectores/soap.md", instead={guias.ERP_URL: f"http://{host}:{port}"}) as casa,
    ):
        casa.consult()
        id_aviso = casa.pay()
        casa.deliver_twice()
        [told] = erp.rows("aviso")
        assert (told["id_mensaje"], told["id_transaccion"], told["estado"]) == (id_aviso, "TX-1", "APLICADO")
        assert (*guias.IMPUTED, told["id_aviso"]) == casa.entrega(id_aviso)
        id_reversa = casa.take_back()
        casa.deliver()
        assert [(id_aviso, "PAGO"), (id_reversa, "REVERSA")] == [
            (row["id_mensaje"], row["tipo"]) for row in erp.rows("aviso")
        ]
        assert ["PENDIENTE"] == [row["estado"] for row in erp.rows("factura")]
    assert '"urn:pmc-soap:v1#AvisoPago"' in seen


def test_the_request_and_the_answer_that_are_shown_are_those(living):
    request, answer = guias.blocks("conectores/soap.md", "xml")
    behave = servers.always(servers.answer(body=answer.encode()))
    with servers.listening(behave) as system, living("conectores/soap.md", instead={guias.ERP_URL: system.url}) as casa:
        casa.house.facturas.register(guias.FACTURA)
        id_aviso = casa.pay()
        casa.deliver()
        assert (*guias.IMPUTED, "R-77") == casa.entrega(id_aviso)
    shown = request.replace(re.search("<IdMensaje>(.*)</IdMensaje>", request)[1], id_aviso)
    assert _same_xml(shown.encode(), system.requests[0].body)
    assert '"urn:pmc-soap:v1#AvisoPago"' == system.requests[0].headers["SOAPAction"]
