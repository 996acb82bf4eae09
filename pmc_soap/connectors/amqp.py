"""RabbitMQ: an aviso becomes a durable message, and is delivered once the broker has confirmed that it keeps it.

The empresa imputes it when it takes it from the queue: the broker cannot tell, so the comprobante only says where it
is. message_id is the IdAviso, by which the consumer tells a repeat; the body is the JSON of sobre.write_aviso. pika's
connections belong to one thread each. A broker that lives but confirms nothing (a quorum queue without its majority)
is waited for: BlockingConnection knows no deadline but those below.
"""

import json
import logging
import threading
from dataclasses import dataclass

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.adapters.utils.connection_workflow import AMQPConnectorException
from pika.exceptions import (
    AMQPConnectionError,
    AMQPError,
    AuthenticationError,
    ChannelClosedByBroker,
    NackError,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
    UnroutableError,
)

from pmc_soap.connectors.sobre import write_aviso
from pmc_soap.domain.entrega import Comprobante, Envio, NoEntregado

CONNECT_S = 2
HANDSHAKE_S = 5
BLOCKED_S = 5  # a broker short of memory or disk takes nothing
HEARTBEAT_S = 20  # two missed, and the connection is given up: well inside a lease
RED_MS = 10_000  # what was sent and is not acknowledged by the other machine after this is lost

_FALLAS = (AMQPError, AMQPConnectorException, OSError)  # a handshake that takes too long is no AMQPError (pika 1.4)
_REFUSALS = {
    403: "RabbitMQ no le da permiso al usuario",
    404: "no existe en RabbitMQ {where}",
    406: "{where} ya existe en RabbitMQ con otros atributos: usá declarar = false",
}


class DestinoAmqp:
    """Puts avisos in a queue (cola, declared as durable unless declarar is False), or hands them to an exchange.

    An exchange and its queues are the empresa's to declare; clave_ruteo defaults to aviso.pago or aviso.reversa.
    """

    def __init__(
        self,
        url: str,
        *,
        cola: str | None = None,
        exchange: str = "",
        clave_ruteo: str | None = None,
        declarar: bool = True,
    ) -> None:
        if bool(cola) is bool(exchange):
            raise ValueError("un destino AMQP lleva «cola» o «exchange», y no los dos")
        if cola and clave_ruteo:
            raise ValueError("«clave_ruteo» va con «exchange»: a una cola se llega por su nombre")
        self._parameters = _parameters(url)
        self._cola, self._exchange, self._clave_ruteo = cola, exchange, clave_ruteo
        self._declares = cola if declarar else None
        self._where = f"la cola «{cola}»" if cola else f"el exchange «{exchange}»"
        self._local = threading.local()
        self._lock = threading.Lock()
        self._connections: list[pika.BlockingConnection] = []
        # pika logs the beginning of every message that no queue takes, and that is personal data.
        logging.getLogger("pika").setLevel(logging.CRITICAL)

    def deliver(self, envio: Envio) -> Comprobante:
        """Publish one aviso and wait until the broker has it; raises NoEntregado, and then it may have it or not."""
        tipo = f"aviso.{envio.aviso.tipo.value.lower()}"
        properties = pika.BasicProperties(
            message_id=envio.guardado.id_aviso,
            type=tipo,
            app_id="pmc-soap",
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=pika.DeliveryMode.Persistent,
            timestamp=int(envio.guardado.fecha_hora_utc.timestamp()),
        )
        body = json.dumps(write_aviso(envio), ensure_ascii=False).encode()
        try:
            channel = self._channel()
            channel.basic_publish(
                self._exchange, self._cola or self._clave_ruteo or tipo, body, properties, mandatory=True
            )
        except _FALLAS as error:
            self._drop()  # also where it still lives: a queue that was deleted is declared again
            raise NoEntregado(self._motivo(error)) from None
        return Comprobante(motivo=f"en {self._where}: la empresa lo imputa cuando lo toma")

    def close(self) -> None:
        """Close all connections; nobody may be delivering any more."""
        with self._lock:
            connections, self._connections = self._connections, []
            self._local = threading.local()
        for connection in connections:
            _close(connection)

    def _channel(self) -> BlockingChannel:
        """Give this thread's channel; nothing is published yet, so that a connection lost while idle costs nothing."""
        held: _Abierto | None = getattr(self._local, "abierto", None)
        if held is not None and held.is_alive():
            return held.channel
        self._drop()
        connection = pika.BlockingConnection(self._parameters)
        try:
            channel = connection.channel()
            if self._declares:
                channel.queue_declare(self._declares, durable=True)
            channel.confirm_delivery()
        except BaseException:
            _close(connection)
            raise
        with self._lock:
            self._connections.append(connection)
        self._local.abierto = _Abierto(connection, channel)
        return channel

    def _drop(self) -> None:
        held: _Abierto | None = getattr(self._local, "abierto", None)
        if held is None:
            return
        self._local.abierto = None
        with self._lock:
            self._connections.remove(held.connection)
        _close(held.connection)

    def _motivo(self, error: Exception) -> str:
        match error:
            case UnroutableError():
                return f"ninguna cola de RabbitMQ tomó el aviso de {self._where}"
            case NackError():
                return f"RabbitMQ no pudo guardar el aviso en {self._where}"
            case ChannelClosedByBroker() if error.reply_code in _REFUSALS:
                return _REFUSALS[error.reply_code].format(where=self._where)
            case AuthenticationError() | ProbableAuthenticationError() | ProbableAccessDeniedError():
                return "RabbitMQ no admite el usuario, la contraseña o el vhost"
            case AMQPConnectionError() | AMQPConnectorException() | OSError():
                return "no hay conexión con RabbitMQ, o se cortó"
        return "RabbitMQ no tomó el aviso"


@dataclass(frozen=True, slots=True)
class _Abierto:
    """One thread's connection."""

    connection: pika.BlockingConnection
    channel: BlockingChannel

    def is_alive(self) -> bool:
        """Read what the broker sent meanwhile: a goodbye, or heartbeats."""
        try:
            self.connection.process_data_events(0)
        except _FALLAS:
            return False
        return bool(self.connection.is_open and self.channel.is_open)


def _parameters(url: str) -> pika.URLParameters:
    try:
        if not url.startswith(("amqp://", "amqps://")):
            raise ValueError  # noqa: TRY301 — pika's own errors repeat the password
        parameters = pika.URLParameters(url)
    except (ValueError, AssertionError, TypeError):
        raise ValueError("la dirección de RabbitMQ no se entiende: amqp://usuario:clave@equipo:5672/vhost") from None
    parameters.socket_timeout = CONNECT_S
    parameters.stack_timeout = HANDSHAKE_S
    parameters.blocked_connection_timeout = BLOCKED_S
    parameters.heartbeat = HEARTBEAT_S
    parameters.connection_attempts = 1
    parameters.tcp_options = {"TCP_USER_TIMEOUT": RED_MS}
    parameters.client_properties = {"connection_name": "pmc-soap"}
    return parameters


def _close(connection: pika.BlockingConnection) -> None:
    try:
        if connection.is_open:
            connection.close()
    except _FALLAS:  # it is gone, which is what was wanted
        return
