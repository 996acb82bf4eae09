"""A COB meets the pagos that we know of. What is missing becomes a pago; what does not agree waits for a person.

Nothing is done with a file that is not sound as a whole. Its lines are kept first, then decided a few clientes at a
time, so that no aviso waits long for its turn; whatever was cut is taken up by running the same file again.
"""

from collections.abc import Callable, Sequence
from itertools import islice

from pmc_soap.domain.cob import Cob, EstadoCob
from pmc_soap.domain.conciliacion import Desenlace, Habiles
from pmc_soap.domain.empresa import Empresa
from pmc_soap.operations.barrido import CLIENTES, Barrido
from pmc_soap.operations.cobranza import Conciliado
from pmc_soap.operations.corrida import Corrida, Curso, Negativa, Refused, begin, stage, turn
from pmc_soap.operations.cruce import Cruce
from pmc_soap.operations.ensayo import Ensayo, by_clientes
from pmc_soap.operations.ports import Clock, Ids, Ledger, Owners, Writing
from pmc_soap.operations.revision import ArchivoCobros, Revision, read_lineas, review

LOTE = 1_000  # lines kept in one transaction

OnAvance = Callable[[int, int], None]


class Conciliaciones:
    """Runs COBs."""

    def __init__(
        self, ledger: Ledger, conciliado: Conciliado, empresas: Owners, clock: Clock, ids: Ids, habiles: Habiles
    ) -> None:
        self._ledger = ledger
        self._conciliado = conciliado
        self._empresas = empresas
        self._clock = clock
        cruce = Cruce(clock, ids, habiles)
        self._barrido = Barrido(ledger, conciliado, clock, habiles, cruce)
        self._ensayo = Ensayo(ledger, cruce)

    def run(
        self,
        archivo: ArchivoCobros,
        *,
        dry_run: bool = False,
        replace: bool = False,
        on_avance: OnAvance = lambda _, __: None,
    ) -> Corrida:
        """Conciliate a file. The same again changes nothing, and ends what was cut.

        replace: it corrects another file of that day. dry_run tells what it would come to, and writes nothing.
        """
        revision = review(archivo)
        corrida = Corrida(
            nombre=archivo.nombre,
            codigo_empresa=archivo.codigo_empresa,
            fecha=archivo.fecha,
            curso=Curso.PRUEBA if dry_run else Curso.HECHA,
            cantidad=revision.cantidad,
            total_centavos=revision.total_centavos,
            problemas=revision.problemas,
            total_problemas=revision.total_problemas,
        )
        try:
            empresa, new = self._admit(archivo, revision)
            if dry_run:
                self._foresee(empresa, new, archivo, revision, corrida, corrects=replace)
            else:
                cob = self._ledger.write(new.codigo_empresa, turn(new), lambda tx: begin(tx, new, corrects=replace))
                self._run(empresa, cob, archivo, revision, corrida, on_avance)
        except Refused as refused:
            corrida.curso, corrida.negativa, corrida.previo = Curso.RECHAZADA, refused.negativa, refused.previo
        return corrida

    def sweep(self, empresa: Empresa) -> int:
        """See what moved since the last run; give of how many pagos without a line a person was told, each once."""
        return self._barrido.sweep(empresa)

    def _admit(self, archivo: ArchivoCobros, revision: Revision) -> tuple[Empresa, Cob]:
        codigo, fecha = archivo.codigo_empresa, archivo.fecha
        if revision.rechazado or codigo is None or fecha is None:
            raise Refused(Negativa.ARCHIVO_CON_FALLAS)
        empresa = self._empresas.owner(codigo)
        if empresa is None:
            raise Refused(Negativa.EMPRESA_INEXISTENTE)
        return empresa, Cob(
            id=0,
            codigo_empresa=empresa.codigo_empresa,
            codigo_archivo=codigo,
            fecha=fecha,
            version=1,
            nombre=archivo.nombre,
            sha256=revision.sha256,
            estado=EstadoCob.LEYENDO,
            cantidad=revision.cantidad,
            total_centavos=revision.total_centavos,
            recibido_utc=self._clock.now(),
        )

    def _run(
        self,
        empresa: Empresa,
        cob: Cob,
        archivo: ArchivoCobros,
        revision: Revision,
        corrida: Corrida,
        on_avance: OnAvance,
    ) -> None:
        if cob.estado is EstadoCob.LISTO:
            corrida.curso = Curso.YA_ESTABA
        else:
            self._keep(cob, archivo, revision)
            self._meet(empresa, cob, on_avance)
            self._barrido.sweep(empresa)
            self._end(cob, malas=bool(revision.malas))
        corrida.cob, corrida.cuadro = cob, self._conciliado.cuadro(cob)

    def _keep(self, cob: Cob, archivo: ArchivoCobros, revision: Revision) -> None:
        """Keep the lines; those that were kept before a cut are so once more, and stay as they are."""
        if cob.estado is not EstadoCob.LEYENDO:
            return
        codigo = cob.codigo_empresa
        lineas = read_lineas(archivo, cob.codigo_archivo, cob.fecha, revision)
        while lote := list(islice(lineas, LOTE)):
            self._ledger.write(codigo, turn(cob), lambda tx: stage(tx, cob, lote))
        if archivo.sha256() != cob.sha256:
            raise Refused(Negativa.ARCHIVO_CAMBIO)
        now = self._clock.now()
        self._ledger.write(codigo, turn(cob), lambda tx: tx.move_cob(cob, EstadoCob.CRUZANDO, now))

    def _meet(self, empresa: Empresa, cob: Cob, on_avance: OnAvance) -> None:
        done, desde = 0, self._conciliado.oldest(cob) or cob.fecha
        before: Sequence[str] = ()
        while clientes := self._conciliado.to_meet(cob, CLIENTES):
            changed = self._barrido.decide(empresa, clientes, desde)
            if not changed and clientes == before:  # not another run of the same file, which would have decided them
                raise Refused(Negativa.DIA_CERRADO, cob)
            before, done = clientes, done + changed
            on_avance(done, cob.cantidad)

    def _end(self, cob: Cob, *, malas: bool) -> None:
        def end(tx: Writing) -> None:
            now = self._clock.now()
            if tx.move_cob(cob, EstadoCob.LISTO, now) and malas:
                tx.alert(cob.codigo_empresa, f"{Desenlace.LINEA_INVALIDA}:{cob.nombre}", None, now)

        self._ledger.write(cob.codigo_empresa, turn(cob), end)

    def _foresee(
        self,
        empresa: Empresa,
        new: Cob,
        archivo: ArchivoCobros,
        revision: Revision,
        corrida: Corrida,
        *,
        corrects: bool,
    ) -> None:
        kept = self._conciliado.cob(new.codigo_archivo, new.fecha)
        if kept is not None and kept.sha256 == new.sha256 and kept.estado is EstadoCob.LISTO:
            corrida.curso, corrida.cob, corrida.cuadro = Curso.YA_ESTABA, kept, self._conciliado.cuadro(kept)
        else:
            lotes = by_clientes(archivo, new, revision)
            corrida.cuadro = self._ensayo.foresee(empresa, new, lotes, corrects=corrects)
