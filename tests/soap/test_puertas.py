"""Our door and stock Spyne's: the same answer to every document, byte for byte, and the same left in the database.

PMC_DIFERENCIAL sets how many mutated documents are played through both; `make gate` plays 100,000.
"""

import os
import re
from contextlib import contextmanager

import gateway as g
import mutaciones
import pytest

HOW_MANY = int(os.environ.get("PMC_DIFERENCIAL", "1500"))
SEED = 20251124
ID_PEDIDO = re.compile(rb"<IdPedido>[0-9a-f]{32}</IdPedido>")


@contextmanager
def both(world, folder):
    """Open two gateways on two copies of one world, one for each door."""
    for door in ("compilada", "spyne"):
        (folder / door).mkdir()
    with (
        g.gateway_on(world, folder / "compilada", {**g.SETTINGS, "puerta": "compilada"}) as ours,
        g.gateway_on(world, folder / "spyne", {**g.SETTINGS, "puerta": "spyne"}) as spynes,
    ):
        yield ours, spynes


def told(answer):
    return answer.status, dict(answer.headers), ID_PEDIDO.sub(b"", answer.body)


def left(gateway):
    """Give the database but for the ids of requests, which are drawn by chance."""
    rows = gateway.everything()
    for row in rows["aviso_ilegible"]:
        row.pop("id_pedido")
    return rows


@pytest.mark.parametrize("folder", sorted({path.parent.name for path in g.FIXTURES.glob("*/*.pedido.xml")}))
def test_both_doors_answer_every_fixture_alike(world, tmp_path, folder):
    with both(world, tmp_path) as (ours, spynes):
        for path in sorted((g.FIXTURES / folder).glob("*.pedido.xml")):
            body = path.read_bytes()
            for port in (g.PMC, g.EMPRESA):
                assert told(ours.post(port, body)) == told(spynes.post(port, body)), path.name
        assert left(ours) == left(spynes)


@pytest.mark.parametrize("part", range(4))
def test_both_doors_answer_mutated_documents_alike(world, tmp_path, part):
    with both(world, tmp_path) as (ours, spynes):
        for port, body in mutaciones.documents(SEED + part, HOW_MANY // 4):
            answers = [told(gateway.post(port, body)) for gateway in (ours, spynes)]
            assert answers[0] == answers[1], body
        assert left(ours) == left(spynes)


def test_a_house_that_asks_for_spynes_door_gets_it(world, tmp_path, monkeypatch):
    seen = []
    import pmc_soap.soap.spyne_compat  # noqa: F401 — before any spyne, whichever test is the first

    # isort: split
    import spyne.server.wsgi

    answer = spyne.server.wsgi.WsgiApplication.__call__
    monkeypatch.setattr(spyne.server.wsgi.WsgiApplication, "__call__", lambda *args: seen.append(args) or answer(*args))
    with both(world, tmp_path) as (ours, spynes):
        for gateway in (ours, spynes):
            assert gateway.ask("Eco", Mensaje="hola").said("Mensaje") == "hola"
    assert len(seen) == 1
