"""A table as CSV, XLSX and JSON: what is written is read back, by other programs than ours."""

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from pmc_soap.files.tabla import escritura_csv, escritura_json, escritura_xlsx
from pmc_soap.files.tabla.columna import Columna, Tabla, Tipo

TESTS = Path(__file__).parents[2]
COLUMNAS = (
    Columna(nombre="id_cliente", titulo="Cliente"),
    Columna(nombre="nombre", titulo="Nombre"),
    Columna(nombre="importe", titulo="Importe", tipo=Tipo.IMPORTE, suma=True),
    Columna(nombre="dia", titulo="Día", tipo=Tipo.FECHA),
    Columna(nombre="recibido", titulo="Recibido", tipo=Tipo.INSTANTE),
    Columna(nombre="intentos", titulo="Intentos", tipo=Tipo.ENTERO, suma=True),
)
NOCHE = datetime(2026, 3, 11, 1, 30, 12, 345678, tzinfo=UTC)  # still the 10th in Argentina
ANA = ("00000000123", "Ana Muñoz; e hijos", 1_234_567_89, date(2026, 3, 10), NOCHE, 3)
NADIE = ("C-1", None, None, None, None, None)
FORMULAS = ["=1+1", "+SUM(A1)", "-cmd|' /C calc'!A0", "@x", " =1+1", "\t=1", "\r=1", "\n=1", "＝1+1"]
ADIVINADAS = [
    "007",
    "1234567890123456789",
    "1E5",
    "12-3",
    "3/4",
    "10.5",
    "-5",
    "+54 11 4444",
    "MAR-25",
    "1 ene",
    "TRUE",
]


def a_table(*filas, nombre="pagos", titulo="Pagos"):
    return Tabla(nombre=nombre, titulo=titulo, columnas=COLUMNAS, filas=iter(filas))


def as_csv(*filas):
    out = io.StringIO(newline="")
    escritura_csv.write(a_table(*filas), out)
    return out.getvalue()


def rows_of(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def as_xlsx(*tablas, **said):
    out = io.BytesIO()
    escritura_xlsx.write(tablas, out, **said)
    out.seek(0)
    return out


def sheets_of(file):
    book = load_workbook(file)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def test_a_csv_is_as_an_excel_in_argentina_opens_it():
    text = as_csv(ANA, NADIE)
    assert text == (
        "\ufeffid_cliente;nombre;importe;dia;recibido;intentos\r\n"
        '"=""00000000123""";"Ana Muñoz; e hijos";1234567,89;10/03/2026;10/03/2026 22:30:12;3\r\n'
        "C-1;;;;;\r\n"
    )


@pytest.mark.parametrize("text", FORMULAS)
def test_a_csv_holds_no_text_that_a_spreadsheet_would_run(text):
    cell = rows_of(as_csv((text, *ANA[1:])))[1][0]
    assert cell in {f"'{text}", f'="{text}"'}


@pytest.mark.parametrize("text", ADIVINADAS)
def test_a_csv_keeps_as_text_what_a_spreadsheet_would_make_a_number_or_a_date_of(text):
    assert rows_of(as_csv((text, *ANA[1:])))[1][0] == f'="{text}"'


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20))
def test_whatever_a_text_is_a_csv_neither_loses_it_nor_begins_a_formula_with_it(text):
    cell = rows_of(as_csv((text, *ANA[1:])))[1][0]
    assert text in cell
    assert cell in {text, f"'{text}", f'="{text}"'}
    if cell.startswith("="):
        assert not set(text) & set('="(') - {"("}


def test_a_workbook_holds_numbers_days_and_instants_as_such_and_ids_as_text():
    (sheet,) = sheets_of(as_xlsx(a_table(ANA, NADIE))).values()
    assert sheet[0] == ["Cliente", "Nombre", "Importe", "Día", "Recibido", "Intentos"]
    assert sheet[1] == [
        *("00000000123", "Ana Muñoz; e hijos", 1234567.89, date(2026, 3, 10)),
        *(datetime(2026, 3, 10, 22, 30, 12), 3.0),  # noqa: DTZ001 — Excel has no time zones
    ]
    assert sheet[2] == ["C-1", "", "", "", "", ""]
    assert sheet[3] == ["Total", "", 1234567.89, "", "", 3.0]  # the formula's value, kept: nobody has calculated it


@pytest.mark.parametrize(
    "text",
    [
        *FORMULAS,
        *ADIVINADAS,
        "<r>un cliente</r>",
        "<r></r>",
        "_x0041_",
        "\x01",
        "http://x",
        "{=1}",
        " a ",
        "x" * 32_767,
    ],
)
def test_a_workbook_holds_every_text_as_it_is(text):
    (sheet,) = sheets_of(as_xlsx(a_table((text, *ANA[1:])))).values()
    assert sheet[1][0] == text


def test_a_text_longer_than_a_cell_is_cut_to_it():
    (sheet,) = sheets_of(as_xlsx(a_table(("x" * 40_000, *ANA[1:])))).values()
    assert sheet[1][0] == "x" * escritura_xlsx.TEXTO_MAX


def test_a_table_longer_than_a_sheet_goes_on_in_another_and_the_last_adds_up_all():
    filas = [(f"C{n}", None, 100 + n, None, None, 1) for n in range(10)]
    sheets = sheets_of(as_xlsx(a_table(*filas), filas_max=7))
    assert list(sheets) == ["Pagos", "Pagos (2)", "Pagos (3)"]
    assert [len(sheet) for sheet in sheets.values()] == [6, 6, 5]
    assert [row[0] for sheet in sheets.values() for row in sheet if row[0].startswith("C") and row[1] == ""] == [
        fila[0] for fila in filas
    ]
    assert sheets["Pagos"][-1][2] == 4.06
    assert sheets["Pagos (3)"][-1] == ["Total de todas las hojas", "", 10.45, "", "", 10.0]


def test_a_sheet_that_is_just_full_is_not_followed_by_an_empty_one():
    filas = [(f"C{n}", None, 100, None, None, 1) for n in range(4)]
    assert list(sheets_of(as_xlsx(a_table(*filas), filas_max=7))) == ["Pagos"]


def test_the_limit_of_a_sheet_is_that_of_excel():
    assert escritura_xlsx.FILAS_MAX == 2**20


def test_an_empty_table_has_its_header():
    assert rows_of(as_csv()) == [[columna.nombre for columna in COLUMNAS]]
    (sheet,) = sheets_of(as_xlsx(a_table())).values()
    assert sheet[0][0] == "Cliente"
    assert sheet[1][2] == 0


def test_a_later_table_may_sum_up_an_earlier_one():
    seen = []

    def passing():
        for fila in (ANA, ANA):
            seen.append(fila)
            yield fila

    def summed():
        yield ("cuántas", None, None, None, None, len(seen))

    tablas = (
        Tabla(nombre="pagos", titulo="Pagos", columnas=COLUMNAS, filas=passing()),
        Tabla(nombre="resumen", titulo="Resumen", columnas=COLUMNAS, filas=summed()),
    )
    sheets = sheets_of(as_xlsx(*tablas))
    assert sheets["Resumen"][1][5] == 2


def test_a_json_says_what_is_what_and_no_number_of_it_is_money():
    out = io.StringIO()
    escritura_json.write([a_table(ANA, NADIE), a_table(nombre="resumen")], out)
    told = json.loads(out.getvalue())
    assert told == {
        "pagos": [
            {
                "id_cliente": "00000000123",
                "nombre": "Ana Muñoz; e hijos",
                "importe": "1234567.89",
                "dia": "2026-03-10",
                "recibido": "2026-03-10T22:30:12.345678-03:00",
                "intentos": 3,
            },
            dict.fromkeys(("nombre", "importe", "dia", "recibido", "intentos")) | {"id_cliente": "C-1"},
        ],
        "resumen": [],
    }


def _peak_kb(count, folder):
    """Write that many rows each way in a process of its own, and give the most memory it took."""
    said = f"from files.tabla.largo import write_all; write_all({count})"
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(TESTS)!r}); {said}"]
    return int(subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder, timeout=120).stdout)  # noqa: S603


def test_a_hundred_thousand_rows_take_no_more_memory_than_a_thousand(tmp_path):
    few, many = _peak_kb(1_000, tmp_path), _peak_kb(100_000, tmp_path)
    assert many < few + 4_096, (few, many)
    with (tmp_path / "f.csv").open("rb") as file:
        assert sum(1 for _ in file) == 100_001
