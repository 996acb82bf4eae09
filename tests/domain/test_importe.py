"""Pesos are whole centavos; only this module knows the point."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmc_soap.domain import importe
from pmc_soap.domain.importe import MAX_CENTAVOS, ImporteInvalido

CENTAVOS = st.integers(0, MAX_CENTAVOS)


@pytest.mark.parametrize(
    ("text", "centavos"),
    [
        ("1500.50", 150050),
        ("1500.5", 150050),
        ("1500", 150000),
        ("0", 0),
        ("0.01", 1),
        ("0.00", 0),
        ("+7.10", 710),
        (" 7.10\n", 710),
        ("007.10", 710),
        ("7.1000", 710),
        ("999999999999.99", MAX_CENTAVOS),
    ],
)
def test_an_importe_is_read_to_the_centavo(text, centavos):
    assert importe.parse(text) == centavos


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        ".5",
        "5.",
        "1,50",
        "1.500,50",
        "1 500.50",
        "-1",
        "-0",
        "--1",
        "++1",
        "$ 1",
        "1.005",
        "0.001",
        "1e3",
        "1E3",
        "NaN",
        "INF",
        "0x10",
        "1_000",
        "١٢",
        "１",
        "1000000000000",
        "1000000000000.00",
        "1.5\x00",
    ],
)
def test_what_is_no_importe_is_refused_never_rounded(text):
    with pytest.raises(ImporteInvalido):
        importe.parse(text)


@given(CENTAVOS)
def test_what_is_written_is_read_again_the_same(centavos):
    written = importe.format(centavos)
    assert importe.parse(written) == centavos
    assert len(written.rpartition(".")[2]) == 2
    assert importe.from_decimal(importe.to_decimal(centavos)) == centavos
    assert str(importe.to_decimal(centavos)) == written


@pytest.mark.parametrize("centavos", [-1, MAX_CENTAVOS + 1])
def test_no_importe_is_written_that_could_not_be_read(centavos):
    with pytest.raises(ImporteInvalido):
        importe.format(centavos)


@pytest.mark.parametrize(
    ("value", "centavos"),
    [("0", 0), ("0.01", 1), ("1E+3", 100000), ("1.500", 150), ("999999999999.99", MAX_CENTAVOS), ("-0", 0)],
)
def test_a_decimal_is_taken_to_the_centavo(value, centavos):
    assert importe.from_decimal(Decimal(value)) == centavos


@pytest.mark.parametrize("value", ["0.001", "-0.01", "1000000000000", "999999999999.991", "1E+12"])
def test_a_decimal_that_is_no_importe_is_refused(value):
    with pytest.raises(ImporteInvalido):
        importe.from_decimal(Decimal(value))


@pytest.mark.parametrize(
    ("centavos", "text"), [(150050, "$ 1.500,50"), (0, "$ 0,00"), (5, "$ 0,05"), (123456789012, "$ 1.234.567.890,12")]
)
def test_people_in_argentina_read_points_and_a_comma(centavos, text):
    assert importe.format_es(centavos) == text


@pytest.mark.parametrize("text", ["ARS", "ars", " ARS ", "0", "032"])
def test_pesos_have_three_names(text):
    assert importe.compact_moneda(text) == importe.PESOS


@pytest.mark.parametrize(("text", "moneda"), [("USD", "USD"), ("usd", "USD"), ("1", "1"), ("00", "00"), ("", "")])
def test_another_currency_is_never_taken_for_pesos(text, moneda):
    assert importe.compact_moneda(text) == moneda
