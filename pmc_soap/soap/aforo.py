"""How many requests this process answers at once, with room that only money may take: overload sheds, never collapses.

Counted in requests; seconds. A consulta that is refused is asked again and costs nothing; an aviso that is refused is a
pago that somebody must look for. So avisos and reversas may fill the house, and all else leaves them the reserved room.
A burst is no overload: whoever finds no place waits for one a moment, and so many that there is always one to follow.
"""

from threading import Condition, Lock

PATIENCE_S = 0.5  # of what can be asked again: who waits longer than this has more work before it than we can do
PATIENCE_OF_MONEY_S = 2.0  # an aviso is answered within 3 s (promises.md, Time)
_WAITING_PER_THREAD = 2
_SPARE_MIN = 2  # threads that only say no


class Aforo:
    """The room of one process, shared by its threads."""

    def __init__(self, total: int, reserved: int, waiting: int = 0) -> None:
        if not 0 <= reserved < total:
            raise ValueError(f"of {total} places, {reserved} cannot be reserved")
        self._total = total
        self._unreserved = total - reserved
        self._waiting_max = waiting
        self._inside = self._waiting = self._money_waiting = 0
        self._lock = Lock()
        self._for_money, self._for_others = Condition(self._lock), Condition(self._lock)

    @classmethod
    def of(cls, threads: int) -> "Aforo":
        """Give as many places as threads that work, and reserve a quarter; a single one can reserve nothing."""
        return cls(threads, min(max(1, threads // 4), threads - 1), threads * _WAITING_PER_THREAD)

    @property
    def threads(self) -> int:
        """Tell how many threads a server needs for it: those who work, those who wait, and some to say no."""
        return self._total + self._waiting_max + max(_SPARE_MIN, self._total - self._unreserved)

    @property
    def inside(self) -> int:
        """Tell how many requests are in flight."""
        return self._inside

    def admit(self, *, is_money: bool) -> bool:
        """Take a place, waiting for it a moment if need be: then leave() must follow, whatever happens."""
        with self._lock:
            if self._has_room(self._total if is_money else self._unreserved):
                return self._enter()
            if is_money:
                return self._wait_for_money()
            return self._waiting < self._waiting_max and self._wait()

    def leave(self) -> None:
        """Give the place back."""
        with self._lock:
            self._inside -= 1
            if self._money_waiting or self._waiting:
                self._call()

    def _call(self) -> None:
        if self._money_waiting:
            self._for_money.notify()
        if self._waiting and self._has_room(self._unreserved):
            self._for_others.notify()

    def _has_room(self, places: int) -> bool:
        """Tell whether of so many places there are more than the money that waits will take: it was here before."""
        return self._inside + self._money_waiting < places

    def _enter(self) -> bool:
        self._inside += 1
        return True

    def _wait(self) -> bool:
        self._waiting += 1
        try:
            came = self._for_others.wait_for(lambda: self._has_room(self._unreserved), PATIENCE_S)
        finally:
            self._waiting -= 1
        return came and self._enter()

    def _wait_for_money(self) -> bool:
        self._money_waiting += 1
        try:
            came = self._for_money.wait_for(lambda: self._inside < self._total, PATIENCE_OF_MONEY_S)
        finally:
            self._money_waiting -= 1
        return came and self._enter()
