"""pmc-soap facturas export, exports and rechazo, as a person runs them."""

import csv
import json
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner
from fakes import bases

from pmc_soap.cli import cli
from pmc_soap.domain import exportacion as limits
from pmc_soap.domain.calendario import ARGENTINA, local_day
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura, TipoImporte, Vencimiento
from pmc_soap.files.fac import salida
from pmc_soap.files.fac.archivo import ArchivoFac
from pmc_soap.operations import exportacion as operation
from pmc_soap.operations.archivo import Problema
from pmc_soap.operations.factura import contenido
from pmc_soap.storage.ledger import open_ledger
from pmc_soap.wiring import SystemClock

MORNING = datetime(2026, 3, 10, 11, 0, tzinfo=ARGENTINA)  # a Tuesday
AFTERNOON = MORNING.replace(hour=15)


def a_factura(number, **said):
    factura = Factura(
        clave=ClaveFactura(codigo_empresa="1234", id_cliente=f"{number:03}", id_factura=f"F-{number}"),
        vencimientos=(Vencimiento(fecha=date(2026, 4, 10), importe_centavos=1_000 + number),),
        mensaje_pantalla="CUOTA",
        mensaje_ticket="CUOTA MARZO",
    )
    return replace(factura, **said)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request, tmp_path):
    if request.param == "sqlite":
        return bases.sqlite_url(shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "ledger.db"))
    url = request.getfixturevalue("postgres_url")
    bases.empty(url)
    return url


@pytest.fixture
def ledger(url):
    ledger = open_ledger(url)
    yield ledger
    ledger.close()


@pytest.fixture
def load(ledger):
    def load(*facturas):
        batch = [(each, contenido(each)) for each in facturas]
        ledger.write("1234", None, lambda tx: tx.load(batch, "FAC", MORNING))

    return load


@pytest.fixture
def at(monkeypatch):
    """Have it be that moment."""

    def at(moment):
        monkeypatch.setattr(SystemClock, "now", lambda _: moment)

    at(MORNING)
    return at


@pytest.fixture
def run(tmp_path, url, at):
    config = tmp_path / "pmc-soap.toml"
    config.write_text(f'mode = "homologacion"\ndb = "{url}"\n[empresas.1234]\nnombre = "Club"\n', encoding="utf-8")

    def run(*args):
        return CliRunner().invoke(cli, ["--config", str(config), "facturas", *map(str, args)])

    run.config = config
    return run


@pytest.fixture
def export(run, tmp_path):
    return lambda *args: run("export", "--dir", tmp_path / "fac", *args)


def read(path):
    """Give the facturas of a FAC, which must be good to the last byte."""
    items = list(ArchivoFac.at(path).read())
    assert [item for item in items if isinstance(item, Problema)] == []
    return [item.factura for item in items]


def names(tmp_path):
    return sorted(path.name for path in (tmp_path / "fac").iterdir())


def test_what_can_be_paid_becomes_a_fac_that_reads_back_the_same(export, load, tmp_path):
    load(*(a_factura(n) for n in range(5)))
    result = export()
    assert (result.exit_code, "5 facturas, por $ 50,10, para el 10/03/2026" in result.stderr) == (0, True), (
        result.stderr
    )
    assert names(tmp_path) == ["FAC1234.100326"]
    assert read(tmp_path / "fac" / "FAC1234.100326") == [a_factura(n) for n in range(5)]


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        (MORNING.replace(hour=14, minute=30), "FAC1234.100326"),
        (AFTERNOON, "FAC1234.110326"),
        (datetime(2026, 3, 14, 9, 0, tzinfo=ARGENTINA), "FAC1234.160326"),  # a Saturday
        (datetime(2026, 4, 1, 18, 0, tzinfo=ARGENTINA), "FAC1234.060426"),  # before Easter
    ],
)
def test_the_file_is_of_its_dia_habil(export, load, tmp_path, at, moment, name):
    at(moment)
    load(a_factura(1))
    export()
    assert names(tmp_path) == [name]


def test_a_day_may_be_said_if_banks_work_on_it_and_it_has_not_passed(export, load, tmp_path):
    load(a_factura(1))
    assert export("--dia", "2026-03-12").exit_code == 0
    past, closed = export("--dia", "2026-03-09"), export("--dia", "2026-03-24")
    assert (past.exit_code, "lo que se genera ahora es del 10/03/2026" in past.stderr) == (1, True)
    assert (closed.exit_code, "El siguiente hábil es el 25/03/2026" in closed.stderr) == (1, True)
    assert names(tmp_path) == ["FAC1234.120326"]


def test_what_a_fac_cannot_say_is_told_and_the_rest_goes(export, load, tmp_path):
    load(
        a_factura(1),
        a_factura(2, vencimientos=(Vencimiento(fecha=date(2026, 4, 10), importe_centavos=100_000_000_000),)),
        a_factura(3, tipo_importe=TipoImporte.ABIERTO),
        a_factura(4, mensaje_ticket="Señal de alta ñ" * 2),
    )
    rejects = tmp_path / "no-van.csv"
    result = export("--json", "--rejects", rejects)
    said = json.loads(result.stdout)
    assert (result.exit_code, said["facturas"], said["total_reparos"]) == (1, 2, 2)
    assert [(r["id_factura"], r["codigo"]) for r in said["reparos"]] == [("F-2", "EXP-201"), ("F-3", "EXP-202")]
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        assert [row["codigo"] for row in csv.DictReader(file, delimiter=";")] == ["EXP-201", "EXP-202"]
    assert [f.clave.id_factura for f in read(tmp_path / "fac" / "FAC1234.100326")] == ["F-1", "F-4"]


def test_the_variant_that_is_configured_is_written_and_holds_more(run, export, load, tmp_path):
    with run.config.open("a") as file:
        file.write('[empresas.1234.archivos]\nvariante = "ANCHA"\n')
    big = a_factura(2, vencimientos=(Vencimiento(fecha=date(2026, 4, 10), importe_centavos=100_000_000_000),))
    load(big)
    assert export().exit_code == 0
    assert read(tmp_path / "fac" / "FAC1234.100326") == [big]


def test_more_than_fits_a_file_goes_into_several_which_are_numbered(export, load, tmp_path, monkeypatch):
    monkeypatch.setattr(operation, "FACTURAS_MAX", 3)
    load(*(a_factura(n) for n in range(8)))
    result = export("--json")
    assert [a["nombre"] for a in json.loads(result.stdout)["archivos"]] == [f"FAC1234.100326.0{n}" for n in (1, 2, 3)]
    told = [factura for name in names(tmp_path) for factura in read(tmp_path / "fac" / name)]
    assert told == [a_factura(n) for n in range(8)]
    assert [len(read(tmp_path / "fac" / name)) for name in names(tmp_path)] == [3, 3, 2]
    load(a_factura(8))
    assert export("--novedades").exit_code == 0
    assert names(tmp_path)[3:] == ["FAC1234.100326.04"]


def test_more_than_pmc_takes_in_a_day_is_refused_and_leaves_nothing(run, export, load, tmp_path, monkeypatch):
    monkeypatch.setattr(operation, "FACTURAS_MAX", 2)
    load(*(a_factura(n) for n in range(2 * limits.ARCHIVOS_MAX + 1)))
    for options in ([], ["--dry-run"]):
        result = export(*options)
        assert (result.exit_code, "9 archivos por día" in result.stderr) == (1, True), result.stderr
    assert names(tmp_path) == []
    assert json.loads(run("exports", "--json").stdout)["exportaciones"] == []
    assert export("--dia", "2026-03-11", "--novedades").exit_code == 1


def test_fifteen_thousand_and_one_are_two_files(export, load, tmp_path):
    for start in range(0, 15_001, 5_000):
        load(*(a_factura(n) for n in range(start, min(start + 5_000, 15_001))))
    said = json.loads(export("--json").stdout)
    assert [(a["nombre"], a["cantidad"]) for a in said["archivos"]] == [
        ("FAC1234.100326.01", 15_000),
        ("FAC1234.100326.02", 1),
    ]


def test_a_file_that_is_there_is_never_covered(export, load, tmp_path):
    (tmp_path / "fac").mkdir()
    (tmp_path / "fac" / "FAC1234.100326").write_text("el de ayer")
    load(a_factura(1))
    assert export().exit_code == 0
    assert (tmp_path / "fac" / "FAC1234.100326").read_text() == "el de ayer"
    assert names(tmp_path) == ["FAC1234.100326", "FAC1234.100326.02"]


def test_a_file_that_appears_meanwhile_is_not_covered_and_nothing_is_noted(run, export, load, tmp_path, monkeypatch):
    load(a_factura(1))
    write = salida.CarpetaFac.write

    def appear(self, *args):
        written = write(self, *args)
        (tmp_path / "fac" / "FAC1234.100326").write_text("de otro")
        return written

    monkeypatch.setattr(salida.CarpetaFac, "write", appear)
    result = export()
    assert (result.exit_code, "no se pisó" in result.stderr) == (1, True), result.stderr
    assert names(tmp_path) == ["FAC1234.100326"]
    assert (tmp_path / "fac" / "FAC1234.100326").read_text() == "de otro"
    assert json.loads(run("exports", "--json").stdout)["exportaciones"] == []


def test_novedades_are_what_is_new_and_what_changed(export, load, ledger, tmp_path):
    load(*(a_factura(n) for n in range(3)))
    export()
    again = export("--novedades")
    assert (again.exit_code, "No hay nada nuevo" in again.stderr, len(names(tmp_path))) == (0, True, 1)
    changed = a_factura(1, mensaje_ticket="OTRO")
    load(changed, a_factura(7))
    ledger.write(
        "1234", "002", lambda tx: tx.move_factura(a_factura(2).clave, EstadoFactura.PENDIENTE, EstadoFactura.PAGADA)
    )
    assert export("--novedades").exit_code == 0
    assert read(tmp_path / "fac" / "FAC1234.100326.02") == [changed, a_factura(7)]


def test_a_dry_run_tells_how_many_and_writes_nothing(run, export, load, tmp_path):
    load(a_factura(1), a_factura(2))
    result = export("--dry-run")
    assert "saldrían 2 facturas" in result.stderr
    assert not (tmp_path / "fac").exists()
    assert json.loads(run("exports", "--json").stdout)["exportaciones"] == []


def test_what_pmc_refuses_is_kept_shown_and_goes_again(run, export, load, url, tmp_path):
    load(a_factura(1), a_factura(2))
    export()
    refused = tmp_path / "RECHAZADO_fac1234.100326"
    refused.write_bytes("LÍNEA 2: CÓDIGO\r\n".encode("latin-1"))
    result = run("rechazo", refused)
    assert (result.exit_code, result.stdout) == (0, "LÍNEA 2: CÓDIGO\n")
    assert "rechazó «FAC1234.100326», con 2 facturas" in result.stderr
    assert "Ya estaba anotado" in run("rechazo", refused).stderr
    [listed] = json.loads(run("exports", "--json").stdout)["exportaciones"]
    assert (listed["estado"], listed["rechazo"]) == ("RECHAZADA", "LÍNEA 2: CÓDIGO\n")
    assert [row["motivo"] for row in bases.rows(url, "alerta")] == ["FAC_RECHAZADO:FAC1234.100326"]
    assert json.loads(export("--novedades", "--json").stdout)["facturas"] == 2
    assert names(tmp_path) == ["FAC1234.100326", "FAC1234.100326.02"]


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("RECHAZADO_FAC1234.010126", 1, "no se generó ningún FAC que se llame «FAC1234.010126»"),
        ("otro.txt", 2, "se tiene que llamar RECHAZADO_FAC…"),
    ],
)
def test_a_refusal_of_nothing_of_ours_is_told_so(run, tmp_path, name, code, told):
    (tmp_path / name).write_text("x")
    result = run("rechazo", tmp_path / name)
    assert (result.exit_code, told in result.stderr) == (code, True), result.stderr


def test_where_there_are_several_empresas_one_must_be_named(run, export, load, tmp_path):
    with run.config.open("a") as file:
        file.write('[empresas.5678]\nnombre = "Otra"\n')
    load(a_factura(1))
    assert "decí cuál con --empresa" in export().stderr
    assert "No hay nada" in export("--empresa", "5678").stderr
    assert export("--empresa", "1234").exit_code == 0
    assert names(tmp_path) == ["FAC1234.100326"]


def test_the_exports_are_listed_the_newest_first(run, export, load):
    assert "Todavía no se generó ningún FAC" in run("exports").stdout
    load(a_factura(1))
    export()
    export()
    listed = run("exports").stdout
    assert listed.index("FAC1234.100326.02") < listed.rindex("FAC1234.100326 ")
    assert local_day(MORNING) == date(2026, 3, 10) < AFTERNOON.date() + timedelta(days=1)
