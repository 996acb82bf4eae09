"""The identifiers of PMC's files: what they may hold, and that nothing of them is lost."""

import pytest

from pmc_soap.domain import identificador
from pmc_soap.domain.identificador import ID_CLIENTE_MAX, ID_FACTURA_MAX, IdentificadorInvalido


@pytest.mark.parametrize("text", ["1", "0001", "F-0001-00000042", "a b", "A!#$%'()*+,-./:;=>?@[]^_`{|}~Z", "9" * 19])
def test_an_identifier_is_kept_as_it_is(text):
    assert identificador.validate(text, 40) == text


def test_the_padding_of_files_is_dropped_and_leading_zeros_are_not():
    assert identificador.validate("  0007  ", ID_CLIENTE_MAX) == "0007"
    assert identificador.validate("7".ljust(60), ID_CLIENTE_MAX) == "7"


@pytest.mark.parametrize("text", ["", "   ", "a\tb", "a\nb", "añ", "<a", "a&b", "a\x7f", "a\x00", "\u00a0a\u00a0b"])
def test_what_no_file_of_pmc_can_carry_is_refused(text):
    with pytest.raises(IdentificadorInvalido):
        identificador.validate(text, ID_CLIENTE_MAX)


@pytest.mark.parametrize("length", [ID_CLIENTE_MAX, ID_FACTURA_MAX])
def test_an_identifier_ends_where_its_field_ends(length):
    assert identificador.validate("9" * length, length) == "9" * length
    with pytest.raises(IdentificadorInvalido):
        identificador.validate("9" * (length + 1), length)


@pytest.mark.parametrize("text", ["1234", "AB12", " AB12 "])
def test_an_empresa_has_four_characters(text):
    assert identificador.validate_codigo_empresa(text) == text.strip()


@pytest.mark.parametrize("text", ["", "123", "12345", "ab12", "AB 2", "ÁB12", "AB12\nX", "١٢٣٤"])
def test_no_other_code_is_an_empresas(text):
    with pytest.raises(IdentificadorInvalido):
        identificador.validate_codigo_empresa(text)
