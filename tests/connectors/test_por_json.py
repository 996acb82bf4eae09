"""An empresa's system over JSON: any shape of its answer becomes a Deuda, and an aviso is brought signed."""

import json
import time
from datetime import date, timedelta

import pytest
import servers
from fakes.examples import a_pago
from jmespath.exceptions import JMESPathError
from standardwebhooks import Webhook, WebhookVerificationError

from pmc_soap.connectors.http import Canal
from pmc_soap.connectors.json import DestinoJson, SistemaJson
from pmc_soap.domain.consulta import SinRespuesta
from pmc_soap.domain.entrega import Comprobante, EstadoImputacion, NoEntregado
from pmc_soap.domain.factura import Vencimiento
from pmc_soap.domain.resultado import Resultado

ASKED_S, BOUND_S = 0.3, 2
SECRETO, VIEJO = "whsec_c2VjcmV0by1kZS1wcnVlYmE=", "whsec_c2VjcmV0by1hbnRlcmlvcg=="
FACTURA = {"id_cliente": "C1", "id_factura": "F1", "importe": "18540.75", "vencimiento": "2026-03-20"}
POR_CLIENTE = "{url}/deuda/{{id_cliente}}?factura={{id_factura}}&empresa={{codigo_empresa}}"


@pytest.fixture
def canal():
    made = Canal()
    yield made
    made.close()


def a_sistema(system, canal, template=POR_CLIENTE, **said):
    return SistemaJson(template.format(url=system.url), canal, codigo_empresa="AG02", **said)


def a_destino(system, canal, **said):
    return DestinoJson(f"{system.url}/avisos", canal, **{"secretos": (SECRETO,), **said})


def says(value, status="200 OK", **headers):
    return servers.always(servers.answer(status, json.dumps(value).encode(), **headers))


def ask(behave, canal, consulta=None, **said):
    """Ask a system that behaves so; give the deuda, and what it was sent."""
    with servers.listening(behave) as system:
        deuda = a_sistema(system, canal, **said).find_deuda(consulta or servers.a_consulta(), 5)
    return deuda, system.requests


def bring(behave, canal, envio=None, **said):
    with servers.listening(behave) as system:
        comprobante = a_destino(system, canal, **said).deliver(envio or servers.an_envio())
    return comprobante, system.requests


def test_a_factura_in_our_own_words_is_read(canal):
    deuda, [request] = ask(says({"facturas": [FACTURA]}), canal, headers={"X-Clave": "abc"})
    [factura] = deuda.facturas
    assert deuda.resultado is Resultado.EXITOSA
    assert (factura.clave.codigo_empresa, factura.clave.id_cliente, factura.clave.id_factura) == ("AGUA", "C1", "F1")
    assert factura.vencimientos == (Vencimiento(fecha=date(2026, 3, 20), importe_centavos=18_540_75),)
    assert (request.line, request.headers["X-Clave"]) == ("GET /deuda/C1?factura=&empresa=AG02 HTTP/1.1\r\n", "abc")


def test_an_answer_of_another_shape_is_read_with_paths(canal):
    told = {"d": {"items": [{"nro": "F1", "saldo": 1, "vto": "20/03/2026"}, {"nro": "F2", "saldo": 0, "vto": "x"}]}}
    deuda, _ = ask(
        says(told),
        canal,
        lista="d.items[?saldo > `0`]",
        campos={"id_factura": "nro", "importe": "saldo", "vencimiento": "vto"},
        en_centavos=True,
        formato_fecha="%d/%m/%Y",
    )
    [factura] = deuda.facturas
    assert (factura.clave.id_cliente, factura.clave.id_factura) == ("C1", "F1")
    assert factura.vencimientos == (Vencimiento(fecha=date(2026, 3, 20), importe_centavos=1),)


def test_a_number_with_decimals_keeps_every_centavo_also_in_a_filter(canal):
    told = b'[{"id_factura": "F1", "importe": 0.10, "vencimiento": "2026-03-20"}]'
    behave = servers.always(servers.answer(body=told))
    deuda, _ = ask(behave, canal, lista="[?importe >= `0.1`]")
    assert deuda.facturas[0].vencimientos[0].importe_centavos == 10


def test_a_system_that_wants_a_post_gets_its_body_filled(canal):
    cuerpo = {"buscar": {"cliente": "{id_cliente}", "factura": "{id_factura}"}, "de": ["x-{codigo_empresa}", 7]}
    _, [request] = ask(says([FACTURA]), canal, template="{url}/buscar", cuerpo=cuerpo)
    assert request.line.startswith("POST /buscar ")
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.body) == {"buscar": {"cliente": "C1", "factura": None}, "de": ["x-AG02", 7]}


@pytest.mark.parametrize("id_cliente", ["a/../b", "a?b=c#d", "100%25", "ñandú y más", "{id_factura}"])
def test_an_id_stays_one_step_of_the_address(canal, id_cliente):
    from urllib.parse import quote

    _, [request] = ask(says([]), canal, servers.a_consulta(id_cliente=id_cliente))
    assert request.path == f"/deuda/{quote(id_cliente, safe='')}?factura=&empresa=AG02"


@pytest.mark.parametrize("id_cliente", [".", ".."])
def test_an_id_that_would_lead_elsewhere_is_no_cliente_and_is_not_asked(canal, id_cliente):
    deuda, requests = ask(says([FACTURA]), canal, servers.a_consulta(id_cliente=id_cliente))
    assert (deuda.resultado, requests) == (Resultado.CLIENTE_INEXISTENTE, [])


def test_what_the_address_has_no_place_for_is_not_asked(canal):
    consulta = servers.a_consulta(id_cliente=None, codigo_barras="0400")
    deuda, requests = ask(says([FACTURA]), canal, consulta)
    assert (deuda.resultado, requests) == (Resultado.FACTURA_INEXISTENTE, [])


@pytest.mark.parametrize(
    ("behave", "resultado"),
    [
        (says({"facturas": []}), Resultado.SIN_DEUDA),
        (says([]), Resultado.SIN_DEUDA),
        (says({"error": "no está"}, "404 Not Found"), Resultado.CLIENTE_INEXISTENTE),
    ],
)
def test_no_facturas_have_their_reason(canal, behave, resultado):
    deuda, _ = ask(behave, canal)
    assert (deuda.facturas, deuda.resultado) == ((), resultado)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>hola</html>",
        b"null",
        b"7",
        b"{}",
        b'{"facturas": null}',
        b'{"facturas": {"id_factura": "F1"}}',
        b"[1]",
        b'[{"id_factura": "F1"}]',
        b'[{"id_factura": "F1", "importe": NaN, "vencimiento": "2026-03-20"}]',
        b'[{"id_factura": "F1", "importe": 1e999999999999999999999, "vencimiento": "2026-03-20"}]',
        b"[" * 100_000,
        b'[{"id_factura": "\xff"}]',
        json.dumps([FACTURA] * 1_001).encode(),
    ],
)
def test_what_is_no_list_of_facturas_is_no_answer(canal, body):
    with pytest.raises(SinRespuesta) as told:
        ask(servers.always(servers.answer(body=body)), canal)
    assert told.value.resultado is Resultado.EMPRESA_NO_DISPONIBLE


def test_a_path_that_does_not_fit_the_answer_is_no_answer(canal):
    with pytest.raises(SinRespuesta):
        ask(says({"facturas": 7}), canal, lista="sort_by(facturas, &id)")


@pytest.mark.parametrize("status", ["500 X", "503 X", "401 X", "302 X", "400 X"])
def test_an_error_is_no_answer_and_says_its_number(canal, status):
    with pytest.raises(SinRespuesta, match=f"HTTP {status[:3]}$"):
        ask(says([FACTURA], status), canal)


def test_a_wrong_configuration_is_told_when_it_is_made(canal):
    with pytest.raises(JMESPathError):
        SistemaJson("http://erp/{id_cliente}", canal, codigo_empresa="AGUA", lista="[?")
    with pytest.raises(ValueError, match="qué se busca"):
        SistemaJson("http://erp/{codigo_empresa}", canal, codigo_empresa="AGUA")
    with pytest.raises(ValueError, match="secreto"):
        DestinoJson("http://erp", canal, secretos=())


@pytest.mark.parametrize("behave", servers.LATE)
def test_a_system_that_keeps_us_waiting_is_left_in_time(canal, behave):
    began = time.monotonic()
    with servers.listening(behave) as system:
        with pytest.raises(SinRespuesta) as asked:
            a_sistema(system, canal).find_deuda(servers.a_consulta(), ASKED_S)
        with pytest.raises(NoEntregado) as brought:
            a_destino(system, canal, timeout_s=ASKED_S).deliver(servers.an_envio())
    assert asked.value.resultado is Resultado.TIEMPO_EXCEDIDO
    assert (brought.value.permanente, brought.value.retry_after) == (False, None)
    assert time.monotonic() - began < 2 * BOUND_S


@pytest.mark.parametrize("behave", [*servers.BROKEN, None])
def test_a_system_that_breaks_off_is_told_at_once(canal, behave):
    began = time.monotonic()
    with servers.listening(behave or servers.silent) as system:
        system.url = system.url if behave else servers.nobody()
        with pytest.raises(SinRespuesta) as asked:
            a_sistema(system, canal).find_deuda(servers.a_consulta(), 10)
        with pytest.raises(NoEntregado) as brought:
            a_destino(system, canal).deliver(servers.an_envio())
    assert asked.value.resultado is Resultado.EMPRESA_NO_DISPONIBLE
    assert not brought.value.permanente
    assert time.monotonic() - began < 2 * BOUND_S


def test_an_aviso_is_brought_signed_and_its_id_is_that_of_the_webhook(canal):
    comprobante, [request] = bring(says({}), canal, headers={"X-Origen": "pmc"})
    assert comprobante == Comprobante()
    headers = {name.lower(): value for name, value in request.headers.items()}
    told = Webhook(SECRETO).verify(request.body, headers)
    assert (told["type"], told["timestamp"]) == ("aviso.pago", "2026-03-10T12:30:12-03:00")
    assert (told["data"]["id_aviso"], told["data"]["importe"]) == ("A-1", "1500.50")
    assert (headers["webhook-id"], headers["content-type"], headers["x-origen"]) == ("A-1", "application/json", "pmc")
    with pytest.raises(WebhookVerificationError):
        Webhook(VIEJO).verify(request.body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRETO).verify(request.body.replace(b"1500.50", b"1500.51"), headers)


def test_while_a_secret_is_changed_both_sign(canal):
    _, [request] = bring(says({}), canal, servers.a_reversal(a_pago()), secretos=(SECRETO, VIEJO))
    for secreto in (SECRETO, VIEJO):
        assert Webhook(secreto).verify(request.body, request.headers)["type"] == "aviso.reversa"


def test_a_retry_is_the_same_to_the_byte_but_for_when_it_was_signed(canal):
    with servers.listening(servers.in_turn(servers.answer("503 X"), servers.answer())) as system:
        destino, envio = a_destino(system, canal), servers.an_envio(a_pago(descripcion="ñ€😀"))
        with pytest.raises(NoEntregado):
            destino.deliver(envio)
        destino.deliver(envio)
    first, second = system.requests
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


@pytest.mark.parametrize(
    ("body", "comprobante"),
    [
        (b"", Comprobante()),
        (b"OK", Comprobante()),
        (b"<html>listo</html>", Comprobante()),
        (b"[]", Comprobante()),
        (b'{"estado": "IMPUTADO", "nro_comprobante": "RC-1"}', Comprobante(nro_comprobante="RC-1")),
        (b'{"nro_comprobante": 123, "motivo": "x"}', Comprobante(nro_comprobante="123")),
        (b'{"nro_comprobante": 1.5}', Comprobante()),
        (
            b'{"estado": "RECHAZADO", "motivo": "cliente\\u0000\\ndado de baja", "nro_comprobante": ""}',
            Comprobante(estado=EstadoImputacion.RECHAZADO, motivo="cliente dado de baja"),
        ),
    ],
)
def test_a_success_imputes_unless_it_says_otherwise(canal, body, comprobante):
    assert bring(servers.always(servers.answer("201 Created", body)), canal)[0] == comprobante


def test_texts_of_the_other_side_are_cut(canal):
    said = {"estado": "RECHAZADO", "motivo": "x" * 999, "nro_comprobante": "9" * 999}
    comprobante, _ = bring(says(said), canal)
    assert (len(comprobante.motivo), len(comprobante.nro_comprobante)) == (200, 40)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_when_the_other_side_asks(canal, status):
    with pytest.raises(NoEntregado) as told:
        bring(says({}, f"{status} X", Retry_After="120"), canal)
    assert (told.value.permanente, told.value.retry_after) == (False, timedelta(minutes=2))
    assert told.value.motivo == f"el sistema de la empresa contestó HTTP {status}"


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 404, 409, 410, 422])
def test_what_waiting_will_not_change_is_permanent(canal, status):
    with pytest.raises(NoEntregado) as told:
        bring(says({}, f"{status} X", Location="/otra", Retry_After="120"), canal)
    assert (told.value.permanente, told.value.retry_after) == (True, None)
