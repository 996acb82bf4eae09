"""How lines meet pagos: each pago once, whatever the order, nothing lost; and each rule by an example."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from veces import VECES

from pmc_soap.domain.aviso import PAGO_CON_FACTURA, PAGO_SIN_FACTURA
from pmc_soap.domain.calendario import Calendario
from pmc_soap.domain.cobro import Cobro
from pmc_soap.domain.conciliacion import (
    ANOMALIAS,
    CRITERIOS,
    Desenlace,
    LineaCob,
    PagoConocido,
    Regla,
    clave_of,
    conciliar,
    desenlace_of,
    find_linea,
)

MARTES = date(2026, 3, 10)
HABILES = Calendario(lambda _: ())


def a_cobro(**said):
    told = {
        "id_cliente": "C1",
        "id_factura": "F1",
        "primer_vencimiento": MARTES,
        "fecha_aplicacion": MARTES,
        "fecha_acreditacion": MARTES + timedelta(days=2),
        "importe_centavos": 100,
        "codigo_movimiento": PAGO_CON_FACTURA,
        "canal": "PC",
        "nro_control": "A1",
    }
    return Cobro(**told | said)


def sin_factura(**said):
    return a_cobro(id_factura=None, primer_vencimiento=None, codigo_movimiento=PAGO_SIN_FACTURA, **said)


def a_linea(cobro=None, n=1, **said):
    cobro = cobro or a_cobro(**said)
    return LineaCob(id=n, clave=clave_of("AGUA", cobro.fecha_acreditacion, cobro, n), cobro=cobro)


def a_known(n=1, **said):
    told = {
        "id_aviso": f"A{n}",
        "secuencia": n,
        "id_cliente": "C1",
        "id_factura": "F1",
        "importe_centavos": 100,
        "dia": MARTES,
        "canal": "PC",
        "nro_control": "A1",
    }
    return PagoConocido(**told | said)


def met(linea, *pagos, firmes=(), habiles=HABILES):
    [found] = conciliar([linea], pagos, firmes, habiles)
    return found.desenlace, found.regla, found.pago.id_aviso if found.pago else None


DAYS = st.sampled_from([MARTES + timedelta(days=n) for n in (0, 0, 0, 1, 2, 3, 4, 7, 45)])
SAID = {
    "id_cliente": st.sampled_from(["C1", "C2"]),
    "id_factura": st.sampled_from(["F1", "F2", None]),
    "importe_centavos": st.sampled_from([100, 100, 101]),
    "canal": st.sampled_from(["PC", "HB", None]),
    "nro_control": st.sampled_from(["A1", "B2", None]),
}


@st.composite
def lineas(draw):
    """Lines as one file has them: equal ones count."""
    seen, found = Counter(), []
    for n, said in enumerate(draw(st.lists(st.fixed_dictionaries({**SAID, "fecha_aplicacion": DAYS}), max_size=8))):
        con = said["id_factura"] is not None
        cobro = a_cobro(
            **said,
            primer_vencimiento=MARTES if con else None,
            codigo_movimiento=PAGO_CON_FACTURA if con else PAGO_SIN_FACTURA,
        )
        seen[cobro] += 1
        found.append(LineaCob(id=n, clave=clave_of("AGUA", MARTES, cobro, seen[cobro]), cobro=cobro))
    return found


@st.composite
def pagos(draw):
    said = st.fixed_dictionaries({**SAID, "dia": DAYS, "reversado": st.booleans(), "por_cob": st.booleans()})
    return [a_known(n, **each) for n, each in enumerate(draw(st.lists(said, max_size=8)))]


BOUNDED = settings(max_examples=100 * VECES, deadline=None, derandomize=True, database=None)


@BOUNDED
@given(lineas=lineas(), pagos=pagos(), shuffled=st.randoms())
def test_the_order_of_lines_and_pagos_changes_nothing(lineas, pagos, shuffled):
    others, paid = lineas.copy(), pagos.copy()
    shuffled.shuffle(others)
    shuffled.shuffle(paid)
    assert conciliar(lineas, pagos, [], HABILES) == conciliar(others, paid, [], HABILES)


@BOUNDED
@given(lineas=lineas(), pagos=pagos())
def test_each_line_ends_once_and_each_pago_is_met_once_and_not_a_centavo_is_lost(lineas, pagos):
    found = conciliar(lineas, pagos, [], HABILES)
    assert Counter(each.linea.clave for each in found) == Counter(linea.clave for linea in lineas)
    taken = [each.pago.id_aviso for each in found if each.pago is not None]
    assert len(taken) == len(set(taken))
    by_desenlace = Counter()
    for each in found:
        by_desenlace[each.desenlace] += each.linea.cobro.importe_centavos
    assert sum(by_desenlace.values()) == sum(linea.cobro.importe_centavos for linea in lineas)


@BOUNDED
@given(lineas=lineas(), pagos=pagos())
def test_whatever_is_met_agrees_in_what_its_rule_says(lineas, pagos):
    criterios = {criterio.regla: criterio for criterio in CRITERIOS}
    for each in conciliar(lineas, pagos, [], HABILES):
        if each.pago is None:
            assert each.desenlace in {Desenlace.SOLO_EN_COB, Desenlace.DUPLICADO_EN_COB}
            continue
        criterio = criterios[each.regla]
        for campo in criterio.campos:
            assert getattr(each.linea.cobro, campo) == getattr(each.pago, campo)
        assert criterio.cerca(each.linea.cobro, each.pago, HABILES)
        assert each.desenlace is desenlace_of(each.linea.cobro, each.pago, HABILES)
        assert criterio.reversados or not each.pago.reversado


@BOUNDED
@given(lineas=lineas(), pagos=pagos())
def test_no_line_becomes_a_pago_while_its_own_lies_unmet(lineas, pagos):
    found = conciliar(lineas, pagos, [], HABILES)
    taken = {each.pago.id_aviso for each in found if each.pago is not None}
    left = [pago for pago in pagos if pago.id_aviso not in taken and not pago.reversado]
    for each in found:
        if each.pago is None:
            cobro = each.linea.cobro
            said = (cobro.id_cliente, cobro.id_factura, cobro.importe_centavos, cobro.fecha_aplicacion)
            assert said not in [(p.id_cliente, p.id_factura, p.importe_centavos, p.dia) for p in left]


@BOUNDED
@given(lineas=lineas(), pagos=pagos())
def test_what_was_decided_and_is_asked_again_with_what_it_took_ends_alike(lineas, pagos):
    found = conciliar(lineas, pagos, [], HABILES)
    taken = [each.pago for each in found if each.pago is not None]
    again = conciliar([each.linea for each in found if each.pago is not None], taken, [], HABILES)
    assert Counter(each.desenlace for each in again) == Counter(each.desenlace for each in found if each.pago)


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ({}, {}, (Desenlace.CONCILIADO, Regla.CONTROL)),
        ({"nro_control": None}, {}, (Desenlace.CONCILIADO, Regla.MISMO_DIA)),
        ({"nro_control": "0A1"}, {}, (Desenlace.CONCILIADO, Regla.MISMO_DIA)),
        ({"canal": "HB"}, {}, (Desenlace.CONCILIADO, Regla.MISMO_DIA)),
        ({"nro_control": None}, {"dia": MARTES - timedelta(days=1)}, (Desenlace.CONCILIADO, Regla.DIA_HABIL)),
        ({"nro_control": None}, {"dia": MARTES + timedelta(days=1)}, (Desenlace.CONCILIADO, Regla.DIA_HABIL)),
        ({"nro_control": None}, {"dia": MARTES - timedelta(days=4)}, (Desenlace.DIF_FECHA, Regla.OTRA_FECHA)),
        ({}, {"dia": MARTES - timedelta(days=5)}, (Desenlace.DIF_FECHA, Regla.CONTROL)),
        ({"importe_centavos": 101}, {}, (Desenlace.DIF_IMPORTE, Regla.OTRO_IMPORTE)),
        ({}, {"reversado": True}, (Desenlace.REVERSADO_PERO_EN_COB, Regla.CONTROL)),
        ({"nro_control": "B2"}, {"reversado": True}, (Desenlace.SOLO_EN_COB, None)),
        ({"importe_centavos": 101}, {"reversado": True}, (Desenlace.SOLO_EN_COB, None)),
        ({}, {"por_cob": True}, (Desenlace.SOLO_EN_COB, Regla.CONTROL)),
        ({}, {"dia": MARTES - timedelta(days=31)}, (Desenlace.SOLO_EN_COB, None)),
        ({}, {"dia": MARTES - timedelta(days=30)}, (Desenlace.DIF_FECHA, Regla.CONTROL)),
        ({"id_cliente": "C2"}, {}, (Desenlace.SOLO_EN_COB, None)),
        ({"id_cliente": "0C1"}, {}, (Desenlace.SOLO_EN_COB, None)),
        ({"id_factura": "F2"}, {}, (Desenlace.SOLO_EN_COB, None)),
    ],
)
def test_a_line_and_a_pago_come_to(said, known, expected):
    assert met(a_linea(**said), a_known(**known))[:2] == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(5, Regla.OTRA_FECHA), (7, Regla.OTRA_FECHA), (8, None), (20, None)],
)
def test_two_pagos_sin_factura_that_are_far_apart_are_two(days, expected):
    linea = a_linea(sin_factura(nro_control=None, fecha_aplicacion=MARTES + timedelta(days=days)))
    assert met(linea, a_known(id_factura=None))[1] is expected


def test_a_pago_sin_factura_of_another_importe_and_control_is_another():
    linea = a_linea(sin_factura(importe_centavos=200, nro_control="B2"))
    assert met(linea, a_known(id_factura=None))[0] is Desenlace.SOLO_EN_COB
    assert met(a_linea(sin_factura(importe_centavos=200)), a_known(id_factura=None))[0] is Desenlace.DIF_IMPORTE


def test_a_live_pago_goes_before_one_that_was_reversed():
    linea = a_linea(nro_control=None)
    assert met(linea, a_known(1, reversado=True), a_known(2))[2] == "A2"


def test_a_control_number_goes_before_all_else():
    first, second = a_known(1, nro_control="B2"), a_known(2)
    assert met(a_linea(), first, second)[2] == "A2"


def test_a_line_meets_the_pago_that_was_made_of_it_before_any_other():
    linea = a_linea()
    assert met(linea, a_known(1), a_known(2, linea_cob=linea.clave, por_cob=True))[1:] == (Regla.PROPIO, "A2")


def test_a_line_that_says_what_a_decided_one_said_is_a_duplicate():
    assert met(a_linea(n=2), firmes=[a_cobro()])[0] is Desenlace.DUPLICADO_EN_COB
    assert met(a_linea(n=2, nro_control="B2"), firmes=[a_cobro()])[0] is Desenlace.SOLO_EN_COB


def test_a_holiday_brings_days_together():
    lunes = MARTES + timedelta(days=6)
    linea = a_linea(nro_control=None, fecha_aplicacion=lunes + timedelta(days=1))
    viernes = a_known(dia=MARTES + timedelta(days=3))
    assert met(linea, viernes)[0] is Desenlace.DIF_FECHA
    assert met(linea, viernes, habiles=Calendario(lambda _: (lunes,)))[0] is Desenlace.CONCILIADO


def test_an_aviso_is_told_from_another_of_the_same_factura_by_its_day():
    lineas = [a_linea(nro_control=None)]
    assert find_linea(a_known(nro_control=None), lineas, HABILES) == lineas[0]
    assert find_linea(a_known(nro_control=None, dia=MARTES + timedelta(days=2)), lineas, HABILES) is None
    assert find_linea(a_known(nro_control=None, importe_centavos=101), lineas, HABILES) is None


def test_the_clave_of_a_line_is_the_same_wherever_it_stands_and_never_that_of_another():
    cobro = a_cobro()
    assert clave_of("AGUA", MARTES, cobro, 1) == clave_of("AGUA", MARTES, replace(cobro), 1)
    others = [
        clave_of("LUZZ", MARTES, cobro, 1),
        clave_of("AGUA", MARTES + timedelta(days=1), cobro, 1),
        clave_of("AGUA", MARTES, cobro, 2),
        clave_of("AGUA", MARTES, "a text", 1),
        *(
            clave_of("AGUA", MARTES, replace(cobro, **{name: None}), 1)
            for name in ("id_factura", "canal", "nro_control", "primer_vencimiento")
        ),
        clave_of("AGUA", MARTES, replace(cobro, importe_centavos=101), 1),
    ]
    assert len({clave_of("AGUA", MARTES, cobro, 1), *others}) == len(others) + 1


def test_the_clave_that_is_kept_stays_what_it_was():
    """A change here would take every line of a corrected file for new: each would be imputed once more."""
    assert clave_of("AGUA", MARTES, a_cobro(), 1) == "AGUA:20260310:fb34cdc677a42d4e6577dc00e5aaf3e0:1"


def test_what_needs_a_person_is_never_what_moves_money():
    assert Desenlace.SOLO_EN_COB not in ANOMALIAS
