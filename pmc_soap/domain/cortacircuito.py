"""A circuit breaker: whom to leave alone for a while, because it does not answer anyway.

It opens after 5 failures in a row, or when more than half of the last 20 calls within 30 s failed; then one call every
15 s tries whether it is back. Seconds are those of a monotonic clock. Source: promises.md, "Delivery to the empresa".
"""

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic

SEGUIDAS_MAX = 5
MUESTRA, MUESTRA_S = 20, 30
SONDA_S = 15


class Cortacircuito:
    """One for each system that is called; threads may share it."""

    def __init__(self, clock: Callable[[], float] = monotonic, sonda_s: float = SONDA_S) -> None:
        self._clock = clock
        self._sonda_s = sonda_s
        self._lock = threading.Lock()
        self._last: deque[tuple[float, bool]] = deque(maxlen=MUESTRA)
        self._row = 0
        self._opened: float | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether calls are being held back."""
        return self._opened is not None

    def admits(self) -> bool:
        """Tell whether to call now; when open, say so once every SONDA_S: that call is the probe."""
        with self._lock:
            if self._opened is None:
                return True
            if self._clock() - self._opened < self._sonda_s:
                return False
            self._opened = self._clock()
            return True

    def succeeded(self) -> bool:
        """Note that a call was answered; tell whether that closed it."""
        with self._lock:
            was_open, self._opened, self._row = self._opened is not None, None, 0
            if was_open:
                self._last.clear()
            self._last.append((self._clock(), True))
            return was_open

    def failed(self) -> None:
        """Note that a call was not answered."""
        with self._lock:
            now = self._clock()
            self._last.append((now, False))
            self._row += 1
            if self._opened is None and (self._row >= SEGUIDAS_MAX or self._mostly_fails(now)):
                self._opened = now

    def _mostly_fails(self, now: float) -> bool:
        recent = [ok for at, ok in self._last if now - at <= MUESTRA_S]
        return len(recent) == MUESTRA and 2 * recent.count(False) > MUESTRA
