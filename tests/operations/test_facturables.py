"""The month's proof: consultas and avisos as the gateway wrote them down, in a real database."""

from datetime import UTC, datetime, timedelta

import pytest
from fakes.examples import NOW, TODAY, a_factura, vencimientos
from fakes.sistema import FakeSistema
from operations.cobros import Caja, a_cobro

from pmc_soap.domain.empresa import PoliticaConsulta
from pmc_soap.domain.facturable import Cita, Mes
from pmc_soap.operations.facturables import Facturables

HOUR = timedelta(hours=1)
LATE = vencimientos(150050, first=TODAY + timedelta(days=90))


@pytest.fixture
def month(sql_world):
    """Ask for a month of AGUA, unless another is said."""

    def month(mes="2026-03", codigo_empresa="AGUA"):
        return Facturables(sql_world.ledger.consultado).of_month(codigo_empresa, Mes.parse(mes))

    return month


def charged(liquidacion):
    return [(cruce.consulta.id_consulta, cruce.pago.id_aviso, cruce.vinculo.value) for cruce in liquidacion.facturables]


def counted(liquidacion):
    reversadas, sin_consulta = len(liquidacion.reversadas), len(liquidacion.sin_consulta)
    return liquidacion.consultas, liquidacion.con_pago, reversadas, liquidacion.sin_pago, sin_consulta


def test_a_consulta_is_charged_only_with_the_pago_that_followed_it(sql_world, month):
    sql_world.register("F1", vencimientos=LATE)
    sql_world.register("F2", vencimientos=LATE)
    quoted = sql_world.ask(id_cliente="C1").id_consulta
    sql_world.ask(id_cliente="C9")  # an unknown cliente: nothing to pay
    sql_world.clock.now_utc += HOUR
    last = sql_world.ask(id_factura="F2").id_consulta
    first_pago = sql_world.pay("T1", "F1", id_consulta=quoted).id_aviso
    second_pago = sql_world.pay("T2", "F2").id_aviso
    told = month()
    assert charged(told) == [(quoted, first_pago, "CITADA"), (last, second_pago, "ULTIMA_24_H")]
    assert counted(told) == (3, 2, 0, 1, 0)


def test_a_repeat_is_no_second_pago_and_a_conflict_is_none(sql_world, month):
    sql_world.register(vencimientos=LATE)
    sql_world.ask(id_cliente="C1")
    sql_world.ask(id_cliente="C1")
    sql_world.pay("T1", fecha_hora_pago_utc=NOW)
    sql_world.pay("T1", fecha_hora_pago_utc=NOW)
    sql_world.pay("T1", fecha_hora_pago_utc=NOW, importe_centavos=1)
    assert counted(month()) == (2, 1, 0, 1, 0)


def test_money_that_waits_in_the_puente_is_a_pago_as_well(sql_world, month):
    sql_world.register(vencimientos=LATE)
    sql_world.ask(id_cliente="C1")
    sql_world.pay(importe_centavos=1)
    assert counted(month()) == (1, 1, 0, 0, 0)


def test_a_pago_that_was_taken_back_is_told_apart_and_the_pago_after_it_takes_the_consulta(sql_world, month):
    sql_world.register(vencimientos=LATE)
    sql_world.ask(id_cliente="C1")
    sql_world.pay("T1")
    sql_world.clock.now_utc += HOUR / 60
    sql_world.reverse("R1", id_transaccion_original="T1")
    assert (counted(month()), charged(month())) == ((1, 1, 1, 0, 0), [])
    sql_world.pay("T2")
    assert counted(month()) == (1, 1, 0, 0, 1)


def test_a_consulta_of_the_last_day_is_of_its_month_though_it_is_paid_in_the_next(sql_world, month):
    sql_world.clock.now_utc = datetime(2026, 4, 1, 2, 59, tzinfo=UTC)  # 23:59 of 31 March in Argentina
    sql_world.register(vencimientos=LATE)
    consulta = sql_world.ask(id_cliente="C1").id_consulta
    sql_world.clock.now_utc += 2 * HOUR
    sql_world.pay()
    assert [row[0] for row in charged(month())] == [consulta]
    assert counted(month("2026-04")) == (0, 0, 0, 0, 0)


def test_a_consulta_of_long_ago_that_is_quoted_is_known_though_it_is_out_of_the_margin(sql_world, month):
    sql_world.register(vencimientos=LATE)
    consulta = sql_world.ask(id_cliente="C1").id_consulta
    sql_world.clock.now_utc += timedelta(days=50)
    sql_world.pay(id_consulta=consulta)
    assert counted(month("2026-04")) == (0, 0, 0, 0, 0)
    assert month("2026-04").citas_sin_registro == ()


def test_a_quote_of_a_consulta_whose_record_is_gone_is_listed_as_such(sql_world, month):
    sql_world.register(vencimientos=LATE)
    sql_world.pay(id_consulta="lost-in-a-power-cut")
    (cruce,) = month().citas_sin_registro
    assert (cruce.cita, cruce.consulta) == (Cita.DESCONOCIDA, None)
    assert counted(month()) == (0, 0, 0, 0, 1)


def test_the_second_instance_counts_as_the_base_does_and_is_named(sql_world, month):
    sql_world.configure(politica_consulta=PoliticaConsulta.EMPRESA_LUEGO_BASE)
    sql_world.connect(FakeSistema(a_factura("F1", vencimientos=LATE)))
    sql_world.register("F2", "C2", vencimientos=LATE)
    for id_cliente, id_factura in (("C1", "F1"), ("C2", "F2")):
        sql_world.ask(id_cliente=id_cliente)
        sql_world.pay(f"T-{id_factura}", id_factura, id_cliente=id_cliente)
    assert [cruce.consulta.origen.value for cruce in month().facturables] == ["EMPRESA", "BASE"]


def test_two_empresas_are_billed_apart_and_a_quote_of_the_others_consulta_is_unknown(sql_world, month):
    sql_world.configure("LUZZ")
    sql_world.register(vencimientos=LATE)
    sql_world.register(codigo_empresa="LUZZ", vencimientos=LATE)
    theirs = sql_world.ask(codigo_empresa="LUZZ", id_cliente="C1").id_consulta
    sql_world.pay(id_consulta=theirs)
    assert counted(month()) == (0, 0, 0, 0, 1)
    assert len(month().citas_sin_registro) == 1
    assert counted(month(codigo_empresa="LUZZ")) == (1, 0, 0, 1, 0)


def test_the_newest_consultas_are_listed_first_and_can_be_narrowed_to_a_cliente_or_a_factura(sql_world):
    sql_world.configure("LUZZ")
    for id_factura, id_cliente in (("F1", "C1"), ("F2", "C2")):
        sql_world.register(id_factura, id_cliente, vencimientos=LATE)
    asked = []
    for busqueda in ({"id_cliente": "C1"}, {"id_cliente": "C2"}, {"id_factura": "F1"}, {"id_factura": "nope"}):
        asked.append(sql_world.ask(**busqueda).id_consulta)
        sql_world.clock.now_utc += HOUR
    sql_world.ask(codigo_empresa="LUZZ", id_cliente="C1")
    facturables = Facturables(sql_world.ledger.consultado)

    def listed(limit=10, **said):
        return [consulta.id_consulta for consulta in facturables.recent(["AGUA"], limit, **said)]

    assert listed() == asked[::-1]
    assert listed(2) == asked[:1:-1]
    assert listed(id_cliente="C1") == [asked[0]]
    assert listed(id_factura="F1") == [asked[2], asked[0]]
    assert len(facturables.recent(["AGUA", "LUZZ"], 10)) == 5


def test_a_pago_that_only_the_cob_told_of_follows_a_consulta_of_its_day(sql_world, month):
    sql_world.register(vencimientos=LATE)
    asked = sql_world.ask(id_cliente="C1").id_consulta
    Caja(sql_world).run(a_cobro())
    [(consulta, _, vinculo)] = charged(month())
    assert (consulta, vinculo) == (asked, "ULTIMA_24_H")
    assert counted(month()) == (1, 1, 0, 0, 0)


def test_a_late_aviso_stands_for_the_pago_of_the_cob_and_quotes_its_consulta(sql_world, month):
    sql_world.register(vencimientos=LATE)
    quoted = sql_world.ask(id_cliente="C1").id_consulta
    sql_world.ask(id_cliente="C1")
    Caja(sql_world).run(a_cobro())
    late = sql_world.pay("T1", id_consulta=quoted)
    assert charged(month()) == [(quoted, late.id_aviso, "CITADA")]
    assert counted(month()) == (2, 1, 0, 1, 0)
    sql_world.reverse("R1", id_transaccion_original="T1")
    assert counted(month()) == (2, 1, 1, 1, 0)
