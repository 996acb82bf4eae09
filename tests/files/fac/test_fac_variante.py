"""A FAC does not say which variante it is of, and a wrong guess reads a thousandth of what is owed."""

import io
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pmc_soap.domain.factura import Vencimiento
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.files.fac.archivo import ArchivoFac
from pmc_soap.files.fac.codigos import Codigo
from pmc_soap.files.fac.escritura import write
from pmc_soap.files.fac.registros import DETAILS, Variante
from pmc_soap.files.fac.variante import Dudosa, may_be
from pmc_soap.operations.carga import Problema, Renglon

ARCHIVOS = Path(__file__).parents[3] / "fixtures" / "archivos"
NOMBRE = "FAC1234.100325"
DAY = date(2025, 3, 10)
CLASSIC, WIDE = (
    (ARCHIVOS / NOMBRE).read_text().splitlines(),
    (ARCHIVOS / "bien_ancha" / NOMBRE).read_text().splitlines(),
)
CUOTA, INTERNET = (item.factura for item in ArchivoFac.at(ARCHIVOS / NOMBRE).read())


def archivo_of(*lines):
    content = "\n".join(lines).encode()
    return ArchivoFac(NOMBRE, lambda: nullcontext(io.BytesIO(content)))


def read(*lines):
    items = list(archivo_of(*lines).read())
    return [i.factura for i in items if isinstance(i, Renglon)], [i for i in items if isinstance(i, Problema)]


def written(*facturas, **options):
    return b"".join(write("1234", DAY, facturas, **options)).decode().splitlines()


def only(factura, importe_centavos):
    """A factura of one vencimiento, of a cliente whose id changed: its line tells least of its variante."""
    vencimiento = Vencimiento(fecha=date(2025, 3, 20), importe_centavos=importe_centavos)
    return replace(factura, vencimientos=(vencimiento,), referencia_anterior="VIEJO-77")


def put(line, column, text):
    return line[: column - 1] + text + line[column - 1 + len(text) :]


@pytest.mark.parametrize(("lines", "variante"), [(CLASSIC, Variante.CLASICA), (WIDE, Variante.ANCHA)])
def test_a_line_tells_its_variante_by_where_its_referencia_is_repeated(lines, variante):
    assert [may_be(line) for line in lines[1:3]] == [[variante], [variante]]
    assert archivo_of(*lines).variante is variante


def test_a_line_of_a_cliente_that_changed_its_id_tells_its_variante_by_its_dates():
    assert may_be(put(CLASSIC[1], 118, "VIEJO-77".ljust(19))) == [Variante.CLASICA]
    assert may_be(put(WIDE[1], 130, "VIEJO-77".ljust(19))) == [Variante.ANCHA]


@pytest.mark.parametrize("line", ["", CLASSIC[0], CLASSIC[3], CLASSIC[1][:250], CLASSIC[1] + " "])
def test_what_is_no_detail_tells_nothing(line):
    assert list(may_be(line)) == []


@pytest.mark.parametrize("variante", Variante)
@pytest.mark.parametrize("importe_centavos", [1, 100, 123_456, 100_000, 1_500_000, 999_999_999_99])
@pytest.mark.parametrize("old", ["VIEJO-77", "0000000000000000077", "7" * 19])
def test_a_line_that_does_not_tell_is_never_read_at_another_importe(variante, importe_centavos, old):
    factura = replace(only(INTERNET, importe_centavos), referencia_anterior=old)
    lines = written(factura, variante=variante)
    assert read(*lines) == ([factura], [])
    bare = [line.rstrip() if line[0] != "5" else line for line in lines]
    assert read(*bare) == ([factura], [])


def test_where_neither_lines_nor_trailer_tell_nothing_is_read():
    lines = written(only(INTERNET, 1_500_000), variante=Variante.ANCHA)
    facturas, problemas = read(*lines[:2])
    assert (facturas, [(p.codigo, p.linea) for p in problemas]) == ([], [(Codigo.VARIANTE_DUDOSA, 2)])
    with pytest.raises(Dudosa):
        _ = archivo_of(*lines[:2]).variante


def test_one_line_that_tells_is_enough_wherever_it_stands():
    doubtful = only(INTERNET, 1_500_000)
    lines = written(doubtful, doubtful, CUOTA, variante=Variante.ANCHA)
    assert read(*lines) == ([doubtful, doubtful, CUOTA], [])


def test_a_line_with_no_date_that_is_one_is_told_of_and_not_called_doubtful():
    line = put(put(CLASSIC[1], 118, "VIEJO-77".ljust(19)), 61, "20259999")
    _, problemas = read(CLASSIC[0], line, CLASSIC[3])
    assert Codigo.FECHA_INVALIDA in {p.codigo for p in problemas}
    assert Codigo.VARIANTE_DUDOSA not in {p.codigo for p in problemas}


@pytest.mark.parametrize("lines", [(CLASSIC[0], CLASSIC[1], WIDE[2]), (WIDE[0], WIDE[1], CLASSIC[2])])
def test_after_a_line_of_the_other_variante_nothing_is_read(lines):
    facturas, problemas = read(*lines, CLASSIC[3])
    assert (facturas, [(p.codigo, p.linea) for p in problemas]) == ([CUOTA], [(Codigo.VARIANTES_MEZCLADAS, 3)])


def test_a_problem_of_a_wide_line_names_the_columns_of_the_wide_layout():
    def told(column, text):
        _, problemas = read(WIDE[0], put(WIDE[1], column, text), WIDE[2], WIDE[3])
        return [(p.codigo, p.columna, p.valor) for p in problemas if p.linea == 2]

    assert told(72, "-1234567890123") == [(Codigo.IMPORTE_INVALIDO, 72, "-1234567890123")]
    assert told(64, "20250231") == [(Codigo.FECHA_INVALIDA, 64, "20250231")]
    renglon = next(item for item in archivo_of(*WIDE).read() if isinstance(item, Renglon))
    repeated = archivo_of(*WIDE).explain(Ending(Resultado.FACTURA_EXISTENTE), replace(renglon, repite=9))
    assert (repeated.columna, repeated.codigo) == (21, Codigo.FACTURA_REPETIDA)
    decreasing = replace(renglon.factura, vencimientos=renglon.factura.vencimientos[::-1])
    found = archivo_of(*WIDE).explain(
        Ending(Resultado.VENCIMIENTOS_INVALIDOS, campo="Importe"), replace(renglon, factura=decreasing)
    )
    assert (found.columna, found.valor) == (72, "00000001300000")


def test_the_text_of_a_wrong_importe_says_how_many_digits_it_needs():
    for lines, digits in ((CLASSIC, "11"), (WIDE, "14")):
        _, problemas = read(lines[0], put(lines[1], 50, "X"), lines[3])
        assert f"no son {digits} dígitos" in next(p.que_pasa for p in problemas if p.linea == 2)


def test_both_layouts_differ_only_in_the_width_of_the_importes_and_so_of_the_filler():
    classic, wide = (DETAILS[variante].campos for variante in Variante)
    assert list(classic) == list(wide)
    for name, campo in classic.items():
        wider = {"filler_1": 3, "filler_2": -12}.get(name, 3 if name.startswith("importe") else 0)
        assert wide[name].length == campo.length + wider
