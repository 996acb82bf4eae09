"""How often somebody may show a wrong clave: FALLOS_MAX in a row, and then once in ESPERA_S seconds.

Counted in the memory of each process, for each usuario and address together: a stranger elsewhere keeps nobody out.
Memory is bounded: who has not failed for longest is forgotten first.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic

FALLOS_MAX = 5
ESPERA_S = 60
RECORDADOS_MAX = 10_000

Quien = tuple[str, str]  # usuario and address


class Espera:
    """Counts; safe to share by threads."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._fallos: OrderedDict[Quien, tuple[int, float]] = OrderedDict()

    def blocks(self, quien: Quien) -> bool:
        """Tell whether somebody has to wait."""
        count, last = self._fallos.get(quien, (0, 0.0))
        return count >= FALLOS_MAX and self._clock() - last < ESPERA_S

    def failed(self, quien: Quien) -> None:
        """Note a wrong clave."""
        with self._lock:
            count, _ = self._fallos.pop(quien, (0, 0.0))
            self._fallos[quien] = (count + 1, self._clock())
            if len(self._fallos) > RECORDADOS_MAX:
                self._fallos.popitem(last=False)

    def passed(self, quien: Quien) -> None:
        """Forget what was wrong before."""
        with self._lock:
            self._fallos.pop(quien, None)
