"""The contract by example: each fixture is played against the world of tests/gateway.py, and answered byte for byte.

PMC_WRITE_FIXTURES=1 writes the answers instead of comparing them; read every one before it is committed.
"""

import os
import re
from datetime import date, datetime

import gateway as g
import pytest
from lxml import etree

from pmc_soap import config, wiring, wsgi
from pmc_soap.demo import world
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.soap.codigos import CODIGOS, DESCRIPCION_MAX, FINALES, describe, finales
from pmc_soap.soap.fallas import Causa

WRITE = os.environ.get("PMC_WRITE_FIXTURES") == "1"
ID_PEDIDO = re.compile(rb"<IdPedido>[0-9a-f]{32}</IdPedido>")
ANY_ID_PEDIDO = b"<IdPedido>00000000000000000000000000000000</IdPedido>"

CODES = {operation: {row.codigo for row in finales(operation)} for operation in FINALES} | {"Eco": {"ok"}}
NEVER = {
    Resultado.ERROR_INTERNO: "an internal error is a fault, PMC-9001",
}
WITHOUT_FILE = {
    Causa.DEMASIADO_GRANDE: "a file of 64 KiB would show nothing more",
    Causa.LENTO: "its document is any that comes too slowly",
    Causa.DIRECCION: "an address causes it",
    Causa.INTENTOS: "the one before it cause it",
    Causa.UN_SOLO_USO: "a digest is good for minutes only",
    Causa.SOBRECARGA: "no document causes it",
    Causa.INTERNO: "no document causes it",
    Causa.BASE_NO_DISPONIBLE: "no document causes it",
}
ESTADOS = {
    "APLICADO",
    "YA_PAGADA",
    "IMPORTE_DISTINTO",
    "MONEDA_DISTINTA",
    "BAJA",
    "VENCIDA",
    "DESCONOCIDA",
    "REVERSADA_ANTES",
    "CONFLICTO",
}

# The fixture says what is right; the answer is not that yet. Strict: who mends it takes the line away.
PEDIDOS = sorted(path for path in g.FIXTURES.glob("*/*.pedido.xml") if path.parent.name != "refused")
REFUSED = sorted(g.FIXTURES.glob("refused/*.pedido.xml"))


def folder_of(operation):
    return re.sub("(?<!^)([A-Z])", r"_\1", operation).lower()


def name_of(path):
    return f"{path.parent.name}/{path.name.removesuffix('.pedido.xml')}"


def respuesta_of(path):
    return path.with_name(path.name.replace(".pedido.", ".respuesta."))


def compare(path, answered):
    if WRITE:
        respuesta_of(path).write_bytes(answered)
    assert respuesta_of(path).read_bytes() == answered


def operation_in(document):
    [body] = etree.fromstring(document).findall(f"{{{g.ENVELOPE}}}Body")
    return body[0]


def fixtures_of(operation):
    return {path.name for path in PEDIDOS if path.parent.name == folder_of(operation)}


@pytest.mark.parametrize("path", PEDIDOS, ids=name_of)
def test_each_pedido_gets_its_respuesta_byte_for_byte(gateway, path):
    pedido = path.read_bytes()
    answer = gateway.post(g.path_of(etree.QName(operation_in(pedido)).localname), pedido)
    assert answer.status == 200
    assert path.name.partition("_")[0] in {answer.codigo, "ok.pedido.xml"}
    compare(path, answer.body)


@pytest.mark.parametrize("path", REFUSED, ids=name_of)
def test_each_refused_pedido_gets_its_fault_and_changes_nothing(gateway, path):
    before = gateway.everything()
    port, headers = http_of(path)
    answer = gateway.post(port, path.read_bytes(), headers)
    assert answer.falla == path.name.partition("_")[0]
    compare(path, ID_PEDIDO.sub(ANY_ID_PEDIDO, answer.body))
    kept = {"aviso_ilegible", "alerta"}  # an authentic aviso that breaks the contract is kept for the operator
    after = gateway.everything()
    assert {k: v for k, v in after.items() if k not in kept} == {k: v for k, v in before.items() if k not in kept}


def http_of(path):
    """Give the port and the headers; .http.txt beside a pedido says what differs from a plain POST to the network."""
    told = path.with_name(path.name.replace(".pedido.xml", ".http.txt"))
    port, headers = g.PMC, dict(g.XML)
    for line in told.read_text(encoding="utf-8").splitlines() if told.exists() else []:
        if line.startswith("POST "):
            port = line.removeprefix("POST ")
        else:
            name, _, value = line.partition(": ")
            headers[name] = value
    return port, headers


@pytest.mark.parametrize("path", PEDIDOS, ids=name_of)
def test_each_pedido_and_respuesta_keeps_to_the_published_schema(path):
    for document in (path.read_bytes(), respuesta_of(path).read_bytes()):
        g.schema().validate(etree.tostring(operation_in(document)).decode())


@pytest.mark.parametrize("operation", list(CODES))
def test_each_code_that_an_operation_can_answer_has_its_fixture_and_no_other(operation):
    shown = {name.removesuffix(".pedido.xml").partition("_")[0] for name in fixtures_of(operation)}
    assert shown == CODES[operation]


def test_each_ending_of_the_closed_list_is_shown_by_a_fixture_or_cannot_happen():
    shown = set().union(*CODES.values())
    unseen = {resultado for resultado, row in CODIGOS.items() if row.codigo not in shown}
    assert unseen == set(NEVER)


def test_each_judgement_of_an_aviso_is_shown_by_a_fixture():
    shown = {
        operation_in(respuesta_of(path).read_bytes()).findtext(f".//{{{g.NS}}}Estado")
        for path in PEDIDOS
        if path.parent.name == "aviso_pago"
    }
    assert shown == ESTADOS


def test_each_fault_that_a_document_can_cause_is_shown_by_a_fixture():
    shown = {path.name.partition("_")[0] for path in REFUSED}
    assert shown == {causa.value.codigo for causa in Causa if causa not in WITHOUT_FILE}


@pytest.mark.parametrize("resultado", list(Resultado))
def test_each_ending_has_a_code_a_text_and_a_severity(resultado):
    codigo, severidad, descripcion = CODIGOS[resultado]
    assert re.fullmatch("[0-9]{2}", codigo)
    assert severidad in {0, 1, 2, 3}
    assert 0 < len(descripcion) <= DESCRIPCION_MAX
    assert len(describe(Ending(resultado, campo="C" * 200))) <= DESCRIPCION_MAX


def test_no_two_endings_share_a_code():
    codes = [row.codigo for row in CODIGOS.values()]
    assert len(codes) == len(set(codes))


def test_no_two_faults_share_a_code_and_each_says_what_to_do():
    rows = [causa.value for causa in Causa]
    assert len({row.codigo for row in rows}) == len(rows)
    assert all(row.que_hacer.endswith(".") and row.texto.endswith(".") for row in rows)


def test_no_fixture_is_without_its_pair():
    pedidos = {respuesta_of(path) for path in (*PEDIDOS, *REFUSED)}
    assert set(g.FIXTURES.glob("*/*.respuesta.xml")) == pedidos


def readme():
    return (g.FIXTURES / "README.md").read_text(encoding="utf-8")


def test_the_readme_shows_every_fixture_under_its_operation():
    sections = dict(section.split("\n", 1) for section in readme().split("\n### ")[1:])
    shown = {
        f"{folder}/{name}"
        for title, text in sections.items()
        for folder in title.split(", ")
        for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
        for name in re.findall("`(.+?)`", row)
    }
    assert shown == {name_of(path) for path in (*PEDIDOS, *REFUSED)}


CLIENTE = re.compile(r"^\| `([0-9]{7})` \| `([0-9]{2})` \| (.*?) \|", re.MULTILINE)
FACTURA = re.compile(r"`(.+?)` ([0-9.]+) in ([0-9]+) days")


def test_the_readme_tells_the_demo_as_it_is(tmp_path):
    settings = config.check({**world.SETTINGS, "db": f"sqlite:///{tmp_path / 'demo.db'}"})
    world.prepare(settings, tmp_path)
    with wiring.build(settings) as house:
        door = wsgi.doors(house)
        for cliente, codigo, facturas in CLIENTE.findall(readme()):
            asked = g.pedido("ConsultaDeuda", IdCliente=cliente)
            answer = g.call(door, "POST", g.PMC, asked, g.XML)
            assert (cliente, codigo, FACTURA.findall(facturas)) == (cliente, answer.codigo, offered(answer))


def offered(answer):
    """Give what an answer offers: (factura, importe due, days from its day to the last one of that importe)."""
    today = datetime.fromisoformat(answer.said("FechaHora")).date()
    found = []
    for factura in answer.root.iter(f"{{{g.NS}}}Factura"):
        numero = int(factura.findtext(f"{{{g.NS}}}NumeroVencimiento"))
        fecha = factura.findall(f".//{{{g.NS}}}Fecha")[numero - 1].text
        days = (date.fromisoformat(fecha) - today).days
        found.append(
            (factura.findtext(f"{{{g.NS}}}IdFactura"), factura.findtext(f"{{{g.NS}}}ImporteExigible"), str(days))
        )
    return found
