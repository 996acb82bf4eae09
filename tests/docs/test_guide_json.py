"""The guide of JSON: an API is asked, and is told with a signature that the page's own function verifies."""

import json
import re
from datetime import UTC, datetime

import guias
import pytest
from connectors import servers
from standardwebhooks import Webhook


def _api(answer=b'{"nro_comprobante": "R-77"}', status="200 OK"):
    deuda, _ = guias.blocks("conectores/json.md", "json")

    def behave(sock, system):
        asked = system.requests[-1].line.startswith("GET")
        sock.sendall(servers.answer(body=deuda.encode()) if asked else servers.answer(status, answer))

    return behave


@pytest.fixture
def verificar():
    """The function of the page."""
    return guias.program(guias.block("conectores/json.md", "python"))["verificar"]


def test_an_api_is_asked_and_is_told_with_a_signature_that_the_page_verifies(living, verificar):
    with (
        servers.listening(_api()) as system,
        living("conectores/json.md", instead={guias.ERP_URL: system.url}) as casa,
    ):
        answer = casa.consult()
        assert answer.said("MensajePantalla") == "CUOTA MARZO"
        id_aviso = casa.pay()
        casa.deliver_twice()
        assert (*guias.IMPUTED, "R-77") == casa.entrega(id_aviso)
        id_reversa = casa.take_back()
        casa.deliver()
    asked, first, again, reversa = system.requests
    assert ("/deuda?cliente=1000001&factura=&barras=", "una-clave") == (asked.path, asked.headers["X-Api-Key"])
    assert first.body == again.body
    assert [id_aviso, id_aviso, id_reversa] == [sent.headers["webhook-id"] for sent in (first, again, reversa)]
    assert json.loads(reversa.body)["data"]["id_aviso_original"] == id_aviso
    secreto = guias.SECRETOS["webhook"]
    assert [True] * 3 == [verificar(secreto, sent.headers, sent.body) for sent in (first, again, reversa)]
    Webhook(secreto).verify(first.body, first.headers)
    assert not verificar(secreto, first.headers, first.body.replace(b"18540.75", b"18540.76"))
    assert not verificar(guias.SECRETOS["webhook_anterior"], first.headers, first.body)
    assert not verificar(secreto, {**first.headers, "webhook-timestamp": "1773156612"}, first.body)


def test_the_body_and_the_signature_that_are_shown_are_those(living):
    _, shown = guias.blocks("conectores/json.md", "json")
    [id_shown, cuando, firma] = re.findall(
        r"^webhook-(?:id|timestamp|signature): (.*)$", guias.block("conectores/json.md", "http"), re.MULTILINE
    )
    with (
        servers.listening(_api()) as system,
        living("conectores/json.md", instead={guias.ERP_URL: system.url}) as casa,
    ):
        casa.consult()
        id_aviso = casa.pay()
        casa.deliver()
    compact = json.dumps(json.loads(shown), ensure_ascii=False, separators=(",", ":"))
    assert compact.replace(id_shown, id_aviso) == system.requests[-1].body.decode()
    signer = Webhook(guias.SECRETOS["webhook"])
    assert signer.sign(id_shown, datetime.fromtimestamp(int(cuando), UTC), compact) == firma


@pytest.mark.parametrize(
    ("status", "answer", "attempts", "expected"),
    [
        ("200 OK", b"<html>gracias</html>", 1, (*guias.IMPUTED, None)),
        ("200 OK", b'{"estado": "RECHAZADO", "motivo": "socio dado de baja"}', 1, ("ENTREGADA", "RECHAZADO", None)),
        ("503 No", b"", 5, ("PENDIENTE", None, None)),  # five in a row, and it is left alone for a while
        ("422 No", b"", 3, ("DETENIDA", None, None)),
        ("302 Found", b"", 3, ("DETENIDA", None, None)),
    ],
)
def test_each_answer_of_the_table_ends_as_it_says(living, status, answer, attempts, expected):
    toml = guias.block("conectores/json.md", "toml") + "esperas_segundos = [0]\n"
    with (
        servers.listening(_api(answer, status)) as system,
        living("conectores/json.md", toml=toml, instead={guias.ERP_URL: system.url}) as casa,
    ):
        casa.house.facturas.register(guias.FACTURA)
        id_aviso = casa.pay()
        casa.house.repartidor.deliver_due()
        assert expected == casa.entrega(id_aviso)
    assert [id_aviso] * attempts == [sent.headers["webhook-id"] for sent in system.requests]
