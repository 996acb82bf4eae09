"""The puente: what waits is applied or given back by a person, once, and written down."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from fakes.examples import TODAY, clave, vencimientos

from pmc_soap.domain.acta import Impedido, Impedimento
from pmc_soap.domain.aviso import EstadoAviso, EstadoPago
from pmc_soap.domain.empresa import PoliticaImporte
from pmc_soap.domain.factura import EstadoFactura, MotivoBaja, TipoImporte
from pmc_soap.domain.resultado import Resultado
from pmc_soap.operations.puente import Imputacion, Puente, Reparo

BY_ANA = {"motivo": "lo pidió el cliente", "operador": "ana"}


@pytest.fixture
def puente(any_world):
    return Puente(any_world.ledger, any_world.empresas, any_world.clock)


def waiting(puente, codigo_empresa=None):
    return [guardado.id_aviso for guardado, _ in puente.list(codigo_empresa, 100)]


def owed(world):
    return [row["id_aviso"] for row in world.rows("entrega")]


def actas(world):
    return [
        (row["operador"], row["accion"], row["motivo"], json.loads(row["antes"]), json.loads(row["despues"]))
        for row in world.rows("auditoria")
    ]


def refused(act):
    with pytest.raises(Impedido) as caught:
        act()
    return caught.value.impedimento


def test_what_waits_is_listed_oldest_first_and_by_empresa(any_world, puente):
    any_world.configure("LUCE")
    first = any_world.pay("T1", "F1")
    other = any_world.pay("T2", "F2", codigo_empresa="LUCE")
    last = any_world.pay("T3", "F3")
    assert waiting(puente) == [first.id_aviso, other.id_aviso, last.id_aviso]
    assert waiting(puente, "AGUA") == [first.id_aviso, last.id_aviso]
    assert len(puente.list(None, 2)) == 2


def test_an_adicional_is_applied_to_another_factura_and_the_empresa_hears_of_it(any_world, puente):
    any_world.register("F1")
    any_world.register("F2")
    any_world.pay("T1", "F1")
    again = any_world.pay("T2", "F1")
    applied = puente.apply(again.id_aviso, Imputacion(id_factura="F2"), **BY_ANA)
    assert (applied.id_cliente, applied.id_factura) == ("C1", "F2")
    assert (applied.importe_centavos, applied.estado_factura) == (150050, EstadoFactura.PAGADA)
    assert (any_world.money(clave("F2")), any_world.estado(clave("F2"))) == (["APLICADO"], EstadoFactura.PAGADA)
    assert again.id_aviso in owed(any_world)
    assert waiting(puente) == []
    assert actas(any_world) == [
        (
            "ana",
            "APLICAR",
            "lo pidió el cliente",
            {"estado": "EN_PUENTE", "id_cliente": "C1", "id_factura": "F1"},
            {"estado": "APLICADO", "id_cliente": "C1", "id_factura": "F2", "estado_factura": "PAGADA"},
        )
    ]


def test_a_pago_of_another_importe_is_applied_to_its_own_factura(any_world, puente):
    any_world.register()
    pago = any_world.pay(importe_centavos=1000)
    assert puente.apply(pago.id_aviso, Imputacion(), **BY_ANA).id_factura == "F1"
    assert any_world.estado(clave()) is EstadoFactura.PAGADA


def test_a_pago_typed_with_a_wrong_cliente_is_applied_to_the_right_one(any_world, puente):
    any_world.register("F1", "C2")
    pago = any_world.pay("T1", "F1")
    puente.apply(pago.id_aviso, Imputacion(id_cliente="C2"), **BY_ANA)
    assert any_world.money(clave("F1", "C2")) == ["APLICADO"]
    assert any_world.estado(clave("F1", "C2")) is EstadoFactura.PAGADA


def test_a_pago_is_applied_on_account(any_world, puente):
    any_world.register("F1")
    any_world.pay("T1")
    again = any_world.pay("T2")
    applied = puente.apply(again.id_aviso, Imputacion(a_cuenta=True), **BY_ANA)
    assert (applied.id_cliente, applied.id_factura, applied.estado_factura) == ("C1", None, None)
    assert any_world.money(clave()) == ["APLICADO"]
    assert again.id_aviso in owed(any_world)


def test_a_factura_that_was_withdrawn_can_be_paid_by_hand_and_stays_withdrawn(any_world, puente):
    any_world.register()
    any_world.facturas.withdraw(clave(), MotivoBaja.ANULADA)
    pago = any_world.pay()
    assert puente.apply(pago.id_aviso, Imputacion(), **BY_ANA).estado_factura is EstadoFactura.BAJA
    assert (any_world.money(clave()), any_world.estado(clave())) == (["APLICADO"], EstadoFactura.BAJA)
    reversa = any_world.reverse(id_transaccion_original="T1")
    assert (reversa.estado, reversa.estado_factura) == (EstadoAviso.APLICADO, EstadoFactura.BAJA)


def test_a_factura_that_is_reported_after_its_pago_was_applied_is_paid_from_the_first(any_world, puente):
    pago = any_world.pay()
    assert puente.apply(pago.id_aviso, Imputacion(), **BY_ANA).estado_factura is None
    assert any_world.register().estado is EstadoFactura.PAGADA


RANGO = {"tipo_importe": TipoImporte.RANGO, "importe_minimo_centavos": 500000, "importe_maximo_centavos": 5000000}
ABIERTO = {"tipo_importe": TipoImporte.ABIERTO}
REPAROS = [
    ({}, 150050, []),
    ({}, 77700, [Reparo.IMPORTE_DISTINTO]),
    ({"vencimientos": vencimientos(150050, 160000, first=TODAY - timedelta(days=1))}, 160000, []),
    (
        {"vencimientos": vencimientos(150050, 160000, first=TODAY - timedelta(days=1))},
        150050,
        [Reparo.IMPORTE_DISTINTO],
    ),
    ({"vencimientos": vencimientos(150050, first=TODAY - timedelta(days=1))}, 150050, []),
    (RANGO | {"vencimientos": vencimientos(0)}, 99900, [Reparo.IMPORTE_DISTINTO]),
    (RANGO | {"vencimientos": vencimientos(0)}, 500000, []),
    (ABIERTO, 99900, []),
]


@pytest.mark.parametrize(("said", "importe_centavos", "expected"), REPAROS)
def test_an_importe_that_was_not_due_is_foreseen_as_odd(any_world, puente, said, importe_centavos, expected):
    pago = any_world.pay("T1", "F9", importe_centavos=importe_centavos)
    any_world.register("F1", **said)
    foreseen = puente.foresee(pago.id_aviso, Imputacion(id_factura="F1"))
    assert (foreseen.id_cliente, foreseen.clave, list(foreseen.reparos)) == ("C1", clave("F1"), expected)
    assert (waiting(puente), owed(any_world), actas(any_world)) == ([pago.id_aviso], [], [])


def test_an_importe_that_the_empresa_admits_is_not_odd(any_world, puente):
    any_world.configure(politica_importe=PoliticaImporte.ADMITE_MAYOR)
    pago = any_world.pay("T1", "F9", importe_centavos=160000)
    any_world.register("F1")
    assert list(puente.foresee(pago.id_aviso, Imputacion(id_factura="F1")).reparos) == []


def test_a_factura_that_was_not_reported_is_foreseen_as_odd_if_the_empresa_reports_its_own(any_world, puente):
    pago = any_world.pay()
    assert list(puente.foresee(pago.id_aviso, Imputacion()).reparos) == [Reparo.FACTURA_NO_INFORMADA]
    assert list(puente.foresee(pago.id_aviso, Imputacion(a_cuenta=True)).reparos) == []
    any_world.configure(con_base=False)
    assert list(puente.foresee(pago.id_aviso, Imputacion()).reparos) == []


def test_a_withdrawn_factura_and_another_moneda_are_foreseen_as_odd(any_world, puente):
    any_world.register()
    any_world.facturas.withdraw(clave(), MotivoBaja.ANULADA)
    pago = any_world.pay("T1", importe_centavos=1000)
    expected = [Reparo.FACTURA_DE_BAJA, Reparo.IMPORTE_DISTINTO]
    assert list(puente.foresee(pago.id_aviso, Imputacion()).reparos) == expected
    dollars = any_world.pay("T2", moneda="USD")
    expected = [Reparo.FACTURA_DE_BAJA, Reparo.MONEDA_DISTINTA]
    assert list(puente.foresee(dollars.id_aviso, Imputacion()).reparos) == expected


@pytest.mark.parametrize(
    ("imputacion", "expected"),
    [
        (Imputacion(), Impedimento.FACTURA_PAGADA),
        (Imputacion(id_factura="F9"), Impedimento.FACTURA_INEXISTENTE),
        (Imputacion(id_factura="F3"), Impedimento.FACTURA_REEMPLAZADA),
    ],
)
def test_what_cannot_be_paid_is_refused_and_nothing_changes(any_world, puente, imputacion, expected):
    any_world.register("F1")
    any_world.register("F3", "C1")
    any_world.register("F3", "C2", referencia_anterior="C1")
    any_world.pay("T1")
    again = any_world.pay("T2")
    assert refused(lambda: puente.foresee(again.id_aviso, imputacion)) is expected
    assert refused(lambda: puente.apply(again.id_aviso, imputacion, **BY_ANA)) is expected
    assert waiting(puente) == [again.id_aviso]
    assert (owed(any_world), actas(any_world)) == ([any_world.acknowledged[0].acuse.id_aviso], [])


def test_what_does_not_wait_is_refused(any_world, puente):
    any_world.register()
    pago = any_world.pay("T1")
    reversa = any_world.reverse(id_transaccion_original="T1")
    for act in (lambda x: puente.apply(x, Imputacion(), **BY_ANA), lambda x: puente.return_(x, **BY_ANA)):
        assert refused(lambda: act(pago.id_aviso)) is Impedimento.NO_ESTA_EN_PUENTE  # noqa: B023 — called at once
        assert refused(lambda: act(reversa.id_aviso)) is Impedimento.NO_ES_PAGO  # noqa: B023
        assert refused(lambda: act("nunca")) is Impedimento.AVISO_INEXISTENTE  # noqa: B023


def test_a_pago_sin_factura_needs_one_or_the_account(any_world, puente):
    pago = any_world.pay("T1", None, codigo_movimiento=1)
    assert pago.estado is EstadoAviso.DESCONOCIDA
    assert refused(lambda: puente.apply(pago.id_aviso, Imputacion(), **BY_ANA)) is Impedimento.SIN_FACTURA
    assert puente.apply(pago.id_aviso, Imputacion(a_cuenta=True), **BY_ANA).id_factura is None


def test_the_money_of_an_empresa_that_does_not_exist_cannot_be_applied(any_world, puente):
    pago = any_world.pay("T1", codigo_empresa="ZZZZ")
    assert pago.ending.resultado is Resultado.EMPRESA_INEXISTENTE
    assert refused(lambda: puente.apply(pago.id_aviso, Imputacion(), **BY_ANA)) is Impedimento.EMPRESA_INEXISTENTE


def test_a_pago_that_was_given_back_is_out_of_the_puente_and_not_told_to_the_empresa(any_world, puente):
    any_world.register()
    any_world.pay("T1")
    again = any_world.pay("T2")
    assert puente.return_(again.id_aviso, **BY_ANA).estado is EstadoPago.DEVUELTO
    assert (waiting(puente), again.id_aviso in owed(any_world)) == ([], False)
    assert actas(any_world)[0][1] == "DEVOLVER"
    assert refused(lambda: puente.apply(again.id_aviso, Imputacion(a_cuenta=True), **BY_ANA)) is (
        Impedimento.NO_ESTA_EN_PUENTE
    )


def test_a_reversa_of_an_applied_pago_frees_the_factura_it_was_applied_to_and_is_owed(any_world, puente):
    any_world.register("F1")
    any_world.register("F2", "C2")
    any_world.pay("T1", "F1")
    again = any_world.pay("T2", "F1")
    puente.apply(again.id_aviso, Imputacion(id_cliente="C2", id_factura="F2"), **BY_ANA)
    reversa = any_world.reverse(id_transaccion_original="T2")
    assert (reversa.estado, reversa.estado_factura) == (EstadoAviso.APLICADO, EstadoFactura.PENDIENTE)
    assert any_world.estado(clave("F2", "C2")) is EstadoFactura.PENDIENTE
    assert any_world.estado(clave("F1")) is EstadoFactura.PAGADA
    assert any_world.money(clave("F2", "C2")) == ["REVERSADO"]
    assert owed(any_world)[-2:] == [again.id_aviso, reversa.id_aviso]


def test_a_reversa_of_a_returned_pago_takes_nothing_back_again(any_world, puente):
    any_world.register()
    any_world.pay("T1")
    again = any_world.pay("T2")
    puente.return_(again.id_aviso, **BY_ANA)
    reversa = any_world.reverse(id_transaccion_original="T2")
    assert (reversa.estado, reversa.ending.resultado) == (EstadoAviso.REVERSADA_ANTES, Resultado.EXITOSA)
    assert reversa.id_aviso not in owed(any_world)


def test_a_factura_that_was_paid_by_hand_cannot_be_paid_again(any_world, puente):
    any_world.register("F1", vencimientos=vencimientos(200000))
    pago = any_world.pay("T1")
    puente.apply(pago.id_aviso, Imputacion(), **BY_ANA)
    any_world.clock.now_utc += timedelta(hours=1)
    assert any_world.pay("T2", importe_centavos=200000).estado is EstadoAviso.YA_PAGADA


def test_of_many_hands_and_payers_at_once_one_pays_the_factura(sql_world):
    for n in range(4):
        sql_world.register("F1", f"C{n}")
        sql_world.pay(f"P{n}", "F1", id_cliente=f"C{n}")
    parked = [sql_world.pay(f"T{n}", "F1", id_cliente=f"C{n % 4}").id_aviso for n in range(8)]
    for n in range(4):
        sql_world.register("F2", f"C{n}")
    puente = Puente(sql_world.ledger, sql_world.empresas, sql_world.clock)

    def by_hand(n):
        to = Imputacion(id_cliente=f"C{(n + 1 + n // 4) % 4}", id_factura="F2")
        with suppress(Impedido):
            puente.apply(parked[n], to, **BY_ANA)

    with ThreadPoolExecutor(12) as threads:
        works = [threads.submit(by_hand, n) for n in range(8)]
        works += [threads.submit(sql_world.pay, f"Z{n}", "F2", id_cliente=f"C{n}") for n in range(4)]
        for work in works:
            work.result()
    for n in range(4):
        assert sql_world.money(clave("F2", f"C{n}")).count("APLICADO") == 1
