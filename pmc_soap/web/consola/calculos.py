"""What takes longer than a page may: it is worked out by a thread, and kept for a while by this process.

Who asks meanwhile is told that it is being worked out. At most KEPT_MAX are kept, the oldest forgotten first.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock, Thread
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")

FRESH_S = 120  # how long what was worked out is shown
KEPT_MAX = 8
QUICK_S = 0.1  # what takes no longer is shown at once

log = logging.getLogger(__name__)


class Calculos(Generic[T]):
    """One kind of work, by key."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._done: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self._going: dict[Hashable, Thread] = {}

    def get(self, key: Hashable, work: Callable[[], T]) -> T | None:
        """Give what the work came to; None while it goes on. It is begun again when it is no longer fresh."""
        with self._lock:
            made, known = self._done.get(key, (-FRESH_S, None))
            if monotonic() - made < FRESH_S:
                return known
            thread = self._going.get(key)
            if thread is None:
                thread = self._going[key] = Thread(target=self._work, args=(key, work), daemon=True)
                thread.start()
        thread.join(QUICK_S)
        with self._lock:
            made, known = self._done.get(key, (-FRESH_S, None))
            return known if monotonic() - made < FRESH_S else None

    def _work(self, key: Hashable, work: Callable[[], T]) -> None:
        try:
            result = work()
            with self._lock:
                self._done[key] = monotonic(), result
                self._done.move_to_end(key)
                while len(self._done) > KEPT_MAX:
                    self._done.popitem(last=False)
        except Exception:
            log.exception("what a page asked for could not be worked out")
        finally:
            with self._lock:
                self._going.pop(key, None)
