"""The deliverer: each aviso reaches the empresa, once in effect, in order for each cliente, whatever fails."""

import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from fakes.destino import FakeDestino

from pmc_soap.domain.cortacircuito import SEGUIDAS_MAX, Cortacircuito
from pmc_soap.domain.entrega import PERMANENTES_MAX, NoEntregado
from pmc_soap.operations.entrega import Repartidor, Ruta
from pmc_soap.operations.sin_red import LedgerAbierto
from pmc_soap.storage.bandeja import SqlBandeja

AT_ONCE = (timedelta(),)
SOON_S = 20
AWAY, NEVER = NoEntregado("no contesta"), NoEntregado("no la quiere", permanente=True)


def _ruta(destino, nombre="erp", codigo_empresa="AGUA", **said):
    said.setdefault("esperas", AT_ONCE)
    said.setdefault("cortacircuito", Cortacircuito(sonda_s=0))
    said.setdefault("codigo_vigente", codigo_empresa)
    return Ruta(codigo_empresa=codigo_empresa, nombre=nombre, destino=destino, **said)


def _repartidor(world, *rutas):
    return Repartidor(_bandeja(world), rutas, chance=lambda: 0.5)


def _bandeja(world, kind=SqlBandeja):
    """Give the tray of this world, by the world's clock instead of the database's."""
    return kind(world.ledger._base, world.clock.now)  # noqa: SLF001


@contextmanager
def _running(*repartidores):
    threads = [threading.Thread(target=repartidor.run) for repartidor in repartidores]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for repartidor in repartidores:
            repartidor.stop()
        for thread in threads:
            thread.join()


def _until(condition):
    deadline = time.monotonic() + SOON_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def _entregas(world):
    return sorted(world.rows("entrega"), key=lambda row: row["id"])


def _states(world):
    return [row["estado"] for row in _entregas(world)]


@pytest.fixture
def erp_world(sql_world):
    """A world whose avisos are owed to one destino, the ERP."""
    sql_world.configure(destinos=("erp",))
    return sql_world


def test_a_pago_and_its_reversa_reach_the_empresa_in_that_order(erp_world):
    erp_world.register()
    pago, reversa = erp_world.pay("T1"), erp_world.reverse(id_transaccion_original="T1")
    erp = FakeDestino()
    assert _repartidor(erp_world, _ruta(erp)).deliver_due() == 2
    assert erp.imputed["C1"] == [pago.id_aviso, reversa.id_aviso]
    assert _states(erp_world) == ["ENTREGADA", "ENTREGADA"]
    assert [row["nro_comprobante"] for row in _entregas(erp_world)] == [
        f"C-{pago.id_aviso}",
        f"C-{reversa.id_aviso}",
    ]


def test_what_goes_out_names_the_code_that_the_empresa_is_called_by_now(erp_world):
    erp_world.register()
    erp_world.pay("T1")
    erp = FakeDestino()
    assert _repartidor(erp_world, _ruta(erp, codigo_vigente="RIOS")).deliver_due() == 1
    assert erp.codigos == {"RIOS"}


def test_what_waits_in_the_puente_is_nobodys_to_deliver(erp_world):
    erp_world.pay("T1")
    erp = FakeDestino()
    assert _repartidor(erp_world, _ruta(erp)).deliver_due() == 0
    assert erp.calls == 0


def test_an_aviso_that_was_not_taken_is_brought_again_until_it_is(erp_world):
    erp_world.register()
    erp_world.pay("T1")
    erp = FakeDestino()
    erp.error = AWAY
    repartidor = _repartidor(erp_world, _ruta(erp, esperas=(timedelta(hours=1),)))
    assert repartidor.deliver_due() == 0
    assert _states(erp_world) == ["PENDIENTE"]
    erp.error = None
    assert repartidor.deliver_due() == 0  # not for an hour
    _bandeja(erp_world).hasten("AGUA", "erp")
    assert repartidor.deliver_due() == 1


def test_the_log_tells_once_a_minute_that_a_destino_takes_nothing(erp_world, caplog):
    erp_world.register()
    erp_world.pay("T1")
    erp = FakeDestino()
    repartidor = _repartidor(erp_world, _ruta(erp, esperas=(timedelta(hours=1),)))
    for erp.error, delivered in (*[(AWAY, 0)] * (SEGUIDAS_MAX - 1), (None, 1)):
        assert repartidor.deliver_due() == delivered
        _bandeja(erp_world).hasten("AGUA", "erp")
    assert [record.getMessage() for record in caplog.records] == [
        "empresa=AGUA destino=erp takes nothing: its avisos wait, and are tried again"
    ]


class SlowlyBack(SqlBandeja):
    """Goes on a while after it has put something back."""

    def put_back(self, *said, **more):
        try:
            return super().put_back(*said, **more)
        finally:
            time.sleep(0.3)


def test_what_is_taken_again_while_its_failure_is_still_written_down_is_brought(erp_world):
    erp_world.register()
    erp_world.pay("T1")
    erp = FakeDestino()
    erp.error = AWAY
    bandeja = _bandeja(erp_world, SlowlyBack)
    with _running(Repartidor(bandeja, [_ruta(erp)], chance=lambda: 0.5)):
        _until(lambda: erp.calls > 1)
        erp.error = None
        _until(lambda: _states(erp_world) == ["ENTREGADA"])


def test_one_that_the_empresa_will_never_have_is_stopped_after_three_answers_and_kept(erp_world):
    erp_world.register()
    pago = erp_world.pay("T1")
    erp = FakeDestino()
    erp.error = NEVER
    assert _repartidor(erp_world, _ruta(erp)).deliver_due() == 0
    assert erp.calls == PERMANENTES_MAX
    assert _states(erp_world) == ["DETENIDA"]
    assert [(row["motivo"], row["id_aviso"]) for row in erp_world.rows("alerta")] == [
        ("ENTREGA_DETENIDA", pago.id_aviso)
    ]


def test_a_stopped_one_holds_back_only_its_cliente(erp_world):
    for n, id_cliente in enumerate(("C1", "C1", "C2")):
        erp_world.register(f"F{n}", id_cliente)
        erp_world.pay(f"T{n}", f"F{n}", id_cliente=id_cliente)
    erp = FakeDestino()
    deliver, erp.deliver = (
        erp.deliver,
        lambda envio: _refuse(envio) if envio.aviso.id_factura == "F0" else deliver(envio),
    )
    _repartidor(erp_world, _ruta(erp)).deliver_due()
    assert _states(erp_world) == ["DETENIDA", "PENDIENTE", "ENTREGADA"]


def _refuse(_):
    raise NEVER


def test_a_connector_that_breaks_loses_nothing(erp_world, caplog):
    erp_world.register()
    erp_world.pay("T1")
    erp = FakeDestino()
    erp.error = ZeroDivisionError("secreto")
    repartidor = _repartidor(erp_world, _ruta(erp, esperas=(timedelta(hours=1),)))
    assert repartidor.deliver_due() == 0
    (row,) = erp_world.rows("entrega")
    assert (row["estado"], row["motivo"]) == ("PENDIENTE", "el conector falló: ver el registro del programa")
    assert "the connector broke" in caplog.text


def test_nobody_delivers_with_the_ledger_open(erp_world):
    erp_world.register()
    erp_world.pay("T1")
    with erp_world.ledger.read(), pytest.raises(LedgerAbierto):
        _repartidor(erp_world, _ruta(FakeDestino())).deliver_due()


def test_a_destino_that_keeps_failing_is_left_alone_and_all_goes_once_it_is_back(erp_world):
    for n in range(12):
        erp_world.register(f"F{n}", f"C{n}")
        erp_world.pay(f"T{n}", f"F{n}", id_cliente=f"C{n}")
    seconds = [0.0]
    erp = FakeDestino()
    erp.error = AWAY
    ruta = _ruta(erp, esperas=(timedelta(hours=1),), cortacircuito=Cortacircuito(lambda: seconds[0]))
    repartidor = _repartidor(erp_world, ruta)
    repartidor.deliver_due()
    assert (erp.calls, ruta.cortacircuito.is_open) == (SEGUIDAS_MAX, True)
    erp.error, seconds[0] = None, 15.0
    assert repartidor.deliver_due() == 12
    assert _states(erp_world) == ["ENTREGADA"] * 12


def test_a_deliverer_that_was_started_during_an_outage_brings_all_that_waited_once_the_destino_answers(erp_world):
    for n in range(4):
        erp_world.register(f"F{n}", f"C{n}")
        erp_world.pay(f"T{n}", f"F{n}", id_cliente=f"C{n}")
    erp = FakeDestino()
    erp.error = AWAY
    hours = (timedelta(hours=6),)
    _repartidor(erp_world, _ruta(erp, esperas=hours)).deliver_due()
    erp.error = None
    after_restart = _repartidor(erp_world, _ruta(erp, esperas=hours))
    assert after_restart.deliver_due() == 0
    erp_world.register("F9", "C9")
    erp_world.pay("T9", "F9", id_cliente="C9")
    assert after_restart.deliver_due() == 5


def test_an_answer_that_refuses_for_ever_also_tells_that_the_destino_is_back(erp_world):
    for n in range(3):
        erp_world.register(f"F{n}", f"C{n}")
        erp_world.pay(f"T{n}", f"F{n}", id_cliente=f"C{n}")
    seconds = [0.0]
    erp = FakeDestino()
    erp.error = AWAY
    ruta = _ruta(erp, esperas=(timedelta(hours=6),), cortacircuito=Cortacircuito(lambda: seconds[0]))
    for _ in range(SEGUIDAS_MAX):
        ruta.cortacircuito.failed()
    repartidor = _repartidor(erp_world, ruta)
    repartidor.deliver_due()
    seconds[0], erp.error = 15.0, NEVER
    before = erp.calls
    repartidor.deliver_due()
    assert erp.calls == before + 3


def test_a_call_that_outlives_its_lease_is_never_made_twice_at_once(erp_world):
    erp_world.register()
    erp_world.pay("T1")
    erp, going, release = FakeDestino(), threading.Event(), threading.Event()
    deliver = erp.deliver

    def hang(envio):
        going.set()
        assert release.wait(SOON_S)
        return deliver(envio)

    erp.deliver = hang
    world_clock, calls = erp_world.clock, []
    repartidor = Repartidor(_bandeja(erp_world), [_ruta(erp)], lease=timedelta(seconds=1))
    with _running(repartidor):
        assert going.wait(SOON_S)
        going.clear()
        world_clock.now_utc += timedelta(seconds=2)
        calls.append(going.wait(0.6))
        release.set()
        _until(lambda: erp.calls)
    assert (calls, erp.calls) == ([False], 1)


def test_a_running_deliverer_brings_what_comes_in_and_stops_when_told(erp_world):
    erp = FakeDestino()
    with _running(_repartidor(erp_world, _ruta(erp))):
        erp_world.register()
        pago = erp_world.pay("T1")
        _until(lambda: erp.imputed["C1"] == [pago.id_aviso])
    assert _states(erp_world) == ["ENTREGADA"]


def test_a_running_deliverer_tries_a_silent_destino_again_though_nothing_is_due(erp_world):
    erp_world.register()
    erp_world.pay("T1")
    erp = FakeDestino()
    erp.error = AWAY
    ruta = _ruta(erp, esperas=(timedelta(hours=1),), cortacircuito=Cortacircuito(sonda_s=0.2))
    for _ in range(SEGUIDAS_MAX):
        ruta.cortacircuito.failed()
    with _running(_repartidor(erp_world, ruta)):
        _until(lambda: erp.calls >= 2)
        erp.error = None
        _until(lambda: _states(erp_world) == ["ENTREGADA"])


def test_avisos_of_a_destino_that_is_configured_no_more_wait_and_disturb_nobody(erp_world):
    erp_world.configure(destinos=("old", "erp"))
    erp_world.register()
    erp_world.pay("T1")
    erp = FakeDestino()
    with _running(_repartidor(erp_world, _ruta(erp))):
        _until(lambda: sorted(_states(erp_world)) == ["ENTREGADA", "PENDIENTE"])


def test_two_empresas_are_served_side_by_side_each_at_its_own_destino(erp_world):
    erp_world.configure("LUZ", destinos=("erp",))
    agua, luz = FakeDestino(), FakeDestino()
    for codigo_empresa in ("AGUA", "LUZ"):
        erp_world.register("F1", codigo_empresa=codigo_empresa)
    pago = erp_world.pay("T1", codigo_empresa="AGUA"), erp_world.pay("T1", codigo_empresa="LUZ")
    assert _repartidor(erp_world, _ruta(agua), _ruta(luz, codigo_empresa="LUZ")).deliver_due() == 2
    assert (agua.all_imputed, luz.all_imputed) == ([pago[0].id_aviso], [pago[1].id_aviso])


CLIENTES, AVISOS, DELIVERERS = 20, 200, 4


def test_four_deliverers_and_a_quarter_of_failures_lose_nothing_and_keep_each_clientes_order(erp_world):
    erp_world.configure(destinos=("erp",), con_base=False)
    erp = FakeDestino(failing=0.25)
    told = {f"C{n}": [] for n in range(CLIENTES)}
    rutas = [_ruta(erp) for _ in range(DELIVERERS)]
    with _running(*(_repartidor(erp_world, ruta) for ruta in rutas)):
        for n in range(AVISOS):
            id_cliente = f"C{n % CLIENTES}"
            told[id_cliente].append(erp_world.pay(f"T{n}", f"F{n}", id_cliente=id_cliente).id_aviso)
        _until(lambda: set(_states(erp_world)) == {"ENTREGADA"})
    assert dict(erp.imputed) == told
    assert erp.calls > AVISOS
