"""What an operator does with what is owed: sends again, sets aside, recovers; and each act is written down."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Event
from time import sleep

import pytest
from fakes import bases
from fakes.examples import NOW, vencimientos
from sqlalchemy import event, text

from pmc_soap.domain.acta import Impedido, Impedimento
from pmc_soap.domain.empresa import PULL
from pmc_soap.domain.entrega import Comprobante, EstadoEntrega, NoEntregado
from pmc_soap.operations.avisos import Confirmacion, Pedido, Retiros
from pmc_soap.operations.operador import Filtro, Operador, Recupero
from pmc_soap.storage.bandeja import SqlBandeja

MINUTE = timedelta(minutes=1)
NEVER = NoEntregado("no la quiere", permanente=True)
LONG_AGO = NOW - timedelta(days=3650)
BY_HAND = "lo cargan a mano"
WAITS_FOR = text("SELECT count(*) FROM pg_stat_activity WHERE :pid = ANY(pg_blocking_pids(pid))")


@pytest.fixture
def world(sql_world):
    """A world of today, since a lease is held against the database's clock, whose avisos go to the ERP."""
    sql_world.clock.now_utc = datetime.now(UTC) - 10 * MINUTE
    sql_world.configure(destinos=("erp",))
    return sql_world


@pytest.fixture
def operador(world):
    return Operador(world.ledger, world.ledger.mostrador, world.empresas, world.clock)


@pytest.fixture
def bandeja(world):
    return SqlBandeja(world.ledger._base)  # noqa: SLF001


@pytest.fixture
def line(world):
    """Owe a cliente so many avisos, the oldest first."""
    world.register()

    def line(count, id_cliente="C1"):
        if id_cliente != "C1":
            world.register("F1", id_cliente)
        told = [world.pay(f"T{id_cliente}{n}", None, id_cliente=id_cliente, codigo_movimiento=1) for n in range(count)]
        return [acuse.id_aviso for acuse in told]

    return line


def take(bandeja, limit=10, lease=MINUTE):
    return bandeja.take("AGUA", "erp", limit, lease)


def deliver_all(bandeja):
    """Bring all that is due; give the ids in the order in which the ERP saw them."""
    seen = []
    while taken := take(bandeja):
        for tomada in taken:
            seen.append(tomada.entrega.id_aviso)
            assert bandeja.settle(tomada, Comprobante(nro_comprobante=f"R-{len(seen)}"))
    return seen


def states(world):
    return {row["id_aviso"]: row["estado"] for row in world.rows("entrega")}


def refused(act):
    with pytest.raises(Impedido) as caught:
        act()
    return caught.value.impedimento


def actas(world):
    return [(row["accion"], row["id_aviso"], row["operador"]) for row in world.rows("auditoria")]


def test_a_delivered_aviso_is_sent_again_with_nothing_counted(world, operador, bandeja, line):
    [id_aviso] = line(1)
    deliver_all(bandeja)
    [done] = operador.resend(id_aviso, operador="ana", motivo="la perdieron")
    assert (done.antes, done.despues, done.detras_de) == (EstadoEntrega.ENTREGADA, EstadoEntrega.PENDIENTE, None)
    [row] = world.rows("entrega")
    assert (row["intentos"], row["permanentes"], row["respuesta"], row["nro_comprobante"]) == (0, 0, None, None)
    assert deliver_all(bandeja) == [id_aviso]
    [acta] = world.rows("auditoria")
    assert (acta["accion"], acta["operador"], acta["motivo"]) == ("REENVIAR", "ana", "la perdieron")
    assert json.loads(acta["antes"])["erp"]["nro_comprobante"] == "R-1"


def test_a_stopped_aviso_is_sent_again_and_the_line_goes_on_in_order(world, operador, bandeja, line):
    first, second = line(2)
    [tomada] = take(bandeja)
    bandeja.put_back(tomada, timedelta(), NEVER, stop=True, skip=False)
    assert take(bandeja) == []
    operador.resend(first, operador="ana")
    assert deliver_all(bandeja) == [first, second]


def test_an_older_one_that_is_sent_again_goes_before_those_that_wait(operador, bandeja, line):
    first, second, third = line(3)
    [tomada] = take(bandeja)
    bandeja.settle(tomada, Comprobante())
    [done] = operador.resend(first, operador="ana")
    assert done.detras_de is None
    assert deliver_all(bandeja) == [first, second, third]


def test_an_older_one_waits_for_what_is_on_its_way_and_goes_next(operador, bandeja, line):
    first, second, third = line(3)
    [tomada] = take(bandeja)
    bandeja.settle(tomada, Comprobante())
    [on_its_way] = take(bandeja)
    [done] = operador.resend(first, operador="ana")
    assert (done.detras_de, done.frenada) == (second, False)
    assert take(bandeja) == []
    assert bandeja.settle(on_its_way, Comprobante())
    assert deliver_all(bandeja) == [first, third]


def test_an_older_one_behind_a_stopped_one_waits_for_a_person_and_says_so(operador, bandeja, line):
    first, second, third = line(3)
    [tomada] = take(bandeja)
    bandeja.settle(tomada, Comprobante())
    [poison] = take(bandeja)
    bandeja.put_back(poison, timedelta(), NEVER, stop=True, skip=False)
    [done] = operador.resend(first, operador="ana")
    assert (done.detras_de, done.frenada) == (second, True)
    operador.stop(second, motivo="está roto", operador="ana")
    assert deliver_all(bandeja) == [first, third]


def test_what_is_on_its_way_is_left_alone(world, operador, bandeja, line):
    [id_aviso] = line(1)
    [tomada] = take(bandeja)
    assert refused(lambda: operador.resend(id_aviso, operador="ana")) is Impedimento.EN_CAMINO
    assert refused(lambda: operador.stop(id_aviso, motivo="no", operador="ana")) is Impedimento.EN_CAMINO
    assert bandeja.settle(tomada, Comprobante())
    assert (states(world), actas(world)) == ({id_aviso: "ENTREGADA"}, [])


@contextmanager
def taking(world, bandeja):
    """Let a deliverer take what is due, and keep its transaction from ending until the block has run."""
    pids, held, go = [], Event(), Event()

    def hold(connection):
        if is_postgres(world):
            pids.append(connection.connection.driver_connection.info.backend_pid)
        held.set()
        assert go.wait(10)

    engine = world.ledger._base.consultas  # noqa: SLF001
    event.listen(engine, "commit", hold)
    try:
        with ThreadPoolExecutor(1) as thread:
            taken = thread.submit(take, bandeja)
            try:
                assert held.wait(10)
                yield taken, pids
            finally:
                go.set()
    finally:
        event.remove(engine, "commit", hold)


def is_postgres(world):
    return world.url.startswith("postgresql")


def wait_for_a_waiter(url, pid, done):
    """Return once somebody waits for what that session of PostgreSQL holds, or it is done without waiting."""
    waits = False
    while not waits and not done.done():
        with bases.connected(url) as connection:  # anew each time: one transaction always sees the same activity
            waits = connection.execute(WAITS_FOR, {"pid": pid}).scalar_one() > 0
        sleep(0.01)


@pytest.mark.parametrize("act", ["stop", "resend"])
def test_an_act_waits_for_a_deliverer_that_is_taking_and_then_leaves_it_alone(world, operador, bandeja, line, act):
    first, second = line(2)
    with ThreadPoolExecutor(1) as thread:
        with taking(world, bandeja) as (taken, pids):
            refusal = thread.submit(refused, lambda: getattr(operador, act)(first, motivo="no va", operador="ana"))
            for pid in pids:
                wait_for_a_waiter(world.url, pid, refusal)
        assert refusal.result() is Impedimento.EN_CAMINO
    [tomada] = taken.result()
    assert (tomada.entrega.id_aviso, take(bandeja)) == (first, [])
    assert bandeja.settle(tomada, Comprobante())
    assert (deliver_all(bandeja), actas(world)) == ([second], [])


@pytest.mark.parametrize("act", ["stop", "resend"])
def test_what_an_act_is_about_is_not_taken_before_it_is_changed(world, operador, bandeja, line, act):
    first, second = line(2)
    taken = []

    def meanwhile(_connection, _cursor, statement, *_):
        if statement.startswith("UPDATE entrega") and not taken:
            taken.append(thread.submit(take, bandeja))
            if is_postgres(world):  # SQLite has one writer: that take comes after
                taken[0].result()

    with ThreadPoolExecutor(1) as thread:
        event.listen(world.ledger._base.avisos, "before_cursor_execute", meanwhile)  # noqa: SLF001
        [done] = getattr(operador, act)(first, motivo="no va", operador="ana")
        event.remove(world.ledger._base.avisos, "before_cursor_execute", meanwhile)  # noqa: SLF001
        seen = []
        for tomada in taken[0].result():
            seen.append(tomada.entrega.id_aviso)
            assert bandeja.settle(tomada, Comprobante())
    assert done.despues == {"stop": "DETENIDA", "resend": "PENDIENTE"}[act]
    assert seen + deliver_all(bandeja) == {"stop": [second], "resend": [first, second]}[act]
    assert states(world)[first] == {"stop": "DETENIDA", "resend": "ENTREGADA"}[act]


def test_what_a_deliverer_that_is_gone_still_holds_can_be_sent_again_or_stopped(world, operador, bandeja, line):
    first, second = line(2)
    [lost] = take(bandeja, lease=-MINUTE)
    operador.resend(first, operador="ana")
    assert not bandeja.settle(lost, Comprobante())
    take(bandeja, lease=-MINUTE)
    operador.stop(first, motivo="no va", operador="ana")
    assert states(world) == {first: "DETENIDA", second: "PENDIENTE"}
    assert deliver_all(bandeja) == [second]


def test_what_is_set_aside_lets_the_next_go_and_waits_for_a_person(world, operador, bandeja, line):
    first, second = line(2)
    [done] = operador.stop(first, motivo="el cliente no existe", operador="ana")
    assert (done.antes, done.despues) == (EstadoEntrega.PENDIENTE, EstadoEntrega.DETENIDA)
    assert deliver_all(bandeja) == [second]
    assert refused(lambda: operador.stop(second, motivo="tarde", operador="ana")) is Impedimento.YA_ENTREGADA
    assert [row["motivo"] for row in world.rows("entrega") if row["id_aviso"] == first] == ["el cliente no existe"]
    assert actas(world) == [("DETENER", first, "ana")]
    operador.resend(first, operador="ana")
    assert deliver_all(bandeja) == [first]


def test_only_the_destino_that_is_said_is_touched(world, operador, bandeja, line):
    world.configure(destinos=("erp", "caja"))
    [id_aviso] = line(1)
    deliver_all(bandeja)
    assert [done.destino for done in operador.resend(id_aviso, "erp", operador="ana")] == ["erp"]
    assert refused(lambda: operador.resend(id_aviso, "otro", operador="ana")) is Impedimento.NO_SE_DEBE
    assert [done.destino for done in operador.stop(id_aviso, motivo="no", operador="ana")] == ["erp", "caja"]


def test_what_is_not_owed_or_not_known_is_refused(world, operador):
    parked = world.pay("T1", "F9").id_aviso
    assert refused(lambda: operador.resend(parked, operador="ana")) is Impedimento.NO_SE_DEBE
    assert refused(lambda: operador.resend("nunca", operador="ana")) is Impedimento.AVISO_INEXISTENTE
    assert refused(lambda: operador.show("nunca")) is Impedimento.AVISO_INEXISTENTE


def test_an_empresa_that_went_back_to_a_backup_gets_all_since_then_once_more_in_order(world, operador, bandeja, line):
    old = line(2)
    deliver_all(bandeja)
    since = datetime.now(UTC)
    world.clock.now_utc = since + MINUTE
    lost, other = line(3, "C2"), line(2, "C3")
    world.clock.now_utc = datetime.now(UTC)
    [tomada] = bandeja.take("AGUA", "erp", 1, MINUTE, early=True)
    bandeja.settle(tomada, Comprobante())
    done = operador.recover("AGUA", since, operador="ana", motivo="volvieron al backup")
    assert done == Recupero(entregas=5, clientes=2)
    seen = deliver_all(bandeja)
    assert [each for each in seen if each in lost] == lost
    assert [each for each in seen if each in other] == other
    assert not set(old) & set(seen)
    assert [row["accion"] for row in world.rows("auditoria")] == ["RECUPERAR"]


def test_what_was_delivered_since_then_is_recovered_however_old_it_is(operador, bandeja, line):
    [id_aviso] = line(1)
    since = datetime.now(UTC)
    deliver_all(bandeja)
    assert operador.recover("AGUA", since, operador="ana").entregas == 1
    assert deliver_all(bandeja) == [id_aviso]


def test_a_recovery_leaves_what_is_on_its_way_alone_and_the_rest_follows_in_order(operador, bandeja, line):
    first, second, third = line(3)
    [tomada] = take(bandeja)
    bandeja.settle(tomada, Comprobante())
    [on_its_way] = take(bandeja)
    since = datetime.now(UTC) - timedelta(days=1)
    assert operador.recover("AGUA", since, operador="ana") == Recupero(entregas=2, clientes=1, en_camino=1)
    assert bandeja.settle(on_its_way, Comprobante())
    assert deliver_all(bandeja) == [first, third]
    assert second == on_its_way.entrega.id_aviso


def detain(bandeja):
    """Let the destino refuse the first of each line for good; give their ids."""
    taken = take(bandeja)
    for tomada in taken:
        bandeja.put_back(tomada, timedelta(), NEVER, stop=True, skip=False)
    return [tomada.entrega.id_aviso for tomada in taken]


def test_a_recovery_leaves_out_what_an_operator_set_aside_and_brings_back_what_stopped_by_itself(
    world, operador, bandeja, line
):
    by_hand, delivered = line(2)
    refused_and_by_hand, behind = line(2, "C2")
    [by_itself] = line(1, "C3")
    operador.stop(by_hand, motivo=BY_HAND, operador="ana")
    [tomada] = bandeja.take("AGUA", "erp", 1, MINUTE)
    assert (tomada.entrega.id_aviso, bandeja.settle(tomada, Comprobante())) == (delivered, True)
    assert detain(bandeja) == [refused_and_by_hand, by_itself]
    operador.stop(refused_and_by_hand, motivo=BY_HAND, operador="ana")
    assert operador.recover("AGUA", LONG_AGO, operador="ana") == Recupero(entregas=3, clientes=3, apartadas=2)
    assert sorted(deliver_all(bandeja)) == sorted([delivered, behind, by_itself])
    kept = {row["id_aviso"]: row["motivo"] for row in world.rows("entrega") if row["estado"] == "DETENIDA"}
    assert kept == {by_hand: BY_HAND, refused_and_by_hand: BY_HAND}
    assert json.loads(world.rows("auditoria")[-1]["despues"]) == {"entregas": 3, "clientes": 3, "apartadas": 2}
    operador.resend(by_hand, operador="ana")
    assert deliver_all(bandeja) == [by_hand]


def test_a_recovery_goes_by_the_last_act_on_each_aviso_at_each_destino(world, operador, bandeja, line):
    world.configure(destinos=("erp", "caja"))
    [id_aviso] = line(1)
    operador.stop(id_aviso, "erp", motivo=BY_HAND, operador="ana")
    operador.stop(id_aviso, "caja", motivo=BY_HAND, operador="ana")
    operador.resend(id_aviso, "erp", operador="ana")
    assert detain(bandeja) == [id_aviso]
    assert operador.recover("AGUA", LONG_AGO, operador="ana") == Recupero(entregas=1, clientes=1, apartadas=1)
    assert {row["destino"]: row["estado"] for row in world.rows("entrega")} == {"erp": "PENDIENTE", "caja": "DETENIDA"}
    assert [row["motivo"] for row in world.rows("entrega") if row["destino"] == "caja"] == [BY_HAND]


def test_what_is_set_aside_while_a_recovery_runs_is_left_out(world, operador, bandeja, line, monkeypatch):
    monkeypatch.setattr("pmc_soap.storage.mostrador.ENTREGAS_MAX", 1)
    [first] = line(1)
    [late] = line(1, "C2")

    def stop_the_other(so_far):
        if states(world)[late] != "DETENIDA":
            assert so_far == Recupero(entregas=1, clientes=1)
            operador.stop(late, motivo=BY_HAND, operador="eva")

    done = operador.recover("AGUA", LONG_AGO, operador="ana", on_avance=stop_the_other)
    assert done == Recupero(entregas=1, clientes=1, apartadas=1)
    assert deliver_all(bandeja) == [first]


def test_an_empresa_that_comes_itself_is_not_given_what_was_set_aside_by_a_recovery(world, operador, line):
    world.configure(destinos=(PULL,))
    retiros = Retiros(world.ledger, world.ledger.retiro, world.empresas, world.clock)
    first, second = line(2)
    cursor = retiros.pending(Pedido(codigo_empresa="AGUA")).ultima_secuencia
    operador.stop(first, motivo=BY_HAND, operador="ana")
    assert operador.recover("AGUA", LONG_AGO, operador="ana") == Recupero(entregas=1, clientes=1, apartadas=1)
    page = retiros.pending(Pedido(codigo_empresa="AGUA", desde=cursor))
    assert [each.guardado.id_aviso for each in page.avisos] == [second]


def test_a_recovery_goes_by_lotes_of_whole_clientes(world, operador, bandeja, line, monkeypatch):
    monkeypatch.setattr("pmc_soap.storage.mostrador.ENTREGAS_MAX", 3)
    lines = {f"C{n}": line(2, f"C{n}") for n in range(2, 7)}
    deliver_all(bandeja)
    seen = []
    done = operador.recover("AGUA", LONG_AGO, operador="ana", on_avance=seen.append)
    assert (done, len(seen)) == (Recupero(entregas=10, clientes=5), 5)
    again = deliver_all(bandeja)
    for ids in lines.values():
        assert [each for each in again if each in ids] == ids
    assert len(world.rows("auditoria")) == 5


def test_a_recovery_while_deliverers_work_breaks_no_line(world, operador, bandeja, line, monkeypatch):
    monkeypatch.setattr("pmc_soap.storage.mostrador.ENTREGAS_MAX", 6)
    lines = {f"C{n}": line(4, f"C{n}") for n in range(2, 8)}
    since = datetime.now(UTC) - timedelta(days=1)
    with ThreadPoolExecutor(4) as threads:
        works = [threads.submit(deliver_all, bandeja) for _ in range(3)]
        works += [threads.submit(operador.recover, "AGUA", since, operador="ana")]
        for work in works:
            work.result()
    deliver_all(bandeja)
    assert set(states(world).values()) == {"ENTREGADA"}
    assert len(states(world)) == sum(map(len, lines.values()))


def test_a_recovery_of_nobody_is_refused_and_one_of_nothing_does_nothing(world, operador):
    assert refused(lambda: operador.recover("ZZZZ", NOW, operador="ana")) is Impedimento.EMPRESA_INEXISTENTE
    assert operador.recover("AGUA", NOW, operador="ana") == Recupero()
    assert actas(world) == []


def test_who_reads_on_from_a_number_sees_again_what_was_sent_again_and_in_order(world, operador, line):
    world.configure(destinos=(PULL,))
    retiros = Retiros(world.ledger, world.ledger.retiro, world.empresas, world.clock)
    first, second, third = line(3)
    other = line(1, "C2")[0]
    cursor = retiros.pending(Pedido(codigo_empresa="AGUA")).ultima_secuencia
    retiros.confirm("AGUA", [Confirmacion(id_aviso=each, comprobante=Comprobante()) for each in (first, second)])
    operador.resend(first, operador="ana")
    page = retiros.pending(Pedido(codigo_empresa="AGUA", desde=cursor))
    assert [(each.guardado.id_aviso, each.secuencia) for each in page.avisos] == [(first, 5), (third, 6)]
    all_waiting = retiros.pending(Pedido(codigo_empresa="AGUA"))
    assert [each.guardado.id_aviso for each in all_waiting.avisos] == [other, first, third]
    [again] = retiros.confirm("AGUA", [Confirmacion(id_aviso=first, comprobante=Comprobante(nro_comprobante="2"))])
    assert again.duplicado is False


def test_an_empresa_that_comes_itself_recovers_in_order_under_new_numbers(world, operador, line):
    world.configure(destinos=(PULL,))
    retiros = Retiros(world.ledger, world.ledger.retiro, world.empresas, world.clock)
    paid = line(4)
    cursor = retiros.pending(Pedido(codigo_empresa="AGUA")).ultima_secuencia
    retiros.confirm("AGUA", [Confirmacion(id_aviso=each, comprobante=Comprobante()) for each in paid[:3]])
    operador.recover("AGUA", LONG_AGO, operador="ana")
    page = retiros.pending(Pedido(codigo_empresa="AGUA", desde=cursor))
    assert [each.guardado.id_aviso for each in page.avisos] == paid
    assert [each.secuencia for each in page.avisos] == [5, 6, 7, 8]


def test_while_avisos_are_sent_again_who_reads_on_still_misses_none(world, operador, line):
    world.configure(destinos=(PULL,))
    retiros = Retiros(world.ledger, world.ledger.retiro, world.empresas, world.clock)
    paid = [id_aviso for n in range(2, 6) for id_aviso in line(4, f"C{n}")]
    done = Event()

    def send_again(seed):
        chance = random.Random(seed)  # noqa: S311 — no secret
        for _ in range(12):
            operador.resend(chance.choice(paid), operador="ana")

    def read_on():
        desde, seen = 0, []
        while True:
            ended = done.is_set()
            page = retiros.pending(Pedido(codigo_empresa="AGUA", desde=desde, maximo=3))
            seen += [(each.secuencia, each.guardado.id_aviso) for each in page.avisos]
            desde = page.ultima_secuencia
            if ended and not page.avisos:
                return seen

    with ThreadPoolExecutor(6) as threads:
        readers = [threads.submit(read_on) for _ in range(3)]
        for sender in [threads.submit(send_again, seed) for seed in range(3)]:
            sender.result()
        done.set()
        for reader in readers:
            seen = reader.result()
            assert {id_aviso for _, id_aviso in seen} == set(paid)
            assert {(row["numero"], row["id_aviso"]) for row in world.rows("entrega")} <= set(seen)


def test_what_was_set_aside_is_not_given_to_who_comes_itself(world, operador, line):
    world.configure(destinos=(PULL,))
    retiros = Retiros(world.ledger, world.ledger.retiro, world.empresas, world.clock)
    first, second = line(2)
    operador.stop(first, motivo="no va", operador="ana")
    for solo_pendientes in (True, False):
        page = retiros.pending(Pedido(codigo_empresa="AGUA", solo_pendientes=solo_pendientes))
        assert [each.guardado.id_aviso for each in page.avisos] == [second]


def test_the_list_shows_what_waits_oldest_first_and_can_be_narrowed(world, operador, bandeja, line):
    first, second = line(2)
    [tomada] = take(bandeja)
    bandeja.settle(tomada, Comprobante())
    other = line(1, "C2")

    def ids(**said):
        return [guardado.id_aviso for _, guardado in operador.list(Filtro(**said))]

    assert ids() == [second, *other]
    assert ids(limit=1) == [second]
    assert ids(estado=EstadoEntrega.ENTREGADA) == [first]
    assert (ids(codigo_empresa="LUCE"), ids(destino="caja")) == ([], [])
    assert ids(since_utc=world.clock.now_utc + MINUTE) == []


def test_all_of_one_aviso_is_shown(world, operador, bandeja):
    world.register(vencimientos=vencimientos(150050, first=date(2999, 1, 1)))
    pago = world.pay("T1")
    world.pay("T1")
    reversa = world.reverse(id_transaccion_original="T1")
    [tomada] = take(bandeja)
    bandeja.put_back(tomada, timedelta(), NoEntregado("no contesta"), stop=False, skip=False)
    operador.resend(pago.id_aviso, operador="ana", motivo="otra vez")
    legajo = operador.show(pago.id_aviso)
    assert (legajo.guardado.id_aviso, legajo.pago.estado, legajo.id_factura) == (pago.id_aviso, "REVERSADO", "F1")
    [(entrega, intentos)] = legajo.entregas
    assert (entrega.destino, [(each.resultado, each.detalle) for each in intentos]) == (
        "erp",
        [("FALLIDO", "no contesta")],
    )
    assert len(legajo.repeticiones) == 1
    assert [each.id_aviso for each in legajo.relacionados] == [reversa.id_aviso]
    assert [(acta.accion, acta.operador, acta.motivo) for acta in legajo.actas] == [("REENVIAR", "ana", "otra vez")]
    assert [each.id_aviso for each in operador.show(reversa.id_aviso).relacionados] == [pago.id_aviso]
