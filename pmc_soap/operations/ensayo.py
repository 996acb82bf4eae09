"""What a COB would come to: all of it is done, some clientes at a time, and undone each time."""

from collections.abc import Iterator, Sequence
from itertools import islice

from pmc_soap.domain.cob import Cob, Cuadro, EstadoCob, LineaLeida, Suma
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.empresa import Empresa
from pmc_soap.operations.barrido import CLIENTES
from pmc_soap.operations.corrida import begin, turn
from pmc_soap.operations.cruce import Cruce
from pmc_soap.operations.ports import Ledger, Writing
from pmc_soap.operations.revision import ArchivoCobros, Revision, read_lineas

LINEAS_EN_MEMORIA = 20_000  # the file is read as often as that takes


class Ensayo:
    """Tries a file out."""

    def __init__(self, ledger: Ledger, cruce: Cruce) -> None:
        self._ledger = ledger
        self._cruce = cruce

    def foresee(self, empresa: Empresa, new: Cob, lotes: Iterator[Sequence[LineaLeida]], *, corrects: bool) -> Cuadro:
        """Tell what the lines would come to; raises Refused as a run does."""
        cuadro: dict[Desenlace, Suma] = {}
        for lote in lotes:
            for desenlace, centavos in self._try_out(empresa, new, lote, corrects=corrects):
                cuadro[desenlace] = cuadro.get(desenlace, Suma()) + Suma(cantidad=1, centavos=centavos)
        return cuadro

    def _try_out(
        self, empresa: Empresa, new: Cob, lote: Sequence[LineaLeida], *, corrects: bool
    ) -> Sequence[tuple[Desenlace, int]]:
        cobros = [each.cobro for each in lote if each.cobro is not None]
        clientes = sorted({cobro.id_cliente for cobro in cobros})
        desde = min((cobro.fecha_aplicacion for cobro in cobros), default=new.fecha)

        def try_out(tx: Writing) -> None:
            cob = begin(tx, new, corrects=corrects)
            tx.stage(cob, lote)
            tx.move_cob(cob, EstadoCob.CRUZANDO, new.recibido_utc)
            self._cruce.meet(tx, empresa, clientes, desde)
            raise _Undo(tx.decided([each.clave for each in lote], new.codigo_empresa))

        try:
            self._ledger.write(new.codigo_empresa, [*clientes, turn(new)], try_out)
        except _Undo as undo:
            return undo.decided
        return ()


class _Undo(Exception):
    """Leave the transaction without a trace, but with what it would have come to."""

    def __init__(self, decided: Sequence[tuple[Desenlace, int]]) -> None:
        super().__init__()
        self.decided = decided


def by_clientes(archivo: ArchivoCobros, cob: Cob, revision: Revision) -> Iterator[Sequence[LineaLeida]]:
    """Give the lines of some clientes at a time, reading the file as often as that takes."""
    passes = revision.cantidad // LINEAS_EN_MEMORIA + 1
    for n in range(passes):
        some: dict[str, list[LineaLeida]] = {}
        for leida in read_lineas(archivo, cob.codigo_archivo, cob.fecha, revision):
            id_cliente = leida.cobro.id_cliente if leida.cobro else ""
            if hash(id_cliente) % passes == n:
                some.setdefault(id_cliente, []).append(leida)
        clientes = iter(sorted(some))
        while lote := list(islice(clientes, CLIENTES)):
            yield [leida for id_cliente in lote for leida in some[id_cliente]]
