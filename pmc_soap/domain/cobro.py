"""A cobro: a payment as PMC's file of collections (COB) tells it, on the day its money is credited.

Importes are centavos, days are those of Argentina. Source: docs/divergencias.md#archivos.
"""

from datetime import date

from pmc_soap.domain.aviso import PAGO_CON_FACTURA, PAGO_SIN_FACTURA
from pmc_soap.domain.valor import value


@value
class Cobro:
    """One payment collected.

    primer_vencimiento is the factura's first due date, even if it was paid on a later one. fecha_aplicacion is the day
    it was paid, fecha_acreditacion the day its money comes. canal is an open list: PC, HB and S1 are only the known.
    """

    id_cliente: str
    fecha_aplicacion: date
    fecha_acreditacion: date
    importe_centavos: int
    codigo_movimiento: int
    id_factura: str | None = None
    primer_vencimiento: date | None = None
    canal: str | None = None
    nro_control: str | None = None
    codigo_provincia: str | None = None


@value
class RenglonCobro:
    """A cobro and its line in the file: what tells it from an equal one, for nothing that it says is unique."""

    linea: int
    cobro: Cobro


class CobroInvalido(ValueError):
    """The cobro contradicts itself; campo is the field at fault."""

    def __init__(self, campo: str) -> None:
        super().__init__(campo)
        self.campo = campo


def validate(cobro: Cobro) -> Cobro:
    """Return the cobro, or raise CobroInvalido with the first field that breaks a rule.

    A pago con factura names the factura and its first due date; one sin factura names neither. Which half of a
    contradiction is true is not ours to guess: it decides whose debt the money pays.
    """
    if cobro.importe_centavos <= 0:
        raise CobroInvalido("importe_centavos")
    if cobro.codigo_movimiento not in {PAGO_SIN_FACTURA, PAGO_CON_FACTURA}:
        raise CobroInvalido("codigo_movimiento")
    con_factura = cobro.codigo_movimiento == PAGO_CON_FACTURA
    if (cobro.id_factura is not None) is not con_factura:
        raise CobroInvalido("id_factura")
    if (cobro.primer_vencimiento is not None) is not con_factura:
        raise CobroInvalido("primer_vencimiento")
    return cobro
