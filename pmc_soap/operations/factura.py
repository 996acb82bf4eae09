"""The empresa's facturas: register (alta), change (modificación), withdraw (baja), show (consulta)."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date, datetime

from pmc_soap.domain.aviso import AvisoGuardado, Pago
from pmc_soap.domain.empresa import Empresa, Servicio
from pmc_soap.domain.factura import (
    ClaveFactura,
    EstadoFactura,
    Factura,
    MotivoBaja,
    Origen,
    TipoImporte,
    Vencimiento,
    validate,
)
from pmc_soap.domain.resultado import Ending, Rejected, Resultado
from pmc_soap.domain.valor import value
from pmc_soap.operations.ports import Clock, Empresas, Ledger, Writing
from pmc_soap.operations.servicio import require


@value
class Cambios:
    """What a modificación changes; None leaves a field as it is."""

    vencimientos: tuple[Vencimiento, ...] | None = None
    mensaje_pantalla: str | None = None
    mensaje_ticket: str | None = None
    moneda: str | None = None
    tipo_importe: TipoImporte | None = None
    importe_minimo_centavos: int | None = None
    importe_maximo_centavos: int | None = None
    codigo_barras: str | None = None
    nombre_cliente: str | None = None
    cuit_cliente: str | None = None

    def apply(self, factura: Factura) -> Factura:
        """Give the factura with the changes made; leaving RANGO drops its minimum and maximum."""
        told = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}
        if self.tipo_importe not in (None, TipoImporte.RANGO):
            told = {"importe_minimo_centavos": None, "importe_maximo_centavos": None, **told}
        return replace(factura, **told)


@value
class Registro:
    """How an alta, modificación or baja ended, and how the factura stands."""

    ending: Ending
    estado: EstadoFactura
    disponible_desde_utc: datetime | None = None


@value
class Ficha:
    """A factura with all that was paid on it."""

    factura: Factura
    pagos: Sequence[tuple[AvisoGuardado, Pago]]
    gracia_dias: int = 0


def contenido(factura: Factura) -> str:
    """Give the hash of what a factura says, whatever its state; a field that a later version adds changes none."""
    said = {name: value for name in _SAID if (value := getattr(factura, name)) is not None}
    return hashlib.sha256(_WRITE(said).encode()).hexdigest()


def _plain(value: ClaveFactura | Vencimiento | date) -> str | list[object]:
    match value:
        case ClaveFactura():
            return [value.codigo_empresa, value.id_cliente, value.id_factura]
        case Vencimiento():
            return [value.fecha.isoformat(), value.importe_centavos]
    return value.isoformat()


# By hand, because a file has 100,000 facturas and asdict takes several times as long.
_SAID = [f.name for f in fields(Factura) if f.name not in {"estado", "origen"}]
_WRITE = json.JSONEncoder(default=_plain).encode


Also = Callable[[Writing, Registro], None]


def _nothing_else(_: Writing, __: Registro) -> None:
    pass


class Facturas:
    """What an empresa does with its facturas, one at a time. servicio: what it must have switched on, if anything.

    also: what else is written in the same transaction.
    """

    def __init__(
        self, ledger: Ledger, empresas: Empresas, clock: Clock, servicio: Servicio | None = Servicio.ALTA
    ) -> None:
        self._ledger = ledger
        self._empresas = empresas
        self._clock = clock
        self._servicio = servicio

    def register(self, factura: Factura, also: Also = _nothing_else) -> Registro:
        """Make a factura payable in the same commit; the same again changes nothing, another content is refused."""
        own = replace(factura, clave=self._own(factura.clave)[1])
        validate(own)
        return self._write(own.clave, lambda tx: self._register(tx, own), also)

    def change(self, clave: ClaveFactura, cambios: Cambios) -> Registro:
        """Change what a PENDIENTE factura says."""
        _, own = self._own(clave)
        return self._write(own, lambda tx: self._change(tx, own, cambios))

    def withdraw(self, clave: ClaveFactura, motivo: MotivoBaja, also: Also = _nothing_else) -> Registro:
        """Take a factura out of PMC; to withdraw it twice changes nothing."""
        _, own = self._own(clave)
        return self._write(own, lambda tx: self._withdraw(tx, own, motivo), also)

    def show(self, clave: ClaveFactura) -> Ficha:
        """Give a factura, its state and its pagos."""
        empresa, own = self._own(clave)
        with self._ledger.read() as reading:
            factura = reading.factura(own)
            if factura is None:
                raise Rejected(Resultado.FACTURA_INEXISTENTE)
            return Ficha(factura=factura, pagos=reading.pagos_of(own), gracia_dias=empresa.gracia_dias)

    def _own(self, clave: ClaveFactura) -> tuple[Empresa, ClaveFactura]:
        """Give the empresa, and the clave under the code that its data is kept under."""
        empresa = require(self._empresas, clave.codigo_empresa, self._servicio)
        return empresa, replace(clave, codigo_empresa=empresa.codigo_empresa)

    def _write(self, clave: ClaveFactura, work: Callable[[Writing], Registro], also: Also = _nothing_else) -> Registro:
        def write(tx: Writing) -> Registro:
            registro = work(tx)
            also(tx, registro)
            return registro

        return self._ledger.write(clave.codigo_empresa, clave.id_cliente, write)

    def _register(self, tx: Writing, factura: Factura) -> Registro:
        known, now = tx.factura(factura.clave), self._clock.now()
        if known is not None:
            return _register_known(tx, known, factura, now)
        anterior = _replace_anterior(tx, factura)
        if anterior is EstadoFactura.PAGADA:  # the same debt under its old id: to register it would collect it twice
            return Registro(ending=Ending(Resultado.FACTURA_PAGADA), estado=anterior)
        tx.add_factura(factura, contenido(factura), now)
        if tx.pago_vivo(factura.clave) is not None:  # of an empresa sin base: the pago came before its factura
            tx.move_factura(factura.clave, EstadoFactura.PENDIENTE, EstadoFactura.PAGADA)
            return Registro(ending=Ending(), estado=EstadoFactura.PAGADA)
        return Registro(ending=Ending(), estado=EstadoFactura.PENDIENTE, disponible_desde_utc=now)

    def _change(self, tx: Writing, clave: ClaveFactura, cambios: Cambios) -> Registro:
        factura = _existing(tx, clave)
        if factura.estado is not EstadoFactura.PENDIENTE:
            return Registro(ending=Ending(Resultado.FACTURA_NO_MODIFICABLE), estado=factura.estado)
        try:
            changed = validate(cambios.apply(factura))
        except Rejected as rejected:  # refused, but its sender is told how the factura stands
            return Registro(ending=rejected.ending, estado=factura.estado)
        if changed == factura:
            return Registro(ending=Ending(duplicado=True), estado=factura.estado)
        tx.change_factura(changed, contenido(changed), self._clock.now())
        return Registro(ending=Ending(), estado=factura.estado)

    def _withdraw(self, tx: Writing, clave: ClaveFactura, motivo: MotivoBaja) -> Registro:
        factura = _existing(tx, clave)
        match factura.estado:
            case EstadoFactura.PAGADA:
                return Registro(ending=Ending(Resultado.FACTURA_PAGADA), estado=factura.estado)
            case EstadoFactura.PENDIENTE:
                tx.move_factura(clave, EstadoFactura.PENDIENTE, EstadoFactura.BAJA, motivo)
                return Registro(ending=Ending(), estado=EstadoFactura.BAJA)
            case EstadoFactura.BAJA | EstadoFactura.REEMPLAZADA:
                said = tx.written(clave)
                if said is not None and said.retirada:  # no later file may make it payable again
                    tx.move_factura(clave, EstadoFactura.BAJA, EstadoFactura.BAJA, motivo)
                return Registro(ending=Ending(duplicado=True), estado=factura.estado)


def _register_known(tx: Writing, known: Factura, factura: Factura, now: datetime) -> Registro:
    said = tx.written(factura.clave)
    seen_first = known.origen is Origen.EMPRESA and known.estado is EstadoFactura.PENDIENTE  # by a consulta
    if seen_first or (said is not None and said.retirada):  # now it is reported; or again, after a file left it out
        tx.load([(factura, contenido(factura))], None, now)
        estado = _existing(tx, factura.clave).estado
        since = now if estado is EstadoFactura.PENDIENTE else None  # a pago may have come before
        return Registro(ending=Ending(), estado=estado, disponible_desde_utc=since)
    if said is None or said.contenido != contenido(factura):
        return Registro(ending=Ending(Resultado.FACTURA_EXISTENTE), estado=known.estado)
    return Registro(ending=Ending(duplicado=True), estado=known.estado)


def _replace_anterior(tx: Writing, factura: Factura) -> EstadoFactura | None:
    """Where a factura moves to a new id de cliente, take the old one out of PMC; give the state it was in."""
    anterior = factura.referencia_anterior
    if anterior is None or anterior == factura.clave.id_cliente:
        return None
    old = tx.factura(replace(factura.clave, id_cliente=anterior))
    if old is None:
        return None
    if old.estado is EstadoFactura.PENDIENTE:
        tx.move_factura(old.clave, EstadoFactura.PENDIENTE, EstadoFactura.REEMPLAZADA)
    return old.estado


def _existing(tx: Writing, clave: ClaveFactura) -> Factura:
    factura = tx.factura(clave)
    if factura is None:
        raise Rejected(Resultado.FACTURA_INEXISTENTE)
    return factura
