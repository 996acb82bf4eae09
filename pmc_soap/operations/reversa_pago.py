"""ReversaPago: the pago it means is taken back, its factura is payable again, and the empresa is owed the news."""

from dataclasses import replace

from pmc_soap.domain.aviso import (
    Acuse,
    AvisoGuardado,
    AvisoPago,
    EstadoAviso,
    EstadoPago,
    Pago,
    ReversaPago,
    TipoAviso,
    contenido,
    huella,
    identidad,
    identidad_of,
)
from pmc_soap.domain.empresa import Empresa, Servicio
from pmc_soap.domain.factura import EstadoFactura
from pmc_soap.domain.juicio import judge_reversa
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.operations.ports import Clock, Empresas, Ids, Ledger, Writing
from pmc_soap.operations.repeticion import answer_again, find_known
from pmc_soap.operations.servicio import admit

PAGOS_MAX = 200  # how far back a reversa without ids looks among the pagos of one cliente
_GONE = frozenset({EstadoPago.REVERSADO, EstadoPago.DEVUELTO})
_PREFERENCE = (EstadoPago.APLICADO, EstadoPago.EN_PUENTE, EstadoPago.REVERSADO, EstadoPago.DEVUELTO)


class Reversas:
    """Takes back the payments that PMC reverses."""

    def __init__(self, ledger: Ledger, empresas: Empresas, clock: Clock, ids: Ids) -> None:
        self._ledger = ledger
        self._empresas = empresas
        self._clock = clock
        self._ids = ids

    def accept(self, reversa: ReversaPago) -> Acuse:
        """Keep the reversa, take back the pago it means, and say how its factura stands now."""
        empresa, resultado = admit(self._empresas, reversa.codigo_empresa, Servicio.AVISO)
        return self._ledger.write(
            reversa.codigo_empresa, reversa.id_cliente, lambda tx: self._accept(tx, empresa, resultado, reversa)
        )

    def _accept(self, tx: Writing, empresa: Empresa, admitted: Resultado, reversa: ReversaPago) -> Acuse:
        known = find_known(tx, empresa, reversa)
        original, pago = _find(tx, reversa)
        acuse = (
            answer_again(tx, known, reversa, self._clock, self._ids)
            if known is not None
            else self._keep(tx, empresa, admitted, reversa, original, pago)
        )
        clave = reversa.clave or (original.clave if original else None)
        factura = tx.factura(clave) if clave else None
        return replace(acuse, estado_factura=factura.estado if factura else None)

    def _keep(
        self,
        tx: Writing,
        empresa: Empresa,
        admitted: Resultado,
        reversa: ReversaPago,
        original: AvisoPago | None,
        pago: Pago | None,
    ) -> Acuse:
        reversado = pago is not None and pago.estado in _GONE
        estado, resultado = judge_reversa(reversa, original, reversado=reversado, plazo=empresa.plazo_reversa)
        if admitted is not Resultado.EXITOSA and original is None:
            resultado = admitted  # with no pago to take back, the sender is told that the empresa has not the service
        guardado = AvisoGuardado(
            id_aviso=self._ids.new(),
            aviso=reversa,
            identidad=identidad(reversa),
            contenido=contenido(reversa),
            huella=huella(reversa),
            estado=estado,
            resultado=resultado,
            fecha_hora_utc=self._clock.now(),
            original=pago.id_aviso if pago else None,
        )
        tx.keep(guardado)
        if estado is not EstadoAviso.APLICADO:
            tx.alert(empresa.codigo_empresa, estado, guardado.id_aviso, guardado.fecha_hora_utc)
        elif pago is not None and original is not None:
            self._take_back(tx, empresa, guardado, original, pago)
        duplicado = estado is EstadoAviso.REVERSADA_ANTES
        return Acuse(ending=Ending(resultado, duplicado=duplicado), id_aviso=guardado.id_aviso, estado=estado)

    def _take_back(
        self, tx: Writing, empresa: Empresa, guardado: AvisoGuardado, original: AvisoPago, pago: Pago
    ) -> None:
        tx.move_pago(pago.id_aviso, pago.estado, EstadoPago.REVERSADO)
        if pago.estado is not EstadoPago.APLICADO:
            return  # it waited in the puente: the empresa was never told of it, and its factura is as it was
        factura = tx.factura(original.clave) if original.clave else None
        if factura is not None and factura.estado is EstadoFactura.PAGADA:
            tx.move_factura(factura.clave, EstadoFactura.PAGADA, EstadoFactura.PENDIENTE)
        tx.owe(guardado.id_aviso, empresa.destinos, guardado.fecha_hora_utc)


def _find(tx: Writing, reversa: ReversaPago) -> tuple[AvisoPago, Pago] | tuple[None, None]:
    """Find the pago that the reversa names by its id, else the likeliest of those that it may mean."""
    for id_transaccion in reversa.ids_original:
        named = tx.aviso_by_identidad(reversa.codigo_empresa, TipoAviso.PAGO, identidad_of(id_transaccion))
        if named is not None and isinstance(named.aviso, AvisoPago) and reversa.means(named.aviso):
            pago = tx.pago(named.id_aviso)
            if pago is not None:
                return named.aviso, pago
    return _guess(tx, reversa)


def _guess(tx: Writing, reversa: ReversaPago) -> tuple[AvisoPago, Pago] | tuple[None, None]:
    """Find a pago by what else is told: of the reversa's importe if there is one, alive before parked, newest first."""
    candidates = [
        (guardado.aviso, pago)
        for guardado, pago in tx.pagos(reversa.codigo_empresa, reversa.id_cliente, PAGOS_MAX)
        if isinstance(guardado.aviso, AvisoPago)
        and guardado.estado is not EstadoAviso.CONFLICTO
        and reversa.means(guardado.aviso)
    ]
    if not candidates:
        return None, None
    return min(
        candidates,
        key=lambda c: (c[0].importe_centavos != reversa.importe_centavos, _PREFERENCE.index(c[1].estado)),
    )
