"""The pagos that a page lists are those of the report, some at a time, and come to the same, on both databases."""

from dataclasses import replace

import pytest
from fakes.examples import TODAY

from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.domain.cob import Suma
from pmc_soap.domain.entrega import EstadoEntrega
from pmc_soap.operations.listado import FiltroDePagos
from pmc_soap.operations.operador import Filtro

ALL = FiltroDePagos(codigos=("AGUA",), desde=TODAY, hasta=TODAY)


@pytest.fixture
def paid(sql_world):
    """Give a world with five pagos, of which the last found no factura."""
    for n in range(4):
        sql_world.register(f"F{n}")
        sql_world.pay(f"T{n}", f"F{n}")
    sql_world.pay("T9", "F9")
    return sql_world


def test_a_page_at_a_time_gives_every_pago_once_the_newest_first(paid):
    seen, filtro = [], ALL
    while found := paid.ledger.listado.pagos(filtro, 2):
        seen += [pago for _, pago in found]
        filtro = replace(filtro, before=found[-1][0])
    assert seen == list(paid.ledger.informes.pagos("AGUA", TODAY, TODAY))[::-1]


def test_the_sums_are_those_of_all_of_them(paid):
    told = list(paid.ledger.informes.pagos("AGUA", TODAY, TODAY))
    sumas = paid.ledger.listado.sumas(ALL)
    assert sum(sumas.values(), Suma()) == Suma(cantidad=5, centavos=sum(pago.importe_centavos for pago in told))
    assert sumas[EstadoPago.EN_PUENTE, "ARS"].cantidad == 1


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ({"estado": EstadoPago.EN_PUENTE}, 1),
        ({"id_factura": "F2"}, 1),
        ({"id_cliente": "C1"}, 5),
        ({"id_cliente": "otro"}, 0),
        ({"codigos": ("OTRA",)}, 0),
        ({"desde": TODAY.replace(year=2020), "hasta": TODAY.replace(year=2020)}, 0),
    ],
)
def test_a_filter_admits_on_the_page_what_it_admits_of_the_report(paid, said, count):
    filtro = replace(ALL, **said)
    listed = [pago for _, pago in paid.ledger.listado.pagos(filtro, 100)]
    told = [
        pago
        for codigo in filtro.codigos
        for pago in paid.ledger.informes.pagos(codigo, filtro.desde, filtro.hasta)
        if filtro.admits(pago)
    ]
    assert len(listed) == count
    assert listed == told[::-1]


def test_what_waits_behind_another_of_its_cliente_names_it(paid):
    mostrador = paid.ledger.mostrador
    waiting = [entrega for entrega, _ in mostrador.entregas(Filtro(codigo_empresa="AGUA", destino="pull"))]
    first, *others = waiting
    delante = mostrador.delante(waiting)
    assert first.id not in delante
    assert [delante[each.id].id_aviso for each in others] == [first.id_aviso] * len(others)
    assert {each.estado for each in delante.values()} == {EstadoEntrega.PENDIENTE}
    assert mostrador.delante([]) == {}
    after = mostrador.entregas(Filtro(codigo_empresa="AGUA", destino="pull", after=first.id))
    assert [entrega for entrega, _ in after] == others
