"""What is written as a CSV opens in a spreadsheet, and is read back to the last centavo and letter."""

import csv
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmc_soap.domain.factura import ClaveFactura, Factura, TipoImporte, Vencimiento, validate
from pmc_soap.files.facturas import open_facturas
from pmc_soap.files.planilla.escritura import guard, write
from pmc_soap.operations.carga import Renglon

DAY = date(2025, 3, 15)
FACTURA = Factura(
    clave=ClaveFactura(codigo_empresa="1234", id_cliente="007", id_factura="F-1"),
    vencimientos=(Vencimiento(fecha=DAY, importe_centavos=1_500_50),),
    mensaje_ticket="CUOTA",
    mensaje_pantalla="CUOTA",
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deuda.csv"


def read(path, facturas):
    path.write_bytes(b"".join(write(facturas)))
    return list(open_facturas(path, codigo_empresa="1234").read())


def test_it_is_written_as_an_argentine_spreadsheet_opens_it(path):
    path.write_bytes(b"".join(write([FACTURA])))
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid_cliente;id_factura;vencimiento;importe;")
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file, delimiter=";")
    assert (row["id_cliente"], row["vencimiento"], row["importe"]) == ("007", "15/03/2025", "1500,50")


@pytest.mark.parametrize("text", ["=2+3", "+54 11", "-1", "@SUM(A1)"])
def test_a_text_that_would_be_a_formula_is_none_and_is_read_back_as_it_was(path, text):
    assert guard(text) == f"'{text}"
    (item,) = read(path, [replace(FACTURA, mensaje_ticket=text)])
    assert item.factura.mensaje_ticket == text


@pytest.mark.parametrize("text", ['PEÑA "EL BUENO"', "A; B", "'TIS", "1,5", "'=2+3", "''=2"])
def test_quotes_separators_and_apostrophes_come_back(path, text):
    (item,) = read(path, [replace(FACTURA, mensaje_ticket=text)])
    assert item.factura.mensaje_ticket == text


# A busy machine is not a bug of the writer.
at_ease = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=60
)
_MARKS = st.characters(categories=["L", "N", "P", "S"], include_characters=" ")


def _is_excels(text):
    """Tell of what Excel leaves of a long number: no id, and no text of anybody's."""
    return "E+" in text


_IDS = st.from_regex(r"[0-9A-Za-z/.:#+=@'\"-]{1,19}", fullmatch=True).filter(lambda text: not _is_excels(text))
_TEXTS = st.text(_MARKS, max_size=15).map(str.strip).filter(lambda text: not _is_excels(text))
_IMPORTES = st.lists(st.integers(1, 999_999_999_999_99), min_size=1, max_size=3).map(sorted)


@st.composite
def facturas(draw):
    first, importes = draw(st.dates(date(2000, 1, 1), date(2099, 1, 1))), draw(_IMPORTES)
    tipo = draw(st.sampled_from(TipoImporte))
    id_cliente = draw(_IDS)
    en_rango = tipo is TipoImporte.RANGO
    return Factura(
        clave=ClaveFactura(codigo_empresa="1234", id_cliente=id_cliente, id_factura=draw(_IDS)),
        vencimientos=tuple(
            Vencimiento(fecha=first + timedelta(days=n), importe_centavos=centavos)
            for n, centavos in enumerate(importes)
        ),
        mensaje_ticket=draw(_TEXTS),
        mensaje_pantalla=draw(_TEXTS),
        codigo_barras=draw(st.none() | st.from_regex(r"[0-9]{1,60}", fullmatch=True)),
        nombre_cliente=draw(_TEXTS) or None,
        cuit_cliente=draw(st.none() | st.just("20055361682")),
        referencia_anterior=draw(st.none() | _IDS.filter(lambda id_: id_ != id_cliente)),
        tipo_importe=tipo,
        importe_minimo_centavos=importes[0] if en_rango else None,
        importe_maximo_centavos=importes[-1] if en_rango else None,
    )


@at_ease
@given(st.lists(facturas(), max_size=5))
def test_whatever_is_written_is_read_back(path, written):
    assert [item.factura for item in read(path, written)] == [validate(one) for one in written]


@at_ease
@given(st.lists(facturas(), max_size=3), st.binary(max_size=12), st.integers(0, 900))
def test_no_byte_out_of_place_breaks_the_reader(path, written, noise, at):
    content = b"".join(write(written))
    path.write_bytes(content[:at] + noise + content[at + len(noise) :])
    assert all(isinstance(item, Renglon) or item.codigo for item in open_facturas(path, codigo_empresa="1234").read())
