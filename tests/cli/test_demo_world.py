"""The demonstration's world is made whole, and in no database but its own."""

import pytest
from fakes import bases
from fakes.examples import NOW, a_factura

from pmc_soap import wiring
from pmc_soap.demo import world
from pmc_soap.storage import schema
from pmc_soap.storage.ledger import open_ledger


@pytest.fixture
def settings(tmp_path):
    return world.settings({"db": bases.sqlite_url(tmp_path / "pmc.db")})


def states(settings):
    return {row["id_factura"]: row["estado"] for row in bases.rows(settings.db, "factura")}


def test_the_world_is_not_made_in_a_database_of_somebody_else(settings, tmp_path):
    schema.migrate(settings.db)
    ledger = open_ledger(settings.db)
    ledger.write("AGUA", None, lambda tx: tx.add_factura(a_factura(), "hash", NOW))
    ledger.close()
    with pytest.raises(world.BaseAjena, match="no se tocó nada"):
        world.prepare(settings, tmp_path)
    assert len(states(settings)) == 1


@pytest.mark.parametrize("step", ["avisos", "facturas"])
def test_a_world_that_was_left_half_made_is_completed(settings, tmp_path, monkeypatch, step):
    def break_off(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(wiring.House, step, property(break_off))
        with pytest.raises(KeyboardInterrupt):
            world.prepare(settings, tmp_path)
    assert world.prepare(settings, tmp_path)
    whole = states(settings)
    assert (len(whole), whole["F-1000004-1"], whole["F-1000007-1"]) == (10, "PAGADA", "BAJA")
    assert not world.prepare(settings, tmp_path)


def test_the_steps_that_make_the_world_may_be_repeated(settings, tmp_path, monkeypatch):
    register, calls = wiring.Facturas.register, []

    def register_once(facturas, factura):
        calls.append(factura)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return register(facturas, factura)

    monkeypatch.setattr(wiring.Facturas, "register", register_once)
    with pytest.raises(KeyboardInterrupt):
        world.prepare(settings, tmp_path)
    assert world.prepare(settings, tmp_path)
    assert len(bases.rows(settings.db, "aviso")) == 2
    assert bases.rows(settings.db, "alerta") == []
