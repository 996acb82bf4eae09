"""The puente: pagos that could not be imputed wait here until an operator applies them or gives them back."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from pmc_soap.domain import importe
from pmc_soap.domain.acta import Accion, Acta, Impedido, Impedimento
from pmc_soap.domain.aviso import AvisoGuardado, AvisoPago, EstadoPago, Pago
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura
from pmc_soap.domain.valor import value
from pmc_soap.operations.ports import Clock, Empresas, Ledger, Reading, Writing


@value
class Imputacion:
    """What an operator says a pago is for; what he does not say is as the aviso says.

    a_cuenta: for the cliente, and for no factura.
    """

    id_cliente: str | None = None
    id_factura: str | None = None
    a_cuenta: bool = False


class Reparo(StrEnum):
    """What is odd about an imputacion that can be done all the same: whoever does it should know."""

    FACTURA_NO_INFORMADA = "FACTURA_NO_INFORMADA"
    FACTURA_DE_BAJA = "FACTURA_DE_BAJA"
    IMPORTE_DISTINTO = "IMPORTE_DISTINTO"
    MONEDA_DISTINTA = "MONEDA_DISTINTA"


@value
class Prevision:
    """Where a pago would go, and what is odd about it.

    clave None: to the account of the cliente. exigible_centavos: what was due of the factura on the day of the pago, or
    last, if that day was after it; None if the base has it not.
    """

    aviso: AvisoPago
    id_cliente: str
    clave: ClaveFactura | None
    factura: Factura | None
    exigible_centavos: int | None
    reparos: Sequence[Reparo]


@value
class Aplicado:
    """Where a pago was applied, and how its factura stands since; None if the base has it not."""

    id_aviso: str
    codigo_empresa: str
    id_cliente: str
    id_factura: str | None
    importe_centavos: int
    estado_factura: EstadoFactura | None


class Puente:
    """What an operator does with the pagos that wait."""

    def __init__(self, ledger: Ledger, empresas: Empresas, clock: Clock) -> None:
        self._ledger = ledger
        self._empresas = empresas
        self._clock = clock

    def list(self, codigo_empresa: str | None, limit: int) -> Sequence[tuple[AvisoGuardado, Pago]]:
        """Give the pagos that wait, the oldest first."""
        empresa = self._empresas.get(codigo_empresa) if codigo_empresa else None
        own = empresa.codigo_empresa if empresa else codigo_empresa
        with self._ledger.read() as reading:
            return reading.en_puente(own, limit)

    def foresee(self, id_aviso: str, imputacion: Imputacion) -> Prevision:
        """Say where a pago would go and what is odd about it, and change nothing; raises Impedido as apply does."""
        _, aviso, empresa = self._find_with_empresa(id_aviso)
        id_cliente = imputacion.id_cliente or aviso.id_cliente
        clave = _target(aviso, imputacion, id_cliente)
        with self._ledger.read() as reading:
            _waiting(reading, id_aviso)
            factura = _payable(reading, empresa, clave, own=clave == aviso.clave)
        return Prevision(
            aviso=aviso,
            id_cliente=id_cliente,
            clave=clave,
            factura=factura,
            exigible_centavos=_exigible_centavos(aviso, factura),
            reparos=_reparos(aviso, empresa, clave, factura),
        )

    def apply(self, id_aviso: str, imputacion: Imputacion, *, motivo: str, operador: str) -> Aplicado:
        """Apply a pago to a factura or to a cliente's account, and owe the news to the empresa; raises Impedido.

        A factura that the empresa withdrew is paid all the same, and stays withdrawn: the operator means it.
        """
        guardado, aviso, empresa = self._find_with_empresa(id_aviso)
        id_cliente = imputacion.id_cliente or aviso.id_cliente
        clave = _target(aviso, imputacion, id_cliente)

        def apply(tx: Writing) -> Aplicado:
            before = _waiting(tx, id_aviso)
            estado_factura = _pay(tx, empresa, clave, own=clave == aviso.clave)
            tx.apply_pago(id_aviso, id_cliente, clave)
            now = self._clock.now()
            tx.owe(guardado, empresa.destinos, now)
            applied = Aplicado(
                id_aviso=id_aviso,
                codigo_empresa=aviso.codigo_empresa,
                id_cliente=id_cliente,
                id_factura=clave.id_factura if clave else None,
                importe_centavos=aviso.importe_centavos,
                estado_factura=estado_factura,
            )
            after = {
                "estado": EstadoPago.APLICADO,
                "id_cliente": id_cliente,
                "id_factura": applied.id_factura,
                "estado_factura": estado_factura,
            }
            tx.audit(
                Acta(
                    fecha_hora_utc=now,
                    operador=operador,
                    accion=Accion.APLICAR,
                    codigo_empresa=aviso.codigo_empresa,
                    id_aviso=id_aviso,
                    motivo=motivo,
                    antes=_stands(before, aviso),
                    despues=after,
                )
            )
            return applied

        return self._ledger.write(aviso.codigo_empresa, (aviso.id_cliente, id_cliente), apply)

    def return_(self, id_aviso: str, *, motivo: str, operador: str) -> Pago:
        """Note that a pago was given back to who paid it; the empresa is not told. Raises Impedido."""
        _, aviso = self._find(id_aviso)

        def give_back(tx: Writing) -> Pago:
            before = _waiting(tx, id_aviso)
            tx.move_pago(id_aviso, EstadoPago.EN_PUENTE, EstadoPago.DEVUELTO)
            tx.audit(
                Acta(
                    fecha_hora_utc=self._clock.now(),
                    operador=operador,
                    accion=Accion.DEVOLVER,
                    codigo_empresa=aviso.codigo_empresa,
                    id_aviso=id_aviso,
                    motivo=motivo,
                    antes=_stands(before, aviso),
                    despues={"estado": EstadoPago.DEVUELTO},
                )
            )
            return Pago(id_aviso=id_aviso, estado=EstadoPago.DEVUELTO, clave=before.clave)

        return self._ledger.write(aviso.codigo_empresa, aviso.id_cliente, give_back)

    def _find_with_empresa(self, id_aviso: str) -> tuple[AvisoGuardado, AvisoPago, Empresa]:
        guardado, aviso = self._find(id_aviso)
        empresa = self._empresas.get(aviso.codigo_empresa)
        if empresa is None:
            raise Impedido(Impedimento.EMPRESA_INEXISTENTE)
        return guardado, aviso, empresa

    def _find(self, id_aviso: str) -> tuple[AvisoGuardado, AvisoPago]:
        """Give an aviso, which never changes: so that its clientes are known before anything is locked."""
        with self._ledger.read() as reading:
            guardado = reading.aviso(id_aviso)
        if guardado is None:
            raise Impedido(Impedimento.AVISO_INEXISTENTE)
        if not isinstance(guardado.aviso, AvisoPago):
            raise Impedido(Impedimento.NO_ES_PAGO)
        return guardado, guardado.aviso


def _target(aviso: AvisoPago, imputacion: Imputacion, id_cliente: str) -> ClaveFactura | None:
    """Name the factura that is meant; None for an account."""
    if imputacion.a_cuenta:
        return None
    id_factura = imputacion.id_factura or aviso.id_factura
    if id_factura is None:
        raise Impedido(Impedimento.SIN_FACTURA)
    return ClaveFactura(codigo_empresa=aviso.codigo_empresa, id_cliente=id_cliente, id_factura=id_factura)


def _waiting(reading: Reading, id_aviso: str) -> Pago:
    pago = reading.pago(id_aviso)
    if pago is None or pago.estado is not EstadoPago.EN_PUENTE:
        raise Impedido(Impedimento.NO_ESTA_EN_PUENTE)
    return pago


def _pay(tx: Writing, empresa: Empresa, clave: ClaveFactura | None, *, own: bool) -> EstadoFactura | None:
    """Move the factura as a pago does."""
    factura = _payable(tx, empresa, clave, own=own)
    if clave is None or factura is None:
        return None
    if factura.estado is EstadoFactura.BAJA:
        return EstadoFactura.BAJA
    tx.move_factura(clave, EstadoFactura.PENDIENTE, EstadoFactura.PAGADA)
    return EstadoFactura.PAGADA


def _payable(reading: Reading, empresa: Empresa, clave: ClaveFactura | None, *, own: bool) -> Factura | None:
    """Give the factura, PENDIENTE or BAJA; one that was named by hand must be there if the empresa reports its own.

    That of the aviso need not: if it is reported later, it will be PAGADA from the first.
    """
    if clave is None:
        return None
    factura = reading.factura(clave)
    if reading.pago_vivo(clave) is not None:
        raise Impedido(Impedimento.FACTURA_PAGADA)
    if factura is None:
        if empresa.con_base and not own:
            raise Impedido(Impedimento.FACTURA_INEXISTENTE)
        return None
    match factura.estado:
        case EstadoFactura.PENDIENTE | EstadoFactura.BAJA:
            return factura
        case EstadoFactura.REEMPLAZADA:
            raise Impedido(Impedimento.FACTURA_REEMPLAZADA)
        case EstadoFactura.PAGADA:
            raise Impedido(Impedimento.FACTURA_PAGADA)


def _exigible_centavos(aviso: AvisoPago, factura: Factura | None) -> int | None:
    exigible = factura and factura.due_on(_day(aviso, factura))
    return exigible.importe_centavos if exigible else None


def _reparos(
    aviso: AvisoPago, empresa: Empresa, clave: ClaveFactura | None, factura: Factura | None
) -> Sequence[Reparo]:
    found = []
    if clave is not None and factura is None and empresa.con_base:
        found.append(Reparo.FACTURA_NO_INFORMADA)
    if factura is not None and factura.estado is EstadoFactura.BAJA:
        found.append(Reparo.FACTURA_DE_BAJA)
    if aviso.moneda != importe.PESOS:
        found.append(Reparo.MONEDA_DISTINTA)
    elif factura is not None and not factura.accepts(
        aviso.importe_centavos, _day(aviso, factura), empresa.politica_importe
    ):
        found.append(Reparo.IMPORTE_DISTINTO)
    return found


def _day(aviso: AvisoPago, factura: Factura) -> date:
    """Give the day whose importe counts: after the last due date nothing else is due."""
    return min(local_day(aviso.momento_utc), factura.ultimo_vencimiento)


def _stands(pago: Pago, aviso: AvisoPago) -> dict[str, object]:
    """Say where a pago that waits stands: nobody assigned it yet, so it is where its aviso put it."""
    return {"estado": pago.estado, "id_cliente": aviso.id_cliente, "id_factura": aviso.id_factura}
