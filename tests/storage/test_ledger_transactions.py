"""All of a transaction happens, or nothing; over the fake, SQLite and PostgreSQL alike."""

import pytest
from fakes.examples import NOW, a_factura, a_pago, clave, kept

from pmc_soap.domain.aviso import EstadoPago, TipoAviso
from pmc_soap.domain.factura import EstadoFactura
from pmc_soap.operations.ports import Collision
from pmc_soap.storage.ledger import ATTEMPTS, DemasiadasColisiones


def _pay(tx):
    tx.add_factura(a_factura(), "hash", NOW)
    tx.move_factura(clave(), EstadoFactura.PENDIENTE, EstadoFactura.PAGADA)
    tx.keep(kept(a_pago()))
    tx.add_pago("A1", clave(), EstadoPago.APLICADO)
    tx.owe(kept(a_pago()), ("pull",), NOW)
    tx.alert("AGUA", "motivo", "A1", NOW)
    tx.note_repeat("A1", "M1", NOW)
    tx.keep_unreadable("AGUA", "P1", b"?", NOW)


def _nothing_is_there(ledger, read):
    assert read(lambda r: r.factura(clave())) is None
    assert not read(lambda r: r.knows_cliente("AGUA", "C1"))
    assert read(lambda r: r.aviso_by_identidad("AGUA", TipoAviso.PAGO, "T:T1")) is None
    assert read(lambda r: r.pagos("AGUA", "C1", 10)) == []
    for table in ("entrega", "alerta", "repeticion", "aviso_ilegible"):
        assert ledger.rows(table) == []


def test_a_work_gives_what_it_returns_and_sees_what_it_wrote(write, read):
    assert write(lambda tx: (_pay(tx), tx.pago_vivo(clave()).id_aviso)[1]) == "A1"
    assert read(lambda r: r.pago_vivo(clave())).id_aviso == "A1"


def test_a_work_that_breaks_leaves_nothing(ledger, write, read):
    def broken(tx):
        _pay(tx)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(broken)
    _nothing_is_there(ledger, read)
    write(_pay)


def test_a_collision_runs_the_work_again_from_the_start(write, read):
    runs = []

    def second_time_lucky(tx):
        runs.append(read_inside(tx))
        _pay(tx)
        if len(runs) == 1:
            raise Collision
        return len(runs)

    def read_inside(tx):
        return tx.factura(clave())

    assert write(second_time_lucky) == 2
    assert runs == [None, None]
    assert read(lambda r: r.pago_vivo(clave())).id_aviso == "A1"


def test_a_work_that_always_collides_gives_up_and_leaves_nothing(ledger, write, read):
    runs = []

    def unlucky(tx):
        runs.append(tx)
        _pay(tx)
        raise Collision

    with pytest.raises(DemasiadasColisiones):
        write(unlucky)
    assert len(runs) == ATTEMPTS
    _nothing_is_there(ledger, read)


def test_a_view_stays_as_it_was_opened(ledger, write):
    with ledger.read() as reading:
        assert reading.factura(clave()) is None
        write(_pay)
        assert reading.factura(clave()) is None
        assert reading.pago_vivo(clave()) is None


def test_a_ledger_is_ready(ledger):
    assert ledger.ready()
