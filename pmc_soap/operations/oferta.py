"""What can be offered to a payer, or why nothing: from the base, or of what the empresa's own system named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.consulta import FACTURAS_MAX, Busqueda, Consulta, Oferta, Respuesta
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import EstadoFactura, Factura, Origen
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.operations.ports import Ledger, Reading
from pmc_soap.operations.segunda_instancia import Hallazgo

_NONE: Mapping[str, Factura] = MappingProxyType({})
_OF_ESTADO = {
    EstadoFactura.PENDIENTE: Resultado.FACTURA_VENCIDA,  # pending and not payable: its last due date has passed
    EstadoFactura.PAGADA: Resultado.FACTURA_PAGADA,
    EstadoFactura.BAJA: Resultado.FACTURA_BAJA,
    EstadoFactura.REEMPLAZADA: Resultado.FACTURA_INEXISTENTE,
}


def offer_from_base(
    ledger: Ledger,
    empresa: Empresa,
    consulta: Consulta,
    respuesta: Respuesta,
    learned_since: datetime | None = None,
) -> Respuesta:
    """Offer what the empresa reported, and what its own system told since learned_since."""
    today, limit = local_day(respuesta.fecha_hora_utc), limit_of(consulta)
    question = (consulta.busqueda, _still_payable(empresa, today), limit + 1, learned_since)
    if not empresa.pagar_en_orden and (found := ledger.payable(*question)):
        return _tell(consulta, respuesta, found, _offer(empresa, found[:limit], today))
    with ledger.read() as reading:  # there is more than one thing to ask, of one moment
        found = reading.payable(*question)
        if not found:
            return replace(respuesta, ending=Ending(_why_nothing(reading, empresa, consulta.busqueda, today)))
        oldest = _oldest(reading, empresa, found[:limit], today)
        return _tell(consulta, respuesta, found, _offer(empresa, found[:limit], today, oldest))


def _tell(consulta: Consulta, respuesta: Respuesta, found: Sequence[Factura], ofertas: tuple[Oferta, ...]) -> Respuesta:
    hay_mas = len(found) > limit_of(consulta)
    return _in_order(consulta, respuesta, ofertas, Origen.BASE, found[0].nombre_cliente, hay_mas=hay_mas)


def offer_from_empresa(
    reading: Reading, empresa: Empresa, consulta: Consulta, respuesta: Respuesta, hallazgo: Hallazgo
) -> Respuesta:
    """Offer the facturas that the empresa's system named, as the base has them now: what is paid is paid."""
    today, limit = local_day(respuesta.fecha_hora_utc), limit_of(consulta)
    if not hallazgo.claves:
        return replace(respuesta, ending=Ending(hallazgo.resultado))
    named = [factura for clave in hallazgo.claves if (factura := reading.factura(clave)) is not None]
    found = sorted((f for f in named if f.estado is EstadoFactura.PENDIENTE), key=first_due)
    ofertas = _offer(empresa, found, today, _oldest(reading, empresa, found, today))
    if not ofertas:
        return replace(respuesta, ending=Ending(_why_nothing(reading, empresa, consulta.busqueda, today)))
    hay_mas = hallazgo.hay_mas or len(ofertas) > limit
    return _in_order(consulta, respuesta, ofertas[:limit], Origen.EMPRESA, found[0].nombre_cliente, hay_mas=hay_mas)


def limit_of(consulta: Consulta) -> int:
    """Give how many facturas may be shown."""
    return min(consulta.maximo_facturas, FACTURAS_MAX)


def by_factura(busqueda: Busqueda) -> bool:
    """Tell whether one factura is looked for, rather than all of a cliente."""
    return bool(busqueda.id_factura or busqueda.codigo_barras)


def first_due(factura: Factura) -> date:
    """Give the day by which facturas are put in order."""
    return factura.vencimientos[0].fecha


def _in_order(
    consulta: Consulta,
    respuesta: Respuesta,
    ofertas: tuple[Oferta, ...],
    origen: Origen,
    nombre_cliente: str | None,
    *,
    hay_mas: bool,
) -> Respuesta:
    """Tell what is offered; but refuse a factura looked for by itself when an older one must be paid first."""
    if by_factura(consulta.busqueda) and all(oferta.debe_pagar_anteriores for oferta in ofertas):
        return replace(respuesta, ending=Ending(Resultado.PAGAR_ANTERIOR))
    return Respuesta(  # replace() takes three times as long
        ending=respuesta.ending,
        id_consulta=respuesta.id_consulta,
        fecha_hora_utc=respuesta.fecha_hora_utc,
        ofertas=ofertas,
        hay_mas=hay_mas,
        origen=origen,
        nombre_cliente=nombre_cliente,
    )


def _still_payable(empresa: Empresa, today: date) -> date:
    """Give the day that a last due date must not be before."""
    return today - timedelta(days=empresa.gracia_dias)


def _offer(
    empresa: Empresa, facturas: Iterable[Factura], today: date, oldest: Mapping[str, Factura] = _NONE
) -> tuple[Oferta, ...]:
    """Offer what is due today; oldest names, for each cliente, the factura that must be paid first."""
    ofertas = []
    for factura in facturas:
        exigible = factura.due_on(today, empresa.gracia_dias)
        if exigible is not None:
            first = oldest.get(factura.clave.id_cliente, factura) if oldest else factura
            waits = first is not factura and first.clave != factura.clave
            ofertas.append(Oferta(factura=factura, exigible=exigible, debe_pagar_anteriores=waits))
    return tuple(ofertas)


def _oldest(reading: Reading, empresa: Empresa, facturas: Iterable[Factura], today: date) -> dict[str, Factura]:
    """Give, for each cliente seen, the factura that comes first, of those seen and those reported, if that matters."""
    if not empresa.pagar_en_orden:
        return {}
    first: dict[str, Factura] = {}
    for factura in sorted(facturas, key=first_due):
        first.setdefault(factura.clave.id_cliente, factura)
    for id_cliente, seen in first.items():
        busqueda = Busqueda(codigo_empresa=empresa.codigo_empresa, id_cliente=id_cliente)
        for reported in reading.payable(busqueda, _still_payable(empresa, today), 1):
            first[id_cliente] = min(reported, seen, key=first_due)
    return first


def _why_nothing(reading: Reading, empresa: Empresa, busqueda: Busqueda, today: date) -> Resultado:
    """Say why there is nothing to pay: by factura its own state; by cliente, whether something expired.

    A factura that can still be paid and was not offered is one that was learned too long ago: that says nothing.
    """
    found = [
        factura
        for factura in reading.matching(busqueda, 1 if by_factura(busqueda) else FACTURAS_MAX)
        if factura.estado is not EstadoFactura.PENDIENTE or factura.due_on(today, empresa.gracia_dias) is None
    ]
    if by_factura(busqueda) and found:
        return _OF_ESTADO[found[0].estado]
    if busqueda.id_cliente and not reading.knows_cliente(busqueda.codigo_empresa, busqueda.id_cliente):
        return Resultado.CLIENTE_INEXISTENTE
    if by_factura(busqueda):
        return Resultado.FACTURA_INEXISTENTE
    expired = any(factura.estado is EstadoFactura.PENDIENTE for factura in found)
    return Resultado.FACTURA_VENCIDA if expired else Resultado.SIN_DEUDA


def offer_both(empresa: Empresa, consulta: Consulta, reported: Respuesta, told: Respuesta) -> Respuesta:
    """Put both instances together; a factura that both know is as the empresa's system tells it."""
    ofertas = {oferta.factura.clave: oferta for respuesta in (reported, told) for oferta in respuesta.ofertas}
    ordered = sorted(ofertas.values(), key=lambda oferta: first_due(oferta.factura))
    if empresa.pagar_en_orden:
        oldest = {oferta.factura.clave.id_cliente: oferta for oferta in reversed(ordered)}
        ordered = [
            replace(oferta, debe_pagar_anteriores=oldest[oferta.factura.clave.id_cliente] is not oferta)
            for oferta in ordered
        ]
    limit = limit_of(consulta)
    hay_mas = reported.hay_mas or told.hay_mas or len(ordered) > limit
    return replace(told, ofertas=tuple(ordered[:limit]), hay_mas=hay_mas)
