"""An empresa's own system, in memory: answers what it is told to, fails, or keeps whoever asks waiting."""

import threading
import time
from datetime import date

from pmc_soap.domain.consulta import Deuda, SinRespuesta
from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento
from pmc_soap.domain.resultado import Resultado

NOBODY = Deuda(resultado=Resultado.CLIENTE_INEXISTENTE)


class FakeSistema:
    """Facturas by cliente; held() makes it wait until released, broken makes it raise."""

    def __init__(self, *facturas):
        self.facturas = list(facturas)
        self.otherwise = NOBODY
        self.error = None
        self.asked = []
        self.calling = 0
        self.most_at_once = 0
        self._lock = threading.Lock()
        self._go = threading.Event()
        self._go.set()
        self.answered = threading.Event()

    def hold(self):
        self._go.clear()

    def release(self):
        self._go.set()

    def find_deuda(self, consulta, timeout_s):
        with self._lock:
            self.asked.append(consulta)
            self.calling += 1
            self.most_at_once = max(self.most_at_once, self.calling)
        try:
            assert self._go.wait(timeout_s)
            return self._answer(consulta.busqueda)
        finally:
            with self._lock:
                self.calling -= 1
            self.answered.set()

    def _answer(self, busqueda):
        if self.error is not None:
            raise self.error.with_traceback(None)
        wanted = {name: getattr(busqueda, name) for name in ("id_cliente", "id_factura") if getattr(busqueda, name)}
        found = [f for f in self.facturas if all(getattr(f.clave, name) == value for name, value in wanted.items())]
        return Deuda(facturas=tuple(found)) if found else self.otherwise


AWAY = SinRespuesta("no hay conexión con el sistema de la empresa")


class ScriptedSistema:
    """A connector as a configuration names it: it finds one factura, is away, or is slow."""

    def __init__(self, does):
        self._does = does

    def find_deuda(self, consulta, timeout_s):  # noqa: ARG002 — the port's signature
        if self._does == "away":
            raise AWAY.with_traceback(None)  # one that is raised again would keep every traceback
        if self._does == "slow":
            time.sleep(0.7)
        busqueda = consulta.busqueda
        clave = ClaveFactura(
            codigo_empresa=busqueda.codigo_empresa, id_cliente=busqueda.id_cliente or "7000001", id_factura="SIS-1"
        )
        vencimiento = Vencimiento(fecha=date(2025, 7, 31), importe_centavos=31_250_00)
        factura = Factura(
            clave=clave,
            vencimientos=(vencimiento,),
            mensaje_pantalla="DEL SISTEMA",
            mensaje_ticket="DESDE SU SISTEMA",
            nombre_cliente="Rosa Paz",
        )
        return Deuda(facturas=(factura,))
