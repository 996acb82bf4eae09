"""AvisoPago: keep, judge, owe — in one transaction — then acknowledge. Never refuses money, never asks an ERP."""

from dataclasses import replace

from pmc_soap.domain.aviso import (
    Acuse,
    AvisoGuardado,
    AvisoPago,
    EstadoAviso,
    EstadoPago,
    contenido,
    huella,
    identidad,
)
from pmc_soap.domain.empresa import Empresa, Servicio
from pmc_soap.domain.factura import EstadoFactura, Factura
from pmc_soap.domain.juicio import judge
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.operations.original import find_reversa_before
from pmc_soap.operations.ports import Clock, Ids, Ledger, Owners, Writing
from pmc_soap.operations.repeticion import answer_again, find_known
from pmc_soap.operations.servicio import admit


class Avisos:
    """Takes in the payments that PMC tells of."""

    def __init__(self, ledger: Ledger, empresas: Owners, clock: Clock, ids: Ids) -> None:
        self._ledger = ledger
        self._empresas = empresas
        self._clock = clock
        self._ids = ids

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
        reversa = find_reversa_before(tx, empresa, aviso)
        factura = tx.factura(aviso.clave) if aviso.clave else None
        guardado = AvisoGuardado(
            id_aviso=self._ids.new(),
            aviso=aviso,
            identidad=identidad(aviso),
            contenido=contenido(aviso),
            huella=huella(aviso),
            estado=EstadoAviso.REVERSADA_ANTES if reversa else self._judge(tx, empresa, resultado, aviso, factura),
            resultado=resultado,
            fecha_hora_utc=self._clock.now(),
            original=reversa.id_aviso if reversa else None,
        )
        tx.keep(guardado)
        if guardado.estado is EstadoAviso.APLICADO:
            self._apply(tx, empresa, guardado, factura)
        else:
            tx.add_pago(guardado.id_aviso, aviso.clave, EstadoPago.REVERSADO if reversa else EstadoPago.EN_PUENTE)
            tx.alert(empresa.codigo_empresa, guardado.estado, guardado.id_aviso, guardado.fecha_hora_utc)
        return Acuse(ending=Ending(resultado), id_aviso=guardado.id_aviso, estado=guardado.estado)

    @staticmethod
    def _apply(tx: Writing, empresa: Empresa, guardado: AvisoGuardado, factura: Factura | None) -> None:
        if factura is not None:
            tx.move_factura(factura.clave, EstadoFactura.PENDIENTE, EstadoFactura.PAGADA)
        tx.add_pago(guardado.id_aviso, guardado.aviso.clave, EstadoPago.APLICADO)
        tx.owe(guardado, empresa.destinos, guardado.fecha_hora_utc)

    @staticmethod
    def _judge(
        tx: Writing, empresa: Empresa, resultado: Resultado, aviso: AvisoPago, factura: Factura | None
    ) -> EstadoAviso:
        if resultado is not Resultado.EXITOSA:
            return EstadoAviso.DESCONOCIDA
        clave = aviso.clave
        return judge(
            aviso,
            empresa,
            factura,
            paid=clave is not None and tx.pago_vivo(clave) is not None,
            knows_cliente=clave is None and tx.knows_cliente(aviso.codigo_empresa, aviso.id_cliente),
        )


def _paid_again(tx: Writing, known: AvisoGuardado, aviso: AvisoPago) -> bool:
    """Tell that the known pago was taken back before this one was sent, and nothing says that both are one."""
    reversa = tx.reversa_of(known.id_aviso)
    return (
        aviso.fecha_hora_pago_utc is None
        and reversa is not None
        and reversa.aviso.fecha_hora_mensaje_utc <= aviso.fecha_hora_mensaje_utc
    )
