"""What we write, opened by LibreOffice: it calculates the totals, and guesses at a CSV much as Excel does."""

import csv
import io
import shutil
import subprocess
from datetime import date, datetime

import pytest
from files.tabla.test_tabla import ADIVINADAS, ANA, FORMULAS, a_table, as_csv, as_xlsx
from python_calamine import load_workbook

# separator ;, quote ", UTF-8, from the first line, the language of Argentina, guess what may be a number or a day
EN_ARGENTINA = "CSV:59,34,76,1,,11274,false,true"
AS_UTF8 = "csv:Text - txt - csv (StarCalc):44,34,76"  # else it writes in whatever charset the locale has


@pytest.fixture
def office(tmp_path):
    """Convert a file, as a person who opens it and saves it under another name."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        pytest.skip("LibreOffice not found")

    def convert(path, to, *options):
        own = f"-env:UserInstallation=file://{tmp_path}/perfil"  # several of these run at once
        command = [
            soffice,
            own,
            "--headless",
            *options,
            "--convert-to",
            to,
            "--outdir",
            str(tmp_path / "out"),
            str(path),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603
        return tmp_path / "out" / path.with_suffix(f".{to.partition(':')[0]}").name

    return convert


def test_another_office_opens_the_workbook_and_calculates_its_totals(office, tmp_path):
    path = tmp_path / "pagos.xlsx"
    path.write_bytes(as_xlsx(a_table(ANA, ("<r>x</r>", *ANA[1:]))).getvalue())
    rows = list(csv.reader(office(path, AS_UTF8).read_text("utf-8").splitlines()))
    assert [row[0] for row in rows[1:]] == ["00000000123", "<r>x</r>", "Total"]
    assert rows[1][3] == "10/03/2026"
    assert "2,469,135.78" in rows[3][2]  # calculated by that office, in its own language


def test_another_office_adds_up_all_the_sheets_of_a_long_table(office, tmp_path):
    path = tmp_path / "pagos.xlsx"
    filas = [(f"C{n}", None, 100 + n, None, None, 1) for n in range(10)]
    path.write_bytes(as_xlsx(a_table(*filas), filas_max=7).getvalue())
    book = load_workbook(office(path, "ods"))
    *_, last = book.get_sheet_by_name("Pagos (3)").to_python()
    assert (last[0], round(last[2], 2), last[5]) == ("Total de todas las hojas", 10.45, 10)


def test_an_office_in_argentina_opens_the_csv_with_real_numbers_and_days_and_guesses_wrong_at_no_text(office, tmp_path):
    path = tmp_path / "pagos.csv"
    texts = [*ADIVINADAS, *(text for text in FORMULAS if "\n" not in text and "\r" not in text)]
    path.write_bytes(as_csv(ANA, *((text, *ANA[1:]) for text in texts)).encode())
    (sheet,) = _sheets(office(path, "xlsx", f"--infilter={EN_ARGENTINA}"))
    assert sheet[1][:3] == ["00000000123", "Ana Muñoz; e hijos", 1234567.89]
    assert sheet[1][3:] == [date(2026, 3, 10), datetime(2026, 3, 10, 22, 30, 12), 3]  # noqa: DTZ001 — Excel's own
    kept = [row[0] for row in sheet[2:]]
    assert kept == [*ADIVINADAS, *(f"'{text}" for text in texts[len(ADIVINADAS) :])]


def _sheets(path):
    book = load_workbook(io.BytesIO(path.read_bytes()))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
