"""The deliverer: brings what is owed to each destino at our own pace, for ever, in order for each cliente.

Take (a lease), close the ledger, call, settle. Any number of deliverers may run, on any machine that sees the database.
"""

import logging
import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import field, replace
from datetime import timedelta
from time import monotonic

from pmc_soap.domain.cortacircuito import Cortacircuito
from pmc_soap.domain.entrega import ESPERAS, PERMANENTES_MAX, Comprobante, NoEntregado, next_wait
from pmc_soap.domain.valor import value
from pmc_soap.operations.ports import Bandeja, Destino, Tomada, Unavailable
from pmc_soap.operations.sin_red import require_closed

LEASE = timedelta(seconds=60)  # longer than a call should last; one that outlives it is not made twice by one deliverer
HILOS = 4  # calls at once to one destino
LOOK_S = 1.0  # at the latest, what has become due is seen after so long
TOLD_EVERY_S = 60.0  # that a destino takes nothing
BUSY_S = 0.1  # likewise while calls are under way

Clave = tuple[str, str]

log = logging.getLogger(__name__)


@value
class Ruta:
    """One destino of an empresa, and how it is served.

    codigo_vigente: the code that the empresa is called by now, for what goes out. esperas: how long to wait after each
    failed attempt. saltea: an entrega that was stopped lets its cliente's next go.
    """

    codigo_empresa: str
    nombre: str
    destino: Destino
    codigo_vigente: str
    hilos: int = HILOS
    esperas: tuple[timedelta, ...] = ESPERAS
    saltea: bool = False
    cortacircuito: Cortacircuito = field(default_factory=Cortacircuito)


class Repartidor:
    """Delivers what is owed on its rutas until it is told to stop."""

    def __init__(
        self,
        bandeja: Bandeja,
        rutas: Sequence[Ruta],
        chance: Callable[[], float] = random.random,
        lease: timedelta = LEASE,
    ) -> None:
        self._bandeja = bandeja
        self._rutas: Mapping[Clave, Ruta] = {(ruta.codigo_empresa, ruta.nombre): ruta for ruta in rutas}
        self._chance = chance
        self._lease = lease
        self._hands: Counter[Clave] = Counter()  # that are busy
        self._calling: set[int] = set()  # the entregas whose call is under way
        self._unheard = set(self._rutas)  # of these we do not know yet whether they were away before we came
        self._away: dict[Clave, float] = {}  # of these the log was told that they take nothing, and when
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._done = threading.Event()

    def run(self) -> None:
        """Deliver until stop() is called; a database that is away is waited for."""
        with ThreadPoolExecutor(sum(ruta.hilos for ruta in self._rutas.values()) or 1, "entrega") as threads:
            while not self._stopping.is_set():
                self._done.clear()
                try:
                    due = self._due()
                    if not sum(self._begin(key, threads) for key in due):
                        self._rest(held_back=bool(due))
                except Unavailable:
                    log.warning("the ledger does not answer: deliveries wait")
                    self._stopping.wait(LOOK_S)
                except Exception:
                    log.exception("deliveries wait")
                    self._stopping.wait(LOOK_S)

    def stop(self) -> None:
        """End once the calls under way are settled."""
        self._stopping.set()
        self._done.set()

    def deliver_due(self) -> int:
        """Deliver all that is due now, one after the other; give how many entregas were taken by their destino."""
        delivered = 0
        while True:
            taken = [tomada for key in self._rutas for tomada in self._take(key, 1)]
            if not taken:
                return delivered
            for tomada in taken:
                delivered += self._deliver(tomada)

    def _due(self) -> Sequence[Clave]:
        """Name the rutas to look at: those with something due, and those that are to be tried again."""
        silent = [key for key, ruta in self._rutas.items() if ruta.cortacircuito.is_open]
        return list(dict.fromkeys([*self._bandeja.due(self._rutas), *silent]))

    def _begin(self, key: Clave, threads: ThreadPoolExecutor) -> int:
        """Take what is due on a ruta with a hand free, and begin to bring it."""
        begun = 0
        for tomada in self._take(key, self._rutas[key].hilos - self._hands[key]):
            if tomada.entrega.id in self._calling:  # past its lease: never two at once
                log.warning("entrega=%d destino=%s has not come back yet", tomada.entrega.id, tomada.entrega.destino)
                continue
            with self._lock:
                self._hands[key] += 1
                self._calling.add(tomada.entrega.id)
            threads.submit(self._work, key, tomada)
            begun += 1
        return begun

    def _take(self, key: Clave, limit: int) -> Sequence[Tomada]:
        """Take up to limit; of a ruta that does not answer only one at times, due or not: it may be back."""
        silent = self._rutas[key].cortacircuito.is_open
        if limit <= 0 or not self._rutas[key].cortacircuito.admits():
            return ()
        return self._bandeja.take(*key, 1 if silent else limit, self._lease, early=silent)

    def _rest(self, *, held_back: bool) -> None:
        """Wait for something new, or for a hand to be free."""
        if any(self._hands.values()):
            self._done.wait(BUSY_S)
        elif held_back:
            self._stopping.wait(2 * BUSY_S)
        else:
            self._bandeja.wait(self._rutas, LOOK_S)

    def _work(self, key: Clave, tomada: Tomada) -> None:
        try:
            self._deliver(tomada)
        except Exception:
            log.exception("entrega=%d was not settled: it will be delivered once more", tomada.entrega.id)
        finally:
            with self._lock:
                self._hands[key] -= 1
            self._done.set()

    def _deliver(self, tomada: Tomada) -> bool:
        """Bring one, and write down what became of it; tell whether its destino took it."""
        entrega = tomada.entrega
        ruta = self._rutas[entrega.codigo_empresa, entrega.destino]
        outcome = self._call(tomada, ruta)
        if isinstance(outcome, NoEntregado):
            self._put_back(tomada, ruta, outcome)
            return False
        self._settle(tomada, ruta, outcome)
        return True

    def _call(self, tomada: Tomada, ruta: Ruta) -> Comprobante | NoEntregado:
        require_closed()
        try:
            envio = deepcopy(tomada.envio)  # the empresa's own code may do with a value what mypy forbids ours
            return ruta.destino.deliver(replace(envio, codigo_empresa=ruta.codigo_vigente))
        except NoEntregado as error:
            return error
        except Exception:
            log.exception("entrega=%d destino=%s the connector broke", tomada.entrega.id, ruta.nombre)
            return NoEntregado("el conector falló: ver el registro del programa")
        finally:  # before it is written down: from then on it may be taken again, and whoever took it must bring it
            with self._lock:
                self._calling.discard(tomada.entrega.id)

    def _settle(self, tomada: Tomada, ruta: Ruta, comprobante: Comprobante) -> None:
        if not self._bandeja.settle(tomada, comprobante):
            log.warning("entrega=%d was taken over by another deliverer meanwhile", tomada.entrega.id)
        self._answered(ruta)

    def _put_back(self, tomada: Tomada, ruta: Ruta, error: NoEntregado) -> None:
        entrega = tomada.entrega
        wait = next_wait(entrega.intentos + 1, self._chance(), error.retry_after, ruta.esperas)
        stop = error.permanente and entrega.permanentes + 1 >= PERMANENTES_MAX
        self._bandeja.put_back(tomada, wait, error, stop=stop, skip=ruta.saltea)
        if error.permanente:  # the destino is there, and answers: it is this aviso that it will not have
            self._answered(ruta)
        else:
            ruta.cortacircuito.failed()
            self._went_away(ruta)

    def _went_away(self, ruta: Ruta) -> None:
        """Tell the log, once a minute however many tries fail."""
        key, now = (ruta.codigo_empresa, ruta.nombre), monotonic()
        with self._lock:
            is_news = now - self._away.get(key, -TOLD_EVERY_S) >= TOLD_EVERY_S
            if is_news:
                self._away[key] = now
        if is_news:
            log.warning("empresa=%s destino=%s takes nothing: its avisos wait, and are tried again", *key)

    def _answered(self, ruta: Ruta) -> None:
        """Let all that waits go, when a destino answers for the first time or again."""
        is_back, key = ruta.cortacircuito.succeeded(), (ruta.codigo_empresa, ruta.nombre)
        if is_back or key in self._unheard:
            self._unheard.discard(key)
            self._bandeja.hasten(*key)
        if is_back:
            log.warning("empresa=%s destino=%s answers again", *key)
