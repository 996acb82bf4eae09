"""Finance looks at a day in five heaps, deals with what waits for a person, and closes it."""

from datetime import date, timedelta

import pytest
from fakes.examples import NOW, TODAY, clave
from operations.cobros import MANANA, PASADO, Caja, a_cob, a_cobro, una
from operations.world import HABILES

from pmc_soap.domain.acta import Impedido, Impedimento
from pmc_soap.domain.cob import Balde, Suma
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.factura import EstadoFactura
from pmc_soap.operations.cierre import Cierres, Resolucion
from pmc_soap.operations.corrida import Curso, Negativa

BY_ANA = {"operador": "ana", "motivo": "lo aclaró PMC"}


@pytest.fixture
def caja(sql_world):
    sql_world.register()
    sql_world.register("F2")
    return Caja(sql_world)


@pytest.fixture
def agua(sql_world):
    return sql_world.empresas["AGUA"]


@pytest.fixture
def cierres(sql_world):
    world = sql_world
    return Cierres(world.ledger, world.ledger.conciliado, world.empresas, world.clock, world.ids, HABILES)


def waiting(cierres, agua, fecha=MANANA):
    return cierres.day(agua, fecha).para_una_persona


def refused(work, **said):
    with pytest.raises(Impedido) as caught:
        work(**said)
    return caught.value.impedimento


def test_a_day_is_told_in_five_heaps_that_add_up_to_its_total(caja, cierres, agua):
    caja.world.pay("T1")
    caja.world.pay("T2", "F2", importe_centavos=150051)
    caja.world.pay("T3", None, codigo_movimiento=1, importe_centavos=700)
    caja.run(a_cobro(), a_cobro("F2"), a_cobro(None, importe_centavos=500, nro_control="Z9", id_cliente="C2"))
    day = cierres.day(agua, MANANA)
    assert day.baldes == {
        Balde.CONCILIADO: una(),
        Balde.SOLO_EN_COB: una(500),
        Balde.SOLO_EN_AVISO: Suma(),
        Balde.DIFERENCIAS: una(),
        Balde.INVALIDAS: Suma(),
    }
    assert sum((suma for balde, suma in day.baldes.items() if balde is not Balde.SOLO_EN_AVISO), Suma()) == day.total
    assert [linea.desenlace for linea in day.lineas] == [Desenlace.DIF_IMPORTE, Desenlace.SOLO_EN_COB]
    assert day.lineas[0].importe_aviso_centavos == 150051
    paid = cierres.day(agua, TODAY)
    assert (paid.baldes[Balde.SOLO_EN_AVISO], paid.vencidos) == (una(700), frozenset())


def test_a_report_has_the_days_with_files_and_those_with_pagos_without_a_line(caja, cierres, agua):
    assert cierres.report(agua, date(2026, 3, 1), date(2026, 3, 31)) == []
    caja.world.pay("T1")
    caja.run(fecha=MANANA)
    caja.run(a_cobro("F2"), fecha=PASADO)
    found = cierres.report(agua, date(2026, 3, 1), date(2026, 3, 31))
    assert [day.fecha for day in found] == [TODAY, MANANA, PASADO]
    assert [day.fecha for day in cierres.report(agua, PASADO, PASADO)] == [PASADO]


def test_a_pago_is_late_after_two_business_days_and_is_told_of_once(caja, cierres, agua):
    acuse = caja.world.pay("T1")
    caja.run()
    caja.world.clock.now_utc = NOW + timedelta(days=2)  # the twelfth: until its end the money may come
    assert (caja.sweep(), cierres.day(agua, TODAY).vencidos) == (0, frozenset())
    caja.world.clock.now_utc = NOW + timedelta(days=3)
    assert caja.sweep() == 1
    assert caja.sweep() == 0
    assert cierres.day(agua, TODAY).vencidos == {acuse.id_aviso}
    caja.run(a_cobro(), fecha=date(2026, 3, 16))
    assert cierres.day(agua, TODAY).vencidos == frozenset()


def test_avisos_of_before_the_first_file_are_not_asked_for(caja):
    early = NOW - timedelta(days=4)
    caja.world.pay("T1", fecha_hora_pago_utc=early, fecha_hora_mensaje_utc=early)
    caja.run()
    caja.world.clock.now_utc = NOW + timedelta(days=9)
    assert caja.sweep() == 0


def test_a_closed_day_stays_as_it_is(caja, cierres, agua):
    caja.run(a_cobro())
    closed = cierres.close(agua, MANANA, **BY_ANA)
    assert closed.cerrado
    caja.world.pay("T1")
    caja.world.reverse("R1", id_transaccion_original="T1")
    caja.sweep()
    caja.sweep()
    assert caja.ends() == ["SOLO_EN_COB"]
    assert caja.alertas() == ["REVERSADO_PERO_EN_COB"]
    assert caja.run(a_cobro(), a_cobro("F2"), replace=True).negativa is Negativa.DIA_CERRADO
    assert caja.run(a_cobro()).curso is Curso.YA_ESTABA
    cierres.reopen(agua, MANANA, **BY_ANA)
    caja.sweep()
    assert caja.ends() == ["REVERSADO_PERO_EN_COB"]
    actas = [(row["accion"], row["operador"], row["motivo"]) for row in caja.world.rows("auditoria")]
    assert actas == [("CERRAR_DIA", "ana", "lo aclaró PMC"), ("REABRIR_DIA", "ana", "lo aclaró PMC")]


def test_what_cannot_be_closed_or_opened_says_why(caja, cierres, agua):
    assert refused(lambda: cierres.close(agua, MANANA, **BY_ANA)) is Impedimento.DIA_SIN_COB
    assert refused(lambda: cierres.reopen(agua, MANANA, **BY_ANA)) is Impedimento.DIA_ABIERTO
    archivo = a_cob(a_cobro())
    hashes = iter(["one", "another"])
    archivo.sha256 = lambda: next(hashes)
    caja.run(archivo=archivo)
    assert refused(lambda: cierres.close(agua, MANANA, **BY_ANA)) is Impedimento.COB_A_MEDIAS
    caja.run(a_cobro(), replace=True)
    cierres.close(agua, MANANA, **BY_ANA)
    assert refused(lambda: cierres.close(agua, MANANA, **BY_ANA)) is Impedimento.DIA_CERRADO


def test_a_duplicate_that_is_a_payment_becomes_a_pago(caja, cierres, agua):
    caja.run(a_cobro(None), a_cobro(None))
    [linea] = waiting(cierres, agua)
    after = cierres.resolve(linea.id, Resolucion.ES_PAGO, **BY_ANA)
    assert (after.desenlace, after.estado_pago) == (Desenlace.SOLO_EN_COB, "APLICADO")
    assert caja.world.money_of_cliente() == ["APLICADO", "APLICADO"]
    assert waiting(cierres, agua) == []
    assert refused(lambda: cierres.resolve(linea.id, Resolucion.ES_PAGO, **BY_ANA)) is Impedimento.LINEA_NO_ESPERA
    [acta] = caja.world.rows("auditoria")
    assert (acta["accion"], acta["id_aviso"]) == ("RESOLVER_LINEA", after.id_aviso)
    caja.sweep()
    assert caja.ends() == ["SOLO_EN_COB", "SOLO_EN_COB"]


def test_a_reversed_pago_that_came_all_the_same_can_be_taken_for_a_new_one(caja, cierres, agua):
    caja.world.pay("T1")
    caja.world.reverse("R1", id_transaccion_original="T1")
    caja.run(a_cobro())
    [linea] = waiting(cierres, agua)
    cierres.resolve(linea.id, Resolucion.ES_PAGO, **BY_ANA)
    assert caja.world.estado(clave()) is EstadoFactura.PAGADA
    assert caja.world.money(clave()) == ["REVERSADO", "APLICADO"]
    assert caja.ends() == ["SOLO_EN_COB"]


def test_what_was_cleared_up_waits_no_more(caja, cierres, agua):
    caja.world.pay("T1")
    caja.run(a_cobro(importe_centavos=1))
    [linea] = waiting(cierres, agua)
    assert refused(lambda: cierres.resolve(linea.id, Resolucion.ES_PAGO, **BY_ANA)) is Impedimento.LINEA_SIN_PAGO
    assert cierres.resolve(linea.id, Resolucion.DESCARTADA, **BY_ANA).resuelta
    assert waiting(cierres, agua) == []
    caja.sweep()
    assert caja.ends() == ["DIF_IMPORTE"]


def test_what_cannot_be_resolved_says_why(caja, cierres, agua):
    assert refused(lambda: cierres.resolve(99, Resolucion.DESCARTADA, **BY_ANA)) is Impedimento.LINEA_INEXISTENTE
    caja.run(a_cobro(), a_cobro())
    [linea] = waiting(cierres, agua)
    cierres.close(agua, MANANA, **BY_ANA)
    assert refused(lambda: cierres.resolve(linea.id, Resolucion.ES_PAGO, **BY_ANA)) is Impedimento.DIA_CERRADO


def test_a_line_whose_own_pago_was_reversed_is_not_made_a_second_one(caja, cierres, agua):
    caja.run(a_cobro())
    caja.world.reverse("R1", id_factura="F1")
    caja.sweep()
    [linea] = waiting(cierres, agua)
    assert refused(lambda: cierres.resolve(linea.id, Resolucion.ES_PAGO, **BY_ANA)) is Impedimento.LINEA_YA_ES_PAGO
    assert caja.world.money(clave()) == ["REVERSADO"]
