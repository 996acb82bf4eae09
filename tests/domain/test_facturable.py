"""Which consultas PMC may charge: a pago follows each, and each consulta and each aviso is used once (P28)."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.domain.facturable import Cita, ConsultaHecha, Mes, Mostrada, PagoHecho, Vinculo, match
from pmc_soap.domain.resultado import Resultado

PAID = datetime(2026, 3, 10, 15, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def consulta(id_consulta="Q1", ago=HOUR, shown=("F1",), **said):
    made = ConsultaHecha(
        codigo_empresa="AGUA",
        id_consulta=id_consulta,
        fecha_hora_utc=PAID - ago,
        resultado=Resultado.EXITOSA if shown else Resultado.SIN_DEUDA,
        id_cliente="C1",
        mostradas=tuple(Mostrada(id_cliente="C1", id_factura=id_factura, importe_centavos=100) for id_factura in shown),
    )
    return replace(made, **said)


def pago(secuencia=1, **said):
    paid = PagoHecho(
        secuencia=secuencia,
        id_aviso=f"A{secuencia}",
        id_cliente="C1",
        id_factura="F1",
        momento_utc=PAID,
        importe_centavos=100,
        moneda="ARS",
        estado=EstadoPago.APLICADO,
    )
    return replace(paid, **said)


def matched(consultas, *pagos):
    return [
        (cruce.vinculo.value, cruce.consulta and cruce.consulta.id_consulta, cruce.cita.value)
        for cruce in match(consultas, pagos)
    ]


def test_a_quoted_consulta_is_charged_however_long_ago_it_was_made():
    consultas = [consulta("Q1", ago=40 * 24 * HOUR), consulta("Q2")]
    assert matched(consultas, pago(id_consulta="Q1")) == [("CITADA", "Q1", "HALLADA")]


def test_without_a_quote_it_is_the_last_consulta_of_the_24_hours_that_showed_the_factura():
    consultas = [consulta("Q1", ago=3 * HOUR), consulta("Q2", ago=2 * HOUR), consulta("Q3", ago=HOUR, shown=("F2",))]
    assert matched(consultas, pago()) == [("ULTIMA_24_H", "Q2", "NINGUNA")]


@pytest.mark.parametrize(
    ("ago", "charged"),
    [
        (24 * HOUR, True),
        (24 * HOUR + MINUTE, False),
        (-5 * MINUTE, True),
        (-6 * MINUTE, False),
    ],
)
def test_the_window_is_of_24_hours_and_forgives_5_minutes_between_the_clocks(ago, charged):
    assert (matched([consulta(ago=ago)], pago())[0][0] == "ULTIMA_24_H") is charged


def test_each_consulta_is_used_once_so_a_second_pago_takes_an_earlier_one_or_none():
    consultas = [consulta("Q1", ago=2 * HOUR), consulta("Q2")]
    assert [row[1] for row in matched(consultas, pago(1), pago(2), pago(3))] == ["Q2", "Q1", None]


def test_a_consulta_that_is_quoted_is_not_taken_by_an_earlier_pago_that_quotes_nothing():
    consultas = [consulta("Q1", ago=2 * HOUR), consulta("Q2")]
    assert [row[1] for row in matched(consultas, pago(1), pago(2, id_consulta="Q2"))] == ["Q1", "Q2"]


def test_two_pagos_that_quote_one_consulta_make_one_charge_and_the_second_takes_no_other():
    consultas = [consulta("Q1", ago=2 * HOUR, shown=("F1", "F2")), consulta("Q2", shown=("F1", "F2"))]
    told = matched(consultas, pago(1, id_consulta="Q2"), pago(2, id_factura="F2", id_consulta="Q2"))
    assert told == [("CITADA", "Q2", "HALLADA"), ("CITADA_YA_USADA", None, "HALLADA")]


def test_an_unknown_quote_is_told_and_the_last_consulta_is_charged():
    assert matched([consulta()], pago(id_consulta="lost")) == [("ULTIMA_24_H", "Q1", "DESCONOCIDA")]
    assert matched([], pago(id_consulta="lost")) == [("SIN_CONSULTA", None, "DESCONOCIDA")]


def test_where_the_only_consulta_was_used_by_another_pago_the_reason_is_not_that_there_was_none():
    told = [row[:2] for row in matched([consulta("Q1")], pago(1), pago(2), pago(3, id_cliente="C2"))]
    assert told == [("ULTIMA_24_H", "Q1"), ("YA_USADA", None), ("SIN_CONSULTA", None)]


def test_a_consulta_that_only_the_clocks_tolerance_gives_to_a_pago_is_left_to_the_pago_that_came_after_it():
    consultas = [consulta("Q1", ago=-3 * MINUTE)]
    later = pago(2, momento_utc=PAID + 10 * MINUTE)
    assert [row[:2] for row in matched(consultas, pago(1), later)] == [("YA_USADA", None), ("ULTIMA_24_H", "Q1")]
    assert [row[:2] for row in matched(consultas, pago(1))] == [("ULTIMA_24_H", "Q1")]


def test_a_pago_takes_a_consulta_that_came_before_it_rather_than_one_within_the_tolerance():
    consultas = [consulta("Q1", ago=HOUR), consulta("Q2", ago=-3 * MINUTE)]
    assert [row[1] for row in matched(consultas, pago(1), pago(2))] == ["Q1", "Q2"]


@pytest.mark.parametrize("other", [{"shown": ("F2",)}, {"shown": ()}])
def test_a_quoted_consulta_that_did_not_show_what_was_paid_is_not_charged(other):
    assert matched([consulta("Q1", **other)], pago(id_consulta="Q1")) == [("SIN_CONSULTA", None, "DE_OTRA_FACTURA")]


def test_a_pago_sin_factura_follows_any_consulta_of_its_cliente_that_found_something():
    sin_factura = pago(id_factura=None)
    assert matched([consulta("Q1", shown=("F9",))], sin_factura)[0][1] == "Q1"
    assert matched([consulta("Q1", shown=())], sin_factura)[0][1] is None
    assert matched([consulta("Q1", shown=("F9",))], replace(sin_factura, id_cliente="C2"))[0][1] is None


def test_a_consulta_by_factura_or_barcode_is_of_the_cliente_whose_factura_it_showed():
    assert matched([consulta(id_cliente=None)], pago())[0][1] == "Q1"
    assert matched([consulta(id_cliente=None)], pago(id_factura=None))[0][1] == "Q1"


def test_a_pago_that_stands_goes_before_one_that_was_reversed():
    reversed_first = [pago(1, estado=EstadoPago.REVERSADO, id_consulta="Q1"), pago(2)]
    assert [row[1] for row in matched([consulta()], *reversed_first)] == [None, "Q1"]


def test_a_month_is_argentinas():
    mes = Mes.parse("2026-03")
    assert (mes.since_utc, mes.until_utc) == (
        datetime(2026, 3, 1, 3, tzinfo=UTC),
        datetime(2026, 4, 1, 3, tzinfo=UTC),
    )
    assert (mes.holds(mes.since_utc), mes.holds(mes.until_utc), str(mes)) == (True, False, "2026-03")
    assert str(Mes.parse("2026-12")) == "2026-12"


@pytest.mark.parametrize("text", ["2026-13", "2026-3", "03-2026", "1999-01", "", "2026-03-01", "٢٠٢٦-٠٣"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 — the value is what it says
        Mes.parse(text)


# Few ids and times, so that pagos compete for the same consultas.
TIMES = st.sampled_from([timedelta(hours=h) for h in (0, 1, 2, 23, 24, 25, 48)] + [-4 * MINUTE, -6 * MINUTE])
CLIENTES, FACTURAS = st.sampled_from(["C1", "C1", "C2"]), st.sampled_from(["F1", "F2"])
MOSTRADAS = st.lists(
    st.builds(Mostrada, id_cliente=CLIENTES, id_factura=FACTURAS, importe_centavos=st.just(100)), max_size=2
)
CONSULTAS = st.lists(
    st.builds(
        consulta,
        id_consulta=st.sampled_from([f"Q{n}" for n in range(8)]),
        ago=TIMES,
        id_cliente=CLIENTES | st.none(),
        mostradas=MOSTRADAS.map(tuple),
        resultado=st.sampled_from([Resultado.EXITOSA, Resultado.SIN_DEUDA]),
    ),
    max_size=8,
    unique_by=lambda made: made.id_consulta,
)
PAGOS = st.lists(
    st.builds(
        pago,
        secuencia=st.integers(1, 50),
        id_cliente=CLIENTES,
        id_factura=FACTURAS | st.none(),
        id_consulta=st.sampled_from([None, None, "lost", *(f"Q{n}" for n in range(8))]),
        momento_utc=st.sampled_from([PAID, PAID - HOUR, PAID + HOUR, PAID + 10 * MINUTE]),
        estado=st.sampled_from([EstadoPago.APLICADO, EstadoPago.EN_PUENTE, EstadoPago.REVERSADO]),
    ),
    max_size=8,
    unique_by=lambda paid: paid.secuencia,
)


def fits(made, paid):
    """Tell, by the words of the rule, whether the consulta showed what was paid."""
    if paid.id_factura is None:
        shown = {m.id_cliente for m in made.mostradas} | {made.id_cliente}
        return made.resultado is Resultado.EXITOSA and paid.id_cliente in shown
    return (paid.id_cliente, paid.id_factura) in {(m.id_cliente, m.id_factura) for m in made.mostradas}


def in_time(made, paid):
    """Tell whether the consulta was made in the window of the pago, as the clocks may tell it."""
    return -5 * MINUTE <= paid.momento_utc - made.fecha_hora_utc <= 24 * HOUR


def count_by_hand(consultas, pagos):
    """Count as a person with two lists and a pencil: no index, no search, every consulta looked at for every pago."""
    left, charged = {made.id_consulta: made for made in consultas}, {}
    quotes = {
        paid.secuencia: made
        for paid in pagos
        for made in consultas
        if made.id_consulta == paid.id_consulta and fits(made, paid)
    }
    in_order = sorted(pagos, key=lambda p: (p.estado is EstadoPago.REVERSADO, p.secuencia not in quotes, p.secuencia))
    for after in (timedelta(), 5 * MINUTE):  # first what came before each pago, then what the clocks forgive
        for paid in (p for p in in_order if p.secuencia not in charged):
            if (quoted := quotes.get(paid.secuencia)) is not None:
                near = [quoted] if quoted.id_consulta in left else []
            else:
                near = [
                    made
                    for made in left.values()
                    if fits(made, paid) and -after <= paid.momento_utc - made.fecha_hora_utc <= 24 * HOUR
                ]
            if near:
                last = max(near, key=lambda made: (made.fecha_hora_utc, made.id_consulta))
                charged[paid.secuencia] = left.pop(last.id_consulta).id_consulta
    return charged


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(CONSULTAS, PAGOS, st.randoms(use_true_random=False))
def test_random_histories_are_charged_as_counted_by_hand(consultas, pagos, chance):
    cruces = match(consultas, pagos)
    charged = {cruce.pago.secuencia: cruce.consulta.id_consulta for cruce in cruces if cruce.consulta}
    assert charged == count_by_hand(consultas, pagos)
    assert len(set(charged.values())) == len(charged)
    assert [cruce.pago for cruce in cruces] == sorted(pagos, key=lambda paid: paid.secuencia)
    for cruce in cruces:
        tied = cruce.vinculo in {Vinculo.CITADA, Vinculo.ULTIMA_24_H}
        assert tied is (cruce.consulta is not None)
        assert cruce.consulta is None or fits(cruce.consulta, cruce.pago)
        near = (m for m in consultas if fits(m, cruce.pago) and in_time(m, cruce.pago))
        assert (cruce.vinculo is Vinculo.SIN_CONSULTA) is (
            cruce.consulta is None and cruce.cita is not Cita.HALLADA and not any(near)
        )
        assert (cruce.vinculo in {Vinculo.CITADA, Vinculo.CITADA_YA_USADA}) is (cruce.cita is Cita.HALLADA)
    assert match(shuffled(consultas, chance), shuffled(pagos, chance)) == cruces


def shuffled(things: list[object], chance: random.Random) -> list[object]:
    return chance.sample(things, len(things))
