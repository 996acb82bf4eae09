import io
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmc_soap.domain.factura import ClaveFactura, Factura, TipoImporte, Vencimiento
from pmc_soap.domain.identificador import IdentificadorInvalido
from pmc_soap.files.fac.archivo import ArchivoFac
from pmc_soap.files.fac.escritura import fold, nombre, write
from pmc_soap.files.fac.registros import TOTAL_WIDTHS, Variante
from pmc_soap.files.registro import NoCabe
from pmc_soap.operations.carga import Problema

REFERENCE = Path(__file__).parents[3] / "fixtures" / "archivos" / "FAC1234.100325"
DAY = date(2025, 3, 10)
FACTURAS = [item.factura for item in ArchivoFac.at(REFERENCE).read()]
CUOTA = FACTURAS[0]


def read(content):
    name = nombre("1234", DAY)
    return list(ArchivoFac(name, lambda: nullcontext(io.BytesIO(content))).read())


def with_importe(centavos):
    return replace(CUOTA, vencimientos=(Vencimiento(fecha=DAY, importe_centavos=centavos),))


def test_the_reference_file_is_written_byte_for_byte():
    assert b"".join(write("1234", DAY, FACTURAS)) == REFERENCE.read_bytes()
    assert nombre("1234", DAY) == REFERENCE.name


def test_the_wide_variante_is_written_as_the_public_file_of_it():
    wide = REFERENCE.parent / "bien_ancha" / REFERENCE.name
    assert b"".join(write("1234", DAY, FACTURAS, variante=Variante.ANCHA)) == wide.read_bytes()


@pytest.mark.parametrize("variante", Variante)
@pytest.mark.parametrize("width", TOTAL_WIDTHS)
def test_a_total_of_any_known_width_is_read_back(variante, width):
    content = b"".join(write("1234", DAY, FACTURAS, variante=variante, total_width=width))
    assert {len(line) for line in content.splitlines(keepends=True)} == {282}
    assert [item.factura for item in read(content)] == FACTURAS


@pytest.mark.parametrize(
    ("variante", "most"), [(Variante.CLASICA, 999_999_999_99), (Variante.ANCHA, 999_999_999_999_99)]
)
def test_the_largest_importe_fits_and_a_centavo_more_is_refused(variante, most):
    found = read(b"".join(write("1234", DAY, [with_importe(most)], variante=variante)))
    assert [item.factura.vencimientos[0].importe_centavos for item in found] == [most]
    with pytest.raises(NoCabe, match="Importe 1er Vto"):
        list(write("1234", DAY, [with_importe(most + 1)], variante=variante))


def test_a_total_that_the_trailer_cannot_hold_is_refused():
    with pytest.raises(NoCabe, match="Total Importe"):
        list(write("1234", DAY, [with_importe(999_999_999_99)] * 2, total_width=11))


@pytest.mark.parametrize(
    "changes", [{"moneda": "USD"}, {"tipo_importe": TipoImporte.ABIERTO}, {"codigo_barras": "1" * 61}]
)
def test_what_a_fac_cannot_say_is_refused(changes):
    with pytest.raises(NoCabe):
        list(write("1234", DAY, [replace(CUOTA, **changes)]))


def test_a_factura_of_another_empresa_is_refused():
    with pytest.raises(NoCabe):
        list(write("9999", DAY, [CUOTA]))


def test_an_id_is_never_cut():
    clave = replace(CUOTA.clave, id_cliente="1" * 20)
    with pytest.raises(IdentificadorInvalido):
        list(write("1234", DAY, [replace(CUOTA, clave=clave)]))


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Peña, 1º piso", "PENA, 1  PISO"), ("CÍA 20°", "CIA 20 "), ("straße\t€", "STRASSE  "), ("ÁÉÍÓÚÜ", "AEIOUU")],
)
def test_texts_become_plain_capitals(text, folded):
    assert fold(text) == folded


def test_a_long_message_is_cut_and_the_line_stays_280():
    line = list(write("1234", DAY, [replace(CUOTA, mensaje_ticket="Ñandú " * 20)]))[1]
    assert len(line) == 282


# A busy machine is not a bug of the writer.
at_ease = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
_IDS = st.from_regex(r"[0-9A-Za-z/.:#-]{1,12}", fullmatch=True)
_TEXTS = st.text("ABCXYZ 0123456789/.,-", max_size=15).map(str.strip)
_EVERY = st.integers(1, 999_999_999_99) | st.integers(1, 999_999).map(lambda pesos: pesos * 1_000)
_IMPORTES = st.lists(_EVERY, min_size=1, max_size=3).map(sorted)


@st.composite
def facturas(draw):
    first = draw(st.dates(date(2000, 1, 1), date(2099, 1, 1)))
    id_cliente = draw(_IDS)
    anterior = draw(st.none() | _IDS.filter(lambda id_: id_.rstrip("1") != id_cliente.rstrip("1") and id_.strip("0")))
    return Factura(
        clave=ClaveFactura(codigo_empresa="1234", id_cliente=id_cliente, id_factura=draw(_IDS)),
        vencimientos=tuple(
            Vencimiento(fecha=first + timedelta(days=n), importe_centavos=centavos)
            for n, centavos in enumerate(draw(_IMPORTES))
        ),
        mensaje_ticket=draw(_TEXTS),
        mensaje_pantalla=draw(_TEXTS),
        codigo_barras=draw(st.none() | st.from_regex(r"[0-9]{0,59}[1-9]", fullmatch=True)),
        referencia_anterior=anterior,
    )


@at_ease
@given(st.lists(facturas(), max_size=5), st.sampled_from(Variante), st.sampled_from(TOTAL_WIDTHS[::2]))
def test_whatever_is_written_is_read_back(written, variante, width):
    found = read(b"".join(write("1234", DAY, written, variante=variante, total_width=width)))
    assert [item.factura for item in found if not isinstance(item, Problema)] == written
    assert [item for item in found if isinstance(item, Problema)] == []


@at_ease
@given(st.lists(facturas(), max_size=3), st.binary(max_size=12), st.integers(0, 1_200))
def test_no_byte_out_of_place_breaks_the_reader(written, noise, at):
    content = b"".join(write("1234", DAY, written))
    assert isinstance(read(content[:at] + noise + content[at + len(noise) :]), list)
