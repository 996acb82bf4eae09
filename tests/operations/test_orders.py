"""P8: the network may deliver out of order; what counts ends the same.

Whatever the order of a pago, its repeat, its reversa, the reversa's repeat and a conflicting repeat: the factura's
final state, the number of live pagos and the sum of all money of the empresa are one.

What does not converge, by design: an identity belongs to whoever came first. Where the conflicting repeat comes before
the pago it is the first, so the pago is the conflict: other answers, another judgement of each, and the reversa may
find no pago of its importe (31 or 30 in place of 00). Likewise, of two different pagos of one factura the first is
imputed and the other waits in the puente as adicional: which one, the order says. And if a reversa names only the one
of the two that was imputed, the other stays parked: a person decides about it, so the factura is due again.
"""

from itertools import permutations

import pytest
from fakes.examples import clave

from pmc_soap.domain.factura import EstadoFactura

REVERSA_BY = {
    "its original's id": {"id_transaccion": "R1", "id_transaccion_original": "T1"},
    "the pago's own id": {"id_transaccion": "T1"},
    "its details": {"id_transaccion": None, "id_mensaje": "R", "nro_control_original": "A1B2"},
}


def _events(world, reversa, conflict):
    def pay():
        world.pay("T1", nro_control="A1B2")

    def reverse():
        world.reverse(id_factura="F1", **reversa)

    return {
        "pago": pay,
        "repeat": pay,
        "reversa": reverse,
        "repeat of the reversa": reverse,
        "conflict": lambda: world.pay("T1", nro_control="A1B2", **conflict),
    }


def _play(world, order, reversa, conflict):
    world.register()
    events = _events(world, REVERSA_BY[reversa], conflict)
    for name in order:
        events[name]()
    told = {acuse.id_aviso: aviso for aviso, acuse in world.acknowledged if "moneda" in type(aviso).__slots__}
    return (
        world.estado(clave()),
        world.money(clave()).count("APLICADO"),
        len(world.money(clave())),
        sum(aviso.importe_centavos for aviso in told.values()),
    )


@pytest.mark.parametrize("conflict", [{"importe_centavos": 150051}, {"canal": "HB"}], ids=["importe", "canal"])
@pytest.mark.parametrize("reversa", REVERSA_BY)
def test_a_reversed_pago_ends_the_same_in_every_order_of_five(fresh_world, reversa, conflict):
    ends = set()
    for order in permutations(["pago", "repeat", "reversa", "repeat of the reversa", "conflict"]):
        with fresh_world("fake") as world:
            ends.add(_play(world, order, reversa, conflict))
    total = 150050 + conflict.get("importe_centavos", 150050)
    assert ends == {(EstadoFactura.PENDIENTE, 0, 2, total)}


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_reversed_pago_ends_the_same_over_a_database(fresh_world, kind):
    ends = set()
    for order in list(permutations(["pago", "reversa", "conflict", "repeat"]))[:: 1 if kind == "sqlite" else 3]:
        with fresh_world(kind) as world:
            ends.add(_play(world, order, "its original's id", {"importe_centavos": 150051}))
            world.check()
    assert ends == {(EstadoFactura.PENDIENTE, 0, 2, 300101)}


def test_two_pagos_of_a_factura_and_the_reversa_of_one_end_the_same_in_what_counts(fresh_world):
    ends = {}
    for order in permutations(["T1", "T2", "R1"]):
        with fresh_world("fake") as world:
            world.register()
            for event in order:
                _ = world.pay(event) if event[0] == "T" else world.reverse(event, id_transaccion_original="T1")
            ends[order] = (sorted(world.money(clave())), world.estado(clave()))
    imputed = (["APLICADO", "REVERSADO"], EstadoFactura.PAGADA)
    parked = (["EN_PUENTE", "REVERSADO"], EstadoFactura.PENDIENTE)
    assert ends.pop(("T1", "T2", "R1")) == parked
    assert set(map(str, ends.values())) == {str(imputed)}
