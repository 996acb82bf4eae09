"""ReversaPago: the pago it means is taken back, its factura is payable again, and the empresa is owed the news."""

from dataclasses import replace

from pmc_soap.domain.aviso import (
    Acuse,
    AvisoGuardado,
    EstadoAviso,
    EstadoPago,
    ReversaPago,
    contenido,
    huella,
    identidad,
)
from pmc_soap.domain.empresa import Empresa, Servicio
from pmc_soap.domain.factura import EstadoFactura
from pmc_soap.domain.juicio import judge_reversa
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.operations.original import Original, find_original
from pmc_soap.operations.ports import Clock, Ids, Ledger, Owners, Writing
from pmc_soap.operations.repeticion import answer_again, find_known
from pmc_soap.operations.servicio import admit

_GONE = frozenset({EstadoPago.REVERSADO, EstadoPago.DEVUELTO})


class Reversas:
    """Takes back the payments that PMC reverses."""

    def __init__(self, ledger: Ledger, empresas: Owners, clock: Clock, ids: Ids) -> None:
        self._ledger = ledger
        self._empresas = empresas
        self._clock = clock
        self._ids = ids

    def accept(self, reversa: ReversaPago) -> Acuse:
        """Keep the reversa, take back the pago it means, and say how its factura stands now."""
        empresa, resultado = admit(self._empresas, reversa.codigo_empresa, Servicio.AVISO)
        own = replace(reversa, codigo_empresa=empresa.codigo_empresa)
        return self._ledger.write(
            own.codigo_empresa, own.id_cliente, lambda tx: self._accept(tx, empresa, resultado, own)
        )

    def _accept(self, tx: Writing, empresa: Empresa, admitted: Resultado, reversa: ReversaPago) -> Acuse:
        original = find_original(tx, reversa)
        known = find_known(tx, empresa, reversa, lambda guardado: _reversed_again(guardado, original))
        if known is not None:
            return answer_again(tx, known, reversa, self._clock, self._ids)
        return self._keep(tx, empresa, admitted, reversa, original)

    def _keep(
        self, tx: Writing, empresa: Empresa, admitted: Resultado, reversa: ReversaPago, original: Original | None
    ) -> Acuse:
        estado, resultado = judge_reversa(
            reversa,
            original.aviso if original else None,
            reversado=original is not None and original.pago.estado in _GONE,
            plazo=empresa.plazo_reversa,
        )
        if admitted is not Resultado.EXITOSA and original is None:
            resultado = admitted  # with no pago to take back, the sender is told that the empresa has not the service
        taken = original if estado is EstadoAviso.APLICADO else None
        if taken is not None:
            _take_back(tx, taken)
        guardado = AvisoGuardado(
            id_aviso=self._ids.new(),
            aviso=reversa,
            identidad=identidad(reversa),
            contenido=contenido(reversa),
            huella=huella(reversa),
            estado=estado,
            resultado=resultado,
            fecha_hora_utc=self._clock.now(),
            original=original.pago.id_aviso if original else None,
            estado_factura=_estado_factura(tx, reversa, original),
        )
        tx.keep(guardado)
        if taken is None:
            tx.alert(empresa.codigo_empresa, estado, guardado.id_aviso, guardado.fecha_hora_utc)
        elif taken.pago.estado is EstadoPago.APLICADO:  # of what waited in the puente the empresa was never told
            tx.owe(guardado, empresa.destinos, guardado.fecha_hora_utc)
        return Acuse(
            ending=Ending(resultado, duplicado=estado is EstadoAviso.REVERSADA_ANTES),
            id_aviso=guardado.id_aviso,
            estado=estado,
            estado_factura=guardado.estado_factura,
        )


def _reversed_again(known: AvisoGuardado, original: Original | None) -> bool:
    """Tell that the pago meant was made after the known reversa, and so is another one."""
    return (
        original is not None
        and original.pago.estado is EstadoPago.APLICADO
        and original.aviso.momento_utc > known.aviso.fecha_hora_mensaje_utc
    )


def _take_back(tx: Writing, original: Original) -> None:
    tx.move_pago(original.pago.id_aviso, original.pago.estado, EstadoPago.REVERSADO)
    clave = original.pago.clave  # an operator may have assigned another than the aviso names
    factura = tx.factura(clave) if clave and original.pago.estado is EstadoPago.APLICADO else None
    if factura is not None and factura.estado is EstadoFactura.PAGADA:
        tx.move_factura(factura.clave, EstadoFactura.PAGADA, EstadoFactura.PENDIENTE)


def _estado_factura(tx: Writing, reversa: ReversaPago, original: Original | None) -> EstadoFactura | None:
    clave = (original.pago.clave if original else None) or reversa.clave
    factura = tx.factura(clave) if clave else None
    return factura.estado if factura else None
