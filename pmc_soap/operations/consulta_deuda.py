"""ConsultaDeuda: what does this cliente owe, today? A consulta locks nothing and changes only its own record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.consulta import FACTURAS_MAX, Busqueda, Consulta, Oferta, Origen, Respuesta
from pmc_soap.domain.empresa import Empresa, Servicio
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura
from pmc_soap.domain.resultado import Ending, Rejected, Resultado
from pmc_soap.operations.ports import Clock, Empresas, Ids, Ledger, Reading
from pmc_soap.operations.servicio import require

_OF_ESTADO = {
    EstadoFactura.PENDIENTE: Resultado.FACTURA_VENCIDA,  # pending and not payable: its last due date has passed
    EstadoFactura.PAGADA: Resultado.FACTURA_PAGADA,
    EstadoFactura.BAJA: Resultado.FACTURA_BAJA,
    EstadoFactura.REEMPLAZADA: Resultado.FACTURA_INEXISTENTE,
}


class Consultas:
    """Answers PMC's question from the base that the empresa reported."""

    def __init__(self, ledger: Ledger, empresas: Empresas, clock: Clock, ids: Ids) -> None:
        self._ledger = ledger
        self._empresas = empresas
        self._clock = clock
        self._ids = ids

    def answer(self, consulta: Consulta) -> Respuesta:
        """Find what can be paid now, and write down what was shown."""
        respuesta = Respuesta(ending=Ending(), id_consulta=self._ids.new(), fecha_hora_utc=self._clock.now())
        try:
            empresa = require(self._empresas, consulta.busqueda.codigo_empresa, Servicio.CONSULTA)
            _check(consulta.busqueda)
            with self._ledger.read() as reading:
                respuesta = _from_base(reading, empresa, consulta, respuesta)
        except Rejected as rejected:
            respuesta = replace(respuesta, ending=rejected.ending)
        self._ledger.record_consulta(consulta, respuesta)
        return respuesta


def _check(busqueda: Busqueda) -> None:
    if not (busqueda.id_cliente or busqueda.id_factura or busqueda.codigo_barras):
        raise Rejected(Resultado.DATO_INVALIDO, "IdCliente")


def _from_base(reading: Reading, empresa: Empresa, consulta: Consulta, respuesta: Respuesta) -> Respuesta:
    today = local_day(respuesta.fecha_hora_utc)
    limit = min(consulta.maximo_facturas, FACTURAS_MAX)
    found = reading.payable(consulta.busqueda, today, limit + 1)
    if not found:
        raise Rejected(_why_nothing(reading, consulta.busqueda))
    ofertas = _offer(reading, empresa, found[:limit], today)
    by_factura = consulta.busqueda.id_factura or consulta.busqueda.codigo_barras
    if by_factura and all(oferta.debe_pagar_anteriores for oferta in ofertas):
        raise Rejected(Resultado.PAGAR_ANTERIOR)
    return replace(
        respuesta,
        ofertas=ofertas,
        hay_mas=len(found) > limit,
        origen=Origen.BASE,
        nombre_cliente=found[0].nombre_cliente,
    )


def _offer(reading: Reading, empresa: Empresa, facturas: Sequence[Factura], today: date) -> tuple[Oferta, ...]:
    oldest = _oldest(reading, facturas, today) if empresa.pagar_en_orden else {}
    ofertas = []
    for factura in facturas:
        exigible = factura.due_on(today)
        if exigible is not None:
            first = oldest.get(factura.clave.id_cliente, factura.clave)
            ofertas.append(Oferta(factura=factura, exigible=exigible, debe_pagar_anteriores=first != factura.clave))
    return tuple(ofertas)


def _oldest(reading: Reading, facturas: Sequence[Factura], today: date) -> dict[str, ClaveFactura]:
    """Name, for each cliente seen, the factura that comes first."""
    first = {}
    for codigo_empresa, id_cliente in {(f.clave.codigo_empresa, f.clave.id_cliente) for f in facturas}:
        for factura in reading.payable(Busqueda(codigo_empresa=codigo_empresa, id_cliente=id_cliente), today, 1):
            first[id_cliente] = factura.clave
    return first


def _why_nothing(reading: Reading, busqueda: Busqueda) -> Resultado:
    """Say why there is nothing to pay: by factura its own state; by cliente, whether something expired."""
    by_factura = busqueda.id_factura or busqueda.codigo_barras
    found = reading.matching(busqueda, 1 if by_factura else FACTURAS_MAX)
    if by_factura and found:
        return _OF_ESTADO[found[0].estado]
    if busqueda.id_cliente and not reading.knows_cliente(busqueda.codigo_empresa, busqueda.id_cliente):
        return Resultado.CLIENTE_INEXISTENTE
    if by_factura:
        return Resultado.FACTURA_INEXISTENTE
    expired = any(factura.estado is EstadoFactura.PENDIENTE for factura in found)
    return Resultado.FACTURA_VENCIDA if expired else Resultado.SIN_DEUDA
