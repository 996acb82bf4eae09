"""What a COB says, and every way it can be wrong; each fixture is named by what it shows."""

import gc
import io
from contextlib import nullcontext
from datetime import date
from itertools import chain, repeat
from pathlib import Path

import pytest

from pmc_soap.domain.aviso import PAGO_CON_FACTURA, PAGO_SIN_FACTURA
from pmc_soap.domain.cobro import Cobro, RenglonCobro
from pmc_soap.files.cob.archivo import ArchivoCob
from pmc_soap.files.cob.codigos import TEXTOS, Codigo, problema
from pmc_soap.files.cob.registros import ANCHO, DETAIL, HEADER, TRAILER
from pmc_soap.files.lineas import Linea
from pmc_soap.operations.carga import Gravedad, Problema

COB = Path(__file__).parents[3] / "fixtures" / "cob"
NOMBRE = "COB1234.180325"
REFERENCE = COB / NOMBRE
H, A, B, C, T = REFERENCE.read_text().splitlines()
ACREDITACION = date(2025, 3, 18)

CUOTA = Cobro(
    id_cliente="20055361682",
    id_factura="FC-0001-00000042",
    primer_vencimiento=date(2025, 3, 15),
    fecha_aplicacion=date(2025, 3, 14),
    importe_centavos=12_345_50,
    codigo_movimiento=PAGO_CON_FACTURA,
    fecha_acreditacion=ACREDITACION,
    canal="PC",
    nro_control="A1B2",
)
INTERNET = Cobro(
    id_cliente="0000000000000000123",
    id_factura="000000000000000777",
    primer_vencimiento=date(2025, 3, 20),
    fecha_aplicacion=date(2025, 3, 14),
    importe_centavos=500_00,
    codigo_movimiento=PAGO_CON_FACTURA,
    fecha_acreditacion=ACREDITACION,
    canal="HB",
    nro_control="0007",
)
SIN_FACTURA = Cobro(
    id_cliente="0000000000000000555",
    fecha_aplicacion=date(2025, 3, 14),
    importe_centavos=10_00,
    codigo_movimiento=PAGO_SIN_FACTURA,
    fecha_acreditacion=ACREDITACION,
    canal="S1",
    nro_control="9Z01",
    codigo_provincia="C01",
)


def apart(items):
    items = list(items)
    cobros = [item.cobro for item in items if isinstance(item, RenglonCobro)]
    return cobros, [item for item in items if isinstance(item, Problema)]


def read(path, **options):
    return apart(ArchivoCob.at(path, **options).read())


def read_lines(*lines, **options):
    content = "\r\n".join(lines).encode()
    return apart(ArchivoCob(NOMBRE, lambda: nullcontext(io.BytesIO(content)), **options).read())


def fixture(case):
    (path,) = (COB / case).iterdir()
    return path


def put(line, column, text):
    return line[: column - 1] + text + line[column - 1 + len(text) :]


@pytest.mark.parametrize("registro", [HEADER, DETAIL, TRAILER])
def test_the_fields_of_a_cob_record_fill_its_100_columns_without_gap(registro):
    columns = [column for campo in registro.campos.values() for column in range(campo.start, campo.end + 1)]
    assert columns == list(range(1, ANCHO + 1))
    assert len(registro.write({})) == ANCHO


def test_the_reference_file_is_read_field_by_field_to_the_centavo():
    assert read(REFERENCE) == ([CUOTA, INTERNET, SIN_FACTURA], [])
    assert 12_855_50 == sum(cobro.importe_centavos for cobro in read(REFERENCE)[0])


def test_a_cobro_knows_its_line():
    assert [item.linea for item in ArchivoCob.at(REFERENCE).read()] == [2, 3, 4]


def test_the_file_names_its_empresa_and_the_day_of_its_money():
    archivo = ArchivoCob.at(REFERENCE)
    assert (archivo.codigo_empresa, archivo.fecha, archivo.nombre) == ("1234", ACREDITACION, NOMBRE)


@pytest.mark.parametrize("case", sorted(path.name for path in COB.glob("bien_*")))
def test_what_the_world_writes_otherwise_is_read_without_a_problem(case):
    cobros, problemas = read(fixture(case))
    assert problemas == []
    assert len(cobros) in {0, 3}


@pytest.mark.parametrize(
    "case",
    ["bien_lf_sin_fin", "bien_bom_y_lineas_vacias", "bien_rellenos_con_espacios", "bien_sin_factura_con_ceros"],
)
def test_line_ends_marks_and_padding_change_nothing(case):
    assert read(fixture(case))[0] == [CUOTA, INTERNET, SIN_FACTURA]


@pytest.mark.parametrize(
    ("case", "nro_control"),
    [("bien_iso_8859_1", "Ñ1B2"), ("bien_utf8_en_caracteres", "Ñ1B2"), ("bien_utf8_en_bytes", "Ñ1B")],
)
def test_accents_never_break_100(case, nro_control):
    cuota, *others = read(fixture(case))[0]
    assert (cuota.nro_control, cuota.importe_centavos) == (nro_control, CUOTA.importe_centavos)
    assert others == [INTERNET, SIN_FACTURA]


def test_a_day_without_payments_is_a_file_too():
    assert read(fixture("bien_sin_cobros")) == ([], [])


def test_two_equal_lines_are_two_payments():
    items = list(ArchivoCob.at(fixture("bien_dos_cobros_iguales")).read())
    assert [(item.linea, item.cobro) for item in items[:2]] == [(2, CUOTA), (3, CUOTA)]


def test_a_payment_after_the_first_due_date_still_quotes_the_first():
    late = read(fixture("bien_pagado_tras_el_primer_vencimiento"))[0][0]
    assert (late.primer_vencimiento, late.fecha_aplicacion) == (date(2025, 3, 10), date(2025, 3, 14))


BROKEN = [
    ("nombre_invalido", 0, 0, ""),
    ("nombre_no_coincide", 0, 0, ""),
    ("sin_encabezado", 1, 1, ""),
    ("ente_invalido", 1, 2, "401"),
    ("empresa_invalida", 1, 5, "12 4"),
    ("fecha_de_archivo_invalida", 1, 9, "20250230"),
    ("empresa_distinta", 1, 5, "9999"),
    ("sin_cierre", 4, 1, ""),
    ("cierre_no_coincide", 5, 2, "400123420250319"),
    ("cierre_ilegible", 5, 17, "3"),
    ("cantidad_no_coincide", 5, 17, "0000004"),
    ("total_no_coincide", 5, 31, "00001285551"),
    ("total_sin_comprobar", 5, 31, "00001285550"),
    ("datos_tras_el_cierre", 5, 1, ""),
    ("encabezado_repetido", 3, 1, ""),
    ("no_es_texto", 1, 1, ""),
    ("acreditacion_no_coincide", 3, 70, "20250317"),
    ("dolares_en_el_cierre", 5, 24, "0000001"),
    ("dolares_en_el_cierre", 5, 42, "00000000500"),
    ("linea_corta", 3, 1, ""),
    ("linea_larga", 2, 1, ""),
    ("linea_vacia", 3, 1, ""),
    ("registro_desconocido", 3, 1, "7"),
    ("caracter_invalido", 3, 80, "00·7"),
    ("id_cliente_invalido", 2, 2, ""),
    ("id_cliente_invalido", 3, 2, "AT&T"),
    ("id_factura_invalido", 2, 21, "<42>"),
    ("moneda_no_admitida", 3, 49, "1"),
    ("fecha_invalida", 2, 41, "20250231"),
    ("fecha_invalida", 3, 50, "00000000"),
    ("fecha_invalida", 4, 70, "2025AB18"),
    ("importe_invalido", 2, 58, "-0001234550"),
    ("importe_cero", 3, 58, "00000000000"),
    ("movimiento_desconocido", 3, 69, "3"),
    ("movimiento_desconocido", 4, 69, ""),
    ("sobra_factura", 3, 21, "000000000000000777"),
    ("sobra_factura", 4, 41, "20250320"),
    ("falta_factura", 2, 41, "00000000"),
    ("falta_factura", 4, 21, ""),
]
FIXTURES = {"moneda_no_admitida": "moneda_dolares"}
ELSEWHERE = {Codigo.EMPRESA_INEXISTENTE}  # told by who knows the empresas; its words are tested below


@pytest.mark.parametrize(("name", "linea", "columna", "valor"), BROKEN)
def test_what_is_broken_is_told_by_code_line_column_and_value(name, linea, columna, valor):
    codigo = Codigo[name.upper()]
    _, problemas = read(fixture(FIXTURES.get(name, name)), codigo_empresa="1234" if "distinta" in name else None)
    found = [p for p in problemas if (p.codigo, p.linea, p.columna) == (codigo, linea, columna)]
    assert [p.valor if valor else "" for p in found] == [valor]
    assert found[0].gravedad is (Gravedad.ARCHIVO if codigo < "COB-200" else Gravedad.LINEA)


def test_every_code_has_its_text_and_its_fixture():
    assert set(TEXTOS) == set(Codigo)
    assert {Codigo[name.upper()] for name, *_ in BROKEN} | ELSEWHERE == set(Codigo)


def test_every_fixture_is_in_a_test_and_in_the_readme():
    cases = {path.name for path in COB.iterdir() if path.is_dir()}
    assert {FIXTURES.get(name, name) for name, *_ in BROKEN} == {case for case in cases if not case.startswith("bien_")}
    readme = (COB / "README.md").read_text(encoding="utf-8")
    assert [case for case in sorted(cases) if f"`{case}`" not in readme] == []
    assert [codigo for codigo in Codigo if codigo not in readme] == []


def test_every_text_says_what_is_wrong_and_what_to_do_but_never_to_mend_it_by_hand():
    for texto in TEXTOS.values():
        assert texto.que_pasa.endswith(".")
        assert texto.que_hacer.endswith(".")
        assert not {"corregí", "completá", "borrá", "renombralo"} & set(texto.que_hacer.lower().split())


def test_only_what_is_wrong_is_told():
    for name in {name for name, *_ in BROKEN}:
        told = {p.codigo for p in read(fixture(FIXTURES.get(name, name)), any_name=not name.startswith("nombre"))[1]}
        also = {"importe_invalido": {Codigo.TOTAL_SIN_COMPROBAR}, "linea_larga": {Codigo.TOTAL_SIN_COMPROBAR}}
        also |= {"total_sin_comprobar": {Codigo.IMPORTE_INVALIDO}}
        also |= {"registro_desconocido": {Codigo.CANTIDAD_NO_COINCIDE, Codigo.TOTAL_NO_COINCIDE}}
        also |= {"datos_tras_el_cierre": {Codigo.CANTIDAD_NO_COINCIDE, Codigo.TOTAL_NO_COINCIDE}}
        itself = set() if name == "empresa_distinta" else {Codigo[name.upper()]}
        assert itself | also.get(name, set()) == told, name


def test_all_that_is_wrong_with_a_line_is_told_at_once():
    line = put(put(put(put(A, 2, " " * 19), 49, "9"), 58, "ABCDEFGHIJK"), 70, "20250319")
    _, problemas = read_lines(H, line, B, C, T)
    assert [p.codigo for p in problemas if p.linea == 2] == [
        Codigo.MONEDA_NO_ADMITIDA,
        Codigo.ID_CLIENTE_INVALIDO,
        Codigo.IMPORTE_INVALIDO,
        Codigo.ACREDITACION_NO_COINCIDE,
    ]


def test_the_good_lines_of_a_file_with_a_bad_one_are_read():
    assert read(fixture("moneda_dolares"))[0] == [CUOTA, SIN_FACTURA]


def test_a_movement_that_contradicts_its_factura_is_told_and_never_guessed():
    assert read(fixture("sobra_factura"))[0] == [CUOTA]
    assert read(fixture("falta_factura"))[0] == [INTERNET]


def test_a_factura_may_be_called_zero():
    cobros, problemas = read_lines(H, put(A, 21, "0".ljust(20)), B, C, T)
    assert (cobros[0].id_factura, problemas) == ("0", [])


@pytest.mark.parametrize("missing", range(1, 15))
def test_only_the_filler_of_a_line_may_be_missing(missing):
    assert read_lines(H, A[:-missing], B, C, T) == ([CUOTA, INTERNET, SIN_FACTURA], [])
    cobros, problemas = read_lines(H, A[: -14 - missing], B, C, T)
    assert (cobros, [p.codigo for p in problemas]) == ([INTERNET, SIN_FACTURA], [Codigo.LINEA_CORTA])


@pytest.mark.parametrize(("columns", "codigos"), [(52, []), (51, [Codigo.CIERRE_ILEGIBLE])])
def test_only_the_filler_of_the_trailer_may_be_missing(columns, codigos):
    assert [p.codigo for p in read_lines(H, A, B, C, T[:columns])[1]] == codigos


def test_a_trailer_longer_than_a_record_is_not_believed():
    assert [p.codigo for p in read_lines(H, A, B, C, T + "0")[1]] == [Codigo.CIERRE_ILEGIBLE]


@pytest.mark.parametrize("header", [H[:15], H + "0", " " + H, "0"])
def test_a_header_of_another_length_is_none(header):
    assert [p.codigo for p in read_lines(header, A, B, C, T)[1]] == [Codigo.SIN_ENCABEZADO]


@pytest.mark.parametrize("day", ["20250317", "20250319", "00010101", "99991231"])
def test_a_payment_credited_on_any_other_day_spoils_the_file(day):
    cobros, problemas = read_lines(H, A, put(B, 70, day), C, T)
    assert (cobros, [p.codigo for p in problemas]) == ([CUOTA, SIN_FACTURA], [Codigo.ACREDITACION_NO_COINCIDE])


def test_blank_lines_in_a_row_are_told_once_where_they_begin():
    cobros, problemas = read_lines(H, A, "", " ", B, C, "", T, "", "")
    assert (len(cobros), [(p.codigo, p.linea) for p in problemas]) == (
        3,
        [(Codigo.LINEA_VACIA, 3), (Codigo.LINEA_VACIA, 7)],
    )


def test_a_cob_of_wide_importes_is_refused_never_read_at_a_thousandth():
    wide = A[:57] + "000" + A[57:97]
    cobros, problemas = read_lines(H, wide, T)
    assert cobros == []
    assert {2, 3} == {p.linea for p in problemas}


def test_a_fac_is_no_cob():
    _, problemas = read_lines(H + "0" * 180, A)
    assert [p.codigo for p in problemas] == [Codigo.SIN_ENCABEZADO]


def test_an_upload_may_have_any_name():
    assert read(fixture("nombre_invalido"), any_name=True)[1] == []


def test_a_name_in_small_letters_is_the_same_name():
    content = REFERENCE.read_bytes().replace(b"4001234", b"400AB12")
    assert apart(ArchivoCob("cobab12.180325", lambda: nullcontext(io.BytesIO(content))).read())[1] == []


def test_a_file_that_cannot_be_trusted_names_no_empresa_and_no_day():
    cases = ("sin_encabezado", "empresa_invalida", "no_es_texto")
    archivos = [ArchivoCob.at(fixture(case)) for case in cases]
    assert [(archivo.codigo_empresa, archivo.fecha) for archivo in archivos] == [(None, None)] * 3


def test_an_empresa_that_nobody_knows_is_told_in_the_words_and_place_of_the_file():
    told = ArchivoCob.at(REFERENCE).explain_empresa()
    assert (told.codigo, told.linea, told.columna, told.valor) == (Codigo.EMPRESA_INEXISTENTE, 1, 5, "1234")


def test_the_same_bytes_have_the_same_hash_whatever_they_are_called(tmp_path):
    (tmp_path / "otro").write_bytes(REFERENCE.read_bytes())
    assert ArchivoCob.at(tmp_path / "otro").sha256() == ArchivoCob.at(REFERENCE).sha256()
    assert ArchivoCob.at(fixture("total_no_coincide")).sha256() != ArchivoCob.at(REFERENCE).sha256()


def test_an_empty_file_has_no_header():
    assert [p.codigo for p in read_lines("")[1]] == [Codigo.SIN_ENCABEZADO]


def test_a_value_that_is_shown_can_neither_be_long_nor_command_a_terminal():
    shown = problema(Codigo.LINEA_LARGA, 7, valor="\x1b[2J" + "A" * 300, largo=304).valor
    assert shown == "·[2J" + "A" * 56


def test_the_progress_expects_as_many_lines_as_the_file_has():
    assert ArchivoCob.at(REFERENCE).filas_estimadas == 3


MANY = 200_000


class Tape(io.BytesIO):
    """A file whose lines are made when they are asked for."""

    def __init__(self, *parts):
        super().__init__()
        self.made = 0
        self._lines = chain.from_iterable(parts)

    def readline(self, _limit):
        self.made += 1
        return next(self._lines, b"")


def test_a_very_long_file_is_read_one_line_at_a_time_and_none_is_held():
    trailer = put(put(T, 17, f"{MANY:07}"), 31, f"{MANY * SIN_FACTURA.importe_centavos:011}")
    tape = Tape([H.encode()], repeat(f"{C}\n".encode(), MANY), [trailer.encode()])
    total_centavos = 0
    for item in ArchivoCob(NOMBRE, lambda: nullcontext(tape)).read():
        total_centavos += item.cobro.importe_centavos
        ahead = tape.made - item.linea
        if item.linea == MANY:
            held = sum(isinstance(thing, Cobro | RenglonCobro | Linea) for thing in gc.get_objects())
    assert MANY * SIN_FACTURA.importe_centavos == total_centavos
    assert (ahead, held < 100) == (0, True)
