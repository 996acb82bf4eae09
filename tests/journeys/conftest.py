"""The demonstration's world, served by the real command over SQLite and over PostgreSQL."""

import pytest
from fakes import bases
from process import serving


@pytest.fixture
def postgres_url():
    """An empty schema of the PostgreSQL server."""
    if not bases.has_postgres():
        pytest.skip(bases.NO_POSTGRES)
    with bases.postgres_schema() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def base_url(request, tmp_path):
    """Where the gateway keeps its ledger."""
    return (
        request.getfixturevalue("postgres_url")
        if request.param == "postgres"
        else bases.sqlite_url(tmp_path / "pmc.db")
    )


@pytest.fixture
def demo(tmp_path):
    """The demonstration, as `pmc-soap demo` serves it."""
    with serving("demo", "--port", "{port}", cwd=tmp_path) as gateway:
        yield gateway


@pytest.fixture
def gateway(tmp_path, base_url):
    """The same world, as `pmc-soap serve --db …` serves it."""
    with serving("serve", "--bind", "127.0.0.1:{port}", "--db", base_url, cwd=tmp_path) as running:
        yield running
