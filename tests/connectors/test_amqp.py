"""Avisos in a queue of a real RabbitMQ: kept by the broker, or told as undelivered."""

import json
import os
import secrets
import select
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pika
import pytest
from fakes.examples import NOW, a_pago, a_reversa, kept
from pika.exceptions import AMQPConnectionError

from pmc_soap.connectors import amqp
from pmc_soap.connectors.amqp import DestinoAmqp
from pmc_soap.connectors.sobre import write_aviso
from pmc_soap.domain.entrega import Comprobante, Envio, EstadoImputacion, NoEntregado

RABBITMQ = os.environ.get("PMC_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672/")
BROKER = pika.URLParameters(RABBITMQ)


def _envio(aviso=None, id_aviso="A1"):
    aviso = aviso or a_pago(descripcion="débito")
    return Envio(codigo_empresa="AGUA", guardado=kept(aviso, id_aviso), aviso=aviso)


@pytest.fixture
def broker():
    """A channel of the empresa's own, to look into its queues."""
    try:
        connection = pika.BlockingConnection(BROKER)
    except AMQPConnectionError:
        pytest.skip("RabbitMQ not found: set PMC_TEST_RABBITMQ")
    with closing(connection):
        yield connection.channel()


@pytest.fixture
def cola(broker):
    name = f"pmc_{secrets.token_hex(6)}"
    yield name
    broker.queue_delete(name)


@pytest.fixture
def exchange(broker):
    name = f"pmc_{secrets.token_hex(6)}"
    broker.exchange_declare(name, "topic")
    yield name
    broker.exchange_delete(name)


@pytest.fixture
def destino(broker, cola):
    with closing(DestinoAmqp(RABBITMQ, cola=cola)) as destino:
        yield destino


def _messages(broker, cola):
    found = []
    while (got := broker.basic_get(cola, auto_ack=True))[0] is not None:
        found.append(got[1:])
    return found


def _ids(broker, cola):
    return [properties.message_id for properties, _ in _messages(broker, cola)]


class _Relay(ThreadingTCPServer):
    """A network between us and the broker: it can be cut while idle, or on the way of the next answer."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Wire)
        self.loses_answers = False
        self.wires = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"amqp://guest:guest@127.0.0.1:{self.server_address[1]}/"

    def cut(self):
        for wire in self.wires:
            wire.shutdown(socket.SHUT_RDWR)

    def server_close(self):
        self.shutdown()
        self.cut()
        super().server_close()


class _Wire(BaseRequestHandler):
    def handle(self):
        with socket.create_connection((BROKER.host, BROKER.port)) as theirs:
            self.server.wires.append(self.request)
            while True:
                for ready in select.select([self.request, theirs], [], [])[0]:
                    told = ready.recv(65_536)
                    if not told or (ready is theirs and self.server.loses_answers):
                        self.server.wires.remove(self.request)
                        return
                    (theirs if ready is self.request else self.request).sendall(told)


@pytest.fixture
def relay(broker):
    with _Relay() as relay:
        yield relay


def test_an_aviso_waits_in_the_queue_as_a_message_that_survives_the_broker(broker, cola, destino):
    envio = _envio()
    comprobante = destino.deliver(envio)
    motivo = f"en la cola «{cola}»: la empresa lo imputa cuando lo toma"
    assert comprobante == Comprobante(estado=EstadoImputacion.IMPUTADO, motivo=motivo)
    ((properties, body),) = _messages(broker, cola)
    assert json.loads(body) == write_aviso(envio)
    assert (properties.message_id, properties.type, properties.delivery_mode) == ("A1", "aviso.pago", 2)
    assert (properties.content_type, properties.timestamp) == ("application/json", int(NOW.timestamp()))


def test_a_repeat_is_told_by_the_same_message_id(broker, cola, destino):
    for _ in range(2):
        destino.deliver(_envio())
    assert _ids(broker, cola) == ["A1", "A1"]


def test_many_threads_deliver_each_on_a_connection_of_its_own(broker, cola, destino):
    ids = [f"A{n}" for n in range(40)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda id_aviso: destino.deliver(_envio(id_aviso=id_aviso)), ids))
    assert sorted(_ids(broker, cola)) == sorted(ids)


def test_an_exchange_routes_by_what_the_aviso_is_or_by_a_key_of_the_empresa(broker, cola, exchange):
    broker.queue_declare(cola)
    broker.queue_bind(cola, exchange, "aviso.reversa")
    broker.queue_bind(cola, exchange, "cobros")
    reversa = _envio(a_reversa(), "A2")
    with closing(DestinoAmqp(RABBITMQ, exchange=exchange)) as by_tipo:
        assert by_tipo.deliver(reversa).motivo.startswith(f"en el exchange «{exchange}»")
        with pytest.raises(NoEntregado, match="ninguna cola de RabbitMQ tomó el aviso") as unrouted:
            by_tipo.deliver(_envio())
    assert not unrouted.value.permanente
    with closing(DestinoAmqp(RABBITMQ, exchange=exchange, clave_ruteo="cobros")) as by_key:
        by_key.deliver(_envio())
    assert _ids(broker, cola) == ["A2", "A1"]


def test_a_message_that_no_queue_takes_is_not_written_to_the_log(caplog, broker, exchange):
    secreto = _envio(a_pago(id_cliente="SECRETO"))
    with closing(DestinoAmqp(RABBITMQ, exchange=exchange)) as destino, pytest.raises(NoEntregado) as unrouted:
        destino.deliver(secreto)
    assert "SECRETO" not in caplog.text + unrouted.value.motivo


def test_a_queue_that_was_deleted_meanwhile_is_declared_again(broker, cola, destino):
    destino.deliver(_envio())
    broker.queue_delete(cola)
    with pytest.raises(NoEntregado):
        destino.deliver(_envio())
    destino.deliver(_envio(id_aviso="A2"))
    assert _ids(broker, cola) == ["A2"]


def test_a_queue_that_is_full_refuses_for_now(broker, cola):
    broker.queue_declare(cola, arguments={"x-max-length": 1, "x-overflow": "reject-publish"})
    with closing(DestinoAmqp(RABBITMQ, cola=cola, declarar=False)) as destino:
        destino.deliver(_envio())
        with pytest.raises(NoEntregado, match="no pudo guardar el aviso en la cola") as full:
            destino.deliver(_envio(id_aviso="A2"))
        assert not full.value.permanente
        assert _ids(broker, cola) == ["A1"]
        destino.deliver(_envio(id_aviso="A2"))
    assert _ids(broker, cola) == ["A2"]


def test_what_the_broker_refuses_is_told_with_the_way_to_mend_it(broker, cola):
    broker.queue_declare(cola, arguments={"x-max-length": 9})
    other = cola.replace("pmc_", "nadie_")
    for destino, said in (
        (DestinoAmqp(RABBITMQ, cola=cola), f"la cola «{cola}» ya existe en RabbitMQ con otros atributos"),
        (
            DestinoAmqp(RABBITMQ, cola=other, declarar=False),
            f"ninguna cola de RabbitMQ tomó el aviso de la cola «{other}»",
        ),
        (DestinoAmqp(RABBITMQ, exchange=other), f"no existe en RabbitMQ el exchange «{other}»"),
    ):
        with closing(destino):
            for _ in range(2):
                with pytest.raises(NoEntregado, match=said) as refused:
                    destino.deliver(_envio())
                assert not refused.value.permanente


def test_a_wrong_password_or_vhost_is_told_without_the_password(broker):
    host = f"{BROKER.host}:{BROKER.port}"
    for url in (f"amqp://guest:SECRETO@{host}/", f"amqp://guest:guest@{host}/nadie"):
        with closing(DestinoAmqp(url, cola="x")) as destino, pytest.raises(NoEntregado) as refused:
            destino.deliver(_envio())
        assert refused.value.motivo == "RabbitMQ no admite el usuario, la contraseña o el vhost"


def test_a_connection_lost_while_idle_costs_no_attempt(broker, cola, relay):
    with closing(DestinoAmqp(relay.url, cola=cola)) as destino:
        destino.deliver(_envio())
        relay.cut()
        destino.deliver(_envio(id_aviso="A2"))
    assert _ids(broker, cola) == ["A1", "A2"]


def test_an_aviso_whose_confirm_is_lost_is_undelivered_and_brought_again(broker, cola, relay):
    with closing(DestinoAmqp(relay.url, cola=cola)) as destino:
        destino.deliver(_envio())
        relay.loses_answers = True
        with pytest.raises(NoEntregado, match="no hay conexión con RabbitMQ, o se cortó") as lost:
            destino.deliver(_envio(id_aviso="A2"))
        assert not lost.value.permanente
        relay.loses_answers = False
        destino.deliver(_envio(id_aviso="A2"))
    assert _ids(broker, cola) == ["A1", "A2", "A2"]


def test_a_broker_that_is_away_is_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    destino = DestinoAmqp(f"amqp://guest:SECRETO@127.0.0.1:{port}/", cola="x")
    with pytest.raises(NoEntregado, match="no hay conexión con RabbitMQ") as away:
        destino.deliver(_envio())
    assert not away.value.permanente
    assert "SECRETO" not in away.value.motivo


def test_a_broker_that_accepts_and_says_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr(amqp, "HANDSHAKE_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"amqp://guest:guest@127.0.0.1:{mute.getsockname()[1]}/"
        with closing(DestinoAmqp(url, cola="x")) as destino, pytest.raises(NoEntregado, match="no hay conexión"):
            destino.deliver(_envio())


@pytest.mark.parametrize(
    ("url", "said", "match"),
    [
        (RABBITMQ, {}, "«cola» o «exchange»"),
        (RABBITMQ, {"cola": "x", "exchange": "y"}, "«cola» o «exchange»"),
        (RABBITMQ, {"cola": "x", "clave_ruteo": "y"}, "«clave_ruteo» va con «exchange»"),
        ("http://u:SECRETO@127.0.0.1/", {"cola": "x"}, "no se entiende"),
        ("amqp://u:SECRETO@127.0.0.1:puerto/", {"cola": "x"}, "no se entiende"),
    ],
)
def test_what_cannot_be_meant_is_refused_when_it_is_configured(url, said, match):
    with pytest.raises(ValueError, match=match) as refused:
        DestinoAmqp(url, **said)
    assert "SECRETO" not in str(refused.value)
