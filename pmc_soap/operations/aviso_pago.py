"""AvisoPago: keep, judge, owe — in one transaction — then acknowledge. Never refuses money, never asks an ERP."""

from dataclasses import replace

from pmc_soap.domain.aviso import Acuse, AvisoGuardado, AvisoPago
from pmc_soap.domain.conciliacion import VENTANA, Habiles
from pmc_soap.domain.empresa import Empresa, Servicio
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.operations.original import find_reversa_before
from pmc_soap.operations.pago import Llegada, keep_pago
from pmc_soap.operations.ports import Clock, Ids, Ledger, Owners, Writing
from pmc_soap.operations.repeticion import answer_again, find_known
from pmc_soap.operations.servicio import admit
from pmc_soap.operations.tardio import con_dinero, find_cobrado, keep_late


class Avisos:
    """Takes in the payments that PMC tells of."""

    def __init__(self, ledger: Ledger, empresas: Owners, clock: Clock, ids: Ids, habiles: Habiles) -> None:
        self._ledger = ledger
        self._empresas = empresas
        self._clock = clock
        self._ids = ids
        self._habiles = habiles

    def accept(self, aviso: AvisoPago) -> Acuse:
        """Keep the aviso for good and say what became of it; a repeat gets the first answer again."""
        empresa, resultado = admit(self._empresas, aviso.codigo_empresa, Servicio.AVISO)
        own = replace(aviso, codigo_empresa=empresa.codigo_empresa)
        return self._ledger.write(
            own.codigo_empresa, own.id_cliente, lambda tx: self._accept(tx, empresa, resultado, own)
        )

    def _accept(self, tx: Writing, empresa: Empresa, resultado: Resultado, aviso: AvisoPago) -> Acuse:
        known = find_known(tx, empresa, aviso, lambda guardado: _paid_again(tx, guardado, aviso))
        if known is not None:
            return answer_again(tx, known, aviso, self._clock, self._ids)
        return self._keep(tx, empresa, resultado, aviso)

    def _keep(self, tx: Writing, empresa: Empresa, resultado: Resultado, aviso: AvisoPago) -> Acuse:
        waiting = tx.unmet(aviso.codigo_empresa, aviso.id_cliente, aviso.momento_utc - VENTANA)
        llegada = Llegada(id_aviso=self._ids.new(), aviso=aviso, at_utc=self._clock.now(), resultado=resultado)
        cobrado = find_cobrado(tx, waiting, aviso, self._habiles)
        if cobrado is not None:
            guardado = keep_late(tx, llegada, cobrado)
        else:
            guardado = keep_pago(tx, empresa, llegada, find_reversa_before(waiting, empresa, aviso))
        return Acuse(ending=Ending(resultado), id_aviso=guardado.id_aviso, estado=guardado.estado)


def _paid_again(tx: Writing, known: AvisoGuardado, aviso: AvisoPago) -> bool:
    """Tell that the known pago was taken back before this one was sent, and nothing says that both are one."""
    reversa = tx.reversa_of(con_dinero(tx, known))
    return (
        aviso.fecha_hora_pago_utc is None
        and reversa is not None
        and reversa.aviso.fecha_hora_mensaje_utc <= aviso.fecha_hora_mensaje_utc
    )
