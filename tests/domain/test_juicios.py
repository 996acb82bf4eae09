"""The tables by which avisos are judged are whole, and the money they impute is exact, in pesos and due."""

from datetime import timedelta
from itertools import product

import pytest
from fakes.examples import NOW, a_factura, a_pago, a_reversa, vencimientos

from pmc_soap.domain.aviso import EstadoAviso
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import EstadoFactura
from pmc_soap.domain.juicio import JUICIOS, JUICIOS_REVERSA, Cuadre, Situacion, SituacionReversa, judge, judge_reversa
from pmc_soap.domain.resultado import Resultado

CON_BASE = Empresa(codigo_empresa="AGUA", nombre="Aguas")
SIN_BASE = Empresa(codigo_empresa="AGUA", nombre="Aguas", con_base=False)


def test_every_situation_and_comparison_has_its_judgement():
    assert set(JUICIOS) == set(product(Situacion, Cuadre))
    assert set(JUICIOS_REVERSA) == set(SituacionReversa)


def test_every_stored_state_of_a_factura_is_a_situation():
    assert {estado.value for estado in EstadoFactura} <= {situacion.value for situacion in Situacion}


def test_only_exact_pesos_of_what_is_due_are_imputed():
    applied = {key for key, estado in JUICIOS.items() if estado is EstadoAviso.APLICADO}
    due = (Situacion.PENDIENTE, Situacion.SIN_FACTURA, Situacion.SIN_BASE)
    assert applied == {(situacion, Cuadre.EXACTO) for situacion in due}


def test_other_money_is_named_so_wherever_the_factura_is_known():
    for (situacion, cuadre), estado in JUICIOS.items():
        if cuadre is Cuadre.OTRA_MONEDA and situacion is not Situacion.DESCONOCIDA:
            assert estado is EstadoAviso.MONEDA_DISTINTA


def test_what_only_the_ledger_can_tell_is_in_no_table_of_pagos():
    assert not {EstadoAviso.REVERSADA_ANTES, EstadoAviso.CONFLICTO} & set(JUICIOS.values())


def _judge(pago=None, empresa=CON_BASE, factura=None, *, paid=False, knows_cliente=True):
    return judge(pago or a_pago(), empresa, factura, paid=paid, knows_cliente=knows_cliente)


@pytest.mark.parametrize(("importe", "estado"), [(1, "APLICADO"), (0, "IMPORTE_DISTINTO")])
def test_without_a_factura_to_compare_with_any_importe_but_zero_is_taken(importe, estado):
    sin_factura = a_pago(id_factura=None, codigo_movimiento=1, importe_centavos=importe)
    assert _judge(sin_factura) == estado
    assert _judge(a_pago(importe_centavos=importe), SIN_BASE) == estado


def test_a_pago_without_a_factura_that_does_not_say_so_is_unknown():
    assert _judge(a_pago(id_factura=None)) is EstadoAviso.DESCONOCIDA


def test_a_live_pago_counts_whatever_the_base_says_of_the_factura():
    assert {_judge(factura=factura, paid=True) for factura in (None, a_factura())} == {EstadoAviso.YA_PAGADA}


@pytest.mark.parametrize(
    ("pantalla_utc", "estado"), [(timedelta(hours=11, minutes=29), "APLICADO"), (timedelta(hours=12), "VENCIDA")]
)
def test_a_factura_expires_at_midnight_in_argentina(pantalla_utc, estado):
    paid_utc = NOW.replace(hour=15, minute=30) + pantalla_utc
    assert _judge(a_pago(fecha_hora_pago_utc=paid_utc), factura=a_factura(vencimientos=vencimientos(150050))) == estado


def _reverse(reversado=False, original=True, **said):
    pago = a_pago(fecha_hora_pago_utc=NOW) if original else None
    return judge_reversa(a_reversa(**said), pago, reversado=reversado, plazo=timedelta(hours=72))


@pytest.mark.parametrize(
    ("judged", "estado", "resultado"),
    [
        (_reverse(), EstadoAviso.APLICADO, Resultado.EXITOSA),
        (_reverse(original=False), EstadoAviso.DESCONOCIDA, Resultado.PAGO_INEXISTENTE),
        (_reverse(importe_centavos=1), EstadoAviso.IMPORTE_DISTINTO, Resultado.IMPORTE_REVERSA_DISTINTO),
        (_reverse(True, importe_centavos=1), EstadoAviso.IMPORTE_DISTINTO, Resultado.IMPORTE_REVERSA_DISTINTO),
        (_reverse(True), EstadoAviso.REVERSADA_ANTES, Resultado.EXITOSA),
        (
            _reverse(True, fecha_hora_mensaje_utc=NOW + timedelta(days=30)),
            EstadoAviso.REVERSADA_ANTES,
            Resultado.EXITOSA,
        ),
        (_reverse(fecha_hora_mensaje_utc=NOW + timedelta(hours=72)), EstadoAviso.APLICADO, Resultado.EXITOSA),
        (
            _reverse(fecha_hora_mensaje_utc=NOW + timedelta(hours=72, seconds=1)),
            EstadoAviso.VENCIDA,
            Resultado.REVERSA_FUERA_DE_TERMINO,
        ),
    ],
)
def test_a_reversa_is_judged_by_its_importe_then_by_what_came_before_then_by_its_term(judged, estado, resultado):
    assert judged == (estado, resultado)
