"""ConsultaDeuda: what can be paid now is shown, in order, and written down; else it is said why there is nothing."""

from datetime import timedelta

import pytest
from fakes.examples import NOW, TODAY, a_factura, clave, vencimientos

from pmc_soap.domain.consulta import FACTURAS_MAX, Origen
from pmc_soap.domain.empresa import Servicio
from pmc_soap.domain.factura import EstadoFactura, Exigible, MotivoBaja, TipoImporte
from pmc_soap.domain.resultado import Ending, Resultado


def _shown(respuesta):
    return [oferta.factura.clave.id_factura for oferta in respuesta.ofertas]


def _due(days, importe_centavos=100):
    return {"vencimientos": vencimientos(importe_centavos, first=TODAY + timedelta(days=days))}


def test_what_is_due_today_is_shown_with_its_vencimiento(any_world):
    any_world.register(vencimientos=vencimientos(100, 200, 300, first=TODAY - timedelta(days=1)), nombre_cliente="Ana")
    respuesta = any_world.ask(id_cliente="C1")
    assert (respuesta.ending, respuesta.origen, respuesta.nombre_cliente) == (Ending(), Origen.BASE, "Ana")
    (oferta,) = respuesta.ofertas
    assert oferta.exigible == Exigible(numero=2, importe_centavos=200)
    assert (oferta.factura.clave, oferta.debe_pagar_anteriores) == (clave(), False)


def test_facturas_come_oldest_due_date_first_and_then_as_reported(any_world):
    for id_factura, days in (("F1", 9), ("F2", 3), ("F3", 9), ("F4", 0)):
        any_world.register(id_factura, **_due(days))
    assert _shown(any_world.ask(id_cliente="C1")) == ["F4", "F2", "F1", "F3"]


@pytest.mark.parametrize(
    ("maximo", "shown", "hay_mas"), [(1, 1, True), (3, 3, True), (4, 4, False), (5, 4, False), (50, 4, False)]
)
def test_no_more_is_shown_than_was_asked_for_and_it_is_said_that_there_is_more(any_world, maximo, shown, hay_mas):
    for n in range(4):
        any_world.register(f"F{n}")
    respuesta = any_world.ask(maximo, id_cliente="C1")
    assert (len(respuesta.ofertas), respuesta.hay_mas) == (shown, hay_mas)


def test_never_more_than_fifty_are_shown(world):
    for n in range(FACTURAS_MAX + 1):
        world.register(f"F{n}")
    respuesta = world.ask(1000, id_cliente="C1")
    assert (len(respuesta.ofertas), respuesta.hay_mas) == (FACTURAS_MAX, True)


def test_a_factura_is_found_by_its_id_by_its_barcode_and_by_any_of_them_together(any_world):
    any_world.register("F1", codigo_barras="123")
    any_world.register("F2", codigo_barras="456")
    any_world.register("F1", "C2", codigo_barras="789")
    for busqueda in (
        {"codigo_barras": "123"},
        {"id_cliente": "C1", "id_factura": "F1"},
        {"id_factura": "F1", "codigo_barras": "123"},
        {"id_cliente": "C1", "id_factura": "F1", "codigo_barras": "123"},
    ):
        assert [oferta.factura.clave for oferta in any_world.ask(**busqueda).ofertas] == [clave("F1")]
    by_factura = any_world.ask(id_factura="F1").ofertas
    assert [oferta.factura.clave.id_cliente for oferta in by_factura] == ["C1", "C2"]


def test_no_other_empresas_factura_is_shown(any_world):
    any_world.configure("LUZZ")
    any_world.register("F1", codigo_empresa="LUZZ", codigo_barras="123")
    for busqueda in ({"id_cliente": "C1"}, {"id_factura": "F1"}, {"codigo_barras": "123"}):
        assert any_world.ask(**busqueda).ofertas == ()


def _prepare_states(world):
    world.register("PAGADA", "C1")
    world.pay("T1", "PAGADA")
    world.register("BAJA", "C2")
    world.facturas.withdraw(clave("BAJA", "C2"), MotivoBaja.ANULADA)
    world.register("MUDADA", "C3")
    world.register("MUDADA", "C4", referencia_anterior="C3")
    world.register("VENCIDA", "C5", **_due(-1))


@pytest.mark.parametrize(
    ("busqueda", "resultado"),
    [
        ({"id_cliente": "C1"}, Resultado.SIN_DEUDA),
        ({"id_cliente": "C2"}, Resultado.SIN_DEUDA),
        ({"id_cliente": "C3"}, Resultado.SIN_DEUDA),
        ({"id_cliente": "C5"}, Resultado.FACTURA_VENCIDA),
        ({"id_cliente": "C9"}, Resultado.CLIENTE_INEXISTENTE),
        ({"id_factura": "PAGADA"}, Resultado.FACTURA_PAGADA),
        ({"id_factura": "BAJA"}, Resultado.FACTURA_BAJA),
        ({"id_factura": "VENCIDA"}, Resultado.FACTURA_VENCIDA),
        ({"id_factura": "NADA"}, Resultado.FACTURA_INEXISTENTE),
        ({"codigo_barras": "0"}, Resultado.FACTURA_INEXISTENTE),
        ({"id_cliente": "C3", "id_factura": "MUDADA"}, Resultado.FACTURA_INEXISTENTE),
        ({"id_cliente": "C1", "id_factura": "BAJA"}, Resultado.FACTURA_INEXISTENTE),
        ({"id_cliente": "C9", "id_factura": "BAJA"}, Resultado.CLIENTE_INEXISTENTE),
    ],
)
def test_where_there_is_nothing_to_pay_the_reason_is_told(any_world, busqueda, resultado):
    _prepare_states(any_world)
    respuesta = any_world.ask(**busqueda)
    assert (respuesta.ending, respuesta.ofertas, respuesta.origen) == (Ending(resultado), (), None)


def test_a_question_about_nobody_is_refused_with_the_field(world):
    assert world.ask().ending == Ending(Resultado.DATO_INVALIDO, campo="IdCliente")


def test_an_empresa_that_is_unknown_inactive_or_without_the_service_is_told(world):
    world.register()
    nobody = Ending(Resultado.EMPRESA_INEXISTENTE, campo="CodigoEmpresa")
    assert world.ask(codigo_empresa="NADA", id_cliente="C1").ending == nobody
    world.configure(activa=False)
    assert world.ask(id_cliente="C1").ending == nobody
    world.configure(servicios=frozenset({Servicio.AVISO, Servicio.ALTA}))
    assert world.ask(id_cliente="C1").ending == Ending(Resultado.SERVICIO_NO_HABILITADO)


def test_where_facturas_are_paid_in_order_only_the_oldest_is_free(any_world):
    any_world.configure(pagar_en_orden=True)
    for id_factura, days in (("F2", 5), ("F1", 1), ("F0", -1)):
        any_world.register(id_factura, **_due(days))
    offered = any_world.ask(id_cliente="C1").ofertas
    assert [(o.factura.clave.id_factura, o.debe_pagar_anteriores) for o in offered] == [("F1", False), ("F2", True)]
    assert any_world.ask(id_cliente="C1", id_factura="F2").ending == Ending(Resultado.PAGAR_ANTERIOR)
    assert _shown(any_world.ask(id_factura="F1")) == ["F1"]
    any_world.pay("T1", "F1", importe_centavos=100)
    assert _shown(any_world.ask(id_factura="F2")) == ["F2"]


def test_the_order_of_one_cliente_does_not_bind_another(world):
    world.configure(pagar_en_orden=True)
    world.register("F1", "C1", **_due(9))
    world.register("F1", "C2", **_due(1))
    assert [oferta.debe_pagar_anteriores for oferta in world.ask(id_factura="F1").ofertas] == [False, False]


def test_each_consulta_is_written_down_with_what_it_showed(any_world):
    any_world.register("F1", vencimientos=vencimientos(100))
    any_world.register("F2", vencimientos=vencimientos(200))
    respuesta = any_world.ask(id_cliente="C1")
    assert [(row["id_consulta"], row["resultado"]) for row in any_world.rows("consulta")] == [
        (respuesta.id_consulta, Resultado.EXITOSA)
    ]
    quoted = [(row["id_consulta"], row["orden"], row["importe_centavos"]) for row in any_world.rows("cotizacion")]
    assert quoted == [(respuesta.id_consulta, 1, 100), (respuesta.id_consulta, 2, 200)]


@pytest.mark.parametrize(
    ("codigo_empresa", "busqueda", "resultado"),
    [("AGUA", {}, "DATO_INVALIDO"), ("NADA", {"id_cliente": "C1"}, "EMPRESA_INEXISTENTE")],
)
def test_a_refused_consulta_is_written_down_too(any_world, codigo_empresa, busqueda, resultado):
    any_world.ask(codigo_empresa=codigo_empresa, **busqueda)
    assert [row["resultado"] for row in any_world.rows("consulta")] == [resultado]
    assert any_world.rows("cotizacion") == []


def test_a_consulta_moves_nothing(any_world):
    any_world.register()
    any_world.ask(id_cliente="C1")
    assert any_world.estado(clave()) is EstadoFactura.PENDIENTE
    assert any_world.rows("entrega") == []


def test_a_factura_is_shown_until_midnight_in_argentina(world):
    world.register(**_due(0))
    world.clock.now_utc = NOW.replace(hour=2, minute=59) + timedelta(days=1)
    assert _shown(world.ask(id_cliente="C1")) == ["F1"]
    world.clock.now_utc += timedelta(minutes=1)
    assert world.ask(id_cliente="C1").ending == Ending(Resultado.FACTURA_VENCIDA)


def test_an_open_importe_is_offered_as_it_was_reported(world):
    factura = a_factura(vencimientos=vencimientos(0), tipo_importe=TipoImporte.ABIERTO)
    world.facturas.register(factura)
    (oferta,) = world.ask(id_cliente="C1").ofertas
    assert oferta.exigible.importe_centavos == 0
