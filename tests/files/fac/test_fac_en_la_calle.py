"""What public writers of the FAC were seen to get wrong; S1, S2 … are those of docs/divergencias.md#archivos."""

import io
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pmc_soap.domain.factura import Vencimiento
from pmc_soap.files.fac.archivo import ArchivoFac
from pmc_soap.files.fac.codigos import Codigo
from pmc_soap.files.fac.escritura import write
from pmc_soap.files.fac.registros import DETAILS, TRAILER, Variante
from pmc_soap.files.registro import NoCabe
from pmc_soap.operations.carga import Renglon

ARCHIVOS = Path(__file__).parents[3] / "fixtures" / "archivos"
NOMBRE = "FAC1234.100325"
DAY = date(2025, 3, 10)
DETAIL = DETAILS[Variante.CLASICA]
H, A, B, T = (ARCHIVOS / NOMBRE).read_text().splitlines()
CUOTA, INTERNET = (item.factura for item in ArchivoFac.at(ARCHIVOS / NOMBRE).read())


def facturas_of(case):
    items = ArchivoFac.at(ARCHIVOS / case / NOMBRE).read()
    return [item.factura for item in items if isinstance(item, Renglon)]


def codigos_of(*lines):
    content = "\n".join(lines).encode()
    items = ArchivoFac(NOMBRE, lambda: nullcontext(io.BytesIO(content))).read()
    return [item.codigo for item in items if not isinstance(item, Renglon)]


def fields(factura):
    """Give the fields of the line that is written of it."""
    return DETAIL.read(list(write("1234", DAY, [factura]))[1].decode())


def test_the_repeated_referencia_is_filled_with_spaces_and_never_with_ones():  # S5
    assert fields(CUOTA)["referencia_anterior"] == "20055361682        "


def test_a_referencia_filled_with_ones_is_not_taken_for_the_old_id_of_a_cliente():  # S5
    assert [f.referencia_anterior for f in facturas_of("bien_referencia_anterior_con_unos")] == [None, None]


def test_an_old_id_that_ends_in_ones_is_still_an_old_id():
    old = replace(CUOTA, referencia_anterior="200553616820000001")
    content = b"".join(write("1234", DAY, [old]))
    (item,) = ArchivoFac(NOMBRE, lambda: nullcontext(io.BytesIO(content))).read()
    assert item.factura == old


def test_ids_keep_leading_zeros_and_letters_on_the_way_out():  # S2 reads them as numbers
    written = fields(replace(INTERNET, clave=replace(INTERNET.clave, id_cliente="00AB-42X", id_factura="007/B")))
    assert (written["id_cliente"], written["id_factura"]) == ("00AB-42X".ljust(19), "007/B".ljust(20))


def test_ids_keep_leading_zeros_and_letters_on_the_way_in():
    claves = [(f.clave.id_cliente, f.clave.id_factura) for f in facturas_of("bien_ids_con_letras_y_ceros")]
    assert claves == [
        ("00AB-0000000042X", "FC-0001-00000042"),
        ("0000000000000000123", "000000000000000777"),
    ]


@pytest.mark.parametrize("centavos", [1_000_000_000_00, 12_345_678_901_23])
def test_the_left_digits_of_a_large_importe_are_never_cut(centavos):
    large = replace(CUOTA, vencimientos=(Vencimiento(fecha=DAY, importe_centavos=centavos),))
    with pytest.raises(NoCabe):
        fields(large)


def test_a_total_without_its_zeros_is_not_believed():  # S3
    assert codigos_of(H, T[:16] + "0000000" + "0000000" + "0".ljust(16) + T[46:]) == [Codigo.CIERRE_ILEGIBLE]
    assert codigos_of(H, T[:16] + "       " + T[23:30] + "0" * 16 + T[46:]) == [Codigo.CIERRE_ILEGIBLE]


def test_the_count_is_of_the_facturas_and_not_of_the_lines():
    assert TRAILER.read(list(write("1234", DAY, [CUOTA, INTERNET]))[-1].decode())["cantidad"] == "0000002"


def test_a_decimal_point_inside_an_importe_is_told_of():
    line = A[:49] + "00012345.50" + A[60:]
    assert codigos_of(H, line, B, T)[:1] == [Codigo.IMPORTE_INVALIDO]


def test_a_third_vencimiento_without_a_second_is_told_of():  # S5: never
    assert Codigo.VENCIMIENTO_SALTEADO in {
        item.codigo
        for item in ArchivoFac.at(ARCHIVOS / "vencimiento_salteado" / NOMBRE).read()
        if not isinstance(item, Renglon)
    }


def test_no_vencimiento_is_written_as_zeros_and_not_as_spaces():  # S5, S6
    written = fields(INTERNET)
    assert [written[f"{name}_{n}"] for n in (2, 3) for name in ("fecha", "importe")] == ["0" * 8, "0" * 11] * 2


def test_texts_are_folded_to_plain_capitals_and_fill_their_280_columns():  # S7 writes bytes of UTF-8
    line = list(
        write("1234", DAY, [replace(CUOTA, mensaje_ticket="Peña y Cía. Nº 42 – ñandú", mensaje_pantalla="Año")])
    )[1]
    assert line.isascii()
    assert (len(line), line[136:176].strip()) == (282, b"PENA Y CIA. N  42   NANDU")
