"""What public readers of the COB were seen to get wrong; S1, S2 … are those of docs/divergencias.md#archivos."""

from datetime import date
from pathlib import Path

import pytest

from pmc_soap.domain.cobro import RenglonCobro
from pmc_soap.files.cob.archivo import ArchivoCob
from pmc_soap.files.cob.codigos import Codigo

COB = Path(__file__).parents[3] / "fixtures" / "cob"


def cobros_of(case):
    items = ArchivoCob.at(COB / case / "COB1234.180325").read()
    return [item.cobro for item in items if isinstance(item, RenglonCobro)]


def test_the_centavos_are_the_last_two_digits_and_not_those_one_column_before():  # S4
    assert [cobro.importe_centavos for cobro in cobros_of("bien_centavos")] == [12_345_67, 1, 999_999_99]


def test_the_day_of_the_payment_is_not_the_day_that_its_money_comes():  # S5
    days = {(cobro.fecha_aplicacion, cobro.fecha_acreditacion) for cobro in cobros_of(".")}
    assert days == {(date(2025, 3, 14), date(2025, 3, 18))}


@pytest.mark.parametrize("case", ["sin_cierre", "bien_lf_sin_fin", "bien_bom_y_lineas_vacias"])
def test_the_last_line_is_not_thought_a_trailer_because_it_is_the_last(case):  # S1
    assert cobros_of(case)[-1].id_cliente == "0000000000000000555"


def test_a_file_that_was_cut_gives_its_last_payment_and_is_told_of():
    items = list(ArchivoCob.at(COB / "sin_cierre" / "COB1234.180325").read())
    assert isinstance(items[-2], RenglonCobro)
    assert items[-1].codigo == Codigo.SIN_CIERRE


def test_a_payment_by_a_canal_that_nobody_knows_is_a_payment():  # S1
    assert [cobro.canal for cobro in cobros_of("bien_canal_desconocido")] == ["Q7", "hb", None]
    assert [cobro.canal for cobro in cobros_of(".")] == ["PC", "HB", "S1"]


def test_ids_keep_their_leading_zeros():  # S2
    clientes = [cobro.id_cliente for cobro in cobros_of(".")]
    assert clientes == ["20055361682", "0000000000000000123", "0000000000000000555"]
    assert [cobro.id_factura for cobro in cobros_of(".")] == ["FC-0001-00000042", "000000000000000777", None]
    assert [cobro.nro_control for cobro in cobros_of(".")] == ["A1B2", "0007", "9Z01"]


def test_ids_with_letters_do_not_vanish():  # S2
    found = [(cobro.id_cliente, cobro.id_factura) for cobro in cobros_of("bien_ids_con_letras_y_ceros")]
    assert found == [
        ("00AB-0000000042X", "FC-0001-00000042"),
        ("0000000000000000123", "0000F/000.7-Z"),
        ("SOCIO 007", None),
    ]
