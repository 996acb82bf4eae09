"""How many requests this process answers at once, with room that only money may take: overload sheds, never collapses.

Counted in requests. A consulta that is refused is asked again and costs nothing; an aviso that is refused is a pago
that somebody must look for. So avisos and reversas may fill the house, and all else leaves them the reserved room.
"""

from threading import Lock


class Aforo:
    """The room of one process, shared by its threads."""

    def __init__(self, total: int, reserved: int) -> None:
        if not 0 <= reserved < total:
            raise ValueError(f"of {total} places, {reserved} cannot be reserved")
        self._total = total
        self._unreserved = total - reserved
        self._inside = 0
        self._lock = Lock()

    @classmethod
    def of(cls, threads: int) -> "Aforo":
        """Give as many places as there are threads, and reserve a quarter; a single thread can reserve nothing."""
        return cls(threads, min(max(1, threads // 4), threads - 1))

    @property
    def inside(self) -> int:
        """Tell how many requests are in flight."""
        return self._inside

    def admit(self, *, is_money: bool) -> bool:
        """Take a place, if there is one for such a request: then leave() must follow, whatever happens."""
        with self._lock:
            if self._inside >= (self._total if is_money else self._unreserved):
                return False
            self._inside += 1
            return True

    def leave(self) -> None:
        """Give the place back."""
        with self._lock:
            self._inside -= 1
