"""The world that the stories of the operations happen in, over the fake ledger and over the real ones."""

import shutil
from contextlib import contextmanager

import pytest
from fakes import bases
from fakes.ledger import FakeLedger
from operations.world import World

from pmc_soap.storage.ledger import open_ledger

SQLITE = pytest.param("sqlite", id="sqlite")
POSTGRES = pytest.param("postgres", id="postgres", marks=pytest.mark.postgres)


@contextmanager
def _world_over(url):
    ledger = open_ledger(url, pool_size=20)
    ledger.rows = lambda table: bases.rows(url, table)
    world = World(ledger, url)
    try:
        yield world
    finally:
        world.close()


@pytest.fixture
def fresh_world(request, tmp_path):
    """Make an empty world of a kind, as often as one is needed."""

    @contextmanager
    def fresh(kind):
        if kind == "fake":
            world = World(FakeLedger())
            yield world
            world.close()
        elif kind == "sqlite":
            template = request.getfixturevalue("sqlite_template")
            with _world_over(bases.sqlite_url(shutil.copy(template, tmp_path / "ledger.db"))) as world:
                yield world
            for left in tmp_path.glob("ledger.db*"):
                left.unlink()
        else:
            url = request.getfixturevalue("postgres_url")
            bases.empty(url)
            with _world_over(url) as world:
                yield world

    return fresh


@pytest.fixture(params=["fake", SQLITE, POSTGRES])
def any_world(request, fresh_world):
    """The same story over the fake and over both databases: for what money depends on."""
    with fresh_world(request.param) as world:
        yield world
        world.check()


@pytest.fixture(params=[SQLITE, POSTGRES])
def sql_world(request, fresh_world):
    """A world over a real database."""
    with fresh_world(request.param) as world:
        yield world
        world.check()


@pytest.fixture
def world(fresh_world):
    """A world over the fake ledger."""
    with fresh_world("fake") as world:
        yield world
