"""What pmc-soap facturas load reads, what it writes beside the base, and what it tells of both."""

import csv
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from comandos import pmc_soap

from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento
from pmc_soap.files.fac import escritura
from pmc_soap.storage import schema

ARCHIVOS = Path(__file__).parents[2] / "fixtures" / "archivos"
REFERENCE = ARCHIVOS / "FAC1234.100325"
BROKEN = ARCHIVOS / "moneda_dolares" / "FAC1234.100325"
TODAY = date.today()  # noqa: DTZ011


@pytest.fixture
def load(tmp_path):
    url = f"sqlite:///{tmp_path}/ledger.db"
    schema.migrate(url)
    config = tmp_path / "pmc-soap.toml"
    config.write_text(
        f'mode = "homologacion"\ndb = "{url}"\n[empresas.1234]\nnombre = "Club Ejemplo"\n', encoding="utf-8"
    )

    def load(*args):
        return pmc_soap("--config", config, "facturas", "load", *args)

    return load


def fac(folder, *days):
    """Write a FAC whose facturas are due that many days from today."""
    facturas = [
        Factura(
            clave=ClaveFactura(codigo_empresa="1234", id_cliente=str(number), id_factura=f"F-{number}"),
            vencimientos=(Vencimiento(fecha=TODAY + timedelta(days=due), importe_centavos=1000),),
            mensaje_pantalla="CUOTA",
            mensaje_ticket="CUOTA",
        )
        for number, due in enumerate(days)
    ]
    path = folder / escritura.nombre("1234", TODAY)
    path.write_bytes(b"".join(escritura.write("1234", TODAY, facturas)))
    return path


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_rejects_never_covers_the_file_that_is_loaded(load, tmp_path, options):
    path = Path(shutil.copy(BROKEN, tmp_path))
    ended = load(path, "--rejects", path, *options)
    assert (ended.returncode, path.read_bytes()) == (2, BROKEN.read_bytes())
    assert "dale otro nombre" in ended.stderr


def test_rejects_never_covers_a_file_that_is_there(load, tmp_path):
    notes = tmp_path / "notas.csv"
    notes.write_text("mis notas")
    ended = load(BROKEN, "--rejects", notes)
    assert (ended.returncode, notes.read_text()) == (2, "mis notas")
    assert "Ya existe" in ended.stderr


def test_rejects_leaves_no_file_where_nothing_was_rejected(load, tmp_path):
    ended = load(REFERENCE, "--rejects", tmp_path / "r.csv")
    assert (ended.returncode, (tmp_path / "r.csv").exists()) == (0, False)


def test_the_good_lines_loaded_with_partial_end_with_how_many_were_rejected_and_where_they_are(load, tmp_path):
    rejects = tmp_path / "r.csv"
    ended = load(BROKEN, "--partial", "--rejects", rejects)
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        assert [row["linea"] for row in csv.DictReader(file, delimiter=";")] == ["3"]
    last = ended.stderr.splitlines()[-1]
    assert (ended.returncode, last) == (
        1,
        f"Líneas rechazadas: 1. Los problemas, 1 en total: están en «{rejects}».",
    )
    assert "--partial haya cargado" in " ".join(load("--help").stdout.split())


def test_a_refused_file_has_facturas_that_read_well_and_none_accepted(load):
    ended = load(BROKEN)
    assert "leídas bien" in ended.stdout
    assert "aceptadas" not in ended.stdout
    assert "No se guardó nada" in ended.stderr


def test_what_can_be_paid_is_told_only_of_what_is_new_and_not_past_its_last_due_date(load, tmp_path):
    path = fac(tmp_path, 5, -3, -4)
    assert "menos las que pasaron su último vencimiento (en el archivo, 2 de 3)" in load(path).stderr
    again = load(path, "--again")
    assert "la base ya estaba así" in again.stderr
    assert "pagar" not in again.stderr
    assert '"vencidas": 2' in load(path, "--again", "--json").stdout
    assert "ya se pueden pagar" in load(fac(tmp_path, 5, 6, 7)).stderr


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (".", "es una carpeta"),
        ("no-esta", "No existe el archivo"),
        ("x" * 300, "el nombre es demasiado largo"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_why_in_spanish(load, tmp_path, name, expected):
    ended = load(tmp_path / name)
    assert (ended.returncode, expected in ended.stderr) == (2, True), ended.stderr
