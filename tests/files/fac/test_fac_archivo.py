"""What a FAC says, and every way it can be wrong; each fixture is named by what it shows."""

import io
from contextlib import nullcontext
from datetime import date
from itertools import chain, islice, repeat
from pathlib import Path

import pytest

from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento, validate
from pmc_soap.domain.resultado import Ending, Rejected, Resultado
from pmc_soap.files.fac.archivo import ArchivoFac
from pmc_soap.files.fac.codigos import TEXTOS, Codigo, problema
from pmc_soap.operations.carga import Gravedad, Problema, Renglon

ARCHIVOS = Path(__file__).parents[3] / "fixtures" / "archivos"
NOMBRE = "FAC1234.100325"
REFERENCE = ARCHIVOS / NOMBRE
H, A, B, T = REFERENCE.read_text().splitlines()

CUOTA = Factura(
    clave=ClaveFactura(codigo_empresa="1234", id_cliente="20055361682", id_factura="FC-0001-00000042"),
    vencimientos=(
        Vencimiento(fecha=date(2025, 3, 15), importe_centavos=12_345_50),
        Vencimiento(fecha=date(2025, 3, 25), importe_centavos=13_000_00),
        Vencimiento(fecha=date(2025, 4, 5), importe_centavos=13_500_25),
    ),
    mensaje_ticket="CUOTA MARZO 2025 CLUB EJEMPLO",
    mensaje_pantalla="CUOTA 03/2025",
    codigo_barras="00000000012345678901234567890",
)
INTERNET = Factura(
    clave=ClaveFactura(codigo_empresa="1234", id_cliente="0000000000000000123", id_factura="000000000000000777"),
    vencimientos=(Vencimiento(fecha=date(2025, 3, 20), importe_centavos=500_00),),
    mensaje_ticket="SERVICIO INTERNET MARZO",
    mensaje_pantalla="INTERNET 03/25",
)


def read(path, **options):
    """Read the file, and hold each factura to the domain as Cargas does; give the facturas and the problems."""
    archivo = ArchivoFac.at(path, **options)
    facturas, problemas = [], []
    for item in archivo.read():
        if isinstance(item, Problema):
            problemas.append(item)
            continue
        try:
            facturas.append(validate(item.factura))
        except Rejected as rejected:
            problemas.append(archivo.explain(rejected.ending, item))
    return facturas, problemas


def read_lines(*lines, **options):
    content = "\r\n".join(lines).encode()
    return list(ArchivoFac(NOMBRE, lambda: nullcontext(io.BytesIO(content)), **options).read())


def fixture(case):
    (path,) = (p for p in (ARCHIVOS / case).iterdir())
    return path


def put(line, column, text):
    return line[: column - 1] + text + line[column - 1 + len(text) :]


def test_the_reference_file_is_read_field_by_field():
    assert read(REFERENCE) == ([CUOTA, INTERNET], [])


def test_a_factura_knows_its_line():
    assert [item.linea for item in ArchivoFac.at(REFERENCE).read()] == [2, 3]


IMPORTES = {"bien_ancha_por_el_cierre": 1_500_000_00}


@pytest.mark.parametrize("case", sorted(p.name for p in ARCHIVOS.glob("bien_*")))
def test_what_the_world_writes_otherwise_is_read_without_a_problem(case):
    facturas, problemas = read(fixture(case))
    assert problemas == []
    assert [f.clave.id_factura for f in facturas] in ([], ["FC-0001-00000042", "000000000000000777"])
    assert sum(f.vencimientos[0].importe_centavos for f in facturas) == IMPORTES.get(case, 12_845_50 if facturas else 0)


@pytest.mark.parametrize(
    "case",
    [
        "bien_lf_sin_fin",
        "bien_bom_y_lineas_vacias",
        "bien_rellenos_con_espacios",
        "bien_total_de_11",
        "bien_total_de_19",
        "bien_segundo_del_dia",
        "bien_vencimientos_repetidos",
        "bien_referencia_anterior_con_unos",
        "bien_ancha",
    ],
)
def test_line_ends_padding_repeats_and_total_widths_change_nothing(case):
    facturas, _ = read(fixture(case))
    assert facturas == [CUOTA, INTERNET]


@pytest.mark.parametrize("case", ["bien_iso_8859_1", "bien_utf8_en_caracteres", "bien_utf8_en_bytes"])
def test_accents_never_break_280(case):
    cuota, internet = read(fixture(case))[0]
    assert (cuota.mensaje_ticket, cuota.mensaje_pantalla) == ("Nº 42 · PEÑA Y CÍA", CUOTA.mensaje_pantalla)
    assert cuota.codigo_barras == CUOTA.codigo_barras
    assert internet == INTERNET


def test_ids_keep_their_leading_zeros_and_letters():
    cuota, internet = read(fixture("bien_ids_con_letras_y_ceros"))[0]
    assert (cuota.clave.id_cliente, internet.clave.id_cliente) == ("00AB-0000000042X", "0000000000000000123")


def test_a_cliente_that_changed_its_id_tells_the_old_one():
    assert [f.referencia_anterior for f in read(fixture("bien_cambio_de_referencia"))[0]] == ["VIEJO-77", None]


def test_a_third_vencimiento_stays_the_third_when_the_second_repeats_the_first():
    line = put(put(A, 61, A[41:60]), 88, "00000000001")
    (found,) = (item for item in read_lines(H, line, B, T) if item.linea == 2)
    problema = ArchivoFac.at(REFERENCE).explain(Ending(Resultado.VENCIMIENTOS_INVALIDOS, campo="Importe"), found)
    assert (problema.columna, problema.codigo, problema.valor) == (88, "FAC-218", "00000000001")


BROKEN = [
    ("nombre_invalido", 0, 0, ""),
    ("nombre_no_coincide", 0, 0, ""),
    ("sin_encabezado", 1, 1, ""),
    ("ente_invalido", 1, 2, "401"),
    ("empresa_invalida", 1, 5, "12 4"),
    ("fecha_de_archivo_invalida", 1, 9, "20250230"),
    ("variantes_mezcladas", 3, 1, ""),
    ("variante_dudosa", 2, 1, ""),
    ("sin_cierre", 3, 1, ""),
    ("cierre_no_coincide", 4, 2, "400123420250311"),
    ("cierre_ilegible", 4, 17, "2"),
    ("cantidad_no_coincide", 4, 17, "0000003"),
    ("total_no_coincide", 4, 31, "0000000001284551"),
    ("total_sin_comprobar", 4, 31, "0000000001284550"),
    ("datos_tras_el_cierre", 5, 1, ""),
    ("encabezado_repetido", 3, 1, ""),
    ("no_es_texto", 1, 1, ""),
    ("linea_corta", 3, 1, ""),
    ("linea_larga", 2, 1, ""),
    ("linea_vacia", 3, 1, ""),
    ("registro_desconocido", 3, 1, "7"),
    ("caracter_invalido", 3, 137, "SERVICIO·INTERNET MARZO"),
    ("id_cliente_invalido", 3, 2, "AT&T"),
    ("id_factura_invalido", 2, 21, ""),
    ("moneda_no_admitida", 3, 41, "1"),
    ("fecha_invalida", 2, 42, "20250231"),
    ("importe_invalido", 2, 69, "-0000130000"),
    ("importe_cero", 3, 50, "00000000000"),
    ("fechas_desordenadas", 2, 61, "20250314"),
    ("importes_decrecientes", 2, 88, "00001299999"),
    ("vencimiento_sin_fecha", 3, 61, "00000000"),
    ("vencimiento_salteado", 2, 61, "00000000"),
    ("referencia_anterior_invalida", 2, 118, "<VIEJO>"),
    ("codigo_barras_invalido", 2, 192, "0123<5"),
]
FIXTURES = {"moneda_no_admitida": "moneda_dolares"}
# Told by Cargas, tested with it, or by an option: EMPRESA_DISTINTA is below.
ELSEWHERE = {Codigo.EMPRESA_DISTINTA, Codigo.EMPRESA_INEXISTENTE, Codigo.FACTURA_REPETIDA, Codigo.DATO_INVALIDO}


@pytest.mark.parametrize(("name", "linea", "columna", "valor"), BROKEN)
def test_what_is_broken_is_told_by_code_line_column_and_value(name, linea, columna, valor):
    codigo = Codigo[name.upper()]
    _, problemas = read(fixture(FIXTURES.get(name, name)))
    found = [p for p in problemas if p.codigo == codigo and p.linea == linea]
    assert [(p.columna, p.valor if valor else "") for p in found] == [(columna, valor)]
    assert found[0].gravedad is (Gravedad.ARCHIVO if codigo < "FAC-200" else Gravedad.LINEA)


def test_every_code_has_its_text_and_its_fixture():
    assert set(TEXTOS) == set(Codigo)
    assert {Codigo[name.upper()] for name, *_ in BROKEN} | ELSEWHERE == set(Codigo)


def test_every_fixture_is_in_a_test_and_in_the_readme():
    cases = {path.name for path in ARCHIVOS.iterdir() if path.is_dir()}
    told = {FIXTURES.get(name, name) for name, *_ in BROKEN} | {"factura_repetida"}
    assert told == {case for case in cases if not case.startswith("bien_")}
    readme = (ARCHIVOS / "README.md").read_text(encoding="utf-8")
    assert [case for case in sorted(cases) if f"`{case}`" not in readme] == []
    assert [codigo for codigo in set(Codigo) - ELSEWHERE if codigo not in readme] == []


def test_every_text_says_what_is_wrong_and_what_to_do():
    for texto in TEXTOS.values():
        assert texto.que_pasa.endswith(".")
        assert texto.que_hacer.endswith(".")


def test_all_that_is_wrong_with_a_line_is_told_at_once():
    line = put(put(put(A, 2, " " * 19), 41, "9"), 50, "ABCDEFGHIJK")
    found = [item.codigo for item in read_lines(H, line, B, T) if item.linea == 2]
    assert found == [Codigo.MONEDA_NO_ADMITIDA, Codigo.ID_CLIENTE_INVALIDO, Codigo.IMPORTE_INVALIDO]


def test_a_file_of_another_empresa_than_asked_for_is_refused():
    _, problemas = read(REFERENCE, codigo_empresa="9999")
    assert [p.codigo for p in problemas] == [Codigo.EMPRESA_DISTINTA]


def test_an_upload_may_have_any_name():
    assert read(fixture("nombre_invalido"), any_name=True)[1] == []


def test_a_file_that_cannot_be_trusted_names_no_empresa():
    cases = ("sin_encabezado", "empresa_invalida", "no_es_texto")
    assert [ArchivoFac.at(fixture(case)).codigo_empresa for case in cases] == [None] * 3
    assert ArchivoFac.at(REFERENCE).codigo_empresa == "1234"


def test_an_empty_file_has_no_header():
    assert [p.codigo for p in read_lines("")] == [Codigo.SIN_ENCABEZADO]


def test_a_line_of_the_right_total_but_the_wrong_length_blames_only_the_line():
    assert [p.codigo for p in read(fixture("linea_corta"))[1]] == [Codigo.LINEA_CORTA]


def test_a_file_without_end_is_read_one_line_at_a_time():
    class Endless(io.BytesIO):
        lines = chain([f"{H}\n".encode()], repeat(f"{B}\n".encode()))

        def readline(self, _limit):
            return next(self.lines)

    read = ArchivoFac(NOMBRE, lambda: nullcontext(Endless())).read()
    assert sum(isinstance(item, Renglon) for item in islice(read, 5_000)) == 5_000


def test_a_value_that_is_shown_can_neither_be_long_nor_command_a_terminal():
    shown = problema(Codigo.LINEA_LARGA, 7, valor="\x1b[2J" + "A" * 300, largo=304).valor
    assert shown == "·[2J" + "A" * 56


def test_a_rule_that_a_fac_cannot_break_is_still_told():
    renglon = Renglon(linea=2, factura=CUOTA)
    found = ArchivoFac.at(REFERENCE).explain(Ending(Resultado.DATO_INVALIDO, campo="CuitCliente"), renglon)
    assert (found.codigo, found.linea, found.valor) == (Codigo.DATO_INVALIDO, 2, "CuitCliente")


def test_the_progress_expects_as_many_lines_as_the_file_has():
    assert ArchivoFac.at(REFERENCE).filas_estimadas == 2
