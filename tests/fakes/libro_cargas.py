"""A LibroDeCargas in memory, beside a FakeLedger: the tests of the port run over this and over the real one."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fakes.ledger import FakeLedger

from pmc_soap.domain.carga import CargaGuardada, EstadoCarga, Modo
from pmc_soap.domain.factura import ClaveFactura
from pmc_soap.operations.libro_cargas import LEASE, LibroDeCargas, Lote, OtraEnCurso, Turno, TurnoPerdido, YaCargada
from pmc_soap.operations.ports import Ledger, Loaded


def libro_of(ledger: Ledger) -> LibroDeCargas:
    """Give the book of a ledger, fake or real."""
    return FakeLibro(ledger) if isinstance(ledger, FakeLedger) else ledger.libro_cargas


class FakeLibro:
    """One book a ledger: made again, it is the same."""

    def __init__(self, ledger: FakeLedger) -> None:
        self._ledger = ledger
        self._state: dict[str, Any] = ledger.__dict__.setdefault("libro", {"cargas": {}, "turnos": {}, "now": None})

    @staticmethod
    def _now() -> datetime:
        return datetime.now(UTC)

    def find_completa(self, codigo_empresa: str, sha256: str, modo: Modo) -> CargaGuardada | None:
        wanted = (codigo_empresa, sha256, modo, EstadoCarga.COMPLETA)
        found = [c for c in self._state["cargas"].values() if (c.codigo_empresa, c.sha256, c.modo, c.estado) == wanted]
        return found[-1] if found else None

    def begin(self, nueva: CargaGuardada, *, again: bool = False) -> Turno:
        before = self.find_completa(nueva.codigo_empresa, nueva.sha256, nueva.modo)
        if before is not None and not again:
            raise YaCargada(before)
        llave = secrets.token_hex(8)
        cortada = next((c for c in self._of(nueva.codigo_empresa) if c.estado is EstadoCarga.EN_CURSO), None)
        if cortada is not None:
            _, until = self._state["turnos"][cortada.id]
            left_s = (until - self._now()).total_seconds()
            if left_s > 0:
                raise OtraEnCurso(cortada, left_s)
            if (cortada.sha256, cortada.modo, cortada.parcial) == (nueva.sha256, nueva.modo, nueva.parcial):
                self._state["turnos"][cortada.id] = (llave, self._now() + LEASE)
                return Turno(carga=cortada, llave=llave, sigue=True)
            self._put(replace(cortada, estado=EstadoCarga.CORTADA, terminada_utc=nueva.empezada_utc))
        added = self._add(nueva)
        self._state["turnos"][added.id] = (llave, self._now() + LEASE)
        return Turno(carga=added, llave=llave, cortada=cortada)

    def write(self, turno: Turno, lote: Lote, at_utc: datetime) -> Loaded:
        def work(tx: Any) -> Loaded:
            loaded = tx.load(lote.facturas, turno.carga.nombre, at_utc)
            self._advance(
                turno,
                lambda c: replace(
                    c,
                    hasta_linea=lote.hasta_linea,
                    nuevas=c.nuevas + loaded.nuevas,
                    cambiadas=c.cambiadas + loaded.cambiadas,
                    iguales=c.iguales + loaded.iguales,
                    intocables=c.intocables + loaded.intocables,
                ),
            )
            return loaded

        return self._ledger.write(turno.carga.codigo_empresa, None, work)

    def retire(self, turno: Turno, claves: Sequence[ClaveFactura]) -> int:
        def work(tx: Any) -> int:
            retiradas = tx.retire(claves, turno.carga.id)
            self._advance(turno, lambda c: replace(c, retiradas=c.retiradas + retiradas))
            return retiradas

        return self._ledger.write(turno.carga.codigo_empresa, None, work)

    def end(self, turno: Turno, at_utc: datetime) -> CargaGuardada:
        self._advance(turno, lambda c: replace(c, estado=EstadoCarga.COMPLETA, terminada_utc=at_utc))
        del self._state["turnos"][turno.carga.id]
        return self._state["cargas"][turno.carga.id]

    def leave(self, turno: Turno) -> None:
        if self._state["turnos"].get(turno.carga.id, ("",))[0] == turno.llave:
            self._state["turnos"][turno.carga.id] = (turno.llave, self._now())

    def reject(self, rechazada: CargaGuardada) -> CargaGuardada:
        return self._add(rechazada)

    def informadas(self, codigo_empresa: str) -> Iterator[ClaveFactura]:
        with self._ledger.read() as reading:
            found = reading.informadas(codigo_empresa)
        yield from found

    def cargas(self, codigo_empresa: str | None, limit: int) -> Sequence[CargaGuardada]:
        every = [c for c in self._state["cargas"].values() if codigo_empresa in {None, c.codigo_empresa}]
        return every[::-1][:limit]

    def carga(self, id_carga: int) -> CargaGuardada | None:
        return self._state["cargas"].get(id_carga)

    def _of(self, codigo_empresa: str) -> list[CargaGuardada]:
        return [c for c in self._state["cargas"].values() if c.codigo_empresa == codigo_empresa]

    def _add(self, carga: CargaGuardada) -> CargaGuardada:
        added = replace(carga, id=len(self._state["cargas"]) + 1)
        self._put(added)
        return added

    def _put(self, carga: CargaGuardada) -> None:
        self._state["cargas"][carga.id] = carga

    def _advance(self, turno: Turno, change: Callable[[CargaGuardada], CargaGuardada]) -> None:
        if self._state["turnos"].get(turno.carga.id, ("",))[0] != turno.llave:
            raise TurnoPerdido
        self._put(change(self._state["cargas"][turno.carga.id]))
        self._state["turnos"][turno.carga.id] = (turno.llave, self._now() + LEASE)
