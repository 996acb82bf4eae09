import pytest

from pmc_soap.files.fac.registros import ANCHO, DETAIL, HEADER, TOTAL_WIDTHS, trailer
from pmc_soap.files.registro import Campo, NoCabe, Registro, Tipo

REGISTROS = [HEADER, DETAIL, *map(trailer, TOTAL_WIDTHS)]
ID = Campo("id", 1, 4, Tipo.AN, "Id.")
IMPORTE = Campo("importe", 5, 6, Tipo.N, "Importe")


@pytest.mark.parametrize("registro", REGISTROS)
def test_the_fields_of_a_fac_record_fill_its_280_columns_without_gap(registro):
    columns = [column for campo in registro.campos.values() for column in range(campo.start, campo.end + 1)]
    assert columns == list(range(1, ANCHO + 1))


@pytest.mark.parametrize("registro", REGISTROS)
def test_an_empty_record_is_as_wide_as_any(registro):
    assert len(registro.write({})) == ANCHO


def test_what_is_written_is_read_back_with_its_padding():
    registro = Registro(10, ID, IMPORTE)
    line = registro.write({"id": "0A", "importe": "1500"})
    assert line == "0A  001500"
    assert registro.read(line) == {"id": "0A  ", "importe": "001500"}


@pytest.mark.parametrize("valor", ["1234567", "-1", "1,5", "15.0", "٣"])
def test_a_number_that_does_not_fit_is_refused_never_cut(valor):
    with pytest.raises(NoCabe, match="Importe") as caught:
        Registro(10, ID, IMPORTE).write({"importe": valor})
    assert caught.value.campo is IMPORTE


@pytest.mark.parametrize(
    ("width", "campos"),
    [
        (11, (ID, IMPORTE)),
        (10, (ID, Campo("importe", 6, 5, Tipo.N, "Importe"))),
        (10, (ID, Campo("id", 5, 6, Tipo.N, "Importe"))),
    ],
)
def test_a_table_with_a_gap_a_wrong_width_or_a_name_twice_cannot_be_defined(width, campos):
    with pytest.raises(ValueError, match=r"expected|columns"):
        Registro(width, *campos)
