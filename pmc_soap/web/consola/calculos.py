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

    def __init__(self, fresh_s: float = FRESH_S) -> None:
        self._fresh_s = fresh_s
        self._lock = Lock()
        self._failed: dict[Hashable, Exception] = {}
        self._done: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self._going: dict[Hashable, Thread] = {}

    def get(self, key: Hashable, work: Callable[[], T]) -> T | None:
        """Give what the work came to; None while it goes on. It is begun again when it is no longer fresh.

        Raises what the work raised, once: who asks again has it begun again.
        """
        with self._lock:
            is_there, known = self._look(key)
            if is_there:
                return known
            thread = self._going.get(key)
            if thread is None:
                thread = self._going[key] = Thread(target=self._work, args=(key, work), daemon=True)
                thread.start()
        thread.join(QUICK_S)
        with self._lock:
            return self._look(key)[1]

    def _look(self, key: Hashable) -> tuple[bool, T | None]:
        if (failed := self._failed.pop(key, None)) is not None:
            raise failed
        made, known = self._done.get(key, (-self._fresh_s, None))
        is_fresh = monotonic() - made < self._fresh_s
        return is_fresh, known if is_fresh else None

    def _work(self, key: Hashable, work: Callable[[], T]) -> None:
        try:
            result = work()
            with self._lock:
                self._done[key] = monotonic(), result
                self._done.move_to_end(key)
                while len(self._done) > KEPT_MAX:
                    self._done.popitem(last=False)
        except Exception as error:
            log.exception("what a page asked for could not be worked out")
            with self._lock:
                if len(self._failed) >= KEPT_MAX:
                    self._failed.clear()
                self._failed[key] = error
        finally:
            with self._lock:
                self._going.pop(key, None)
