"""The calls to one system that may be under way at once; who finds all taken by calls that hang is told at once."""

import threading


class Llamadas:
    """Places for so many calls. A call that was given up by who asked for it still holds its place until it ends."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = self._hanging = 0
        self._change = threading.Condition()

    def begin(self, timeout_s: float) -> "Llamada | None":
        """Take a place, waiting for one only as long as some call under way may still end in time."""
        with self._change:
            self._change.wait_for(lambda: self._taken < self._most or self._hanging >= self._most, timeout_s)
            if self._taken >= self._most:
                return None
            self._taken += 1
            return Llamada(self)

    def change(self, *, taken: int = 0, hanging: int = 0) -> None:
        """Count, and let those look who wait."""
        with self._change:
            self._taken += taken
            self._hanging += hanging
            self._change.notify_all()


class Llamada:
    """One place, from the beginning of a call to its end."""

    def __init__(self, llamadas: Llamadas) -> None:
        self._llamadas = llamadas
        self._lock = threading.Lock()
        self._ended = self._given_up = False

    def give_up(self) -> None:
        """Say that nobody waits for it any more."""
        with self._lock:
            if not self._ended:
                self._given_up = True
                self._llamadas.change(hanging=1)

    def end(self) -> None:
        """Leave the place."""
        with self._lock:
            self._ended = True
            self._llamadas.change(taken=-1, hanging=-1 if self._given_up else 0)
