"""The second instance: the empresa's own system is asked, and what it says enters the base, also when it comes late.

The call has a thread of its own, so that the answer to PMC never waits longer than it may, whatever the other side
does. Nobody waits on it with the ledger open.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, replace
from datetime import timedelta

from pmc_soap.domain.consulta import Busqueda, Consulta, Deuda, SinRespuesta
from pmc_soap.domain.cortacircuito import Cortacircuito
from pmc_soap.domain.factura import ClaveFactura, Factura, Origen, validate
from pmc_soap.domain.resultado import Rejected, Resultado
from pmc_soap.operations.factura import contenido
from pmc_soap.operations.ports import Clock, Ledger, Sistema, close
from pmc_soap.operations.sin_red import require_closed

LLAMADAS_MAX = 8  # at once, for each empresa
TARDE_S = 20  # a call that takes longer than this is given up; until then a late answer still enters the base
FRESCA = timedelta(minutes=5)  # what the base has learned and is older is written again, so that it does not age
CARGA = "EMPRESA"

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
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
        self._threads = ThreadPoolExecutor(llamadas_max, "segunda-instancia")

    def ask(self, consulta: Consulta, left_s: float) -> Hallazgo:
        """Ask, and wait no longer than left_s; raises SinRespuesta."""
        require_closed()
        if left_s <= 0:
            raise SinRespuesta("no quedó tiempo para preguntar", Resultado.TIEMPO_EXCEDIDO)
        if not self._cortacircuito.admits():
            raise SinRespuesta("el sistema de la empresa viene fallando: se lo deja descansar")
        call = self._threads.submit(self._call, consulta)
        try:
            hallazgo = call.result(left_s)
        except NotYet:
            raise self._too_late(call) from None
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

    def _too_late(self, call: "Future[Hallazgo]") -> SinRespuesta:
        if call.cancel():
            return SinRespuesta(f"ya hay {LLAMADAS_MAX} consultas esperando al sistema de la empresa")
        self._cortacircuito.failed()
        return SinRespuesta("el sistema de la empresa no contestó a tiempo", Resultado.TIEMPO_EXCEDIDO)

    def _call(self, consulta: Consulta) -> Hallazgo:
        deuda = self._sistema.find_deuda(consulta, TARDE_S)
        facturas = _usable(deuda, consulta.busqueda)
        if deuda.facturas and not facturas:
            raise SinRespuesta("el sistema de la empresa contestó facturas que no se pueden usar")
        self._learn(facturas)
        return Hallazgo(
            claves=tuple(factura.clave for factura in facturas),
            resultado=deuda.resultado if not facturas else Resultado.EXITOSA,
            hay_mas=deuda.hay_mas,
        )

    def _learn(self, facturas: Sequence[Factura]) -> None:
        """Write what is new; a consulta that learns nothing takes no lock."""
        now = self._clock.now()
        with self._ledger.read() as reading:
            told = [(factura, contenido(factura), reading.written(factura.clave)) for factura in facturas]
        fresh = [
            (factura, said) for factura, said, known in told if known is None or known.is_stale(said, now - FRESCA)
        ]
        if fresh:
            codigo_empresa = fresh[0][0].clave.codigo_empresa
            self._ledger.write(codigo_empresa, None, lambda tx: tx.load(fresh, CARGA, now))


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
