"""A factura: what is due on which day, what settles it, and the rules it must keep."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes.examples import TODAY, a_factura, vencimientos

from pmc_soap.domain.factura import Exigible, TipoImporte, Vencimiento, validate
from pmc_soap.domain.importe import MAX_CENTAVOS
from pmc_soap.domain.resultado import Ending, Rejected, Resultado

THREE = a_factura(vencimientos=vencimientos(100, 200, 300))
RANGO = {"tipo_importe": TipoImporte.RANGO, "importe_minimo_centavos": 50, "importe_maximo_centavos": 200}


def _day(days):
    return TODAY + timedelta(days=days)


def _vencimiento(days, importe_centavos):
    return Vencimiento(fecha=_day(days), importe_centavos=importe_centavos)


@pytest.mark.parametrize(
    ("days", "due"),
    [(-1000, (1, 100)), (-1, (1, 100)), (0, (1, 100)), (1, (2, 200)), (10, (2, 200)), (11, (3, 300)), (20, (3, 300))],
)
def test_what_is_due_is_that_of_the_first_vencimiento_not_passed(days, due):
    assert THREE.due_on(_day(days)) == Exigible(numero=due[0], importe_centavos=due[1])


@pytest.mark.parametrize("days", [21, 22, 1000])
def test_nothing_is_due_after_the_last_vencimiento(days):
    assert THREE.ultimo_vencimiento == _day(20)
    assert THREE.due_on(_day(days)) is None
    for tipo_importe in TipoImporte:
        assert not replace(THREE, tipo_importe=tipo_importe, importe_maximo_centavos=999).accepts(300, _day(days))


def test_of_vencimientos_on_one_day_the_first_counts():
    factura = a_factura(vencimientos=(_vencimiento(0, 100), _vencimiento(0, 200)))
    assert factura.due_on(TODAY) == Exigible(numero=1, importe_centavos=100)


@pytest.mark.parametrize(("importe", "days", "accepted"), [(100, 0, True), (200, 1, True), (100, 1, False)])
def test_a_closed_importe_is_that_of_the_day(importe, days, accepted):
    assert THREE.accepts(importe, _day(days)) is accepted


@pytest.mark.parametrize("importe", [99, 101, 0, -100])
def test_a_closed_importe_is_exact(importe):
    assert not THREE.accepts(importe, TODAY)


@pytest.mark.parametrize(("importe", "accepted"), [(-1, False), (0, False), (1, True), (MAX_CENTAVOS, True)])
def test_an_open_importe_is_any_but_nothing(importe, accepted):
    assert replace(THREE, tipo_importe=TipoImporte.ABIERTO).accepts(importe, TODAY) is accepted


@pytest.mark.parametrize(("importe", "accepted"), [(49, False), (50, True), (200, True), (201, False), (0, False)])
def test_a_ranged_importe_lies_within_its_limits(importe, accepted):
    assert replace(THREE, **RANGO).accepts(importe, TODAY) is accepted


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"vencimientos": vencimientos(1)},
        {"vencimientos": vencimientos(100, 100, 100)},
        {"vencimientos": (_vencimiento(0, 1), _vencimiento(0, 1))},
        {"vencimientos": vencimientos(MAX_CENTAVOS)},
        {"vencimientos": vencimientos(0), "tipo_importe": TipoImporte.ABIERTO},
        {"vencimientos": vencimientos(0), **RANGO},
        {"vencimientos": vencimientos(50, 200), **RANGO},
        {"vencimientos": vencimientos(60), **RANGO, "importe_minimo_centavos": 60, "importe_maximo_centavos": 60},
        {"mensaje_pantalla": "x" * 15, "mensaje_ticket": "x" * 40, "nombre_cliente": "x" * 40},
        {"mensaje_pantalla": "", "mensaje_ticket": ""},
        {"cuit_cliente": "20-05536168-2"},
        {"cuit_cliente": "20055361682"},
    ],
)
def test_a_factura_that_keeps_the_rules_is_given_back_as_it_is(said):
    assert validate(a_factura(**said)) == a_factura(**said)


@pytest.mark.parametrize(
    ("said", "resultado", "campo"),
    [
        ({"moneda": "USD"}, Resultado.MONEDA_NO_ADMITIDA, "Moneda"),
        ({"vencimientos": ()}, Resultado.VENCIMIENTOS_INVALIDOS, "Vencimientos"),
        ({"vencimientos": vencimientos(1, 2, 3, 4)}, Resultado.VENCIMIENTOS_INVALIDOS, "Vencimientos"),
        ({"vencimientos": vencimientos(0)}, Resultado.VENCIMIENTOS_INVALIDOS, "Importe"),
        ({"vencimientos": vencimientos(-1)}, Resultado.VENCIMIENTOS_INVALIDOS, "Importe"),
        ({"vencimientos": vencimientos(MAX_CENTAVOS + 1)}, Resultado.VENCIMIENTOS_INVALIDOS, "Importe"),
        ({"vencimientos": vencimientos(2, 1)}, Resultado.VENCIMIENTOS_INVALIDOS, "Importe"),
        ({"vencimientos": vencimientos(1, 3, 2)}, Resultado.VENCIMIENTOS_INVALIDOS, "Importe"),
        (
            {"vencimientos": (_vencimiento(1, 1), _vencimiento(0, 2))},
            Resultado.VENCIMIENTOS_INVALIDOS,
            "Fecha",
        ),
        (
            {"vencimientos": vencimientos(-1), "tipo_importe": TipoImporte.ABIERTO},
            Resultado.VENCIMIENTOS_INVALIDOS,
            "Importe",
        ),
        ({"importe_minimo_centavos": 1}, Resultado.DATO_INVALIDO, "TipoImporte"),
        (
            {"importe_maximo_centavos": 1, "tipo_importe": TipoImporte.ABIERTO},
            Resultado.DATO_INVALIDO,
            "TipoImporte",
        ),
        ({**RANGO, "importe_minimo_centavos": None}, Resultado.DATO_INVALIDO, "ImporteMinimo"),
        ({**RANGO, "importe_maximo_centavos": None}, Resultado.DATO_INVALIDO, "ImporteMaximo"),
        (
            {"vencimientos": vencimientos(60), **RANGO, "importe_minimo_centavos": 0},
            Resultado.IMPORTE_FUERA_DE_RANGO,
            "ImporteMinimo",
        ),
        (
            {"vencimientos": vencimientos(60), **RANGO, "importe_minimo_centavos": 201},
            Resultado.IMPORTE_FUERA_DE_RANGO,
            "ImporteMinimo",
        ),
        ({"vencimientos": vencimientos(49), **RANGO}, Resultado.IMPORTE_FUERA_DE_RANGO, "ImporteMinimo"),
        ({"vencimientos": vencimientos(60, 201), **RANGO}, Resultado.IMPORTE_FUERA_DE_RANGO, "ImporteMinimo"),
        ({"mensaje_pantalla": "x" * 16}, Resultado.DATO_INVALIDO, "MensajePantalla"),
        ({"mensaje_ticket": "x" * 41}, Resultado.DATO_INVALIDO, "MensajeTicket"),
        ({"nombre_cliente": "x" * 41}, Resultado.DATO_INVALIDO, "NombreCliente"),
        ({"cuit_cliente": "20-05536168-3"}, Resultado.DATO_INVALIDO, "CuitCliente"),
        ({"cuit_cliente": ""}, Resultado.DATO_INVALIDO, "CuitCliente"),
        ({"cuit_cliente": "hola"}, Resultado.DATO_INVALIDO, "CuitCliente"),
    ],
)
def test_a_factura_that_breaks_a_rule_is_refused_with_the_rule_and_the_field(said, resultado, campo):
    with pytest.raises(Rejected) as refused:
        validate(a_factura(**said))
    assert refused.value.ending == Ending(resultado, campo=campo)
