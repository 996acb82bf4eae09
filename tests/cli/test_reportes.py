"""pmc-soap reportes, as finance types it, over SQLite and PostgreSQL: on the screen, and in each kind of file."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from fakes import bases
from fakes.examples import a_factura, a_pago, a_reversa
from operations.cobros import a_cob, a_cobro
from python_calamine import load_workbook

from pmc_soap import wiring
from pmc_soap.cli import cli, salida
from pmc_soap.config import load
from pmc_soap.operations.puente import Imputacion
from pmc_soap.storage.tables import metadata

DIA = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 15, 30, 12, tzinfo=UTC)
MES = ("--mes", "2026-03")


class Clock:
    def __init__(self, now_utc):
        self.now_utc = now_utc

    def now(self):
        return self.now_utc


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def config(request, tmp_path):
    if request.param == "sqlite":
        url = bases.sqlite_url(shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "ledger.db"))
    else:
        url = request.getfixturevalue("postgres_url")
        bases.empty(url)
    path = tmp_path / "pmc-soap.toml"
    empresas = '[empresas.AGUA]\nnombre = "Aguas"\n[empresas.LUCE]\nnombre = "Luz"\n'
    path.write_text(f'mode = "homologacion"\ndb = "{url}"\n{empresas}', encoding="utf-8")
    return path


@pytest.fixture
def run(config, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*args, expected=0):
        done = CliRunner().invoke(cli, ["--config", str(config), *map(str, args)])
        assert done.exit_code == expected, done.output
        return done

    return run


@pytest.fixture
def caja(config):
    """What happened on one day: paid, reversed, parked, told only by the COB, and not yet in any."""
    with wiring.build(load(config, {}), Clock(NOW)) as house:
        for n in range(1, 6):
            house.facturas.register(a_factura(f"F{n}", f"00{n}"))
        pay = house.avisos.accept

        def said(n, **more):
            told = {"fecha_hora_mensaje_utc": NOW, "fecha_hora_pago_utc": NOW, "canal": "PC", "id_mensaje": f"M{n}"}
            return a_pago(f"T{n}", f"F{n}", **{**told, "id_cliente": f"00{n}", **more})

        pay(said(1, nro_control="A1"))
        pay(said(2))
        house.reversas.accept(
            a_reversa("R2", id_cliente="002", id_transaccion_original="T2", fecha_hora_mensaje_utc=NOW)
        )
        parked = pay(said(3, importe_centavos=12_345_67)).id_aviso
        pay(said(4))
        pay(said(9, id_cliente="=1+1", moneda="USD", importe_centavos=5_00))
        cobros = (
            a_cobro("F1", id_cliente="001", nro_control="A1"),
            a_cobro("F5", id_cliente="005"),
            a_cobro("F4", id_cliente="004", importe_centavos=150051),
        )
        house.conciliaciones.run(a_cob(*cobros))
    return parked


def rows_of(text):
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";"))


def sheets_of(path):
    book = load_workbook(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


@pytest.mark.usefixtures("caja")
def test_every_pago_of_the_month_is_told_with_where_it_stands(run):
    told = json.loads(run("reportes", "pagos", *MES, "--json").stdout)
    assert [(p["id_cliente"], p["importe"], p["estado"], p["entrega"], p["conciliacion"]) for p in told["pagos"]] == [
        ("001", "1500.50", "APLICADO", "PENDIENTE", "CONCILIADO"),
        ("002", "1500.50", "REVERSADO", "PENDIENTE", None),
        ("003", "12345.67", "EN_PUENTE", "NO_SE_DEBE", None),
        ("004", "1500.50", "APLICADO", "PENDIENTE", "DIF_IMPORTE"),
        ("=1+1", None, "EN_PUENTE", "NO_SE_DEBE", None),
        ("005", "1500.50", "APLICADO", "PENDIENTE", "SOLO_EN_COB"),
    ]
    assert (told["pagos"][-1]["origen"], told["pagos"][-1]["fecha_hora_pago"]) == ("COB", None)
    assert told["pagos"][0]["fecha_hora_pago"] == "2026-03-10T12:30:12-03:00"
    assert told["pagos"][1]["fecha_hora_reversado"] == "2026-03-10T12:30:12-03:00"
    assert {(r["estado"], r["moneda"]): (r["cantidad"], r["importe"]) for r in told["resumen"]} == {
        ("APLICADO", "ARS"): (3, "4501.50"),
        ("EN_PUENTE", "ARS"): (1, "12345.67"),
        ("EN_PUENTE", "USD"): (1, None),
        ("REVERSADO", "ARS"): (1, "1500.50"),
    }


@pytest.mark.usefixtures("caja")
def test_a_workbook_has_the_same_with_real_numbers_and_days_and_a_total_of_the_pesos(run, tmp_path):
    said = run("reportes", "pagos", *MES, "--xlsx", "marzo.xlsx")
    assert "marzo.xlsx" in said.stderr
    sheets = sheets_of(tmp_path / "marzo.xlsx")
    head, *rows, total = sheets["Pagos"]
    first = dict(zip(head, rows[0], strict=True))
    assert (first["Cliente"], first["Importe"], first["Día del pago"]) == ("001", 1500.5, DIA)
    assert first["Recibido"] == datetime(2026, 3, 10, 12, 30, 12)  # noqa: DTZ001 — Excel has no time zones
    assert rows[4][head.index("Cliente")] == "=1+1"
    assert total[head.index("Importe")] == 4 * 1500.5 + 12345.67
    assert len(rows) == 6
    assert [row[3] for row in sheets["Resumen"][1:]] == [3, 1, 1, 1, 6]
    assert [path.name for path in tmp_path.glob(".*")] == []


@pytest.mark.usefixtures("caja")
def test_a_csv_goes_to_a_file_or_out_and_keeps_ids_and_formulas_as_text(run, tmp_path):
    out = run("reportes", "pagos", *MES, "--csv")
    rows = rows_of(out.stdout_bytes.decode())
    assert (rows[0]["id_cliente"], rows[0]["importe"], rows[0]["dia"]) == ('="001"', "1500,50", "10/03/2026")
    assert rows[4]["id_cliente"] == "'=1+1"
    run("reportes", "pagos", *MES, "--csv", "marzo.csv")
    assert (tmp_path / "marzo.csv").read_bytes() == out.stdout_bytes


@pytest.mark.usefixtures("caja")
def test_the_screen_shows_the_first_and_says_how_to_have_all(run, monkeypatch):
    monkeypatch.setattr(salida, "SHOWN_MAX", 2)
    told = run("reportes", "pagos", *MES)
    shown = told.stdout.split("Resumen")[0]
    assert [name for name in ("F1", "F2", "F3", "F4", "F5") if f"│ {name} " in shown] == ["F1", "F2"]
    assert "$ 4.501,50" in told.stdout
    assert "las primeras 2 filas de 6" in told.stderr


@pytest.mark.usefixtures("caja")
def test_only_the_days_and_the_empresa_that_were_asked_for_are_told(run):
    assert run("reportes", "pagos", "--desde", "2026-03-11", "--hasta", "2026-03-12").stdout.startswith("No hay pagos")
    assert run("reportes", "pagos", *MES, "--empresa", "LUCE").stdout.startswith("No hay pagos")
    assert "│ F1 " in run("reportes", "pagos", "--desde", "2026-03-10", "--hasta", "2026-03-10").stdout


@pytest.mark.usefixtures("caja")
def test_the_lines_of_the_cobs_and_the_pagos_that_none_tells_of_add_up_with_their_days(run, tmp_path):
    told = json.loads(run("reportes", "conciliacion", *MES, "--json").stdout)
    assert {
        (linea["que_paso"], linea["id_cliente"], linea["importe_cob"], linea["importe_aviso"])
        for linea in told["lineas"]
    } == {
        ("SOLO_EN_AVISO", "003", None, "12345.67"),
        ("SOLO_EN_AVISO", "=1+1", None, None),
        ("CONCILIADO", "001", "1500.50", "1500.50"),
        ("SOLO_EN_COB", "005", "1500.50", "1500.50"),
        ("DIF_IMPORTE", "004", "1500.51", "1500.50"),
    }
    days = {day["dia"]: day for day in told["dias"]}
    assert (days["2026-03-11"]["cob_cantidad"], days["2026-03-11"]["cob_importe"]) == (3, "4501.51")
    assert days["2026-03-11"]["diferencias_importe"] == "1500.51"
    paid = days["2026-03-10"]
    assert (paid["solo_en_aviso_cantidad"], paid["solo_en_aviso_importe"]) == (2, "12345.67")  # dollars are no pesos
    run("reportes", "conciliacion", *MES, "--xlsx", "conciliacion.xlsx")
    sheets = sheets_of(tmp_path / "conciliacion.xlsx")
    head = sheets["Líneas"][0]
    assert sheets["Líneas"][-1][head.index("Importe en el COB")] == 4501.51
    shown = run("reportes", "conciliacion", *MES).stdout
    assert all(words in shown for words in ("DIF_IMPORTE", "$ 1.500,51", "$ 12.345,67", "11/03/2026"))


@pytest.mark.usefixtures("caja")
def test_on_a_narrow_screen_no_importe_and_no_id_is_cut(run, monkeypatch):
    monkeypatch.setattr("pmc_soap.cli.liquidacion.WIDTH_WITHOUT_TERMINAL", 40)
    told = json.loads(run("reportes", "pagos", *MES, "--json").stdout)
    shown = run("reportes", "pagos", *MES).stdout
    assert all(pago["id_aviso"] in shown for pago in told["pagos"])
    assert "$ 12.345,67" in shown


def test_the_puente_leaves_whole_for_a_spreadsheet(run, caja, tmp_path, config):
    run("puente", "list", "--limit", "1", "--xlsx", "puente.xlsx")
    (sheet,) = sheets_of(tmp_path / "puente.xlsx").values()
    assert sheet[1][sheet[0].index("IdAviso")] == caja
    assert len(sheet) == 4
    with wiring.build(load(config, {}), Clock(NOW)) as house:
        house.puente.apply(caja, Imputacion(a_cuenta=True), motivo="x", operador="ana")
    assert [row["id_cliente"] for row in rows_of(run("puente", "list", "--csv").stdout_bytes.decode())] == ["'=1+1"]


@pytest.mark.usefixtures("caja")
def test_the_facturables_leave_as_a_workbook_with_their_totals(run, tmp_path):
    run("consultas", "facturables", *MES, "--empresa", "AGUA", "--xlsx", "facturables.xlsx")
    sheets = sheets_of(tmp_path / "facturables.xlsx")
    assert {row[2] for row in sheets["Facturables"][1:-1]} == {"SIN_CONSULTA"}
    assert {row[2]: row[3] for row in sheets["Totales"][1:]}["pagos sin consulta"] == 6


@pytest.mark.usefixtures("caja")
def test_times_are_those_that_the_log_tells_and_lines_of_others_are_passed_over(run, tmp_path):
    def line(ms, **said):
        told = {"timestamp": "2026-03-10T15:30:12.000Z", "level": "info", "evento": "pedido", "empresa": "AGUA"}
        return json.dumps({**told, "operacion": "AvisoPago", "ms": ms, **said})

    lines = [line(n) for n in range(1, 100)] + [line(2000.4), line(3), line(9, timestamp="2026-04-10T15:30:12.000Z")]
    others = ["no es JSON", '{"evento": "registro"}', "{roto", line(5, operacion="Eco"), '["x"]']
    log = tmp_path / "registro.jsonl"
    log.write_text("\n".join([*lines, *others, f"mar 10 12:30 pmc[1]: {line(7)}"]), encoding="utf-8")
    told = json.loads(run("reportes", "tiempos", *MES, "--empresa", "AGUA", "--registro", log, "--json").stdout)
    avisos = next(row for row in told["tiempos"] if row["que"] == "AvisoPago")
    assert (avisos["dia"], avisos["cantidad"], avisos["medidas"]) == ("2026-03-10", 5, 102)
    assert (avisos["p50_ms"], avisos["p99_ms"], avisos["hasta_2_s"]) == (49, 99, "99.01")
    assert next(row for row in told["tiempos"] if row["que"] == "Entrega a pull")["medidas"] == 0


def test_a_log_that_says_nothing_of_those_days_is_told(run, tmp_path):
    (tmp_path / "vacio.log").write_text("nada\n")
    told = run("reportes", "tiempos", *MES, "--registro", "vacio.log")
    assert "no hay ninguna respuesta de esos días" in told.stderr
    assert told.stdout.startswith("No hubo nada")


def test_a_log_that_is_not_there_is_told(run, tmp_path):
    for path in ("no-esta.log", str(tmp_path)):
        assert "revisá --registro" in " ".join(
            run("reportes", "tiempos", *MES, "--registro", path, expected=2).stderr.split()
        )


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--mes", "2026-03", "--desde", "2026-03-01"), "Elegí --mes, o --desde y --hasta"),
        (("--desde", "2026-03-02", "--hasta", "2026-03-01"), "posterior"),
        (("--desde", "10/03/2026"), "AAAA-MM-DD"),
        (("--desde", "2020-01-01", "--hasta", "2026-01-01"), "tres años"),
        (("--json", "--csv"), "uno solo"),
        (("--xlsx", "esta.xlsx"), "no se pisa"),
        (("--csv", "no/hay/carpeta.csv"), "no se pueden crear archivos"),
        (("--desde", "0001-01-01", "--hasta", "0001-01-02"), "Los días van de 2000-01-01"),
    ],
)
def test_what_cannot_be_asked_is_told_in_spanish(run, tmp_path, args, words):
    (tmp_path / "esta.xlsx").write_text("mía")
    done = run("reportes", "pagos", *args, expected=2)
    assert words in " ".join(done.output.split())
    assert (tmp_path / "esta.xlsx").read_text() == "mía"


def _multiply(url, first, last):
    """Add pagos that are equal but for their ids, as fast as the database can."""
    own = {"secuencia": "i", "id_aviso": "'X' || i", "identidad": "'X' || i", "id_factura": "'X' || i"}
    with bases.connected(url) as connection:
        for table in ("aviso", "pago"):
            names = [column.name for column in metadata.tables[table].columns]
            one = f"(SELECT * FROM {table} WHERE id_aviso = '{connection.exec_driver_sql(ONE).scalar()}') AS one"  # noqa: S608
            values = ", ".join(own.get(name, f"one.{name}") for name in names)
            counted = f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"  # noqa: S608
            insert = f"INSERT INTO {table} ({', '.join(names)}) {counted} SELECT {values} FROM n, {one}"  # noqa: S608
            connection.exec_driver_sql(insert)


ONE = "SELECT min(id_aviso) FROM pago WHERE estado = 'APLICADO'"


def _peak_kb(config, *args):
    """Run the command in a process of its own, and give the most memory that it took."""
    command = [str(Path(sys.executable).parent / "pmc-soap"), "--config", str(config), *map(str, args)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_maxrss


@pytest.mark.usefixtures("caja")
def test_a_report_of_many_takes_hardly_more_memory_than_one_of_few(config, tmp_path):
    url = load(config, {}).db
    _multiply(url, 1_000, 2_000)
    few = _peak_kb(config, "reportes", "pagos", *MES, "--csv", tmp_path / "few.csv")
    _multiply(url, 2_001, 32_000)
    many = _peak_kb(config, "reportes", "pagos", *MES, "--csv", tmp_path / "many.csv")
    assert many < few + 8_192, (few, many)
    with (tmp_path / "many.csv").open("rb") as file:
        assert sum(1 for _ in file) == 1 + 6 + 31_001


@pytest.mark.usefixtures("caja")
def test_a_report_that_is_cut_half_way_leaves_no_file(run, tmp_path, monkeypatch):
    from pmc_soap.operations.ports import Unavailable
    from pmc_soap.storage.informes import SqlInformes

    whole = SqlInformes.pagos

    def cut(*args):
        yield next(whole(*args))
        raise Unavailable

    monkeypatch.setattr(SqlInformes, "pagos", cut)
    for option, name in (("--csv", "a.csv"), ("--xlsx", "a.xlsx")):
        assert "la base de datos no responde" in run("reportes", "pagos", *MES, option, name, expected=4).stderr
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith("ledger")) == ["pmc-soap.toml"]


@pytest.mark.usefixtures("caja")
def test_a_disk_that_cannot_give_a_file_two_names_gets_the_report_as_well(run, tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    run("reportes", "pagos", *MES, "--csv", "a.csv")
    assert len(rows_of((tmp_path / "a.csv").read_bytes().decode())) == 6
