"""The second instance: the empresa's own system is asked inside the deadline, and what it says enters the base."""

import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes.examples import TODAY, a_factura, clave, vencimientos
from fakes.sistema import AWAY, FakeSistema

from pmc_soap.domain.consulta import Deuda, Origen, SinRespuesta
from pmc_soap.domain.cortacircuito import SEGUIDAS_MAX, Cortacircuito
from pmc_soap.domain.empresa import PoliticaConsulta
from pmc_soap.domain.factura import EstadoFactura, MotivoBaja
from pmc_soap.domain.resultado import Resultado
from pmc_soap.operations.factura import Cambios
from pmc_soap.operations.ports import Unavailable
from pmc_soap.operations.sin_red import LedgerAbierto

SOON_S = 5  # a bound for what takes milliseconds


def _shown(respuesta):
    return [(oferta.factura.clave.id_factura, oferta.exigible.importe_centavos) for oferta in respuesta.ofertas]


def _told(respuesta):
    return respuesta.ending.resultado, respuesta.origen, _shown(respuesta)


@contextmanager
def _held(sistema):
    """Keep whoever asks waiting, for as long as the story lasts."""
    sistema.hold()
    try:
        yield
    finally:
        sistema.release()


def _until(condition):
    deadline = time.monotonic() + SOON_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


# What it finds --------------------------------------------------------------------------------------------------------


def test_a_cliente_that_only_the_empresa_knows_is_answered_by_its_own_system(any_world):
    any_world.connect(FakeSistema(a_factura("F1", nombre_cliente="Ana")))
    respuesta = any_world.ask(id_cliente="C1")
    assert _told(respuesta) == (Resultado.EXITOSA, Origen.EMPRESA, [("F1", 150050)])
    assert respuesta.nombre_cliente == "Ana"


def test_what_its_own_code_does_with_the_question_changes_neither_whom_it_is_about_nor_what_is_written_down(world):
    class Strips(FakeSistema):
        def find_deuda(self, consulta, timeout_s):
            consulta.busqueda.id_cliente = consulta.busqueda.id_cliente.lstrip("0")
            return super().find_deuda(consulta, timeout_s)

    world.connect(Strips(a_factura("F1", id_cliente="C1")))
    assert world.ask(id_cliente="00C1").ending.resultado is Resultado.EMPRESA_NO_DISPONIBLE


def test_what_it_told_can_be_paid_and_is_then_never_shown_again_though_it_still_tells_of_it(any_world):
    any_world.connect(FakeSistema(a_factura("F1")))
    any_world.ask(id_cliente="C1")
    assert any_world.pay("T1", "F1").estado == "APLICADO"
    assert _told(any_world.ask(id_cliente="C1")) == (Resultado.SIN_DEUDA, None, [])
    assert _told(any_world.ask(id_factura="F1")) == (Resultado.FACTURA_PAGADA, None, [])


def test_the_base_goes_first_and_what_it_has_is_not_asked_again(any_world):
    any_world.register("F1")
    sistema = any_world.connect(FakeSistema(a_factura("F2")))
    assert _told(any_world.ask(id_cliente="C1")) == (Resultado.EXITOSA, Origen.BASE, [("F1", 150050)])
    assert sistema.asked == []


def test_what_was_learned_is_not_taken_for_reported_and_is_asked_again(any_world):
    sistema = any_world.connect(FakeSistema(a_factura("F1")))
    any_world.ask(id_cliente="C1")
    sistema.facturas = [a_factura("F1", vencimientos=vencimientos(999_00))]
    assert _told(any_world.ask(id_cliente="C1")) == (Resultado.EXITOSA, Origen.EMPRESA, [("F1", 999_00)])
    sistema.facturas, sistema.otherwise = [], Deuda(resultado=Resultado.SIN_DEUDA)
    assert _told(any_world.ask(id_cliente="C1")) == (Resultado.SIN_DEUDA, None, [])


def test_an_alta_of_what_was_learned_makes_it_reported(any_world):
    sistema = any_world.connect(FakeSistema(a_factura("F1")))
    any_world.ask(id_cliente="C1")
    registro = any_world.register("F1", vencimientos=vencimientos(777_00))
    assert (registro.ending.resultado, registro.ending.duplicado) == (Resultado.EXITOSA, False)
    sistema.asked.clear()
    assert _told(any_world.ask(id_cliente="C1")) == (Resultado.EXITOSA, Origen.BASE, [("F1", 777_00)])
    assert sistema.asked == []


def test_what_the_empresa_withdrew_stays_withdrawn_though_its_system_still_tells_of_it(any_world):
    any_world.connect(FakeSistema(a_factura("F1")))
    any_world.ask(id_cliente="C1")
    any_world.facturas.withdraw(clave("F1"), MotivoBaja.ANULADA)
    assert any_world.ask(id_factura="F1", id_cliente="C1").ending.resultado is Resultado.FACTURA_BAJA
    assert any_world.estado(clave("F1")) is EstadoFactura.BAJA


@pytest.mark.parametrize(
    "bad",
    [
        a_factura("F1", moneda="USD"),
        a_factura("F1", vencimientos=tuple(reversed(vencimientos(100, 200)))),
        a_factura("F1", id_cliente="C2"),
        a_factura("F1", codigo_empresa="LUZ"),
    ],
)
def test_a_factura_that_cannot_be_is_left_out_and_if_there_is_no_other_it_is_no_answer(world, bad):
    sistema = world.connect(FakeSistema(a_factura("F2"), bad))
    sistema._answer = lambda _: Deuda(facturas=tuple(sistema.facturas))  # noqa: SLF001 — it answers what nobody asked
    assert _shown(world.ask(id_cliente="C1")) == [("F2", 150050)]
    sistema.facturas = [bad]
    assert world.ask(id_cliente="C3").ending.resultado is Resultado.EMPRESA_NO_DISPONIBLE


def test_a_consulta_that_learns_nothing_writes_nothing_to_the_base(sql_world):
    sql_world.connect(FakeSistema(a_factura("F1")))
    sql_world.ask(id_cliente="C1")
    before = sql_world.rows("factura")
    sql_world.ask(id_cliente="C1")
    assert before == sql_world.rows("factura")
    assert [row["origen"] for row in before] == ["EMPRESA"]


def test_an_empresa_that_exacts_its_order_is_obeyed_in_both_instances(any_world):
    any_world.configure(pagar_en_orden=True, politica_consulta=PoliticaConsulta.EMPRESA_LUEGO_BASE)
    any_world.register("F0", vencimientos=vencimientos(100, first=TODAY))
    later = a_factura("F9", vencimientos=vencimientos(900, first=TODAY + timedelta(days=9)))
    any_world.connect(FakeSistema(later))
    assert any_world.ask(id_factura="F9", id_cliente="C1").ending.resultado is Resultado.PAGAR_ANTERIOR
    (oferta,) = any_world.ask(id_cliente="C1").ofertas
    assert oferta.debe_pagar_anteriores


def test_each_empresa_has_its_own_system(any_world):
    any_world.configure("LUZ")
    any_world.connect(FakeSistema(a_factura("F1")))
    any_world.connect(FakeSistema(a_factura("L1", codigo_empresa="LUZ")), "LUZ")
    assert _shown(any_world.ask(id_cliente="C1")) == [("F1", 150050)]
    assert _shown(any_world.ask(id_cliente="C1", codigo_empresa="LUZ")) == [("L1", 150050)]
    any_world.configure("GAS")
    assert any_world.ask(id_cliente="C1", codigo_empresa="GAS").ending.resultado is Resultado.CLIENTE_INEXISTENTE


# The policies ---------------------------------------------------------------------------------------------------------

BASE, EMPRESA = [("F1", 150050)], [("F2", 150050)]
PENDING, NOTHING = (a_factura("F2"),), ()


@pytest.mark.parametrize(
    ("politica", "reported", "told", "resultado", "origen", "shown"),
    [
        ("SOLO_BASE", True, PENDING, "EXITOSA", "BASE", BASE),
        ("SOLO_BASE", False, PENDING, "CLIENTE_INEXISTENTE", None, []),
        ("BASE_LUEGO_EMPRESA", True, PENDING, "EXITOSA", "BASE", BASE),
        ("BASE_LUEGO_EMPRESA", False, PENDING, "EXITOSA", "EMPRESA", EMPRESA),
        ("BASE_LUEGO_EMPRESA", False, NOTHING, "CLIENTE_INEXISTENTE", None, []),
        ("BASE_LUEGO_EMPRESA", True, AWAY, "EXITOSA", "BASE", BASE),
        ("BASE_LUEGO_EMPRESA", False, AWAY, "EMPRESA_NO_DISPONIBLE", None, []),
        ("EMPRESA_LUEGO_BASE", True, PENDING, "EXITOSA", "EMPRESA", EMPRESA),
        ("EMPRESA_LUEGO_BASE", True, NOTHING, "EXITOSA", "BASE", BASE),
        ("EMPRESA_LUEGO_BASE", True, AWAY, "EXITOSA", "BASE", BASE),
        ("EMPRESA_LUEGO_BASE", False, AWAY, "EMPRESA_NO_DISPONIBLE", None, []),
        ("AMBAS", True, PENDING, "EXITOSA", "EMPRESA", BASE + EMPRESA),
        ("AMBAS", True, NOTHING, "EXITOSA", "BASE", BASE),
        ("AMBAS", False, PENDING, "EXITOSA", "EMPRESA", EMPRESA),
        ("AMBAS", False, NOTHING, "CLIENTE_INEXISTENTE", None, []),
        ("AMBAS", True, AWAY, "EXITOSA", "BASE", BASE),
        ("AMBAS", False, AWAY, "EMPRESA_NO_DISPONIBLE", None, []),
    ],
)
def test_each_policy_asks_whom_it_says(any_world, politica, reported, told, resultado, origen, shown):
    any_world.configure(politica_consulta=PoliticaConsulta(politica))
    if reported:
        any_world.register("F1")
    sistema = any_world.connect(FakeSistema(*(told if isinstance(told, tuple) else ())))
    sistema.error = told if isinstance(told, SinRespuesta) else None
    respuesta = any_world.ask(id_cliente="C1")
    assert _told(respuesta) == (Resultado(resultado), origen and Origen(origen), shown)
    assert bool(sistema.asked) == (politica != "SOLO_BASE" and (politica != "BASE_LUEGO_EMPRESA" or not reported))


def test_of_a_factura_that_both_know_the_empresas_own_word_is_newer(any_world):
    any_world.configure(politica_consulta=PoliticaConsulta.AMBAS)
    any_world.register("F1", vencimientos=vencimientos(100))
    any_world.connect(FakeSistema(a_factura("F1", vencimientos=vencimientos(200))))
    assert _shown(any_world.ask(id_cliente="C1")) == [("F1", 200)]
    assert any_world.factura(clave("F1")).origen is Origen.BASE


@pytest.mark.parametrize("politica", ["BASE_LUEGO_EMPRESA", "EMPRESA_LUEGO_BASE", "AMBAS"])
@pytest.mark.parametrize("told", [NOTHING, AWAY])
def test_what_the_base_settled_about_a_factura_stands_whatever_the_empresas_system_says(any_world, politica, told):
    any_world.configure(politica_consulta=PoliticaConsulta(politica))
    any_world.register("F1")
    any_world.pay("T1", "F1")
    any_world.connect(FakeSistema()).error = told or None
    assert any_world.ask(id_factura="F1").ending.resultado is Resultado.FACTURA_PAGADA


def test_a_cliente_known_to_the_base_is_not_called_unknown_because_the_empresas_system_does_not_know_it(any_world):
    any_world.register("F1")
    any_world.pay("T1", "F1")
    any_world.connect(FakeSistema())
    assert any_world.ask(id_cliente="C1").ending.resultado is Resultado.SIN_DEUDA


# The deadline ---------------------------------------------------------------------------------------------------------


def test_a_system_that_there_is_no_time_left_to_ask_is_not_asked_and_that_is_what_is_said(any_world):
    any_world.configure(plazo_consulta=timedelta())
    sistema = any_world.connect(FakeSistema(a_factura("F1")))
    assert any_world.ask(id_cliente="C1").ending.resultado is Resultado.TIEMPO_EXCEDIDO
    assert sistema.asked == []


def test_one_that_does_not_answer_in_time_is_not_waited_for(any_world):
    any_world.configure(plazo_consulta=timedelta(milliseconds=500))
    sistema = any_world.connect(FakeSistema(a_factura("F1")))
    with _held(sistema):
        began = time.monotonic()
        respuesta = any_world.ask(id_cliente="C1")
        assert time.monotonic() - began < SOON_S
    assert respuesta.ending.resultado is Resultado.TIEMPO_EXCEDIDO


def test_a_late_answer_still_enters_the_base_and_serves_the_next_consulta(any_world):
    any_world.configure(plazo_consulta=timedelta(milliseconds=500))
    sistema = any_world.connect(FakeSistema(a_factura("F1")))
    with _held(sistema):
        assert any_world.ask(id_cliente="C1").ending.resultado is Resultado.TIEMPO_EXCEDIDO
    _until(lambda: any_world.factura(clave("F1")) is not None)
    with _held(sistema):
        assert _told(any_world.ask(id_cliente="C1")) == (Resultado.EXITOSA, Origen.BASE, [("F1", 150050)])


def test_what_was_learned_a_while_ago_is_forgotten_for_those_who_cannot_ask(any_world):
    any_world.configure(memoria_consulta=timedelta(minutes=15))
    sistema = any_world.connect(FakeSistema(a_factura("F1")))
    any_world.ask(id_cliente="C1")
    sistema.error = AWAY
    any_world.clock.now_utc += timedelta(minutes=15)
    assert _shown(any_world.ask(id_cliente="C1")) == [("F1", 150050)]
    any_world.clock.now_utc += timedelta(seconds=1)
    assert any_world.ask(id_cliente="C1").ending.resultado is Resultado.EMPRESA_NO_DISPONIBLE


def test_what_is_told_again_does_not_age(any_world):
    sistema = any_world.connect(FakeSistema(a_factura("F1", vencimientos=vencimientos(100, first=TODAY))))
    for _ in range(4):
        any_world.ask(id_cliente="C1")
        any_world.clock.now_utc += timedelta(minutes=6)
    sistema.error = AWAY
    assert _shown(any_world.ask(id_cliente="C1")) == [("F1", 100)]


def _ask_at_once(world, many):
    threads = [threading.Thread(target=world.ask, kwargs={"id_cliente": f"C{n}"}) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_no_more_than_eight_ask_at_once(world):
    world.configure(plazo_consulta=timedelta(milliseconds=800))
    sistema = world.connect(FakeSistema(a_factura("F1")), cortacircuito=Cortacircuito(sonda_s=0))
    with _held(sistema):
        _ask_at_once(world, 12)
        assert (sistema.most_at_once, len(sistema.asked)) == (8, 8)


def test_while_all_calls_hang_whoever_comes_next_is_told_at_once(world):
    world.configure(plazo_consulta=timedelta(milliseconds=600))
    sistema = world.connect(FakeSistema(), cortacircuito=Cortacircuito(sonda_s=0), llamadas_max=2)
    with _held(sistema):
        _ask_at_once(world, 2)
        world.configure(plazo_consulta=timedelta(seconds=60))
        began = time.monotonic()
        assert world.ask(id_cliente="C9").ending.resultado is Resultado.EMPRESA_NO_DISPONIBLE
        assert time.monotonic() - began < SOON_S
    assert len(sistema.asked) == 2


def test_whoever_finds_all_places_taken_gets_the_next_that_is_free(world):
    sistema = world.connect(FakeSistema(*(a_factura("F1", f"C{n}") for n in range(4))), llamadas_max=1)
    with _held(sistema):
        threads = [threading.Thread(target=world.ask, kwargs={"id_cliente": f"C{n}"}) for n in range(4)]
        for thread in threads:
            thread.start()
        _until(lambda: sistema.calling == 1)
    for thread in threads:
        thread.join()
    assert (len(sistema.asked), sistema.most_at_once) == (4, 1)
    assert {row["resultado"] for row in world.rows("consulta")} == {"EXITOSA"}


def test_a_probe_that_finds_no_place_does_not_use_up_the_breakers_turn(world):
    seconds = [0.0]
    breaker = Cortacircuito(lambda: seconds[0])
    world.configure(plazo_consulta=timedelta(milliseconds=600))
    sistema = world.connect(FakeSistema(a_factura("F1")), cortacircuito=breaker, llamadas_max=1)
    with _held(sistema):
        world.ask(id_cliente="C1")
        for _ in range(SEGUIDAS_MAX):
            breaker.failed()
        seconds[0] = 15.0
        world.ask(id_cliente="C1")
    _until(lambda: sistema.calling == 0)
    assert _shown(world.ask(id_cliente="C1")) == [("F1", 150050)]


def test_an_answer_that_was_asked_for_before_the_empresa_changed_a_factura_is_the_older_one(any_world):
    any_world.configure(politica_consulta=PoliticaConsulta.EMPRESA_LUEGO_BASE)
    any_world.register("F1", vencimientos=vencimientos(100))
    sistema = any_world.connect(FakeSistema(a_factura("F1", vencimientos=vencimientos(100))))
    answer = sistema.find_deuda

    def slowly(consulta, timeout_s):
        deuda = answer(consulta, timeout_s)
        any_world.clock.now_utc += timedelta(seconds=5)
        any_world.facturas.change(clave("F1"), Cambios(vencimientos=vencimientos(250)))
        return deuda

    sistema.find_deuda = slowly
    assert _shown(any_world.ask(id_cliente="C1")) == [("F1", 250)]


@pytest.mark.parametrize("asked", [{"id_factura": "F1"}, {"id_cliente": "C1"}])
def test_what_was_learned_too_long_ago_is_not_called_expired(any_world, asked):
    sistema = any_world.connect(FakeSistema(a_factura("F1", vencimientos=vencimientos(100, first=TODAY))))
    any_world.ask(id_cliente="C1")
    any_world.clock.now_utc += timedelta(minutes=16)
    sistema.error = AWAY
    assert any_world.ask(**asked).ending.resultado is Resultado.EMPRESA_NO_DISPONIBLE


def test_where_both_instances_are_shown_the_oldest_of_either_comes_first(any_world):
    any_world.configure(politica_consulta=PoliticaConsulta.AMBAS, pagar_en_orden=True)
    any_world.register("F2", vencimientos=vencimientos(200, first=TODAY + timedelta(days=30)))
    any_world.connect(FakeSistema(a_factura("F1", vencimientos=vencimientos(100, first=TODAY))))
    shown = any_world.ask(id_cliente="C1").ofertas
    flags = [(oferta.factura.clave.id_factura, oferta.debe_pagar_anteriores) for oferta in shown]
    assert flags == [("F1", False), ("F2", True)]


def test_who_cannot_write_the_consulta_down_in_time_does_not_answer_later_than_the_deadline(fresh_world):
    with fresh_world("sqlite") as world:  # PostgreSQL has no one turn to write
        world.configure(plazo_consulta=timedelta(milliseconds=700))
        world.connect(FakeSistema()).error = AWAY
        with world.ledger._base.turn():  # noqa: SLF001 — somebody else is writing, and does not let go
            began = time.monotonic()
            with pytest.raises(Unavailable):
                world.ask(id_cliente="C1")
            assert time.monotonic() - began < 2


def test_one_that_keeps_failing_is_left_alone_and_then_tried_again(world):
    seconds = [0.0]
    sistema = world.connect(FakeSistema(a_factura("F1")), cortacircuito=Cortacircuito(lambda: seconds[0]))
    sistema.error = AWAY
    for _ in range(SEGUIDAS_MAX + 3):
        assert world.ask(id_cliente="C1").ending.resultado is Resultado.EMPRESA_NO_DISPONIBLE
    assert len(sistema.asked) == SEGUIDAS_MAX
    sistema.error, seconds[0] = None, 15.0
    assert _shown(world.ask(id_cliente="C1")) == [("F1", 150050)]
    assert len(sistema.asked) == SEGUIDAS_MAX + 1


def test_a_connector_that_breaks_is_no_answer_and_nothing_of_it_is_told(world, caplog):
    sistema = world.connect(FakeSistema())
    sistema.error = ZeroDivisionError("secreto")
    assert world.ask(id_cliente="C1").ending.resultado is Resultado.EMPRESA_NO_DISPONIBLE
    assert "the connector broke" in caplog.text


def test_nobody_waits_on_the_network_with_the_ledger_open(any_world):
    any_world.connect(FakeSistema(a_factura("F1")))
    with any_world.ledger.read(), pytest.raises(LedgerAbierto):
        any_world.ask(id_cliente="C1")


def test_a_consulta_under_the_new_code_and_one_under_the_old_see_the_same_base(any_world):
    any_world.register("F1")
    any_world.empresas["RIOS"] = replace(any_world.empresas["AGUA"])
    assert _shown(any_world.ask(id_cliente="C1", codigo_empresa="RIOS")) == [("F1", 150050)]
    pago = any_world.pay("T1", "F1", codigo_empresa="RIOS")
    again = any_world.pay("T1", "F1")
    assert (pago.estado, again.ending.duplicado, again.id_aviso) == ("APLICADO", True, pago.id_aviso)
    any_world.acknowledged.clear()  # the checker knows avisos by the code they are kept under
