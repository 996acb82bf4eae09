"""What an empresa does with its facturas online: alta, modificación, baja, consulta."""

from dataclasses import replace

import pytest
from fakes.examples import NOW, a_factura, clave, vencimientos

from pmc_soap.domain.empresa import Servicio
from pmc_soap.domain.factura import EstadoFactura, MotivoBaja, TipoImporte
from pmc_soap.domain.resultado import Ending, Rejected, Resultado
from pmc_soap.operations.factura import Cambios, Registro, contenido

DUPLICADO = Ending(duplicado=True)
OTHER = {
    "vencimientos": vencimientos(150051),
    "mensaje_pantalla": "otra",
    "mensaje_ticket": "otro",
    "tipo_importe": TipoImporte.ABIERTO,
    "codigo_barras": "1",
    "nombre_cliente": "Ana",
    "cuit_cliente": "20-05536168-2",
    "referencia_anterior": "C0",
}


def _refused(work):
    with pytest.raises(Rejected) as refused:
        work()
    return refused.value.ending


def test_a_registered_factura_can_be_paid_at_once(any_world):
    assert any_world.register() == Registro(ending=Ending(), estado=EstadoFactura.PENDIENTE, disponible_desde_utc=NOW)
    assert [oferta.factura for oferta in any_world.ask(id_cliente="C1").ofertas] == [a_factura()]


@pytest.mark.parametrize("estado", ["PENDIENTE", "PAGADA", "BAJA"])
def test_the_same_alta_again_changes_nothing_and_tells_how_the_factura_stands(any_world, estado):
    any_world.register()
    _move(any_world, estado)
    assert any_world.register() == Registro(ending=DUPLICADO, estado=EstadoFactura(estado))
    assert any_world.estado(clave()) is EstadoFactura(estado)


@pytest.mark.parametrize("name", OTHER)
@pytest.mark.parametrize("estado", ["PENDIENTE", "PAGADA"])
def test_an_alta_with_other_content_is_refused_and_changes_nothing(any_world, name, estado):
    any_world.register()
    _move(any_world, estado)
    before = any_world.factura(clave())
    refused = any_world.register(**{name: OTHER[name]})
    assert refused == Registro(ending=Ending(Resultado.FACTURA_EXISTENTE), estado=EstadoFactura(estado))
    assert any_world.factura(clave()) == before


def test_the_state_is_no_part_of_what_a_factura_says():
    assert contenido(a_factura(estado=EstadoFactura.PAGADA)) == contenido(a_factura())
    for name, value in OTHER.items():
        assert contenido(a_factura(**{name: value})) != contenido(a_factura())


def test_a_factura_that_breaks_a_rule_is_not_written(world):
    assert _refused(lambda: world.register(moneda="USD")) == Ending(Resultado.MONEDA_NO_ADMITIDA, campo="Moneda")
    assert world.factura(clave()) is None


@pytest.mark.parametrize("work", ["register", "change", "withdraw", "show"])
def test_an_empresa_needs_the_service(world, work):
    works = {
        "register": world.register,
        "change": lambda: world.facturas.change(clave(), Cambios()),
        "withdraw": lambda: world.facturas.withdraw(clave(), MotivoBaja.OTRO),
        "show": lambda: world.facturas.show(clave()),
    }
    world.configure(servicios=frozenset({Servicio.AVISO, Servicio.CONSULTA}))
    assert _refused(works[work]) == Ending(Resultado.SERVICIO_NO_HABILITADO)
    world.configure(activa=False)
    assert _refused(works[work]).resultado is Resultado.EMPRESA_INEXISTENTE


def test_a_factura_that_moves_to_a_new_cliente_leaves_the_old_one(any_world):
    any_world.register("F1", "C1")
    any_world.register("F2", "C1")
    any_world.register("F1", "C2", referencia_anterior="C1")
    assert any_world.estado(clave("F1", "C1")) is EstadoFactura.REEMPLAZADA
    assert any_world.estado(clave("F2", "C1")) is EstadoFactura.PENDIENTE
    assert any_world.estado(clave("F1", "C2")) is EstadoFactura.PENDIENTE


def test_a_factura_paid_under_its_old_cliente_is_not_collected_again_under_the_new(any_world):
    any_world.register("F1", "C1")
    any_world.pay("T1")
    told = any_world.register("F1", "C2", referencia_anterior="C1")
    assert (told.ending, told.estado) == (Ending(Resultado.FACTURA_PAGADA), EstadoFactura.PAGADA)
    assert any_world.estado(clave("F1", "C1")) is EstadoFactura.PAGADA
    assert any_world.factura(clave("F1", "C2")) is None


def test_a_factura_that_names_its_own_cliente_as_the_old_one_stays(any_world):
    any_world.register("F1", "C1", referencia_anterior="C1")
    assert any_world.estado(clave()) is EstadoFactura.PENDIENTE


def test_a_change_is_shown_and_paid_as_changed(any_world):
    any_world.register()
    changed = any_world.facturas.change(clave(), Cambios(vencimientos=vencimientos(777), mensaje_ticket="nuevo"))
    assert changed == Registro(ending=Ending(), estado=EstadoFactura.PENDIENTE)
    assert any_world.factura(clave()) == a_factura(vencimientos=vencimientos(777), mensaje_ticket="nuevo")
    assert any_world.pay(importe_centavos=777).estado == "APLICADO"


def test_the_same_change_again_changes_nothing(any_world):
    any_world.register()
    cambios = Cambios(mensaje_ticket="nuevo")
    any_world.facturas.change(clave(), cambios)
    assert any_world.facturas.change(clave(), cambios).ending == DUPLICADO


def test_after_a_change_the_old_alta_is_other_content_and_the_new_one_a_repeat(any_world):
    any_world.register()
    any_world.facturas.change(clave(), Cambios(mensaje_ticket="nuevo"))
    assert any_world.register().ending == Ending(Resultado.FACTURA_EXISTENTE)
    assert any_world.register(mensaje_ticket="nuevo").ending == DUPLICADO


@pytest.mark.parametrize("estado", ["PAGADA", "BAJA", "REEMPLAZADA"])
def test_what_is_not_pending_is_not_changed(any_world, estado):
    any_world.register()
    _move(any_world, estado)
    refused = any_world.facturas.change(clave(), Cambios(mensaje_ticket="nuevo"))
    assert refused == Registro(ending=Ending(Resultado.FACTURA_NO_MODIFICABLE), estado=EstadoFactura(estado))
    assert any_world.factura(clave()).mensaje_ticket == a_factura().mensaje_ticket


def test_a_change_that_breaks_a_rule_changes_nothing(world):
    world.register()
    refused = world.facturas.change(clave(), Cambios(moneda="USD"))
    assert refused.ending == Ending(Resultado.MONEDA_NO_ADMITIDA, campo="Moneda")
    assert refused.estado is EstadoFactura.PENDIENTE
    assert world.factura(clave()) == a_factura()


def test_a_range_comes_and_goes_with_its_limits(world):
    world.register()
    limits = {"importe_minimo_centavos": 1, "importe_maximo_centavos": 200000}
    world.facturas.change(clave(), Cambios(tipo_importe=TipoImporte.RANGO, **limits))
    assert world.factura(clave()) == a_factura(tipo_importe=TipoImporte.RANGO, **limits)
    world.facturas.change(clave(), Cambios(tipo_importe=TipoImporte.CERRADO))
    assert world.factura(clave()) == a_factura()


def test_a_withdrawn_factura_is_not_payable_and_to_withdraw_it_again_changes_nothing(any_world):
    any_world.register()
    done = [any_world.facturas.withdraw(clave(), motivo) for motivo in (MotivoBaja.ANULADA, MotivoBaja.OTRO)]
    assert done == [Registro(ending=ending, estado=EstadoFactura.BAJA) for ending in (Ending(), DUPLICADO)]
    assert any_world.ask(id_cliente="C1").ending == Ending(Resultado.SIN_DEUDA)


def test_a_paid_factura_is_not_withdrawn(any_world):
    any_world.register()
    any_world.pay()
    refused = any_world.facturas.withdraw(clave(), MotivoBaja.PAGADA_OTRO_CANAL)
    assert refused == Registro(ending=Ending(Resultado.FACTURA_PAGADA), estado=EstadoFactura.PAGADA)
    assert any_world.money(clave()) == ["APLICADO"]


def test_a_factura_can_be_withdrawn_after_its_pago_was_reversed(any_world):
    any_world.register()
    any_world.pay("T1")
    any_world.reverse(id_transaccion_original="T1")
    assert any_world.facturas.withdraw(clave(), MotivoBaja.ANULADA).estado is EstadoFactura.BAJA


def test_a_factura_is_shown_with_all_its_pagos(any_world):
    any_world.register()
    first, second = any_world.pay("T1"), any_world.pay("T2")
    ficha = any_world.facturas.show(clave())
    assert ficha.factura == a_factura(estado=EstadoFactura.PAGADA)
    assert [(kept.id_aviso, pago.estado) for kept, pago in ficha.pagos] == [
        (first.id_aviso, "APLICADO"),
        (second.id_aviso, "EN_PUENTE"),
    ]


def test_an_unknown_factura_is_told_so(world):
    for work in (
        lambda: world.facturas.show(clave()),
        lambda: world.facturas.change(clave(), Cambios(mensaje_ticket="x")),
        lambda: world.facturas.withdraw(clave(), MotivoBaja.OTRO),
    ):
        assert _refused(work) == Ending(Resultado.FACTURA_INEXISTENTE)


def _move(world, estado):
    match estado:
        case "PAGADA":
            world.pay()
        case "BAJA":
            world.facturas.withdraw(clave(), MotivoBaja.ANULADA)
        case "REEMPLAZADA":
            moved = replace(a_factura("F1", "C9"), referencia_anterior="C1")
            world.facturas.register(moved)
