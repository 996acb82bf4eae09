"""A cobro: what PMC collected, and that it never contradicts itself."""

from dataclasses import replace
from datetime import date

import pytest

from pmc_soap.domain.aviso import PAGO_CON_FACTURA, PAGO_SIN_FACTURA
from pmc_soap.domain.cobro import Cobro, CobroInvalido, RenglonCobro, validate

CUOTA = Cobro(
    id_cliente="20055361682",
    id_factura="FC-0001-00000042",
    primer_vencimiento=date(2025, 3, 15),
    fecha_aplicacion=date(2025, 3, 14),
    fecha_acreditacion=date(2025, 3, 18),
    importe_centavos=12_345_50,
    codigo_movimiento=PAGO_CON_FACTURA,
)
A_CUENTA = replace(CUOTA, codigo_movimiento=PAGO_SIN_FACTURA, id_factura=None, primer_vencimiento=None)


@pytest.mark.parametrize("cobro", [CUOTA, A_CUENTA])
def test_a_pago_names_its_factura_and_due_date_or_neither(cobro):
    assert validate(cobro) is cobro


@pytest.mark.parametrize(
    ("cobro", "changes", "campo"),
    [
        (CUOTA, {"importe_centavos": 0}, "importe_centavos"),
        (CUOTA, {"importe_centavos": -1}, "importe_centavos"),
        (CUOTA, {"codigo_movimiento": 0}, "codigo_movimiento"),
        (CUOTA, {"codigo_movimiento": 3}, "codigo_movimiento"),
        (CUOTA, {"id_factura": None}, "id_factura"),
        (CUOTA, {"primer_vencimiento": None}, "primer_vencimiento"),
        (A_CUENTA, {"id_factura": "F-1"}, "id_factura"),
        (A_CUENTA, {"primer_vencimiento": date(2025, 3, 15)}, "primer_vencimiento"),
    ],
)
def test_a_cobro_that_contradicts_itself_is_refused_with_the_field_at_fault(cobro, changes, campo):
    with pytest.raises(CobroInvalido) as caught:
        validate(replace(cobro, **changes))
    assert campo == caught.value.campo


@pytest.mark.parametrize("canal", ["PC", "HB", "S1", "Q7", None])
def test_a_canal_that_nobody_knows_is_no_contradiction(canal):
    assert canal == validate(replace(CUOTA, canal=canal)).canal


def test_a_factura_paid_late_still_quotes_its_first_due_date():
    validate(replace(CUOTA, fecha_aplicacion=date(2025, 3, 16)))


def test_two_equal_cobros_of_a_file_are_told_apart_by_their_lines():
    assert RenglonCobro(linea=2, cobro=CUOTA) != RenglonCobro(linea=3, cobro=CUOTA)
