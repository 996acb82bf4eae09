"""What an operator does with what the empresa is owed: look at it, send it again, set it aside, or recover a day."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from pmc_soap.domain.acta import Accion, Acta, Impedido, Impedimento
from pmc_soap.domain.aviso import AvisoGuardado, Pago
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.entrega import Entrega, EstadoEntrega
from pmc_soap.domain.expediente import Intento
from pmc_soap.domain.valor import value
from pmc_soap.operations.lineas import Lote
from pmc_soap.operations.ports import Clock, Empresas, Ledger, Writing


@value
class Filtro:
    """Which entregas are meant. estado None: all that was not delivered yet. after: only those that came after that."""

    codigo_empresa: str | None = None
    destino: str | None = None
    estado: EstadoEntrega | None = None
    since_utc: datetime | None = None
    limit: int = 50
    id_cliente: str | None = None
    after: int | None = None


@value
class Delante:
    """The entrega that goes first in a line: what waits behind it waits for it."""

    id_aviso: str
    estado: EstadoEntrega
    proximo_intento_utc: datetime


@value
class Legajo:
    """All that is known of one aviso. repeticiones: when it came again; relacionados speak of it, or it of them."""

    guardado: AvisoGuardado
    id_cliente: str
    id_factura: str | None
    pago: Pago | None
    entregas: Sequence[tuple[Entrega, Sequence[Intento]]]
    repeticiones: Sequence[datetime]
    relacionados: Sequence[AvisoGuardado]
    actas: Sequence[Acta]


@value
class Reenvio:
    """What became of one entrega. detras_de: the aviso that goes first in the line of this cliente, if it is another.

    Where that one is detenida, the line waits for a person.
    """

    destino: str
    antes: EstadoEntrega
    despues: EstadoEntrega
    detras_de: str | None = None
    frenada: bool = False


@value
class Recupero:
    """How much is to be delivered once more.

    Left alone: en_camino, which was being brought at that moment, and apartadas, which an operator had set aside.
    """

    entregas: int = 0
    clientes: int = 0
    en_camino: int = 0
    apartadas: int = 0


class Mostrador(Protocol):
    """What an operator looks up. storage/ implements it; it may take its time, it locks nothing."""

    def entregas(self, filtro: Filtro) -> Sequence[tuple[Entrega, AvisoGuardado]]:
        """Give entregas with their avisos, the oldest first."""

    def delante(self, entregas: Sequence[Entrega]) -> Mapping[int, Delante]:
        """Give, by the id of each entrega that waits behind another of its cliente, the one that goes first."""

    def legajo(self, id_aviso: str) -> Legajo | None:
        """Give all that is known of one aviso."""

    def lotes(self, codigo_empresa: str, since_utc: datetime, destino: str | None) -> Sequence[tuple[str, Lote]]:
        """Give (destino, lote) of what was owed or delivered since then, in lotes that one transaction can hold."""


class Operador:
    """The acts of an operator on entregas; each leaves an acta."""

    def __init__(self, ledger: Ledger, mostrador: Mostrador, empresas: Empresas, clock: Clock) -> None:
        self._ledger = ledger
        self._mostrador = mostrador
        self._empresas = empresas
        self._clock = clock

    def destinos(self, codigo_empresa: str) -> Sequence[str]:
        """Name where an empresa wants its avisos; raises Impedido."""
        return self._empresa(codigo_empresa).destinos

    def list(self, filtro: Filtro) -> Sequence[tuple[Entrega, AvisoGuardado]]:
        """Give entregas with their avisos, the oldest first."""
        return self._mostrador.entregas(filtro)

    def delante(self, entregas: Sequence[Entrega]) -> Mapping[int, Delante]:
        """Give, by the id of each entrega that waits behind another of its cliente, the one that goes first."""
        return self._mostrador.delante(entregas)

    def show(self, id_aviso: str) -> Legajo:
        """Give all that is known of one aviso; raises Impedido."""
        legajo = self._mostrador.legajo(id_aviso)
        if legajo is None:
            raise Impedido(Impedimento.AVISO_INEXISTENTE)
        return legajo

    def resend(
        self, id_aviso: str, destino: str | None = None, *, operador: str, motivo: str = ""
    ) -> Sequence[Reenvio]:
        """Owe an aviso once more, delivered or not, from now and with no failures counted; raises Impedido.

        It keeps its place in its cliente's line, so it goes next; what is being brought at this moment is left alone.
        """

        def resend(tx: Writing, entregas: Sequence[Entrega]) -> Sequence[Reenvio]:
            if all(tx.en_camino(entrega) for entrega in entregas):
                raise Impedido(Impedimento.EN_CAMINO)
            return [self._resend(tx, entrega) for entrega in entregas]

        return self._act(id_aviso, destino, resend, Accion.REENVIAR, operador, motivo)

    def stop(self, id_aviso: str, destino: str | None = None, *, motivo: str, operador: str) -> Sequence[Reenvio]:
        """Set an aviso aside, so that those behind it go on; raises Impedido if it is on its way or was delivered."""

        def stop(tx: Writing, entregas: Sequence[Entrega]) -> Sequence[Reenvio]:
            left = [entrega for entrega in entregas if entrega.estado is not EstadoEntrega.ENTREGADA]
            if not left:
                raise Impedido(Impedimento.YA_ENTREGADA)
            if any(tx.en_camino(entrega) for entrega in left):
                raise Impedido(Impedimento.EN_CAMINO)
            for entrega in left:
                tx.set_aside(entrega, motivo)
            return [Reenvio(destino=e.destino, antes=e.estado, despues=EstadoEntrega.DETENIDA) for e in left]

        return self._act(id_aviso, destino, stop, Accion.DETENER, operador, motivo)

    def recover(
        self,
        codigo_empresa: str,
        since_utc: datetime,
        destino: str | None = None,
        *,
        operador: str,
        motivo: str = "",
        on_avance: Callable[[Recupero], None] = lambda _: None,
    ) -> Recupero:
        """Owe once more, in order, all that was owed or delivered since then: the empresa lost it. Raises Impedido.

        What an operator set aside stays so: he may have imputed it by hand, and only resend brings it back. A few
        clientes at a time, each whole: others are never kept waiting. If it is cut, it can be begun again.
        """
        empresa = self._empresa(codigo_empresa)
        done = Recupero()
        for of_destino, lote in self._mostrador.lotes(empresa.codigo_empresa, since_utc, destino):
            done = self._recover(empresa.codigo_empresa, of_destino, lote, since_utc, operador, motivo, done)
            on_avance(done)
        return done

    def _empresa(self, codigo_empresa: str) -> Empresa:
        empresa = self._empresas.get(codigo_empresa)
        if empresa is None:
            raise Impedido(Impedimento.EMPRESA_INEXISTENTE)
        return empresa

    def _recover(
        self,
        codigo_empresa: str,
        destino: str,
        lote: Lote,
        since_utc: datetime,
        operador: str,
        motivo: str,
        so_far: Recupero,
    ) -> Recupero:
        def recover(tx: Writing) -> Recupero:
            now = self._clock.now()
            apartadas = tx.apartadas([id_ for ids in lote.values() for id_ in ids])
            left = _without(lote, apartadas)
            owed = tx.owe_again(codigo_empresa, destino, left, now)
            tx.audit(
                Acta(
                    fecha_hora_utc=now,
                    operador=operador,
                    accion=Accion.RECUPERAR,
                    codigo_empresa=codigo_empresa,
                    motivo=motivo,
                    antes={"desde": since_utc.isoformat(), "destino": destino},
                    despues={"entregas": owed, "clientes": len(left), "apartadas": len(apartadas)},
                )
            )
            return Recupero(
                entregas=so_far.entregas + owed,
                clientes=so_far.clientes + len(left),
                en_camino=so_far.en_camino + sum(map(len, left.values())) - owed,
                apartadas=so_far.apartadas + len(apartadas),
            )

        return self._ledger.write(codigo_empresa, tuple(lote), recover)

    def _resend(self, tx: Writing, entrega: Entrega) -> Reenvio:
        if not tx.en_camino(entrega):
            tx.owe_again(entrega.codigo_empresa, entrega.destino, {entrega.id_cliente: [entrega.id]}, self._clock.now())
        now_is, first = tx.entrega(entrega.id), tx.first_of_line(entrega)
        ahead = first if first is not None and first.id != entrega.id else None
        return Reenvio(
            destino=entrega.destino,
            antes=entrega.estado,
            despues=now_is.estado,
            detras_de=ahead.id_aviso if ahead else None,
            frenada=ahead is not None and ahead.estado is EstadoEntrega.DETENIDA,
        )

    def _act(
        self,
        id_aviso: str,
        destino: str | None,
        work: Callable[[Writing, Sequence[Entrega]], Sequence[Reenvio]],
        accion: Accion,
        operador: str,
        motivo: str,
    ) -> Sequence[Reenvio]:
        """Do it alone on the cliente, and leave the acta in the same transaction."""
        with self._ledger.read() as reading:
            guardado = reading.aviso(id_aviso)
        if guardado is None:
            raise Impedido(Impedimento.AVISO_INEXISTENTE)
        codigo_empresa = guardado.aviso.codigo_empresa

        def act(tx: Writing) -> Sequence[Reenvio]:
            entregas = tx.entregas(codigo_empresa, [id_aviso], destino)
            if not entregas:
                raise Impedido(Impedimento.NO_SE_DEBE)
            done = work(tx, entregas)
            tx.audit(
                Acta(
                    fecha_hora_utc=self._clock.now(),
                    operador=operador,
                    accion=accion,
                    codigo_empresa=codigo_empresa,
                    id_aviso=id_aviso,
                    motivo=motivo,
                    antes={each.destino: _stands(each) for each in entregas},
                    despues={each.destino: {"estado": each.despues} for each in done},
                )
            )
            return done

        return self._ledger.write(codigo_empresa, guardado.aviso.id_cliente, act)


def _without(lote: Lote, ids: Collection[int]) -> Lote:
    kept = {id_cliente: [id_ for id_ in of_cliente if id_ not in ids] for id_cliente, of_cliente in lote.items()}
    return {id_cliente: of_cliente for id_cliente, of_cliente in kept.items() if of_cliente}


def _stands(entrega: Entrega) -> dict[str, object]:
    answered = entrega.comprobante
    return {
        "estado": entrega.estado,
        "intentos": entrega.intentos,
        "motivo": entrega.motivo,
        "nro_comprobante": answered.nro_comprobante if answered else None,
    }
