"""An importe is read as people in Argentina write it, and as machines do; never as something else."""

import pytest

from pmc_soap.domain.importe import ImporteInvalido
from pmc_soap.web import entrada


@pytest.mark.parametrize(
    ("written", "centavos"),
    [
        ("1500,50", 150050),
        ("$ 1.500,50", 150050),
        ("1.500", 150000),
        ("1.234.567", 123456700),
        ("1500.50", 150050),
        ("1500.5", 150050),
        ("1500", 150000),
        ("0,01", 1),
        ("$\N{NO-BREAK SPACE}18.540,75", 1854075),
    ],
)
def test_an_importe_is_read_as_it_was_meant(written, centavos):
    assert entrada.pesos(written) == centavos


@pytest.mark.parametrize("written", ["", "mucho", "-5", "1,234,567", "1500,505", "1.5.0", "1e3", "٣", "9" * 20])
def test_what_is_no_importe_is_refused(written):
    with pytest.raises(ImporteInvalido):
        entrada.pesos(written)


@pytest.mark.parametrize("centavos", [0, 1, 150050, 123456700])
def test_what_is_put_into_a_field_is_read_back_as_the_same(centavos):
    assert entrada.pesos(entrada.a_mano(centavos)) == centavos
