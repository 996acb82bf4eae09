"""The story of a pago tells of its COB: that it came by it, that it is in it, that its aviso came late."""

import pytest
from operations.cobros import Caja, a_cobro

from pmc_soap.domain.historia import Hecho
from pmc_soap.operations.seguimiento import Pregunta, Seguimiento


@pytest.fixture
def caja(sql_world):
    sql_world.register()
    return Caja(sql_world)


def story(caja, **asked):
    world = caja.world
    told = Seguimiento(world.ledger.historial, world.empresas).show(Pregunta(codigo_empresa="AGUA", **asked))
    return told, {paso.hecho: paso.detalle for paso in told.pasos}


def test_a_pago_that_was_told_of_is_in_the_cob(caja):
    caja.world.pay("T1")
    caja.run(a_cobro())
    _, pasos = story(caja, id_transaccion="T1")
    assert pasos[Hecho.CONCILIADO] == "Está en el COB: COBAGUA.110326, línea 2, y coincide."


def test_a_pago_that_only_the_cob_told_of_says_so(caja):
    caja.run(a_cobro())
    told, pasos = story(caja, id_cliente="C1", id_factura="F1")
    assert Hecho.AVISO_RECIBIDO not in pasos
    assert pasos[Hecho.INFORMADO_EN_COB] == (
        "El archivo COBAGUA.110326 trajo un pago de $ 1.500,50, hecho el 10/03/2026 por el canal PC, sin aviso."
    )
    assert pasos[Hecho.JUZGADO] == "Se imputó a la factura F1."
    assert pasos[Hecho.CONCILIADO].endswith("de donde se tomó.")
    assert told.estado == "APLICADO"


def test_a_late_aviso_has_the_story_of_the_pago_that_it_tells_of(caja):
    caja.run(a_cobro())
    late = caja.world.pay("T1")
    caja.world.pay("T1")
    told, pasos = story(caja, id_transaccion="T1")
    assert pasos[Hecho.AVISO_TARDIO] == (
        f"Llegó el aviso {late.id_aviso} de este pago, que ya se había tomado del COB: no suma otro."
    )
    assert {Hecho.INFORMADO_EN_COB, Hecho.REPETIDO, Hecho.EN_BANDEJA, Hecho.CONCILIADO} <= set(pasos)
    assert told.estado == "APLICADO"
    assert story(caja, id_aviso=late.id_aviso)[0].pasos == told.pasos


def test_a_line_of_another_importe_tells_its_own(caja):
    caja.world.pay("T1")
    caja.run(a_cobro(importe_centavos=150051))
    _, pasos = story(caja, id_transaccion="T1")
    assert pasos[Hecho.CONCILIADO] == "Está en el COB: COBAGUA.110326, línea 2, por $ 1.500,51."
