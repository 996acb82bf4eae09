"""Many callers at once: whatever the order in which they win, the invariants hold and each is answered."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from fakes.examples import NOW, a_factura, clave, vencimientos

from pmc_soap.domain.aviso import EstadoAviso
from pmc_soap.domain.factura import EstadoFactura, MotivoBaja
from pmc_soap.domain.resultado import Resultado
from pmc_soap.operations.factura import Cambios, contenido

ROUNDS = range(4)


@pytest.fixture
def at_once():
    """Run each of the works in a thread of its own, all beginning at the same instant."""

    def run(*works):
        together = Barrier(len(works))

        def begin(work):
            together.wait(10)
            return work()

        with ThreadPoolExecutor(len(works)) as threads:
            return list(threads.map(begin, works))

    return run


def _load(world, **said):
    batch = [(factura := a_factura(**said), contenido(factura))]
    return world.ledger.write("AGUA", None, lambda tx: tx.load(batch, "carga", NOW))


def test_of_sixteen_payers_one_is_imputed_and_all_are_acknowledged(sql_world, at_once):
    sql_world.register()
    told = at_once(*(lambda n=n: sql_world.pay(f"T{n}") for n in range(16)))
    assert Counter(acuse.estado for acuse in told) == {EstadoAviso.APLICADO: 1, EstadoAviso.YA_PAGADA: 15}
    assert len({acuse.id_aviso for acuse in told}) == 16
    assert Counter(sql_world.money(clave())) == {"APLICADO": 1, "EN_PUENTE": 15}


def test_sixteen_payers_of_a_factura_that_no_base_knows_pay_it_once(sql_world, at_once):
    sql_world.configure(con_base=False)
    told = at_once(*(lambda n=n: sql_world.pay(f"T{n}") for n in range(16)))
    assert Counter(acuse.estado for acuse in told) == {EstadoAviso.APLICADO: 1, EstadoAviso.YA_PAGADA: 15}


def test_the_same_aviso_from_sixteen_threads_has_one_effect_and_one_answer(sql_world, at_once):
    sql_world.register()
    told = at_once(*[lambda: sql_world.pay("T1")] * 16)
    assert {(acuse.id_aviso, acuse.estado) for acuse in told} == {(told[0].id_aviso, EstadoAviso.APLICADO)}
    assert Counter(acuse.ending.duplicado for acuse in told) == {True: 15, False: 1}
    assert len(sql_world.rows("repeticion")) == 15


def test_one_transaction_under_many_clientes_is_kept_for_the_first_and_a_conflict_for_the_others(sql_world, at_once):
    for n in range(8):
        sql_world.register("F1", f"C{n}")
    told = at_once(*(lambda n=n: sql_world.pay("T1", id_cliente=f"C{n}") for n in range(8)))
    assert Counter(acuse.estado for acuse in told) == {EstadoAviso.APLICADO: 1, EstadoAviso.CONFLICTO: 7}
    assert [sql_world.estado(clave("F1", f"C{n}")) for n in range(8)].count(EstadoFactura.PAGADA) == 1


def test_pagos_sin_factura_without_ids_at_once_are_one_pago(sql_world, at_once):
    sql_world.register()
    told = at_once(*[lambda: sql_world.pay(None, None, codigo_movimiento=1)] * 8)
    assert len({acuse.id_aviso for acuse in told}) == 1
    assert sql_world.money_of_cliente() == ["APLICADO"]
    assert len(sql_world.rows("entrega")) == 1


def test_one_message_without_a_transaction_from_many_threads_is_one_aviso(sql_world, at_once):
    sql_world.register()
    told = at_once(*[lambda: sql_world.pay(None, id_mensaje="M")] * 8)
    assert len({acuse.id_aviso for acuse in told}) == 1
    assert sql_world.money(clave()) == ["APLICADO"]


def test_conflicting_repeats_at_once_are_each_kept_once(sql_world, at_once):
    sql_world.register()
    told = at_once(*(lambda n=n: sql_world.pay("T1", importe_centavos=150050 + n % 4) for n in range(12)))
    assert len({acuse.id_aviso for acuse in told}) == 4
    assert Counter(acuse.ending.duplicado for acuse in told) == {True: 8, False: 4}


def test_a_pago_and_its_reversa_at_once_leave_the_factura_payable(sql_world, at_once):
    for n in ROUNDS:
        sql_world.register(f"F{n}")
        pago, reversa = at_once(
            lambda n=n: sql_world.pay(f"T{n}", f"F{n}"),
            lambda n=n: sql_world.reverse(f"R{n}", id_transaccion_original=f"T{n}", id_factura=f"F{n}"),
        )
        assert (pago.estado, reversa.estado) in {
            (EstadoAviso.APLICADO, EstadoAviso.APLICADO),
            (EstadoAviso.REVERSADA_ANTES, EstadoAviso.DESCONOCIDA),
        }
        assert sql_world.money(clave(f"F{n}")) == ["REVERSADO"]
        assert sql_world.estado(clave(f"F{n}")) is EstadoFactura.PENDIENTE


def test_two_reversas_of_one_pago_at_once_take_it_back_once(sql_world, at_once):
    sql_world.register()
    sql_world.pay("T1")
    told = at_once(*(lambda n=n: sql_world.reverse(f"R{n}", id_transaccion_original="T1") for n in range(8)))
    assert Counter(acuse.estado for acuse in told) == {EstadoAviso.APLICADO: 1, EstadoAviso.REVERSADA_ANTES: 7}
    assert len(sql_world.rows("entrega")) == 2


def test_a_baja_and_a_pago_at_once_end_as_one_of_them_came_first(sql_world, at_once):
    for n in ROUNDS:
        sql_world.register(f"F{n}")
        pago, baja = at_once(
            lambda n=n: sql_world.pay(f"T{n}", f"F{n}"),
            lambda n=n: sql_world.facturas.withdraw(clave(f"F{n}"), MotivoBaja.PAGADA_OTRO_CANAL),
        )
        assert (pago.estado, baja.estado, baja.ending.resultado) in {
            (EstadoAviso.APLICADO, EstadoFactura.PAGADA, Resultado.FACTURA_PAGADA),
            (EstadoAviso.BAJA, EstadoFactura.BAJA, Resultado.EXITOSA),
        }


def test_a_change_and_a_pago_at_once_end_as_one_of_them_came_first(sql_world, at_once):
    for n in ROUNDS:
        sql_world.register(f"F{n}")
        pago, change = at_once(
            lambda n=n: sql_world.pay(f"T{n}", f"F{n}"),
            lambda n=n: sql_world.facturas.change(clave(f"F{n}"), Cambios(vencimientos=vencimientos(7))),
        )
        assert (pago.estado, change.ending.resultado) in {
            (EstadoAviso.APLICADO, Resultado.FACTURA_NO_MODIFICABLE),
            (EstadoAviso.IMPORTE_DISTINTO, Resultado.EXITOSA),
        }


def test_a_load_and_a_pago_at_once_never_make_a_paid_factura_payable(sql_world, at_once):
    for n in ROUNDS:
        id_factura = f"F{n}"
        sql_world.register(id_factura)
        pago, loaded = at_once(
            lambda n=n: sql_world.pay(f"T{n}", f"F{n}"),
            lambda n=n: _load(sql_world, id_factura=f"F{n}", vencimientos=vencimientos(7)),
        )
        ended = pago.estado, loaded.intocables, sql_world.factura(clave(id_factura)).vencimientos
        assert ended in {
            (EstadoAviso.APLICADO, 1, vencimientos(150050)),
            (EstadoAviso.IMPORTE_DISTINTO, 0, vencimientos(7)),
        }


def test_a_first_load_and_a_pago_at_once_keep_the_money_and_the_factura_agreed(sql_world, at_once):
    sql_world.configure(con_base=False)
    for n in ROUNDS:
        at_once(
            lambda n=n: sql_world.pay(f"T{n}", f"F{n}", id_cliente=f"C{n}"),
            lambda n=n: _load(sql_world, id_factura=f"F{n}", id_cliente=f"C{n}"),
        )
        assert sql_world.money(clave(f"F{n}", f"C{n}")) == ["APLICADO"]
        assert sql_world.estado(clave(f"F{n}", f"C{n}")) is EstadoFactura.PAGADA


def test_a_factura_that_moves_while_it_is_paid_is_paid_or_moved(sql_world, at_once):
    for n in ROUNDS:
        sql_world.register(f"F{n}", "C1")
        pago, _ = at_once(
            lambda n=n: sql_world.pay(f"T{n}", f"F{n}"),
            lambda n=n: sql_world.register(f"F{n}", "C2", referencia_anterior="C1"),
        )
        assert (pago.estado, sql_world.estado(clave(f"F{n}"))) in {
            (EstadoAviso.APLICADO, EstadoFactura.PAGADA),
            (EstadoAviso.BAJA, EstadoFactura.REEMPLAZADA),
        }


def test_one_alta_from_sixteen_threads_is_one_factura(sql_world, at_once):
    told = at_once(*[sql_world.register] * 16)
    assert Counter(registro.ending.duplicado for registro in told) == {True: 15, False: 1}
    assert len(sql_world.rows("factura")) == 1


def test_whatever_many_callers_do_at_once_the_invariants_hold(sql_world, at_once):
    for n in range(3):
        sql_world.register(f"F{n}")
    works = [lambda n=n: sql_world.pay(f"T{n % 6}", f"F{n % 3}") for n in range(12)]
    works += [
        lambda n=n: sql_world.reverse(f"R{n % 4}", id_transaccion_original=f"T{n % 4}", id_factura=f"F{n % 3}")
        for n in range(8)
    ]
    works += [lambda n=n: sql_world.facturas.withdraw(clave(f"F{n}"), MotivoBaja.ANULADA) for n in range(3)]
    works += [lambda: _load(sql_world, vencimientos=vencimientos(150050, 160000))]
    assert None not in at_once(*works)
    for n in range(3):
        assert sql_world.money(clave(f"F{n}")).count("APLICADO") <= 1
