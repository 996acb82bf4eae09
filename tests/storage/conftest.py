"""The ledgers that the tests of the port run over, and the databases of the tests of storage/ alone."""

import shutil

import pytest
from fakes import bases
from fakes.ledger import FakeLedger

from pmc_soap.storage.ledger import open_ledger

SQLITE = pytest.param("sqlite", id="sqlite")
POSTGRES = pytest.param("postgres", id="postgres", marks=pytest.mark.postgres)


@pytest.fixture(params=[SQLITE, POSTGRES])
def url(request, tmp_path):
    """A migrated, empty database."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "ledger.db")
        return bases.sqlite_url(path)
    url = request.getfixturevalue("postgres_url")
    bases.empty(url)
    return url


@pytest.fixture(params=[SQLITE, POSTGRES])
def empty_url(request, tmp_path):
    """A database that was never migrated."""
    if request.param == "sqlite":
        yield bases.sqlite_url(tmp_path / "ledger.db")
        return
    request.getfixturevalue("postgres_url")
    with bases.postgres_schema() as url:
        yield url


@pytest.fixture
def sql_ledger(url):
    ledger = open_ledger(url)
    yield ledger
    ledger.close()


@pytest.fixture(params=["fake", SQLITE, POSTGRES])
def ledger(request, tmp_path):
    """The port, over the fake and the real ones; rows(table) shows what it only writes."""
    if request.param == "fake":
        yield FakeLedger()
        return
    if request.param == "sqlite":
        url = bases.sqlite_url(shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "ledger.db"))
    else:
        url = request.getfixturevalue("postgres_url")
        bases.empty(url)
    ledger = open_ledger(url)
    ledger.rows = lambda table: bases.rows(url, table)
    ledger.url = url
    yield ledger
    ledger.close()


@pytest.fixture
def write(ledger):
    """Run one work for the cliente C1 of AGUA."""
    return lambda work: ledger.write("AGUA", "C1", work)


@pytest.fixture
def read(ledger):
    """Ask one question of a fresh view."""

    def read(question):
        with ledger.read() as reading:
            return question(reading)

    return read
