"""An authentic aviso that breaks the contract gets its fault, and its bytes are kept: it may be money."""

from pmc_soap.operations.ports import Clock, Ledger, Writing

MOTIVO = "AVISO_ILEGIBLE"


class Ilegibles:
    """Keeps what could not be read, for the operator."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def keep(self, codigo_empresa: str, id_pedido: str, body: bytes) -> None:
        """Keep the bytes and alert; body must carry no secret."""
        now = self._clock.now()

        def keep(tx: Writing) -> None:
            tx.keep_unreadable(codigo_empresa, id_pedido, body, now)
            tx.alert(codigo_empresa, MOTIVO, None, now)

        self._ledger.write(codigo_empresa, None, keep)
