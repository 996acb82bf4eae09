"""A destino in memory that does what an ERP does: takes avisos, dedupes them by IdAviso, and sometimes fails."""

import random
import threading
from collections import defaultdict

from pmc_soap.domain.entrega import Comprobante, NoEntregado


class FakeDestino:
    """imputed: IdAviso of each cliente in the order first taken; failing: the share of calls that fail, seeded."""

    def __init__(self, failing=0.0, seed=1):
        self.imputed = defaultdict(list)
        self.codigos = set()
        self.calls = 0
        self.error = None
        self._failing = failing
        self._chance = random.Random(seed)  # noqa: S311 — no secret
        self._lock = threading.Lock()

    def deliver(self, envio):
        with self._lock:
            self.calls += 1
            if self.error is not None:
                raise self.error
            fails = self._chance.random() < self._failing
            if fails and self._chance.random() < 0.5:
                raise NoEntregado("no contesta")
            self.codigos.add(envio.codigo_empresa)
            taken = self.imputed[envio.aviso.id_cliente]
            if envio.guardado.id_aviso not in taken:
                taken.append(envio.guardado.id_aviso)
            if fails:  # imputed, and its answer got lost
                raise NoEntregado("se cortó antes de contestar")
            return Comprobante(nro_comprobante=f"C-{envio.guardado.id_aviso}")

    @property
    def all_imputed(self):
        return sorted(id_aviso for taken in self.imputed.values() for id_aviso in taken)
