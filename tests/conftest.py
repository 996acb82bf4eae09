"""What the whole suite shares: where a server was looked for and not found, it is said, and CI does not let it pass."""

import os

import pytest

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
