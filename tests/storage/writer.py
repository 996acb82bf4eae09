"""A process of its own that pays facturas: `writer.py URL FIRST COUNT`; prints each id it was told is kept."""

import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fakes.examples import a_pago, clave, kept

from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.domain.factura import EstadoFactura
from pmc_soap.storage.ledger import open_ledger


def pay(ledger, id_transaccion, n):
    """Pay the factura F<n> unless it is paid; tell whether we were the one."""
    aviso = a_pago(id_transaccion, f"F{n}", id_cliente=f"C{n % 3}")

    def work(tx):
        paid = tx.pago_vivo(aviso.clave) is not None
        guardado = kept(aviso, id_transaccion, fecha_hora_utc=datetime.now(UTC))
        tx.keep(guardado)
        if not paid:
            tx.move_factura(clave(f"F{n}", f"C{n % 3}"), EstadoFactura.PENDIENTE, EstadoFactura.PAGADA)
            tx.owe(guardado, ("pull",), datetime.now(UTC))
        tx.add_pago(id_transaccion, aviso.clave, EstadoPago.EN_PUENTE if paid else EstadoPago.APLICADO)
        return not paid

    return ledger.write("AGUA", aviso.id_cliente, work)


if __name__ == "__main__":
    url, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    ledger = open_ledger(url)
    for n in range(count):
        pay(ledger, f"{name}-{n}", n)
        sys.stdout.write(f"{name}-{n}\n")
    ledger.close()
