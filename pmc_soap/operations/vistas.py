"""The facturas that a file names, in little memory: a file of a million must not fill it."""

from array import array

from pmc_soap.domain.factura import ClaveFactura


class Vistas:
    """The claves of one empresa that were seen, and their lines: an open-addressed table of 8-byte hashes.

    It takes 24 to 48 bytes a factura; a set of strings would take hundreds. Two claves of a million share a hash once
    in thirty million files, and then the second line is refused, or one that is not named stays payable.
    """

    def __init__(self) -> None:
        self._used = 0
        self._hashes = array("Q", bytes(8 << 12))
        self._lineas = array("I", bytes(4 << 12))

    def note(self, clave: ClaveFactura, linea: int) -> int:
        """Remember the clave; give the line that named it before, or 0."""
        if 2 * self._used >= len(self._hashes):
            self._grow()
        hashed = _hash(clave)
        slot = self._slot(hashed)
        if self._hashes[slot]:
            return self._lineas[slot]
        self._hashes[slot], self._lineas[slot] = hashed, linea
        self._used += 1
        return 0

    def holds(self, clave: ClaveFactura) -> bool:
        """Tell whether the clave was seen."""
        return bool(self._hashes[self._slot(_hash(clave))])

    def _slot(self, hashed: int) -> int:
        mask = len(self._hashes) - 1
        slot = hashed & mask
        while self._hashes[slot] not in {0, hashed}:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        hashes, lineas = self._hashes, self._lineas
        self._hashes = array("Q", bytes(16 * len(hashes)))
        self._lineas = array("I", bytes(8 * len(lineas)))
        for hashed, linea in zip(hashes, lineas, strict=True):
            if hashed:
                slot = self._slot(hashed)
                self._hashes[slot], self._lineas[slot] = hashed, linea


def _hash(clave: ClaveFactura) -> int:
    """Hash it whatever the code of its empresa: a file may name another of its codes."""
    return hash((clave.id_cliente, clave.id_factura)) & 0xFFFF_FFFF_FFFF_FFFF or 1
