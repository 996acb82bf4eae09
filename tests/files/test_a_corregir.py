"""What was refused comes back as a file of its own kind: mended there, it is loaded, and nothing is loaded twice."""

import csv
import json
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmc_soap.cli import cli
from pmc_soap.files.a_corregir import write
from pmc_soap.files.fac import escritura
from pmc_soap.files.fac.archivo import ArchivoFac
from pmc_soap.files.fac.registros import Variante
from pmc_soap.files.facturas import open_facturas
from pmc_soap.files.planilla.columnas import Planilla, SignoDecimal
from pmc_soap.operations.archivo import Gravedad, Problema
from pmc_soap.operations.rechazadas import LINEAS_MAX, Falla, Rechazadas
from pmc_soap.storage import schema

ARCHIVOS = Path(__file__).parents[2] / "fixtures" / "archivos"
PLANILLAS = ARCHIVOS.parent / "planillas"
REFERENCE = ARCHIVOS / "FAC1234.100325"
PLANILLA = """id_cliente;id_factura;vencimiento;importe;nota
0001;F-1;15/03/2030;1500,50;bien
0002;F-2;31/02/2030;-1;mal
0003;F-3;15/03/2030;300,00;bien
"""


@pytest.fixture
def run(tmp_path):
    url = f"sqlite:///{tmp_path}/ledger.db"
    schema.migrate(url)
    config = tmp_path / "pmc-soap.toml"
    config.write_text(
        f'mode = "homologacion"\ndb = "{url}"\n[empresas.1234]\nnombre = "Club Ejemplo"\n', encoding="utf-8"
    )

    def run(*args):
        return CliRunner().invoke(cli, ["--config", str(config), "facturas", "load", *map(str, args)])

    return run


def as_json(result):
    return json.loads(result.stdout)


def broken_fac(folder, *changes):
    """Write the reference with some of its bytes changed."""
    content = REFERENCE.read_bytes()
    for before, after in changes:
        assert before in content
        content = content.replace(before, after)
    path = folder / REFERENCE.name
    path.write_bytes(content)
    return path


def test_the_bad_lines_of_a_fac_come_back_as_they_were_and_load_once_mended(run, tmp_path):
    path, mend = broken_fac(tmp_path, (b"020250315", b"020250231")), tmp_path / "corregir.fac"
    first = run(path, "--partial", "--mend", mend, "--json")
    assert (first.exit_code, as_json(first)["nuevas"], as_json(first)["rechazadas"]) == (1, 1, 1)
    assert "con --any-name" in first.stderr
    header, line, trailer = mend.read_bytes().split(b"\r\n")[:3]
    sent = path.read_bytes().split(b"\n")
    assert (header, line) == (sent[0].rstrip(b"\r"), sent[1].rstrip(b"\r"))
    assert trailer[:46] == b"9400123420250310" + b"0000001" + b"0000000" + b"0000000001234550"
    mend.write_bytes(mend.read_bytes().replace(b"020250231", b"020250315"))
    again = run(mend, "--any-name", "--json")
    assert (again.exit_code, as_json(again)["nuevas"], as_json(again)["rechazadas"]) == (0, 1, 0), again.stdout
    assert as_json(run(REFERENCE, "--json"))["iguales"] == 2


def test_the_bad_lines_of_the_wide_variant_come_back_in_the_wide_variant(run, tmp_path):
    path, mend = tmp_path / REFERENCE.name, tmp_path / "corregir.fac"
    facturas = [item.factura for item in ArchivoFac.at(REFERENCE).read()]
    wide = escritura.write("1234", date(2025, 3, 10), facturas, variante=Variante.ANCHA)
    lines = b"".join(wide).split(b"\n")
    lines[1] = lines[1][:40] + b"9" + lines[1][41:]
    path.write_bytes(b"\n".join(lines))
    assert run(path, "--partial", "--mend", mend).exit_code == 1
    mended = mend.read_bytes().split(b"\r\n")
    mended[1] = mended[1][:40] + b"0" + mended[1][41:]
    mend.write_bytes(b"\r\n".join(mended))
    again = run(mend, "--any-name", "--json")
    assert (again.exit_code, as_json(again)["nuevas"]) == (0, 1), again.stdout


def test_the_bad_rows_of_a_planilla_come_back_with_what_to_do_and_load_once_mended(run, tmp_path):
    path, mend = tmp_path / "deuda.csv", tmp_path / "corregir.csv"
    path.write_text(PLANILLA, encoding="utf-8")
    first = run(path, "--partial", "--mend", mend, "--json")
    assert (first.exit_code, as_json(first)["nuevas"], as_json(first)["rechazadas"]) == (1, 2, 1), first.stdout
    with mend.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file, delimiter=";")
    assert (row["id_cliente"], row["importe"], row["nota"]) == ("0002", "'-1", "mal")
    assert [codigo[:4] for codigo in row["codigo"].split()] == ["PLA-", "PLA-"]
    assert row["que_hacer"]
    mend.write_text(mend.read_text("utf-8-sig").replace("31/02/2030", "28/02/2030").replace("'-1", "1,00"), "utf-8")
    again = run(mend, "--json")
    assert (again.exit_code, as_json(again)["nuevas"], as_json(again)["rechazadas"]) == (0, 1, 0), again.stdout


OTHERWISE = {
    "separador": ",",
    "decimal": SignoDecimal.COMA,
    "fechas": ("%d/%m/%y",),
    "codificacion": "windows-1252",
}


@pytest.mark.parametrize("said", [{}, OTHERWISE])
def test_the_rows_of_a_workbook_come_back_as_a_csv_that_the_same_empresa_reads(said, tmp_path):
    options = {"codigo_empresa": "1234", "planilla": Planilla(**said)}
    archivo = open_facturas(PLANILLAS / "bien_excel" / "deuda.xlsx", **options)
    mend, falla = tmp_path / "corregir.csv", Falla(codigos=("PLA-224",), que_hacer="Revisá la fila.")
    mend.write_bytes(b"".join(write(archivo, {2: falla, 3: falla})))
    before, after = list(archivo.read()), list(open_facturas(mend, **options).read())
    if said:  # the second row was text, of another decimal sign and other dates than this empresa's
        before, after = before[:1], after[:1]
    assert [item.factura for item in after] == [item.factura for item in before]


def test_the_bad_rows_of_a_workbook_come_back_as_a_csv_and_load_once_mended(run, tmp_path):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path, mend = tmp_path / "deuda.xlsx", tmp_path / "corregir.csv"
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["id_cliente", "id_factura", "vencimiento", "importe"])
        for row, (id_factura, importe) in enumerate((("F-1", 1500.5), ("F-2", -3.25)), start=1):
            sheet.write_string(row, 0, f"000{row}")
            sheet.write_string(row, 1, id_factura)
            sheet.write_datetime(row, 2, datetime(2030, 3, 15), day)  # noqa: DTZ001 — a day of a spreadsheet
            sheet.write_number(row, 3, importe)
    first = run(path, "--partial", "--mend", mend, "--json")
    assert (as_json(first)["nuevas"], as_json(first)["rechazadas"]) == (1, 1), first.stdout
    mend.write_text(mend.read_text("utf-8-sig").replace("-3", "3").replace("'3", "3"), "utf-8")
    again = run(mend, "--json")
    assert (again.exit_code, as_json(again)["importe_total"]) == (0, "3.25"), again.stdout


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_a_file_that_is_good_or_that_is_wrong_as_a_whole_leaves_nothing_to_mend(run, tmp_path, options):
    mend = tmp_path / "corregir.fac"
    assert run(REFERENCE, "--mend", mend, *options).exit_code == 0
    spoiled = broken_fac(tmp_path, (b"00000200000000000000001284550", b"00000300000000000000001284550"))
    result = run(spoiled, "--mend", mend, *options)
    assert (result.exit_code, mend.exists()) == (1, False)
    assert "lo que está mal es el archivo entero" in result.stderr


def test_what_is_there_is_never_covered(run, tmp_path):
    path, mend = broken_fac(tmp_path, (b"020250315", b"020250231")), tmp_path / "notas.txt"
    mend.write_text("mis notas")
    result = run(path, "--mend", mend)
    assert (result.exit_code, mend.read_text(), "Ya existe" in result.stderr) == (2, "mis notas", True)


def test_more_bad_lines_than_can_be_kept_are_told_and_not_kept():
    rechazadas = Rechazadas()
    for linea in range(LINEAS_MAX + 5):
        rechazadas.note(
            Problema(
                linea=linea,
                columna=1,
                campo="",
                valor="",
                codigo="X",
                que_pasa="",
                que_hacer="",
                gravedad=Gravedad.LINEA,
            )
        )
    assert (len(rechazadas.lineas), rechazadas.is_full) == (LINEAS_MAX, True)
