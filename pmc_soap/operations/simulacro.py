"""What a person sends from the sandbox where it counts: whoever finds such an aviso later can see who sent it."""

from collections.abc import Mapping

from pmc_soap.domain.acta import Accion, Acta
from pmc_soap.operations.ports import Clock, Ledger


class Simulacros:
    """Writes down what was sent; the sending itself is the network's, or the empresa's, by their own door."""

    def __init__(self, ledger: Ledger, codigo_empresa: str, clock: Clock) -> None:
        self._ledger = ledger
        self._codigo_empresa = codigo_empresa
        self._clock = clock

    def note(self, operador: str, operacion: str, dicho: Mapping[str, object], id_aviso: str | None) -> None:
        """Leave an acta. dicho: what was said and what came of it, as plain values and without a secret."""
        acta = Acta(
            fecha_hora_utc=self._clock.now(),
            operador=operador,
            accion=Accion.SIMULACION,
            codigo_empresa=self._codigo_empresa,
            motivo=f"{operacion} desde el sandbox",
            antes={},
            despues=dict(dicho),
            id_aviso=id_aviso,
        )
        self._ledger.write(self._codigo_empresa, None, lambda tx: tx.audit(acta))
