"""The tray of what is owed: one out at a time for each cliente, leased, in order, over SQLite and PostgreSQL alike."""

import threading
import time
from datetime import timedelta

import pytest
from fakes import bases
from fakes.examples import NOW, a_pago, a_reversa, kept
from sqlalchemy import text

from pmc_soap.domain.aviso import EstadoPago, TipoAviso
from pmc_soap.domain.entrega import DEMORADA, Comprobante, EstadoEntrega, EstadoImputacion, NoEntregado
from pmc_soap.storage.bandeja import SqlBandeja

LEASE, WAIT = timedelta(seconds=60), timedelta(seconds=30)
DONE, REFUSED = Comprobante(nro_comprobante="0042"), Comprobante(estado=EstadoImputacion.RECHAZADO, motivo="no es mía")
AWAY, NEVER = NoEntregado("no contesta"), NoEntregado("no la quiere", permanente=True)
SOON_S = 5
RUTAS = [("AGUA", "cola"), ("AGUA", "erp")]


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def bandeja(sql_ledger, clock):
    return SqlBandeja(sql_ledger._base, clock)  # noqa: SLF001 — its clock is the test's


@pytest.fixture
def owe(sql_ledger):
    """Keep an aviso of a cliente, and owe it."""

    def owe(id_aviso, id_cliente="C1", destinos=("erp",), codigo_empresa="AGUA", aviso=None, original=None):
        aviso = aviso or a_pago(id_aviso, id_aviso, id_cliente=id_cliente, codigo_empresa=codigo_empresa)
        guardado = kept(aviso, id_aviso, original=original)

        def work(tx):
            tx.keep(guardado)
            if aviso.tipo is TipoAviso.PAGO:
                tx.add_pago(id_aviso, aviso.clave, EstadoPago.APLICADO)
            tx.owe(guardado, destinos, NOW)

        sql_ledger.write(codigo_empresa, id_cliente, work)
        return guardado

    return owe


@pytest.fixture
def take(bandeja):
    """Take from AGUA's erp."""
    return lambda limit=10, **said: bandeja.take("AGUA", "erp", limit, LEASE, **said)


def _ids(taken):
    return [tomada.entrega.id_aviso for tomada in taken]


def _states(url):
    return {row["id_aviso"]: row["estado"] for row in bases.rows(url, "entrega")}


def test_what_is_owed_is_due_and_can_be_taken_with_all_that_its_destino_needs(bandeja, owe, take):
    guardado = owe("A1")
    assert bandeja.due(RUTAS) == [("AGUA", "erp")]
    (tomada,) = take()
    assert (tomada.entrega.estado, tomada.entrega.intentos) == (EstadoEntrega.TOMADA, 0)
    assert (tomada.envio.guardado.id_aviso, tomada.envio.aviso, tomada.envio.original) == ("A1", guardado.aviso, None)
    assert bandeja.due(RUTAS) == take() == []


def test_a_reversa_comes_with_the_pago_that_it_takes_back(owe, bandeja, take):
    owe("A1")
    bandeja.settle(take()[0], DONE)
    owe("A2", aviso=a_reversa("R1"), original="A1")
    (tomada,) = take()
    assert (tomada.envio.guardado.id_aviso, tomada.envio.original.id_aviso) == ("A2", "A1")


def test_a_pago_goes_to_the_factura_that_an_operator_assigned(owe, take, url):
    owe("A1")
    with bases.connected(url) as connection:
        connection.execute(text("UPDATE pago SET id_cliente = 'C9', id_factura = 'F9'"))
    (tomada,) = take()
    assert (tomada.envio.aviso.id_cliente, tomada.envio.aviso.id_factura) == ("C9", "F9")
    assert tomada.envio.guardado.aviso.id_cliente == "C1"


def test_the_reversa_of_an_assigned_pago_names_what_it_was_assigned_to(owe, bandeja, take, url):
    owe("A1")
    bandeja.settle(take()[0], DONE)
    with bases.connected(url) as connection:
        connection.execute(text("UPDATE pago SET id_cliente = 'C9', id_factura = 'F9'"))
    owe("A2", aviso=a_reversa("R1", id_factura="A1"), original="A1")
    (tomada,) = take()
    told = tomada.envio.aviso, tomada.envio.original.aviso
    assert [(aviso.id_cliente, aviso.id_factura) for aviso in told] == [("C9", "F9")] * 2


def test_a_conflicting_pago_that_an_operator_applied_is_told_of_by_its_own_factura(owe, take):
    owe("A1")
    owe("A2", original="A1", id_cliente="C2")
    assert [(t.envio.aviso.id_factura, t.envio.original) for t in take()] == [("A1", None), ("A2", None)]


def test_of_one_cliente_only_the_oldest_can_be_taken_and_the_next_when_it_is_delivered(owe, bandeja, take):
    for id_aviso, id_cliente in (("A1", "C1"), ("A2", "C1"), ("B1", "C2"), ("A3", "C1")):
        owe(id_aviso, id_cliente)
    first = take()
    assert _ids(first) == ["A1", "B1"]
    assert bandeja.settle(first[0], DONE)
    second = take()
    assert _ids(second) == ["A2"]
    assert bandeja.settle(second[0], DONE)
    assert _ids(take()) == ["A3"]


def test_no_more_are_taken_than_there_are_hands(owe, take):
    for n in range(5):
        owe(f"A{n}", f"C{n}")
    assert [len(take(2)), len(take(2)), len(take(2)), len(take(2))] == [2, 2, 1, 0]


def test_each_destino_has_its_own_line_and_the_pulled_one_is_nobodys_to_take(owe, bandeja, take):
    owe("A1", destinos=("erp", "cola", "pull"))
    assert sorted(bandeja.due(RUTAS)) == [("AGUA", "cola"), ("AGUA", "erp")]
    (erp,) = take()
    assert bandeja.due(RUTAS) == [("AGUA", "cola")]
    assert bandeja.settle(erp, DONE)
    assert _ids(bandeja.take("AGUA", "cola", 10, LEASE)) == ["A1"]


def test_what_is_owed_to_a_destino_that_nobody_serves_here_is_not_due(owe, bandeja):
    owe("A1", destinos=("old",))
    assert bandeja.due(RUTAS) == bandeja.due([]) == []
    assert bandeja.due([("AGUA", "old")]) == [("AGUA", "old")]


def test_a_pago_that_was_assigned_is_told_of_as_the_movement_that_it_is(owe, take, url):
    owe("A1")
    with bases.connected(url) as connection:
        connection.execute(text("UPDATE pago SET id_factura = NULL"))
    (tomada,) = take()
    assert (tomada.envio.aviso.id_factura, tomada.envio.aviso.codigo_movimiento) == (None, 1)


def test_a_deliverer_that_never_comes_back_is_alerted(owe, take, clock, url):
    owe("A1")
    for passed in (timedelta(), LEASE, DEMORADA + LEASE):
        clock.now = NOW + passed
        assert _ids(take()) == ["A1"]
    assert [row["motivo"] for row in bases.rows(url, "alerta")] == ["ENTREGA_DEMORADA:erp"]


def test_two_empresas_are_never_taken_for_each_other(owe, bandeja, take):
    owe("A1")
    owe("L1", codigo_empresa="LUZ")
    assert _ids(take()) == ["A1"]
    assert _ids(bandeja.take("LUZ", "erp", 10, LEASE)) == ["L1"]


def test_what_was_not_taken_waits_its_time_and_then_goes_again(owe, bandeja, take, clock, url):
    owe("A1")
    owe("A2")
    assert bandeja.put_back(take()[0], WAIT, AWAY, stop=False, skip=False)
    clock.now = NOW + WAIT - timedelta(seconds=1)
    assert bandeja.due(RUTAS) == take() == []
    clock.now = NOW + WAIT
    (again,) = take()
    assert (again.entrega.id_aviso, again.entrega.intentos, again.entrega.motivo) == ("A1", 1, "no contesta")
    assert [(row["resultado"], row["detalle"]) for row in bases.rows(url, "intento")] == [("FALLIDO", "no contesta")]


def test_a_first_attempt_does_not_wait_for_a_gateway_whose_clock_is_ahead(owe, take, clock):
    owe("A1")
    clock.now = NOW - timedelta(days=1)
    assert _ids(take()) == ["A1"]


def test_what_is_not_due_can_be_taken_early_to_see_whether_its_destino_is_back(owe, bandeja, take):
    owe("A1")
    bandeja.put_back(take()[0], WAIT, AWAY, stop=False, skip=False)
    assert _ids(take(1, early=True)) == ["A1"]
    assert take(1, early=True) == []


def test_once_the_destino_is_back_all_that_waited_is_due(owe, bandeja, take):
    for n in range(3):
        owe(f"A{n}", f"C{n}")
    for tomada in take():
        bandeja.put_back(tomada, WAIT, AWAY, stop=False, skip=False)
    assert take() == []
    assert bandeja.hasten("AGUA", "erp") == 3
    assert len(take()) == 3


def test_what_the_destino_will_not_have_is_not_hastened(owe, bandeja, take):
    owe("A1")
    bandeja.put_back(take()[0], WAIT, NEVER, stop=False, skip=False)
    assert bandeja.hasten("AGUA", "erp") == 0


def test_a_deliverer_that_is_gone_loses_its_lease_and_cannot_settle_any_more(owe, bandeja, take, clock, url):
    owe("A1")
    (lost,) = take()
    clock.now = NOW + LEASE
    (taken,) = take()
    assert taken.turno != lost.turno
    assert not bandeja.settle(lost, DONE)
    assert not bandeja.put_back(lost, WAIT, AWAY, stop=True, skip=True)
    assert _states(url) == {"A1": "TOMADA"}
    assert bandeja.settle(taken, DONE)
    assert not bandeja.settle(taken, DONE)
    assert _states(url) == {"A1": "ENTREGADA"}


def test_what_the_empresa_answered_is_kept_and_a_refusal_is_alerted(owe, bandeja, take, url):
    owe("A1", "C1")
    owe("A2", "C2")
    for tomada, comprobante in zip(take(), (DONE, REFUSED), strict=True):
        assert bandeja.settle(tomada, comprobante)
    said = [(row["respuesta"], row["nro_comprobante"], row["motivo"]) for row in bases.rows(url, "entrega")]
    assert said == [("IMPUTADO", "0042", None), ("RECHAZADO", None, "no es mía")]
    assert [(row["motivo"], row["id_aviso"]) for row in bases.rows(url, "alerta")] == [("ENTREGA_RECHAZADA", "A2")]


@pytest.mark.parametrize(("skip", "next_ones"), [(False, []), (True, ["A2"])])
def test_a_stopped_one_holds_its_cliente_back_or_lets_the_next_go_as_the_destino_is_set(
    owe, bandeja, take, url, skip, next_ones
):
    owe("A1")
    owe("A2")
    bandeja.put_back(take()[0], WAIT, NEVER, stop=True, skip=skip)
    assert _ids(take()) == next_ones
    assert _states(url)["A1"] == "DETENIDA"
    assert [(row["motivo"], row["id_aviso"]) for row in bases.rows(url, "alerta")] == [("ENTREGA_DETENIDA", "A1")]


def test_an_outage_is_alerted_once_after_a_quarter_of_an_hour_and_again_after_six_hours(owe, bandeja, take, clock, url):
    for n in range(3):
        owe(f"A{n}", f"C{n}")
    alerts = []
    for passed in (timedelta(minutes=14), DEMORADA, timedelta(hours=6), timedelta(hours=6, minutes=16)):
        clock.now = NOW + passed
        for tomada in take(early=True):
            bandeja.put_back(tomada, WAIT, AWAY, stop=False, skip=False)
        alerts.append([row["motivo"] for row in bases.rows(url, "alerta")])
    once = ["ENTREGA_DEMORADA:erp"]
    assert alerts == [[], once, once, once * 2]


def test_many_deliverers_never_take_the_same_one(owe, bandeja):
    for n in range(60):
        owe(f"A{n}", f"C{n % 20}")
    taken, lock, barrier = [], threading.Lock(), threading.Barrier(6)

    def deliver():
        barrier.wait()
        while tomadas := bandeja.take("AGUA", "erp", 3, LEASE):
            for tomada in tomadas:
                with lock:
                    taken.append(tomada.entrega)
                assert bandeja.settle(tomada, DONE)

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({entrega.id for entrega in taken}) == len(taken)
    by_cliente = {}
    for entrega in taken:
        by_cliente.setdefault(entrega.id_cliente, []).append(entrega.id)
    assert all(ids == sorted(ids) for ids in by_cliente.values())
    left = bandeja.take("AGUA", "erp", 100, LEASE)  # a deliverer that found nothing for a moment went home
    assert len(taken) + len(left) <= 60


def test_a_waiting_deliverer_hears_of_what_is_owed_at_once(owe, sql_ledger):
    bandeja, heard = sql_ledger.bandeja, []

    def wait():
        began = time.monotonic()
        bandeja.wait(RUTAS, SOON_S)
        heard.append(time.monotonic() - began)

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.1)
    owe("A1")
    thread.join()
    assert heard[0] < SOON_S - 1
    assert bandeja.due(RUTAS) == [("AGUA", "erp")]


def test_a_deliverer_does_not_wait_for_what_is_owed_already(owe, sql_ledger):
    owe("A1")
    began = time.monotonic()
    sql_ledger.bandeja.wait(RUTAS, SOON_S)
    assert time.monotonic() - began < SOON_S - 1


def test_a_deliverer_waits_no_longer_than_it_was_told(sql_ledger):
    began = time.monotonic()
    sql_ledger.bandeja.wait(RUTAS, 0.3)
    assert time.monotonic() - began < SOON_S


def test_the_databases_own_clock_tells_what_is_due(owe, sql_ledger):
    owe("A1")
    (tomada,) = sql_ledger.bandeja.take("AGUA", "erp", 1, LEASE)
    sql_ledger.bandeja.put_back(tomada, timedelta(), AWAY, stop=False, skip=False)
    assert _ids(sql_ledger.bandeja.take("AGUA", "erp", 1, LEASE)) == ["A1"]
