import io
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, repeat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmc_soap.domain.aviso import PAGO_CON_FACTURA, PAGO_SIN_FACTURA
from pmc_soap.domain.cobro import Cobro, CobroInvalido, RenglonCobro
from pmc_soap.domain.identificador import IdentificadorInvalido
from pmc_soap.files.cob.archivo import ArchivoCob
from pmc_soap.files.cob.escritura import nombre, write
from pmc_soap.files.registro import NoCabe

REFERENCE = Path(__file__).parents[3] / "fixtures" / "cob" / "COB1234.180325"
DAY = date(2025, 3, 18)
COBROS = [item.cobro for item in ArchivoCob.at(REFERENCE).read()]
CUOTA, _, SIN_FACTURA = COBROS


def read(content):
    return list(ArchivoCob(nombre("1234", DAY), lambda: nullcontext(io.BytesIO(content))).read())


def written(*cobros, codigo_empresa="1234"):
    return b"".join(write(codigo_empresa, DAY, cobros))


def test_the_reference_file_is_written_byte_for_byte():
    assert REFERENCE.read_bytes() == written(*COBROS)
    assert REFERENCE.name == nombre("1234", DAY)


def test_a_day_without_payments_is_written_as_the_fixture_says():
    assert (REFERENCE.parent / "bien_sin_cobros" / REFERENCE.name).read_bytes() == written()


def test_the_largest_importe_fits_and_a_centavo_more_is_refused():
    assert len(read(written(replace(CUOTA, importe_centavos=999_999_999_99)))) == 1
    with pytest.raises(NoCabe, match="Importe"):
        written(replace(CUOTA, importe_centavos=1_000_000_000_00))


def test_a_total_that_the_trailer_cannot_hold_is_refused():
    with pytest.raises(NoCabe, match="Total en pesos"):
        written(replace(CUOTA, importe_centavos=999_999_999_99), SIN_FACTURA)


@pytest.mark.parametrize(
    ("changes", "campo"),
    [
        ({"canal": "PCX"}, "Canal pago"),
        ({"canal": "Ñ"}, "Canal pago"),
        ({"nro_control": "12345"}, "Nro control"),
        ({"nro_control": "1\n5"}, "Nro control"),
        ({"codigo_provincia": "BUE1"}, "Código provincia"),
        ({"fecha_acreditacion": date(2025, 3, 17)}, "Fecha acreditación"),
    ],
)
def test_what_does_not_fit_is_refused_never_cut(changes, campo):
    with pytest.raises(NoCabe, match=campo):
        written(replace(CUOTA, **changes))


@pytest.mark.parametrize("changes", [{"id_cliente": "1" * 20}, {"id_cliente": ""}, {"id_factura": "1" * 21}])
def test_an_id_is_never_cut_and_never_empty(changes):
    with pytest.raises(IdentificadorInvalido):
        written(replace(CUOTA, **changes))


@pytest.mark.parametrize(
    "changes", [{"importe_centavos": 0}, {"importe_centavos": -1}, {"codigo_movimiento": 3}, {"id_factura": None}]
)
def test_a_cobro_that_contradicts_itself_is_refused(changes):
    with pytest.raises(CobroInvalido):
        written(replace(CUOTA, **changes))


def test_an_empresa_has_four_characters():
    with pytest.raises(IdentificadorInvalido):
        written(codigo_empresa="12345")


# A busy machine is not a bug of the writer.
at_ease = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
_IDS = st.from_regex(r"[0-9A-Za-z/.:#-]{1,19}", fullmatch=True)
_DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def _up_to(length):
    return st.none() | st.from_regex(rf"[0-9A-Z]{{1,{length}}}", fullmatch=True)


@st.composite
def cobros(draw):
    con_factura = draw(st.booleans())
    return Cobro(
        id_cliente=draw(_IDS),
        id_factura=draw(_IDS) if con_factura else None,
        primer_vencimiento=draw(_DAYS) if con_factura else None,
        fecha_aplicacion=DAY - timedelta(days=draw(st.integers(0, 30))),
        importe_centavos=draw(st.integers(1, 999_999_999_99 // 5)),
        codigo_movimiento=PAGO_CON_FACTURA if con_factura else PAGO_SIN_FACTURA,
        fecha_acreditacion=DAY,
        canal=draw(_up_to(2)),
        nro_control=draw(_up_to(4)),
        codigo_provincia=draw(_up_to(3)),
    )


@at_ease
@given(st.lists(cobros(), max_size=5))
def test_whatever_is_written_is_read_back(paid):
    assert [RenglonCobro(linea=n, cobro=cobro) for n, cobro in enumerate(paid, start=2)] == read(written(*paid))


def test_a_file_without_end_is_written_one_line_at_a_time():
    assert 5_000 == len(list(islice(write("1234", DAY, repeat(CUOTA)), 5_000)))
