"""pmc-soap seguir and pmc-soap consultas, as a person types them, on a database with a few pagos in it."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from comandos import pmc_soap

from pmc_soap import config, wiring
from pmc_soap.demo import world
from pmc_soap.domain.aviso import AvisoPago, ReversaPago
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.consulta import Busqueda, Consulta


class Caja:
    """A database with the demonstration's world, and what was asked and paid since."""

    def __init__(self, folder):
        self.folder = folder
        self.settings = config.check({**world.SETTINGS, "db": f"sqlite:///{folder / 'demo.db'}"})
        world.prepare(self.settings, folder)
        self.config = folder / "pmc-soap.toml"
        lines = (f'mode = "demostracion"\ndb = "sqlite:///{folder}/demo.db"\n', '[empresas.DEMO]\nnombre = "Demo"\n')
        self.config.write_text("".join(lines), encoding="utf-8")
        with wiring.build(self.settings) as house:
            self._make(house)

    def _make(self, house):
        def ask(id_cliente):
            busqueda = Busqueda(codigo_empresa="DEMO", id_cliente=id_cliente)
            return house.consultas.answer(Consulta(busqueda=busqueda, id_mensaje="Q")).id_consulta

        def pay(id_cliente, id_factura, id_transaccion, centavos, **said):
            aviso = AvisoPago(
                codigo_empresa="DEMO",
                id_mensaje=id_transaccion,
                fecha_hora_mensaje_utc=now,
                id_cliente=id_cliente,
                id_factura=id_factura,
                id_transaccion=id_transaccion,
                moneda="ARS",
                importe_centavos=centavos,
                **said,
            )
            return house.avisos.accept(aviso).id_aviso

        self.quoted, self.guessed, self.reversed = ask("1000001"), ask("1000002"), ask("1000009")
        self.unpaid = ask("1000008")
        now = house.clock.now()  # who pays has seen the answer
        self.mes = f"{local_day(now):%Y-%m}"
        self.paid = pay("1000001", "F-1000001-1", "TX-1", 18_540_75, id_consulta=self.quoted)
        self.second = pay("1000002", "F-1000002-1", "TX-2", 10_500_00)
        self.formula = pay("=1+1", None, "TX-3", 100, id_consulta="se-perdio")
        pay("1000009", "F-1000009-1", "TX-4", 20_000_00, id_consulta=self.reversed)
        house.reversas.accept(
            ReversaPago(
                codigo_empresa="DEMO",
                id_mensaje="RX-4",
                fecha_hora_mensaje_utc=now + timedelta(seconds=1),
                id_cliente="1000009",
                importe_centavos=20_000_00,
                id_transaccion_original="TX-4",
            )
        )

    def __call__(self, *args):
        return pmc_soap("--config", self.config, *args, cwd=self.folder)

    def document(self, *args):
        ended = self(*args, "--json")
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)


@pytest.fixture(scope="module")
def caja(tmp_path_factory):
    return Caja(tmp_path_factory.mktemp("caja"))


def test_the_story_of_a_pago_is_told_with_its_next_step(caja):
    ended = caja("seguir", "TX-1")
    assert ended.returncode == 0, ended.stderr
    assert "«TX-1» es un IdTransaccion." in ended.stdout
    steps = re.findall(r"│ (\d\d/\d\d/\d{4} \d\d:\d\d:\d\d) │ (\w+)", ended.stdout)
    assert [hecho for _, hecho in steps] == [
        "FACTURA_INFORMADA",
        "CONSULTADA",
        "AVISO_RECIBIDO",
        "JUZGADO",
        "EN_BANDEJA",
    ]
    assert "$ 18.540,75" in ended.stdout
    assert "Próximo paso: La empresa tiene que retirarlo con ObtenerAvisos" in ended.stdout


def test_a_cliente_and_a_factura_name_one_pago(caja):
    told = caja.document("seguir", "1000001", "F-1000001-1")
    assert told["historia"]["pago"]["id_aviso"] == caja.paid
    assert told["historia"]["pago"]["importe"] == "18540.75"
    assert told["historia"]["pasos"][0]["fecha_hora"].endswith("-03:00")


def test_what_is_in_the_puente_names_the_operators_command(caja):
    ended = caja("seguir", caja.formula)
    assert f"pmc-soap puente apply {caja.formula}" in ended.stdout


def test_a_consulta_that_nobody_paid_is_said_to_be_one(caja):
    ended = caja("seguir", caja.unpaid)
    assert (ended.returncode, ended.stdout) == (0, f"«{caja.unpaid}» es un IdConsulta: nadie lo pagó todavía.\n")


def test_an_id_that_is_nothing_ends_with_1_and_says_how_to_ask(caja):
    ended = caja("seguir", "no-esta")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "no hay nada con el id «no-esta»" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_another_empresa_has_none_of_it(caja):
    assert caja("seguir", caja.paid, "--empresa", "OTRA").returncode == 1
    assert caja.document("consultas", "list", "--empresa", "OTRA") == []
    (month,) = caja.document("consultas", "facturables", "--mes", caja.mes, "--empresa", "OTRA")
    assert (month["totales"]["consultas"], month["filas"]) == (0, [])


def test_the_newest_consultas_are_listed_with_what_they_showed(caja):
    listed = caja.document("consultas", "list")
    assert [row["id_consulta"] for row in listed] == [caja.unpaid, caja.reversed, caja.guessed, caja.quoted]
    (one,) = caja.document("consultas", "list", "--factura", "F-1000001-1")
    assert one["mostradas"] == [{"id_cliente": "1000001", "id_factura": "F-1000001-1", "importe": "18540.75"}]
    assert caja.guessed in caja("consultas", "list", "--cliente", "1000002").stdout
    assert len(caja.document("consultas", "list", "--limit", "2")) == 2


def test_the_months_facturables_are_told_with_the_reason_of_each_and_the_totals(caja):
    (month,) = caja.document("consultas", "facturables", "--mes", caja.mes)
    told = {row["id_consulta"]: (row["situacion"], row["motivo"]) for row in month["filas"] if row["id_consulta"]}
    assert told == {
        caja.quoted: ("FACTURABLE", "IdConsulta citado por el aviso"),
        caja.guessed: ("FACTURABLE", "última consulta de las 24 h anteriores al pago"),
        caja.reversed: ("PAGO_REVERSADO", "IdConsulta citado por el aviso"),
    }
    assert month["totales"] == {
        "consultas": 4,
        "con_pago": 3,
        "facturables": 2,
        "con_pago_reversado": 1,
        "sin_pago": 1,
        "pagos_sin_consulta": 3,  # the demonstration's own two, and the one that quotes what was lost
        "citas_sin_registro": 1,
    }
    table = caja("consultas", "facturables", "--mes", caja.mes).stdout
    assert all(id_ in table for id_ in (caja.quoted, caja.guessed, caja.reversed))  # whole: they can be copied
    assert "$ 18.540,75" in table
    assert "consultas 4, con pago 3, facturables 2" in " ".join(table.split())


def test_the_sheet_opens_in_excel_in_spanish_and_runs_no_formula(caja):
    ended = caja("consultas", "facturables", "--mes", caja.mes, "--csv")
    assert ended.stdout.startswith("\ufeffcodigo_empresa;mes;situacion;")
    rows = {row["id_aviso"]: row for row in csv.DictReader(io.StringIO(ended.stdout[1:]), delimiter=";")}
    assert (rows[caja.paid]["importe_pagado"], rows[caja.paid]["moneda"]) == ("18540,75", "ARS")
    assert rows[caja.formula]["id_cliente"] == "'=1+1"
    assert rows[caja.formula]["motivo"].endswith("la que cita no está registrada")


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--mes", "2026-13"], "se escribe AAAA-MM"),
        ([], "--mes"),
        (["--mes", "2026-03", "--json", "--csv"], "uno solo"),
    ],
)
def test_what_cannot_be_asked_is_told_in_spanish(caja, args, expected):
    ended = caja("consultas", "facturables", *args)
    assert (ended.returncode, expected in ended.stderr) == (2, True), ended.stderr
