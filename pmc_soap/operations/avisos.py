"""The empresa comes for its avisos (ObtenerAvisos) and says what it did with them (ConfirmarAvisos).

At least once: the same avisos come until they are confirmed. A Secuencia is the order of the commits, and is given
when the empresa first comes; so who reads on from the last one it saw skips none, whoever was still writing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from pmc_soap.domain.aviso import AvisoGuardado
from pmc_soap.domain.empresa import PULL, Empresa, Servicio
from pmc_soap.domain.entrega import Comprobante, Entrega, EstadoEntrega, EstadoImputacion
from pmc_soap.domain.resultado import Ending, Rejected, Resultado
from pmc_soap.domain.valor import value
from pmc_soap.operations.ports import Clock, Empresas, Ledger, Writing
from pmc_soap.operations.servicio import require

AVISOS_DEFAULT = 100
MOTIVO_MAX = 100
LOTE = 100  # confirmations a transaction: each is alone on its cliente, and holds it no longer than that
RECHAZADA = "ENTREGA_RECHAZADA"


@value
class Pedido:
    """What an empresa comes for: what follows a secuencia, and whether what it confirmed before as well."""

    codigo_empresa: str
    desde: int = 0
    maximo: int = AVISOS_DEFAULT
    solo_pendientes: bool = True


@value
class Retirado:
    """One aviso as the empresa takes it: the cliente and factura are those that its pago was assigned to."""

    secuencia: int
    guardado: AvisoGuardado
    id_cliente: str
    id_factura: str | None
    moneda: str


@value
class Entregados:
    """What an empresa came for, in order, and how far it reaches."""

    avisos: Sequence[Retirado]
    ultima_secuencia: int
    hay_mas: bool


@value
class Confirmacion:
    """What the empresa says that it did with an aviso."""

    id_aviso: str
    comprobante: Comprobante


class Retiro(Protocol):
    """The line that the empresas come for. storage/ implements it."""

    def numbered(self, pedido: Pedido, limit: int) -> Sequence[Retirado]:
        """Give what has a secuencia, in order."""

    def number(self, codigo_empresa: str) -> bool:
        """Give a secuencia to what has none and is committed, in its order; tell whether there was any.

        One at a time for each empresa; a long line is numbered in several calls.
        """

    def clientes(self, codigo_empresa: str, ids_aviso: Sequence[str]) -> Mapping[str, str]:
        """Tell whose avisos these are: id_aviso → id_cliente, for those that the empresa comes for."""


class Retiros:
    """Gives the empresa its avisos, and notes what it did with them."""

    def __init__(self, ledger: Ledger, retiro: Retiro, empresas: Empresas, clock: Clock) -> None:
        self._ledger = ledger
        self._retiro = retiro
        self._empresas = empresas
        self._clock = clock

    def pending(self, pedido: Pedido) -> Entregados:
        """Give the avisos that follow; raises Rejected."""
        empresa = self._require(pedido.codigo_empresa)
        own = Pedido(
            codigo_empresa=empresa.codigo_empresa,
            desde=pedido.desde,
            maximo=pedido.maximo,
            solo_pendientes=pedido.solo_pendientes,
        )
        found = self._retiro.numbered(own, own.maximo + 1)
        while len(found) <= own.maximo and self._retiro.number(own.codigo_empresa):
            found = self._retiro.numbered(own, own.maximo + 1)
        avisos = found[: own.maximo]
        return Entregados(
            avisos=avisos,
            ultima_secuencia=avisos[-1].secuencia if avisos else own.desde,
            hay_mas=len(found) > own.maximo,
        )

    def confirm(self, codigo_empresa: str, confirmaciones: Sequence[Confirmacion]) -> list[Ending]:
        """Note what the empresa did with each; one ending for each, in the same order. Raises Rejected.

        The first word on an aviso stands; the same again is fine. It is on the disk when this returns.
        """
        empresa = self._require(codigo_empresa)
        own = empresa.codigo_empresa
        endings: list[Ending] = []
        for n in range(0, len(confirmaciones), LOTE):
            endings += self._confirm(own, confirmaciones[n : n + LOTE])
        return endings

    def _confirm(self, codigo_empresa: str, lote: Sequence[Confirmacion]) -> Sequence[Ending]:
        """Note one lote, alone on its clientes; those must be known before anything is locked."""
        clientes = self._retiro.clientes(codigo_empresa, [said.id_aviso for said in lote])

        def confirm(tx: Writing) -> Sequence[Ending]:
            owed = tx.entregas(codigo_empresa, tuple(clientes), PULL)
            return list(self._judge(tx, {entrega.id_aviso: entrega for entrega in owed}, lote))

        return self._ledger.write(codigo_empresa, sorted(set(clientes.values())), confirm)

    def _judge(self, tx: Writing, owed: Mapping[str, Entrega], lote: Sequence[Confirmacion]) -> Iterator[Ending]:
        """Hold each against what was said before, also earlier in the same lote."""
        told = {id_aviso: _said_before(entrega) for id_aviso, entrega in owed.items()}
        now = self._clock.now()
        for said in lote:
            if said.id_aviso not in owed:
                yield Ending(Resultado.PAGO_INEXISTENTE)
            elif len(said.comprobante.motivo or "") > MOTIVO_MAX:
                yield Ending(Resultado.DATO_INVALIDO, campo="Motivo")
            elif (before := told[said.id_aviso]) is not None:
                same = before == said.comprobante
                yield Ending(duplicado=True) if same else Ending(Resultado.TRANSACCION_DISTINTA)
            else:
                told[said.id_aviso] = said.comprobante
                entrega = owed[said.id_aviso]
                tx.settle(entrega, said.comprobante, now)
                if said.comprobante.estado is EstadoImputacion.RECHAZADO:
                    tx.alert(entrega.codigo_empresa, RECHAZADA, said.id_aviso, now)
                yield Ending()

    def _require(self, codigo_empresa: str) -> Empresa:
        empresa = require(self._empresas, codigo_empresa, Servicio.AVISO)
        if PULL not in empresa.destinos:
            raise Rejected(Resultado.SERVICIO_NO_HABILITADO)
        return empresa


def _said_before(entrega: Entrega) -> Comprobante | None:
    return entrega.comprobante if entrega.estado is EstadoEntrega.ENTREGADA else None
