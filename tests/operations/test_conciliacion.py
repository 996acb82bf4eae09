"""A COB meets the pagos: each kind of anomaly, over SQLite and PostgreSQL."""

import pytest
from fakes.examples import clave
from operations.cobros import Caja, a_cobro, una

from pmc_soap.domain.aviso import EstadoAviso
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.factura import EstadoFactura
from pmc_soap.operations.corrida import Curso


@pytest.fixture
def caja(sql_world):
    sql_world.register()
    return Caja(sql_world)


def test_a_line_meets_the_aviso_of_its_payment(caja):
    caja.world.pay(canal="PC", nro_control="A1")
    corrida = caja.run(a_cobro(nro_control="A1"))
    assert (corrida.curso, corrida.cuadro) == (Curso.HECHA, {Desenlace.CONCILIADO: una()})
    assert caja.world.money(clave()) == ["APLICADO"]
    assert caja.sin_linea() == []
    assert caja.alertas() == []


def test_a_line_without_an_aviso_is_imputed_once_and_owed_to_the_empresa(caja):
    assert caja.run(a_cobro()).cuadro == {Desenlace.SOLO_EN_COB: una()}
    assert caja.world.estado(clave()) is EstadoFactura.PAGADA
    assert caja.world.money(clave()) == ["APLICADO"]
    assert len(caja.world.rows("entrega")) == 1
    assert caja.run(a_cobro()).curso is Curso.YA_ESTABA
    assert len(caja.world.rows("entrega")) == 1


def test_a_late_aviso_meets_the_pago_of_the_cob_and_adds_nothing(caja):
    caja.run(a_cobro(nro_control="A1"))
    acuse = caja.world.pay(canal="PC", nro_control="A1")
    assert (acuse.ending.resultado.value, acuse.ending.duplicado, acuse.estado) == (
        "EXITOSA",
        False,
        EstadoAviso.APLICADO,
    )
    again = caja.world.pay(canal="PC", nro_control="A1")
    assert (again.id_aviso, again.ending.duplicado) == (acuse.id_aviso, True)
    assert caja.world.money(clave()) == ["APLICADO"]
    assert len(caja.world.rows("entrega")) == 1
    caja.sweep()
    assert caja.ends() == ["CONCILIADO"]
    caja.check()
