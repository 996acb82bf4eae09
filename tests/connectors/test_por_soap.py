"""An empresa's system that implements our contract: a gateway stands in for it, and canned answers for the rest."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import gateway as g
import pytest
import servers
from fakes.examples import a_pago, a_reversa
from lxml import etree

from pmc_soap.client.erp import MensajesErp
from pmc_soap.connectors.http import Canal
from pmc_soap.connectors.soap import DestinoSoap, PuertoErp, SistemaSoap
from pmc_soap.domain.aviso import MotivoReversa
from pmc_soap.domain.consulta import SinRespuesta
from pmc_soap.domain.entrega import Comprobante, EstadoImputacion, NoEntregado
from pmc_soap.domain.factura import TipoImporte, Vencimiento
from pmc_soap.domain.resultado import Resultado

ASKED_S, BOUND_S = 0.3, 2
RESULTADO = (
    "<Resultado><Codigo>{codigo}</Codigo><Descripcion>{texto}</Descripcion><Severidad>1</Severidad>"
    "<Duplicado>false</Duplicado><IdMensaje>M</IdMensaje><FechaHora>2026-03-10T12:00:00-03:00</FechaHora></Resultado>"
)
FACTURA = (
    "<Factura><IdCliente>C1</IdCliente><IdFactura>{id}</IdFactura><Moneda>{moneda}</Moneda>"
    "<ImporteExigible>10.00</ImporteExigible><NumeroVencimiento>1</NumeroVencimiento>"
    "<Vencimientos><Vencimiento><Numero>1</Numero><Fecha>{fecha}</Fecha><Importe>{importe}</Importe></Vencimiento>"
    "</Vencimientos><TipoImporte>{tipo}</TipoImporte><DebePagarAnteriores>false</DebePagarAnteriores>"
    "<MensajePantalla>AGUA</MensajePantalla><MensajeTicket>Consumo</MensajeTicket><Estado>{estado}</Estado></Factura>"
)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return g.make_template(tmp_path_factory.mktemp("world"))


@pytest.fixture
def canal():
    made = Canal()
    yield made
    made.close()


@pytest.fixture(scope="module")
def mensajes():
    return MensajesErp()


@pytest.fixture
def erp(world, tmp_path, canal, mensajes):
    """Give a gateway that stands in for the empresa's system, and the port that leads to it."""
    with g.gateway_on(world, tmp_path) as opened, g.serving(opened.app) as (host, port):
        url = f"http://{host}:{port}{g.PMC}"
        yield opened, PuertoErp(url, canal, mensajes, codigo_empresa="DEMO", token=g.TOKEN_PMC)
        canal.close()


def a_factura(**said):
    told = {"id": "F1", "moneda": "ARS", "fecha": "2026-03-20", "importe": "10.00", "tipo": "CERRADO"}
    return FACTURA.format(**{**told, "estado": "PENDIENTE", **said})


def deuda(codigo="00", facturas="", hay_mas="false", nombre="<NombreCliente>Ana Muñoz</NombreCliente>"):
    resultado = RESULTADO.format(codigo=codigo, texto="x")
    result = f"{resultado}<IdConsulta>K</IdConsulta><Facturas>{facturas}</Facturas><HayMas>{hay_mas}</HayMas>{nombre}"
    return respuesta("ConsultaDeuda", result)


def acuse(codigo, texto="x", operation="AvisoPago"):
    rest = "<Estado>APLICADO</Estado>" if operation == "AvisoPago" else ""
    resultado = RESULTADO.format(codigo=codigo, texto=texto)
    return respuesta(operation, f"{resultado}<IdAviso>ERP-1</IdAviso>{rest}")


def respuesta(operation, result):
    return g.sobre(
        f'<{operation}Response xmlns="{g.NS}"><{operation}Result>{result}</{operation}Result></{operation}Response>'
    )


def fault(codigo):
    return g.sobre(f"<soap:Fault><faultcode>{codigo}</faultcode><faultstring>secreto</faultstring></soap:Fault>")


def says(body, status="200 OK", **headers):
    return servers.always(servers.answer(status, body, Content_Type="text/xml; charset=utf-8", **headers))


def a_port(system, canal, mensajes, **said):
    return PuertoErp(f"{system.url}/ws", canal, mensajes, **{"codigo_empresa": "AG02", **said})


@pytest.fixture
def ask(canal, mensajes):
    def asked(behave, consulta=None):
        with servers.listening(behave) as system:
            return SistemaSoap(a_port(system, canal, mensajes)).find_deuda(consulta or servers.a_consulta(), 5)

    return asked


@pytest.fixture
def bring(canal, mensajes):
    def brought(behave, envio=None):
        with servers.listening(behave) as system:
            return DestinoSoap(a_port(system, canal, mensajes)).deliver(envio or servers.an_envio())

    return brought


@pytest.fixture
def sent(canal, mensajes):
    """Bring an envio, and give what the other side was told: the request, and its elements by name."""

    def told(envio, **said):
        operation = "AvisoPago" if envio.aviso.tipo == "PAGO" else "ReversaPago"
        with servers.listening(says(acuse("00", operation=operation))) as system:
            DestinoSoap(a_port(system, canal, mensajes, **said)).deliver(envio)
        [request] = system.requests
        return request, {etree.QName(e).localname: e.text for e in etree.fromstring(request.body).iter() if not len(e)}

    return told


# A consulta


def test_a_whole_system_is_asked_for_a_debt(erp):
    _, port = erp
    [factura] = (
        SistemaSoap(port).find_deuda(servers.a_consulta(codigo_empresa="AGUA", id_cliente="1000001"), 10).facturas
    )
    clave = factura.clave
    assert (clave.codigo_empresa, clave.id_cliente, clave.id_factura) == ("AGUA", "1000001", "F-1000001-1")
    assert factura.vencimientos == (Vencimiento(fecha=date(2025, 7, 25), importe_centavos=18_540_75),)
    assert (factura.nombre_cliente, factura.moneda, factura.tipo_importe) == ("Ana Muñoz", "ARS", TipoImporte.CERRADO)
    assert (factura.mensaje_pantalla, factura.codigo_barras) == ("CUOTA DEL MES", "04000100000110000185407525205")


def test_several_facturas_vencimientos_and_ranges_are_read_whole(erp):
    _, port = erp
    sistema = SistemaSoap(port)
    three = sistema.find_deuda(servers.a_consulta(id_cliente="1000002"), 10)
    assert [len(factura.vencimientos) for factura in three.facturas] == [3, 1, 1]
    first_only = replace(servers.a_consulta(id_cliente="1000002"), maximo_facturas=1)
    assert sistema.find_deuda(first_only, 10).hay_mas
    [rango] = sistema.find_deuda(servers.a_consulta(id_cliente="1000009"), 10).facturas
    assert (rango.importe_minimo_centavos, rango.importe_maximo_centavos) == (5_000_00, 50_000_00)
    [by_barras] = sistema.find_deuda(
        servers.a_consulta(id_cliente=None, codigo_barras="04000100000110000185407525205"), 10
    ).facturas
    assert by_barras.clave.id_factura == "F-1000001-1"


@pytest.mark.parametrize(
    ("said", "resultado"),
    [
        ({"id_cliente": "1000004"}, Resultado.SIN_DEUDA),
        ({"id_cliente": "9999999"}, Resultado.CLIENTE_INEXISTENTE),
        ({"id_cliente": "1000001", "id_factura": "NADA"}, Resultado.FACTURA_INEXISTENTE),
        ({"id_cliente": "1000005", "id_factura": "F-1000005-1"}, Resultado.FACTURA_VENCIDA),
        ({"id_cliente": "1000006", "id_factura": "F-1000006-1"}, Resultado.FACTURA_PAGADA),
        ({"id_cliente": "1000007", "id_factura": "F-1000007-1"}, Resultado.FACTURA_BAJA),
    ],
)
def test_a_whole_system_says_why_nothing_can_be_paid(erp, said, resultado):
    _, port = erp
    found = SistemaSoap(port).find_deuda(servers.a_consulta(**said), 10)
    assert (found.facturas, found.resultado) == ((), resultado)


def test_a_system_that_does_not_know_us_gives_no_answer(erp, canal, mensajes):
    _, port = erp
    stranger = PuertoErp(port._url, canal, mensajes, codigo_empresa="DEMO", token="otro")  # noqa: SLF001 — its address
    with pytest.raises(SinRespuesta):
        SistemaSoap(stranger).find_deuda(servers.a_consulta(), 10)
    with pytest.raises(NoEntregado) as told:
        DestinoSoap(stranger).deliver(servers.an_envio())
    assert told.value.permanente


def test_many_threads_ask_through_one_port(erp):
    _, port = erp
    with ThreadPoolExecutor(8) as threads:
        cold = DestinoSoap(PuertoErp(port._url, Canal(), MensajesErp(), codigo_empresa="DEMO", token=g.TOKEN_PMC))  # noqa: SLF001
        ids = ["1000001", "1000009"] * 12
        calls = [threads.submit(SistemaSoap(port).find_deuda, servers.a_consulta(id_cliente=i), 20) for i in ids]
        pagos = [
            servers.an_envio(a_pago(f"T{n}", None, codigo_movimiento=1, id_cliente=f"C{n}"), f"A-{n}") for n in range(8)
        ]
        brought = [threads.submit(cold.deliver, envio) for envio in pagos]
        told = [call.result().facturas[0].clave.id_cliente for call in calls]
        assert told == ids
        assert len({call.result().nro_comprobante for call in brought}) == 8
        cold._puerto._canal.close()  # noqa: SLF001


@pytest.mark.parametrize("codigo", ["05", "08"])
def test_a_code_that_says_why_needs_no_facturas(ask, codigo):
    wanted = {"05": Resultado.FACTURA_VENCIDA, "08": Resultado.PAGAR_ANTERIOR}[codigo]
    assert ask(says(deuda(codigo, a_factura()))).resultado is wanted
    assert ask(says(deuda(codigo))).facturas == ()


def test_what_is_said_to_be_paid_or_withdrawn_is_not_offered(ask):
    facturas = "".join(
        a_factura(id=f"F{n}", estado=estado) for n, estado in enumerate(["PENDIENTE", "VENCIDA", "PAGADA", "BAJA"])
    )
    assert [f.clave.id_factura for f in ask(says(deuda("00", facturas))).facturas] == ["F0", "F1"]
    assert ask(says(deuda("00", a_factura(estado="PAGADA")))).resultado is Resultado.SIN_DEUDA
    assert ask(says(deuda("00"))).resultado is Resultado.SIN_DEUDA


def test_a_currency_is_left_as_told_and_pesos_have_one_name(ask):
    facturas = a_factura(moneda="0") + a_factura(id="F2", moneda="USD")
    assert [f.moneda for f in ask(says(deuda("00", facturas))).facturas] == ["ARS", "USD"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>hola</html>",
        b"<html><body>sin cerrar",
        b"hola \xff",
        g.sobre(""),
        acuse("00"),
        fault("soap:Server"),
        fault("soap:Client"),
        respuesta("ConsultaDeuda", ""),
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + deuda("02"),
        *(deuda(codigo) for codigo in ("91", "92", "99", "20", "", "0", "ZZ")),
        *(deuda("00", a_factura(importe=wrong)) for wrong in ("", "x", "-1", "0.001", "NaN", "sNaN", "1e400")),
        *(deuda("00", a_factura(fecha=wrong)) for wrong in ("", "20/03/2026", "2026-02-30")),
        deuda("00", a_factura(id="")),
        deuda("00", a_factura(tipo="OTRO")),
        deuda("00", a_factura().replace("<Moneda>ARS</Moneda>", "")),
    ],
)
def test_what_is_not_of_the_contract_is_no_answer_and_leaves_nothing_in_the_log(ask, caplog, body):
    caplog.set_level(logging.INFO)
    with pytest.raises(SinRespuesta) as told:
        ask(says(body))
    assert told.value.resultado is Resultado.EMPRESA_NO_DISPONIBLE
    assert caplog.records == []


@pytest.mark.parametrize("status", ["500 X", "404 X", "401 X", "302 X", "503 X"])
def test_an_error_of_http_is_no_answer_whatever_its_body(ask, status):
    with pytest.raises(SinRespuesta, match=f"HTTP {status[:3]}$"):
        ask(says(deuda("02"), status))


# An entrega


def test_a_pago_is_imputed_once_by_a_whole_system_however_often_it_is_brought(erp):
    gateway, port = erp
    destino = DestinoSoap(port)
    aviso = a_pago(
        None, "F-1000001-1", id_cliente="1000001", importe_centavos=18_540_75, fecha_hora_mensaje_utc=g.NOW, canal="HB"
    )
    first, second = (destino.deliver(servers.an_envio(aviso)) for _ in range(2))
    assert first == second
    assert first.estado is EstadoImputacion.IMPUTADO
    [row] = [row for row in gateway.rows("aviso") if row["id_cliente"] == "1000001"]
    assert (row["id_aviso"], row["id_transaccion"], row["estado"]) == (first.nro_comprobante, "A-1", "APLICADO")


@pytest.mark.parametrize("id_transaccion", ["TX-77", None])
def test_a_reversa_takes_back_the_pago_that_was_brought_before(erp, id_transaccion):
    gateway, port = erp
    pago = a_pago(
        id_transaccion, "F-1000001-1", id_cliente="1000001", importe_centavos=18_540_75, fecha_hora_mensaje_utc=g.NOW
    )
    reversa = a_reversa(None, id_cliente="1000001", importe_centavos=18_540_75, fecha_hora_mensaje_utc=g.NOW)
    envio = servers.an_envio(pago, "A-0")
    DestinoSoap(port).deliver(envio)
    back = DestinoSoap(port).deliver(servers.an_envio(reversa, "A-2", original=envio.guardado))
    assert back.estado is EstadoImputacion.IMPUTADO
    [pagado] = [row for row in gateway.rows("pago") if row["id_cliente"] == "1000001"]
    assert pagado["estado"] == "REVERSADO"


def test_all_that_the_network_said_of_a_pago_is_told(sent):
    aviso = a_pago(
        id_consulta="K-1",
        nro_control="0042",
        canal="HB",
        codigo_provincia="B",
        descripcion="Cuota <marzo> & más",
        fecha_vencimiento=date(2026, 3, 20),
        fecha_acreditacion=date(2026, 3, 11),
        fecha_hora_pago_utc=datetime(2026, 3, 11, 1, 5, 6, tzinfo=UTC),
    )
    request, told = sent(servers.an_envio(aviso), token="abc")
    assert request.headers["SOAPAction"] == '"urn:pmc-soap:v1#AvisoPago"'
    assert request.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert told == {
        "FechaHora": "2026-03-10T12:30:12.345678-03:00",
        "CodigoEmpresa": "AG02",
        "IdMensaje": "A-1",
        "Token": "abc",
        "IdCliente": "C1",
        "Moneda": "ARS",
        "Importe": "1500.50",
        "IdTransaccion": "T1",
        "IdConsulta": "K-1",
        "IdFactura": "F1",
        "CodigoMovimiento": "2",
        "FechaVencimiento": "2026-03-20",
        "FechaHoraPago": "2026-03-10T22:05:06-03:00",
        "FechaAcreditacion": "2026-03-11",
        "Canal": "HB",
        "NroControl": "0042",
        "CodigoProvincia": "B",
        "Descripcion": "Cuota <marzo> & más",
    }
    g.schema().validate(etree.tostring(etree.fromstring(request.body)[0][0]).decode())


def test_a_reversa_names_its_pago_as_it_was_told(sent):
    pago = a_pago(None, nro_control="0042")
    request, told = sent(servers.a_reversal(pago, id_transaccion=None, motivo=MotivoReversa.TIMEOUT))
    assert (told["IdTransaccion"], told["IdTransaccionOriginal"], told["IdMensaje"]) == ("A-2", "A-0", "A-2")
    assert (told["IdFactura"], told["Importe"], told["NroControlOriginal"]) == ("F1", "1500.50", "0042")
    assert told["FechaHoraOriginal"].startswith("2026-03-10T12:30:12")
    assert (told["Motivo"], "Token" in told) == ("TIMEOUT", False)
    g.schema().validate(etree.tostring(etree.fromstring(request.body)[0][0]).decode())


def test_a_reversa_of_an_unknown_pago_names_what_the_network_did(sent):
    _, told = sent(servers.a_reversal(None, id_transaccion_original="T9", id_factura="F9"))
    assert (told["IdTransaccion"], told["IdTransaccionOriginal"], told["IdFactura"]) == ("R1", "T9", "F9")
    assert "FechaHoraOriginal" not in told


def test_http_basic_is_sent_where_it_was_agreed(sent):
    from base64 import b64decode

    request, _ = sent(servers.an_envio(), usuario=("erp", "contraseña"))
    scheme, _, credential = request.headers["Authorization"].partition(" ")
    assert (scheme, b64decode(credential).decode()) == ("Basic", "erp:contraseña")


def test_a_text_that_xml_cannot_carry_stops_the_aviso_for_a_person(bring):
    with pytest.raises(NoEntregado) as told:
        bring(says(acuse("00")), servers.an_envio(a_pago(descripcion="a\x01b")))
    assert told.value.permanente


def test_a_success_is_imputed_with_the_number_of_the_other_side(bring):
    assert bring(says(acuse("00"))) == Comprobante(nro_comprobante="ERP-1")
    told = bring(says(acuse("00", operation="ReversaPago")), servers.a_reversal(a_pago()))
    assert told == Comprobante(nro_comprobante="ERP-1")


@pytest.mark.parametrize("codigo", ["03", "04", "06", "24", "30", "31", "ZZ"])
def test_a_refusal_is_taken_with_its_reason(bring, codigo):
    told = bring(says(acuse(codigo, f"Factura\n ya  pagada {'x' * 300}")))
    assert (told.estado, told.nro_comprobante) == (EstadoImputacion.RECHAZADO, "ERP-1")
    assert told.motivo.startswith(f"{codigo} Factura ya pagada xxx")
    assert len(told.motivo) == 200


@pytest.mark.parametrize(
    ("body", "permanente"),
    [
        *((acuse(codigo), False) for codigo in ("91", "92", "99", "")),
        *((acuse(codigo), True) for codigo in ("19", "20", "90")),
        *((fault(codigo), False) for codigo in ("soap:Server", "Server", "", "otra")),
        *((fault(codigo), True) for codigo in ("soap:Client", "Client.Auth", "x:VersionMismatch", "MustUnderstand")),
        *((body, False) for body in (b"", b"<html>hola</html>", b"<html>", deuda("02"), respuesta("AvisoPago", ""))),
    ],
)
def test_what_was_not_taken_is_tried_again_unless_waiting_changes_nothing(bring, body, permanente):
    with pytest.raises(NoEntregado) as told:
        bring(says(body))
    assert (told.value.permanente, "secreto" in told.value.motivo) == (permanente, False)


@pytest.mark.parametrize(
    ("status", "body", "permanente"),
    [
        (500, fault("soap:Server"), False),
        (500, fault("soap:Client"), True),
        (500, b"<html>hola</html>", False),
        (500, acuse("00"), False),
        (503, fault("soap:Client"), False),
        (429, b"", False),
        (408, b"", False),
        (401, fault("soap:Server"), True),
        (403, b"", True),
        (404, acuse("00"), True),
        (302, b"", True),
    ],
)
def test_the_status_of_http_says_whether_to_come_again_and_when(bring, status, body, permanente):
    with pytest.raises(NoEntregado) as told:
        bring(says(body, f"{status} X", Retry_After="90"))
    assert (told.value.permanente, told.value.retry_after) == (
        permanente,
        None if permanente else timedelta(seconds=90),
    )


@pytest.mark.parametrize("behave", servers.LATE)
def test_a_system_that_keeps_us_waiting_is_left_in_time(canal, mensajes, behave):
    with servers.listening(behave) as system:
        port = a_port(system, canal, mensajes)
        began = time.monotonic()
        with pytest.raises(SinRespuesta) as asked:
            SistemaSoap(port).find_deuda(servers.a_consulta(), ASKED_S)
        with pytest.raises(NoEntregado) as brought:
            DestinoSoap(port, timeout_s=ASKED_S).deliver(servers.an_envio())
    assert time.monotonic() - began < 2 * BOUND_S
    assert asked.value.resultado is Resultado.TIEMPO_EXCEDIDO
    assert not brought.value.permanente


@pytest.mark.parametrize("behave", [*servers.BROKEN, None])
def test_a_system_that_breaks_off_is_told_at_once(canal, mensajes, behave):
    with servers.listening(behave or servers.silent) as system:
        system.url = system.url if behave else servers.nobody()
        port = a_port(system, canal, mensajes)
        began = time.monotonic()
        with pytest.raises(SinRespuesta) as asked:
            SistemaSoap(port).find_deuda(servers.a_consulta(), 10)
        with pytest.raises(NoEntregado) as brought:
            DestinoSoap(port).deliver(servers.an_envio())
    assert time.monotonic() - began < 2 * BOUND_S
    # what redirects without end is read no further than the limit
    assert asked.value.resultado is Resultado.EMPRESA_NO_DISPONIBLE
    assert not brought.value.permanente


def test_a_retry_is_the_same_to_the_byte(canal, mensajes):
    with servers.listening(says(fault("soap:Server"))) as system:
        for _ in range(2):
            with pytest.raises(NoEntregado):
                DestinoSoap(a_port(system, canal, mensajes)).deliver(servers.a_reversal(a_pago()))
    first, second = system.requests
    assert first.body == second.body


def test_a_consulta_says_when_it_is_asked_and_by_the_code_of_today(canal, mensajes):
    with servers.listening(says(deuda("02"))) as system:
        SistemaSoap(a_port(system, canal, mensajes)).find_deuda(servers.a_consulta(id_factura="F1"), 5)
    [request] = system.requests
    message = etree.fromstring(request.body)[0][0]
    told = {etree.QName(e).localname: e.text for e in message.iter() if not len(e)}
    assert datetime.now(UTC) - datetime.fromisoformat(told.pop("FechaHora")) < timedelta(minutes=1)
    assert told == {
        "CodigoEmpresa": "AG02",
        "IdMensaje": "M-77",
        "IdCliente": "C1",
        "IdFactura": "F1",
        "MaximoFacturas": "5",
    }
    g.schema().validate(etree.tostring(message).decode())


def test_the_contract_is_never_fetched_and_read_once(canal, monkeypatch):
    from pmc_soap.client import erp

    loads, load, both = [], erp._load, threading.Barrier(4)  # noqa: SLF001

    def counted():
        loads.append(1)
        return load()

    monkeypatch.setattr(erp, "_load", counted)
    fresh = MensajesErp()

    def bring(n):
        both.wait(5)
        return DestinoSoap(a_port(system, canal, fresh)).deliver(servers.an_envio(id_aviso=f"A-{n}"))

    with servers.listening(says(acuse("00"))) as system, ThreadPoolExecutor(4) as threads:
        assert {told.nro_comprobante for told in threads.map(bring, range(4))} == {"ERP-1"}
    assert len(loads) == 1
    assert {request.line.split()[0] for request in system.requests} == {"POST"}
