"""Rows of an empresa's system become a Deuda, or say which column is wrong and how to mend it, without its value."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmc_soap.connectors.mapeo import fold, read_deuda
from pmc_soap.domain import importe
from pmc_soap.domain.consulta import Busqueda, Deuda, SinRespuesta
from pmc_soap.domain.factura import ClaveFactura, Factura, TipoImporte, Vencimiento, validate
from pmc_soap.domain.resultado import Resultado

ASKED = Busqueda(codigo_empresa="AGUA", id_cliente="0042")
DAY = date(2026, 3, 20)
ARGENTINE = timezone(timedelta(hours=-3))
CENTAVOS = st.integers(min_value=0, max_value=importe.MAX_CENTAVOS)


def _read(*, busqueda=ASKED, en_centavos=False, formato_fecha=None, **fila):
    whole = {"id_factura": "F1", "importe": "1500.50", "vencimiento": "2026-03-20", **fila}
    (factura,) = read_deuda([whole], busqueda, en_centavos=en_centavos, formato_fecha=formato_fecha).facturas
    return factura


def _refusal(**said):
    with pytest.raises(SinRespuesta) as refused:
        _read(**said)
    assert refused.value.resultado is Resultado.EMPRESA_NO_DISPONIBLE
    return refused.value.motivo


def test_the_least_that_a_row_can_say_is_a_factura_of_the_cliente_asked_for():
    assert _read() == Factura(
        clave=ClaveFactura(codigo_empresa="AGUA", id_cliente="0042", id_factura="F1"),
        vencimientos=(Vencimiento(fecha=DAY, importe_centavos=150050),),
        mensaje_pantalla="F1",
        mensaje_ticket="F1",
    )


def test_all_that_a_row_can_say_is_read_and_what_it_says_beside_is_ignored():
    factura = _read(
        id_cliente=" 7 ",
        importe=Decimal("100.00"),
        importe_2="110",
        vencimiento_2=date(2026, 3, 30),
        importe_3=120,
        vencimiento_3=datetime(2026, 4, 9, 0, 0),  # noqa: DTZ001 — as databases give it
        mensaje_pantalla="AGUA 03/26",
        mensaje_ticket="Consumo de marzo",
        nombre_cliente="Peña,\tAna",
        cuit_cliente="20-11111111-2",
        codigo_barras=123456,
        tipo_importe="rango",
        importe_minimo="50.00",
        importe_maximo=200,
        moneda="032",
        sucursal="9",
    )
    assert validate(factura) == Factura(
        clave=ClaveFactura(codigo_empresa="AGUA", id_cliente="7", id_factura="F1"),
        vencimientos=(
            Vencimiento(fecha=DAY, importe_centavos=10000),
            Vencimiento(fecha=date(2026, 3, 30), importe_centavos=11000),
            Vencimiento(fecha=date(2026, 4, 9), importe_centavos=12000),
        ),
        mensaje_pantalla="AGUA 03/26",
        mensaje_ticket="Consumo de marzo",
        nombre_cliente="Peña, Ana",
        cuit_cliente="20111111112",
        codigo_barras="123456",
        tipo_importe=TipoImporte.RANGO,
        importe_minimo_centavos=5000,
        importe_maximo_centavos=20000,
        moneda="ARS",
    )


def test_no_rows_are_no_debt():
    assert read_deuda([], ASKED) == Deuda(resultado=Resultado.SIN_DEUDA)


def test_null_and_blank_are_absent():
    empty = dict.fromkeys(("importe_2", "vencimiento_2", "mensaje_ticket", "nombre_cliente", "cuit_cliente"), "  ")
    assert _read(**empty, importe_3=None, vencimiento_3=None, codigo_barras=None, tipo_importe="") == _read()


@given(CENTAVOS)
def test_an_importe_is_exact_however_it_is_told(centavos):
    text, decimal = importe.format(centavos), importe.to_decimal(centavos)
    told = [_read(importe=text), _read(importe=decimal), _read(importe=decimal * Decimal("1.0000"))]
    told += [_read(en_centavos=True, importe=value) for value in (centavos, str(centavos), Decimal(centavos))]
    told += [_read(importe=centavos // 100)] if centavos % 100 == 0 else []
    assert {factura.vencimientos[0].importe_centavos for factura in told} == {centavos}


@given(st.floats() | st.booleans())
def test_binary_floats_and_booleans_are_never_an_importe(value):
    for column in ("importe", "importe_minimo"):
        assert f"«{column}»" in _refusal(**{column: value})
    assert "«importe»" in _refusal(en_centavos=True, importe=value)


def test_a_float_is_told_how_to_be_mended():
    said = "la columna «importe» es de punto flotante: convertila a DECIMAL o a texto en la consulta"
    assert _refusal(importe=1500.5) == said


@given(st.decimals() | st.integers() | st.text(max_size=20))
def test_whatever_is_told_as_an_importe_is_one_or_is_refused_by_name(value):
    for en_centavos in (False, True):
        try:
            read = _read(importe=value, en_centavos=en_centavos).vencimientos[0].importe_centavos
        except SinRespuesta:
            assert "«importe»" in _refusal(importe=value, en_centavos=en_centavos)
        else:
            assert 0 <= read <= importe.MAX_CENTAVOS


@pytest.mark.parametrize(
    "value",
    [
        "1500,50",
        "-1",
        "$ 10",
        "1.555",
        "1e3",
        -1,
        10**13,
        b"10",
        Decimal("0.001"),
        Decimal("NaN"),
        Decimal("1E+999999"),
    ],
)
def test_what_is_no_importe_is_refused_without_being_told(value):
    assert _refusal(importe=value) == "la columna «importe» no es un importe: se esperan pesos, como 1500.50"


@pytest.mark.parametrize("value", ["1500.50", "٣", Decimal("0.5"), Decimal("Infinity"), -1, "", 10**15])
def test_centavos_are_whole(value):
    assert "«importe»" in _refusal(importe=value, en_centavos=True)


@pytest.mark.parametrize(
    ("value", "formato"),
    [
        (DAY, None),
        (datetime(2026, 3, 20, 23, 59), None),  # noqa: DTZ001
        (datetime(2026, 3, 21, 2, 59, tzinfo=UTC), None),
        (datetime(2026, 3, 20, 0, 0, tzinfo=ARGENTINE), None),
        ("2026-03-20", None),
        (" 2026-03-20 ", None),
        ("2026-03-20T00:00:00Z", None),
        ("2026-03-20 23:59:59.000", None),
        ("20/03/2026", "%d/%m/%Y"),
        ("20260320", "%Y%m%d"),
        (20260320, "%Y%m%d"),
        ("20/03/26 10:00", "%d/%m/%y %H:%M"),
    ],
)
def test_a_vencimiento_is_a_day_of_argentina(value, formato):
    assert _read(vencimiento=value, formato_fecha=formato).vencimientos[0].fecha == DAY


@pytest.mark.parametrize("value", ["20/03/2026", "2026-02-30", "0000-00-00", "2026-03-20X", "20260320", 20260320])
def test_what_is_no_date_is_refused_by_name(value):
    assert _refusal(vencimiento=value) == "la columna «vencimiento» no es una fecha: se espera AAAA-MM-DD"


def test_a_number_is_a_date_only_where_no_leading_zero_can_be_lost():
    assert "«vencimiento»" in _refusal(vencimiento=1032026, formato_fecha="%d%m%Y")


def test_a_date_of_another_format_is_refused_by_the_format_that_was_agreed():
    assert _refusal(vencimiento="2026-03-20", formato_fecha="%d/%m/%Y").endswith("se espera %d/%m/%Y")


@pytest.mark.parametrize("column", ["id_factura", "importe", "vencimiento"])
def test_a_column_that_must_be_there_is_missed_by_name(column):
    for absent in (None, " "):
        assert _refusal(**{column: absent}) == f"falta la columna «{column}», o vino vacía"


def test_who_asked_by_factura_must_be_told_the_cliente():
    by_factura = Busqueda(codigo_empresa="AGUA", id_factura="F1")
    assert "«id_cliente»" in _refusal(busqueda=by_factura)
    assert _read(busqueda=by_factura, id_cliente=42).clave.id_cliente == "42"


@pytest.mark.parametrize("pair", [{"importe_2": 1}, {"vencimiento_3": DAY}])
def test_half_a_vencimiento_is_refused(pair):
    assert "van juntas" in _refusal(**pair)


def test_free_text_is_made_one_line_and_cut_never_refused():
    factura = _read(
        mensaje_pantalla="PERÍODO\x00\nMARZO DE 2026",
        mensaje_ticket="x" * 99,
        nombre_cliente="n" * 99,
        id_factura="F" * 20,
    )
    assert factura.mensaje_pantalla == "PERÍODO MARZO D"
    assert validate(factura) == factura
    assert _read(id_factura="F" * 20).mensaje_pantalla == "F" * 15


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_a_folded_text_is_printable_fits_and_folds_to_itself(text, max_length):
    folded = fold(text, max_length)
    assert len(folded) <= max_length
    assert folded.isprintable()
    assert folded == folded.strip()


@pytest.mark.parametrize(
    "said",
    [
        {"id_factura": "F" * 21},
        {"id_factura": "a&b"},
        {"id_factura": Decimal("1.5")},
        {"id_factura": Decimal("NaN")},
        {"id_factura": Decimal("1E+99999")},
        {"id_factura": True},
        {"id_cliente": 1.0},
        {"codigo_barras": "9" * 61},
        {"mensaje_ticket": b"marzo"},
        {"nombre_cliente": ["Ana"]},
        {"tipo_importe": "FIJO"},
    ],
)
def test_what_cannot_be_read_is_named_and_its_value_never_told(said):
    ((column, value),) = said.items()
    motivo = _refusal(**said)
    assert f"«{column}»" in motivo
    assert str(value) not in motivo
