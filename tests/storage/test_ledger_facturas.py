"""Facturas and clientes through the port, over the fake, SQLite and PostgreSQL alike."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes.examples import NOW, TODAY, a_factura, clave, vencimientos

from pmc_soap.domain.consulta import Busqueda
from pmc_soap.domain.factura import EstadoFactura, MotivoBaja, TipoImporte
from pmc_soap.domain.importe import MAX_CENTAVOS
from pmc_soap.operations.ports import Collision
from pmc_soap.storage.ledger import DemasiadasColisiones

OF_C1 = Busqueda(codigo_empresa="AGUA", id_cliente="C1")
FULL = a_factura(
    vencimientos=vencimientos(1, 2, MAX_CENTAVOS),
    tipo_importe=TipoImporte.RANGO,
    importe_minimo_centavos=1,
    importe_maximo_centavos=MAX_CENTAVOS,
    codigo_barras="7790001",
    nombre_cliente="Ñandú, Ana",
    cuit_cliente="20123456786",
    referencia_anterior="C0",
)


@pytest.fixture
def add(write):
    def add(*facturas):
        for factura in facturas:
            write(lambda tx, factura=factura: tx.add_factura(factura, "hash", NOW))

    return add


def _ids(facturas):
    return [factura.clave.id_factura for factura in facturas]


@pytest.mark.parametrize("factura", [FULL, a_factura(vencimientos=vencimientos(10, 20)), a_factura()])
def test_a_factura_comes_back_as_it_was_added(add, read, factura):
    add(factura)
    assert factura == read(lambda r: r.factura(factura.clave))


def test_a_factura_that_was_never_added_is_none(read):
    assert read(lambda r: r.factura(clave())) is None
    assert read(lambda r: r.matching(OF_C1, 10)) == []


def test_adding_a_factura_makes_its_cliente_known(add, read):
    assert not read(lambda r: r.knows_cliente("AGUA", "C1"))
    add(a_factura())
    assert read(lambda r: r.knows_cliente("AGUA", "C1"))
    assert not read(lambda r: r.knows_cliente("LUZZ", "C1"))


def test_a_newer_name_of_a_cliente_shows_on_all_its_facturas_and_silence_keeps_it(add, read):
    add(a_factura("F1", nombre_cliente="Ana"), a_factura("F2", nombre_cliente="Ana María"), a_factura("F3"))
    assert {"Ana María"} == {f.nombre_cliente for f in read(lambda r: r.matching(OF_C1, 10))}


def test_a_factura_is_added_once(add):
    add(a_factura())
    with pytest.raises(DemasiadasColisiones):
        add(a_factura())


def test_payable_are_the_pending_that_can_still_be_paid_oldest_first(add, write, read):
    add(
        a_factura("later", vencimientos=vencimientos(1, first=TODAY + timedelta(days=5))),
        a_factura("second of today"),
        a_factura("expired", vencimientos=vencimientos(1, first=TODAY - timedelta(days=1))),
        a_factura("second due date", vencimientos=vencimientos(1, 2, first=TODAY - timedelta(days=10))),
        a_factura("withdrawn"),
        a_factura("third of today"),
    )
    write(lambda tx: tx.move_factura(clave("withdrawn"), EstadoFactura.PENDIENTE, EstadoFactura.BAJA))
    expected = ["second due date", "second of today", "third of today", "later"]
    assert expected == _ids(read(lambda r: r.payable(OF_C1, TODAY, 10)))
    assert expected[:2] == _ids(read(lambda r: r.payable(OF_C1, TODAY, 2)))


def test_matching_gives_any_state_newest_first(add, write, read):
    add(a_factura("F1"), a_factura("F2"), a_factura("F3"))
    write(lambda tx: tx.move_factura(clave("F2"), EstadoFactura.PENDIENTE, EstadoFactura.PAGADA))
    assert _ids(read(lambda r: r.matching(OF_C1, 10))) == ["F3", "F2", "F1"]
    assert _ids(read(lambda r: r.matching(OF_C1, 1))) == ["F3"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"id_cliente": "C1"}, {"F1", "F2"}),
        ({"id_factura": "F1"}, {"F1", "F1 of C2"}),
        ({"codigo_barras": "779"}, {"F2"}),
        ({"id_cliente": "C1", "id_factura": "F1"}, {"F1"}),
        ({"id_cliente": "C2", "codigo_barras": "779"}, set()),
        ({"id_cliente": "C1", "id_factura": "F2", "codigo_barras": "779"}, {"F2"}),
    ],
)
def test_a_busqueda_finds_what_agrees_with_all_it_tells(ledger, add, read, asked, found):
    add(a_factura("F1"), a_factura("F2", codigo_barras="779"))
    others = [a_factura("F1", "C2", mensaje_ticket="of C2"), a_factura("F1", codigo_empresa="LUZZ")]
    for other in others:
        ledger.write("AGUA", None, lambda tx, other=other: tx.add_factura(other, "hash", NOW))
    busqueda = Busqueda(codigo_empresa="AGUA", **asked)
    for facturas in (read(lambda r: r.matching(busqueda, 10)), read(lambda r: r.payable(busqueda, TODAY, 10))):
        assert found == {f.clave.id_factura + (" of C2" if f.clave.id_cliente == "C2" else "") for f in facturas}, (
            busqueda
        )


def test_changing_a_factura_replaces_all_it_says(add, write, read):
    add(FULL)
    changed = replace(a_factura(vencimientos=vencimientos(7)), nombre_cliente="Eva", cuit_cliente="27123456780")
    write(lambda tx: tx.change_factura(changed, "new hash", NOW))
    assert changed == read(lambda r: r.factura(clave()))
    assert write(lambda tx: tx.written(clave()).contenido) == "new hash"


def test_only_a_pending_factura_changes(add, write, read):
    add(a_factura())
    write(lambda tx: tx.move_factura(clave(), EstadoFactura.PENDIENTE, EstadoFactura.PAGADA))
    with pytest.raises(DemasiadasColisiones):
        write(lambda tx: tx.change_factura(a_factura(mensaje_ticket="other"), "new hash", NOW))
    assert replace(a_factura(), estado=EstadoFactura.PAGADA) == read(lambda r: r.factura(clave()))


def test_the_hash_of_a_factura_is_kept_beside_it(add, write):
    add(a_factura())
    assert write(lambda tx: tx.written(clave()).contenido) == "hash"
    assert write(lambda tx: tx.written(clave("F2"))) is None


def test_a_factura_moves_only_from_the_state_it_is_in(add, write, read):
    add(a_factura())

    def twice(tx):
        tx.move_factura(clave(), EstadoFactura.PENDIENTE, EstadoFactura.BAJA, MotivoBaja.ANULADA)
        with pytest.raises(Collision):
            tx.move_factura(clave(), EstadoFactura.PENDIENTE, EstadoFactura.PAGADA)

    write(twice)
    assert read(lambda r: r.factura(clave())).estado is EstadoFactura.BAJA


def test_a_factura_that_is_not_there_does_not_move(write):
    with pytest.raises(DemasiadasColisiones):
        write(lambda tx: tx.move_factura(clave(), EstadoFactura.PENDIENTE, EstadoFactura.PAGADA))


def test_a_question_alone_gets_the_answer_that_a_view_gives(ledger, write, read):
    write(lambda tx: tx.load([(a_factura(f"F{n}"), "hash") for n in range(3)], "carga", NOW))
    question = (OF_C1, TODAY, 2, NOW)
    assert [factura.clave.id_factura for factura in ledger.payable(*question)] == ["F0", "F1"]
    assert ledger.payable(*question) == read(lambda r: r.payable(*question))
