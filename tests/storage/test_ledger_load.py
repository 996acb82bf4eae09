"""A batch becomes the base, over the fake, SQLite and PostgreSQL alike."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes.examples import NOW, a_factura, a_pago, clave, kept, vencimientos

from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.domain.consulta import Busqueda
from pmc_soap.domain.factura import EstadoFactura
from pmc_soap.operations.factura import contenido
from pmc_soap.operations.ports import Loaded

NOT_PENDIENTE = [EstadoFactura.PAGADA, EstadoFactura.BAJA, EstadoFactura.REEMPLAZADA]


@pytest.fixture
def load(ledger):
    def load(*facturas, at_utc=NOW):
        batch = [(factura, contenido(factura)) for factura in facturas]
        return ledger.write("AGUA", None, lambda tx: tx.load(batch, "carga-1", at_utc))

    return load


def test_new_facturas_and_their_clientes_are_added(load, read):
    facturas = [
        a_factura(f"F{n}", f"C{n % 3}", nombre_cliente=f"Ana {n % 3}", codigo_barras=f"779{n}") for n in range(9)
    ]
    assert Loaded(nuevas=9) == load(*facturas)
    assert facturas == [read(lambda r, f=factura: r.factura(f.clave)) for factura in facturas]
    assert read(lambda r: r.knows_cliente("AGUA", "C2"))


def test_a_pending_factura_with_other_content_is_replaced(load, read, write):
    load(a_factura("F1"), a_factura("F2"))
    changed = a_factura("F1", vencimientos=vencimientos(1, 2, 3), nombre_cliente="Eva")
    assert Loaded(cambiadas=1, iguales=1) == load(changed, a_factura("F2"), at_utc=NOW + timedelta(days=1))
    assert changed == read(lambda r: r.factura(clave("F1")))
    assert contenido(changed) == write(lambda tx: tx.written(clave("F1")).contenido)


def test_the_same_batch_again_changes_nothing(load):
    facturas = [a_factura(f"F{n}") for n in range(5)]
    load(*facturas)
    assert Loaded(iguales=5) == load(*facturas)


@pytest.mark.parametrize("estado", NOT_PENDIENTE)
def test_a_factura_that_is_not_pending_stays_as_it_is(load, read, write, estado):
    load(a_factura())
    write(lambda tx: tx.move_factura(clave(), EstadoFactura.PENDIENTE, estado))
    assert Loaded(intocables=1) == load(a_factura(vencimientos=vencimientos(1)))
    assert replace(a_factura(), estado=estado) == read(lambda r: r.factura(clave()))


def test_a_factura_that_moves_to_a_new_id_de_cliente_retires_the_old(load, read):
    load(a_factura("F1", "old"), a_factura("F2", "old"))
    load(a_factura("F1", "new", referencia_anterior="old"))
    assert read(lambda r: r.factura(clave("F1", "old"))).estado is EstadoFactura.REEMPLAZADA
    assert read(lambda r: r.factura(clave("F2", "old"))).estado is EstadoFactura.PENDIENTE
    assert read(lambda r: r.factura(clave("F1", "new"))).estado is EstadoFactura.PENDIENTE


def test_a_paid_factura_under_the_old_id_stays_paid(load, read, write):
    load(a_factura("F1", "old"))
    write(lambda tx: tx.move_factura(clave("F1", "old"), EstadoFactura.PENDIENTE, EstadoFactura.PAGADA))
    load(a_factura("F1", "new", referencia_anterior="old"))
    assert read(lambda r: r.factura(clave("F1", "old"))).estado is EstadoFactura.PAGADA


def test_clientes_renumbered_in_one_batch_keep_their_facturas(load, read):
    load(a_factura("F1", "1"), a_factura("F1", "2"))
    load(a_factura("F1", "2", referencia_anterior="1"), a_factura("F1", "3", referencia_anterior="2"))
    estados = [read(lambda r, n=n: r.factura(clave("F1", n))).estado for n in ("1", "2", "3")]
    assert estados == [EstadoFactura.REEMPLAZADA, EstadoFactura.PENDIENTE, EstadoFactura.PENDIENTE]


def test_a_batch_of_thousands_is_one_transaction(load, read, ledger):
    facturas = [a_factura(f"F{n:04}", f"C{n % 7}") for n in range(2001)]
    assert Loaded(nuevas=2001) == load(*reversed(facturas))
    with pytest.raises(ZeroDivisionError):
        ledger.write("AGUA", None, lambda tx: (tx.load([(a_factura("late"), "h")], "carga-2", NOW), 1 / 0))
    assert read(lambda r: r.factura(clave("late"))) is None
    c6 = Busqueda(codigo_empresa="AGUA", id_cliente="C6")
    assert len(read(lambda r: r.matching(c6, 1000))) == 2001 // 7


def test_an_empty_batch_is_nothing(load):
    assert Loaded() == load()


def test_a_factura_whose_pago_came_first_enters_as_paid(load, read, write):
    guardado = kept(a_pago())
    write(lambda tx: tx.keep(guardado))
    write(lambda tx: tx.add_pago(guardado.id_aviso, clave(), EstadoPago.APLICADO))
    assert load(a_factura(), a_factura("F2")) == Loaded(nuevas=2)
    estados = [read(lambda r, id_factura=f: r.factura(clave(id_factura))).estado for f in ("F1", "F2")]
    assert estados == [EstadoFactura.PAGADA, EstadoFactura.PENDIENTE]


def test_a_debt_paid_under_its_old_id_is_not_collected_under_the_new(load, read, write):
    load(a_factura("F1", "old"))
    write(lambda tx: tx.move_factura(clave("F1", "old"), EstadoFactura.PENDIENTE, EstadoFactura.PAGADA))
    assert load(a_factura("F1", "new", referencia_anterior="old")) == Loaded(intocables=1)
    assert read(lambda r: r.factura(clave("F1", "new"))) is None


def test_a_line_that_is_not_written_retires_nothing(load, read):
    load(a_factura("F1", "A"))
    load(a_factura("F1", "B", referencia_anterior="A"))
    assert load(a_factura("F1", "A", referencia_anterior="B")) == Loaded(intocables=1)
    assert read(lambda r: r.factura(clave("F1", "B"))).estado is EstadoFactura.PENDIENTE


def test_the_same_move_loaded_again_changes_nothing(load, read):
    moved = [a_factura("F1", "new", referencia_anterior="old")]
    load(*moved)
    load(a_factura("F1", "old"))
    assert load(*moved) == Loaded(iguales=1)
    assert read(lambda r: r.factura(clave("F1", "old"))).estado is EstadoFactura.PENDIENTE
