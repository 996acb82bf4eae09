"""What a planilla says, and every way it can be wrong; each fixture is named by what it shows."""

import builtins
import gc
import io
import re
import zipfile
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from itertools import chain, repeat
from pathlib import Path

import pytest

from pmc_soap.domain.factura import ClaveFactura, Factura, TipoImporte, Vencimiento, validate
from pmc_soap.domain.resultado import Ending, Rejected, Resultado
from pmc_soap.files.facturas import open_facturas
from pmc_soap.files.planilla import hojas
from pmc_soap.files.planilla.archivo import ArchivoPlanilla
from pmc_soap.files.planilla.codigos import TEXTOS, Codigo
from pmc_soap.files.planilla.columnas import COLUMNAS, Planilla, SignoDecimal
from pmc_soap.files.planilla.lector_csv import LectorCsv
from pmc_soap.operations.carga import Gravedad, Problema, Renglon

PLANILLAS = Path(__file__).parents[3] / "fixtures" / "planillas"
REFERENCE = PLANILLAS / "deuda.csv"
BARE = "id_cliente;id_factura;vencimiento;importe"

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
    nombre_cliente="PEÑA ANA",
)
INTERNET = Factura(
    clave=ClaveFactura(codigo_empresa="1234", id_cliente="0000000000000000123", id_factura="000000000000000777"),
    vencimientos=(Vencimiento(fecha=date(2025, 3, 20), importe_centavos=500_00),),
    mensaje_ticket="SERVICIO INTERNET MARZO",
    mensaje_pantalla="INTERNET 03/25",
)


def judge(archivo):
    """Read the file, and hold each factura to the domain as Cargas does; give the facturas and the problems."""
    facturas, problemas, seen = [], [], {}
    for item in archivo.read():
        if isinstance(item, Problema):
            problemas.append(item)
            continue
        try:
            facturas.append(validate(item.factura))
        except Rejected as rejected:
            problemas.append(archivo.explain(rejected.ending, item))
            continue
        earlier = seen.setdefault(item.factura.clave, item.linea)
        if earlier != item.linea:
            problemas.append(archivo.explain(Ending(Resultado.FACTURA_EXISTENTE), replace(item, repite=earlier)))
    return facturas, problemas


def read(path, codigo_empresa="1234", **said):
    return judge(open_facturas(path, codigo_empresa=codigo_empresa, planilla=Planilla(**said)))


def read_text(*lines, eol="\r\n", **said):
    content = "".join(line + eol for line in lines).encode()
    opener = lambda: nullcontext(io.BytesIO(content))  # noqa: E731 — an opener is a thing to be handed over
    return judge(ArchivoPlanilla("d.csv", opener, LectorCsv(), codigo_empresa="1234", planilla=Planilla(**said)))


def fixture(case):
    (path,) = (PLANILLAS / case).iterdir()
    return path


def codigos(problemas):
    return [(p.codigo, p.linea) for p in problemas]


def test_the_reference_file_is_read_field_by_field():
    assert read(REFERENCE) == ([CUOTA, INTERNET], [])


def test_a_factura_knows_its_row_and_which_vencimientos_it_has():
    items = list(open_facturas(REFERENCE, codigo_empresa="1234").read())
    assert [(item.linea, item.numeros) for item in items] == [(2, (1, 2, 3)), (3, (1,))]


@pytest.mark.parametrize("case", sorted(path.name for path in PLANILLAS.glob("bien_*")))
def test_what_the_world_writes_otherwise_is_read_without_a_problem(case):
    assert read(fixture(case))[1] == []


@pytest.mark.parametrize(
    "case",
    [
        "bien_sin_bom_lf_sin_fin",
        "bien_windows_1252",
        "bien_comas",
        "bien_tabulaciones",
        "bien_importes_escritos_de_otro_modo",
        "bien_fechas_escritas_de_otro_modo",
        "bien_nombres_de_otro_modo",
        "bien_columnas_de_mas",
        "bien_filas_y_celdas_vacias",
        "bien_sep",
        "bien_excel",
        "bien_excel_de_libreoffice",
    ],
)
def test_separators_letters_names_and_kinds_of_cells_change_nothing(case):
    assert read(fixture(case))[0] == [CUOTA, INTERNET]


def test_a_row_is_counted_as_a_spreadsheet_and_an_editor_count_it():
    assert [item.linea for item in open_facturas(fixture("bien_sep"), codigo_empresa="1234").read()] == [3, 4]
    empties = open_facturas(fixture("bien_filas_y_celdas_vacias"), codigo_empresa="1234")
    assert [item.linea for item in empties.read()] == [2, 5]


def test_numbers_of_excel_are_taken_to_the_centavo_and_ids_to_the_digit():
    first, second = read(fixture("bien_excel_con_numeros"))[0]
    assert (first.clave.id_cliente, first.clave.id_factura) == ("20055361682", "42")
    assert first.vencimientos == (Vencimiento(fecha=date(2025, 3, 15), importe_centavos=29),)
    assert (second.clave.id_cliente, second.vencimientos[0].importe_centavos) == ("1", 99_999_999_999_99)


def test_the_apostrophe_that_keeps_a_cell_from_being_a_formula_is_no_part_of_it():
    assert [f.mensaje_pantalla for f in read(fixture("bien_apostrofo_de_proteccion"))[0]] == ["CUOTA 03/2025", "=2+3"]


def test_a_range_an_old_id_and_a_cuit_are_read():
    (factura,) = read(fixture("bien_rango"))[0]
    assert factura.tipo_importe is TipoImporte.RANGO
    assert (factura.importe_minimo_centavos, factura.importe_maximo_centavos) == (500_00, 2_000_00)
    assert (factura.referencia_anterior, factura.cuit_cliente) == ("VIEJO", "20055361682")


BROKEN = [
    ("sin_encabezado", 1, 0, ""),
    ("no_es_texto", 1, 0, ""),
    ("falta_columna", 1, 0, ""),
    ("columna_repetida", 1, 4, "importe"),
    ("columna_parecida", 1, 5, "vencimeinto_2"),
    ("comillas", 2, 0, ""),
    ("excel_ilegible", 0, 0, ""),
    ("excel_grande", 0, 0, ""),
    ("hoja_inexistente", 0, 0, "Marzo"),
    ("fila_corta", 2, 0, ""),
    ("fila_larga", 2, 0, ""),
    ("fila_partida", 2, 0, ""),
    ("caracter_invalido", 3, 9, "SERVICIO·INTERNET MARZO"),
    ("id_cliente_invalido", 2, 1, "AT&T"),
    ("id_cliente_invalido", 3, 1, ""),
    ("id_factura_invalido", 2, 2, "FC-0001-0000000000000042"),
    ("moneda_no_admitida", 2, 13, "USD"),
    ("fecha_invalida", 2, 3, "31/02/2025"),
    ("fecha_invalida", 3, 3, "3/20/2025"),
    ("importe_invalido", 2, 4, "-12345,50"),
    ("importe_invalido", 3, 4, ""),
    ("importe_cero", 3, 4, "$ 0,00"),
    ("fechas_desordenadas", 2, 5, "14/03/2025"),
    ("importes_decrecientes", 2, 8, "$ 12.999,99"),
    ("vencimiento_sin_fecha", 2, 5, ""),
    ("vencimiento_salteado", 2, 5, ""),
    ("referencia_anterior_invalida", 2, 13, "<VIEJO>"),
    ("codigo_barras_invalido", 2, 11, "0123<5"),
    ("factura_repetida", 4, 2, "FC-0001-00000042"),
    ("importe_dudoso", 2, 6, "13.000"),
    ("importe_con_fraccion", 2, 4, "12345,5051"),
    ("numero_redondeado", 2, 1, "2,00554E+10"),
    ("texto_largo", 3, 10, "INTERNET MARZO 2025"),
    ("cuit_invalido", 2, 13, "20-05536168-3"),
    ("tipo_importe_invalido", 2, 13, "LIBRE"),
    ("rango_invalido", 2, 13, ""),
    ("rango_invalido", 3, 14, ""),
]
FIXTURES = {"moneda_no_admitida": "moneda_dolares"}
OF_EXCEL = [
    ("excel_con_fraccion", Codigo.IMPORTE_CON_FRACCION, 2, 4, "12345.501"),
    ("excel_numero_redondeado", Codigo.NUMERO_REDONDEADO, 2, 2, "1234567890123456"),
    ("excel_fecha_que_es_numero", Codigo.FECHA_INVALIDA, 2, 3, "45731"),
    ("excel_id_que_es_fecha", Codigo.ID_CLIENTE_INVALIDO, 2, 1, "2025-03-01"),
    ("excel_id_que_es_fecha", Codigo.ID_CLIENTE_INVALIDO, 3, 1, "True"),
    ("excel_con_error", Codigo.FECHA_INVALIDA, 2, 5, "#ERROR"),
    ("excel_con_error", Codigo.IMPORTE_INVALIDO, 2, 6, "#ERROR"),
    ("excel_con_error", Codigo.DATO_INVALIDO, 2, 10, "#ERROR"),
    ("excel_con_error", Codigo.DATO_INVALIDO, 2, 12, "#ERROR"),
]
# Of the command, the configuration and the installation: they are tested below.
ELSEWHERE = {
    Codigo.SIN_EMPRESA,
    Codigo.EMPRESA_INVALIDA,
    Codigo.EMPRESA_INEXISTENTE,
    Codigo.SIN_LECTOR_DE_EXCEL,
    Codigo.DATO_INVALIDO,
}


def read_broken(name):
    return read(fixture(FIXTURES.get(name, name)), hoja="Marzo" if name == "hoja_inexistente" else None)


@pytest.mark.parametrize(("name", "fila", "columna", "valor"), BROKEN)
def test_what_is_broken_is_told_by_code_row_column_and_value(name, fila, columna, valor):
    codigo = Codigo[name.upper()]
    found = [p for p in read_broken(name)[1] if (p.codigo, p.linea, p.columna) == (codigo, fila, columna)]
    assert [p.valor if valor else "" for p in found] == [valor]
    assert found[0].gravedad is (Gravedad.ARCHIVO if codigo < "PLA-200" else Gravedad.LINEA)


@pytest.mark.parametrize(("case", "codigo", "fila", "columna", "valor"), OF_EXCEL)
def test_what_is_broken_in_a_cell_of_excel_is_told_likewise(case, codigo, fila, columna, valor):
    found = [p for p in read(fixture(case))[1] if (p.linea, p.columna) == (fila, columna)]
    assert [(p.codigo, p.valor) for p in found] == [(codigo, valor)]


def test_only_what_is_wrong_is_told():
    for name in {name for name, *_ in BROKEN}:
        assert {p.codigo for p in read_broken(name)[1]} == {Codigo[name.upper()]}, name


def test_a_column_is_named_as_the_file_names_it():
    (told,) = read_text(
        "Nro;id_factura;Vence;Total",
        "1;2;15/03/2025;x",
        columnas={"id_cliente": "nro", "importe": "TOTAL", "vencimiento": "vence"},
    )[1]
    assert (told.campo, told.columna, told.valor) == ("Total", 4, "x")


def test_every_code_has_its_text_and_its_fixture():
    assert set(TEXTOS) == set(Codigo)
    assert {Codigo[name.upper()] for name, *_ in BROKEN} | ELSEWHERE == set(Codigo)


def test_every_fixture_is_in_a_test_and_in_the_readme():
    cases = {path.name for path in PLANILLAS.iterdir() if path.is_dir()}
    told = {FIXTURES.get(name, name) for name, *_ in BROKEN} | {case for case, *_ in OF_EXCEL}
    assert told == {case for case in cases if not case.startswith("bien_")}
    readme = (PLANILLAS / "README.md").read_text(encoding="utf-8")
    assert [case for case in sorted(cases) if f"`{case}`" not in readme] == []
    assert [codigo for codigo in set(Codigo) - {Codigo.DATO_INVALIDO} if codigo not in readme] == []


def test_every_text_says_what_is_wrong_and_what_to_do():
    for texto in TEXTOS.values():
        assert texto.que_pasa.rstrip("»?").endswith((".", "}"))
        assert texto.que_hacer.endswith((".", '".'))


def test_all_that_is_wrong_with_a_row_is_told_at_once():
    _, problemas = read_text("id_cliente;id_factura;vencimiento;importe", "<;;nunca;mucho")
    assert [(p.codigo, p.columna) for p in problemas] == [
        (Codigo.ID_CLIENTE_INVALIDO, 1),
        (Codigo.ID_FACTURA_INVALIDO, 2),
        (Codigo.FECHA_INVALIDA, 3),
        (Codigo.IMPORTE_INVALIDO, 4),
    ]


def test_all_that_is_wrong_with_a_header_is_told_at_once_and_no_row_is_read():
    facturas, problemas = read_text("id_cliente;ID CLIENTE;id_fatcura;otra", "1;1;2;3")
    assert facturas == []
    assert {p.codigo for p in problemas} == {Codigo.COLUMNA_REPETIDA, Codigo.COLUMNA_PARECIDA, Codigo.FALTA_COLUMNA}
    missing = [p.campo for p in problemas if p.codigo == Codigo.FALTA_COLUMNA]
    assert missing == ["vencimiento", "importe"]  # id_factura is there, misspelt


def test_a_column_of_the_empresas_own_by_one_of_our_names_is_no_slip_of_the_pen():
    said = {"columnas": {"importe": "Total"}}
    facturas, problemas = read_text(
        "id_cliente;id_factura;vencimiento;Importe;Total", "1;2;15/03/2025;1,00;2,00", **said
    )
    assert (problemas, [f.vencimientos[0].importe_centavos for f in facturas]) == ([], [2_00])


def test_a_quote_left_open_hides_no_row_not_even_in_a_column_that_is_not_read():
    rows = [
        '1;2;15/03/2025;1,00;"nota',
        "2;2;15/03/2025;1,00;nota",
        '3;2;15/03/2025;1,00;nota"',
        "4;2;15/03/2025;1,00;",
    ]
    facturas, problemas = read_text("id_cliente;id_factura;vencimiento;importe;obs", *rows)
    assert ([f.clave.id_cliente for f in facturas], codigos(problemas)) == (["4"], [(Codigo.FILA_PARTIDA, 2)])


def test_a_quote_that_is_never_closed_is_told_of_and_takes_no_memory():
    rows = ['1;2;15/03/2025;1,00;"nota', *["2;2;15/03/2025;1,00;nota"] * 20_000]
    facturas, problemas = read_text("id_cliente;id_factura;vencimiento;importe;obs", *rows)
    assert (facturas, codigos(problemas)) == ([], [(Codigo.COMILLAS, 2)])


def test_a_planilla_says_not_whose_it_is_so_that_is_asked_for():
    assert [p.codigo for p in read(REFERENCE, codigo_empresa=None)[1]] == [Codigo.SIN_EMPRESA]
    assert [p.codigo for p in read(REFERENCE, codigo_empresa="12 4")[1]] == [Codigo.EMPRESA_INVALIDA]
    archivo = open_facturas(REFERENCE, unica="1234")
    assert (archivo.codigo_empresa, len(judge(archivo)[0])) == ("1234", 2)
    assert open_facturas(REFERENCE, unica="1234", codigo_empresa="9999").codigo_empresa == "9999"


def test_an_empresa_that_nobody_knows_is_told():
    told = open_facturas(REFERENCE, codigo_empresa="9999").explain(Ending(Resultado.EMPRESA_INEXISTENTE), None)
    assert (told.codigo, told.valor, told.linea) == (Codigo.EMPRESA_INEXISTENTE, "9999", 0)


def test_a_rule_that_a_planilla_cannot_break_is_still_told():
    renglon = Renglon(linea=2, factura=CUOTA)
    told = open_facturas(REFERENCE).explain(Ending(Resultado.DATO_INVALIDO, campo="MensajeTicket"), renglon)
    assert (told.codigo, told.linea, told.valor) == (Codigo.DATO_INVALIDO, 2, "MensajeTicket")


def test_without_the_reader_of_excel_its_absence_and_its_cure_are_told(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "python_calamine":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    (told,) = read(fixture("bien_excel"))[1]
    assert told.codigo == Codigo.SIN_LECTOR_DE_EXCEL
    assert "pip install 'pmc-soap[excel]'" in told.que_hacer
    assert read(REFERENCE)[1] == []


def rezip(path, name, change):
    """Give the workbook with one of its parts changed."""
    with zipfile.ZipFile(fixture("bien_excel")) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, change(content) if part == name else content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (SHEET, lambda xml: xml.replace(b'r="G2"', b'r="G2000000000000"')),
        (SHEET, lambda xml: xml.replace(b'r="G2"', b'r="AAAA2"')),
        (SHEET, lambda xml: xml.replace(b'r="G2"', b'r="g2"')),
        (SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>\0")),
        (SHEET, lambda xml: xml[: len(xml) // 2]),
        (SHEET, lambda xml: xml.replace(b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet ', 1)),
        (SHEET, lambda xml: xml.replace(b"UTF-8", b"UTF-81")),
        ("xl/workbook.xml", lambda xml: xml.replace(b"r:id", b"id")),
        ("xl/workbook.xml", lambda _: b""),
        ("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"worksheets/sheet1", b"worksheets/sheet9")),
        ("xl/sharedStrings.xml", lambda _: b"<"),
    ],
)
def test_a_workbook_that_is_broken_is_told_of_and_ends_no_process(name, change, tmp_path):
    facturas, problemas = read(rezip(tmp_path / "deuda.xlsx", name, change))
    assert (facturas, [p.codigo for p in problemas]) == ([], [Codigo.EXCEL_ILEGIBLE])


@pytest.mark.parametrize("number", [b"nan", b"inf", b"-inf", b"1e400", b"1e-7", b"-13000", b"1e15"])
def test_a_number_that_is_no_importe_is_told_of(number, tmp_path):
    path = rezip(tmp_path / "deuda.xlsx", SHEET, lambda xml: xml.replace(b"<v>13000</v>", b"<v>" + number + b"</v>"))
    assert {p.columna for p in read(path)[1]} == {6}


@pytest.mark.parametrize("number", [b"nan", b"inf", b"-1", b"1e400", b"1.5", b"1e15"])
def test_a_number_that_is_no_id_is_told_of(number, tmp_path):
    def change(xml):
        return re.sub(rb'<c r="A2" t="s"><v>\d+</v></c>', b'<c r="A2"><v>' + number + b"</v></c>", xml)

    assert {p.columna for p in read(rezip(tmp_path / "deuda.xlsx", SHEET, change))[1]} == {1}


def test_a_workbook_that_would_fill_the_memory_when_unpacked_is_told_of(tmp_path, monkeypatch):
    monkeypatch.setattr(hojas, "BYTES_MAX", 20_000)
    path = rezip(tmp_path / "deuda.xlsx", SHEET, lambda xml: xml + b" " * 20_000)
    assert [p.codigo for p in read(path)[1]] == [Codigo.EXCEL_GRANDE]


@pytest.mark.parametrize(
    ("name", "said"),
    [("xl/sharedStrings.xml", "uniqueCount"), ("xl/sharedStrings.xml", "count"), ("xl/styles.xml", "count")],
)
def test_a_list_that_says_that_it_is_longer_than_any_is_told_of(name, said, tmp_path):
    def change(xml):
        return re.sub(rf' {said}="\d+"'.encode(), f' {said}="13000000000000"'.encode(), xml)

    assert [p.codigo for p in read(rezip(tmp_path / "deuda.xlsx", name, change))[1]] == [Codigo.EXCEL_GRANDE]


def test_more_errors_than_a_list_of_facturas_could_have_are_told_of_at_once(monkeypatch):
    monkeypatch.setattr(hojas, "ERRORES_MAX", 3)
    assert [p.codigo for p in read(fixture("excel_con_error"))[1]] == [Codigo.EXCEL_GRANDE]


def test_a_zip_that_is_no_workbook_is_told_of(tmp_path):
    path = tmp_path / "deuda.xlsx"
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("deuda.csv", REFERENCE.read_bytes())
    assert [p.codigo for p in read(path)[1]] == [Codigo.EXCEL_ILEGIBLE]


def test_a_sheet_is_chosen_by_its_name():
    assert read(fixture("bien_excel"), hoja="Deuda")[0] == [CUOTA, INTERNET]
    (told,) = read(fixture("bien_excel_con_numeros"), hoja="Oculta")[1]
    assert told.que_pasa == "El libro no tiene una hoja «Oculta» a la vista. Tiene: Deuda."


@pytest.mark.parametrize(
    ("decimal", "text", "centavos"),
    [
        (SignoDecimal.COMA, "1.500", 1_500_00),
        (SignoDecimal.PUNTO, "1,500", 1_500_00),
        (SignoDecimal.PUNTO, "1.500", 1_50),
        (SignoDecimal.COMA, "1.500,5", 1_500_50),
        (None, "1.500.000", 1_500_000_00),
        (None, "$1500,5", 1_500_50),
        (None, "999999999999,99", 999_999_999_999_99),
    ],
)
def test_an_importe_is_read_as_the_empresa_says_it_writes_them(decimal, text, centavos):
    facturas, problemas = read_text(
        "id_cliente;id_factura;vencimiento;importe", f"1;2;15/03/2025;{text}", decimal=decimal
    )
    assert (problemas, [f.vencimientos[0].importe_centavos for f in facturas]) == ([], [centavos])


@pytest.mark.parametrize(
    ("decimal", "text", "codigo"),
    [
        (None, "1.500", Codigo.IMPORTE_DUDOSO),
        (None, "1500,500", Codigo.IMPORTE_DUDOSO),
        (SignoDecimal.COMA, "1500.50", Codigo.IMPORTE_INVALIDO),
        (SignoDecimal.PUNTO, "1500,50", Codigo.IMPORTE_INVALIDO),
        (SignoDecimal.PUNTO, "1.505", Codigo.IMPORTE_CON_FRACCION),
        (None, "1.5005", Codigo.IMPORTE_CON_FRACCION),
        (None, "1.50.00", Codigo.IMPORTE_INVALIDO),
        (None, "1,2,3", Codigo.IMPORTE_INVALIDO),
        (None, "1.234,567.00", Codigo.IMPORTE_INVALIDO),
        (None, "1e3", Codigo.IMPORTE_INVALIDO),
        (None, "٣", Codigo.IMPORTE_INVALIDO),
        (None, "US$ 100", Codigo.IMPORTE_INVALIDO),
        (None, "(100)", Codigo.IMPORTE_INVALIDO),
        (None, "1000000000000", Codigo.IMPORTE_INVALIDO),
    ],
)
def test_an_importe_that_is_none_or_two_is_never_guessed(decimal, text, codigo):
    _, problemas = read_text(BARE, f"1;2;15/03/2025;{text}", decimal=decimal)
    assert [p.codigo for p in problemas] == [codigo]


def test_days_are_read_as_the_empresa_says_it_writes_them():
    header, row = "id_cliente;id_factura;vencimiento;importe", "1;2;03/15/25;1"
    assert [p.codigo for p in read_text(header, row)[1]] == [Codigo.FECHA_INVALIDA]
    assert read_text(header, row, fechas=("%m/%d/%y",))[0][0].vencimientos[0].fecha == date(2025, 3, 15)
    assert [p.codigo for p in read_text(header, "1;2;٣/03/2025;1")[1]] == [Codigo.FECHA_INVALIDA]


def test_the_letters_and_the_separator_can_be_told():
    header, row = "id_cliente|id_factura|vencimiento|importe|nombre_cliente", "1|2|15/03/2025|1;0|Ñ"
    assert read_text(header, row.replace("1;0", "1"), separador="|")[0][0].nombre_cliente == "Ñ"
    mangled = read_text(header, row.replace("1;0", "1"), codificacion="windows-1252")[0][0].nombre_cliente
    assert mangled == "Ñ".encode().decode("windows-1252")


def test_a_second_vencimiento_that_repeats_the_first_is_none():
    row = "1;2;15/03/2025;1;15/03/2025;1;20/03/2025;2"
    header = "id_cliente;id_factura;vencimiento;importe;vencimiento_2;importe_2;vencimiento_3;importe_3"
    assert len(read_text(header, row)[0][0].vencimientos) == 2


def test_a_header_of_more_than_one_line_is_not_believed():
    assert codigos(read_text('"id_cliente', '";id_factura;vencimiento;importe', "1;2;15/03/2025;1")[1]) == [
        (Codigo.COMILLAS, 1)
    ]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n\n", b";;;\n"])
def test_an_empty_file_has_no_header(content, tmp_path):
    path = tmp_path / "deuda.csv"
    path.write_bytes(content)
    assert [p.codigo for p in read(path)[1]] == [Codigo.SIN_ENCABEZADO]


@pytest.mark.parametrize("content", [b"a" * 70_000, b"id_cliente;id_factura\r" * 5_000, b"id_cliente\0;"])
def test_what_is_no_text_is_told_of(content, tmp_path):
    path = tmp_path / "deuda.csv"
    path.write_bytes(content)
    assert [p.codigo for p in read(path)[1]] == [Codigo.NO_ES_TEXTO]


def test_the_columns_that_have_to_be_there_are_four():
    assert [name for name, columna in COLUMNAS.items() if columna.required] == [
        "id_cliente",
        "id_factura",
        "vencimiento",
        "importe",
    ]


MANY = 100_000


class Tape(io.BytesIO):
    """A file whose lines are made when they are asked for."""

    def __init__(self, *parts):
        super().__init__()
        self.made = 0
        self._lines = chain.from_iterable(parts)

    def readline(self, _limit):
        self.made += 1
        return next(self._lines, b"")


def test_a_very_long_csv_is_read_one_row_at_a_time_and_none_is_held():
    header, _, row = REFERENCE.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    tape = Tape([header], repeat(row, MANY))
    archivo = ArchivoPlanilla(
        "d.csv", lambda: nullcontext(tape), LectorCsv(), codigo_empresa="1234", planilla=Planilla()
    )
    total_centavos, held = 0, 0
    for item in archivo.read():
        total_centavos += item.factura.vencimientos[0].importe_centavos
        ahead = tape.made - item.linea
        if item.linea == MANY:
            held = sum(isinstance(thing, Factura | Renglon) for thing in gc.get_objects())
    assert MANY * 500_00 == total_centavos
    assert (ahead, 0 < held < 100) == (0, True)
