"""ConsultaDeuda: what does this cliente owe, today? First the base, then the empresa, inside one deadline.

A consulta locks nothing and changes only its own record, but for what the second instance taught the base.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic

from pmc_soap.domain.consulta import Busqueda, Consulta, Respuesta, SinRespuesta
from pmc_soap.domain.empresa import Empresa, PoliticaConsulta, Servicio
from pmc_soap.domain.resultado import EXITO, Ending, Rejected, Resultado
from pmc_soap.operations.oferta import by_factura, offer_both, offer_from_base, offer_from_empresa
from pmc_soap.operations.ports import Clock, Empresas, Ids, Ledger
from pmc_soap.operations.segunda_instancia import SegundaInstancia
from pmc_soap.operations.servicio import require

PLAZO_S = 4.0  # of who is no empresa
RESERVA_S = 0.4  # of the deadline, for writing the consulta down and sending the answer

_UNKNOWN = frozenset({Resultado.CLIENTE_INEXISTENTE, Resultado.FACTURA_INEXISTENTE})
# What the base answers so is the empresa's own last word, or the ledger's; of all else its system may know better.
_SETTLED = frozenset({Resultado.EXITOSA, Resultado.PAGAR_ANTERIOR, Resultado.FACTURA_PAGADA, Resultado.FACTURA_BAJA})


class Consultas:
    """Answers PMC's question: from the base that the empresa reported, and from its own system where it has one."""

    def __init__(
        self,
        ledger: Ledger,
        empresas: Empresas,
        clock: Clock,
        ids: Ids,
        instancias: Mapping[str, SegundaInstancia] | None = None,
        timer: Callable[[], float] = monotonic,
    ) -> None:
        self._ledger = ledger
        self._empresas = empresas
        self._clock = clock
        self._ids = ids
        self._instancias = {} if instancias is None else instancias
        self._timer = timer

    def answer(self, consulta: Consulta) -> Respuesta:
        """Find what can be paid now, and write down what was shown."""
        began, plazo_s = self._timer(), PLAZO_S
        respuesta = Respuesta(ending=EXITO, id_consulta=self._ids.new(), fecha_hora_utc=self._clock.now())
        try:
            empresa = require(self._empresas, consulta.busqueda.codigo_empresa, Servicio.CONSULTA)
            if consulta.busqueda.codigo_empresa != empresa.codigo_empresa:
                consulta = replace(consulta, busqueda=replace(consulta.busqueda, codigo_empresa=empresa.codigo_empresa))
            _check(consulta.busqueda)
            plazo_s = empresa.plazo_consulta.total_seconds()
            respuesta = self._look(empresa, consulta, respuesta, began + plazo_s - RESERVA_S)
        except Rejected as rejected:
            respuesta = replace(respuesta, ending=rejected.ending)
        self._ledger.record_consulta(consulta, respuesta, began + plazo_s - self._timer())
        return respuesta

    def _look(self, empresa: Empresa, consulta: Consulta, respuesta: Respuesta, until: float) -> Respuesta:
        """Ask one instance, and the other as the empresa's policy says."""
        instancia, politica = self._instancias.get(empresa.codigo_empresa), empresa.politica_consulta
        reported = offer_from_base(self._ledger, empresa, consulta, respuesta)
        enough = politica is PoliticaConsulta.BASE_LUEGO_EMPRESA and reported.ending.resultado in _SETTLED
        if instancia is None or politica is PoliticaConsulta.SOLO_BASE or enough:
            return reported
        try:
            hallazgo = instancia.ask(consulta, until - self._timer())
        except SinRespuesta as error:
            return self._without_empresa(empresa, consulta, respuesta, error.resultado)
        with self._ledger.read() as reading:
            told = offer_from_empresa(reading, empresa, consulta, respuesta, hallazgo)
        if politica is PoliticaConsulta.AMBAS and told.ofertas and reported.ofertas:
            return offer_both(empresa, consulta, reported, told)
        return told if told.ofertas else _better_reason(reported, told)

    def _without_empresa(
        self, empresa: Empresa, consulta: Consulta, respuesta: Respuesta, resultado: Resultado
    ) -> Respuesta:
        """Answer with what the base has, also what it learned a while ago; else say that the empresa is away."""
        since = respuesta.fecha_hora_utc - empresa.memoria_consulta
        known = offer_from_base(self._ledger, empresa, consulta, respuesta, since)
        expired = by_factura(consulta.busqueda) and known.ending.resultado is Resultado.FACTURA_VENCIDA
        if known.ending.resultado in _SETTLED or expired:
            return known
        return replace(respuesta, ending=Ending(resultado))


def _check(busqueda: Busqueda) -> None:
    if not (busqueda.id_cliente or busqueda.id_factura or busqueda.codigo_barras):
        raise Rejected(Resultado.DATO_INVALIDO, "IdCliente")


def _better_reason(reported: Respuesta, told: Respuesta) -> Respuesta:
    """Where the empresa's system has nothing to offer, answer with the instance that knows more."""
    knows_more = told.ending.resultado in _UNKNOWN and reported.ending.resultado not in _UNKNOWN
    return reported if reported.ending.resultado in _SETTLED or knows_more else told
