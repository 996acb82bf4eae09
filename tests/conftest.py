"""What the whole suite shares: where a server was looked for and not found, it is said, and CI does not let it pass."""

import ipaddress
import os
import socket

import pytest
from fakes import bases

from pmc_soap.storage import schema

_NOT_FOUND = "not found"
_skipped: list[str] = []


def pytest_runtest_logreport(report):
    if report.skipped and _NOT_FOUND in str(report.longrepr):
        _skipped.append(report.nodeid)


def pytest_terminal_summary(terminalreporter):
    if _skipped:
        terminalreporter.section("servers that were not found", red=True)
        terminalreporter.line(f"{len(_skipped)} tests were skipped, the first of them {_skipped[0]}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    if _skipped and os.environ.get("PMC_REQUIRE_SERVERS"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated, empty database to copy: a copy is quicker than a migration."""
    path = tmp_path_factory.mktemp("template") / "ledger.db"
    schema.migrate(bases.sqlite_url(path))
    return path


@pytest.fixture(scope="session")
def postgres_url():
    """A migrated schema of the PostgreSQL server, shared by the tests of one worker."""
    if not bases.has_postgres():
        pytest.skip(bases.NO_POSTGRES)
    with bases.migrated_postgres() as url:
        yield url


@pytest.fixture(autouse=True, scope="session")
def only_loopback():
    """No test reaches further than this machine."""
    connect = socket.socket.connect

    def checked(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] != "localhost":
            assert ipaddress.ip_address(address[0]).is_loopback, f"a test tried to reach {address[0]}"
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", checked)
        yield
