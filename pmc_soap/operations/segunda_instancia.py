"""The second instance: the empresa's own system is asked, and what it says enters the base, also when it comes late.

The call has a thread of its own, so that the answer to PMC never waits longer than it may, whatever the other side
does. Nobody waits on it with the ledger open.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

from pmc_soap.domain.consulta import Busqueda, Consulta, Deuda, SinRespuesta
from pmc_soap.domain.cortacircuito import Cortacircuito
from pmc_soap.domain.factura import ClaveFactura, Factura, Origen, validate
from pmc_soap.domain.resultado import Rejected, Resultado
from pmc_soap.domain.valor import value
from pmc_soap.operations.factura import contenido
from pmc_soap.operations.llamadas import Llamada, Llamadas
from pmc_soap.operations.ports import Clock, Ledger, Reading, Sistema, Writing, close
from pmc_soap.operations.sin_red import require_closed

LLAMADAS_MAX = 8  # at once, for each empresa
TARDE_S = 20  # a call that takes longer than this is given up; until then a late answer still enters the base
FRESCA = timedelta(minutes=5)  # what the base has learned and is older is written again, so that it does not age
CARGA = "EMPRESA"

log = logging.getLogger(__name__)


@value
class Hallazgo:
    """What the empresa's system told: which facturas of the base it named, or why there are none."""

    claves: tuple[ClaveFactura, ...]
    resultado: Resultado
    hay_mas: bool


class SegundaInstancia:
    """One empresa's own system, behind a breaker and a few threads."""

    def __init__(
        self,
        sistema: Sistema,
        ledger: Ledger,
        clock: Clock,
        *,
        cortacircuito: Cortacircuito | None = None,
        llamadas_max: int = LLAMADAS_MAX,
    ) -> None:
        self._sistema = sistema
        self._ledger = ledger
        self._clock = clock
        self._cortacircuito = cortacircuito or Cortacircuito()
        self._llamadas = Llamadas(llamadas_max)
        self._threads = ThreadPoolExecutor(llamadas_max, "segunda-instancia")

    def ask(self, consulta: Consulta, left_s: float) -> Hallazgo:
        """Ask, and wait no longer than left_s; raises SinRespuesta."""
        require_closed()
        if left_s <= 0:
            raise SinRespuesta("no quedó tiempo para preguntarle al sistema de la empresa", Resultado.TIEMPO_EXCEDIDO)
        until = monotonic() + left_s
        llamada = self._llamadas.begin(left_s)
        if llamada is None:
            raise SinRespuesta("el sistema de la empresa tiene todas sus llamadas ocupadas")
        if not self._cortacircuito.admits():
            llamada.end()
            raise SinRespuesta("el sistema de la empresa viene fallando: se lo deja descansar")
        call = self._threads.submit(self._call, consulta, llamada)
        try:
            hallazgo = call.result(until - monotonic())
        except NotYet:
            llamada.give_up()
            self._cortacircuito.failed()
            raise SinRespuesta("el sistema de la empresa no contestó a tiempo", Resultado.TIEMPO_EXCEDIDO) from None
        except SinRespuesta:
            self._cortacircuito.failed()
            raise
        except Exception as error:
            self._cortacircuito.failed()
            log.exception("empresa=%s the connector broke", consulta.busqueda.codigo_empresa)
            raise SinRespuesta("el conector falló") from error
        self._cortacircuito.succeeded()
        return hallazgo

    def close(self) -> None:
        """Begin no more calls, and let those under way end: none may find the ledger closed."""
        self._threads.shutdown(cancel_futures=True)
        close(self._sistema)

    def _call(self, consulta: Consulta, llamada: Llamada) -> Hallazgo:
        try:
            return self._find(consulta)
        finally:
            llamada.end()

    def _find(self, consulta: Consulta) -> Hallazgo:
        asked_utc = self._clock.now()
        # a copy: the empresa's own code may do with a value what mypy forbids ours
        deuda = self._sistema.find_deuda(deepcopy(consulta), TARDE_S)
        facturas = _usable(deuda, consulta.busqueda)
        if deuda.facturas and not facturas:
            raise SinRespuesta("el sistema de la empresa contestó facturas que no se pueden usar")
        self._learn(facturas, asked_utc)
        return Hallazgo(
            claves=tuple(factura.clave for factura in facturas),
            resultado=deuda.resultado if not facturas else Resultado.EXITOSA,
            hay_mas=deuda.hay_mas,
        )

    def _learn(self, facturas: Sequence[Factura], asked_utc: datetime) -> None:
        """Write what is new; a consulta that learns nothing takes no lock."""
        told = [(factura, contenido(factura)) for factura in facturas]
        with self._ledger.read() as reading:
            fresh = _news(reading, told, asked_utc)
        if not fresh:
            return

        def learn(tx: Writing) -> None:
            tx.load(_news(tx, fresh, asked_utc), CARGA, self._clock.now())

        clientes = sorted({factura.clave.id_cliente for factura, _ in fresh})
        self._ledger.write(fresh[0][0].clave.codigo_empresa, clientes, learn)


def _news(reading: Reading, told: Sequence[tuple[Factura, str]], asked_utc: datetime) -> list[tuple[Factura, str]]:
    """Leave out what the base has already, and what was written since the system was asked: its answer is the older."""
    news = []
    for factura, said in told:
        known = reading.written(factura.clave)
        if known is None or (known.at_utc <= asked_utc and known.is_stale(said, asked_utc - FRESCA)):
            news.append((factura, said))
    return news


def _usable(deuda: Deuda, busqueda: Busqueda) -> tuple[Factura, ...]:
    """Leave out what breaks a rule, repeats a clave, or is not what was asked for."""
    usable: dict[ClaveFactura, Factura] = {}
    for factura in deuda.facturas:
        clave = factura.clave
        asked = (
            (busqueda.codigo_empresa, clave.codigo_empresa),
            (busqueda.id_cliente, clave.id_cliente),
            (busqueda.id_factura, clave.id_factura),
            (busqueda.codigo_barras, factura.codigo_barras or busqueda.codigo_barras),
        )
        try:
            validate(factura)
        except Rejected as rejected:
            log.warning("empresa=%s a factura breaks %s", busqueda.codigo_empresa, rejected.ending.resultado)
            continue
        if all(wanted in {None, told} for wanted, told in asked):
            usable.setdefault(clave, replace(factura, origen=Origen.EMPRESA))
    return tuple(usable.values())
