"""Avisos, reversas and COBs at once, and in any order: each payment is imputed once, whoever tells of it first."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from fakes.examples import NOW, TODAY, a_factura, clave, vencimientos
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from operations.cobros import MANANA, PASADO, Caja, a_cob, a_cobro
from veces import VECES

from pmc_soap.domain.aviso import EstadoAviso
from pmc_soap.domain.calendario import Calendario
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.operations.corrida import Curso
from pmc_soap.operations.factura import contenido

ROUNDS = range(4)
DUE = vencimientos(150050, 160000)


@pytest.fixture
def caja(sql_world):
    return Caja(sql_world)


def at_once(*works):
    """Run each in a thread of its own, all beginning at the same instant."""
    together = Barrier(len(works))

    def begin(work):
        together.wait(10)
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(begin, works))


def _fill(world, count, clientes=None):
    facturas = [a_factura(f"F{n}", f"C{n % (clientes or count)}", vencimientos=DUE) for n in range(count)]
    world.ledger.write("AGUA", None, lambda tx: tx.load([(f, contenido(f)) for f in facturas], "carga", NOW))


def _live(world):
    return Counter(row["id_factura"] for row in world.rows("pago") if row["estado"] == "APLICADO")


def test_avisos_that_come_while_their_cob_is_run_are_each_imputed_once(caja):
    world = caja.world
    _fill(world, 40, clientes=10)
    archivo = a_cob(*(a_cobro(f"F{n}", id_cliente=f"C{n % 10}", nro_control=f"{n}") for n in range(40)))
    payers = [
        lambda n=n: [
            world.pay(f"T{m}", f"F{m}", id_cliente=f"C{m % 10}", canal="PC", nro_control=f"{m}")
            for m in range(n, 40, 4)
        ]
        for n in range(4)
    ]
    corrida, *told = at_once(lambda: caja.conciliaciones.run(archivo), *payers)
    assert corrida.curso is Curso.HECHA
    assert {acuse.estado for each in told for acuse in each} == {EstadoAviso.APLICADO}
    assert _live(world) == {f"F{n}": 1 for n in range(40)}
    assert len(world.rows("entrega")) == 40
    caja.sweep()
    assert caja.ends() == ["CONCILIADO"] * 40
    assert caja.sin_linea() == []
    caja.check()


def test_pagos_sin_factura_that_are_told_and_collected_at_once_are_each_one_pago(caja):
    """No constraint of the database forbids a second one: only being alone on the cliente does."""
    world = caja.world
    world.register()
    for n in ROUNDS:
        fecha = MANANA + timedelta(days=n)
        archivo = a_cob(a_cobro(None, nro_control=f"{n}", fecha_aplicacion=fecha - timedelta(days=1)), fecha=fecha)
        paid = NOW + timedelta(days=n)
        said = {"fecha_hora_pago_utc": paid, "fecha_hora_mensaje_utc": paid, "canal": "PC", "nro_control": f"{n}"}
        at_once(
            lambda archivo=archivo: caja.conciliaciones.run(archivo),
            lambda n=n, said=said: world.pay(f"T{n}", None, codigo_movimiento=1, **said),
        )
    assert world.money_of_cliente() == ["APLICADO"] * len(ROUNDS)
    assert len(world.rows("entrega")) == len(ROUNDS)
    caja.check()


def test_the_same_file_from_many_at_once_is_conciliated_once(caja):
    world = caja.world
    _fill(world, 30)
    archivo = a_cob(*(a_cobro(f"F{n}", id_cliente=f"C{n}") for n in range(30)))
    corridas = at_once(*[lambda: caja.conciliaciones.run(archivo)] * 4)
    assert {corrida.curso for corrida in corridas} <= {Curso.HECHA, Curso.YA_ESTABA}
    assert caja.ends() == ["SOLO_EN_COB"] * 30
    assert len(world.rows("cob")) == 1
    assert len(world.rows("aviso")) == len(world.rows("entrega")) == 30
    caja.check()


def test_a_reversa_that_comes_while_the_cob_is_run_leaves_the_factura_payable(caja):
    world = caja.world
    _fill(world, len(ROUNDS), clientes=len(ROUNDS))
    for n in ROUNDS:
        archivo = a_cob(a_cobro(f"F{n}", id_cliente=f"C{n}"), fecha=MANANA + timedelta(days=n))
        at_once(
            lambda archivo=archivo: caja.conciliaciones.run(archivo),
            lambda n=n: world.reverse(f"R{n}", id_transaccion_original=f"T{n}", id_factura=f"F{n}", id_cliente=f"C{n}"),
        )
        assert world.money(clave(f"F{n}", f"C{n}")) == ["REVERSADO"]
        assert world.pay(f"T{n}", f"F{n}", id_cliente=f"C{n}").estado is EstadoAviso.REVERSADA_ANTES
    caja.check()


def test_files_of_different_days_at_once_share_out_the_pagos(caja):
    world = caja.world
    world.register("F1", "C1", vencimientos=DUE)
    for n in range(6):
        world.pay(f"T{n}", None, codigo_movimiento=1)
    works = [
        lambda fecha=fecha: caja.conciliaciones.run(a_cob(*[a_cobro(None)] * 3, fecha=fecha))
        for fecha in (MANANA, PASADO)
    ]
    at_once(*works)
    assert [*caja.ends(MANANA), *caja.ends(PASADO)] == ["CONCILIADO"] * 6
    caja.check()


COBROS = st.fixed_dictionaries(
    {
        "id_factura": st.sampled_from(["F1", "F2", None]),
        "id_cliente": st.sampled_from(["C1", "C2"]),
        "importe_centavos": st.sampled_from([100, 100, 120]),
        "nro_control": st.sampled_from([None, "A1", "B2"]),
        "late": st.integers(0, 3),
    }
)
PAGOS = st.fixed_dictionaries(
    {
        "id_transaccion": st.sampled_from(["T1", "T2", "T3", "T4", None]),
        "id_factura": st.sampled_from(["F1", "F2", None]),
        "id_cliente": st.sampled_from(["C1", "C2"]),
        "importe_centavos": st.sampled_from([100, 100, 120]),
        "nro_control": st.sampled_from([None, "A1", "B2"]),
        "late": st.integers(0, 3),
    }
)
REVERSAS = st.fixed_dictionaries(
    {
        "id_transaccion": st.sampled_from(["R1", "R2"]),
        "id_transaccion_original": st.sampled_from(["T1", "T2", None]),
        "id_factura": st.sampled_from(["F1", "F2", None]),
        "id_cliente": st.sampled_from(["C1", "C2"]),
        "importe_centavos": st.sampled_from([100, 120]),
        "late": st.integers(0, 3),
    }
)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), PAGOS),
        st.tuples(st.just("pay"), PAGOS),
        st.tuples(st.just("reverse"), REVERSAS),
        st.tuples(st.just("cob"), st.tuples(st.integers(1, 3), st.lists(COBROS, max_size=4))),
        st.tuples(st.just("cob"), st.tuples(st.integers(1, 3), st.lists(COBROS, max_size=4))),
        st.tuples(st.just("again"), st.integers(0, 4)),
        st.tuples(st.just("sweep"), st.none()),
        st.tuples(st.just("clock"), st.integers(0, 48)),
    ),
    min_size=2,
    max_size=14,
)
BOUNDED = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}
ONE_DAY = timedelta(days=1)


def _cobro(said):
    day = TODAY + said["late"] * ONE_DAY
    told = {name: said[name] for name in ("id_cliente", "importe_centavos", "nro_control")}
    return a_cobro(said["id_factura"], fecha_aplicacion=day, **told)


def _run(caja, event, said, files):
    world = caja.world
    match event:
        case "pay" | "reverse":
            told = dict(said)
            at = NOW + told.pop("late") * ONE_DAY
            if event == "pay":
                told |= {"codigo_movimiento": 2 if told["id_factura"] else 1, "canal": "PC"}
            getattr(world, event)(**told, fecha_hora_mensaje_utc=at)
        case "cob":
            days, cobros = said
            files.append(a_cob(*map(_cobro, cobros), fecha=TODAY + days * ONE_DAY))
            caja.run(archivo=files[-1], replace=True)
        case "again":
            for archivo in files[said : said + 1]:
                caja.run(archivo=archivo, replace=True)
        case "sweep":
            caja.sweep()
        case "clock":
            world.clock.now_utc += timedelta(hours=said)


def _each_line_stands_by_one_pago(world):
    """What the tables say of lines, whatever wrote them."""
    pagos = {row["id_aviso"]: row for row in world.rows("pago")}
    newest = {}
    for row in world.rows("cob"):
        newest[row["codigo_archivo"], row["fecha"]] = row
    for row in world.rows("linea_cob"):
        desenlace = Desenlace(row["desenlace"])
        alone = desenlace in {Desenlace.DUPLICADO_EN_COB, Desenlace.RETIRADA}
        assert (row["id_aviso"] is None) is alone
        if not alone:
            pago = pagos[row["id_aviso"]]
            same = pago["importe_centavos"] == row["importe_centavos"]
            assert same is (desenlace is not Desenlace.DIF_IMPORTE)
            if desenlace is not Desenlace.REVERSADO_PERO_EN_COB:
                assert pago["estado"] != "REVERSADO"
    made = [row for row in world.rows("aviso") if row["linea_cob"]]
    assert len({row["linea_cob"] for row in made}) == len(made)
    for cob in newest.values():
        kept = [r for r in world.rows("linea_cob") if r["id_cob"] == cob["id"] and r["desenlace"] != Desenlace.RETIRADA]
        assert sum(row["importe_centavos"] for row in kept) == cob["total_centavos"]
        assert len(kept) == cob["cantidad"]


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_after_any_history_every_invariant_holds(fresh_world, kind):
    @settings(**BOUNDED, max_examples=VECES * (40 if kind == "sqlite" else 12))
    @given(events=EVENTS)
    def play(events):
        with fresh_world(kind) as world:
            for id_factura in ("F1", "F2"):
                for id_cliente in ("C1", "C2"):
                    world.register(id_factura, id_cliente, vencimientos=vencimientos(100, 120))
            caja, files = Caja(world), []
            for event, said in events:
                _run(caja, event, said, files)
            caja.sweep()
            world.check()
            _each_line_stands_by_one_pago(world)

    play()


TOLD = st.lists(
    st.fixed_dictionaries({"n": st.integers(0, 5), "avisado": st.booleans(), "days": st.integers(1, 3)}),
    min_size=1,
    max_size=6,
    unique_by=lambda said: said["n"],
)


@settings(**BOUNDED, max_examples=20 * VECES)
@given(told=TOLD, order=st.permutations(["cob1", "cob2", "cob3", "avisos"]))
def test_in_whatever_order_days_and_avisos_come_each_payment_is_imputed_once(fresh_world, told, order):
    with fresh_world("sqlite") as world:
        _fill(world, 6)
        caja = Caja(world, Calendario(lambda _: ()))
        for what in order:
            if what == "avisos":
                for said in told:
                    if said["avisado"]:
                        world.pay(f"T{said['n']}", f"F{said['n']}", id_cliente=f"C{said['n']}")
                continue
            day = int(what[-1])
            cobros = [a_cobro(f"F{said['n']}", id_cliente=f"C{said['n']}") for said in told if said["days"] == day]
            caja.run(*cobros, fecha=TODAY + day * ONE_DAY)
        caja.sweep()
        assert _live(world) == {f"F{said['n']}": 1 for said in told}
        assert len(world.rows("entrega")) == len(told)
        for day in (1, 2, 3):
            expected = Counter("CONCILIADO" if s["avisado"] else "SOLO_EN_COB" for s in told if s["days"] == day)
            assert Counter(caja.ends(TODAY + day * ONE_DAY)) == expected
        world.check()
