"""The demonstration's world, served by the real command over SQLite and over PostgreSQL."""

import shutil

import pytest
from fakes import bases
from process import PMC_SOAP, demonstration, serving


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def base_url(request, tmp_path_factory):
    """Where the gateway of a module keeps its ledger."""
    if request.param == "sqlite":
        yield bases.sqlite_url(tmp_path_factory.mktemp("base") / "pmc.db")
        return
    if not bases.has_postgres():
        pytest.skip(bases.NO_POSTGRES)
    with bases.postgres_schema() as url:
        yield url


@pytest.fixture
def demo(tmp_path):
    """The demonstration, as `pmc-soap demo` serves it, for one test alone."""
    with demonstration(tmp_path) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def shared_demo(tmp_path_factory):
    """The demonstration, for the tests of a module that do not mind each other."""
    with demonstration(tmp_path_factory.mktemp("demo")) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, base_url):
    """The same world, as `pmc-soap serve --db …` serves it, for a whole module: leave it as you found it."""
    folder = tmp_path_factory.mktemp("gateway")
    with serving("serve", "--bind", "127.0.0.1:{port}", "--db", base_url, cwd=folder) as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db_url(request, tmp_path):
    if request.param == "sqlite":
        return bases.sqlite_url(shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "ledger.db"))
    url = request.getfixturevalue("postgres_url")
    bases.empty(url)
    return url


@pytest.fixture
def pmc_soap(tmp_path, db_url):
    config = tmp_path / "pmc-soap.toml"
    config.write_text(f'mode = "homologacion"\ndb = "{db_url}"\n[empresas.1234]\nnombre = "Club"\n', encoding="utf-8")
    return [PMC_SOAP, "--config", str(config)]
