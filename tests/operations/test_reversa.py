"""ReversaPago: the pago it means, and no other, is taken back."""

from datetime import timedelta

import pytest
from fakes.examples import NOW, clave

from pmc_soap.domain.aviso import EstadoAviso, EstadoPago, MotivoReversa
from pmc_soap.domain.factura import EstadoFactura
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.operations import original

HOUR = timedelta(hours=1)


def test_a_reversa_makes_the_factura_payable_again_and_is_owed_to_the_empresa(any_world):
    any_world.register()
    pago = any_world.pay("T1")
    acuse = any_world.reverse(id_transaccion_original="T1", id_factura="F1", motivo=MotivoReversa.ANULACION)
    assert (acuse.ending, acuse.estado) == (Ending(), EstadoAviso.APLICADO)
    assert acuse.estado_factura is EstadoFactura.PENDIENTE
    assert any_world.money(clave()) == ["REVERSADO"]
    assert [row["id_aviso"] for row in any_world.rows("entrega")] == [pago.id_aviso, acuse.id_aviso]
    assert [oferta.factura.clave for oferta in any_world.ask(id_cliente="C1").ofertas] == [clave()]


def test_a_factura_can_be_paid_again_after_its_reversa(any_world):
    any_world.register()
    any_world.pay("T1")
    any_world.reverse(id_transaccion_original="T1")
    assert any_world.pay("T2").estado is EstadoAviso.APLICADO
    assert any_world.money(clave()) == ["REVERSADO", "APLICADO"]


def test_the_repeat_of_a_reversed_pago_does_not_pay_again(any_world):
    any_world.register()
    first = any_world.pay("T1")
    any_world.reverse(id_transaccion_original="T1")
    again = any_world.pay("T1")
    assert (again.ending, again.id_aviso) == (Ending(duplicado=True), first.id_aviso)
    assert any_world.estado(clave()) is EstadoFactura.PENDIENTE


def test_the_repeat_of_a_reversa_takes_back_no_second_pago(any_world):
    any_world.register()
    any_world.pay("T1")
    first = any_world.reverse("R1", id_transaccion_original="T1")
    any_world.pay("T2")
    again = any_world.reverse("R1", id_transaccion_original="T1")
    assert (again.ending, again.id_aviso, again.estado) == (Ending(duplicado=True), first.id_aviso, first.estado)
    assert any_world.money(clave()) == ["REVERSADO", "APLICADO"]


def test_a_reversa_sent_again_without_any_id_takes_back_no_second_pago(any_world):
    any_world.register()
    any_world.pay("T1")
    any_world.pay("T2")  # an adicional, which waits in the puente
    first = any_world.reverse(None, id_factura="F1")
    again = any_world.reverse(None, id_factura="F1")
    assert (again.ending, again.id_aviso) == (Ending(duplicado=True), first.id_aviso)
    assert any_world.money(clave()) == ["REVERSADO", "EN_PUENTE"]
    any_world.clock.now_utc += timedelta(minutes=11)
    assert any_world.reverse(None, id_factura="F1").id_aviso != first.id_aviso
    assert any_world.money(clave()) == ["REVERSADO", "REVERSADO"]


def test_a_reversa_that_names_no_factura_tells_how_that_of_its_pago_stands(any_world):
    any_world.register()
    any_world.pay("T1")
    first = any_world.reverse(id_transaccion_original="T1", id_factura=None)
    assert first.estado_factura is EstadoFactura.PENDIENTE
    again = any_world.reverse(id_transaccion_original="T1", id_factura=None)
    assert (again.ending.duplicado, again.estado_factura) == (True, EstadoFactura.PENDIENTE)


def test_a_reversa_of_a_pago_that_never_came_takes_back_no_other(any_world):
    any_world.register()
    any_world.pay("T1")
    unknown = any_world.reverse("T2", id_factura="F1", motivo=MotivoReversa.TIMEOUT)
    assert unknown.ending == Ending(Resultado.PAGO_INEXISTENTE)
    assert any_world.pay("T2").estado is EstadoAviso.REVERSADA_ANTES
    assert any_world.money(clave()) == ["APLICADO", "REVERSADO"]


def test_a_reversa_that_came_before_its_pago_lets_another_pago_pass(any_world):
    any_world.register()
    any_world.reverse("T2", id_factura="F1")
    assert any_world.pay("T1").estado is EstadoAviso.APLICADO
    assert any_world.pay("T2").estado is EstadoAviso.REVERSADA_ANTES


def test_a_reversa_that_could_mean_two_pagos_takes_back_neither(any_world):
    for n in (1, 2):
        any_world.register(f"F{n}")
        any_world.pay(f"T{n}", f"F{n}")
    told = any_world.reverse(None, nro_control_original="9")
    assert told.ending == Ending(Resultado.PAGO_INEXISTENTE)
    assert any_world.money_of_cliente() == ["APLICADO", "APLICADO"]
    assert any_world.reverse(None, id_factura="F2").estado is EstadoAviso.APLICADO


def test_without_ids_a_factura_is_paid_reversed_and_paid_again_within_minutes(any_world):
    any_world.register()
    for reversed_so_far in range(2):
        assert any_world.pay(None).ending == Ending()
        any_world.clock.now_utc += timedelta(minutes=2)
        assert any_world.reverse(None, id_factura="F1").ending == Ending()
        any_world.clock.now_utc += timedelta(minutes=2)
        assert any_world.money(clave()) == ["REVERSADO"] * (reversed_so_far + 1)
    assert any_world.pay(None).estado is EstadoAviso.APLICADO


def test_a_pago_sent_again_after_its_reversa_is_one_if_its_time_of_payment_says_so(any_world):
    any_world.register()
    any_world.pay(None, fecha_hora_pago_utc=NOW)
    any_world.clock.now_utc += timedelta(minutes=2)
    any_world.reverse(None, id_factura="F1", fecha_hora_original_utc=NOW)
    any_world.clock.now_utc += timedelta(minutes=2)
    assert any_world.pay(None, fecha_hora_pago_utc=NOW).ending == Ending(duplicado=True)
    assert any_world.estado(clave()) is EstadoFactura.PENDIENTE


def test_a_reversa_sent_again_tells_what_it_told_first(any_world):
    any_world.register()
    any_world.pay("T1")
    first = any_world.reverse("R1", id_transaccion_original="T1")
    any_world.pay("T2")
    again = any_world.reverse("R1", id_transaccion_original="T1")
    assert (first.estado_factura, again.estado_factura) == (EstadoFactura.PENDIENTE, EstadoFactura.PENDIENTE)


def test_a_reversa_that_comes_first_waits_for_its_pago(any_world):
    any_world.register()
    reversa = any_world.reverse(id_transaccion_original="T1", id_factura="F1")
    assert (reversa.ending, reversa.estado) == (Ending(Resultado.PAGO_INEXISTENTE), EstadoAviso.DESCONOCIDA)
    pago = any_world.pay("T1")
    assert (pago.ending, pago.estado) == (Ending(), EstadoAviso.REVERSADA_ANTES)
    assert any_world.money(clave()) == ["REVERSADO"]
    assert any_world.estado(clave()) is EstadoFactura.PENDIENTE
    assert any_world.rows("entrega") == []
    assert [row["motivo"] for row in any_world.rows("alerta")] == ["DESCONOCIDA", "REVERSADA_ANTES"]


def test_a_reversa_that_came_first_takes_one_pago_only(any_world):
    any_world.register()
    any_world.reverse(None, nro_control_original="7777")
    assert any_world.pay(None, nro_control="7777").estado is EstadoAviso.REVERSADA_ANTES
    later = NOW - 2 * HOUR
    assert any_world.pay(None, nro_control="7777", fecha_hora_pago_utc=later).estado is EstadoAviso.APLICADO


def test_a_reversa_that_came_first_does_not_take_a_pago_of_another_importe(world):
    world.register()
    world.reverse(id_transaccion_original="T1", importe_centavos=1)
    assert world.pay("T1").estado is EstadoAviso.APLICADO


def test_a_reversa_out_of_term_takes_no_pago_whichever_comes_first(any_world):
    any_world.register("F1")
    any_world.register("F2")
    late = {"fecha_hora_mensaje_utc": NOW + 73 * HOUR}
    any_world.pay("T1", "F1", fecha_hora_pago_utc=NOW)
    any_world.reverse("R1", id_transaccion_original="T1", **late)
    any_world.reverse("R2", id_transaccion_original="T2", **late)
    any_world.pay("T2", "F2", fecha_hora_pago_utc=NOW)
    assert (any_world.money(clave("F1")), any_world.money(clave("F2"))) == (["APLICADO"], ["APLICADO"])


def test_of_two_reversas_that_came_first_each_takes_the_pago_it_names(any_world):
    any_world.register("F1")
    any_world.register("F2")
    any_world.reverse("T2")
    any_world.reverse("R1", id_transaccion_original="T1")
    assert any_world.pay("T1", "F1").estado is EstadoAviso.REVERSADA_ANTES
    assert any_world.pay("T2", "F2").estado is EstadoAviso.REVERSADA_ANTES


def test_a_reversa_under_the_pagos_own_id_takes_that_pago_and_not_another_of_the_factura(any_world):
    any_world.register()
    any_world.pay("T1")
    adicional = any_world.pay("T2")
    assert adicional.estado is EstadoAviso.YA_PAGADA
    acuse = any_world.reverse("T2", id_factura="F1")
    assert (acuse.estado, acuse.estado_factura) == (EstadoAviso.APLICADO, EstadoFactura.PAGADA)
    assert any_world.money(clave()) == ["APLICADO", "REVERSADO"]


def test_a_reversa_of_another_importe_than_the_pago_it_names_takes_no_other_pago(world):
    world.register("F1")
    world.register("F2")
    world.pay("T1", "F1")
    world.pay("T2", "F2", importe_centavos=7)
    acuse = world.reverse("T2")
    assert acuse.ending == Ending(Resultado.IMPORTE_REVERSA_DISTINTO)
    assert world.money(clave("F1")) == ["APLICADO"]


@pytest.mark.parametrize("id_factura", ["F1", None])
def test_a_reversa_by_id_finds_its_pago_however_many_came_since(any_world, monkeypatch, id_factura):
    monkeypatch.setattr(original, "PAGOS_MAX", 2)
    any_world.register()
    said = {} if id_factura else {"codigo_movimiento": 1}
    any_world.pay("T1", id_factura, **said)
    for n in range(3):
        any_world.pay(f"X{n}", None, codigo_movimiento=1, importe_centavos=n + 1)
    assert any_world.reverse(id_transaccion_original="T1").estado is EstadoAviso.APLICADO
    assert any_world.money_of_cliente() == ["REVERSADO", "APLICADO", "APLICADO", "APLICADO"]


def test_a_reversa_of_parked_money_leaves_the_factura_and_owes_the_empresa_nothing(any_world):
    any_world.register()
    any_world.pay("T1", importe_centavos=1)
    acuse = any_world.reverse(id_transaccion_original="T1", importe_centavos=1, id_factura="F1")
    assert (acuse.estado, acuse.estado_factura) == (EstadoAviso.APLICADO, EstadoFactura.PENDIENTE)
    assert any_world.money(clave()) == ["REVERSADO"]
    assert any_world.rows("entrega") == []


def test_money_that_a_conflict_parked_is_not_what_a_reversa_means(any_world):
    any_world.register()
    any_world.pay("T1")
    any_world.pay("T1", importe_centavos=1)
    any_world.reverse(id_transaccion_original="T1")
    assert any_world.money(clave()) == ["REVERSADO", "EN_PUENTE"]


def test_a_second_reversa_of_the_same_pago_is_a_duplicate_that_is_alerted(any_world):
    any_world.register()
    any_world.pay("T1")
    any_world.reverse("R1", id_transaccion_original="T1")
    acuse = any_world.reverse("R2", id_transaccion_original="T1")
    assert (acuse.ending, acuse.estado) == (Ending(duplicado=True), EstadoAviso.REVERSADA_ANTES)
    assert [row["motivo"] for row in any_world.rows("alerta")] == ["REVERSADA_ANTES"]


def test_the_same_reversa_with_other_content_is_kept_and_moves_nothing(any_world):
    any_world.register()
    any_world.pay("T1")
    any_world.reverse("R1", id_transaccion_original="T9")
    acuse = any_world.reverse("R1", id_transaccion_original="T1")
    assert (acuse.ending, acuse.estado) == (Ending(Resultado.TRANSACCION_DISTINTA), EstadoAviso.CONFLICTO)
    assert any_world.money(clave()) == ["APLICADO"]


def test_the_term_of_a_reversa_counts_from_the_payment_to_its_last_second(world):
    for n, late in enumerate((timedelta(), timedelta(seconds=1))):
        world.register(f"F{n}")
        world.pay(f"T{n}", f"F{n}", fecha_hora_pago_utc=NOW)
        world.reverse(f"R{n}", id_transaccion_original=f"T{n}", fecha_hora_mensaje_utc=NOW + timedelta(hours=72) + late)
    assert (world.money(clave("F0")), world.money(clave("F1"))) == (["REVERSADO"], ["APLICADO"])


def test_a_reversa_of_a_pago_sin_factura_is_owed_too(any_world):
    any_world.register()
    any_world.pay("T1", None, codigo_movimiento=1)
    acuse = any_world.reverse(id_transaccion_original="T1")
    assert acuse.estado_factura is None
    assert any_world.money_of_cliente() == ["REVERSADO"]
    assert len(any_world.rows("entrega")) == 2


def test_a_reversa_without_a_pago_for_an_empresa_without_the_service_is_kept_and_told_so(any_world):
    any_world.configure(servicios=frozenset())
    assert any_world.reverse().ending == Ending(Resultado.SERVICIO_NO_HABILITADO)
    assert any_world.reverse(codigo_empresa="NADA").ending == Ending(Resultado.EMPRESA_INEXISTENTE)


def test_a_reversa_takes_its_pago_back_even_if_the_empresa_was_switched_off_since(any_world):
    any_world.register()
    any_world.pay("T1")
    any_world.configure(activa=False)
    assert any_world.reverse(id_transaccion_original="T1").ending == Ending()
    assert any_world.money(clave()) == ["REVERSADO"]
    assert len(any_world.rows("entrega")) == 2


def test_a_failure_while_owing_leaves_nothing_of_a_reversa(any_world, monkeypatch):
    any_world.register()
    any_world.pay("T1")
    with monkeypatch.context() as broken:
        _break_owe(broken, any_world)
        with pytest.raises(RuntimeError):
            any_world.reverse(id_transaccion_original="T1")
    assert any_world.money(clave()) == [EstadoPago.APLICADO]
    assert any_world.estado(clave()) is EstadoFactura.PAGADA
    assert any_world.reverse(id_transaccion_original="T1").ending == Ending()


def _break_owe(monkeypatch, world):
    def owe(*_):
        raise RuntimeError

    with world.ledger.read() as reading:
        kind = type(reading)
    for writing in kind.__subclasses__():
        monkeypatch.setattr(writing, "owe", owe)
