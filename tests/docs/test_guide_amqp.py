"""The guide of RabbitMQ: its consumer takes what the gateway puts in the queue."""

import json
import os
import secrets
from contextlib import suppress

import guias
import pika
import pytest
from pika.exceptions import AMQPConnectionError

RABBITMQ = os.environ.get("PMC_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672/")


@pytest.fixture
def cola():
    name = f"pmc_{secrets.token_hex(6)}"
    try:
        connection = pika.BlockingConnection(pika.URLParameters(RABBITMQ))
    except AMQPConnectionError:
        pytest.skip("RabbitMQ not found: set PMC_TEST_RABBITMQ")
    with connection:
        yield name
        connection.channel().queue_delete(name)


class _Enough(Exception):
    """All that was sent has come."""


def test_the_consumer_of_the_page_takes_each_aviso_once(living, cola):
    shown = json.loads(guias.block("conectores/amqp.md", "json"))
    consumir = guias.program(guias.block("conectores/amqp.md", "python"))["consumir"]
    imputed, came, expected = {}, [], []

    def imputar(id_aviso, aviso):
        came.append(id_aviso)
        imputed.setdefault(id_aviso, aviso)
        if aviso["tipo"] == "REVERSA" or len(came) > len(expected):
            raise _Enough

    with living("conectores/amqp.md", secretos={"amqp_url": RABBITMQ}, instead={"pmc.avisos": cola}) as casa:
        casa.house.facturas.register(guias.FACTURA)
        id_aviso = casa.pay()
        casa.deliver_twice()
        assert (*guias.IMPUTED, None) == casa.entrega(id_aviso)
        id_reversa = casa.take_back()
        casa.deliver()
        expected += [id_aviso, id_aviso, id_reversa]
    with pika.BlockingConnection(pika.URLParameters(RABBITMQ)) as connection:
        channel = connection.channel()
        assert len(expected) == channel.queue_declare(cola, passive=True).method.message_count
        method, properties, _ = channel.basic_get(cola)
        assert cola == method.routing_key
        assert shown | {"message_id": id_aviso} == {name: getattr(properties, name) for name in shown}
    with suppress(_Enough):
        consumir(RABBITMQ, cola, imputar)
    assert expected == came
    _, body = guias.blocks("conectores/json.md", "json")
    assert imputed[id_aviso] == json.loads(body)["data"] | {"id_aviso": id_aviso}
    assert imputed[id_reversa]["id_aviso_original"] == id_aviso
