"""Stock Spyne: the contract's own messages and services under its own protocol and WSGI application, nothing replaced.

What answers below is the least that can answer: a dict, or with PMC_BENCH_DB SQLAlchemy Core with the reads and writes
of our consulta, in one transaction. Nobody's credential is checked and no line is logged.
"""

import os
import sys
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1])]

import mundo
from sqlalchemy import create_engine, insert, select

from pmc_soap.domain.aviso import Acuse, AvisoPago, EstadoAviso
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.consulta import Consulta, Oferta, Respuesta
from pmc_soap.domain.factura import EstadoFactura, Factura, Origen
from pmc_soap.domain.importe import from_decimal, to_decimal
from pmc_soap.domain.resultado import Ending
from pmc_soap.soap.service import Operations, PagoMisCuentas
from pmc_soap.soap.words import NAMESPACE
from pmc_soap.storage import tables as t
from pmc_soap.storage.rows import read_factura, write_consulta, write_cotizaciones

# isort: split
import spyne.const
from spyne import Application
from spyne.protocol.soap import Soap11
from spyne.server.wsgi import WsgiApplication

GC_INTERVAL_S = 1.0
spyne.const.MIN_GC_INTERVAL = GC_INTERVAL_S  # as it comes: our own edge switches it off


class _Soap11(Soap11):  # type: ignore[misc] # spyne is untyped
    """Spyne's own, but that our services speak of centavos."""

    def decimal_to_unicode(self, kind: Any, value: Any, **said: Any) -> Any:
        """Write pesos."""
        return super().decimal_to_unicode(kind, to_decimal(value), **said)

    def decimal_from_unicode(self, kind: Any, text: Any) -> Any:
        """Read centavos."""
        return from_decimal(super().decimal_from_unicode(kind, text))


class Clock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Give the instant."""
        return datetime.now(UTC)


def _answer(facturas: tuple[Factura, ...]) -> Respuesta:
    now = datetime.now(UTC)
    today = local_day(now)
    ofertas = tuple(
        Oferta(factura=factura, exigible=exigible) for factura in facturas if (exigible := factura.due_on(today))
    )
    return Respuesta(
        ending=Ending(),
        id_consulta=str(uuid.uuid4()),
        fecha_hora_utc=now,
        ofertas=ofertas,
        origen=Origen.BASE,
        nombre_cliente=facturas[0].nombre_cliente,
    )


class Remembered:
    """What is owed, in a dict."""

    def __init__(self) -> None:
        self._owed = {id_cliente: mundo.owed(id_cliente) for id_cliente in mundo.FACTURAS}

    def answer(self, consulta: Consulta) -> Respuesta:
        """Look it up."""
        return _answer(self._owed[consulta.busqueda.id_cliente or ""])


class Stored:
    """What is owed, in a database; each consulta is written down, no more durably than ours."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, pool_size=10)

    def answer(self, consulta: Consulta) -> Respuesta:
        """Read, and write down."""
        asked, f = consulta.busqueda, t.factura.c
        with self._engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
            statement = (
                select(t.factura, t.cliente.c.nombre, t.cliente.c.cuit)
                .join_from(t.factura, t.cliente)
                .where(
                    f.codigo_empresa == asked.codigo_empresa,
                    f.id_cliente == asked.id_cliente,
                    f.estado == EstadoFactura.PENDIENTE.value,
                    f.ultimo_vencimiento >= local_day(datetime.now(UTC)),
                    f.origen == Origen.BASE.value,
                )
                .order_by(f.vto1_fecha, f.id)
                .limit(consulta.maximo_facturas + 1)
            )
            respuesta = _answer(tuple(read_factura(row) for row in connection.execute(statement).mappings()))
            connection.execute(insert(t.consulta), write_consulta(consulta, respuesta))
            connection.execute(insert(t.cotizacion), write_cotizaciones(respuesta))
        return respuesta


@dataclass
class Acknowledged:
    """Avisos that nobody keeps."""

    def accept(self, _aviso: AvisoPago) -> Acuse:
        """Say that it is."""
        return Acuse(ending=Ending(), id_aviso=str(uuid.uuid4()), estado=EstadoAviso.APLICADO)


def build() -> WsgiApplication:
    """Build it as Spyne's own examples do."""
    url = os.environ.get("PMC_BENCH_DB")
    nobody: Any = None
    operations = Operations(
        consultas=Stored(url) if url else Remembered(),  # type: ignore[arg-type]
        avisos=Acknowledged(),  # type: ignore[arg-type]
        reversas=nobody,
        facturas=nobody,
        retiros=nobody,
        seguimiento=nobody,
        clock=Clock(),
        codigos={},
    )
    application = Application(
        [PagoMisCuentas],
        tns=NAMESPACE,
        name="PagoMisCuentas",
        in_protocol=_Soap11(validator="lxml"),
        out_protocol=_Soap11(),
        config=operations,
    )
    return WsgiApplication(application)


app = build()
