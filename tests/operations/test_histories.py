"""Random histories of few clientes and facturas: after each, every invariant of the checker holds."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes.examples import NOW, TODAY, a_factura, clave, vencimientos
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from veces import VECES

from pmc_soap.domain.factura import MotivoBaja
from pmc_soap.domain.resultado import Rejected
from pmc_soap.operations.factura import Cambios, contenido

CLIENTES, FACTURAS = st.sampled_from(["C1", "C2"]), st.sampled_from(["F1", "F2"])
IDS = st.sampled_from(["T1", "T2", "T3", None])
IMPORTES = st.sampled_from([100, 100, 100, 120, 0])
LATE = st.sampled_from([timedelta(), timedelta(minutes=5), timedelta(hours=5), timedelta(days=4)])
CLOCK = st.sampled_from([timedelta(), timedelta(minutes=1), timedelta(days=1), timedelta(days=-1)])

PAGO = st.fixed_dictionaries(
    {
        "id_transaccion": IDS,
        "id_factura": FACTURAS | st.none(),
        "id_cliente": CLIENTES,
        "importe_centavos": IMPORTES,
        "moneda": st.sampled_from(["ARS", "ARS", "ARS", "USD"]),
        "codigo_movimiento": st.sampled_from([1, 2]),
        "nro_control": st.sampled_from([None, "1", "2"]),
        "late": LATE,
    }
)
REVERSA = st.fixed_dictionaries(
    {
        "id_transaccion": st.sampled_from(["R1", "R2", "T1", "T2", None]),
        "id_transaccion_original": IDS,
        "id_factura": FACTURAS | st.none(),
        "id_cliente": CLIENTES,
        "importe_centavos": IMPORTES,
        "nro_control_original": st.sampled_from([None, "1"]),
        "late": LATE,
    }
)
FACTURA = st.fixed_dictionaries(
    {
        "id_factura": FACTURAS,
        "id_cliente": CLIENTES,
        "referencia_anterior": st.sampled_from([None, None, "C1", "C2"]),
        "vencimientos": st.sampled_from([vencimientos(100, 120), vencimientos(120, first=TODAY - timedelta(days=9))]),
    }
)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), PAGO),
        st.tuples(st.just("pay"), PAGO),
        st.tuples(st.just("reverse"), REVERSA),
        st.tuples(st.just("again"), st.integers(0, 5)),
        st.tuples(st.just("register"), FACTURA),
        st.tuples(st.just("register"), FACTURA),
        st.tuples(st.just("load"), st.lists(FACTURA, max_size=3)),
        st.tuples(st.just("change"), FACTURA),
        st.tuples(st.just("withdraw"), st.tuples(FACTURAS, CLIENTES)),
        st.tuples(st.just("ask"), CLIENTES),
        st.tuples(st.just("clock"), CLOCK),
    ),
    min_size=3,
    max_size=25,
)
BOUNDED = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


def _run(world, event, said):
    match event:
        case "pay" | "reverse":
            late = said.pop("late")
            getattr(world, event)(**said, fecha_hora_mensaje_utc=NOW + late)
        case "again":
            for aviso, _ in world.acknowledged[said : said + 1]:
                world.send(replace(aviso, fecha_hora_mensaje_utc=aviso.fecha_hora_mensaje_utc + timedelta(seconds=9)))
        case "register":
            world.register(**said)
        case "load":
            batch = {(factura := a_factura(**each)).clave: factura for each in said}
            facturas = [(factura, contenido(factura)) for factura in batch.values()]
            world.ledger.write("AGUA", None, lambda tx: tx.load(facturas, "carga", world.clock.now()))
        case "change":
            world.facturas.change(
                clave(said["id_factura"], said["id_cliente"]), Cambios(vencimientos=said["vencimientos"])
            )
        case "withdraw":
            world.facturas.withdraw(clave(*said), MotivoBaja.OTRO)
        case "ask":
            world.ask(id_cliente=said)
        case "clock":
            world.clock.now_utc += said


def _play(world, events):
    for event, said in events:
        try:
            _run(world, event, dict(said) if isinstance(said, dict) else said)
        except Rejected as rejected:
            assert event in {"change", "withdraw", "register"}, rejected.ending  # noqa: PT017 — money is never refused


@pytest.mark.parametrize("con_base", [True, False], ids=["con base", "sin base"])
@settings(**BOUNDED, max_examples=30 * VECES)
@given(events=EVENTS)
def test_after_any_history_every_invariant_holds_over_sqlite(fresh_world, con_base, events):
    with fresh_world("sqlite") as world:
        world.configure(con_base=con_base)
        _play(world, events)
        world.check()


@pytest.mark.postgres
@settings(**BOUNDED, max_examples=10 * VECES)
@given(events=EVENTS)
def test_after_any_history_every_invariant_holds_over_postgres(fresh_world, events):
    with fresh_world("postgres") as world:
        world.configure(con_base=False)
        _play(world, events)
        world.check()


@settings(**BOUNDED, max_examples=20 * VECES)
@given(events=EVENTS)
def test_any_history_ends_over_the_fake_as_over_sqlite(fresh_world, events):
    ends = []
    for kind in ("fake", "sqlite"):
        with fresh_world(kind) as world:
            _play(world, events)
            told = [acuse for _, acuse in world.acknowledged]
            ends.append((told, [world.factura(clave(f, c)) for f in ("F1", "F2") for c in ("C1", "C2")]))
    assert ends[0] == ends[1]


@settings(**BOUNDED, max_examples=30 * VECES)
@given(events=EVENTS)
def test_no_consulta_shows_a_factura_that_has_a_live_pago(fresh_world, events):
    with fresh_world("fake") as world:
        world.configure(con_base=False)
        for event in events:
            _play(world, [event])
            for id_cliente in ("C1", "C2"):
                for oferta in world.ask(id_cliente=id_cliente).ofertas:
                    assert "APLICADO" not in world.money(oferta.factura.clave)
