"""What moved since the last COB: pagos that were taken back, avisos that came late, money that did not come.

A run ends with it, and whoever looks at a report begins with it.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.conciliacion import HABILES_DE_ESPERA, SOLO_EN_AVISO, Habiles
from pmc_soap.domain.empresa import Empresa
from pmc_soap.operations.cobranza import Conciliado, PagoSinLinea
from pmc_soap.operations.cruce import Cruce
from pmc_soap.operations.ports import Clock, Ledger, Writing

CLIENTES = 200  # decided in one transaction
HASTA = timedelta(days=120)  # how far back a pago without a line is looked for, to tell of it once
ONE_DAY = timedelta(days=1)
_MARGEN = timedelta(days=1)  # no clock is that wrong
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


class Barrido:
    """Looks again at what was decided, and at what no COB told of."""

    def __init__(self, ledger: Ledger, conciliado: Conciliado, clock: Clock, habiles: Habiles, cruce: Cruce) -> None:
        self._ledger = ledger
        self._conciliado = conciliado
        self._clock = clock
        self._habiles = habiles
        self._cruce = cruce

    def sweep(self, empresa: Empresa) -> int:
        """See what moved since the last run: pagos that were taken back, avisos that came late, money that did not.

        Gives how many pagos a person was told of, each once: no COB has them, and it should by now.
        """
        self._meet_again(empresa)
        return self._tell_of_missing(empresa)

    def decide(self, empresa: Empresa, clientes: Sequence[str], desde: date) -> int:
        """Decide on the open lines of some clientes, alone on them; give how many changed."""
        codigo = empresa.codigo_empresa
        return self._ledger.write(codigo, clientes, lambda tx: self._cruce.meet(tx, empresa, clientes, desde))

    def _meet_again(self, empresa: Empresa) -> None:
        codigo, after = empresa.codigo_empresa, ""
        since = (self._conciliado.swept_until(codigo) or _EVER) - _MARGEN
        while found := self._conciliado.to_meet_again(codigo, since, after, CLIENTES):
            self.decide(empresa, [id_cliente for id_cliente, _ in found], min(desde for _, desde in found))
            after = found[-1][0]

    def _tell_of_missing(self, empresa: Empresa) -> int:
        codigo, today, told = empresa.codigo_empresa, local_day(self._clock.now()), 0
        first = self._conciliado.first_day(codigo)
        if first is None:
            return 0
        desde = max(expected_since(first, self._habiles), today - HASTA)
        while some := self._conciliado.sin_linea(codigo, desde, today, CLIENTES, sin_alerta=True):
            late = [pago for pago in some if is_late(pago, today, self._habiles)]
            if not late:
                break
            clientes = sorted({pago.id_cliente for pago in late})
            told += self._ledger.write(codigo, clientes, lambda tx: self._tell(tx, late))  # noqa: B023 — it runs at once
        return told

    def _tell(self, tx: Writing, late: Sequence[PagoSinLinea]) -> int:
        now = self._clock.now()
        return sum(tx.alert_once(pago.codigo_empresa, SOLO_EN_AVISO, pago.id_aviso, now) for pago in late)


def expected_since(first: date, habiles: Habiles) -> date:
    """Give the day since which a line is expected of each pago: a business day before the empresa's first COB."""
    day = first
    while habiles.habiles_between(day - ONE_DAY, first) <= 1:
        day -= ONE_DAY
    return day


def is_late(pago: PagoSinLinea, today: date, habiles: Habiles) -> bool:
    """Tell that the money of a pago should have come by now."""
    return habiles.add_habiles(pago.dia, HABILES_DE_ESPERA) < today
