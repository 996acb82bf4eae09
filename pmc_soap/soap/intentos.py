"""How often somebody may show a wrong credential: FALLOS_MAX in VENTANA_S seconds, and then not for ESPERA_S seconds.

Counted in the memory of each process, so an installation admits that many times its processes. Whoever showed a right
credential within CONOCIDO_S is never kept out, so that nobody can lock out the network by sharing its address. Memory
is bounded: the oldest are forgotten first, and only a right credential makes one known.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

FALLOS_MAX = 20
VENTANA_S = 60
ESPERA_S = 60
CONOCIDO_S = 24 * 3600
NOTA_S = 60
ALERTA_S = 60
RECORDADOS_MAX = 10_000

Quien = tuple[str, str]  # port and address


@dataclass(slots=True)
class _Cuenta:
    since: float
    fallos: int = 0
    blocked_until: float = 0.0


class Intentos:
    """Counts; safe to share by threads."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._cuentas: OrderedDict[Quien, _Cuenta] = OrderedDict()
        self._known: OrderedDict[Quien, float] = OrderedDict()
        self._alerted: dict[tuple[str, str], float] = {}

    def blocks(self, quien: Quien) -> bool:
        """Tell whether somebody has to wait before his credential is looked at."""
        cuenta = self._cuentas.get(quien)
        if cuenta is None or not cuenta.blocked_until:  # nearly everybody: no lock, no clock
            return False
        return self._clock() < cuenta.blocked_until and not self.knows(quien)

    def knows(self, quien: Quien) -> bool:
        """Tell whether somebody showed a right credential lately."""
        return self._clock() - self._known.get(quien, -CONOCIDO_S) < CONOCIDO_S

    def passed(self, quien: Quien) -> None:
        """Note a right credential; once in a while is enough of who shows one all the time."""
        now = self._clock()
        if now - self._known.get(quien, -CONOCIDO_S) < NOTA_S:
            return
        with self._lock:
            self._known[quien] = now
            self._known.move_to_end(quien)
            if len(self._known) > RECORDADOS_MAX:
                self._known.popitem(last=False)

    def failed(self, quien: Quien) -> bool:
        """Note a wrong credential; tell whether these are too many."""
        with self._lock:
            now = self._clock()
            cuenta = self._cuentas.pop(quien, None)
            if cuenta is None or now - cuenta.since >= VENTANA_S:
                cuenta = _Cuenta(since=now)
            cuenta.fallos += 1
            if cuenta.fallos >= FALLOS_MAX:
                cuenta.blocked_until = now + ESPERA_S
                cuenta.since = now  # the count stays full while it goes on
            self._cuentas[quien] = cuenta
            if len(self._cuentas) > RECORDADOS_MAX:
                self._cuentas.popitem(last=False)
            return cuenta.fallos >= FALLOS_MAX

    def is_news(self, port_name: str, motivo: str) -> bool:
        """Tell, once in ALERTA_S for each port and motivo, that the operator is due an alert."""
        with self._lock:
            now = self._clock()
            if now - self._alerted.get((port_name, motivo), -ALERTA_S) < ALERTA_S:
                return False
            self._alerted[port_name, motivo] = now
            return True
